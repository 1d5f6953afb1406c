"""A question as a person would put it, and as a name."""

from __future__ import annotations

import re
from datetime import timedelta
from hashlib import blake2b

from sightline.kernel.predict.language.writing import VERBS
from sightline.language.question import Absent, At, Count, Happens, Next, Question, Total, Value, Where

_LONGEST = 100
"""Characters of a slug."""

_PLAIN = re.compile(r"[A-Za-z0-9_]+(?:[ .,-][A-Za-z0-9_]+)*")
"""What a slug tells apart as it stands."""


def asks(question: Question) -> str:
    """The question in plain words, by the names that are declared."""
    answer, whom = question.answer, _whom(question)
    if isinstance(answer, Value):
        return _of_value(question, answer, whom)
    awaited, end = answer.event + _which(answer.where), _end(question)
    if isinstance(answer, Absent | Happens) and question.deadline is not None:
        verb = "not have happened" if isinstance(answer, Absent) else "have happened"
        return f"Will {awaited} {verb} to {whom} {end}?"
    if isinstance(answer, Absent | Happens):
        return f"Will {whom} see {'no ' if isinstance(answer, Absent) else ''}{awaited} {end}?"
    if isinstance(answer, Count):
        return f"How many {awaited} will {whom} see {end}?"
    if isinstance(answer, Total):
        return f"What will the {_plain(answer.amount)} of {awaited} add up to for {whom} {end}?"
    assert isinstance(answer, Next)
    return f"In how many days will {whom} see its next {awaited}, if it does {end}?"


def _of_value(question: Question, answer: Value, whom: str) -> str:
    name, end = _plain(answer.attribute), _end(question)
    if answer.is_ is None:
        return f"What {'will' if end else 'is'} {name}{' be' if end else ''} for {whom}{f' {end}' if end else ''}?"
    return f"Will {name} be {answer.is_} for {whom} {end}?" if end else f"Is {name} {answer.is_} for {whom}?"


def _whom(question: Question) -> str:
    return f"this {_plain(question.of)}{_which(question.where)}"


def _which(tests: tuple[Where, ...]) -> str:
    said = ", ".join(f"{_plain(one.name)} {one.test} {_shown(one.value)}" for one in tests)
    return f" ({said})" if said else ""


def _shown(value: str | float | bool) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else f"{value:,.12g}"


def _end(question: Question) -> str:
    if question.deadline is not None:
        return f"by its {_plain(question.deadline)}"
    return f"within {spell(question.answer.within)}" if question.answer.within is not None else ""


def spell(span: timedelta) -> str:
    """A span as it is said: `1 day`, `90 days`, `36 hours`."""
    hours = span / timedelta(hours=1)
    count, unit = (hours, "hour") if hours % 24 else (hours / 24, "day")
    return f"{count:g} {unit}{'' if count == 1 else 's'}"


def _plain(name: str) -> str:
    return name.replace("_", " ")


def slug(question: Question) -> str:
    """A name in a-z, 0-9 and _, of at most 100 characters: `absent_line_delivered_by_promised_on`.

    Questions that differ in their answer, in whom they ask, or in the event they ask at get different ones.
    """
    answer = question.answer
    words = [VERBS[type(answer)]]
    if isinstance(answer, Value):
        words += [answer.attribute, *(["is", answer.is_] if answer.is_ is not None else [])]
    else:
        words += [answer.event, *([answer.amount] if isinstance(answer, Total) else []), *_tests(answer.where)]
    if question.deadline is not None:
        words += ["by", question.deadline]
    elif answer.within is not None:
        words += ["within", spell(answer.within)]
    if isinstance(answer, Value) or (question.deadline is None and not answer.event.startswith(f"{question.of}.")):
        words += ["for", question.of]
    if isinstance(question.when, At):
        words += ["at", question.when.event]
    return _short([*words, *_tests(question.where)])


def _tests(tests: tuple[Where, ...]) -> list[str]:
    return [word for one in tests for word in ("where", one.name, one.test, _shown(one.value))]


def _short(words: list[str]) -> str:
    """The words as a name. Where that loses what tells two of them apart, a short digest of them stands behind."""
    made = re.sub(r"[^a-z0-9]+", "_", " ".join(words).lower()).strip("_")
    if len(made) <= _LONGEST and all(_PLAIN.fullmatch(word) for word in words):
        return made
    digest = blake2b("\0".join(words).encode(errors="replace"), digest_size=4).hexdigest()
    return f"{made[: _LONGEST - 9].rstrip('_')}_{digest}"
