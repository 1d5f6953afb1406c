"""Where every subject of a question stands at one moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import polars as pl

from sightline.kernel.predict._streams import occurrences, stream
from sightline.kernel.predict.examples import Examples, Excluded
from sightline.kernel.predict.facts import Facts
from sightline.language.question import Before, Once
from sightline.language.time import DAWN


@dataclass(frozen=True, slots=True, kw_only=True)
class Population:
    """Where every subject stands at one moment. The frames hold the columns of `Examples.frame`."""

    now: datetime
    trainable: pl.DataFrame
    """Mature: they teach and prove."""
    open: pl.DataFrame
    """Asked by now, the deadline has not passed, not answered: forecasts are made for these. Of who is asked again and
    again, only the last cutoff."""
    later: pl.DataFrame
    """Asked on a day to come (their cutoff)."""
    waiting: pl.DataFrame
    """Answered, but not mature yet: they neither teach nor need a forecast."""
    overdue: pl.DataFrame
    """The day an attribute names has passed and no answer event is known: facts, not forecasts. Some are trainable
    too."""
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


def population(asked: Examples, facts: Facts, now: datetime) -> Population:
    """Where every subject stands at `now`. `asked` and `facts` must be as known at `now` (`Facts.until`)."""
    eligible = asked.eligible
    read = eligible.join(asked.answer(now).select("row", "answered"), on="row", how="left", maintain_order="left")
    read = read.with_columns(pl.col("answered").fill_null(value=False))
    begun = read.filter(pl.col("cutoff") <= now)
    answered, passed = pl.col("answered"), pl.col("deadline") < now
    if isinstance(asked.question.when, Once):
        passed = pl.lit(value=False)
    columns = asked.frame.columns
    already = _answered_already(asked, facts, read.filter(pl.col("cutoff") > now))
    excluded = _excluded(asked, already.height)
    open_ = begun.filter(~passed, ~answered).sort("cutoff", "key").unique("key", keep="last", maintain_order=True)
    awaits_day = asked.question.deadline is not None and asked.question.event is not None
    overdue = begun.filter(passed, ~answered) if awaits_day else begun.clear()
    later = read.filter(pl.col("cutoff") > now).join(already, on="key", how="anti")
    mature = begun.filter(pl.col("matures_at") <= now)
    if isinstance(asked.question.when, Once):
        mature = mature.filter(answered)
    return Population(
        now=now,
        trainable=mature.select(columns),
        open=open_.select(columns),
        later=later.select(columns),
        waiting=begun.filter(answered, pl.col("matures_at") > now).select(columns),
        overdue=overdue.select(columns),
        excluded=excluded,
        overlap=int(asked.frame["also_unknown"].sum()),
        undated=undated(eligible),
    )


def undated(eligible: pl.DataFrame) -> int:
    """How many subjects are assumed to have existed from the start."""
    return eligible.filter(pl.col("exists_from") <= DAWN)["key"].n_unique()


def _excluded(asked: Examples, already: int) -> dict[str, int]:
    """Subjects by the reason why they are not asked; who is asked at one cutoff is not counted for another."""
    never = asked.frame.filter(pl.col("reason").is_not_null())
    if not isinstance(asked.question.when, Before):
        never = never.join(asked.eligible.select("key"), on="key", how="anti").unique("key", keep="last")
    excluded: dict[str, int] = dict(never["reason"].value_counts(sort=True).rows())
    if already:
        excluded[Excluded.ANSWERED] = excluded.get(Excluded.ANSWERED, 0) + already
    return excluded


def _answered_already(asked: Examples, facts: Facts, later: pl.DataFrame) -> pl.DataFrame:
    """Of those to be asked later: whose answer event is known already, so that they never will be."""
    event = asked.question.event
    if event is None or asked.question.deadline is None:
        return later.select("key").clear()
    found = occurrences(stream(asked.question.of, event, facts), facts).filter(pl.col("until").is_null())
    return later.join(found.select("key").unique(), on="key", how="semi").select("key")
