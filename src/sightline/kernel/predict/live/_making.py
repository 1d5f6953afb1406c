"""The bulk read as columns: what a book is made from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import narwhals as nw
import numpy as np
import polars as pl

from sightline.kernel.predict._linked import BEYOND, MAX_DELAY
from sightline.kernel.predict._queries import scaled
from sightline.kernel.predict._streams import Stream, filtered, occurrences, owned, read_of, roles_to, stream, valued
from sightline.kernel.predict.cutoffs import _grid, _span
from sightline.kernel.predict.examples import Examples, examples
from sightline.kernel.predict.facts import Facts
from sightline.kernel.predict.live._arrows import Arrows
from sightline.kernel.predict.live._members import Column, Store
from sightline.kernel.predict.live._strands import Strand, meeting, occurring, saying
from sightline.kernel.predict.live._subjects import Subjects
from sightline.kernel.predict.live._time import DAY, END, micros, span
from sightline.language.question import Absent, Every, Happens, Next, Question, Total, TotalOf, Value


def micro(name: str) -> pl.Expr:
    """A column of moments as microseconds; null is the end."""
    return pl.col(name).dt.timestamp("us").fill_null(END)


@dataclass(frozen=True, slots=True)
class Grid:
    """The steps of a question that is asked again and again."""

    steps: tuple[int, ...]
    """Those that have come."""
    expires: int
    """The next one: then everybody is asked anew, in bulk."""
    first: int | None
    """Where it begins: the first dated word of a subject, or of anything that may be linked to one."""
    about: frozenset[str] = frozenset()
    """The kinds of these."""

    @classmethod
    def of(cls, question: Question, facts: Facts, now: datetime) -> Grid:
        """As of a moment."""
        if not isinstance(question.when, Every):
            return cls((), END, None)
        first, last = _span(question.of, facts)
        if first is None or last is None:
            return cls((), 0, None)
        steps = _grid(first, max(last, now), question.when.step)
        step = span(question.when.step)
        about = (kind.name for kind in facts.kinds.values() if roles_to(kind, question.of))
        return cls(
            tuple(micros(at) for at in steps), (micros(now) // step + 1) * step, micros(first),
            frozenset((question.of, *about)),
        )  # fmt: skip


def read(question: Question, facts: Facts, now: datetime) -> Examples:
    """The examples of the bulk read; of those asked again and again also what they would be asked now."""
    return examples(question, facts, now=now if isinstance(question.when, Every) else None)


def subjects(question: Question, facts: Facts) -> Subjects:
    """Everybody of whom anything is known."""
    born = facts.born.filter(pl.col("kind") == question.of).sort("key")
    return Subjects.of(born["key"].to_list(), born.select(micro("exists_from"))["exists_from"].to_numpy())


def store(question: Question, asked: Examples, facts: Facts, who: Subjects, grid: Grid, now: datetime) -> Store:
    """The examples as columns, by subject and cutoff; `who` learns where each subject's are."""
    numbers = pl.DataFrame({"key": who.keys, "subject": range(len(who.keys))},
                           {"key": pl.String, "subject": pl.Int64})  # fmt: skip
    real = asked.eligible.filter(micro("cutoff") != micros(now)) if _between(question, grid, now) else asked.eligible
    rows = real.join(numbers, on="key").sort("subject", "cutoff").with_row_index("at")
    counts = rows.group_by("subject").agg(pl.col("at").first(), many=pl.len())
    who.first.values[counts["subject"].to_numpy()] = counts["at"].to_numpy()
    who.many.values[counts["subject"].to_numpy()] = counts["many"].to_numpy()
    read_ = _readings(question, asked, rows)
    late = _late(question, facts, rows)
    parts = rows.select("subject", micro("cutoff"), micro("deadline"), micro("matures_at"))
    first, many = _places(read_, rows.height)
    late_first, late_many = _places(late, rows.height)
    return Store(
        subject=_column(parts, "subject"),
        cutoff=_column(parts, "cutoff"),
        deadline=_column(parts, "deadline"),
        matures=_column(parts, "matures_at"),
        read=first,
        reads=many,
        late=late_first,
        lates=late_many,
        since=_column(read_, "since"),
        until=_column(read_, "until"),
        answered=_column(read_, "answered"),
        whole=_column(read_, "whole"),
        late_since=_column(late, "since"),
        late_until=_column(late, "until"),
        late_hours=_column(late, "hours"),
    )


def _between(question: Question, grid: Grid, now: datetime) -> bool:
    return isinstance(question.when, Every) and micros(now) not in grid.steps


def _readings(question: Question, asked: Examples, rows: pl.DataFrame) -> pl.DataFrame:
    found = asked.readings.join(rows.select("row", "at", "cutoff", "deadline"), on="row")
    if isinstance(question.answer, Next):
        whole = (pl.col("deadline") - pl.col("cutoff")).dt.total_microseconds() / DAY
        found = found.with_columns(pl.col("value").fill_null(whole))
    found = found.with_columns(pl.col("value").fill_null(0.0)).sort("at", "known_from")
    value = nw.col("value").cast(nw.Int64) if question.chance else scaled(nw.col("value"))
    counted = nw.from_native(found).with_columns(whole=value).to_native()
    return counted.select(
        "at", "whole", since=micro("known_from"), until=micro("known_until"), answered=pl.col("answered").cast(pl.Int64)
    )


