"""The one line in which a question is written, read and shown.

    predict absent EVENT until ATTRIBUTE for KIND before ATTRIBUTE N days [...]
    predict happens EVENT by ATTRIBUTE for KIND before ATTRIBUTE N days [...]

where [...] is any of `grace N days`, `worth ATTRIBUTE`, `together LINK`.

`canonical(parse(line)) == line` for every canonical line; otherwise words may be spaced and the last clauses
ordered at will. What the line does not hold (name, wording, what people call the answers) is given beside it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import timedelta
from functools import cache

from lark import Lark, Token, Tree
from lark.exceptions import UnexpectedInput

from sightline.language.errors import Invalid, NotFound, Unparsable
from sightline.language.kind import EventKind, Kind
from sightline.language.question import Absent, Answer, AttributeOf, Before, Happens, Question

TAIL = "for KIND before ATTRIBUTE N days [grace N days] [worth ATTRIBUTE] [together LINK]"
FORMS = (f"predict absent EVENT until ATTRIBUTE {TAIL}", f"predict happens EVENT by ATTRIBUTE {TAIL}")
"""The accepted shapes."""

MAX_LENGTH = 1000
"""Characters of a line; a longer one is no question."""

GRAMMAR = r"""
start: "predict" _answer "for" kind "before" cutoff lead clause*
_answer: "absent" event "until" until | "happens" event "by" by
event: NAME
until: NAME
by: NAME
kind: NAME
cutoff: NAME
lead: COUNT UNIT
clause: "grace" COUNT UNIT -> grace
      | "worth" NAME       -> worth
      | "together" NAME    -> together
