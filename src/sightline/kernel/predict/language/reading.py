"""A line read as a question. Whatever does not fit is pointed at in the text as it was given."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any, cast

from lark import Token, Tree
from lark.exceptions import UnexpectedInput

from sightline.kernel.predict.language import pointing
from sightline.kernel.predict.language.checking import Misfit, condition, events_of, misfits
from sightline.kernel.predict.language.grammar import MAX_LENGTH, hint, parser
from sightline.kernel.predict.language.wording import asks, slug
from sightline.kernel.predict.language.writing import VERBS
from sightline.language.errors import NotFound, Unparsable
from sightline.language.kind import EventKind, Kind, Sort
from sightline.language.question import (
    Absent,
    Answer,
    At,
    AttributeOf,
    Before,
    Cutoff,
    Every,
    Happened,
    Next,
    Once,
    Question,
    Test,
    Total,
    TotalOf,
    Value,
    Where,
)
from sightline.language.time import days

STEP = days(30)
"""Between two cutoffs of `active SPAN`, which says nothing else."""

MOST_DIGITS = 6
"""Of the count of a span."""

_HOURS = {"hour": 1, "day": 24, "week": 168}
_CLASSES = {word: answer for answer, word in VERBS.items()}


def parse(
    text: str, kinds: Mapping[str, Kind], event_kinds: Mapping[str, EventKind], name: str | None = None
) -> Question:
    """The question a line declares, called `name`.

    Raises Unparsable, pointing at the word that does not fit, or NotFound, naming near misses, for a kind, an event,
    an attribute or a link that is not declared.
    """
    if len(text) > MAX_LENGTH:
        raise Unparsable(f"A question has at most {MAX_LENGTH} characters, this has {len(text)}.", hint=hint())
    try:
        tree = parser().parse(text, start="start")
    except UnexpectedInput as error:
        raise pointing.unexpected(text, error) from None
    reader = _Reader(text, kinds, event_kinds)
    question = reader.question(tree, name)
    for misfit in misfits(question, kinds, event_kinds):
        raise _told(misfit, reader)
    return question


def conditions(text: str, kind: Kind) -> tuple[Where, ...]:
    """The conditions a text like `mode is Air and value above 1000` states of a kind.

    Raises Unparsable, pointing at the word that does not fit, and NotFound for an attribute that is not declared.
    """
    line = f"where {text}"
    if len(line) > MAX_LENGTH:
        raise Unparsable(f"Conditions have at most {MAX_LENGTH} characters.")
    try:
        tree = parser().parse(line, start="filter")
    except UnexpectedInput as error:
        raise pointing.unexpected(line, error) from None
    reader = _Reader(line, {}, {})
    found = reader.tests("where", tree, kind)
    for place, one in enumerate(found):
        for misfit in condition(f"where.{place}", kind, one):
            if misfit.unknown:
                raise NotFound.named(*misfit.unknown, misfit.allowed)
            raise pointing.at(line, reader.places[misfit.part], misfit.says, misfit.allowed)
    return found


def _told(misfit: Misfit, reader: _Reader) -> Exception:
    if misfit.unknown:
        return NotFound.named(*misfit.unknown, misfit.allowed, hint=hint(reader.text))
    word = reader.places.get(misfit.part) or reader.places["kind"]
    return pointing.at(reader.text, word, misfit.says, misfit.allowed)


def _trees(tree: Tree[Token]) -> Iterator[Tree[Token]]:
    return (child for child in tree.children if isinstance(child, Tree))


def _words(tree: Tree[Token]) -> list[Token]:
    return [child for child in tree.children if isinstance(child, Token)]


def _first(tree: Tree[Token]) -> Token:
    """The first word of a part that is no keyword."""
    return next(tree.scan_values(lambda child: isinstance(child, Token)))


@dataclass(slots=True)
class _Reader:
    """Makes nouns of the parts of one line, and remembers the word in which each was said."""

    text: str
    kinds: Mapping[str, Kind]
    events: Mapping[str, EventKind]
    places: dict[str, Token] = field(default_factory=dict)

    def question(self, tree: Tree[Token], name: str | None) -> Question:
        parts = {str(part.data): part for part in _trees(tree)}
        of = self._name("kind", parts["kind"])
        answer = self._answer(next(parts[verb] for verb in _CLASSES if verb in parts), of)
        cutoff = next(part for part in _trees(tree) if part.data in _CUTOFFS)
        made = Question(
            name="",
            of=of,
            asks="",
            when=_CUTOFFS[str(cutoff.data)](self, cutoff, answer),
            answer=answer,
            where=self.tests("where", parts.get("filter"), self.kinds.get(of)),
            **self._clauses(tree),
        )
        return replace(made, name=name or f"asked.{slug(made)}", asks=asks(made), unit=self._unit(made))

    def _answer(self, tree: Tree[Token], of: str) -> Answer:
        verb, parts = _CLASSES[str(tree.data)], {str(part.data): part for part in _trees(tree)}
        given: dict[str, Any] = {}
        if "within" in parts:
            given["within"] = self._span("within", next(iter(_trees(parts["within"]))))
        if "deadline" in parts:
            given["until" if verb is Absent else "by"] = self._name("deadline", parts["deadline"])
        if verb is Value:
            return self._value(parts, of, given)
        if verb is Total:
            given["event"], given["amount"] = self._amount("amount", _first(parts["amount"]), of)
            self.places["event"] = self.places["amount"]
        else:
            given["event"] = self._name("event", parts["event"])
        told = self.events.get(given["event"])
        given["where"] = self.tests("event.where", parts.get("filter"), self.kinds.get(told.of) if told else None)
        return verb(**given)

    def _value(self, parts: Mapping[str, Tree[Token]], of: str, given: dict[str, Any]) -> Value:
        name = self._name("attribute", parts["attribute"])
        kind = self.kinds.get(of)
        found = kind.attribute(name) if kind else None
        is_ = "true" if found and found.sort is Sort.FLAG else None
        if "class" in parts:
            self.places["class"] = word = _first(parts["class"])
            is_ = self._text(word)
        return Value(attribute=name, is_=is_, **given)

    def tests(self, part: str, tree: Tree[Token] | None, kind: Kind | None) -> tuple[Where, ...]:
        """The conditions of a filter."""
        tests = _trees(tree) if tree else []
        return tuple(self._test(f"{part}.{place}", test, kind) for place, test in enumerate(tests))

    def _test(self, part: str, tree: Tree[Token], kind: Kind | None) -> Where:
        name, value = _words(tree)
        self.places |= {part: name, f"{part}.value": value}
        found = kind.attribute(str(name)) if kind else None
        test = cast("Test", str(tree.data).replace("_", " "))
        return Where(str(name), test, self._said(value, found.sort if found else None))

    def _said(self, word: Token, sort: Sort | None) -> str | float | bool:
        """What a word says of an attribute of that sort: `01` is a text where a text is meant, else a number."""
        if sort in {Sort.CATEGORY, Sort.TEXT} or word.type == "QUOTED":
            return self._text(word)
        if word.type == "NUMBER":
            return float(word)
        return {"true": True, "false": False}.get(str(word), str(word))

    def _text(self, word: Token) -> str:
        if word.type != "QUOTED":
            return str(word)
        try:
            return cast("str", json.loads(word, strict=False))
        except ValueError:
            says = r"In a quoted text \ stands only before another \, before a quote, or in \n, \t and \u00e9."
            raise pointing.at(self.text, word, says) from None

    def before(self, tree: Tree[Token], _answer: Answer) -> Cutoff:
        attribute, lead = _trees(tree)
        return Before(self._name("cutoff", attribute), self._span("lead", lead))

    def at(self, tree: Tree[Token], _answer: Answer) -> Cutoff:
        return At(self._name("cutoff", next(iter(_trees(tree)))))

    def every(self, tree: Tree[Token], answer: Answer) -> Cutoff:
        step, *active = _trees(tree)
        return Every(self._span("step", step), self._happened(active[0], answer) if active else None)

    def active(self, tree: Tree[Token], answer: Answer) -> Cutoff:
        return Every(STEP, self._happened(tree, answer))

    def once(self, tree: Tree[Token], _answer: Answer) -> Cutoff:
        self.places["cutoff"] = _first(tree)
        return Once()

    def _happened(self, tree: Tree[Token], answer: Answer) -> Happened:
        *event, span = _trees(tree)
        within = self._span("active", span)
        if event:
            return Happened(self._name("active.event", event[0]), within)
        if isinstance(answer, Value):
            says = "Nothing says which event makes one active: this answer waits for none."
            raise pointing.at(self.text, self.places["active"], says, ["a name"])
        return Happened(answer.event, within)

    def _clauses(self, tree: Tree[Token]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for clause in _trees(tree):
            said = str(clause.data)
            if said in found and said in {"grace", "worth", "together"}:
                raise pointing.at(self.text, _first(clause), f"'{said}' is given twice.")
            if said == "unless":
                self.places[f"unless.{len(found.get('unless', ()))}"] = _first(clause)
                found["unless"] = (*found.get("unless", ()), str(_first(clause)))
            elif said == "grace":
                found["grace"] = self._span("grace", next(iter(_trees(clause))))
            elif said == "worth":
                found["worth"] = self._worth(clause)
            elif said == "together":
                self.places["together"] = _first(clause)
                found["together"] = str(_first(clause))
        return found

    def _worth(self, tree: Tree[Token]) -> AttributeOf | TotalOf:
        words, spans = _words(tree), list(_trees(tree))
        self.places["worth"] = words[-1]
        if not spans:
            return AttributeOf(str(words[-1]))
        event, amount = self._amount("worth", words[-1], str(self.places["kind"]))
        return TotalOf(event, amount, self._span("worth.past", spans[0]))

    def _amount(self, part: str, word: Token, of: str) -> tuple[str, str]:
        """`order.placed.amount` as the event and its amount."""
        self.places[part] = word
        event, _, amount = str(word).rpartition(".")
        if (str(word) in self.events and event not in self.events) or not event:
            kind = self.kinds.get(of)
            near = events_of(kind, self.kinds, self.events) if kind else []
            allowed = [f"{one}.{name}" for one in near if one == str(word) or not event for name in self._numbers(one)]
            raise pointing.at(self.text, word, f"'{word}' names no amount: write EVENT.AMOUNT.", allowed)
        return event, amount

    def _numbers(self, event: str) -> list[str]:
        told = self.kinds.get(self.events[event].of)
        return [one.name for one in told.attributes if one.sort is Sort.NUMBER] if told else []

    def _unit(self, question: Question) -> str | None:
        """In what a quantity is counted, as far as it is declared."""
        answer = question.answer
        if isinstance(answer, Next):
            return "days"
        if isinstance(answer, Total):
            told = self.events.get(answer.event)
            kind, name = (self.kinds.get(told.of) if told else None), answer.amount
        elif isinstance(answer, Value) and answer.is_ is None:
            kind, name = self.kinds.get(question.of), answer.attribute
        else:
            return None
        found = kind.attribute(name) if kind else None
        return found.unit if found else None

    def _name(self, part: str, tree: Tree[Token]) -> str:
        self.places[part] = _first(tree)
        return str(self.places[part])

    def _span(self, part: str, tree: Tree[Token]) -> timedelta:
        count, unit = _words(tree)
        self.places[part] = count
        if len(count) > MOST_DIGITS:
            raise pointing.at(self.text, count, f"A count has at most {MOST_DIGITS} digits.", ["a whole number"])
        return timedelta(hours=int(count) * _HOURS[str(unit).rstrip("s")])


_CUTOFFS: Mapping[str, Callable[[_Reader, Tree[Token], Answer], Cutoff]] = {
    "before": _Reader.before, "at": _Reader.at, "every": _Reader.every, "active": _Reader.active, "once": _Reader.once,
}  # fmt: skip
