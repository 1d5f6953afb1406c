"""Small random histories of things, their parts, their makers and the makers' regions, told in some order of arrival:
late, corrected, moved to others, retracted. And questions of every shape about the things.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl
from hypothesis import strategies as st

from sightline.language.event import Event
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
from sightline.language.ref import Ref
from tests.kernel.predict.histories import COLUMNS

BEGIN = datetime(2020, 1, 1, tzinfo=UTC)

KINDS = {
    kind.name: kind
    for kind in (
        Kind(
            name="thing",
            attributes=(
                Attribute(name="due", sort=Sort.DAY),
                Attribute(name="size", sort=Sort.NUMBER),
                Attribute(name="colour", sort=Sort.CATEGORY),
                Attribute(name="note", sort=Sort.TEXT),
                Attribute(name="state", sort=Sort.CATEGORY),
            ),
            links=(Link(name="maker", to="maker"), Link(name="place", to="place")),
        ),
        Kind(
            name="part",
            attributes=(Attribute(name="weight", sort=Sort.NUMBER),),
            links=(Link(name="thing", to="thing"), Link(name="spare", to="thing"), Link(name="maker", to="maker")),
        ),
        Kind(name="maker", attributes=(Attribute(name="rank", sort=Sort.NUMBER),),
             links=(Link(name="region", to="region"),)),
        Kind(name="region", attributes=(Attribute(name="area", sort=Sort.CATEGORY),)),
        Kind(name="place"),
    )
}  # fmt: skip


def _question(**parts: Any) -> Question:
    return Question(**{"name": "lab.q", "of": "thing", "asks": "?", "grace": days(5), **parts})


QUESTIONS = {
    "before": _question(when=before(attribute("due"), days(10)), answer=absent("thing.done", until=attribute("due")),
                        worth=attribute("size"), where=(where("size", "above", 2),)),
    "by": _question(when=before(attribute("due"), days(10)), answer=happens("thing.done", by=attribute("due"))),
    "at": _question(when=at("thing.seen"), answer=happens("thing.done", within=days(20)), unless=("thing.left",)),
    "before own": _question(when=before(attribute("due"), days(10)), answer=count("thing.done", within=days(20))),
    "at linked": _question(when=at("part.made"), answer=count("part.made", within=days(15))),
    "every": _question(when=every(days(30), active=happened("part.made", within=days(25))),
                       answer=absent("part.made", within=days(12)), worth=total("part.made", "weight", past=days(40))),
    "every total": _question(when=every(days(35)), unless=("thing.left",),
                             answer=total("part.made", "weight", within=days(20),
                                          where=(where("weight", "above", 3),))),
    "every next": _question(when=every(days(30), active=happened("thing.seen", within=days(30))),
                            answer=next_("thing.done", within=days(15))),
    "every by": _question(when=every(days(30)), answer=happens("thing.done", by=attribute("due"))),
    "value": _question(when=every(days(30)), answer=value("state", within=days(10), is_="on")),
    "number": _question(when=before(attribute("due"), days(5)), answer=value("cost", by=attribute("due"))),
    "once": _question(when=once(), answer=value("state", is_="on")),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Told:
    """One event; days count from BEGIN."""

    id: str
    root: str
    type: str
    kind: str
    key: str
    time: float
    known: float
    arrives: float
    data: tuple[tuple[str, Any], ...] = ()
    links: tuple[tuple[str, str | None], ...] = ()

    @property
    def content(self) -> dict[str, Any]:
        found: dict[str, Any] = dict(self.data)
        return found | ({"links": dict(self.links)} if self.links else {})

    @property
    def retracted(self) -> bool:
        return self.type == "sightline.retracted"

    def event(self, position: int) -> Event:
        return Event(
            id=self.id, source="lab", type=self.type, subject=Ref(self.kind, self.key), time=day(self.time),
            known_at=day(self.known), recorded_at=day(self.arrives), position=position, data=self.content,
            revises=None if self.root == self.id else self.root,
        )  # fmt: skip


def day(number: float) -> datetime:
    return BEGIN + timedelta(days=number)


def frame(told: Sequence[Told]) -> pl.DataFrame:
    """The lake's columns; positions follow the order given."""
    found = []
    for position, one in enumerate(told, start=1):
        who = (position, "lab", one.id, one.root, one.type, one.kind, one.key)
        found.append((*who, day(one.time), day(one.known), one.retracted, json.dumps(one.content)))
    return pl.DataFrame(found, schema=COLUMNS, orient="row")