COUNT: /[0-9]{1,6}/
UNIT: /(day|hour|week)s?/
NAME: /[A-Za-z_][\w.\-]*/
%ignore /\s+/
"""

_WORDS = {"COUNT": "a whole number", "UNIT": "days, hours or weeks", "NAME": "a name", "$END": "the end of the line"}
_HOURS = {"hour": 1, "day": 24, "week": 168}


@cache
def _parser() -> Lark:
    return Lark(GRAMMAR, parser="lalr", lexer="contextual")


def words() -> tuple[str, ...]:
    """The words of the grammar, as they are written in a line; what is in capitals in FORMS is filled in."""
    return tuple(sorted({word for form in FORMS for word in re.findall(r"\b[a-z]+\b", form)}))


def parse(
    text: str, kinds: Mapping[str, Kind], event_kinds: Mapping[str, EventKind], name: str | None = None
) -> Question:
    """The question a line declares.

    Raises Unparsable, pointing at the word that does not fit, or NotFound, naming near misses, for a kind, an event,
    an attribute or a link that is not declared.
    """
    line = " ".join(text.split())
    if len(line) > MAX_LENGTH:
        raise Unparsable(f"A question has at most {MAX_LENGTH} characters, this has {len(line)}.", hint=hint())
    try:
        found = _parts(line, _parser().parse(line))
    except UnexpectedInput as error:
        raise _in_place(text, _unparsable(line, error)) from None
    except Unparsable as error:
        raise _in_place(text, error) from None
    question = _question(found, name)
    _check(question, kinds, event_kinds)
    return question


def canonical(question: Question) -> str:
    """The line of a question. Raises Invalid for a span that is no whole number of hours."""
    answer = question.answer
    verb, until, attribute = (
        ("absent", "until", answer.until) if isinstance(answer, Absent) else ("happens", "by", answer.by)
    )
    words = [f"predict {verb} {answer.event} {until} {attribute} for {question.of}"]
    words.append(f"before {question.when.attribute} {_span(question.when.lead)}")
    if question.grace:
        words.append(f"grace {_span(question.grace)}")
    if question.worth is not None:
        words.append(f"worth {question.worth.name}")
    if question.together is not None:
        words.append(f"together {question.together}")
    return " ".join(words)


def _span(span: timedelta) -> str:
    hours, rest = divmod(span, timedelta(hours=1))
    if rest or hours < 0:
        raise Invalid(f"A span of {span} cannot be written.", hint="Use whole hours, days or weeks.")
    return f"{hours} hours" if hours % 24 else f"{hours // 24} days"


def _parts(line: str, tree: Tree[Token]) -> dict[str, list[Token]]:
    found: dict[str, list[Token]] = {}
    for part in tree.children:
        assert isinstance(part, Tree)
        tokens = [token for token in part.children if isinstance(token, Token)]
        if part.data in found:
            raise _pointing(line, tokens[0], f"'{part.data}' is given twice.", ())
        found[str(part.data)] = tokens
    return found


def _question(found: Mapping[str, list[Token]], name: str | None) -> Question:
    event, of, cutoff = (str(found[part][0]) for part in ("event", "kind", "cutoff"))
    absent = "until" in found
    deadline = str(found["until" if absent else "by"][0])
    answer: Answer = Absent(event, deadline) if absent else Happens(event, deadline)
    plain = re.sub(r"[^a-z0-9]+", "_", f"{event} {'absent' if absent else 'happens'}".lower()).strip("_")
    verb = "not have happened" if absent else "have happened"
    return Question(
        name=name or f"asked.{plain}",
        of=of,
        asks=f"Will {event} {verb} to this {of.replace('_', ' ')} by its {deadline.replace('_', ' ')}?",
        when=Before(cutoff, _duration(found["lead"])),
        answer=answer,
        grace=_duration(found["grace"]) if "grace" in found else timedelta(0),
        worth=AttributeOf(str(found["worth"][0])) if "worth" in found else None,
        together=str(found["together"][0]) if "together" in found else None,
    )


def _duration(tokens: list[Token]) -> timedelta:
    count, unit = tokens
    return timedelta(hours=int(count) * _HOURS[str(unit).rstrip("s")])


def _check(question: Question, kinds: Mapping[str, Kind], event_kinds: Mapping[str, EventKind]) -> None:
    kind = kinds.get(question.of)
    if kind is None:
        raise NotFound.named("kind", question.of, kinds, hint=hint())
    of_kind = [name for name, event in event_kinds.items() if event.of == question.of]
    _known("event", question.answer.event, of_kind)
    attributes = [a.name for a in kind.attributes]
    worth = (question.worth.name,) if question.worth else ()
    for name in (question.when.attribute, question.deadline, *worth):
        _known(f"attribute of {question.of}", name, attributes)
    if question.together is not None:
        _known(f"link of {question.of}", question.together, [link.name for link in kind.links])


def _known(what: str, name: str, names: Iterable[str]) -> None:
    names = list(names)
    if name not in names:
        raise NotFound.named(what, name, names, hint=hint())


def _unparsable(line: str, error: UnexpectedInput) -> Unparsable:
    """Point at the word, say what was allowed there."""
    token = getattr(error, "token", None)
    ended = token is not None and token.type == "$END"
    at = len(line) if ended or error.pos_in_stream is None else error.pos_in_stream
    text = line[at:].partition(" ")[0]
    missing = "The line ends too early." if line else "There is no question."
    what = f"'{text[:40]}' does not fit here." if text else missing
    expected = (
        getattr(error, "accepts", None) or getattr(error, "expected", None) or getattr(error, "allowed", None) or ()
    )
    return _pointing(line, Token("NAME", text, start_pos=at), what, expected)


def _pointing(line: str, word: Token, what: str, expected: Iterable[str]) -> Unparsable:
    allowed = sorted(_WORDS.get(one, one.lower()) for one in expected)
    start = word.start_pos or 0
    parts = [what, f"  {line}", "  " + " " * start + "^" * max(1, len(word))]
    if allowed:
        parts.append(f"Allowed there: {', '.join(allowed)}.")
    return Unparsable("\n".join(parts), hint=hint(), at=start, length=len(word), allowed=allowed)


def _in_place(text: str, error: Unparsable) -> Unparsable:
    """The error with its place counted in the text as it was given, which may be spaced at will."""
    at = 0
    for word in re.finditer(r"\S+", text):
        if error.at <= at + len(word[0]):
            error.at = word.start() + error.at - at
            return error
        at += len(word[0]) + 1
    error.at = len(text)
    return error


def hint() -> str:
    """The accepted forms, to show beside what does not fit."""
    return f"\nWrite: {FORMS[0]}\n   or: {FORMS[1]}"
