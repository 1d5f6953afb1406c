"""Whether the figures of a text stand in the facts it was written from: amounts, counts, shares and days.

A text may be anybody's: a template, or a function of a pack. What it says in its own words may hold figures ("within
30 days"); all others must be facts of the situation, in whatever style and however rounded. Numbers in words are not
looked at. What cannot be found is told, and the text is put to a person.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import combinations
from types import CodeType
from typing import Any

from sightline.kernel.act.templates import Text
from sightline.kernel.observe import dates
from sightline.kernel.observe.numbers import STYLES, NotANumber, parser
from sightline.kernel.observe.personal import without_tokens
from sightline.language.playbook import Situation
from sightline.language.time import end_of, is_moment

NEAR = 1e-9
"""Part of a number by which what is stored may differ from what is shown, beside its rounding."""

_MONTH = r"[^\W\d_]{3,10}\.?"
_DAY = (
    r"\d{4}-\d{2}-\d{2}", r"\d{4}/\d{2}/\d{2}", r"\d{1,2}[./-]\d{1,2}[./-]\d{4}",
    rf"\d{{1,2}}\.?[ -]{_MONTH},?[ -]\d{{4}}", rf"{_MONTH} \d{{1,2}},? \d{{4}}",
)  # fmt: skip
_NUMBER = r"\d{1,3}(?:[\u00a0\u202f']\d{3})+(?:[.,]\d+)?|\d+(?:[.,]\d+)*"
_FIGURE = re.compile(
    rf"(?P<day>(?<![\w.])(?:{'|'.join(_DAY)})(?!\d))|(?P<number>(?<![\w./:-])(?>{_NUMBER})(?![\w/:])(?P<share> ?%)?)"
    r"|(?P<word>\S*\d\S*)"
)
_DIGIT = re.compile(r"\d")
_SCALES = {"k": 3, "m": 6, "mn": 6, "mio": 6, "mln": 6, "b": 9, "bn": 9, "mrd": 9, "tn": 12}
_SCALE = re.compile(rf"\d({'|'.join(_SCALES)})(?=(?:[A-Z]{{3}})?(?![^\W_]))", re.IGNORECASE)
_SIGN = re.compile(r"[^\w+−-]*([+−-])[^\w+−-]*\d")
_AROUND = ".,;:!?()[]{}\"'“”„‚’<>|"
_PATTERNS = tuple(one for one in dates.PATTERNS if one != "YYYYMMDD")


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of a text."""

    raw: str
    """As it stands there."""
    days: frozenset[str] = frozenset()
    """The days that it may mean, as 2015-01-31."""
    numbers: tuple[tuple[float, int], ...] = ()
    """The numbers that it may mean, each with how many decimals it shows."""
    share: bool = False
    """Whether it is told in hundredths."""
    sign: int = 0
    """1 and -1 where a sign stands before it, else 0."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stands:
    """What the figures of a text stand on."""

    facts: tuple[str, ...]
    """Those of its facts that it tells."""
    strange: str | None
    """The first of its figures that is none of them."""


def check(text: str, facts: Collection[str]) -> Stands:
    """Look each figure of a text up among its facts (as `facts` and `Stands.facts` have them)."""
    numbers = [(one, float(one)) for one in facts if _is_number(one)]
    known = set(facts)
    used: list[str] = []
    for figure in figures(text):
        found = _among(figure, known, numbers)
        if found is None:
            return Stands(facts=tuple(used), strange=figure.raw)
        used.append(found)
    return Stands(facts=tuple(dict.fromkeys(used)), strange=None)


def facts(situation: Situation, write: Callable[[Situation], str]) -> tuple[str, ...]:
    """The figures of a situation and of the words that `write` has of its own: numbers, days (2015-01-31), and
    whatever else with a digit in it, as it stands.
    """
    told: list[Any] = [
        str(situation.subject), situation.subject.key, *situation.links.values(), *situation.attributes.values(),
        situation.probability, situation.quantity, situation.low, situation.high, situation.worth, situation.finding,
        *situation.reasons, situation.deadline, situation.now, *literals(write),
    ]  # fmt: skip
    told += [end_of(one) for one in situation.attributes.values() if isinstance(one, str) and is_moment(one)]
    moments = {one for one in told if isinstance(one, datetime)}
    # How long after or before one day another one is, counting either of them or not.
    spans = {abs((a - b) // timedelta(days=1)) for a, b in combinations(sorted(moments), 2)}
    told += [days + more for days in spans for more in (0, 1)]
    told.append(len(situation.reasons))
    return tuple(sorted({fact for one in told for fact in _as_facts(one)}))


@lru_cache(maxsize=10_000)
def figures(text: str) -> tuple[Figure, ...]:
    """The figures of a text, in order; tokens of persons are none."""
    return tuple(_figures(text)) if _DIGIT.search(text) else ()


def _figures(text: str) -> Iterator[Figure]:
    for match in _FIGURE.finditer(without_tokens(text)):
        if match["day"]:
            yield from _day(match["day"])
        elif match["number"]:
            body = match["number"].removesuffix(match["share"] or "")
            yield Figure(raw=match["number"], numbers=_numbers(body), share=bool(match["share"]))
        elif raw := match["word"].strip(_AROUND):
            # What stands right behind another figure is a dash: 3-5.
            apart = match.start() == 0 or match.string[match.start() - 1].isspace()
            yield replace(_word(raw), sign=_sign(raw) if apart else 0)


def _day(raw: str) -> Iterator[Figure]:
    if days := _days(raw):
        yield Figure(raw=raw, days=days)
    else:
        pieces = raw.split()
        yield from (figure for one in pieces for figure in figures(one)) if len(pieces) > 1 else [_word(raw)]


def _word(raw: str) -> Figure:
    """A name with digits in it, or a number with something around it, such as a currency."""
    parts = re.findall(_NUMBER, raw)
    bare, scale = re.sub(r"[^\d.,]", "", raw).strip(".,"), _SCALE.search(raw)
    zeros = _SCALES[scale[1].lower()] if scale else 0
    numbers = tuple((value * 10**zeros, decimals - zeros) for value, decimals in _numbers(bare))
    return Figure(raw=raw, numbers=numbers if len(parts) == 1 else (), share=raw.endswith("%"))


def _sign(raw: str) -> int:
    found = _SIGN.match(raw)
    return 0 if found is None else 1 if found[1] == "+" else -1


@lru_cache(maxsize=10_000)
def _numbers(body: str) -> tuple[tuple[float, int], ...]:
    found = set()
    for style in STYLES:
        try:
            value = float(parser(style)(body))
        except NotANumber:
            continue
        point = "." if style == STYLES[0] else ","
        found.add((value, len(body.rpartition(point)[2]) if point in body else 0))
    return tuple(sorted(found))


@lru_cache(maxsize=10_000)
def _days(raw: str) -> frozenset[str]:
    found = set()
    for pattern in (dates.ISO,) if raw[4:5] == "-" else _PATTERNS:
        try:
            day, _ = dates.parser(pattern)(raw.replace(",", ""))
        except dates.NotADate:
            continue
        found.add(f"{day:%Y-%m-%d}")
    return frozenset(found)


def _among(figure: Figure, known: Collection[str], numbers: Sequence[tuple[str, float]]) -> str | None:
    """The fact that a figure is; None: none of them."""
    for one in (figure.raw, *sorted(figure.days)):
        if one in known:
            return one
    for value, decimals in figure.numbers:
        for fact, stored in numbers:
            meant = (stored, stored * 100) if figure.share else (stored,)
            if any(_shows(value * (figure.sign or 1), decimals, one if figure.sign else abs(one)) for one in meant):
                return fact
    return None


def _shows(value: float, decimals: int, stored: float) -> bool:
    return abs(value - stored) <= 0.5 * 10.0**-decimals + NEAR * abs(stored)


def _is_number(fact: str) -> bool:
    try:
        return math.isfinite(float(fact))
    except ValueError:
        return False


def _as_facts(one: Any) -> Iterator[str]:
    if isinstance(one, bool) or one is None:
        return
    if isinstance(one, datetime | date):
        yield from (f"{one:%Y-%m-%d}", f"{one:%Y}", f"{one:%H:%M}")
    elif isinstance(one, timedelta):
        yield from (repr(one / size) for size in (timedelta(days=1), timedelta(hours=1)))
    elif isinstance(one, int | float):
        yield repr(float(one))
    else:
        for figure in figures(str(one)):
            yield figure.raw
            yield from figure.days
            yield from (repr(value * (figure.sign or 1) / (100 if figure.share else 1)) for value, _ in figure.numbers)


def literals(write: Callable[[Situation], str]) -> tuple[Any, ...]:
    """What stands in a template beside its places, or in the code of a function and of those of its module it calls."""
    return write.literals if isinstance(write, Text) else _of_code(write)


@lru_cache(maxsize=1_000)
def _of_code(write: Callable[[Situation], str]) -> tuple[Any, ...]:
    found: list[Any] = []
    waiting, seen = [write], set()
    while waiting:
        called = waiting.pop()
        code = getattr(called, "__code__", None)
        if not isinstance(code, CodeType) or called in seen:
            continue
        seen.add(called)
        names = [getattr(called, "__globals__", {}).get(name) for name in _names(code)]
        cells = [cell.cell_contents for cell in getattr(called, "__closure__", None) or ()]
        found += [
            value for value in (*_constants(code), *names, *cells) if isinstance(value, str | int | float | timedelta)
        ]
        waiting += [value for value in (*names, *cells) if getattr(value, "__module__", None) == called.__module__]
    return tuple(found)


def _constants(code: CodeType) -> Iterator[Any]:
    for one in code.co_consts:
        if isinstance(one, CodeType):
            yield from _constants(one)
        else:
            yield one


def _names(code: CodeType) -> Iterator[str]:
    yield from code.co_names
    for one in code.co_consts:
        if isinstance(one, CodeType):
            yield from _names(one)
