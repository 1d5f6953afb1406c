"""The phrase book of reasons: what each measure of a feature is in words, with the figures it is made of."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sightline.kernel.predict._linked import BEYOND, ITSELF
from sightline.kernel.predict._spec import Group, Spec
from sightline.language.kind import Kind
from sightline.language.question import Question

Values = Mapping[str, float | str]
"""What is known of a subject, by the name of the feature."""


@dataclass(frozen=True, slots=True)
class Words:
    """The vocabulary of one question."""

    question: Question
    kind: Kind

    def attribute(self, name: str) -> str:
        """How a person calls an attribute."""
        found = self.kind.attribute(name)
        return found.words if found else name.replace("_", " ")

    def link(self, role: str) -> str:
        """How a person calls a link, or a path of them ("vendor's country")."""
        first, _, beyond = role.partition(BEYOND)
        found = self.kind.link(first)
        label = found.words if found else first.replace("_", " ")
        return f"{label}'s {beyond.replace('_', ' ')}" if beyond else label

    @property
    def many(self) -> str:
        """Several of its subjects."""
        return f"{self.kind.words}s"


def text_of(words: Words, specs: list[Spec], values: Values) -> str:
    """Features of one topic, the one that pushes hardest first, as a sentence or two."""
    say: dict[Group, Callable[[Words, list[Spec], Values], str]] = {
        Group.ATTRIBUTE: _attribute_words,
        Group.CALENDAR: _calendar_words,
        Group.OWN: _own_words,
        Group.FAR: _far_words,
        Group.LINK: _linked_words,
        Group.PAIR: _linked_words,
        Group.DRIFT: _linked_words,
    }
    return say[specs[0].group](words, specs, values)


def _attribute_words(words: Words, specs: list[Spec], values: Values) -> str:
    lead = specs[0]
    label = words.link(lead.of[0]) if lead.measure == "target" else words.attribute(lead.of[0])
    return _described(label, lead, values.get(lead.name))


def _described(label: str, lead: Spec, value: float | str | None) -> str:
    if lead.measure == "word":
        return f"The words of its {label}."
    if value is None:
        return f"Its {label} is not known."
    if lead.measure == "words":
        return f"Its {label} has {number(float(value))} words."
    if isinstance(value, str):
        return f"Its {label} is {value.partition('/')[2] if lead.measure == 'target' else value}."
    if lead.measure == "days":
        return f"Its {label} lies {span_of(abs(value))} {'ahead' if value >= 0 else 'back'}."
    return f"Its {label} is {number(value)}."


def _calendar_words(words: Words, specs: list[Spec], values: Values) -> str:
    weekdays = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
    months = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
              "November", "December")  # fmt: skip
    lead = specs[0]
    value = int(float(values.get(lead.name, 1)))
    if lead.measure == "month":
        return f"It is asked in {months[value - 1]}."
    if lead.measure == "weekday":
        return f"It is asked on a {weekdays[value - 1]}."
    if lead.measure == "deadline_weekday":
        return f"Its deadline is a {weekdays[value - 1]}."
    if lead.measure == "deadline_day":
        return f"Its deadline is day {value} of the month."
    if lead.measure == "ahead":
        return f"Its deadline lies {span_of(value)} ahead."
    return "When it is asked: the times have changed."


def _own_words(words: Words, specs: list[Spec], values: Values) -> str:
    lead = specs[0]
    value = values.get(lead.name)
    if lead.measure == "age":
        return "Nothing dates its beginning." if value is None else f"It is known for {span_of(float(value))}."
    if lead.of[0].endswith(".described") and lead.measure in {"since_last", "since_first"} and value is not None:
        return f"On record for {span_of(float(value))}."
    label = words.attribute(lead.of[1]) if len(lead.of) > 1 else ""
    return _happened(event_words(lead.of[0]), label, lead.measure, value)


def _far_words(words: Words, specs: list[Spec], values: Values) -> str:
    """Of what the subject points at: an attribute, or what happened to it."""
    lead = specs[0]
    value = values.get(lead.name)
    event = next((at for at, name in enumerate(lead.of) if "." in name), None)
    if event is None or lead.measure in {"value", "text", "days"}:
        return _described("'s ".join(words.link(name) for name in lead.of), lead, value)
    owner = "'s ".join(words.link(name) for name in lead.of[:event])
    label = words.attribute(lead.of[event + 1]) if len(lead.of) > event + 1 else ""
    told = _happened(event_words(lead.of[event]), label, lead.measure, value)
    return f"Its {owner}: {told[0].lower()}{told[1:]}"


def event_words(event: str) -> str:
    """`order.placed` as "Order placed"."""
    return event.replace(".", " ").replace("_", " ").capitalize()


def _happened(event: str, label: str, measure: str, value: float | str | None) -> str:
    """What happened to one thing. `label`: the member of the event that is measured, if any."""
    if label:
        return _amounts(event, label, measure, value)
    if value is None:
        return f"{event}: no date is known." if measure.startswith("since") else f"{event}: too rarely to tell."
    if isinstance(value, str):
        return f"{event}: {value}."
    stem, _, days = measure.partition("_")
    if stem == "count":
        span = f" in the last {days} days" if days else ""
        return f"{event}: {times(value)}{span}." if value else f"{event}: not{span or ' yet'}."
    sentences = {
        "since_last": f"{event} {span_of(value)} ago." if value >= 0 else f"{event} in {span_of(-value)}.",
        "since_first": f"{event} for the first time {span_of(value)} ago.",
        "gap_mean": f"{event} every {span_of(value)} on average.",
        "gap_last": f"{event}: the last pause was {span_of(value)}.",
        "gap_longest": f"{event}: the longest pause was {span_of(value)}.",
        "gap_spread": f"{event}: its pauses differ by {span_of(value)}.",
        "lateness": f"{event}: silent for {value:,.1f} times its usual pause.",
        "trend": f"{event}: {value:.0%} of the last year's in the last 90 days.",
    }
    return sentences.get(measure, f"{event}: {measure.replace('_', ' ')} {number(value)}.")


def _amounts(event: str, label: str, measure: str, value: float | str | None) -> str:
    """What its events said: amounts in their unit, categories as they are."""
    if value is None:
        return f"{event}: no {label} is known."
    if isinstance(value, str):
        how = {"commonest": "mostly ", "last": "last "}.get(measure, "")
        return f"{event}: {label} {how}{value}."
    stem, _, days = measure.partition("_")
    how = {"sum": "in all", "mean": "on average", "max": "at most", "min": "at least", "last": "last"}.get(stem, stem)
    within = f" in the last {days} days" if days else ""
    return f"{event}: {label} {number(value)} {how}{within}."


def _linked_words(words: Words, specs: list[Spec], values: Values) -> str:
    """The figures of the features that push hardest; one sentence each, two at most."""
    found: list[str] = []
    for spec in specs:
        text = _measure_words(words, spec, values)
        if text and text not in found:
            found.append(text)
        if len(found) == 2:
            break
    return " ".join(found) if found else f"What became of earlier ones {of_roles(words, specs[0].of)}."


def of_roles(words: Words, roles: tuple[str, ...]) -> str:
    """Whose earlier answers: of the same links, of its own, or of all."""
    if not roles:
        return "overall"
    if roles == (ITSELF,):
        return "of its own"
    return "of this " + " and this ".join(words.link(role) for role in roles)


def _measure_words(words: Words, spec: Spec, values: Values) -> str | None:
    """One measure in words, with the figures it is made of."""
    prefix = spec.name[: -len(spec.measure)]
    many = "earlier answers" if spec.of == (ITSELF,) else words.many
    of = of_roles(words, spec.of)

    def figure(measure: str) -> float | None:
        value = values.get(prefix + measure)
        return float(value) if isinstance(value, (int, float)) else None

    answered = _chance_words if words.question.chance else _quantity_words
    told = answered(words, spec, f"{many} {of}", figure)
    value = figure(spec.measure)
    if told is not None or value is None:
        return told
    side = "after" if value > 0 else "before"
    sentences = {
        "n": f"{value:,.0f} earlier {many} {of} have an answer.",
        "n_90": f"{value:,.0f} {many} {of} were answered in the last 90 days.",
        "n_365": f"{value:,.0f} {many} {of} were answered in the last year.",
        "asked": f"{value:,.0f} other {many} {of} so far.",
        "asked_lately": f"{value:,.0f} other {many} {of} came up in the last 30 days.",
        "open": f"{value:,.0f} other {many} {of} are open.",
        "overdue": f"{value:,.0f} {many} {of} are overdue.",
        "overdue_share": f"{value:.0%} of the {many} {of} due in the last 90 days are overdue.",
        "siblings": f"{value:,.0f} other {many} {of} have the same deadline.",
        "delay": f"The {many} {of} came {span_of(abs(value))} {side} their deadline on average.",
    }
    return sentences.get(spec.measure)


Figure = Callable[[str], float | None]


def _chance_words(words: Words, spec: Spec, whom: str, figure: Figure) -> str | None:
    """How many of them came out yes."""
    yes, measure = words.question.yes, spec.measure
    value, n = figure(measure), figure("n")
    if value is None:
        of = of_roles(words, spec.of)
        return f"None {of} is known to have been {yes}." if measure == "since_yes" else None
    if measure.startswith("yes_last_"):
        last = min(n if n is not None else 0.0, float(measure.rpartition("_")[2]))
        return f"{value:.0f} of the last {last:.0f} {whom} were {yes}." if last else f"No earlier {whom}."
    if measure in {"share", "share_90", "share_365"}:
        return _share_words(measure, value, figure, whom, yes)
    if measure in {"n", "yes"} and n and (late := figure("yes")) is not None:
        return f"{late:,.0f} of {n:,.0f} earlier {whom} were {yes}."
    if measure == "yes":
        return f"{value:,.0f} earlier {whom} were {yes}."
    if measure == "since_yes":
        return f"The last {yes} {words.kind.words} {of_roles(words, spec.of)} was {span_of(value)} ago."
    return None


def _share_words(measure: str, share: float, figure: Figure, whom: str, yes: str) -> str:
    """The counts behind a share where they are at hand; the share is drawn toward everybody's, the counts are not."""
    window = measure.removeprefix("share")
    span = SPANS[window]
    n, count = figure(f"n{window}"), figure(f"yes{window}")
    if n == 0:
        return f"No {whom} was answered{span}."
    if n is not None and count is not None:
        return f"{count:,.0f} of {n:,.0f} {whom} were {yes}{span}."
    return f"About {share:.0%} of the {whom} were {yes}{span}."


