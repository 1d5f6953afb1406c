"""How the answers of examples read over time: intervals, each with what was known of the answer by then."""

from __future__ import annotations

from typing import Any

import polars as pl

from sightline.kernel.predict._moments import history
from sightline.kernel.predict._pairs import pairs
from sightline.kernel.predict._streams import filtered, occurrences, stream, valued
from sightline.kernel.predict.facts import INSTANT, NEVER, Facts
from sightline.language.kind import Sort
from sightline.language.question import Absent, Count, Next, Once, Question, Total, Value

_NULL = pl.lit(None, INSTANT)

DAY = 86_400_000_000
"""Microseconds."""


def awaited(question: Question, facts: Facts) -> pl.DataFrame:
    """key, time, since, until of the occurrences that count; with `amount` where a total is asked."""
    assert not isinstance(question.answer, Value)
    one = stream(question.of, question.answer.event, facts)
    found = filtered(occurrences(one, facts), one, question.answer.where, facts)
    if isinstance(question.answer, Total):
        found = valued(found, one, question.answer.amount, facts).drop_nulls("number")
        return found.select("key", "time", "since", "until", amount="number")
    return found.select("key", "time", "since", "until")


def readings(question: Question, asked: pl.DataFrame, facts: Facts) -> pl.DataFrame:
    """row, known_from, known_until (null: current), answered, value.

    `asked`: row, key, cutoff, deadline, matures_at of the eligible. `answered`: what was waited for is known. `value`:
    1 or 0, the count, the total, the days until (null: not yet), or the attribute's number; null while it is unknown.
    The intervals of a row follow each other from its cutoff on.
    """
    if isinstance(question.answer, Value):
        return _of_attribute(question, question.answer, asked, facts)
    found = awaited(question, facts)
    # A day that an attribute names is waited for from the start: who was answered before the cutoff is not asked.
    low, high = ("cutoff", "deadline") if question.deadline is None else (_NULL, pl.lit(NEVER, INSTANT))
    spans = asked.select("row", "key", low=low, high=high)
    inside = pairs(spans, found).join(asked.select("row", "cutoff", "deadline"), on="row")
    if isinstance(question.answer, Next):
        return _first(asked, inside)
    return _stepped(question, asked, inside)


def _stepped(question: Question, asked: pl.DataFrame, inside: pl.DataFrame) -> pl.DataFrame:
    """Occurrences known, and of them those in time, as sums of what begins and ends to be known."""
    in_time = (pl.col("time") <= pl.col("deadline")).cast(pl.Int32)
    amount = pl.col("amount") if isinstance(question.answer, Total) else pl.lit(1.0)
    known = inside.with_columns(in_time=in_time, amount=amount * in_time)
    begins = known.select(
        "row", "in_time", "amount", at=pl.max_horizontal("since", "cutoff"), answered=pl.lit(1, pl.Int32)
    )
    ends = known.filter(pl.col("until").is_not_null()).select(
        "row", -pl.col("in_time"), -pl.col("amount"), at=pl.max_horizontal("until", "cutoff"),
        answered=pl.lit(-1, pl.Int32),
    )  # fmt: skip
    start = asked.select(
        "row", in_time=pl.lit(0, pl.Int32), amount=pl.lit(0.0), at=pl.col("cutoff"), answered=pl.lit(0, pl.Int32)
    )
    steps = pl.concat([start, begins, ends], how="diagonal")
    steps = steps.group_by("row", "at").agg(pl.col("answered", "in_time", "amount").sum()).sort("row", "at")
    summed = steps.with_columns(pl.col("answered", "in_time", "amount").cum_sum().over("row"))
    return summed.select(
        "row",
        known_from="at",
        known_until=pl.col("at").shift(-1).over("row"),
        answered=_closed(question, pl.col("answered")),
        value=_read(question),
    )


def _closed(question: Question, known: pl.Expr) -> pl.Expr:
    """A quantity that grows is known only when its time is over."""
    return pl.lit(value=False) if isinstance(question.answer, Count | Total) else known > 0


def _read(question: Question) -> pl.Expr:
    if isinstance(question.answer, Count):
        return pl.col("in_time").cast(pl.Float64)
    if isinstance(question.answer, Total):
        return pl.col("amount")
    yes = pl.col("in_time") > 0
    return (~yes if isinstance(question.answer, Absent) else yes).cast(pl.Float64)


