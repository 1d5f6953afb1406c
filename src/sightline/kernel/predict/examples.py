"""Who is asked, when, and how the answers read: one row per subject of a question and cutoff.

Everything an example freezes (cutoff, deadline, worth, eligibility) is read at its cutoff, so what becomes known later
changes none of it. Only the answer is read later, and it may be read again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

import numpy as np
import numpy.typing as npt
import polars as pl

from sightline.kernel.predict._moments import history, moments, standing
from sightline.kernel.predict._pairs import pairs
from sightline.kernel.predict._streams import meets, occurrences, stream, valued
from sightline.kernel.predict.cutoffs import cutoffs
from sightline.kernel.predict.facts import Facts
from sightline.kernel.predict.readings import awaited, readings
from sightline.kernel.predict.treatment import Treatment
from sightline.language.question import Count, Every, Next, Once, Question, Total, TotalOf, Value

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


class Excluded(StrEnum):
    """Why a subject is not asked. A subject counts under the first that applies."""

    NO_CUTOFF = "no_cutoff_attribute"
    """What sets its cutoff was never known, names no moment, or never happened."""
    ANSWERED = "answered_before_cutoff"
    """The answer was known at the cutoff: no forecast."""
    UNBORN = "unborn_at_cutoff"
    """Nothing was known of the subject at its cutoff."""
    UNKNOWN = "cutoff_attribute_unknown_at_cutoff"
    """The subject existed, but what sets its cutoff became known only afterwards."""
    NO_DEADLINE = "no_deadline"
    """No deadline was known at the cutoff, or it lay before it."""
    OVER = "over_before_cutoff"
    """An event after which nobody is asked had happened."""
    OTHERS = "not_among_those_asked"
    """A condition of the question did not hold at the cutoff."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """How the answers read at a moment; aligned with the eligible examples."""

    value: Floats
    """1 or 0, or the quantity; of `next` days, the horizon where censored. nan where it does not count: immature, not
    known, or treated."""
    observed: Flags
    """False where a `next` is only known to lie beyond the horizon."""
    weight: Floats
    """1, or more where an example stands for those that were treated too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Examples:
    """All subjects of a question with their cutoffs, and how their answers read over time."""

    question: Question
    frame: pl.DataFrame
    """key, exists_from, cutoff, deadline, matures_at (datetimes), worth (f64), cluster (str), eligible (bool),
    reason (an `Excluded` or null), also_unknown (bool: answered, and what sets its cutoff was not known in time).
    Sorted by (cutoff, key)."""
    readings: pl.DataFrame
    """row (position among the eligible), known_from, known_until (null: current), answered, value: of the eligible; the
    intervals of a row follow each other from its cutoff on (see `readings`)."""
    eligible: pl.DataFrame = field(init=False)
    """row (u32, from 0) and the columns of `frame`: those that are asked, sorted by (cutoff, key)."""
    treatment: Treatment = field(default_factory=Treatment)

    def __post_init__(self) -> None:
        object.__setattr__(self, "eligible", self.frame.filter("eligible").with_row_index("row"))

    def answer(self, at: datetime) -> pl.DataFrame:
        """row, value, answered of every eligible example whose cutoff lies at or before `at`, as known at `at`."""
        until = pl.col("known_until")
        found = self.readings.filter(pl.col("known_from") <= at, until.is_null() | (until > at))
        return found.select("row", "value", "answered")

    def labelled(self, at: datetime) -> pl.DataFrame:
        """The columns of `eligible` with `value` and `answered`, of those that count at `at`; (cutoff, key) order."""
        mature = self.eligible.filter(pl.col("matures_at") <= at)
        found = mature.join(self.answer(at), on="row", how="inner", maintain_order="left")
        return found if isinstance(self.question.answer, Next) else found.drop_nulls("value")

    def answers(self, at: datetime) -> Answers:
        """The answers that count at `at`, for training, calibration and proof."""
        size = self.eligible.height
        value, observed = np.full(size, np.nan), np.ones(size, dtype=np.bool_)
        found = self.labelled(at)
        rows = found["row"].to_numpy()
        if isinstance(self.question.answer, Next):
            observed[rows] = found["value"].is_not_null().to_numpy()
            spans = (found["deadline"] - found["cutoff"]).dt.total_microseconds() / 86_400_000_000
            value[rows] = found["value"].fill_null(spans).to_numpy()
        else:
            value[rows] = found["value"].to_numpy()
        treated, weight = self.treatment.of(self.eligible)
        value[treated] = np.nan
        return Answers(value=value, observed=observed, weight=weight)

    def unmoved(self, rows: npt.NDArray[np.int64], answers: npt.NDArray[np.float64]) -> float:
        """Of a question about an attribute, among `rows`: whose said at the cutoff what its answer says; a share."""
        first = self.readings.sort("row", "known_from").unique("row", keep="first", maintain_order=True)
        said = np.full(self.eligible.height, np.nan)
        said[first["row"].to_numpy()] = first["value"].to_numpy()
        return float((said[rows] == answers).mean()) if len(rows) else 0.0

    @property
    def current(self) -> npt.NDArray[np.int64]:
        """Each subject's last cutoff: positions among the eligible, ascending."""
        last = self.eligible.group_by("key").agg(pl.col("row").max())["row"].sort()
        return last.to_numpy().astype(np.int64)