def _late(question: Question, facts: Facts, rows: pl.DataFrame) -> pl.DataFrame:
    kept = {"at": pl.Int64, "since": pl.Int64, "until": pl.Int64, "hours": pl.Int64}
    if question.deadline is None or not isinstance(question.answer, Absent | Happens):
        return pl.DataFrame(schema=kept)
    found = facts.happenings.filter(pl.col("kind") == question.of, pl.col("type") == question.event)
    found = found.join(rows.select("key", "at", "deadline"), on="key").sort("at", "position")
    apart = (pl.col("time") - pl.col("deadline")).dt.total_seconds() // 3_600
    limit = MAX_DELAY * 24
    hours = apart.clip(-limit, limit)
    return found.select(pl.col("at").cast(pl.Int64), since=micro("known_from"), until=micro("known_until"), hours=hours)


def _places(found: pl.DataFrame, rows: int) -> tuple[Column, Column]:
    many = np.bincount(found["at"].to_numpy().astype(np.int64), minlength=rows)
    return Column(np.cumsum(many) - many), Column(many)


def _column(frame: pl.DataFrame, name: str) -> Column:
    return Column(frame[name].to_numpy())


def arrows(question: Question, facts: Facts, who: Subjects) -> Arrows:
    """Who points where, directly and over one more link."""
    own = facts.links.filter(pl.col("kind") == question.of, pl.col("to").is_not_null())
    own = own.select("key", "role", "to", since=micro("known_from"), until=micro("known_until"))
    kind = facts.kinds.get(question.of)
    kinds = sorted({link.to for link in kind.links}) if kind else []
    seconds = facts.links.filter(pl.col("to").is_not_null(), pl.col("kind").is_in(kinds)).select(
        middle=pl.format("{}/{}", "kind", "key"), second="role", to_2="to", since_2=micro("known_from"),
        until_2=micro("known_until"),
    )  # fmt: skip
    joined = own.join(seconds, left_on="to", right_on="middle").with_columns(
        since=pl.max_horizontal("since", "since_2"), until=pl.min_horizontal("until", "until_2")
    )
    further = joined.filter(pl.col("since") < pl.col("until")).select(
        "key", "to_2", "since", "until", role=pl.format("{}" + BEYOND + "{}", "role", "second")
    )
    found = pl.concat([own, further.rename({"to_2": "to"}).select(own.columns)])
    return Arrows.of(found, who.number)


def strand(one: Stream, facts: Facts, name: str | None = None) -> Strand:
    """A stream, or what its events say of one member, as features read it."""
    found, tell = occurrences(one, facts), occurring(one)
    if name is None:
        return Strand.of(one, found, tell)
    return Strand.of(one, read_of(found, one, name, facts), saying(tell, name, owned=owned(one, name, facts)))


def awaited(question: Question, facts: Facts) -> Strand | None:
    """What answers the question."""
    if isinstance(question.answer, Value):
        return None
    one = stream(question.of, question.answer.event, facts)
    found = filtered(occurrences(one, facts), one, question.answer.where, facts)
    tell = meeting(occurring(one), question.answer.where)
    if isinstance(question.answer, Total):
        found = valued(found, one, question.answer.amount, facts).drop_nulls("number")
        tell = saying(tell, question.answer.amount)
    return Strand.of(one, found, tell)


def paid(question: Question, facts: Facts) -> Strand | None:
    """What its worth adds up."""
    if not isinstance(question.worth, TotalOf):
        return None
    one, amount = stream(question.of, question.worth.event, facts), question.worth.amount
    return Strand.of(one, valued(occurrences(one, facts), one, amount, facts), saying(occurring(one), amount))


def asked_now(question: Question, asked: Examples, facts: Facts, who: Subjects, now: datetime) -> None:
    """Let `who` know until when each would be asked, from now on."""
    when, at = question.when, micros(now)
    if not isinstance(when, Every):
        return
    numbers = pl.DataFrame({"key": who.keys, "subject": range(len(who.keys))},
                           {"key": pl.String, "subject": pl.Int64})  # fmt: skip
    here = asked.eligible.filter(micro("cutoff") == at)
    first = asked.readings.filter(micro("known_from") == at)
    here = here.join(first.select("row", "answered"), on="row", how="left").join(numbers, on="key")
    until = pl.lit(END)
    if question.deadline is not None:
        until = micro("deadline") + 1
    if when.active is not None:
        found = occurrences(stream(question.of, when.active.event, facts), facts).filter(pl.col("until").is_null())
        ends = found.group_by("key").agg(ends=micro("time").max() + span(when.active.within))
        here = here.join(ends, on="key", how="left")
        until = pl.min_horizontal(until, "ends")
    silent = (~pl.col("answered")).fill_null(value=False)
    told = here.select("subject", until=until, silent=silent, deadline=micro("deadline"))
    places = told["subject"].to_numpy()
    who.asked_until.values[places] = told["until"].to_numpy()
    who.silent.values[places] = told["silent"].to_numpy()
    if question.deadline is not None:
        who.deadline.values[places] = told["deadline"].to_numpy()
    for event in {when.active.event if when.active else None, question.event} - {None}:
        found = occurrences(stream(question.of, str(event), facts), facts).filter(micro("time") > at)
        who.irregular |= {who.number[key] for key in found["key"].unique() if key in who.number}
    who.asked_until.values[sorted(who.irregular)] = 0


def types(facts: Facts) -> dict[str, set[str]]:
    """Kind to the types of what happened to its things."""
    found: dict[str, set[str]] = {}
    for kind, type_ in facts.happenings.select("kind", "type").unique().iter_rows():
        found.setdefault(kind, set()).add(type_)
    return found


def kinds_over(facts: Facts, of: str, path: tuple[str, ...]) -> str | None:
    """The kind at the end of a path of declared links."""
    for role in path:
        kind = facts.kinds.get(of)
        link = kind.link(role) if kind else None
        if link is None:
            return None
        of = link.to
    return of
