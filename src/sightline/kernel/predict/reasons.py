"""Why a prediction is what it is: exact shares of the log-odds, grouped by topic, in words with figures.

Shares are LightGBM's own (TreeSHAP, Lundberg et al. 2018), exact for the model: with the base they sum to the log-odds.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from sightline.kernel.predict._matrix import Encoder, Floats, Matrix
from sightline.kernel.predict._spec import Group, Spec
from sightline.language.kind import Kind
from sightline.language.prediction import Reason
from sightline.language.question import Question

EACH = 3
"""Reasons shown for either sign."""

LEAST = 0.02
"""A smaller share of the log-odds is no reason."""

Values = Mapping[str, float | str]


@dataclass(frozen=True, slots=True)
class _Words:
    """The vocabulary of one question."""

    question: Question
    kind: Kind

    def attribute(self, name: str) -> str:
        found = self.kind.attribute(name)
        return found.words if found else name.replace("_", " ")

    def link(self, role: str) -> str:
        found = self.kind.link(role)
        return found.words if found else role.replace("_", " ")


def reasons(
    question: Question, kind: Kind | None, encoder: Encoder, matrix: Matrix, contributions: Floats
) -> list[tuple[Reason, ...]]:
    """Per subject of `matrix`, its strongest reasons. `contributions`: subjects x (features of the encoder + base)."""
    words = _Words(question, kind or Kind(name=question.of))
    by_topic: dict[str, list[int]] = defaultdict(list)
    for i, spec in enumerate(encoder.specs):
        by_topic[spec.topic].append(i)
    at = {spec.name: i for i, spec in enumerate(matrix.specs)}
    found = []
    for row in range(len(matrix.values)):
        values = {name: value for name, i in at.items() if (value := _value(matrix, row, i)) is not None}
        found.append(_of_subject(words, encoder, by_topic, contributions[row], values))
    return found


def _value(matrix: Matrix, row: int, at: int) -> float | str | None:
    value = matrix.values[row, at]
    if np.isnan(value):
        return None
    spec = matrix.specs[at]
    return matrix.vocabulary[spec.name][int(value)] if spec.category else float(value)


def _of_subject(
    words: _Words, encoder: Encoder, by_topic: Mapping[str, list[int]], shares: Floats, values: Values
) -> tuple[Reason, ...]:
    totals = sorted(
        ((float(shares[parts].sum()), topic) for topic, parts in by_topic.items()), key=lambda t: (-t[0], t[1])
    )
    chosen = [t for t in totals[:EACH] if t[0] > LEAST] + [t for t in totals[-EACH:] if t[0] < -LEAST]
    found = []
    for total, topic in chosen:
        parts = sorted(by_topic[topic], key=lambda i: -shares[i] * np.sign(total))
        specs = [encoder.specs[i] for i in parts]
        pushing = [s for s, i in zip(specs, parts, strict=True) if shares[i] * total > 0]
        text = _text(words, pushing or specs, values)
        found.append(Reason(text=text, contribution=total, features=tuple(s.name for s in pushing[:3])))
    return tuple(sorted(found, key=lambda r: -abs(r.contribution)))


def _text(words: _Words, specs: list[Spec], values: Values) -> str:
    lead = specs[0]
    say: dict[Group, Callable[[_Words, list[Spec], Values], str]] = {
        Group.ATTRIBUTE: _attribute_words,
        Group.CALENDAR: _calendar_words,
        Group.OWN: _own_words,
        Group.LINK: _linked_words,
        Group.PAIR: _linked_words,
        Group.DRIFT: _linked_words,
    }
    return say[lead.group](words, specs, values)


def _attribute_words(words: _Words, specs: list[Spec], values: Values) -> str:
    lead = specs[0]
    label = words.link(lead.of[0]) if lead.measure == "target" else words.attribute(lead.of[0])
    value = values.get(lead.name)
    if value is None:
        return f"Its {label} is not known."
    if isinstance(value, str):
        return f"Its {label} is {value.partition('/')[2] if lead.measure == 'target' else value}."
    if lead.measure == "days":
        return f"Its {label} lies {_days(abs(value))} {'ahead' if value >= 0 else 'back'}."
    return f"Its {label} is {_number(value)}."


def _calendar_words(words: _Words, specs: list[Spec], values: Values) -> str:
    weekdays = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
    months = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
              "November", "December")  # fmt: skip
    lead = specs[0]
    value = int(float(values.get(lead.name, 1)))
    if lead.measure == "month":
        return f"It is asked in {months[value - 1]}."
    if lead.measure == "deadline_weekday":
        return f"Its deadline is a {weekdays[value - 1]}."
    if lead.measure == "deadline_day":
        return f"Its deadline is day {value} of the month."
    return "When it is asked: the times have changed."


def _own_words(words: _Words, specs: list[Spec], values: Values) -> str:
    lead = specs[0]
    value = values.get(lead.name)
    if lead.measure == "age":
        return "Nothing dates its beginning." if value is None else f"It is known for {_days(float(value))}."
    subject, _, what = lead.of[0].rpartition(".")
    event = f"{subject} {what}".replace("_", " ").capitalize()
    if value is None:
        return f"{event}: no date is known."
    hours = float(value)
    if what == "described":
        return f"On record for {_days(hours)}."
    if lead.measure == "count":
        return f"{event}: {_number(hours)} times." if hours else f"{event}: not yet."
    return f"{event} {_days(hours)} ago." if hours >= 0 else f"{event} in {_days(-hours)}."


def _linked_words(words: _Words, specs: list[Spec], values: Values) -> str:
    """The figures of the features that push hardest; one sentence each, two at most."""
    found: list[str] = []
    for spec in specs:
        text = _measure_words(words, spec, values)
        if text and text not in found:
            found.append(text)
        if len(found) == 2:
            break
    return " ".join(found) if found else f"What became of earlier ones {_of(words, specs[0].of)}."


def _of(words: _Words, roles: tuple[str, ...]) -> str:
    if not roles:
        return "overall"
    return "of this " + " and this ".join(words.link(role) for role in roles)


def _measure_words(words: _Words, spec: Spec, values: Values) -> str | None:
    """One measure in words, with the figures it is made of."""
    prefix = spec.name[: -len(spec.measure)]
    yes, many = words.question.yes, f"{words.kind.words}s"
    of = _of(words, spec.of)

    def figure(measure: str) -> float | None:
        value = values.get(prefix + measure)
        return float(value) if isinstance(value, (int, float)) else None

    value, n = figure(spec.measure), figure("n")
    if value is None:
        return f"None {of} is known to have been {yes}." if spec.measure == "since_yes" else None
    if spec.measure.startswith("yes_last_"):
        last = min(n if n is not None else 0.0, float(spec.measure.rpartition("_")[2]))
        return f"{value:.0f} of the last {last:.0f} {many} {of} were {yes}." if last else f"No earlier {many} {of}."
    if spec.measure in {"share", "share_90", "share_365"}:
        return _share_words(spec.measure, value, figure, f"{many} {of}", yes)
    if spec.measure in {"n", "yes"} and n and (late := figure("yes")) is not None:
        return f"{late:,.0f} of {n:,.0f} earlier {many} {of} were {yes}."
    side = "after" if value > 0 else "before"
    sentences = {
        "n": f"{value:,.0f} earlier {many} {of} have an answer.",
        "n_90": f"{value:,.0f} {many} {of} were answered in the last 90 days.",
        "n_365": f"{value:,.0f} {many} {of} were answered in the last year.",
        "yes": f"{value:,.0f} earlier {many} {of} were {yes}.",
        "asked": f"{value:,.0f} other {many} {of} so far.",
        "asked_lately": f"{value:,.0f} other {many} {of} came up in the last 30 days.",
        "open": f"{value:,.0f} other {many} {of} are open.",
        "overdue": f"{value:,.0f} {many} {of} are overdue.",
        "overdue_share": f"{value:.0%} of the {many} {of} due in the last 90 days are overdue.",
        "siblings": f"{value:,.0f} other {many} {of} have the same deadline.",
        "since_yes": f"The last {yes} {words.kind.words} {of} was {_days(value)} ago.",
        "delay": f"The {many} {of} came {_days(abs(value))} {side} their deadline on average.",
    }
    return sentences.get(spec.measure)


def _share_words(measure: str, share: float, figure: Callable[[str], float | None], whom: str, yes: str) -> str:
    """The counts behind a share where they are at hand; the share is drawn toward everybody's, the counts are not."""
    window = measure.removeprefix("share")
    span = {"": "", "_90": " in the last 90 days", "_365": " in the last year"}[window]
    n, count = figure(f"n{window}"), figure(f"yes{window}")
    if n == 0:
        return f"No {whom} was answered{span}."
    if n is not None and count is not None:
        return f"{count:,.0f} of {n:,.0f} {whom} were {yes}{span}."
    return f"About {share:.0%} of the {whom} were {yes}{span}."


def _days(hours: float) -> str:
    value = hours / 24
    if value < 2:
        return f"{hours:,.0f} hours"
    return f"{value:,.0f} day" if round(value) == 1 else f"{value:,.0f} days"


def _number(value: float) -> str:
    return f"{value:,.0f}" if value == int(value) or abs(value) >= 1000 else f"{value:,.4g}"