KEYS = {"thing": ["t1", "t2", "t3", "t4", "t5"], "part": ["p1", "p2", "p3", "p4", "p5", "p6"], "maker": ["m1", "m2"],
        "region": ["r1", "r2"]}  # fmt: skip
PLACES = ["x", "y"]
SELDOM = st.integers(0, 2).map(lambda drawn: drawn == 0)


Said = tuple[dict[str, Any], dict[str, str | None]]


def _described(draw: st.DrawFn) -> Said:
    data = {
        "due": day(draw(st.integers(5, 110))).date().isoformat(),
        "size": draw(st.integers(1, 9)),
        "colour": draw(st.sampled_from(["red", "blue", None])),
        "state": draw(st.sampled_from(["on", "off"])),
    }
    links: dict[str, str | None] = {"place": "place/" + draw(st.sampled_from(PLACES))}
    if draw(SELDOM):
        data["note"] = draw(st.sampled_from(["a b c", "b b", ""]))
    if not draw(SELDOM):
        links["maker"] = draw(st.sampled_from(["maker/m1", "maker/m2", None]))
    return data, links


def _made(draw: st.DrawFn) -> Said:
    links: dict[str, str | None] = {"thing": "thing/" + draw(st.sampled_from(KEYS["thing"]))}
    if draw(SELDOM):
        links["spare"] = "thing/" + draw(st.sampled_from(KEYS["thing"]))
    if draw(SELDOM):
        links["maker"] = "maker/" + draw(st.sampled_from(KEYS["maker"]))
    return ({} if draw(SELDOM) else {"weight": draw(st.integers(1, 9))}), links


def _happened(draw: st.DrawFn) -> Said:
    if draw(SELDOM):
        return {}, {}
    return {"cost": draw(st.sampled_from([0.5, 1, 2.25, -3])), "mood": draw(st.sampled_from(["good", "bad"]))}, {}


def _said(draw: st.DrawFn, kind: str, type_: str) -> Said:
    if type_ == "thing.described":
        return _described(draw)
    if type_ == "part.made":
        return _made(draw)
    if kind == "thing":
        return _happened(draw)
    if kind == "part":
        return {"weight": draw(st.integers(1, 9))}, {}
    if kind == "maker":
        return {"rank": draw(st.integers(1, 3))}, {"region": "region/" + draw(st.sampled_from(KEYS["region"]))}
    return {"area": draw(st.sampled_from(["north", "south"]))}, {}


TYPES = ["thing.described", "thing.described", "thing.seen", "thing.seen", "thing.done", "thing.left", "part.made",
         "part.made", "part.made", "part.described", "maker.described", "maker.paid", "region.described"]  # fmt: skip


@st.composite
def chains(draw: st.DrawFn, number: int, type_: str) -> list[Told]:
    """One event, perhaps corrected, perhaps moved to another thing, perhaps retracted."""
    kind = type_.partition(".")[0]
    key = draw(st.sampled_from(KEYS[kind]))
    time = draw(st.integers(0, 100))
    known = time + (draw(st.integers(0, 10)) if draw(st.booleans()) else 0)
    if draw(st.integers(0, 9)) == 0:
        time += draw(st.integers(0, 30))
    found = []
    for version in range(1 if draw(st.integers(0, 2)) else draw(st.integers(2, 3))):
        known += draw(st.integers(0, 15)) if version else 0
        late = draw(st.integers(0, 8)) if draw(st.integers(0, 5)) == 0 else 0
        gone = version > 0 and draw(st.integers(0, 2)) == 0
        if version > 0 and draw(st.integers(0, 3)) == 0:
            key = draw(st.sampled_from(KEYS[kind]))
        data, links = ({}, {}) if gone else _said(draw, kind, type_)
        found.append(
            Told(f"e{number}.{version}", f"e{number}.0", "sightline.retracted" if gone else type_, kind, key, time,
                 known, known + late, tuple(data.items()), tuple(links.items()))
        )  # fmt: skip
    return found


@st.composite
def worlds(draw: st.DrawFn, most: int = 40) -> list[Told]:
    """Events in the order in which they arrive."""
    types = [*TYPES, *draw(st.lists(st.sampled_from(TYPES), min_size=0, max_size=most))]
    rows = [one for number, type_ in enumerate(types) for one in draw(chains(number, type_))]
    return sorted(rows, key=lambda one: one.arrives)
