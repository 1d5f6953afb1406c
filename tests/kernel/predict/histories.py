"""Small random histories with late, corrected and retracted facts, and a question about them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl
from hypothesis import strategies as st

from sightline.language.kind import Attribute, Kind, Link, Sort
from sightline.language.question import Question, absent, attribute, before, days

BEGIN = datetime(2020, 1, 1, tzinfo=UTC)

DONE = Question(
    name="lab.is_late",
    of="thing",
    asks="Will this thing be undone on its day?",
    when=before(attribute("due"), days(10)),
    answer=absent("thing.done", until=attribute("due")),
    grace=days(5),
    worth=attribute("size"),
    together="maker",
    yes="late",
    no="done",
)

KINDS = {
    "thing": Kind(
        name="thing",
        attributes=(
            Attribute(name="due", sort=Sort.DAY),
            Attribute(name="size", sort=Sort.NUMBER),
            Attribute(name="colour", sort=Sort.CATEGORY),
        ),
        links=(Link(name="maker", to="maker"), Link(name="place", to="place")),
    )
}

COLUMNS = {
    "position": pl.Int64,
    "source": pl.String,
    "id": pl.String,
    "root": pl.String,
    "type": pl.String,
    "kind": pl.String,
    "key": pl.String,
    "time": pl.Datetime("us", "UTC"),
    "known_at": pl.Datetime("us", "UTC"),
    "retracted": pl.Boolean,
    "data": pl.String,
}


@dataclass(frozen=True, slots=True)
class Row:
    """One event; days count from BEGIN."""

    id: str
    root: str
    type: str
    key: str
    time: float
    known: float
    data: tuple[tuple[str, Any], ...] = ()
    links: tuple[tuple[str, str | None], ...] = ()
    """Role and the key of the thing of that kind, or `kind/key`."""
    retracted: bool = False
    kind: str = "thing"


def day(number: float) -> datetime:
    return BEGIN + timedelta(days=number)


def frame(rows: Iterable[Row]) -> pl.DataFrame:
    """The lake's columns; positions follow the order given."""
    found = []
    for position, row in enumerate(rows, start=1):
        data: dict[str, Any] = dict(row.data)
        if row.links:
            data["links"] = {role: pointed(role, to) for role, to in row.links}
        who = (position, "lab", row.id, row.root, row.type, row.kind, row.key)
        found.append((*who, day(row.time), day(row.known), row.retracted, json.dumps(data)))
    return pl.DataFrame(found, schema=COLUMNS, orient="row")


def pointed(role: str, to: str | None) -> str | None:
    """Where a link of a row points: `kind/key`."""
    return to if to is None or "/" in to else f"{role}/{to}"


def due(number: float) -> str:
    return day(number).date().isoformat()


MAKERS = st.sampled_from(["a", "b", "c"])
DAYS = st.integers(0, 120)


@st.composite
def described(draw: st.DrawFn, key: str, chain: str) -> list[Row]:
    """A thing's description, perhaps corrected, perhaps retracted."""
    first = draw(st.integers(0, 60))
    rows = []
    known = first
    for version in range(draw(st.integers(1, 3))):
        known += draw(st.integers(0, 30)) if version else 0
        data = (
            ("due", due(draw(st.integers(first, 110)))),
            ("size", draw(st.integers(1, 9))),
            ("colour", draw(st.sampled_from(["red", "blue"]))),
        )
        links = (("maker", draw(MAKERS)), ("place", draw(MAKERS)))
        gone = version > 0 and draw(st.integers(0, 4)) == 0
        rows.append(
            Row(f"{chain}.{version}", f"{chain}.0", "sightline.retracted" if gone else "thing.described", key, first,
                known, () if gone else data, () if gone else links, gone)
        )  # fmt: skip
    return rows


@st.composite
def done(draw: st.DrawFn, key: str, chain: str) -> list[Row]:
    """The answer event, recorded late, perhaps corrected, perhaps retracted."""
    rows = []
    known = 0
    for version in range(draw(st.integers(0, 3))):
        time = draw(DAYS)
        known = max(known, time) + draw(st.integers(0, 20))
        gone = version > 0 and draw(st.booleans())
        type_ = "sightline.retracted" if gone else "thing.done"
        rows.append(Row(f"{chain}.{version}", f"{chain}.0", type_, key, time, known, (), (), gone))
    return rows


@st.composite
def histories(draw: st.DrawFn) -> list[Row]:
    """Up to eight things with a few chains each, in the order in which they were recorded (any)."""
    rows: list[Row] = []
    for number in range(draw(st.integers(1, 8))):
        key = f"t{number}"
        rows += draw(described(key, f"{key}.said"))
        rows += draw(done(key, f"{key}.done"))
        if draw(st.integers(0, 3)) == 0:
            rows += draw(described(key, f"{key}.also"))
        if draw(st.integers(0, 3)) == 0:
            rows += draw(done(key, f"{key}.again"))
    return rows


@st.composite
def changed_after(draw: st.DrawFn, rows: list[Row], moment: int) -> list[Row]:
    """The same history with what became known after `moment` removed, moved, altered, and more added."""
    kept = [row for row in rows if row.known <= moment]
    later = [row for row in rows if row.known > moment and draw(st.booleans())]
    later = [replace(row, known=row.known + draw(st.integers(0, 9)), time=draw(DAYS)) for row in later]
    roots = sorted({(row.root, row.key) for row in rows})
    for number in range(draw(st.integers(0, 5))):
        root, key = draw(st.sampled_from([*roots, (f"new{number}", f"t{draw(st.integers(0, 12))}")]))
        type_ = draw(st.sampled_from(["thing.done", "thing.described", "thing.seen", "sightline.retracted"]))
        data = (("due", due(draw(DAYS))), ("size", draw(st.integers(1, 99))), ("mood", draw(st.text(max_size=3))))
        links = (("maker", draw(MAKERS)), ("rival", draw(MAKERS)))
        gone = type_ == "sightline.retracted"
        known = moment + draw(st.integers(1, 40))
        later.append(
            Row(
                f"later{number}", root, type_, key, draw(DAYS), known, () if gone else data, () if gone else links, gone
            )
        )
    return kept + later