def _first(asked: pl.DataFrame, inside: pl.DataFrame) -> pl.DataFrame:
    """Days to the first occurrence known, as words about it come and go."""
    days = (pl.col("time") - pl.col("cutoff")).dt.total_microseconds() / DAY
    known = inside.with_columns(days=days, at=pl.max_horizontal("since", "cutoff")).sort("row", "at", "days")
    start = asked.select("row", at="cutoff", days=pl.lit(None, pl.Float64))
    moved = known.filter(pl.col("until").is_not_null()).select("row").unique()
    plain = pl.concat([start, known.join(moved, on="row", how="anti").select("row", "at", "days")])
    plain = plain.group_by("row", "at").agg(pl.col("days").min()).sort("row", "at")
    # The least so far; where nothing was known yet there is none.
    value = pl.col("days").fill_null(float("inf")).cum_min().over("row")
    plain = plain.with_columns(value=pl.when(value.is_finite()).then(value))
    turned = [_swept(group) for group in known.join(moved, on="row", how="semi").partition_by("row")]
    swept = pl.concat([plain.select("row", "at", "value").clear(), *turned])
    swept = pl.concat([start.join(moved, on="row", how="semi").select("row", "at", value="days"), swept])
    swept = swept.unique(["row", "at"], keep="last", maintain_order=True)
    both = pl.concat([plain.join(moved, on="row", how="anti").select("row", "at", "value"), swept]).sort("row", "at")
    return both.select(
        "row",
        known_from="at",
        known_until=pl.col("at").shift(-1).over("row"),
        answered=pl.col("value").is_not_null(),
        value="value",
    )


def _swept(known: pl.DataFrame) -> pl.DataFrame:
    """The least of what stands, at every moment at which anything begins or ends."""
    rows: list[dict[str, Any]] = known.to_dicts()
    ends = {max(one["until"], one["cutoff"]) for one in rows if one["until"] is not None}
    found = []
    for at in sorted({one["at"] for one in rows} | ends):
        days = [one["days"] for one in rows if one["at"] <= at and (one["until"] is None or one["until"] > at)]
        found.append((rows[0]["row"], at, min(days, default=None)))
    return pl.DataFrame(
        found, schema={"row": known.schema["row"], "at": known.schema["at"], "value": pl.Float64}, orient="row"
    )


def _of_attribute(question: Question, answer: Value, asked: pl.DataFrame, facts: Facts) -> pl.DataFrame:
    """The versions of the attribute; what it says when the example is mature is its answer for good."""
    versions = history(facts, question.of, answer.attribute).join(asked, on="key")
    if not isinstance(question.when, Once):
        until = pl.col("known_until")
        versions = versions.filter(
            pl.col("known_from") <= pl.col("matures_at"), until.is_null() | (until > pl.col("cutoff"))
        ).with_columns(known_until=pl.when(until <= pl.col("matures_at")).then(until))
    said = versions.select(
        "row", at=pl.max_horizontal("known_from", "cutoff"), ends="known_until", value=_valued(answer, facts, question)
    )
    gone = said.filter(pl.col("ends").is_not_null()).select("row", at="ends", value=pl.lit(None, pl.Float64))
    start = asked.select("row", at="cutoff", value=pl.lit(None, pl.Float64))
    # Where one version follows another at once, the later row of the two is what stands.
    steps = pl.concat([start, gone, said.select("row", "at", "value")])
    steps = steps.unique(["row", "at"], keep="last", maintain_order=True).sort("row", "at")
    return steps.select(
        "row",
        known_from="at",
        known_until=pl.col("at").shift(-1).over("row"),
        # What it says at the cutoff already is no answer: it may change until the deadline.
        answered=pl.col("value").is_not_null()
        & (pl.lit(isinstance(question.when, Once)) | pl.col("value").first().over("row").is_null()),
        value="value",
    )


def _valued(answer: Value, facts: Facts, question: Question) -> pl.Expr:
    number, text = pl.col("number"), pl.col("text")
    if answer.is_ is None:
        return pl.coalesce(number, text.cast(pl.Float64, strict=False))
    kind = facts.kinds.get(question.of)
    declared = kind.attribute(answer.attribute) if kind else None
    if declared and declared.sort is Sort.FLAG:
        return (number == (1.0 if answer.is_ == "true" else 0.0)).cast(pl.Float64)
    if declared and declared.sort is Sort.NUMBER:
        return (number == float(answer.is_)).cast(pl.Float64)
    return (pl.coalesce(text, number.cast(pl.String)) == answer.is_).cast(pl.Float64)
