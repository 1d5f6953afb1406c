"""What happened to a thing, measured by sums over time, against the clerk who counts what stands on the day."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sightline.kernel.predict._happenings import happenings
from sightline.kernel.predict._queries import targets
from sightline.kernel.predict.facts import INSTANT, Facts
from sightline.language.time import DAWN
from tests.kernel.predict.clerk import Book, Clerk, Fact, amount
from tests.kernel.predict.histories import Row, day, frame
from tests.kernel.predict.worlds import KINDS, MOMENTS, worlds

NUMBERS = {"thing.seen": ("m", "n"), "part.made": ("price", "weight"), "part.described": ("weight",)}
CATEGORIES = {"thing.seen": ("colour",), "part.made": ("colour",), "part.described": ("colour",)}
EVENTS = ("thing.described", "thing.done", "thing.gone", "thing.seen", "part.described", "part.made")


def hours(at: datetime) -> int:
    return int(at.timestamp() // 3_600)


def _stints(clerk: Clerk, key: str, kind: str, event: str, at: datetime) -> list[tuple[datetime, Fact]]:
    """Whenever an occurrence began to concern the subject, by then: (moment, occurrence), in the order known."""
    found, before = [], set[int]()
    for moment in (m for m in clerk.moments if m <= at):
        here = {f.position: f for f in clerk.book(moment).of(key, kind, event)}
        found += [(moment, f) for position, f in here.items() if position not in before]
        before = set(here)
    return sorted(found, key=lambda one: (one[0], one[1].time, one[1].position))


def _told(clerk: Clerk, key: str, kind: str, event: str, name: str, at: datetime) -> list[str]:
    """Every category it was ever said to be by then: a correction says it again, and nothing is forgotten."""
    found, before = list[str](), set[tuple[int, str]]()
    for moment in (m for m in clerk.moments if m <= at):
        book = clerk.book(moment)
        said = {(f.position, book.read(kind, f, name)) for f in book.of(key, kind, event)}
        here = {(position, text) for position, text in said if isinstance(text, str)}
        found += [text for _, text in here - before]
        before = here
    return found


def _gaps(clerk: Clerk, key: str, kind: str, event: str, at: datetime) -> tuple[list[int], list[int]]:
    """Hours between what became known one after the other: of all by then, and of those that still stand."""
    stints = _stints(clerk, key, kind, event, at)
    last = {fact.position: moment for moment, fact in stints}
    standing = {f.position for f in clerk.book(at).of(key, kind, event)}
    all_, still = [], []
    for (_, one), (moment, two) in pairwise(stints):
        gap = abs(hours(two.time) - hours(one.time))
        all_.append(gap)
        if two.position in standing and last[two.position] == moment:
            still.append(gap)
    return all_, still


def _counted(clerk: Clerk, key: str, kind: str, event: str, at: datetime) -> dict[str, Any]:
    """How often, how lately, how regularly."""
    found, now = clerk.book(at).of(key, kind, event), hours(at)
    n = len(found)
    ago = {w: len(clerk.book(at - timedelta(days=w)).of(key, kind, event)) for w in (30, 90, 365)}
    last = max((hours(f.time) for f in found), default=None)
    first = min((hours(f.time) for f in found), default=None)
    told: dict[str, Any] = {"count": n, **{f"count_{w}": n - many for w, many in ago.items()}}
    told["since_last"] = None if last is None else now - last
    told["since_first"] = None if first is None else now - first
    mean = None if last is None or first is None or n < 2 else (last - first) / (n - 1)
    told["gap_mean"] = mean
    told["lateness"] = (now - last) / mean if mean and last is not None else None
    told["trend"] = (n - ago[90]) / (n - ago[365]) if n > ago[365] else None
    all_, still = _gaps(clerk, key, kind, event, at)
    told["gap_longest"] = max(all_, default=None)
    middle = sum(still) / len(still) if still else 0.0
    told["gap_spread"] = math.sqrt(sum((g - middle) ** 2 for g in still) / len(still)) if len(still) > 1 else None
    return told


def _summed(clerk: Clerk, key: str, kind: str, event: str, name: str, at: datetime) -> dict[str, Any]:
    """What a member of the occurrences adds up to."""

    def said(book: Book) -> list[float]:
        read = [amount(book.read(kind, f, name)) for f in book.of(key, kind, event)]
        return [number for number in read if number is not None]

    now = said(clerk.book(at))
    ago = {w: said(clerk.book(at - timedelta(days=w))) for w in (30, 90, 365)}
    told: dict[str, Any] = {"sum": sum(now), **{f"sum_{w}": sum(now) - sum(then) for w, then in ago.items()}}
    told["mean"] = sum(now) / len(now) if now else None
    lately = len(now) - len(ago[365])
    told["mean_365"] = (sum(now) - sum(ago[365])) / lately if lately > 0 else None
    return told | {"max": max(now, default=None), "min": min(now, default=None)}


def _commonest(told: Sequence[str]) -> str | None:
    counts = Counter(told)
    return min((-many, text) for text, many in counts.items())[1] if counts else None


def _measured(clerk: Clerk, key: str, kind: str, event: str, at: datetime) -> dict[str, Any]:
    """Every measure of a stream, named as the features are."""
    found = dict(_counted(clerk, key, kind, event, at))
    for name in NUMBERS.get(event, ()):
        summed = _summed(clerk, key, kind, event, name, at)
        found |= {f"{name}.{measure}": value for measure, value in summed.items()}
    for name in CATEGORIES.get(event, ()):
        found[f"{name}.commonest"] = _commonest(_told(clerk, key, kind, event, name, at))
    return found


def _same(value: Any, wanted: Any) -> bool:
    if value is None or wanted is None or isinstance(wanted, str):
        return bool(value == wanted)
    return bool(value == pytest.approx(wanted, abs=1e-6))


def _queries(asked: Iterable[tuple[str, float]]) -> pl.DataFrame:
    rows = [(row, key, day(at)) for row, (key, at) in enumerate(asked)]
    return pl.DataFrame(rows, {"row": pl.UInt32, "key": pl.String, "cutoff": INSTANT}, orient="row")


ASKED = st.lists(st.tuples(st.sampled_from(["t0", "t1", "t2", "t3"]), MOMENTS | st.integers(120, 520)), max_size=12)


def _check_own_as_the_clerk(rows: list[Row], asked: list[tuple[str, float]]) -> None:
    clerk, queries = Clerk(rows, KINDS), _queries(asked)
    table, specs = happenings("thing", queries, Facts.of(frame(rows), KINDS))
    names = {spec.name for spec in specs}
    events = {e for e in EVENTS if f"own.{e}.count" in names}
    assert events == {type_ for kind, type_ in clerk.own if kind in ("thing", "part")}
    for row, key, at in queries.iter_rows():
        told = table.row(by_predicate=pl.col("row") == row, named=True)
        for event in events:
            for measure, wanted in _measured(clerk, key, "thing", event, at).items():
                name = f"own.{event}.{measure}"
                # A member that no event ever said has no column.
                if name in names or "." not in measure:
                    assert _same(told[name], wanted), (name, key, at, told[name], wanted)


@settings(max_examples=12, deadline=None)
@given(worlds(), ASKED)
def test_what_happened_is_measured_as_the_clerk_does(rows: list[Row], asked: list[tuple[str, float]]) -> None:
    _check_own_as_the_clerk(rows, asked)


@pytest.mark.slow
@settings(max_examples=25, deadline=None)
@given(worlds(), ASKED)
def test_what_happened_is_measured_as_the_clerk_does_thoroughly(
    rows: list[Row], asked: list[tuple[str, float]]
) -> None:
    _check_own_as_the_clerk(rows, asked)


FAR = ("count", "count_30", "count_365", "since_last")
FAR_SUMS = ("sum", "sum_365", "mean")


def _check_far_as_the_clerk(rows: list[Row], asked: list[tuple[str, float]]) -> None:
    """Of the maker a thing points at on the day: what happened to it and to all things that point at it."""
    clerk, queries, facts = Clerk(rows, KINDS), _queries(asked), Facts.of(frame(rows), KINDS)
    table, specs = happenings("maker", targets("thing", "maker", queries, facts), facts, path=("maker",))
    streams = {spec.of[1] for spec in specs}
    for row, key, at in queries.iter_rows():
        to = clerk.book(at).link("thing", key, "maker")
        told = table.filter(pl.col("row") == row).to_dicts()
        assert len(told) == (to is not None)
        for event in streams if told and to else ():
            name, wanted = f"far.maker.{event}", _counted(clerk, to[6:], "maker", event, at)
            for measure in FAR:
                assert _same(told[0][f"{name}.{measure}"], wanted[measure]), (name, measure, key, at)
            member = {"maker.paid": "sum"}.get(event)
            if member and f"{name}.{member}.sum" in told[0]:
                sums = _summed(clerk, to[6:], "maker", event, member, at)
                for measure in FAR_SUMS:
                    assert _same(told[0][f"{name}.{member}.{measure}"], sums[measure]), (name, measure, key, at)


@settings(max_examples=8, deadline=None)
@given(worlds(), ASKED)
def test_what_happened_to_what_is_pointed_at_too(rows: list[Row], asked: list[tuple[str, float]]) -> None:
    _check_far_as_the_clerk(rows, asked)


@pytest.mark.slow
@settings(max_examples=20, deadline=None)
@given(worlds(), ASKED)
def test_what_happened_to_what_is_pointed_at_too_thoroughly(rows: list[Row], asked: list[tuple[str, float]]) -> None:
    _check_far_as_the_clerk(rows, asked)


def test_what_nothing_dates_has_no_gaps() -> None:
    rows = [Row(f"e{i}", f"e{i}", "thing.seen", "t0", (DAWN - day(0)).days, 5) for i in range(3)]
    table, _ = happenings("thing", _queries([("t0", 9)]), Facts.of(frame(rows), KINDS))
    told = table.row(0, named=True)
    assert told["own.thing.seen.count"] == 3
    assert [told[f"own.thing.seen.{m}"] for m in ("since_last", "since_first", "gap_mean", "lateness")] == [None] * 4


def test_two_roles_to_the_same_thing_count_what_happens_once() -> None:
    """p0 is part of t0 from day 1 and its spare from day 9, where it is made on day 2."""
    rows = [
        Row("a", "a", "part.described", "p0", 1, 1, (), (("thing", "t0"),), kind="part"),
        Row("b", "b", "part.made", "p0", 2, 2, kind="part"),
        Row("c", "c", "part.described", "p0", 9, 9, (), (("spare", "thing/t0"),), kind="part"),
    ]
    table, _ = happenings("thing", _queries([("t0", 5), ("t0", 10)]), Facts.of(frame(rows), KINDS))
    assert table.sort("row")["own.part.made.count"].to_list() == [1, 1]
