"""Explainable boosting (Lou, Caruana and Gehrke 2012; Nori et al. 2019): a sum of curves, one per feature, and of a few
surfaces, one per pair of features that act together. On small tables the best there is, and its reasons are exact.

Fitted by interpret-core where that is installed; kept as cuts and scores, which need nothing but numpy to be read.
"""

from __future__ import annotations

import importlib.util
import itertools
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from sightline.kernel.predict._matrix import Encoder, Floats, Matrix, Rows, Singles
from sightline.kernel.predict.models._links import exponential, shared
from sightline.kernel.predict.models._quantiles import Around
from sightline.kernel.predict.models._slice import floor_of, recent
from sightline.kernel.predict.models.linear import enough
from sightline.kernel.predict.models.rung import Lessons, Said, Task

MIN_ROWS, MIN_CLASS = 200, 20
"""Fewer mature answers, or fewer of the rarer one, and curves are noise."""

MOST_ROWS, MOST_CELLS = 20_000, 1_000_000
"""Examples, and examples times features, above which boosted trees are as good and take a fraction of the time."""

BAGS, PAIRS, RATE, ROUNDS, BINS, PAIR_BINS = 4, 6, 0.06, 4000, 256, 32
"""Its defaults take twenty times as long and were no better on the tables measured."""

CELLS_A_SECOND = 2e8
"""Examples times features times rounds of one bag that a core does in a second, for the budget; a low guess."""

LEAST_ROUNDS = 100

Edges = tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A curve over one feature, or a surface over two."""

    features: tuple[int, ...]
    """Positions in the encoder."""
    cuts: tuple[Floats, ...]
    """Per feature, ascending. A value below the first cut is in bin 1, one at a cut in the bin above; missing in 0."""
    scores: Floats
    """Per bin, or per pair of bins."""

    def __call__(self, values: Singles) -> Floats:
        """What it adds for each subject."""
        bins = [_bins(values[:, at], cuts) for at, cuts in zip(self.features, self.cuts, strict=True)]
        found: Floats = self.scores[tuple(bins)]
        return found

    def document(self) -> dict[str, Any]:
        """JSON-ready."""
        cuts = [part.tolist() for part in self.cuts]
        return {"features": list(self.features), "cuts": cuts, "scores": self.scores.tolist()}

    @classmethod
    def read(cls, document: dict[str, Any]) -> Term:
        """What `document` gave."""
        return cls(
            features=tuple(document["features"]),
            cuts=tuple(np.array(part, np.float64) for part in document["cuts"]),
            scores=np.array(document["scores"], np.float64),
        )


def _bins(column: Singles, cuts: Floats) -> Rows:
    found = np.searchsorted(cuts, column.astype(np.float64), side="right") + 1
    return np.where(np.isnan(column), 0, found).astype(np.int64)


@dataclass(frozen=True, slots=True, kw_only=True)
class Curves:
    """A sum of terms."""

    encoder: Encoder
    terms: tuple[Term, ...]
    base: float
    logarithm: bool
    """Whether the sum is that of a logarithm."""
    unit: float
    around: Around | None

    @property
    def name(self) -> str:
        """`explainable`."""
        return "explainable"

    def _score(self, sums: Floats) -> Floats:
        if self.around is None:
            return sums
        found = (exponential(sums) if self.logarithm else sums) * self.unit
        return np.clip(found, self.around.floor, self.around.ceiling)

    def say(self, matrix: Matrix) -> Said:
        """Log-odds, or mean and quantiles."""
        values = self.encoder.encode(matrix)
        sums = np.full(len(values), self.base)
        for term in self.terms:
            sums += term(values)
        score = self._score(sums)
        if self.around is None:
            return Said(score=score)
        low, median, high = self.around(score)
        return Said(score=score, median=median, low=low, high=high)

    def contributions(self, matrix: Matrix) -> tuple[tuple[str, ...], Floats]:
        """What its terms add; a surface's share is split evenly between its two features."""
        values = self.encoder.encode(matrix)
        shares = np.zeros((len(values), len(self.encoder.specs)))
        for term in self.terms:
            for at in term.features:
                shares[:, at] += term(values) / len(term.features)
        base = np.array([self.base])
        slope = self.unit * float(exponential(base)[0]) if self.logarithm else self.unit
        names = tuple(spec.name for spec in self.encoder.specs)
        return names, shared(shares, self._score(shares.sum(axis=1) + self.base), self._score(base), slope)

    def document(self) -> dict[str, Any]:
        """JSON-ready."""
        return {
            "rung": self.name,
            "encoder": self.encoder.document(),
            "terms": [term.document() for term in self.terms],
            "base": self.base,
            "logarithm": self.logarithm,
            "unit": self.unit,
            "around": self.around.document() if self.around else None,
        }

    @classmethod
    def read(cls, document: dict[str, Any]) -> Curves:
        """What `document` gave."""
        return cls(
            encoder=Encoder.read(document["encoder"]),
            terms=tuple(Term.read(term) for term in document["terms"]),
            base=float(document["base"]),
            logarithm=document["logarithm"],
            unit=float(document["unit"]),
            around=Around.read(document["around"]) if document["around"] else None,
        )


