"""What each remaining column is: a link, a number, a category, a text; with unit, currency and personal data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sightline.kernel.observe import numbers
from sightline.kernel.observe._facts import Facts
from sightline.kernel.observe._key import Key
from sightline.kernel.observe._known import known_by
from sightline.kernel.observe._naming import identifies, singular, stem_of, thing_of
from sightline.kernel.observe._sample import Sample
from sightline.kernel.observe._timing import Timing
from sightline.kernel.observe.mapping import Column
from sightline.kernel.observe.words import Words
from sightline.language.event import LINKS
from sightline.language.kind import Sort

REPEATS = 0.95
"""Share of different values from which a column links to nothing twice, so that a link would say nothing."""

KINDS_AT_LEAST = 4
"""Different values from which something named like a thing, but not like an identifier, is one."""

STAYS = 0.05
"""Share of a category's rows from which a word that means nothing elsewhere is one of its values."""

NUMBERED = 100
"""Different numbers from which a bare number under a thing's name is its number, not how many there are."""

_UNIT_LONGEST = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """The columns of a mapping, and why each is what it is."""

    columns: tuple[Column, ...]
    currency: str | None
    numbers: str
    why: Mapping[str, str]
    doubts: tuple[str, ...]


def read_columns(sample: Sample, key: Key, timing: Timing, words: Words) -> Columns:
    """Every column that is neither key nor the date of a happening."""
    taken = {*key.columns, *(name for one in timing.happenings for name in (one.time, *one.known))}
    facts = [one for one in sample.facts.values() if one.column not in taken and one.filled]
    currency = _currency(facts)
    style = Counter(filter(None, map(_style, facts))).most_common(1)
    usual = style[0][0] if style else numbers.POINT
    why: dict[str, str] = {}
    found: list[Column] = []
    for one in facts:
        column = _column(one, key, timing, currency, usual, words)
        column, reason = _dated(column, one, sample, key, timing)
        found.append(_keeping(column, one, sample, words))
        if reason or column.personal:
            why[one.column] = "; ".join(filter(None, (reason, "personal data" if column.personal else "")))
    columns = _names(found, key.kind)
    return Columns(columns=columns, currency=currency, numbers=usual, why=why, doubts=_doubts(facts))


def _doubts(facts: Sequence[Facts]) -> tuple[str, ...]:
    found = [
        f"'{one.column}' may be written like {numbers.POINT} or {numbers.COMMA}: no value seen tells."
        f" {one.number.style} is assumed."
        for one in facts
        if one.number and one.number.undecided
    ]
    found += [
        f"'{one.column}' holds values that are no {one.sort}, such as '{one.odd[0][:40]}': such rows will be set aside."
        for one in facts
        if one.odd
    ]
    return tuple(found)


def _currency(facts: Sequence[Facts]) -> str | None:
    """The currency the file speaks of, when it is one."""
    named = {one.bracket for one in facts if one.bracket in numbers.CURRENCIES}
    named |= {one.number.unit for one in facts if one.number and one.number.unit in numbers.CURRENCIES}
    named |= {word.upper() for one in facts for word in one.words if one.number and word.upper() in numbers.CURRENCIES}
    named |= {text for one in facts if one.distinct == 1 for text in one.counts if text in numbers.CURRENCIES}
    return next(iter(named)) if len(named) == 1 else None


def _column(one: Facts, key: Key, timing: Timing, currency: str | None, usual: str, words: Words) -> Column:
    personal = _personal(one, words)
    kind = None if personal else _linked(one, words)
    if kind:
        person = kind in words.persons and calls(one)
        return Column(column=one.column, name=kind, link=kind, personal=person)
    shape = timing.formats.get(one.column) if one.dated else _style(one)
    default = timing.usual if one.dated else usual
    return Column(
        column=one.column,
        name=one.name,
        label="" if one.column.isascii() else one.column,
        sort=one.sort,
        format=None if shape == default else shape,
        unit=_unit(one, currency, words),
        personal=personal,
    )