SPANS = {"": "", "_90": " in the last 90 days", "_365": " in the last year"}


def _quantity_words(words: Words, spec: Spec, whom: str, figure: Figure) -> str | None:
    """What their answers came to, in the question's unit."""
    unit, measure = f" {words.question.unit}" if words.question.unit else "", spec.measure
    value, n = figure(measure), figure("n")
    if value is None or measure == "since_yes":
        return None
    if measure.startswith("yes_last_"):
        last = min(n if n is not None else 0.0, float(measure.rpartition("_")[2]))
        told = f"The last {last:.0f} {whom} came to {number(value / last)}{unit} on average." if last else None
        return told or f"No earlier {whom}."
    if measure in {"share", "share_90", "share_365"}:
        span = SPANS[measure.removeprefix("share")]
        return f"The {whom} came to about {number(value)}{unit} on average{span}."
    if measure == "yes":
        return f"The earlier {whom} came to {number(value)}{unit} in all."
    return None


def span_of(hours: float) -> str:
    """Hours as hours or days."""
    value = hours / 24
    if value < 2:
        return f"{hours:,.0f} hours"
    return f"{value:,.0f} day" if round(value) == 1 else f"{value:,.0f} days"


def times(count: float) -> str:
    """How often."""
    return "once" if count == 1 else f"{number(count)} times"


def number(value: float) -> str:
    """A figure without false precision."""
    return f"{value:,.0f}" if value == int(value) or abs(value) >= 1000 else f"{value:,.4g}"
