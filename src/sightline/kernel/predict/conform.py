"""Stand-in until the models' branch brings its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from sightline.kernel.predict._matrix import Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Conformal:
    below: float
    above: float

    def __call__(self, low: Floats, high: Floats) -> tuple[Floats, Floats]:
        return low - self.below, high + self.above

    def document(self) -> dict[str, Any]:
        return {"below": self.below, "above": self.above}

    @classmethod
    def read(cls, document: dict[str, Any]) -> Conformal:
        return cls(**document)


def conform(low: Floats, high: Floats, truth: Floats, *, observed: np.typing.NDArray[np.bool_]) -> Conformal:
    n = len(truth)
    if n < 20:
        return Conformal(below=0.0, above=0.0)
    level = min(1.0, 0.95 * (n + 1) / n)
    return Conformal(below=float(np.quantile(low - truth, level)), above=float(np.quantile(truth - high, level)))
