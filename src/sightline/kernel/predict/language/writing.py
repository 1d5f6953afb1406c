"""A question as its line: one form for each, so that two lines which say the same are the same."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from datetime import timedelta

from sightline.language.errors import Invalid
from sightline.language.question import (
    Absent,
    Answer,
    At,
    AttributeOf,
    Before,
    Count,
    Cutoff,
    Every,
    Happens,
    Next,
    Once,
    Question,
    Total,
    Value,
    Where,
)

_NAME = re.compile(r"[A-Za-z_][\w.\-]*")
_WORD = re.compile(r"[^\W\d][\w.\-]*")
NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
"""A number as a class: it is compared as it is written."""

_WHOLE = 10**15
"""Up to here a float holds every whole number, which is then written without a point."""


def canonical(question: Question) -> str:
    """The line of a question.

    Raises Invalid for what cannot be written: a span that is no whole number of hours, a name that is no word.
    """
    return " ".join(_parts(question))


def _parts(question: Question) -> Iterator[str]:
    yield f"predict {_answer(question.answer)} for {_name(question.of)}"
    yield from _filter(question.where)
    yield _cutoff(question.when, question.event)
    for event in question.unless:
        yield f"unless {_name(event)}"
    if question.grace:
        yield f"grace {span(question.grace)}"
    if isinstance(question.worth, AttributeOf):
        yield f"worth {_name(question.worth.name)}"
    elif question.worth is not None:
        yield f"worth total {_amount(question.worth.event, question.worth.amount)} past {span(question.worth.past)}"
    if question.together is not None:
        yield f"together {_name(question.together)}"


VERBS: dict[type[Answer], str] = {
    Absent: "absent", Happens: "happens", Count: "count", Total: "total", Next: "next", Value: "value",
}  # fmt: skip


def _answer(answer: Answer) -> str:
    words = [VERBS[type(answer)]]
    if isinstance(answer, Value):
        words.append(_name(answer.attribute))
        words += [] if answer.is_ is None else [f"is {class_(answer.is_)}"]
    else:
        awaited = _amount(answer.event, answer.amount) if isinstance(answer, Total) else _name(answer.event)
        words += [awaited, *_filter(answer.where)]
    if isinstance(answer, Absent) and answer.until is not None:
        words.append(f"until {_name(answer.until)}")
    if isinstance(answer, Happens | Value) and answer.by is not None:
        words.append(f"by {_name(answer.by)}")
    if answer.within is not None:
        words.append(f"within {span(answer.within)}")
    return " ".join(words)


def _cutoff(when: Cutoff, awaited: str | None) -> str:
    if isinstance(when, Before):
        return f"before {_name(when.attribute)} {span(when.lead)}"
    if isinstance(when, At):
        return f"at {_name(when.event)}"
    if isinstance(when, Once):
        return "once"
    return f"every {span(when.step)}{_active(when, awaited)}"


def _active(when: Every, awaited: str | None) -> str:
    if when.active is None:
        return ""
    event = "" if when.active.event == awaited else f"{_name(when.active.event)} "
    return f" active {event}{span(when.active.within)}"


def _filter(tests: tuple[Where, ...]) -> Iterator[str]:
    if tests:
        yield "where " + " and ".join(condition(one) for one in tests)


def condition(one: Where) -> str:
    """A condition as it stands in a line."""
    return f"{_name(one.name)} {one.test} {said(one.value)}"


def said(value: str | float | bool) -> str:
    """A value to compare with as it stands in a line. Raises Invalid for a number that is none."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return value if _WORD.fullmatch(value) and value not in {"true", "false", "not"} else _quoted(value)
    if not math.isfinite(value):
        raise Invalid(f"{value} cannot be compared with.", hint="Give a number.")
    return str(int(value)) if value == int(value) and abs(value) < _WHOLE else repr(float(value))


def class_(value: str) -> str:
    """A class as it stands in a line. It is always a text, so that numbers, true and false need no quotes."""
    bare = _WORD.fullmatch(value) or NUMBER.fullmatch(value)
    return value if bare and value != "not" else _quoted(value)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _name(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise Invalid(f"'{name}' cannot be written in a line.", hint="Names are of letters, digits, _, - and points.")
    return name


def _amount(event: str, amount: str) -> str:
    if "." in amount:
        raise Invalid(f"The amount '{amount}' cannot be written in a line.", hint="Give it a name without points.")
    return f"{_name(event)}.{_name(amount)}"


def span(span: timedelta) -> str:
    """A span in whole days, else in hours. Raises Invalid for one that has minutes, or is negative."""
    hours, rest = divmod(span, timedelta(hours=1))
    if rest or hours < 0:
        raise Invalid(f"A span of {span} cannot be written.", hint="Use whole hours, days or weeks.")
    return f"{hours} hours" if hours % 24 else f"{hours // 24} days"