def examples(
    question: Question, facts: Facts, *, now: datetime | None = None, treatment: Treatment | None = None
) -> Examples:
    """One row per subject of `question.of` and cutoff, with deadline, eligibility and the readings of its answer.

    `now`: a question asked again and again is asked then too, beside its grid.
    """
    frame = _frozen(question, facts, cutoffs(question, facts, now))
    frame = _judged(frame.with_columns(_closed(question, facts, frame)))
    asked = frame.filter("eligible").with_row_index("row").select("row", "key", "cutoff", "deadline", "matures_at")
    found = readings(question, asked, facts)
    return Examples(question=question, frame=frame, readings=found, treatment=treatment or Treatment())


def _frozen(question: Question, facts: Facts, frame: pl.DataFrame) -> pl.DataFrame:
    """Deadline and worth as known at the cutoff; the cluster as known last, since shared fate is no feature."""
    frame = frame.with_row_index("id")
    frame = _ended(question, facts, frame)
    worth = _worth(question, facts, frame)
    frame = frame.join(worth, on="id", how="left") if worth is not None else frame.with_columns(_NO_WORTH)
    return frame.join(_clusters(question, facts), on="key", how="left").with_columns(
        pl.coalesce("cluster", "key").alias("cluster"), matures_at=pl.col("deadline") + question.grace
    )


_NO_WORTH = pl.lit(None, pl.Float64).alias("worth")


def _ended(question: Question, facts: Facts, frame: pl.DataFrame) -> pl.DataFrame:
    """With `deadline`."""
    if isinstance(question.when, Once):
        return frame.with_columns(deadline=pl.col("cutoff"))
    if question.deadline is None:
        within = None if question.answer.within is None else question.answer.within
        assert within is not None, "checked when the question was declared"
        return frame.with_columns(deadline=pl.col("cutoff") + within)
    # A subject that is not known at its cutoff has its deadline read when it was first known, only to be counted.
    asked = frame.select("id", "key", read=pl.max_horizontal("cutoff", "exists_from"))
    limit = standing(history(facts, question.of, question.deadline).join(asked, on="key"), "read")
    limit = limit.select("id", moments(limit["text"], end=True).alias("deadline"))
    return frame.join(limit, on="id", how="left")


