"""What we ourselves did to subjects between cutoff and deadline, so that success does not teach that risk is safe.

An example that was treated tells nothing of what happens by itself: it leaves training, calibration and the promise.
Those kept back though they were up for it stand for it: their weight is one over the chance of having been kept back
(inverse propensity, Horvitz and Thompson 1952).
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import polars as pl

from sightline.kernel.predict.facts import INSTANT

MOST = 20.0
"""A weight is cut here, so that one example kept back by a small chance decides nothing alone."""

_SCHEMA: dict[str, pl.DataType | type[pl.DataType]] = {
    "key": pl.String,
    "cutoff": INSTANT,
    "treated": pl.Boolean,
    "propensity": pl.Float64,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Treatment:
    """What was done, by example."""

    frame: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=_SCHEMA))
    """key, cutoff, treated (acted upon before its deadline), propensity (the chance there was of that)."""

    def of(self, eligible: pl.DataFrame) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.float64]]:
        """Per eligible example: whether it was treated, and its weight."""
        if self.frame.is_empty():
            return np.zeros(eligible.height, np.bool_), np.ones(eligible.height)
        found = eligible.select("key", "cutoff").join(
            self.frame, on=["key", "cutoff"], how="left", maintain_order="left"
        )
        treated = found["treated"].fill_null(value=False).to_numpy()
        propensity = found["propensity"].fill_null(0.0).to_numpy()
        weight = np.minimum(1 / np.maximum(1 - propensity, 1 / MOST), MOST)
        return treated, np.where(treated, 1.0, weight)
