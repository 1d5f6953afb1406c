"""Which features are worth their time: without the useless, the redundant, and, where there are many, the weakest.

What is constant or nearly always missing cannot be learned, and what ranks the examples as an earlier feature does is
that feature again: both are seen without any answer, among all who are asked, since histories that are empty at first
fill up later. A family of histories stays only where later examples are told better with it than without, and of what
is left the most useful are kept by the gain of one small forest of boosted trees: both from examples that were answered
before the back-test judges anybody.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

import lightgbm as lgb
import numpy as np
from scipy.stats import rankdata

from sightline.kernel.predict import metrics
from sightline.kernel.predict._matrix import Encoder, Floats, Matrix, Rows, Singles
from sightline.kernel.predict._spec import SUBJECT, Group, Spec
from sightline.kernel.predict.examples import Examples
from sightline.kernel.predict.limits import MIN_CLASS, MIN_ROWS
from sightline.kernel.predict.models.rung import Task

CAP = 150
"""Features kept at most."""

SCARCE = 0.005
"""The share of the examples that must have a value, or lack it."""

SAME = 0.995
"""A rank correlation from which on a feature is another one again."""

SAMPLE = 2_000
"""Examples on which features are compared, evenly spaced in time."""

MOST = 20_000
"""Examples from which importance is learned."""

ROUNDS = 150
PARAMETERS = {
    "learning_rate": 0.05, "num_leaves": 5, "min_data_in_leaf": 20, "feature_fraction": 0.5, "bagging_fraction": 0.5,
    "bagging_freq": 1, "verbose": -1, "num_threads": 1, "deterministic": True, "force_row_wise": True,
}  # fmt: skip
"""Very small trees: larger ones learn families of thin features by heart, and then seem to do without any of them."""

DOUBTED = (Group.FAR,)
"""Families that stay only where later examples are told better with them beyond noise: the most numerous, and furthest
from the subject. On deliveries they cost .02 of AUC before the judged part, on invoices they are worth .003."""

ROOM = {Group.OWN: 60, Group.LINK: 60, Group.PAIR: 24, Group.FAR: 24}
"""Features kept of a family at most, those with most gain: many thin ones drown the few that tell something."""

BLOCKS, FROM, GAP = 3, 0.55, 0.05
"""Successive stretches of the examples that are told by all before them, from which share of the examples on, and the
share left out between the two, whose answers were not in yet."""

SIMPLER = (Group.ATTRIBUTE, Group.CALENDAR, Group.OWN, Group.DRIFT, Group.LINK, Group.PAIR, Group.FAR)
"""Of two that are the same, the one of the group that stands first is kept; within a group the first made."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pruned:
    """What is left, and why the rest is not."""

    matrix: Matrix
    useless: tuple[str, ...]
    """Constant, or nearly always missing."""
    redundant: dict[str, str]
    """Each with the feature it repeats."""
    families: tuple[Group, ...]
    """Which told nothing beyond noise, as a whole."""
    weak: tuple[str, ...]
    """Of the other families, beyond the cap."""


def learnable(asked: Examples, at: datetime) -> tuple[Rows, Floats]:
    """Positions and answers of the examples answered by the origin (`limits.decided`): what may decide beforehand."""
    told = asked.answers(at).value
    rows = np.flatnonzero(~np.isnan(told))
    return rows, told[rows]


def prune(matrix: Matrix, rows: Rows, answers: Floats, task: Task, *, cap: int = CAP) -> Matrix:
    """`matrix` with the features worth keeping, in their order. `rows`: positions learned from, oldest first;
    `answers` aligned with them (see `learnable`). The subject's own attributes and calendar are never capped.
    """
    return pruned(matrix, rows, answers, task, cap=cap).matrix


def pruned(matrix: Matrix, rows: Rows, answers: Floats, task: Task, *, cap: int = CAP) -> Pruned:
    """The same, with what was left out. Nothing is, where there are too few examples to decide by."""
    if len(rows) < MIN_ROWS:
        return Pruned(matrix=matrix, useless=(), redundant={}, families=(), weak=())
    useful = [spec for at, spec in enumerate(matrix.specs) if _useful(matrix.values[:, at])]
    everybody = np.arange(len(matrix.values))
    repeats = dict(_repeats(matrix.only(useful), everybody[_spaced(len(everybody), SAMPLE)]))
    single = [spec for spec in useful if spec.name not in repeats]
    unpaid = _unpaid(matrix.only(single), rows, answers, task)
    paid = [spec for spec in single if spec.group not in unpaid]
    kept = _strongest(matrix.only(paid), rows, answers, task, cap)
    names = {spec.name for spec in kept}
    return Pruned(
        matrix=matrix.only([spec for spec in matrix.specs if spec.name in names]),
        useless=tuple(spec.name for spec in matrix.specs if spec not in set(useful)),
        redundant=repeats,
        families=unpaid,
        weak=tuple(spec.name for spec in paid if spec.name not in names),
    )


def _spaced(count: int, most: int) -> Rows:
    return np.unique(np.linspace(0, count - 1, min(most, count)).astype(np.int64))


def _useful(column: Singles) -> bool:
    """Whether it is there for enough and not the same for all but a few."""
    there = column[~np.isnan(column)]
    least = SCARCE * len(column)
    if len(there) < max(least, 1):
        return False
    return bool(len(column) - np.unique(there, return_counts=True)[1].max() >= least)


