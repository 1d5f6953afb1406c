"""Too much beside the rest: one attribute nobody dates that closes much of the gap all others leave.

Small trees are fitted on some parts of the earlier examples and asked about the others, once with everything and once
without the attribute. On five businesses no honest attribute closed more than a tenth of what the rest left open;
the duration of a call closed nine tenths, whether an invoice was disputed a quarter.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import lightgbm as lgb
import numpy as np
from scipy.stats import rankdata

from sightline.kernel.predict._matrix import Encoder, Floats, Matrix, Rows
from sightline.kernel.predict.leaks.case import FOLDS, Case, Topic
from sightline.kernel.predict.leaks.suspect import Finding, Kind

CLOSES = 0.15
"""The share of the distance to a perfect ranking from which on it is too much."""

KNOWING = {True: 0.75, False: 0.5}
"""The strength (of a chance, of a quantity) that must be reached with it: where nothing else tells much, the one
attribute that tells something closes a fifth of what is missing and is no leak.
"""

WEIGHT = 0.03
"""The share of the gain below which an attribute is not tried: it cannot close so much."""

TRIED = 4
"""The heaviest that are tried, once per round."""

MOST = 10_000
"""Examples, evenly spaced in time: enough to tell such a difference."""

KEPT = 60
"""The features by gain beside which it is tried."""

FEWEST = 200
"""Examples below which trees say nothing."""

ROUNDS = 80
PARAMETERS = {
    "learning_rate": 0.1, "num_leaves": 15, "min_data_in_leaf": 20, "feature_fraction": 0.5, "cat_smooth": 20,
    "verbose": -1, "num_threads": 1, "deterministic": True, "force_row_wise": True,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Sample:
    """What is learned from."""

    matrix: Matrix
    rows: Rows
    folds: Rows
    answers: Floats
    chance: bool
    seed: int

    @classmethod
    def of(cls, case: Case, seed: int) -> _Sample:
        """At most `MOST`; of a quantity the ranks, so that no single amount decides."""
        step = np.unique(np.linspace(0, len(case.rows) - 1, min(MOST, len(case.rows))).astype(np.int64))
        answers = case.answers[step]
        if not case.question.chance:
            answers = rankdata(answers) / len(answers)
        return cls(case.matrix, case.rows[step], case.folds[step], answers, case.question.chance, seed)

    def fit(self, names: Sequence[str], train: Rows) -> tuple[Encoder, lgb.Booster | None]:
        """Trees over the named features; None where none of them varies. `train`: places in the sample."""
        chosen = [spec for spec in self.matrix.specs if spec.name in set(names)]
        matrix = self.matrix.only(chosen)
        encoder = Encoder.fit(matrix, self.rows[train])
        if not encoder.specs:
            return encoder, None
        categories = [at for at, spec in enumerate(encoder.specs) if spec.category]
        told = lgb.Dataset(
            encoder.encode(matrix, self.rows[train]), self.answers[train], categorical_feature=categories
        )
        objective = "binary" if self.chance else "regression"
        return encoder, lgb.train({**PARAMETERS, "objective": objective, "seed": self.seed}, told, ROUNDS)

    def said(self, names: Sequence[str]) -> Floats:
        """What trees that did not see an example say about it."""
        found = np.full(len(self.rows), np.nan)
        for part in range(FOLDS):
            train, test = np.flatnonzero(self.folds != part), np.flatnonzero(self.folds == part)
            if len(train) and len(test):
                encoder, trees = self.fit(names, train)
                values = encoder.encode(self.matrix, self.rows[test])
                found[test] = self.answers[train].mean() if trees is None else trees.predict(values)
        return found


def lifts(case: Case, names: Sequence[str], seed: int) -> Iterator[tuple[Topic, Finding]]:
    """The undated attributes and links that bring too much beside the rest of `names`."""
    sample = _Sample.of(case, seed)
    if not _enough(sample) or not names:
        return
    gains = _gains(sample, names)
    total = sum(gains.values()) or 1.0
    weights = {one.what: sum(gains.get(name, 0.0) for name in _said(case, one)) / total for one in case.topics}
    tried = [one for one in case.topics if one.raw and one.undated and weights[one.what] >= WEIGHT]
    tried = sorted(tried, key=lambda one: (-weights[one.what], one.what))[:TRIED]
    if not tried:
        return
    heaviest = sorted(gains, key=lambda name: (-gains[name], name))[:KEPT]
    whole = _strengths(case, sample, sample.said(heaviest))
    for topic in tried:
        rest = [name for name in heaviest if name not in _said(case, topic)]
        without = (
            _strengths(case, sample, sample.said(rest)) if rest else np.full_like(whole, _NOTHING[case.question.chance])
        )
        yield from _judged(case, topic, whole, without)


_NOTHING = {True: 0.5, False: 0.0}
"""The strength of saying nothing."""


def _said(case: Case, topic: Topic) -> frozenset[str]:
    """What is tried: of a link only where it points, since histories along it are as of each cutoff."""
    return frozenset(case.matrix.specs[at].name for at in topic.columns) if topic.link else frozenset(topic.reads)


def _judged(case: Case, topic: Topic, whole: Floats, without: Floats) -> Iterator[tuple[Topic, Finding]]:
    closes = float((whole[0] - without[0]) / max(1e-9, 1 - without[0]))
    if closes < CLOSES or whole[0] < KNOWING[case.question.chance] or not (whole[1:] > without[1:]).all():
        return
    clause = (
        f"takes all that is known besides from {case.figure} {without[0]:.3f} to {whole[0]:.3f}"
        f" ({closes:.0%} of what was missing)"
    )
    figures = {"closes": closes, "with": float(whole[0]), "without": float(without[0])}
    yield topic, Finding(test=Kind.LIFT, clause=clause, figures=figures)


def _enough(sample: _Sample) -> bool:
    if len(sample.rows) < FEWEST:
        return False
    rarer = min(sample.answers.sum(), len(sample.answers) - sample.answers.sum())
    return not sample.chance or bool(rarer >= FEWEST // 10)


def _gains(sample: _Sample, names: Sequence[str]) -> dict[str, float]:
    encoder, trees = sample.fit(names, np.arange(len(sample.rows)))
    gains: Any = [] if trees is None else trees.feature_importance("gain")
    return {spec.name: float(gain) for spec, gain in zip(encoder.specs, gains, strict=True)}


def _strengths(case: Case, sample: _Sample, said: Floats) -> Floats:
    """Of all examples together, then of each part that has both answers."""
    found = [case.strength(said, sample.answers)]
    for part in range(FOLDS):
        here = sample.folds == part
        if here.sum() >= FEWEST // FOLDS and len(np.unique(sample.answers[here])) > 1:
            found.append(case.strength(said[here], sample.answers[here]))
    return np.array(found)
