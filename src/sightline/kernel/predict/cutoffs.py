"""When each subject is asked: the cutoffs of a question, and those that have none.

Every cutoff is found by what was known at it: a correction that came later moves nothing.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import polars as pl

from sightline.kernel.predict._moments import history, moments
from sightline.kernel.predict._streams import occurrences, roles_to, stream
from sightline.kernel.predict.facts import INSTANT, Facts
from sightline.language.question import At, Before, Every, Happened, Question
from sightline.language.time import DAWN

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
"""Where the grid of `every` begins: the same for all subjects, and for whoever asks on another day."""


def cutoffs(question: Question, facts: Facts, now: datetime | None = None) -> pl.DataFrame:
    """key, exists_from, cutoff (null: never asked), known (what sets the cutoff was known at it).

    At least one row per subject of `before` and `once`; of `at` and `every` one per time it is asked, and one without
    a cutoff for who never is. `now`: `every` asks then too, beside its grid.
    """
    born = facts.born.filter(pl.col("kind") == question.of).select("key", "exists_from")
    if isinstance(question.when, Before):
        return _before(question.of, question.when, facts, born)
    if isinstance(question.when, At):
        return _at(question.of, question.when, facts, born)
    if isinstance(question.when, Every):
        return _every(question, question.when, facts, born, now)
    return born.with_columns(cutoff=pl.col("exists_from"), known=pl.lit(value=True))


def _before(of: str, when: Before, facts: Facts, born: pl.DataFrame) -> pl.DataFrame:
    """The first valid cutoff: what is known at it names a moment exactly `lead` later. Else a nominal one."""
    versions = history(facts, of, when.attribute)
    versions = versions.with_columns(cutoff=moments(versions["text"]) - when.lead).filter(
        pl.col("cutoff").is_not_null()
    )
    holds = (pl.col("known_from") <= pl.col("cutoff")) & (
        pl.col("known_until").is_null() | (pl.col("known_until") > pl.col("cutoff"))
    )
    first = versions.with_columns(known=holds).sort(
        "key", "known", pl.when(holds).then("cutoff"), "known_from", descending=[False, True, False, False]
    )
    found = first.unique("key", keep="first", maintain_order=True).select("key", "cutoff", "known")
    return born.join(found, on="key", how="left").with_columns(pl.col("known").fill_null(value=False))


def _at(of: str, when: At, facts: Facts, born: pl.DataFrame) -> pl.DataFrame:
    """The moment each occurrence had happened and was known; a moved one asks again, one only said again does not."""
    found = occurrences(stream(of, when.event, facts), facts).with_columns(cutoff=pl.max_horizontal("since", "time"))
    # What is taken back before it happens asks nobody, whatever else happened by then.
    lasted = found.filter(pl.col("until").is_null() | (pl.col("until") > pl.col("cutoff")))
    asked = lasted.group_by("key", "time").agg(pl.col("cutoff").min()).select("key", "cutoff").unique()
    return born.join(asked, on="key", how="left").with_columns(known=pl.col("cutoff").is_not_null())


def _every(question: Question, when: Every, facts: Facts, born: pl.DataFrame, now: datetime | None) -> pl.DataFrame:
    first, last = _span(question.of, facts)
    if last is None or first is None:
        return born.with_columns(cutoff=pl.lit(None, INSTANT), known=pl.lit(value=False))
    ends = max(last, now) if now else last
    steps = pl.DataFrame({"cutoff": _grid(first, ends, when.step)}, schema={"cutoff": INSTANT})
    if now is not None and now not in steps["cutoff"]:
        steps = pl.concat([steps, pl.DataFrame({"cutoff": [now]}, schema=steps.schema)]).sort("cutoff")
    if when.active is None:
        begun = born.with_columns(begins=pl.max_horizontal("exists_from", pl.lit(first)))
        asked = begun.join(steps, how="cross").filter(pl.col("cutoff") >= pl.col("begins")).select("key", "cutoff")
    else:
        asked = _active(question.of, when.active, facts, steps)
    return born.join(asked, on="key", how="left").with_columns(known=pl.col("cutoff").is_not_null())


def _span(of: str, facts: Facts) -> tuple[datetime | None, datetime | None]:
    """The first dated moment of anything of or about a kind, and the last moment anything became known.

    About it is what is declared to be linked to it, whether it is yet or not: that only moves when more is known.
    """
    about = [of, *(kind.name for kind in facts.kinds.values() if roles_to(kind, of))]
    dated = facts.happenings.filter(pl.col("time") > DAWN, pl.col("known_from") > DAWN, pl.col("kind").is_in(about))
    return dated["known_from"].min(), facts.seen["known_at"].max()  # type: ignore[return-value]


def _grid(first: datetime, last: datetime, step: timedelta) -> list[datetime]:
    begins = -((EPOCH - first) // step)
    return [EPOCH + step * n for n in range(begins, (last - EPOCH) // step + 1)]


def _active(of: str, active: Happened, facts: Facts, steps: pl.DataFrame) -> pl.DataFrame:
    """Whoever the event is known to have happened to within the time before a cutoff."""
    found = occurrences(stream(of, active.event, facts), facts)
    seen = found.with_columns(visible=pl.max_horizontal("since", "time")).sort("visible")
    places = steps.sort("cutoff").with_row_index("place")
    seen = seen.join_asof(places, left_on="visible", right_on="cutoff", strategy="forward").drop("cutoff")
    # Of what becomes visible between two cutoffs the last to happen decides; what ends early is looked at by itself.
    lasting = seen.filter(pl.col("until").is_null()).group_by("key", "place").agg(pl.col("time").max())
    lasting = lasting.with_columns(until=pl.lit(None, seen.schema["until"]))
    seen = pl.concat([lasting, seen.filter(pl.col("until").is_not_null()).select(lasting.columns)])
    seen = seen.filter(pl.col("place").is_not_null())
    reaches = []
    for ahead in range(_most(steps, active.within)):
        here = seen.with_columns(pl.col("place") + ahead).join(places, on="place")
        late, gone = pl.col("cutoff") - pl.col("time"), pl.col("until")
        reaches.append(
            here.filter(late < active.within, gone.is_null() | (gone > pl.col("cutoff"))).select("key", "cutoff")
        )
    return pl.concat(reaches).unique() if reaches else seen.select("key", cutoff="time").clear()


def _most(steps: pl.DataFrame, within: timedelta) -> int:
    """How many cutoffs at most lie within a span."""
    ordered = steps["cutoff"].sort()
    ends = ordered.search_sorted(ordered + within, side="right")
    return max((int(end) - at for at, end in enumerate(ends)), default=0)
