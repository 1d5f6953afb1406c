"""LightGBM as every rung uses it: on numbers, one thread, kept as its own text beside a digest.

A text that was cut or changed can bring LightGBM down instead of raising, so one whose digest differs is never given to
it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

import lightgbm as lgb
import numpy as np

from sightline.kernel.predict._matrix import Floats, Singles
from sightline.kernel.predict.models._slice import recent
from sightline.language.errors import Unprovable

QUIET: dict[str, Any] = {"verbose": -1, "num_threads": 1}
"""Goes with every call. LightGBM keeps one number of threads per process and sizes buffers by it: were it another for a
moment, a booster trained beside would write behind its buffers."""

RATE = 0.03
"""At which a booster learns where nothing else is said."""

SAME: dict[str, Any] = {**QUIET, "deterministic": True, "force_row_wise": True, "learning_rate": RATE}
"""And with all training."""

PATIENCE = 50
"""Rounds without anything getting better before it stops."""


def data(values: Singles, answers: Floats, weights: Floats | None = None, **more: Any) -> lgb.Dataset:
    """What to train on. All weights 1 are no weights, which is faster."""
    plain = weights is None or bool((weights == 1).all())
    return lgb.Dataset(values, answers, weight=None if plain else weights, params=QUIET, **more)


def rounds(
    parameters: dict[str, Any], values: Singles, answers: Floats, weights: Floats, *, least: int, most: int
) -> tuple[int, Floats]:
    """After how many rounds the most recent answers stop getting better for boosters that do not know them, and what
    was said of them by then (raw scores).
    """
    first, late = recent(len(answers))
    train = data(values[first], answers[first], weights[first])
    held = data(values[late], answers[late], weights[late], reference=train)
    stop = lgb.early_stopping(PATIENCE, verbose=False)
    found = lgb.train({**SAME, **parameters}, train, most, valid_sets=[held], callbacks=[stop])
    best = max(least, int(found.best_iteration))
    said = found.predict(values[late], raw_score=True, num_iteration=best, **QUIET)
    return best, np.asarray(said, np.float64)


def boost(parameters: dict[str, Any], train: lgb.Dataset, many: int) -> lgb.Booster:
    """A booster of `many` rounds."""
    return lgb.train({**SAME, **parameters}, train, many)


def raw(boosters: Sequence[lgb.Booster], values: Singles) -> Floats:
    """The mean of what the boosters say, before any link."""
    found: Floats = np.mean([b.predict(values, raw_score=True, **QUIET) for b in boosters], axis=0)
    return found


def shares(boosters: Sequence[lgb.Booster], values: Singles) -> Floats:
    """subjects x (features + 1): exact shares of `raw` (TreeSHAP, Lundberg et al. 2018); the last is the base."""
    found: Floats = np.mean([b.predict(values, pred_contrib=True, **QUIET) for b in boosters], axis=0)
    return found


def told(boosters: Sequence[lgb.Booster]) -> list[dict[str, str]]:
    """JSON-ready."""
    texts = [booster.model_to_string() for booster in boosters]
    return [{"text": text, "digest": _digest(text)} for text in texts]


def heard(documents: Sequence[dict[str, str]]) -> tuple[lgb.Booster, ...]:
    """The boosters of `told`. Raises Unprovable when a text is not what was written."""
    for document in documents:
        if _digest(document["text"]) != document["digest"]:
            raise Unprovable("The model on file was damaged.", hint="Train the question again.")
    return tuple(lgb.Booster(model_str=document["text"]) for document in documents)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
