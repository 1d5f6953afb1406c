"""What could be asked of what was imported: lines to start from, made from the mappings and a look at some things."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from itertools import islice
from typing import Any

from sightline.foundation.tenants import Tenant
from sightline.kernel.desk.desk import Desk
from sightline.kernel.know import browse
from sightline.kernel.observe import mapping_file
from sightline.kernel.observe.mapping import Mapping as FieldMap
from sightline.kernel.predict import language
from sightline.language.kind import Sort
from sightline.language.question import (
    Answer,
    AttributeOf,
    Cutoff,
    Question,
    TotalOf,
    absent,
    at,
    attribute,
    before,
    count,
    days,
    every,
    happened,
    next_,
    once,
    total,
    value,
)

LEAD = timedelta(days=7)
"""Short enough for things that come into being not long before the day they are asked about."""

STEP, HORIZON, OF_LATE, YEAR = days(30), days(90), days(180), days(365)
"""Of what happens again and again: asked monthly, a quarter ahead, about those who were seen within half a year."""

MOST = 4
"""Lines per mapping."""

SAMPLE = 1_000
"""Things that are looked at to find the classes of a column."""

FEWEST, CLASSES = 20, 8
"""Times the rarer class must have been seen, and how many classes a column that is an answer has at most."""


async def suggestions(desk: Desk, tenant: Tenant) -> list[str]:
    """Canonical lines that ask for what no question of the workspace asks for yet; valid as they are."""
    catalog = await desk.catalog(tenant)
    asked = {language.slug(question) for question in catalog.questions.values()}
    found: list[str] = []
    async with desk.db.transaction(tenant.number) as tx:
        rows = await tx.rows("select text from sightline.mappings where tenant = :t order by source", t=tx.tenant)
        for row in rows:
            mapping = mapping_file.parse(row["text"])
            things = await browse.things(tx, mapping.kind, limit=SAMPLE) if _is_flat(mapping) else []
            fitting = (
                question
                for question in suggested(mapping, [one.attributes for one in things])
                if language.slug(question) not in asked
                and not any(language.misfits(question, catalog.kinds, catalog.events))
            )
            found += [language.canonical(question) for question in islice(fitting, MOST)]
    return list(dict.fromkeys(found))


def suggested(mapping: FieldMap, things: Sequence[Mapping[str, Any]] = ()) -> Iterator[Question]:
    """What could be asked of the rows of one mapping, the likeliest first; `things`: attributes of some of them."""
    if mapping.rows == "events":
        yield from _again(mapping)
    elif _is_flat(mapping):
        yield from _classes(mapping, things)
    else:
        yield from _deadlines(mapping)
        yield from _ends(mapping)


def _again(mapping: FieldMap) -> Iterator[Question]:
    """Of what happens to the same thing again and again: whether it stops, how much, how often, when next."""
    amounts = _amounts(mapping)
    for event in (one.type for one in mapping.events_):
        when = every(STEP, active=happened(event, within=OF_LATE))
        worth = TotalOf(event, amounts[0], YEAR) if amounts else None
        yield _made(mapping, when, absent(event, within=HORIZON), worth)
        for amount in amounts[:1]:
            yield _made(mapping, when, total(event, amount, within=HORIZON), worth)
        yield _made(mapping, when, count(event, within=HORIZON), worth)
        yield _made(mapping, when, next_(event, within=HORIZON), worth)


def _deadlines(mapping: FieldMap) -> Iterator[Question]:
    """Each day a thing names against each event that ends it."""
    # What only happens behind a day is no question about that day.
    endings = [one.type for one in mapping.events_ if not one.begins and one.past is None]
    for day in _columns(mapping, Sort.DAY, Sort.INSTANT):
        for event in endings:
            yield _made(mapping, before(attribute(day), LEAD), absent(event, until=attribute(day)), _worth(mapping))


def _ends(mapping: FieldMap) -> Iterator[Question]:
    """How long it takes from each event that begins a thing to each that ends it, where no day says by when."""
    if _columns(mapping, Sort.DAY, Sort.INSTANT):
        return
    for begin in (one.type for one in mapping.events_ if one.begins):
        for end in (one.type for one in mapping.events_ if not one.begins):
            yield _made(mapping, at(begin), next_(end, within=HORIZON), _worth(mapping))


def _classes(mapping: FieldMap, things: Sequence[Mapping[str, Any]]) -> Iterator[Question]:
    """Of a table without time: the rarer class of columns that have few; those with two first, then the last column.

    What is to be foretold usually stands at the end of such a table.
    """
    found: list[tuple[int, str, str]] = []
    for name in reversed(_columns(mapping, Sort.FLAG, Sort.CATEGORY)):
        seen = Counter(said for one in things if (said := _said(one.get(name))))
        if 2 <= len(seen) <= CLASSES and min(seen.values()) >= FEWEST:
            found.append((len(seen), name, min(seen, key=lambda one: (seen[one], one))))
    for _, name, class_ in sorted(found, key=lambda one: one[0]):
        yield _made(mapping, once(), value(name, is_=class_), _worth(mapping))


def _said(said: Any) -> str:
    if isinstance(said, bool):
        return "true" if said else "false"
    return said if isinstance(said, str) else ""


def _is_flat(mapping: FieldMap) -> bool:
    """Whether nothing in a table is dated."""
    return not mapping.events_ and not _columns(mapping, Sort.DAY, Sort.INSTANT)


def _columns(mapping: FieldMap, *sorts: Sort) -> list[str]:
    return [one.name for one in mapping.columns if not one.link and one.sort in sorts and not one.personal]


def _amounts(mapping: FieldMap) -> list[str]:
    """Columns of numbers, money first."""
    return list(dict.fromkeys([*_money(mapping), *_columns(mapping, Sort.NUMBER)]))


def _money(mapping: FieldMap) -> list[str]:
    return [one.name for one in mapping.columns if one.unit and one.name in _columns(mapping, Sort.NUMBER)]


def _worth(mapping: FieldMap) -> AttributeOf | None:
    money = _money(mapping)
    return attribute(money[0]) if money else None


def _made(mapping: FieldMap, when: Cutoff, answer: Answer, worth: AttributeOf | TotalOf | None) -> Question:
    return Question(name="own.suggested", of=mapping.kind, asks="", when=when, answer=answer, worth=worth)
