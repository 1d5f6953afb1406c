"""The judged examples of a back-test, as aligned arrays."""

from __future__ import annotations

import numpy as np

from sightline.kernel.predict._matrix import Floats, Rows
from sightline.kernel.predict._weights import mean_one
from sightline.kernel.predict.backtest import Backtest
from sightline.kernel.predict.limits import MIN_JUDGED
from sightline.kernel.predict.models.rung import Flags


class View:
    """What was told of whoever was judged, and what came."""

    def __init__(self, test: Backtest) -> None:
        told = test.model.value[test.judged]
        # What never had an answer to learn from tells nothing of a quantity.
        rows: Rows = test.judged[~np.isnan(told)]
        self.rows = rows
        self.weights: Floats = mean_one(test.weights[rows])
        self.truth: Floats = test.truth[rows]
        self.observed: Flags = test.observed[rows]
        self.value: Floats = test.model.value[rows]
        self.median: Floats = test.model.median[rows]
        self.low: Floats = test.model.low[rows]
        self.high: Floats = test.model.high[rows]
        self.attributes: Floats = test.attributes.value[rows]
        self.attributes_median: Floats = test.attributes.median[rows]
        self.base: Floats = test.usual.value[rows]
        self.clusters: Rows = test.clusters[rows]

    @property
    def p(self) -> Floats:
        """Of a chance the probability."""
        return self.value

    @property
    def yes(self) -> Floats:
        """Of a chance the answer."""
        return self.truth

    @property
    def speaks(self) -> bool:
        """Whether there is anything to measure: more than one answer occurs."""
        return len(self.truth) > 0 and bool(self.truth.min() < self.truth.max())

    @property
    def independent(self) -> int:
        """How many clusters were judged."""
        return len(np.unique(self.clusters))

    @property
    def thin(self) -> bool:
        """Whether too few independent answers of one kind were judged for a verdict other than no."""
        return min(len(np.unique(self.clusters[self.yes == answer])) for answer in (0, 1)) < MIN_JUDGED
