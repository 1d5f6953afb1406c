"""CatBoost (Prokhorenkova et al. 2018), where somebody installed it and asks for it: one more contender.

Categories go in as words, whose rates it learns from earlier examples only. Kept as CatBoost's own binary form beside a
digest; reading it runs no code.
"""

from __future__ import annotations

import base64
import hashlib
import importlib.util
from dataclasses import dataclass
from typing import Any

import numpy as np

from sightline.kernel.predict._matrix import Encoder, Floats, Matrix, Singles
from sightline.kernel.predict.models._links import shared
from sightline.kernel.predict.models._slice import floor_of
from sightline.kernel.predict.models.boosted import MIN_CLASS, MIN_ROWS
from sightline.kernel.predict.models.linear import enough
from sightline.kernel.predict.models.rung import Lessons, Said, Task
from sightline.language.errors import Unprovable

MOST_CELLS = 3_000_000
"""Examples times features; beyond, it takes minutes on one core."""

ROUNDS, RATE = 500, 0.05

OPTIONS: dict[str, Any] = {
    "iterations": ROUNDS,
    "learning_rate": RATE,
    "thread_count": 1,
    "verbose": False,
    "allow_writing_files": False,
    "has_time": True,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Oblivious:
    """Fitted symmetric trees: of a chance, or of the mean and of the quantiles of a quantity."""

    encoder: Encoder
    models: tuple[Any, ...]
    floor: float | None
    ceiling: float | None

    @property
    def name(self) -> str:
        """`catboost`."""
        return "catboost"

    def say(self, matrix: Matrix) -> Said:
        """Log-odds, or mean and quantiles."""
        if not len(matrix.values):
            none = np.zeros(0)
            return Said(score=none) if len(self.models) == 1 else Said(score=none, median=none, low=none, high=none)
        pool = _pool(self.encoder, self.encoder.encode(matrix))
        score = np.asarray(self.models[0].predict(pool, prediction_type="RawFormulaVal", thread_count=1), np.float64)
        if len(self.models) == 1:
            return Said(score=score)
        found = np.sort(np.asarray(self.models[1].predict(pool, thread_count=1), np.float64), axis=1)
        low, median, high = np.clip(found, self.floor, self.ceiling).T
        return Said(score=np.clip(score, self.floor, self.ceiling), median=median, low=low, high=high)

    def contributions(self, matrix: Matrix) -> tuple[tuple[str, ...], Floats]:
        """Exact shares of the sum over trees; of a mean cut off at its bounds, stretched."""
        ordered = sorted(self.encoder.specs, key=lambda spec: spec.category)
        names = tuple(spec.name for spec in ordered)
        if not len(matrix.values):
            return names, np.zeros((0, len(names) + 1))
        pool = _pool(self.encoder, self.encoder.encode(matrix))
        found = np.asarray(self.models[0].get_feature_importance(pool, type="ShapValues", thread_count=1), np.float64)
        if len(self.models) == 1:
            return names, found
        base = np.clip(found[:, -1], self.floor, self.ceiling)
        return names, shared(found[:, :-1], np.clip(found.sum(axis=1), self.floor, self.ceiling), base, 1.0)

    def document(self) -> dict[str, Any]:
        """JSON-ready."""
        told = [bytes(model._serialize_model()) for model in self.models]
        return {
            "rung": self.name,
            "encoder": self.encoder.document(),
            "models": [
                {"data": base64.b64encode(part).decode(), "digest": hashlib.sha256(part).hexdigest()} for part in told
            ],
            "floor": self.floor,
            "ceiling": self.ceiling,
        }

    @classmethod
    def read(cls, document: dict[str, Any]) -> Oblivious:
        """What `document` gave. Raises Unprovable when it was damaged, or CatBoost is not installed here."""
        if importlib.util.find_spec("catboost") is None:
            raise Unprovable("The model on file needs CatBoost.", hint="Install it: pip install 'sightline[catboost]'.")
        import catboost

        models = []
        for part in document["models"]:
            data = base64.b64decode(part["data"])
            if hashlib.sha256(data).hexdigest() != part["digest"]:
                raise Unprovable("The model on file was damaged.", hint="Train the question again.")
            models.append(catboost.CatBoost().load_model(blob=data))
        return cls(
            encoder=Encoder.read(document["encoder"]), models=tuple(models), floor=document["floor"],
            ceiling=document["ceiling"],
        )  # fmt: skip


class Catboosted:
    """CatBoost, where it is installed."""

    @property
    def name(self) -> str:
        """`catboost`."""
        return "catboost"

    def suits(self, task: Task, lessons: Lessons) -> bool:
        """With a few hundred answers, and not too many."""
        if importlib.util.find_spec("catboost") is None or not enough(task, lessons, MIN_ROWS, MIN_CLASS):
            return False
        return 0 < len(Encoder.fit(lessons.matrix, lessons.rows).specs) * len(lessons.rows) <= MOST_CELLS

    def fit(self, task: Task, lessons: Lessons) -> Oblivious:
        """Learn from all, oldest first."""
        import catboost

        lessons = lessons.complete(task)
        encoder = Encoder.fit(lessons.matrix, lessons.rows)
        pool = _pool(encoder, encoder.encode(lessons.matrix, lessons.rows), lessons.answers, lessons.weights)
        losses = ("Logloss",) if task.chance else ("RMSE", "MultiQuantile:alpha=0.05,0.5,0.95")
        models = tuple(
            catboost.CatBoost({**OPTIONS, "loss_function": loss, "random_seed": task.seed}).fit(pool) for loss in losses
        )
        ceiling = task.horizon if task.form == "next" else None
        return Oblivious(encoder=encoder, models=models, floor=floor_of(task, lessons), ceiling=ceiling)


def _pool(encoder: Encoder, values: Singles, answers: Floats | None = None, weights: Floats | None = None) -> Any:
    """Numbers as numbers, then categories as words."""
    import catboost

    words = np.array([spec.category for spec in encoder.specs])
    codes = np.where(np.isnan(values[:, words]), -1, values[:, words]).astype(np.int64)
    given: dict[str, Any] = {}
    if (~words).any():
        given["num_feature_data"] = np.ascontiguousarray(values[:, ~words])
    if words.any():
        given["cat_feature_data"] = codes.astype(str).astype("S").astype(object)
    table = catboost.FeaturesData(**given)
    return catboost.Pool(table, label=answers, weight=weights)
