"""Averages over answers yet to come: what ranks the things examples share exactly as their answers turned out.

A customer's rating known in time never ranks customers as their answers do: chance lies between. A figure that does
was computed from these answers.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import polars as pl

from sightline.kernel.predict.leaks.case import Case, Topic, correlation
from sightline.kernel.predict.leaks.suspect import Finding, Kind

EXACTLY = 0.95
"""The rank correlation of a figure with the mean answers, as a share of what their own chance leaves possible: the
root of their reliability by halves (Spearman 1910, Brown 1910)."""

AT_LEAST = 0.8
"""The same, by itself: unreliable means leave little room."""

GROUPS, EACH = 15, 4
"""Fewer things that are shared, or examples of each, say nothing."""

ONE = 0.95
"""The share of the things whose examples must all hold the same figure."""


def averages(case: Case, topic: Topic) -> Iterator[Finding]:
    """Whether an attribute is what the answers of a shared thing came to."""
    if not (topic.raw and topic.undated):
        return
    columns = [at for at in topic.columns if not case.matrix.specs[at].category]
    roles = [at for at, spec in enumerate(case.matrix.specs) if spec.measure == "target"]
    best: tuple[float, float, str, int] | None = None
    for at in columns:
        for role in roles:
            found = _follows(case, at, role)
            if found and (best is None or found[0] > best[0]):
                best = (*found[:2], case.matrix.specs[role].of[0], found[2])
    if best is None:
        return
    rank, room, role_name, groups = best
    clause = (
        f"is one figure per {role_name} and ranks {groups:,} of them as their answers turned out"
        f" (rank correlation {rank:.3f}, of {room:.3f} that chance leaves possible)"
    )
    yield Finding(test=Kind.AVERAGE, clause=clause, figures={"rank_correlation": rank, "possible": room})


def _follows(case: Case, at: int, role: int) -> tuple[float, float, int] | None:
    """Rank correlation, what is possible, and the number of groups; None where it does not follow the answers."""
    told = pl.DataFrame({
        "group": case.matrix.values[case.rows, role], "value": case.matrix.values[case.rows, at],
        "answer": case.answers,
    }).drop_nans()  # fmt: skip
    told = told.with_columns(half=pl.int_range(pl.len()).over("group") % 2)
    answer = pl.col("answer")
    groups = told.group_by("group").agg(
        many=pl.len(), kinds=pl.col("value").n_unique(), value=pl.col("value").first(), mean=answer.mean(),
        even=answer.filter(pl.col("half") == 0).mean(), odd=answer.filter(pl.col("half") == 1).mean(),
    ).filter(pl.col("many") >= EACH).drop_nulls().sort("group")  # fmt: skip
    if groups.height < GROUPS or (groups["kinds"] == 1).mean() < ONE or groups["value"].n_unique() < 5:  # type: ignore[operator]
        return None
    half = correlation(groups["even"].to_numpy(), groups["odd"].to_numpy())
    room = float(np.sqrt(max(0.0, 2 * half / (1 + half)))) if half > 0 else 0.0
    rank = abs(correlation(groups["value"].to_numpy().astype(np.float64), groups["mean"].to_numpy()))
    return (rank, room, groups.height) if rank >= max(AT_LEAST, EXACTLY * room) else None
