"""Random histories of several kinds: what happens to things, to their parts and to who makes them; and questions.

Wider than `histories`: events that say amounts and categories, events of a linked kind, texts, flags, links of links,
moments that tie. Everything may be late, corrected, moved to another thing or taken back.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from sightline.language.kind import Attribute, Kind, Link, Sort
from sightline.language.question import (
    Question,
    absent,
    at,
    attribute,
    before,
    count,
    days,
    every,
    happened,
    happens,
    next_,
    once,
    total,
    value,
    where,
)
from tests.kernel.predict.histories import Row, due

KINDS = {
    "thing": Kind(
        name="thing",
        attributes=(
            Attribute(name="due", sort=Sort.DAY),
            Attribute(name="size", sort=Sort.NUMBER),
            Attribute(name="colour", sort=Sort.CATEGORY),
            Attribute(name="fine", sort=Sort.FLAG),
            Attribute(name="note", sort=Sort.TEXT),
        ),
        links=(Link(name="maker", to="maker"), Link(name="place", to="place")),
    ),
    "part": Kind(
        name="part",
        attributes=(Attribute(name="weight", sort=Sort.NUMBER), Attribute(name="colour", sort=Sort.CATEGORY)),
        links=(Link(name="thing", to="thing"), Link(name="spare", to="thing")),
    ),
    "maker": Kind(
        name="maker",
        attributes=(Attribute(name="rank", sort=Sort.NUMBER),),
        links=(Link(name="land", to="land"),),
    ),
    "land": Kind(name="land", attributes=(Attribute(name="warm", sort=Sort.NUMBER),)),
}


def _question(name: str, when: Any, answer: Any, **more: Any) -> Question:
    return Question(name=f"lab.{name}", of="thing", asks="?", when=when, answer=answer, **more)


DUE, RED = attribute("due"), where("colour", "is", "red")

QUESTIONS = [
    _question("undone_still", every(days(20)), absent("thing.done", until=DUE), grace=days(5)),
    _question("undone", before(DUE, days(10)), absent("thing.done", until=DUE), grace=days(5), worth=attribute("size"),
              where=(where("colour", "is not", "blue"),), unless=("thing.gone",)),
    _question("done_within", before(DUE, days(10)), happens("thing.done", within=days(30))),
    _question("seen_red_by", before(DUE, days(20)), happens("thing.seen", by=DUE, where=(RED,)), grace=days(2)),
    _question("made_by", before(DUE, days(20)), happens("part.made", by=DUE)),
    _question("done_after_seen", at("thing.seen"), happens("thing.done", within=days(20)), unless=("thing.gone",)),
    _question("seen_again", at("thing.seen"), next_("thing.seen", within=days(25)), grace=days(3)),
    _question("made_again", at("part.made"), count("part.made", within=days(30))),
    _question("seen_sum", at("thing.seen"), total("thing.seen", "n", within=days(40), where=(RED,))),
    _question("goes_quiet", every(days(10), active=happened("thing.seen", within=days(30))),
              absent("thing.seen", within=days(20)), grace=days(4), worth=total("thing.seen", "n", past=days(40)),
              unless=("thing.gone",)),
    _question("parts_heavy", every(days(15)),
              count("part.made", within=days(30), where=(where("weight", "above", 3),))),
    _question("parts_cost", every(days(20), active=happened("part.made", within=days(30))),
              total("part.made", "price", within=days(30)), worth=total("part.made", "weight", past=days(30))),
    _question("parts_weigh", every(days(20)), total("part.made", "weight", within=days(30)), grace=days(10)),
    _question("next_part", every(days(14)), next_("part.made", within=days(28)), where=(where("fine", "is", True),)),
    _question("size_then", every(days(20)), value("size", within=days(30)), where=(where("size", "below", 8),)),
    _question("red_by", before(DUE, days(15)), value("colour", by=DUE, is_="red"), grace=days(5)),
    _question("fine_after", at("thing.seen"), value("fine", within=days(20), is_="true")),
    _question("red", once(), value("colour", is_="red")),
    _question("size", once(), value("size")),
]  # fmt: skip
"""Every cutoff and every answer."""

MOMENTS = st.integers(0, 120) | st.integers(0, 480).map(lambda quarters: quarters / 4)
COLOURS = st.sampled_from(["red", "blue", "grey", None])
AMOUNTS = st.sampled_from([1, 2, 5, 0.1, 0.2, 0.3, -4, 7.25])
THINGS = st.sampled_from(["t0", "t1", "t2", "t3"])
MAKERS, LANDS = st.sampled_from(["a", "b"]), st.sampled_from(["x", "y"])


def _maybe(**members: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[tuple[str, Any], ...]]:
    """Some of the members, each in some order of names."""
    return st.fixed_dictionaries({}, optional=members).map(lambda found: tuple(sorted(found.items())))


SAID: dict[str, tuple[str, st.SearchStrategy[Any], st.SearchStrategy[Any]]] = {
    "thing.described": (
        "thing",
        _maybe(due=st.integers(10, 110).map(due), size=st.integers(1, 9), colour=COLOURS, fine=st.booleans(),
               note=st.sampled_from(["well made", "made badly", ""])),
        _maybe(maker=MAKERS, place=st.sampled_from(["a", "b", None])),
    ),
    "thing.done": ("thing", st.just(()), st.just(())),
    "thing.seen": ("thing", _maybe(n=AMOUNTS, colour=COLOURS, m=AMOUNTS), st.just(())),
    "thing.gone": ("thing", st.just(()), st.just(())),
    "part.described": (
        "part",
        _maybe(weight=st.integers(1, 6), colour=COLOURS),
        _maybe(thing=THINGS, spare=THINGS.map(lambda key: f"thing/{key}")),
    ),
    "part.made": ("part", _maybe(price=AMOUNTS), _maybe(thing=THINGS)),
    "maker.described": ("maker", _maybe(rank=st.integers(1, 9)), _maybe(land=LANDS)),
    "maker.paid": ("maker", _maybe(sum=AMOUNTS), st.just(())),
    "land.described": ("land", _maybe(warm=st.integers(1, 9)), st.just(())),
}  # fmt: skip
"""Kind, members and links of each type."""


@st.composite
def chains(draw: st.DrawFn, type_: str, key: str, chain: str, most: int = 3) -> list[Row]:
    """One event and its corrections, each known no earlier than the one before; some take it back."""
    kind, members, links = SAID[type_]
    time = draw(MOMENTS)
    known, rows = time + draw(st.sampled_from([0, 0, 0, 1, 3.5, 20, -5])), []
    for version in range(draw(st.integers(1, most))):
        gone = version > 0 and draw(st.integers(0, 2)) == 0
        if version:
            known += draw(st.sampled_from([0, 1, 10, 30]))
            time = draw(st.sampled_from([time, time, time + 2, time - 7.5]))
        row = Row(f"{chain}.{version}", f"{chain}.0", type_, key, time, max(known, 0), kind=kind)
        rows.append(
            replace(row, type="sightline.retracted", retracted=True)
            if gone
            else replace(row, data=draw(members), links=draw(links))
        )
    return rows


@st.composite
def worlds(draw: st.DrawFn, most: int = 5) -> list[Row]:
    """Up to `most` things, their parts and their makers, in the order in which they were recorded (any)."""
    rows: list[Row] = []

    def add(type_: str, key: str, least: int, many: int, versions: int = 3) -> None:
        for _ in range(draw(st.integers(least, many))):
            rows.extend(draw(chains(type_, key, f"c{len(rows)}", versions)))

    for number in range(draw(st.integers(1, most))):
        add("thing.described", f"t{number}", 1, 2)
        add("thing.done", f"t{number}", 0, 2)
        add("thing.seen", f"t{number}", 0, 5, 2)
        add("thing.gone", f"t{number}", 0, 1, 2)
    for number in range(draw(st.integers(0, 4))):
        add("part.described", f"p{number}", 0, 2)
        add("part.made", f"p{number}", 0, 2)
    for key in ("a", "b"):
        add("maker.described", key, 0, 2)
        add("maker.paid", key, 0, 2)
    add("land.described", "x", 0, 1)
    return rows


@st.composite
def changed(draw: st.DrawFn, rows: list[Row], moment: float) -> list[Row]:
    """The same history with what became known after `moment` removed, moved, altered, and more added."""
    kept = [row for row in rows if row.known <= moment]
    later = [row for row in rows if row.known > moment and draw(st.booleans())]
    later = [replace(row, known=row.known + draw(st.integers(0, 9)), time=draw(MOMENTS)) for row in later]
    for number in range(draw(st.integers(0, 6))):
        type_ = draw(st.sampled_from(sorted(SAID)))
        kind, members, links = SAID[type_]
        roots = sorted({(row.root, row.key) for row in rows if row.kind == kind})
        fresh = (f"new{number}", draw(st.sampled_from({"thing": ["t0", "t9"], "part": ["p0", "p9"]}.get(kind, ["a"]))))
        root, key = draw(st.sampled_from([*roots, fresh]))
        row = Row(f"later{number}", root, type_, key, draw(MOMENTS), moment + draw(st.integers(1, 40)), kind=kind)
        gone = draw(st.integers(0, 2)) == 0
        more = draw(_maybe(mood=st.text(max_size=3), aaa=AMOUNTS, n=st.sampled_from(["many", 3])))
        later.append(
            replace(row, type="sightline.retracted", retracted=True)
            if gone
            else replace(row, data=(*draw(members), *more), links=draw(links))
        )
    return kept + later
