"""The audit: what knows the answer is named with its evidence and left out; what does not is let be."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from importlib.resources import as_file, files
from itertools import count
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sightline.foundation.lake import as_frame
from sightline.kernel.observe.mapping import Column
from sightline.kernel.observe.mapping import Mapping as Read
from sightline.kernel.observe.readers import open_table
from sightline.kernel.observe.rows import Misfit, RowReader
from sightline.kernel.observe.table import BrokenRow
from sightline.kernel.predict._matrix import Matrix
from sightline.kernel.predict._spec import Group, Spec
from sightline.kernel.predict.examples import examples
from sightline.kernel.predict.facts import INSTANT, Facts
from sightline.kernel.predict.features import features
from sightline.kernel.predict.leaks import Audit, audit
from sightline.kernel.predict.leaks.case import Case, lateness
from sightline.kernel.predict.leaks.dated import dated, first_after
from sightline.language.kind import Attribute, Kind, Sort
from sightline.language.question import Question, days, every, happens, next_
from sightline.packs.deals.observe import PIPELINE
from sightline.packs.deals.predict import WINS
from sightline.packs.leads.observe import CAMPAIGN
from sightline.packs.leads.predict import SUBSCRIBES
from sightline.packs.supply.observe import DELIVERIES
from sightline.packs.supply.predict import ARRIVES_LATE
from tests.kernel.predict.histories import DONE, KINDS, Row, day, due, frame

THINGS = 480
LATE = [int(one) for one in np.random.default_rng(3).random(THINGS) < 0.4]
"""Whether each thing is undone on its day."""
NOW = day(THINGS // 4 + 10)

Told = Mapping[str, Any]
Teller = Callable[[int, int], Told]
"""Number of a thing and whether it is late, to what its description says beside."""


def begun(number: int) -> int:
    """The day a thing is described; four on each."""
    return number // 4


def finished(number: int, late: int) -> int:
    """The day it is done."""
    return begun(number) + (23 if late else 17)


def things(tell: Teller, makers: int = 12, boxes: int = 0, late: Sequence[int] = LATE) -> list[Row]:
    """Things due twenty days after they are described; what is to be done after `NOW` is not done yet."""
    rows = []
    for number in range(THINGS):
        key, first, end = f"t{number:03}", begun(number), finished(number, late[number])
        told = (("due", due(first + 20)), *tell(number, late[number]).items())
        maker = (("maker", f"m{number * 7 % makers}"),)
        rows.append(Row(f"{key}.0", f"{key}.0", "thing.described", key, first, first, told, maker))
        if day(end) <= NOW:
            box = (("box", f"b{number // boxes}"),) if boxes else ()
            rows.append(Row(f"{key}.d", f"{key}.d", "thing.done", key, end, end, (), box))
    return rows


def audited(
    rows: list[Row],
    *,
    admitted: Mapping[str, str] | None = None,
    kinds: Mapping[str, Kind] = KINDS,
    question: Question = DONE,
    now: datetime = NOW,
) -> Audit:
    facts = Facts.of(frame(rows), kinds).until(now)
    asked = examples(question, facts)
    table = features(question, asked, facts)
    return audit(question, asked, Matrix.of(table.frame, table.specs), facts, now, admitted)


def noise(number: int, _late: int) -> Told:
    """Says nothing about the answer."""
    draw = np.random.default_rng(number)
    return {"size": int(draw.integers(1, 99)), "colour": ("red", "blue", "green")[draw.integers(3)]}


def failed(found: Audit, what: str) -> list[str]:
    """The tests that `what` failed; it must be suspected alone."""
    assert [one.what for one in found.suspects] == [what]
    return list(found.suspects[0].document()["tests"])


def test_what_knows_nothing_is_not_suspected() -> None:
    found = audited(things(noise))
    assert found.suspects == ()
    assert found.left_out == frozenset()
    assert found.examples > 200
    assert len(found.strongest) == 5


def test_what_tells_the_answer_alone_is_left_out_with_all_that_reads_it() -> None:
    found = audited(things(lambda n, late: {"size": 10 * late + n % 7}))
    assert "too good alone" in failed(found, "size")
    assert "attribute.size" in found.left_out
    assert any(name.startswith("far.maker.") and ".size." in name for name in found.left_out)
    assert "alone tells the answer (AUC 1.000)" in found.suspects[0].evidence


def test_it_can_be_admitted_with_a_reason() -> None:
    rows = things(lambda n, late: {"size": 10 * late + n % 7})
    for name in ("size", "attribute.size"):
        found = audited(rows, admitted={name: "measured before"})
        assert found.suspects[0].admitted == "measured before"
        assert found.left_out == frozenset()
    assert found.document()["suspects"][0]["admitted"] == "measured before"


def test_the_day_of_a_later_event_is_known_for_what_it_is() -> None:
    kinds = {
        "thing": replace(KINDS["thing"], attributes=(*KINDS["thing"].attributes, Attribute(name="end", sort=Sort.DAY)))
    }
    found = audited(things(lambda n, late: {**noise(n, late), "end": due(finished(n, late))}), kinds=kinds)
    assert failed(found, "end")[0] == "names a later moment"
    assert "names the day of `thing.done`" in found.suspects[0].evidence


def test_what_is_missing_while_open_looks_filled_in_afterwards() -> None:
    found = audited(things(lambda n, late: {"size": n % 9} if day(finished(n, late)) <= NOW else {}))
    assert failed(found, "size") == ["not there while open"]
    assert "is missing for 100% of the open things and for 0% of those answered" in found.suspects[0].evidence


def test_what_says_one_thing_until_answered_looks_filled_in_afterwards() -> None:
    found = audited(things(lambda n, late: {"size": n % 4 if day(finished(n, late)) <= NOW else 0}))
    assert failed(found, "size") == ["not there while open"]


def test_what_changes_with_the_answer_is_named() -> None:
    rows = things(noise)
    for number in range(THINGS):
        key, end = f"t{number:03}", finished(number, LATE[number])
        if day(end) <= NOW:
            told = (
                ("due", due(begun(number) + 20)),
                ("size", 100 + number % 5),
                ("colour", noise(number, 0)["colour"]),
            )
            maker = (("maker", f"m{number * 7 % 12}"),)
            rows.append(Row(f"{key}.1", f"{key}.0", "thing.described", key, begun(number), end, told, maker))
    assert failed(audited(rows), "size") == ["changes with the answer"]


def test_what_is_filled_once_for_all_that_share_something_later_is_named() -> None:
    found = audited(things(lambda n, late: {**noise(n, late), **({"weight": n % 11} if n % 3 == 0 else {})}, boxes=3))
    assert failed(found, "weight") == ["follows a later link"]
    assert "share a `box`, which is known only after the cutoff" in found.suspects[0].evidence


def test_an_average_over_answers_to_come_is_named() -> None:
    makers = 16
    share = np.random.default_rng(5).beta(0.5, 0.7, makers)
    of = np.arange(THINGS) * 7 % makers
    late = [int(one) for one in np.random.default_rng(6).random(THINGS) < share[of]]
    means = [np.mean(np.array(late)[of == maker]) for maker in range(makers)]
    ratings = [share[maker] + np.random.default_rng(maker).normal(0, 0.2) for maker in range(makers)]

    def told(number: int, _late: int) -> Told:
        maker = number * 7 % makers
        return {"size": round(float(means[maker]), 4), "rating": round(float(ratings[maker]), 4)}

    found = audited(things(told, makers, late=late))
    assert failed(found, "size")[0] == "average of answers"


def test_what_brings_too_much_beside_the_rest_is_named_unless_it_is_dated() -> None:
    rows = things(lambda n, late: {**noise(n, late), "colour": "red" if (late + (n % 9 == 0)) % 2 else "blue"})
    assert failed(audited(rows), "colour") == ["too much beside the rest"]
    dated = [replace(a, known_by="thing.described") if a.name == "colour" else a for a in KINDS["thing"].attributes]
    kinds = {"thing": replace(KINDS["thing"], attributes=tuple(dated))}
    assert audited(rows, kinds=kinds).suspects == ()


def test_a_number_that_rises_with_time_is_named() -> None:
    found = audited(things(lambda n, late: {**noise(n, late), "serial": 1000 + 3 * n}))
    assert failed(found, "serial") == ["carries time"]


def test_a_rare_trace_of_the_answer_is_named() -> None:
    found = audited(things(lambda n, late: {**noise(n, late), "size": float(late and n % 3 == 0)}, makers=40))
    assert "makes certain" in failed(found, "size")
    assert "makes the answer 'late' for 100%" in found.suspects[0].evidence


def test_twins_across_the_split_are_named_and_nothing_is_left_out() -> None:
    late = [LATE[number % 160] for number in range(THINGS)]
    found = audited(things(lambda n, _: {"size": 101 + n % 160 * 37 % 160}, makers=1, late=late))
    assert "twins" in [one.what for one in found.suspects]
    assert next(one for one in found.suspects if one.what == "twins").features == ()


def test_quantities_are_audited_by_rank() -> None:
    question = Question(
        name="lab.days",
        of="thing",
        asks="In how many days?",
        when=DONE.when,
        answer=next_("thing.done", within=days(30)),
    )
    found = audited(things(lambda n, late: {**noise(n, late), "size": finished(n, late) - begun(n)}), question=question)
    assert "too good alone" in failed(found, "size")
    assert "rank correlation 1.000" in found.suspects[0].evidence


def test_nothing_that_is_judged_is_looked_at() -> None:
    rows = things(lambda n, late: {**noise(n, late), "colour": "red" if (late + (n % 9 == 0)) % 2 else "blue"})
    facts = Facts.of(frame(rows), KINDS).until(NOW)
    cutoffs = examples(DONE, facts).eligible["cutoff"].sort()
    judged = {f"t{n:03}" for n in range(THINGS) if day(begun(n) + 10) >= cutoffs[int(0.6 * len(cutoffs))]}
    turned = [
        replace(row, time=row.time - 5, known=row.known - 5)
        if row.type == "thing.done" and row.key in judged and row.time == begun(int(row.key[1:])) + 23
        else row
        for row in rows
    ]
    assert turned != rows
    assert audited(turned).document() == audited(rows).document()


DAILY = Question(
    name="lab.often", of="thing", asks="Will it be done within a day?", when=every(days(1)),
    answer=happens("thing.done", within=days(1)),
)  # fmt: skip


def often(subjects: int, until: int) -> list[Row]:
    """Things described anew every day, each time in another box; they name the next day they are done, every other."""
    rows = []
    for number in range(subjects):
        key = f"t{number}"
        for on in range(until):
            told = (("end", due(on + 1 - on % 2)), ("size", on % 7))
            rows.append(Row(f"{key}.{on}", f"{key}.{on}", "thing.described", key, on, on, told, (("box", f"b{on}"),)))
            if on % 2:
                rows.append(Row(f"{key}.d{on}", f"{key}.d{on}", "thing.done", key, on + 0.2, on + 0.2))
    return rows


def heard(real: Callable[..., pl.DataFrame], heights: list[int]) -> Callable[..., pl.DataFrame]:
    """The same join, which notes how many rows it made."""

    def join(*given: Any, **more: Any) -> pl.DataFrame:
        found = real(*given, **more)
        heights.append(found.height)
        return found

    return join


def test_of_many_events_and_cutoffs_no_pairs_are_made(monkeypatch: pytest.MonkeyPatch) -> None:
    """Memory grows with events and cutoffs, not with one times the other: a subject of 200 days has 40,000 pairs."""
    declared = (*KINDS["thing"].attributes, Attribute(name="end", sort=Sort.DAY))
    facts = Facts.of(frame(often(3, 200)), {"thing": replace(KINDS["thing"], attributes=declared)}).until(day(201))
    asked = examples(DAILY, facts)
    specs = [
        Spec(name=f"{name}.{measure}", group=Group.ATTRIBUTE, of=(name,), measure=measure)
        for name, measure in (("end", "days"), ("size", "value"), ("box", "target"))
    ]
    # Each is there for one half: then links are looked along.
    values = np.where(np.arange(asked.eligible.height)[:, None] % 2, np.nan, np.ones(3)).astype(np.float32)
    matrix = Matrix(specs=tuple(specs), values=values, vocabulary={})
    heights: list[int] = []
    for name in ("join", "join_asof"):
        monkeypatch.setattr(pl.DataFrame, name, heard(getattr(pl.DataFrame, name), heights))
    case = Case.of(DAILY, asked, matrix, facts, day(201), seed=0, at=day(201))
    found = {topic.name: [one.test.value for one in dated(case, topic)] for topic in case.topics}
    assert len(case.rows) > 500
    changes = "changes with the answer"
    assert found == {"end": ["names a later moment", changes], "size": [changes], "box": []}
    parts = (facts.happenings, facts.attributes, facts.links, asked.eligible, asked.readings)
    assert len(heights) >= 3
    assert max(heights) <= sum(part.height for part in parts)


PLACED = st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 6), st.sampled_from("xy")), max_size=12)


@given(PLACED, PLACED)
def test_counted_pairs_are_those_that_could_be_made(
    events: list[tuple[str, int, str]], cutoffs: list[tuple[str, int, str]]
) -> None:
    names: dict[str, Any] = {"key": pl.String, "known_from": INSTANT, "type": pl.String, "number": pl.Int64}
    rows = [(key, day(at), name, number) for number, (key, at, name) in enumerate(events)]
    found = pl.DataFrame(rows, names, orient="row")
    asked = pl.DataFrame(
        [(row, key, day(at)) for row, (key, at, _) in enumerate(cutoffs)],
        {"row": pl.Int64, "key": pl.String, "cutoff": INSTANT}, orient="row",
    )  # fmt: skip
    pairs = asked.join(found, on="key").with_columns(later=pl.col("known_from") > pl.col("cutoff"))
    shares = pairs.group_by("type").agg(pl.col("later").mean())
    assert lateness(found, asked, by="type") == dict(shares.iter_rows())
    first = pairs.filter("later").sort("known_from", "number").unique("row", keep="first")
    told = first_after(asked, found, "cutoff").select("row", "number", "known_from")
    assert sorted(told.iter_rows()) == sorted(first.select("row", "number", "known_from").iter_rows())


def test_without_answers_nothing_is_said() -> None:
    found = audited(things(noise), now=day(12))
    assert (found.examples, found.suspects) == (0, ())


SHIPPED = {
    ARRIVES_LATE: ("supply", "scms_delivery.csv.gz", DELIVERIES),
    SUBSCRIBES: ("leads", "bank_additional_full.csv.gz", CAMPAIGN),
    WINS: ("deals", "sales_pipeline.csv.gz", PIPELINE),
}


def shipped(question: Question, leaks: tuple[str, ...] = (), *more: Column) -> Audit:
    """The audit of a shipped business, with columns that leak declared known from the start."""
    pack, name, mapping = SHIPPED[question]
    columns = [replace(one, known=None) if one.name in leaks else one for one in mapping.columns]
    return read(question, pack, name, replace(mapping, columns=(*columns, *more)))


def read(question: Question, pack: str, name: str, mapping: Read) -> Audit:
    numbers, reader, found = count(1), RowReader(mapping), []
    with as_file(files(f"sightline.packs.{pack}") / "data" / name) as path:
        for row in open_table(path, mapping.dialect).rows():
            assert not isinstance(row, BrokenRow), row
            events = reader.events(row)
            assert not isinstance(events, Misfit), events
            found += [event.but(position=next(numbers)) for event in events]
    facts = Facts.of(as_frame(found), {kind.name: kind for kind in mapping.kinds()})
    now: Any = facts.seen["known_at"].max()
    asked = examples(question, facts)
    table = features(question, asked, facts)
    return audit(question, asked, Matrix.of(table.frame, table.specs), facts, now)


@pytest.mark.slow
@pytest.mark.parametrize("question", SHIPPED, ids=lambda one: one.name)
def test_an_honest_mapping_raises_no_alarm(question: Question) -> None:
    assert shipped(question).suspects == ()


def _day(column: str, name: str) -> Column:
    return Column(column=column, name=name, sort=Sort.DAY)


@pytest.mark.slow
def test_what_a_delivery_leaves_behind_is_found() -> None:
    more = _day("Delivery Recorded Date", "recorded_on"), _day("Delivered to Client Date", "delivered_on")
    found = {one.what: one.test for one in shipped(ARRIVES_LATE, ("weight", "freight"), *more).suspects}
    assert found == {
        "weight": "follows a later link",
        "freight": "follows a later link",
        "recorded_on": "names a later moment",
        "delivered_on": "names a later moment",
    }


@pytest.mark.slow
def test_how_long_the_call_took_is_found() -> None:
    assert failed(shipped(SUBSCRIBES, ("duration",)), "duration") == ["too much beside the rest"]


@pytest.mark.slow
def test_what_a_deal_brought_and_when_it_closed_is_found() -> None:
    found = shipped(WINS, ("close_value",), _day("close_date", "close_date"))
    assert {one.what: one.test for one in found.suspects} == {
        "close_value": "not there while open",
        "close_date": "names a later moment",
    }
    assert "is missing for 100% of the open deals" in found.suspects[0].evidence
