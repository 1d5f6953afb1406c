"""The same figures for parts of the subjects, and what the model looks at: by the features that move it most."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from sightline.kernel.predict import metrics, quantity
from sightline.kernel.predict._matrix import Floats, Matrix, Rows
from sightline.kernel.predict._spec import Spec
from sightline.kernel.predict._weights import mean, mean_one
from sightline.kernel.predict.models.rung import Fitted
from sightline.kernel.predict.proof.view import View

SAMPLE = 1000
"""The most recent judged subjects by which it is seen what moves the model."""

MOST = 20
"""Values a category may have to be looked at one by one; and features that are shown."""

TABLES = 5
"""Categories that are looked at."""

LEAST = 30
"""Subjects of a value below which its figures are noise."""


def strongest(fitted: Fitted, matrix: Matrix, rows: Rows, weights: Floats) -> dict[str, float]:
    """How much each feature moves what is said of `rows`, on average; the strongest first. Empty for the prior.

    `weights` of the rows, aligned.
    """
    names, shares = fitted.contributions(matrix.rows(rows[-SAMPLE:])) if len(rows) else ((), np.zeros((0, 1)))
    if not names:
        return {}
    heavy = weights[-SAMPLE:]
    moved: Floats = (heavy[:, None] * np.abs(shares[:, :-1])).sum(axis=0) / heavy.sum()
    order = np.argsort(-moved, kind="stable")
    return {names[at]: float(moved[at]) for at in order if moved[at] > 0}


def features(moved: dict[str, float], matrix: Matrix) -> dict[str, Any]:
    """How many there were, how many move anything, and the strongest with their share of all that is moved."""
    groups = {spec.name: spec.group.value for spec in matrix.specs}
    total = sum(moved.values()) or 1.0
    return {
        "made": len(matrix.specs),
        "used": len(moved),
        "strongest": [
            {"feature": name, "group": groups.get(name, ""), "share": by / total}
            for name, by in list(moved.items())[:MOST]
        ],
    }


def segments(view: View, matrix: Matrix, moved: dict[str, float], *, chance: bool) -> list[dict[str, Any]]:
    """Each category of few values with its values, the strongest first."""
    at = {spec.name: (i, spec) for i, spec in enumerate(matrix.specs) if spec.category}
    found: list[dict[str, Any]] = []
    for name in moved:
        if name in at and len(found) < TABLES:
            place, spec = at[name]
            values = list(_values(view, matrix.values[view.rows, place], matrix.vocabulary[name], chance=chance))
            if len(values) > 1:
                found.append({"feature": name, "of": _of(spec), "values": values})
    return found


def _of(spec: Spec) -> str:
    return " and ".join(spec.of).replace("_", " ")


def _values(view: View, codes: Floats, words: list[str], *, chance: bool) -> Iterator[dict[str, Any]]:
    known = codes[~np.isnan(codes)].astype(np.int64)
    counts = np.bincount(known, minlength=len(words))
    if not 1 < (counts > 0).sum() <= MOST:
        return
    for code in np.argsort(-counts, kind="stable"):
        if counts[code] < LEAST:
            break
        rows = np.flatnonzero(codes == code)
        told = _chances(view, rows) if chance else _quantities(view, rows)
        yield {"value": words[code], "subjects": len(rows), **told}


def _chances(view: View, rows: Rows) -> dict[str, Any]:
    p, yes, weights = view.p[rows], view.yes[rows], mean_one(view.weights[rows])
    return {
        "share_yes": mean(yes, weights),
        "mean_probability": mean(p, weights),
        "auc": metrics.auc(p, yes, weights),
        "calibration_error": metrics.calibration_error(p, yes, weights),
    }


def _quantities(view: View, rows: Rows) -> dict[str, Any]:
    truth, weights = view.truth[rows], view.weights[rows]
    inside = quantity.covered(view.low[rows], view.high[rows], truth, view.observed[rows])
    return {
        "mean_answer": mean(truth, weights),
        "mean_forecast": mean(view.value[rows], weights),
        "mae": mean(quantity.absolute(view.median[rows], truth), weights),
        "total_ratio": quantity.total_ratio(view.value[rows], truth, weights),
        "coverage": mean(inside.astype(np.float64), weights),
    }
