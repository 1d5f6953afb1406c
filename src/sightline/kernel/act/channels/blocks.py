"""Messages as Block Kit has them (https://docs.slack.dev/reference/block-kit), within its limits.

What others wrote stands in `plain_text`, where nothing is markup; `&`, `<` and `>` are control characters even there.
"""

from __future__ import annotations

from typing import Any

from sightline.kernel.act.channels import cases
from sightline.kernel.act.channels.cases import Ways, cut, parts
from sightline.language.action import Case

Block = dict[str, Any]

TEXT, HEADER, FIELD, FALLBACK = 3_000, 150, 2_000, 3_000
"""Characters of a section, of a header, of a field of a section; of the text beside the blocks (4,000 are advised)."""

BUTTON, TITLE, VALUE = 75, 24, 2_000
"""Characters on a button or in an option; of the title of a window; of a value that comes back."""

SECTIONS, LINES = 4, 2
"""Sections of a draft, and of reasons: whoever wants to read more than 12,000 characters opens the app."""

YES, NO, BECAUSE, OPEN = "approve", "reject", "because", "open"
"""What buttons and the list of reasons are called when they come back."""

WHY = "why"
"""The window in which a no is explained, and its field."""

LONGEST_WHY = 2_000

REASONS = ("It is settled already", "Not the right moment", "Not the right action", "The forecast is not plausible")
"""Where no window can be opened, a no is one of these."""


def escaped(text: str) -> str:
    """As Slack wants it: https://docs.slack.dev/messaging/formatting-message-text#escaping."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def size(text: str) -> int:
    """Characters it has once it is escaped."""
    return cases.units(escaped(text))


def words(text: str, most: int) -> Block:
    """A text that is no markup."""
    return {"type": "plain_text", "text": escaped(cut(text, most, size)) or " ", "emoji": False}


def fallback(text: str) -> str:
    """What stands in notifications, and where no blocks are shown."""
    return escaped(cut(text, FALLBACK, size)) or " "


def said(text: str) -> list[Block]:
    """A message."""
    return [{"type": "section", "text": words(one, TEXT)} for one in parts(text, TEXT, SECTIONS, size)]


def asked(case: Case, ways: Ways, place: str, *, buttons: bool, window: bool) -> list[Block]:
    """What somebody is asked. `place`: what comes back with a press; `buttons`: whether presses come back; `window`:
    whether one can be opened in which a no is explained.
    """
    until = f"Until {_moment(case)}. {cases.otherwise(case)}"
    blocks: list[Block] = [
        {"type": "header", "text": words(cases.heading(case), HEADER)},
        {"type": "section", "fields": [words(f"{name}: {value}", FIELD) for name, value in cases.facts(case)]},
        *({"type": "section", "text": words(one, TEXT)} for one in parts(cases.reasons(case), TEXT, LINES, size)),
        {"type": "section", "text": words(cases.addressed(case), TEXT)},
        *said(case.text),
        {"type": "context", "elements": [{"type": "mrkdwn", "text": until}]},
    ]
    elements = _answers(case, ways, buttons=buttons, window=window)
    if elements:
        blocks.append({"type": "actions", "block_id": place, "elements": elements})
    return blocks


def ended(case: Case) -> list[Block]:
    """The same once it has ended: who decided what, and no buttons."""
    return [
        {"type": "header", "text": words(cases.heading(case), HEADER)},
        {"type": "section", "text": words(cases.ending(case), TEXT)},
        {"type": "section", "text": words(cases.addressed(case), TEXT)},
        *said(case.text),
    ]


def window(heading: str, kept: str) -> Block:
    """The window in which a no is explained. `kept`: what comes back with it (3,000 characters)."""
    field = {
        "type": "plain_text_input", "action_id": WHY, "multiline": True, "max_length": LONGEST_WHY, "min_length": 1,
    }  # fmt: skip
    return {
        "type": "modal", "callback_id": WHY, "private_metadata": kept,
        "title": words("Reject", TITLE), "submit": words("Reject", TITLE), "close": words("Cancel", TITLE),
        "blocks": [
            {"type": "section", "text": words(heading, TEXT)},
            {"type": "input", "block_id": WHY, "label": words("Why? It is what is learned from.", TEXT // 2),
             "element": field},
        ],
    }  # fmt: skip


def _moment(case: Case) -> str:
    """On the reader's own clock."""
    return f"<!date^{int(case.due_at.timestamp())}^{{date_short}}, {{time}}|{case.due_at:%Y-%m-%d %H:%M} UTC>"


def _answers(case: Case, ways: Ways, *, buttons: bool, window: bool) -> list[Block]:
    if buttons:
        no = _button("Reject", NO, "danger", value=case.id) if window else _because()
        found = [_button("Approve", YES, "primary", value=case.id), no]
    else:
        found = [_button("Approve", YES, "primary", url=ways.yes)] if ways.yes else []
        found += [_button("Reject", NO, "danger", url=ways.no)] if ways.no else []
    return found + ([_button("Open", OPEN, "", url=ways.page)] if ways.page else [])


def _button(label: str, name: str, style: str, *, url: str | None = None, value: str | None = None) -> Block:
    given = {"style": style, "url": url, "value": value}
    button = {"type": "button", "action_id": name, "text": words(label, BUTTON)}
    return {**button, **{key: one for key, one in given.items() if one}}


def _because() -> Block:
    options = [{"text": words(one, BUTTON), "value": one} for one in REASONS]
    placeholder = words("Reject because ...", BUTTON)
    return {"type": "static_select", "action_id": BECAUSE, "placeholder": placeholder, "options": options}
