"""What somebody is asked, in words that every chat is told; and texts cut to what a chat takes."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass

from sightline.language.action import Case, Destination

CUT = "…"

Size = Callable[[str], int]
"""How long a chat takes a text to be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ways:
    """Links from what is asked; None where there is none."""

    page: str | None = None
    """What is asked, in the app's inbox."""
    yes: str | None = None
    """Where whoever has it approves, on a page that asks once more."""
    no: str | None = None


WaysOf = Callable[[Case, Destination], Ways]
"""The links of what is asked in a chat."""


def no_ways(_case: Case, _to: Destination) -> Ways:
    """None at all: nobody knows how this server is reached from elsewhere."""
    return Ways()


def heading(case: Case) -> str:
    """What would be done, about what."""
    return f"{case.choice}: {case.subject}"


def facts(case: Case) -> list[tuple[str, str]]:
    """The figures, each with its name."""
    found = [("Expected", f"{case.value:,.0f}")]
    found += [("At stake", f"{case.worth:,.0f}")] if case.worth is not None else []
    found += [("Likely", f"{case.probability:.0%}")] if case.probability is not None else []
    found += [("Playbook", case.playbook)]
    return found + ([("Whose", case.assignee)] if case.assignee else [])


def reasons(case: Case) -> str:
    """Why a person is asked, and why the forecast is what it is; a line each."""
    return "\n".join([case.because, *(f"• {one}" for one in case.reasons)])


def addressed(case: Case) -> str:
    """Whom the draft would go to, and how."""
    return f"To {case.party} through {case.channel}:"


def otherwise(case: Case) -> str:
    """What happens where nobody answers."""
    return "Without an answer " + ("it is done." if case.by_default == "act" else "nothing is done.")


def ending(case: Case) -> str:
    """How it ended."""
    by = f" by {case.ended_by}" if case.ended_by else ""
    return f"{case.state.capitalize()}{by}." + (f" {case.why}" if case.why else "")


def plain(case: Case) -> str:
    """All of it in a line or two, where nothing else can be shown."""
    if not case.open:
        return f"{heading(case)}. {ending(case)}"
    figures = ", ".join(f"{name.lower()} {value}" for name, value in facts(case))
    return f"{heading(case)} ({figures}). {otherwise(case)}"


def units(text: str) -> int:
    """Length in UTF-16, as chats count: some letters are two."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def cut(text: str, most: int, size: Size = units) -> str:
    """Its beginning, where it is longer than a chat takes."""
    return text if size(text) <= most else text[: _fits(text, most - size(CUT), size)].rstrip() + CUT


def parts(text: str, most: int, count: int, size: Size = units) -> list[str]:
    """The same in at most `count` parts, broken at ends of lines where there are some; the last is cut."""
    found: list[str] = []
    while len(found) < count - 1 and size(text) > most:
        end = _fits(text, most, size)
        end = text.rfind("\n", 1, end) + 1 or end
        found.append(text[:end])
        text = text[end:]
    return [*found, cut(text, most, size)]


def _fits(text: str, most: int, size: Size) -> int:
    """How many letters of it fit."""
    return bisect_right(range(1, len(text) + 1), most, key=lambda n: size(text[:n]))
