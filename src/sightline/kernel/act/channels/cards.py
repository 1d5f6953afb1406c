"""Messages as Adaptive Cards have them (https://adaptivecards.io, version 1.4), within what Teams takes.

What others wrote stands in text runs, where nothing is markup: in a text block Teams would read Markdown.
"""

from __future__ import annotations

from typing import Any

import msgspec

from sightline.kernel.act.channels import cases
from sightline.kernel.act.channels.cases import Ways, cut
from sightline.language.action import Case

Element = dict[str, Any]

VERSION = "1.4"
"""The newest that all of Teams shows."""

MOST = 28 * 1024
"""Bytes of a message, counted as UTF-16."""

SHORTER = (12_000, 9_000, 6_000, 3_000, 1_000, 300)
"""Characters of a text that are tried, until the message is no longer than it may be."""

LINES = 120
"""Lines of a text; what is beyond stands in the app."""

TITLE = 300


def said(text: str) -> bytes:
    """A message."""
    return _fitted(lambda most: _card(_written(text, most), [], cut(text, TITLE)))


def asked(case: Case, ways: Ways) -> bytes:
    """What somebody is asked, with the links by which it is answered."""
    links = (("Approve", ways.yes, "positive"), ("Reject", ways.no, "destructive"), ("Open", ways.page, "default"))
    actions = [
        {"type": "Action.OpenUrl", "title": title, "url": url, "style": style} for title, url, style in links if url
    ]
    return _fitted(lambda most: _card(_body(case, most), actions, cut(cases.plain(case), TITLE)))


def _fitted(make: Any) -> bytes:
    for most in SHORTER:
        body: bytes = msgspec.json.encode(make(most))
        if 2 * cases.units(body.decode()) <= MOST:
            break
    return body


def _card(body: list[Element], actions: list[Element], fallback: str) -> Element:
    card = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json", "type": "AdaptiveCard", "version": VERSION,
        "fallbackText": fallback, "msteams": {"width": "Full"}, "body": body, "actions": actions,
    }  # fmt: skip
    attached = {"contentType": "application/vnd.microsoft.card.adaptive", "contentUrl": None, "content": card}
    return {"type": "message", "attachments": [attached]}


def _body(case: Case, most: int) -> list[Element]:
    figures = [{"title": name, "value": cut(value, TITLE)} for name, value in cases.facts(case)]
    until = f"Until {case.due_at:%Y-%m-%d %H:%M} UTC. {cases.otherwise(case)}"
    return [
        _line(cut(cases.heading(case), TITLE), weight="Bolder", size="Large"),
        {"type": "FactSet", "facts": figures},
        *_written(cases.reasons(case), most // 3),
        {**_line(cut(cases.addressed(case), TITLE), weight="Bolder"), "separator": True},
        *_written(case.text, most),
        {**_line(until, isSubtle=True), "separator": True},
    ]


def _written(text: str, most: int) -> list[Element]:
    """A text, line by line."""
    lines = cut(text, most).splitlines()
    return [_line(one or " ") for one in (lines if len(lines) <= LINES else [*lines[:LINES], cases.CUT])]


def _line(text: str, **look: Any) -> Element:
    return {"type": "RichTextBlock", "inlines": [{"type": "TextRun", "text": text, **look}]}