def _repeats(matrix: Matrix, rows: Rows) -> Iterator[tuple[str, str]]:
    """(feature, the simpler one it repeats): exact doubles, and ranks that correlate beyond `SAME`.

    Missing values count as a rank of their own, below all others, and must be missing alike. Of drift nothing is left
    out: it is little, nearly all of it rises with time, and on the bank's calls through the crisis of 2008 trees that
    saw less of it lost .05 of AUC.
    """
    order = sorted(range(len(matrix.specs)), key=lambda at: (SIMPLER.index(matrix.specs[at].group), at))
    order = [at for at in order if not matrix.specs[at].category]
    kept: list[int] = []
    ranks = np.empty((len(order), len(rows)), np.float32)
    holes = np.empty((len(order), len(rows)), np.bool_)
    for at in order:
        values = matrix.values[rows, at]
        rank, hole = _rank(values), np.isnan(values)
        # Cosines of centred ranks are Spearman's coefficient.
        alike = np.flatnonzero(np.abs(ranks[: len(kept)] @ rank) > SAME)
        same = [kept[place] for place in alike if (holes[place] != hole).mean() <= 1 - SAME]
        if same and matrix.specs[at].group is not Group.DRIFT:
            yield matrix.specs[at].name, matrix.specs[same[0]].name
            continue
        ranks[len(kept)], holes[len(kept)] = rank, hole
        kept.append(at)


def _rank(values: Singles) -> Singles:
    ranks = rankdata(np.where(np.isnan(values), -np.inf, values))
    centred = ranks - ranks.mean()
    length = np.sqrt((centred**2).sum())
    found: Singles = (centred / length if length else centred).astype(np.float32)
    return found


def _unpaid(matrix: Matrix, rows: Rows, answers: Floats, task: Task) -> tuple[Group, ...]:
    """The doubted families without which later examples are told as well, within one standard error."""
    there = {spec.group for spec in matrix.specs}
    if not there & set(DOUBTED) or (task.chance and _rarer(answers) < 2 * MIN_CLASS):
        return ()
    chosen = _spaced(len(rows), MOST)
    rows, told = rows[chosen], _target(answers[chosen], task)
    gone: list[Group] = []
    best = _losses(matrix, rows, told, task)
    for family in DOUBTED:
        rest = [spec for spec in matrix.specs if spec.group not in (*gone, family)]
        if family not in there or not rest:
            continue
        losses = _losses(matrix.only(rest), rows, told, task)
        worse = losses - best
        if worse.mean() <= worse.std() / np.sqrt(len(worse)):
            gone.append(family)
            best = losses
    return tuple(gone)


def _losses(matrix: Matrix, rows: Rows, told: Floats, task: Task) -> Floats:
    """Per example of the later stretches: what trees that knew only earlier ones lose on it."""
    edges = np.linspace(FROM, 1, BLOCKS + 1) * len(rows)
    found = []
    for begin, end in pairwise(edges.astype(np.int64)):
        train = np.arange(int(begin - GAP * len(rows)))
        encoder, trees = _fit(matrix, rows[train], told[train], task)
        values = encoder.encode(matrix, rows[begin:end])
        said = np.full(len(values), told[train].mean()) if trees is None else trees.predict(values)
        true = told[begin:end]
        found.append(metrics.log_losses(np.clip(said, 1e-6, 1 - 1e-6), true) if task.chance else (said - true) ** 2)
    return np.concatenate(found)


def _rarer(answers: Floats) -> float:
    return float(min(answers.sum(), len(answers) - answers.sum()))


def _target(answers: Floats, task: Task) -> Floats:
    """Of a quantity its rank, so that no single amount decides."""
    ranked: Floats = answers if task.chance else rankdata(answers) / len(answers)
    return ranked


def _strongest(matrix: Matrix, rows: Rows, answers: Floats, task: Task, cap: int) -> Sequence[Spec]:
    """The subject's own, and of the histories those with most gain until `cap` is full."""
    own = [spec for spec in matrix.specs if spec.group in SUBJECT]
    rest = [spec for spec in matrix.specs if spec.group not in SUBJECT]
    if task.chance and _rarer(answers) < MIN_CLASS:
        return (*own, *rest)
    gains = _gains(matrix, rows, answers, task)
    # What did not vary among those answered so far could not show itself: it stands before what did and was not used.
    ranked = sorted(range(len(rest)), key=lambda at: (-gains.get(rest[at].name, np.finfo(float).tiny), at))
    left: dict[Group, int] = dict(ROOM)
    kept: list[int] = []
    for at in ranked:
        family = rest[at].group
        if len(own) + len(kept) < cap and left.get(family, 1) > 0:
            left[family] = left.get(family, cap) - 1
            kept.append(at)
    return (*own, *(rest[at] for at in kept))


def _gains(matrix: Matrix, rows: Rows, answers: Floats, task: Task) -> dict[str, float]:
    chosen = _spaced(len(rows), MOST)
    encoder, trees = _fit(matrix, rows[chosen], _target(answers[chosen], task), task)
    gains: Any = [] if trees is None else trees.feature_importance("gain")
    return {spec.name: float(gain) for spec, gain in zip(encoder.specs, gains, strict=True)}


def _fit(matrix: Matrix, rows: Rows, told: Floats, task: Task) -> tuple[Encoder, lgb.Booster | None]:
    """None where nothing varies."""
    encoder = Encoder.fit(matrix, rows)
    if not encoder.specs:
        return encoder, None
    data = lgb.Dataset(encoder.encode(matrix, rows), told, params={"verbose": -1, "num_threads": 1})
    objective = "binary" if task.chance else "regression"
    return encoder, lgb.train({**PARAMETERS, "objective": objective, "seed": task.seed}, data, ROUNDS)
