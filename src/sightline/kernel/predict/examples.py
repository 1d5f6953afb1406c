"""Who is asked, when, and how the answers read: one row per subject of a question.

A subject is asked once, at its cutoff: the first moment `c` for which the cutoff attribute, as known at `c`, names a
moment exactly `lead` after `c`. Everything the example freezes (cutoff, deadline, worth, eligibility) is read at that
moment, so what becomes known later changes none of it. Only the answer is read later, and it may be read again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import numpy as np
import numpy.typing as npt
import polars as pl

from sightline.kernel.predict.facts import INSTANT, Facts
from sightline.language.errors import Invalid
from sightline.language.question import Absent, Question
from sightline.language.time import end_of, start_of


class Excluded(StrEnum):
    """Why a subject is not asked. A subject counts under the first that applies."""

    NO_CUTOFF = "no_cutoff_attribute"
    """The cutoff attribute was never known, or names no moment."""
    ANSWERED = "answered_before_cutoff"
    """The answer event was known at the cutoff: no forecast."""
    UNBORN = "unborn_at_cutoff"
    """Nothing was known of the subject at its cutoff."""
    UNKNOWN = "cutoff_attribute_unknown_at_cutoff"
    """The subject existed, but what sets its cutoff became known only afterwards."""
    NO_DEADLINE = "no_deadline"
    """No deadline was known at the cutoff, or it lay before it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """How the answers of all eligible examples read at one moment; aligned with `Examples.eligible`."""

    value: npt.NDArray[np.float64]
    """1 or 0, or the quantity (days for `next`, the horizon where censored); nan: does not count at that moment."""
    observed: npt.NDArray[np.bool_]
    """False where the answer is only known to lie beyond (`next`, censored)."""
    weight: npt.NDArray[np.float64]
    """1, unless an example stands for treated ones too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Examples:
    """All subjects of a question with their cutoffs, and how their answers read over time."""

    question: Question
    frame: pl.DataFrame
    """key, exists_from, cutoff, deadline, matures_at (datetimes), worth (f64), cluster (str), eligible (bool),
    reason (an `Excluded` or null), also_unknown (bool: answered, and what sets its cutoff was not known in time).
    Sorted by (cutoff, key)."""
    readings: pl.DataFrame
    """key, known_from, known_until (null: current), answered (the answer event is known), in_time (by the deadline):
    eligible subjects only; the intervals of a key follow each other from its cutoff on."""

    @property
    def eligible(self) -> pl.DataFrame:
        """The rows that are asked, sorted by (cutoff, key)."""
        return self.frame.filter("eligible")

    def answer(self, at: datetime) -> pl.DataFrame:
        """key, yes, answered of every eligible subject whose cutoff lies at or before `at`, as known at `at`."""
        until = pl.col("known_until")
        standing = self.readings.filter(pl.col("known_from") <= at, until.is_null() | (until > at))
        return standing.select("key", yes_expression(self.question), "answered")

    def answers(self, at: datetime) -> Answers:
        """The answers that count at `at`, as they read then."""
        read = self.labelled(at).select("key", "yes")
        yes = self.eligible.select("key").join(read, on="key", how="left", maintain_order="left")["yes"]
        value = yes.cast(pl.Float64).fill_null(float("nan")).to_numpy()
        return Answers(value=value, observed=np.ones(len(value), np.bool_), weight=np.ones(len(value)))

    def labelled(self, at: datetime) -> pl.DataFrame:
        """The examples that count at `at` (mature), with their answer `yes` as it reads then; (cutoff, key) order."""
        mature = self.eligible.filter(pl.col("matures_at") <= at)
        return mature.join(self.answer(at), on="key", how="inner").sort("cutoff", "key")


@dataclass(frozen=True, slots=True, kw_only=True)
class Population:
    """Where every subject stands at one moment. The frames hold the columns of `Examples.frame`."""

    now: datetime
    trainable: pl.DataFrame
    """Mature: they teach and prove."""
    open: pl.DataFrame
    """Asked by now, the deadline has not passed, not answered: forecasts are made for these."""
    later: pl.DataFrame
    """Asked on a day to come (their cutoff)."""
    waiting: pl.DataFrame
    """Answered, but not mature yet: they neither teach nor need a forecast."""
    overdue: pl.DataFrame
    """The deadline has passed and no answer event is known: facts, not forecasts. Some are trainable too."""
    excluded: dict[str, int]
    """Reason to number of subjects."""
    overlap: int
    """Of those answered before the cutoff: how many would also have been excluded for lack of a trace in time."""
    undated: int
    """Eligible subjects whose existence nothing dates: assumed to have existed from the start."""

    def counts(self) -> dict[str, int | dict[str, int]]:
        """The sizes, for the proof and for people."""
        names = ("trainable", "open", "later", "waiting", "overdue")
        sizes: dict[str, int | dict[str, int]] = {name: int(getattr(self, name).height) for name in names}
        return {**sizes, "excluded": dict(self.excluded), "answered_and_without_trace": self.overlap}


def yes_expression(question: Question) -> pl.Expr:
    """The answer yes, from what is known of the answer event in time."""
    in_time = pl.col("in_time")
    return (~in_time if isinstance(question.answer, Absent) else in_time).alias("yes")


def examples(question: Question, facts: Facts) -> Examples:
    """One row per subject of `question.of`, with its cutoff, deadline, eligibility and the readings of its answer."""
    cutoffs = _cutoffs(question, facts)
    frame = _frozen(question, facts, cutoffs)
    happened = facts.happenings.filter(pl.col("kind") == question.of, pl.col("type") == question.answer.event).select(
        "key", "time", "known_from", "known_until"
    )
    known = standing(happened.join(frame.select("key", "cutoff"), on="key"), "cutoff").select("key").unique()
    frame = _judged(frame.with_columns(answered=pl.col("key").is_in(known["key"].implode())))
    return Examples(question=question, frame=frame, readings=_readings(frame.filter("eligible"), happened))


def standing(histories: pl.DataFrame, at: str) -> pl.DataFrame:
    """The rows of a history whose interval holds the moment in column `at`."""
    until = pl.col("known_until")
    return histories.filter(pl.col("known_from") <= pl.col(at), until.is_null() | (until > pl.col(at)))


def moments(texts: pl.Series, *, end: bool = False) -> pl.Series:
    """Stored days and instants as datetimes (`end`: the last moment that counts as that day); null where neither."""
    read = end_of if end else start_of
    known: dict[str, datetime | None] = {}
    for text in texts.drop_nulls().unique():
        try:
            known[text] = read(text)
        except (Invalid, OverflowError):
            known[text] = None
    found = [known.get(text) if text is not None else None for text in texts]
    return pl.Series(texts.name, found, dtype=INSTANT)


def _history(facts: Facts, kind: str, name: str) -> pl.DataFrame:
    return facts.attributes.filter(pl.col("kind") == kind, pl.col("name") == name).drop("kind", "name")


def _cutoffs(question: Question, facts: Facts) -> pl.DataFrame:
    """key, cutoff, known (the version that names it stands at it): the first valid cutoff, else a nominal one."""
    versions = _history(facts, question.of, question.when.attribute)
    versions = versions.with_columns(cutoff=moments(versions["text"]) - question.when.lead).filter(
        pl.col("cutoff").is_not_null()
    )
    holds = (pl.col("known_from") <= pl.col("cutoff")) & (
        pl.col("known_until").is_null() | (pl.col("known_until") > pl.col("cutoff"))
    )
    first = versions.with_columns(known=holds).sort(
        "key", "known", pl.when(holds).then("cutoff"), "known_from", descending=[False, True, False, False]
    )
    return first.unique("key", keep="first", maintain_order=True).select("key", "cutoff", "known")


def _frozen(question: Question, facts: Facts, cutoffs: pl.DataFrame) -> pl.DataFrame:
    """Deadline and worth as known at the cutoff; the cluster as known last, since shared fate is no feature."""
    subjects = facts.born.filter(pl.col("kind") == question.of).select("key", "exists_from")
    frame = subjects.join(cutoffs, on="key", how="left")
    # A subject that is not known at its cutoff has its deadline read when it was first known, only to be counted.
    asked = frame.with_columns(read=pl.max_horizontal("cutoff", "exists_from")).select("key", "cutoff", "read")
    limit = standing(_history(facts, question.of, question.deadline).join(asked, on="key"), "read")
    limit = limit.select("key", moments(limit["text"], end=True).alias("deadline"))
    frame = frame.join(limit, on="key", how="left")
    if question.worth is None:
        frame = frame.with_columns(worth=pl.lit(None, pl.Float64))
    else:
        worth = standing(_history(facts, question.of, question.worth.name).join(asked, on="key"), "cutoff")
        numbers = pl.coalesce("number", pl.col("text").cast(pl.Float64, strict=False)).alias("worth")
        frame = frame.join(worth.select("key", numbers), on="key", how="left")
    return frame.join(_clusters(question, facts), on="key", how="left").with_columns(
        pl.coalesce("cluster", "key").alias("cluster"),
        known=pl.col("known").fill_null(value=False),
        matures_at=pl.col("deadline") + question.grace,
    )


def _clusters(question: Question, facts: Facts) -> pl.DataFrame:
    arrows = facts.links.filter(pl.col("kind") == question.of, pl.col("role") == (question.together or ""))
    last = arrows.sort("key", "known_from").unique("key", keep="last", maintain_order=True)
    return last.select("key", pl.col("to").alias("cluster"))


def _judged(frame: pl.DataFrame) -> pl.DataFrame:
    deadline, cutoff = pl.col("deadline"), pl.col("cutoff")
    reason = (
        pl.when(cutoff.is_null())
        .then(pl.lit(Excluded.NO_CUTOFF.value))
        .when("answered")
        .then(pl.lit(Excluded.ANSWERED.value))
        .when(pl.col("exists_from") > cutoff)
        .then(pl.lit(Excluded.UNBORN.value))
        .when(~pl.col("known"))
        .then(pl.lit(Excluded.UNKNOWN.value))
        .when(deadline.is_null() | (deadline < cutoff))
        .then(pl.lit(Excluded.NO_DEADLINE.value))
        .otherwise(None)
    )
    judged = frame.with_columns(reason=reason, also_unknown=pl.col("answered") & ~pl.col("known"))
    columns = ["key", "exists_from", "cutoff", "deadline", "matures_at", "worth", "cluster"]
    return (
        judged.with_columns(eligible=pl.col("reason").is_null())
        .select(*columns, "eligible", "reason", "also_unknown")
        .sort("cutoff", "key")
    )


def _readings(eligible: pl.DataFrame, happened: pl.DataFrame) -> pl.DataFrame:
    """How many occurrences are known, and how many of them lie in time, from each moment on that changes it."""
    known = happened.join(eligible.select("key", "cutoff", "deadline"), on="key")
    in_time = (pl.col("time") <= pl.col("deadline")).cast(pl.Int32)
    begins = known.select("key", at=pl.max_horizontal("known_from", "cutoff"), answered=1, in_time=in_time)
    ends = known.filter(pl.col("known_until").is_not_null()).select(
        "key", at=pl.max_horizontal("known_until", "cutoff"), answered=-1, in_time=-in_time
    )
    asked = eligible.select("key", at=pl.col("cutoff"), answered=0, in_time=pl.lit(0, pl.Int32))
    steps = pl.concat([asked, begins, ends], how="vertical_relaxed")
    steps = steps.group_by("key", "at").agg(pl.col("answered", "in_time").sum()).sort("key", "at")
    return steps.select(
        "key",
        known_from=pl.col("at"),
        known_until=pl.col("at").shift(-1).over("key"),
        answered=pl.col("answered").cum_sum().over("key") > 0,
        in_time=pl.col("in_time").cum_sum().over("key") > 0,
    )


def population(asked: Examples, facts: Facts, now: datetime) -> Population:
    """Where every subject stands at `now`. `asked` and `facts` must be as known at `now` (`Facts.until`)."""
    eligible = asked.eligible
    read = eligible.join(asked.answer(now).select("key", "answered"), on="key", how="left")
    begun = read.filter(pl.col("cutoff") <= now)
    answered, passed = pl.col("answered"), pl.col("deadline") < now
    columns = asked.frame.columns
    reasons = asked.frame.filter(pl.col("reason").is_not_null())["reason"].value_counts(sort=True)
    already = _answered_already(asked, facts, read.filter(pl.col("cutoff") > now))
    excluded = dict(reasons.rows())
    if already.height:
        excluded[Excluded.ANSWERED] = excluded.get(Excluded.ANSWERED, 0) + already.height
    later = read.filter(pl.col("cutoff") > now).join(already, on="key", how="anti")
    return Population(
        now=now,
        trainable=begun.filter(pl.col("matures_at") <= now).select(columns),
        open=begun.filter(~passed, ~answered).select(columns),
        later=later.select(columns),
        waiting=begun.filter(answered, pl.col("matures_at") > now).select(columns),
        overdue=begun.filter(passed, ~answered).select(columns),
        excluded=excluded,
        overlap=int(asked.frame["also_unknown"].sum()),
        undated=undated(eligible),
    )


def undated(eligible: pl.DataFrame) -> int:
    """How many subjects are assumed to have existed from the start."""
    from sightline.language.time import DAWN

    return eligible.filter(pl.col("exists_from") <= DAWN).height


def _answered_already(asked: Examples, facts: Facts, later: pl.DataFrame) -> pl.DataFrame:
    """Of those to be asked later: whose answer event is known already, so that they never will be."""
    happened = facts.happenings.filter(
        pl.col("kind") == asked.question.of,
        pl.col("type") == asked.question.answer.event,
        pl.col("known_until").is_null(),
    )
    return later.join(happened.select("key").unique(), on="key", how="semi").select("key")
