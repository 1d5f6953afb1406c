"""What is suspiciously good alone: a feature that tells the answer by itself is more often a leak than a discovery.

Each feature is looked at alone, on the judged subjects of the back-test: its value, and apart from that whether it is
there at all (what is filled in only once the answer is known gives itself away by that). A category is read as the
share of yes it had before the origin, so that no answer that is judged tells its own value.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from sightline.kernel.predict import metrics
from sightline.kernel.predict._matrix import Floats, Matrix, Rows
from sightline.kernel.predict._spec import Spec
from sightline.kernel.predict.backtest import Backtest
from sightline.kernel.predict.prepare import Prepared

SUSPICIOUS = 0.95
"""An AUC alone from which on a feature is named; real discoveries about businesses stay far below."""

FEWEST = 10
"""Subjects with either answer below which a feature that is mostly missing tells nothing yet."""

SHOWN = 5
"""The strongest that are shown beside, suspicious or not."""


@dataclass(frozen=True, slots=True)
class _Alone:
    """A feature alone."""

    spec: Spec
    by: str
    """`value`, or `presence`: whether there is one."""
    auc: float
    """From one half up, whichever way it points."""

    def document(self) -> dict[str, Any]:
        return {"feature": self.spec.name, "group": self.spec.group.value, "by": self.by, "auc": self.auc}


def audited(prepared: Prepared, test: Backtest) -> dict[str, Any]:
    """How many features were looked at alone, which are suspicious, and which were the strongest."""
    judged = test.judged
    yes = test.yes[judged]
    matrix = prepared.matrix
    found: list[_Alone] = []
    if 0 < yes.sum() < len(yes):
        earlier = _earlier(test)
        for at, spec in enumerate(matrix.specs):
            found += _alone(spec, _read(matrix, at, earlier, test), judged, yes)
    strongest = sorted(found, key=lambda one: (-one.auc, one.spec.name, one.by))
    return {
        "checked": len(matrix.specs),
        "limit": SUSPICIOUS,
        "suspicious": [one.document() for one in strongest if one.auc >= SUSPICIOUS],
        "strongest": [one.document() for one in strongest[:SHOWN]],
    }


def _earlier(test: Backtest) -> Rows:
    """The subjects asked before the origin whose answers are in."""
    before = ~np.isnan(test.yes)
    before[test.judged] = False
    return np.flatnonzero(before)


def _read(matrix: Matrix, at: int, earlier: Rows, test: Backtest) -> Floats:
    """A feature as one number a subject; nan where missing."""
    values = matrix.values[:, at].astype(np.float64)
    if not matrix.specs[at].category:
        return values
    codes = np.where(np.isnan(values), -1, values).astype(np.int64) + 1
    size = int(codes.max(initial=0)) + 1
    seen = np.bincount(codes[earlier], minlength=size)
    share = np.bincount(codes[earlier], test.yes[earlier], size)
    base = float(test.yes[earlier].mean()) if len(earlier) else 0.5
    read: Floats = np.where(codes > 0, ((share + base) / (seen + 1))[codes], np.nan)
    return read


def _alone(spec: Spec, values: Floats, judged: Rows, yes: Floats) -> list[_Alone]:
    there = ~np.isnan(values[judged])
    found = []
    if min(there.sum(), len(there) - there.sum()) >= FEWEST:
        found.append(_Alone(spec, "presence", _either_way(there.astype(np.float64), yes)))
    if min(yes[there].sum(), there.sum() - yes[there].sum()) >= FEWEST:
        found.append(_Alone(spec, "value", _either_way(values[judged][there], yes[there])))
    return found


def _either_way(values: Floats, yes: Floats) -> float:
    auc = metrics.auc(values, yes)
    return max(auc, 1 - auc)