def _worth(question: Question, facts: Facts, frame: pl.DataFrame) -> pl.DataFrame | None:
    """id, worth."""
    worth = question.worth
    if worth is None:
        return None
    if isinstance(worth, TotalOf):
        one = stream(question.of, worth.event, facts)
        amounts = valued(occurrences(one, facts), one, worth.amount, facts).drop_nulls("number")
        spans = frame.drop_nulls("cutoff").select(
            "key", row="id", low=pl.col("cutoff") - worth.past, high=pl.col("cutoff")
        )
        inside = pairs(spans, amounts).rename({"row": "id", "since": "known_from", "until": "known_until"})
        stood = standing(inside.join(frame.select("id", "cutoff"), on="id"), "cutoff")
        sums = stood.group_by("id").agg(worth=pl.col("number").sort().sum())
        return frame.select("id").join(sums, on="id", how="left").with_columns(pl.col("worth").fill_null(0.0))
    asked = frame.select("id", "key", "cutoff")
    found = standing(history(facts, question.of, worth.name).join(asked, on="key"), "cutoff")
    return found.select("id", pl.coalesce("number", pl.col("text").cast(pl.Float64, strict=False)).alias("worth"))


def _clusters(question: Question, facts: Facts) -> pl.DataFrame:
    arrows = facts.links.filter(pl.col("kind") == question.of, pl.col("role") == (question.together or ""))
    last = arrows.sort("key", "known_from").unique("key", keep="last", maintain_order=True)
    return last.select("key", pl.col("to").alias("cluster"))


def _closed(question: Question, facts: Facts, frame: pl.DataFrame) -> list[pl.Expr]:
    """`answered`, `over`, `others` at the cutoff."""
    asked = frame.select("id", "key", "cutoff").drop_nulls("cutoff")

    def among(found: pl.DataFrame) -> pl.Expr:
        return pl.col("id").is_in(found["id"].unique().implode())

    over: pl.Expr = pl.lit(value=False)
    for event in question.unless:
        over = over | among(_happened(question, event, asked, facts))
    fits: pl.Expr = pl.lit(value=True)
    for condition in question.where:
        known = standing(history(facts, question.of, condition.name).join(asked, on="key"), "cutoff")
        fits = fits & among(known.filter(meets(condition)))
    return [_answered(question, asked, facts, among).alias("answered"), over.alias("over"), (~fits).alias("others")]


def _answered(
    question: Question, asked: pl.DataFrame, facts: Facts, among: Callable[[pl.DataFrame], pl.Expr]
) -> pl.Expr:
    """Whether the answer was known at the cutoff. What counts or adds up begins at it; what recurs, and what is asked
    again and again, is open anew; what an attribute says may change until the deadline.
    """
    if isinstance(question.when, Once) or isinstance(question.answer, Count | Total | Value):
        return pl.lit(value=False)
    if question.deadline is None and (isinstance(question.when, Every) or _recurs(question, facts)):
        return pl.lit(value=False)
    return among(_known_at_cutoff(awaited(question, facts), asked))


def _recurs(question: Question, facts: Facts) -> bool:
    """Whether the event asked about is also what the question is asked at, or happens to others linked to it."""
    event = question.event or ""
    return bool(stream(question.of, event, facts).roles) or getattr(question.when, "event", None) == event


def _happened(question: Question, event: str, asked: pl.DataFrame, facts: Facts) -> pl.DataFrame:
    """Which of `asked` (id, key, cutoff) know at their cutoff that an event happened to them."""
    return _known_at_cutoff(occurrences(stream(question.of, event, facts), facts), asked)


def _known_at_cutoff(found: pl.DataFrame, asked: pl.DataFrame) -> pl.DataFrame:
    found = found.select("key", known_from="since", known_until="until")
    return standing(found.join(asked, on="key"), "cutoff")


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
        .when("over")
        .then(pl.lit(Excluded.OVER.value))
        .when("others")
        .then(pl.lit(Excluded.OTHERS.value))
        .otherwise(None)
    )
    judged = frame.with_columns(reason=reason, also_unknown=pl.col("answered") & ~pl.col("known"))
    columns = ["key", "exists_from", "cutoff", "deadline", "matures_at", "worth", "cluster"]
    return (
        judged.with_columns(eligible=pl.col("reason").is_null())
        .select(*columns, "eligible", "reason", "also_unknown")
        .sort("cutoff", "key")
    )
