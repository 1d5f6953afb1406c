"""Intervals that may be looked at every day: confidence sequences, which hold the truth at all looks at once.

An interval of 95 % made for one look excludes the truth far more often when it is looked at daily and believed the
first time it is clear of zero. A confidence sequence is wider at each look and keeps its 95 % over all of them, however
many, and whenever one stops. Used here is the asymptotic one of Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas
("Time-uniform central limit theory and asymptotic confidence sequences", Annals of Statistics 2024, theorem 2.2), which
is the boundary of a normal mixture (Robbins 1970; Howard, Ramdas, McAuliffe and Sekhon 2021, section 3.2) about an
estimate that is normal in large samples.
"""

from __future__ import annotations

import math

LEVEL = 0.95
"""Of the sequence: over all looks together."""

TIGHTEST = 100.0
"""Of independent subjects in the smaller of two very unequal arms, about: there the sequence is least wider than an
interval for one look. Set beforehand, as it must be: it may not follow the data. At ten times more or less it costs a
tenth or a fifth of the width.
"""

MOST_GROWTH = 1e6


def reach(seen: float, level: float = LEVEL) -> float:
    """By how many standard errors the sequence extends to either side.

    Args: `seen` what has been seen so far, as a number of independent subjects that would tell as much (above 0; see
    `parties.Estimate`); `level` between 0 and 1.
    """
    least = -2 * math.log(1 - level)
    scaled = seen * (least + math.log1p(least)) / TIGHTEST
    return math.sqrt((1 + 1 / scaled) * (math.log1p(scaled) + least))


def growth(difference: float, error: float, seen: float, level: float = LEVEL) -> float:
    """How many times as much has to be seen until a difference of this size is clear of zero, its standard error
    falling with the root of what is seen. 1 where it is already; infinite beyond `MOST_GROWTH`.
    """
    if _clear(1.0, difference, error, seen, level):
        return 1.0
    low, high = 1.0, 2.0
    while not _clear(high, difference, error, seen, level):
        low, high = high, 2 * high
        if high > MOST_GROWTH:
            return math.inf
    while high / low > 1.001:
        middle = math.sqrt(low * high)
        low, high = (low, middle) if _clear(middle, difference, error, seen, level) else (middle, high)
    return high


def _clear(times: float, difference: float, error: float, seen: float, level: float) -> bool:
    return reach(seen * times, level) * error / math.sqrt(times) < abs(difference)