class Explainable:
    """Explainable boosting, where interpret-core is installed."""

    @property
    def name(self) -> str:
        """`explainable`."""
        return "explainable"

    def suits(self, task: Task, lessons: Lessons) -> bool:
        """Between a few hundred examples and some thousands."""
        if importlib.util.find_spec("interpret") is None or len(lessons.rows) > MOST_ROWS:
            return False
        if not enough(task, lessons, MIN_ROWS, MIN_CLASS):
            return False
        features = len(Encoder.fit(lessons.matrix, lessons.rows).specs)
        return 0 < features * len(lessons.rows) <= MOST_CELLS

    def fit(self, task: Task, lessons: Lessons) -> Curves:
        """Learn curves and surfaces; of a quantity once more without the most recent answers, to see how far off."""
        lessons = lessons.complete(task)
        encoder = Encoder.fit(lessons.matrix, lessons.rows)
        values = encoder.encode(lessons.matrix, lessons.rows)
        floor = floor_of(task, lessons)
        logarithm = not task.chance and task.form in {"count", "total"} and floor == 0
        unit = 1.0 if task.chance else float(np.abs(lessons.answers).mean()) or 1.0
        learn = _Learning(task=task, encoder=encoder, logarithm=logarithm)
        answers, weights = lessons.answers / unit, lessons.weights
        terms, base = learn(values, answers, weights)
        around = None
        if not task.chance:
            first, late = recent(len(answers))
            held, level = learn(values[first], answers[first], weights[first])
            sums = level + sum((term(values[late]) for term in held), np.zeros(len(late)))
            ceiling = task.horizon if task.form == "next" else None
            mean = np.clip((exponential(sums) if logarithm else sums) * unit, floor, ceiling)
            around = Around.fit(mean, lessons.answers[late], weights[late], floor=floor, ceiling=ceiling)
        return Curves(encoder=encoder, terms=terms, base=base, logarithm=logarithm, unit=unit, around=around)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Learning:
    task: Task
    encoder: Encoder
    logarithm: bool

    def __call__(self, values: Singles, answers: Floats, weights: Floats) -> tuple[tuple[Term, ...], float]:
        """The terms and the base."""
        from interpret import glassbox

        plain, gone = _filled(values)
        options: dict[str, Any] = {
            "outer_bags": BAGS,
            "interactions": PAIRS,
            "learning_rate": RATE,
            "max_rounds": self._rounds(values.size),
            "max_bins": BINS,
            "max_interaction_bins": PAIR_BINS,
            "random_state": self.task.seed,
            "n_jobs": 1,
            "feature_types": ["nominal" if spec.category else "continuous" for spec in self.encoder.specs],
        }
        if self.task.chance:
            found = glassbox.ExplainableBoostingClassifier(**options).fit(plain, answers.astype(np.int64), weights)
        else:
            objective = "rmse"
            if self.logarithm:
                objective = "poisson_deviance" if self.task.form == "count" else "tweedie_deviance:variance_power=1.5"
            model = glassbox.ExplainableBoostingRegressor(objective=objective, **options)
            found = model.fit(plain, answers, weights)
        return _terms(found, gone), float(np.ravel(found.intercept_)[0])

    def _rounds(self, cells: int) -> int:
        if self.task.budget is None:
            return ROUNDS
        runs = BAGS * (1 if self.task.chance else 2)
        return int(np.clip(self.task.budget * CELLS_A_SECOND / max(1, cells * runs), LEAST_ROUNDS, ROUNDS))


def _filled(values: Singles) -> tuple[npt.NDArray[np.float64], Floats]:
    """Missing values as a number below all others, per feature; interpret-core warns of each gap it is given."""
    full = values.astype(np.float64)
    missing = np.isnan(full)
    lowest = np.where(missing, np.inf, full).min(axis=0)
    lowest = np.where(np.isfinite(lowest), lowest, 0.0)
    below = np.floor(np.minimum(lowest * 2, 0.0)) - 1.0
    return np.where(missing, below, full), below


def _terms(found: Any, gone: Floats) -> tuple[Term, ...]:
    """What interpret-core learned, each term by its own cuts. What it learned of the stand-in goes to the missing."""
    terms = []
    for features, scores in zip(found.term_features_, found.term_scores_, strict=True):
        scored, cuts = np.asarray(scores, np.float64), []
        for axis, at in enumerate(features):
            levels = found.bins_[at]
            binned = levels[min(len(levels), len(features)) - 1]
            edges = _edges(binned)
            where = _order(binned, edges, float(gone[at]))
            scored = np.take(scored, where, axis=axis)
            cuts.append(edges)
        terms.append(Term(features=tuple(int(at) for at in features), cuts=tuple(cuts), scores=scored))
    return tuple(terms)


def _edges(binned: Any) -> Floats:
    """Cuts of numbers; between whole numbers for categories."""
    if not isinstance(binned, dict):
        return np.asarray(binned, np.float64)
    codes = sorted({float(word) for word in binned})
    return np.array([(one + two) / 2 for one, two in itertools.pairwise(codes)])


def _order(binned: Any, edges: Floats, gone: float) -> Rows:
    """Which of interpret-core's bins (0 missing, then its own, the last unknown) stands in each of ours."""
    if not isinstance(binned, dict):
        of_gone = int(np.searchsorted(edges, gone, side="right")) + 1
        return np.concatenate([[of_gone], np.arange(1, len(edges) + 2)]).astype(np.int64)
    by_code: dict[float, int] = {float(word): int(place) for word, place in binned.items()}
    places = [by_code[code] for code in sorted(by_code)]
    found: Rows = np.array([by_code.get(gone, max(places) + 1), *places], np.int64)
    return found