def _style(one: Facts) -> str | None:
    """The style of a column's numbers; None for whole numbers, which both styles write alike."""
    if one.number is None or not any("." in text or "," in text for text in one.counts):
        return None
    return one.number.style


def _personal(one: Facts, words: Words) -> bool:
    if one.sort in {Sort.FLAG, Sort.NUMBER}:
        return False
    header = set(one.words)
    # Two values under `email` are what somebody agreed to, not addresses.
    by_word = bool(words.personal & header) and (one.distinct > 2 or one.filled <= 2)
    return one.mails or by_word or {"first", "name"} <= header or {"last", "name"} <= header


def calls(one: Facts) -> bool:
    """Whether a column holds people's names rather than numbers of theirs."""
    few = list(one.counts)[:200]
    return sum(" " in text and not any(c.isdigit() for c in text) for text in few) > 0.5 * len(few)


def _linked(one: Facts, words: Words) -> str | None:
    """The kind a column points at; None when it does not."""
    if one.sort in {Sort.FLAG, Sort.TEXT} or one.dated or one.distinct < 2:
        return None
    named, thing = identifies(one.words, words), thing_of(one.words, words)
    if not named and (thing is None or one.distinct < KINDS_AT_LEAST or _counts(one, words)):
        return None
    if one.distinct > REPEATS * one.filled:
        return None
    if named and thing is None and one.distinct <= 20 and not any(c.isdigit() for text in one.counts for c in text):
        return None
    return thing or _kind_name(stem_of(one.words, words))


def _counts(one: Facts, words: Words) -> bool:
    """Whether a number under a thing's name counts such things rather than naming one."""
    return one.number is not None and (
        singular(one.words[-1], words) != one.words[-1]
        or one.distinct < NUMBERED
        or any("." in text for text in one.counts)
    )


def _kind_name(stem: str) -> str | None:
    return stem if stem and not stem.startswith("column") else None


def _unit(one: Facts, currency: str | None, words: Words) -> str | None:
    if one.number is None or one.sort is not Sort.NUMBER:
        return None
    if one.bracket in numbers.CURRENCIES:
        return one.bracket
    if one.number.unit:
        return one.number.unit
    if currency and words.money & set(one.words):
        return currency
    return one.bracket.lower() if one.bracket.isalpha() and len(one.bracket) <= _UNIT_LONGEST else None


def _dated(column: Column, one: Facts, sample: Sample, key: Key, timing: Timing) -> tuple[Column, str]:
    """The column with the event that makes it known."""
    if key.rows == "events":
        first = timing.happenings[0].type
        return replace(column, known=first), ""
    if one.column in timing.planned:
        return column, ""
    known = known_by(one, sample, timing.happenings)
    if known is None:
        return column, ""
    # What a beginning usually brings may be assumed where its date is missing; what an ending brings never is.
    begins = any(event.begins for event in timing.happenings if event.type == known.by)
    return replace(column, known=known.by, otherwise="assumed" if begins else "unknown"), known.why


def _keeping(column: Column, one: Facts, sample: Sample, words: Words) -> Column:
    """The column with its own list of words where another column's word for nothing is one of its values."""
    if column.link or one.sort not in {Sort.CATEGORY, Sort.TEXT}:
        return column
    foreign = [word for word in sample.missing if one.counts.get(word, 0) > STAYS * one.filled]
    if not any(word.casefold() not in words.nothing for word in foreign):
        return column
    return replace(column, missing=one.sentinels)


def _names(columns: Sequence[Column], kind: str) -> tuple[Column, ...]:
    """The same columns, each with a name of its own."""
    used = {LINKS, kind}
    found: list[Column] = []
    twice = Counter(one.name for one in columns)
    for one in columns:
        name, n = one.name, 2
        if one.link and twice[one.name] > 1 and name in used:
            name = f"{one.name}_2"
        while name in used:
            name, n = f"{one.name}_{n}", n + 1
        used.add(name)
        found.append(replace(one, name=name))
    return tuple(found)
