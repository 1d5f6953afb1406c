"""Whether parties were split as they should have been: a broken split makes every figure of an effect worthless.

A lot that is not drawn as declared (a share changed on the way, parties lost in one arm only, a key that is not the one
contacted) shows in the plain numbers of parties long before anybody finds the reason (Fabijan et al. 2019).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

STRICT = 0.001
"""The chance that a sound split is ever called broken, however often it is looked at."""

WEIGHT = 100.0
"""Imaginary parties, split as declared, that the alternative begins with: deviations of some points show soonest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """Parties drawn into each arm, beside the declared shares."""

    counts: tuple[int, ...]
    shares: tuple[float, ...]
    evidence: float
    """Natural logarithm of the evidence against the declared split."""

    @property
    def broken(self) -> bool:
        """Beyond doubt."""
        return self.evidence >= -math.log(STRICT)


def split(counts: Sequence[int], shares: Sequence[float]) -> Split:
    """Compare parties per arm with the shares (above 0, together 1; with a share of 0 nobody may have been drawn).

    The evidence is the Bayes factor of a Dirichlet-multinomial about the declared shares against these themselves
    (Lindon and Malek 2022): under a sound split it ever exceeds 1/a with a chance of at most a, so daily looks do no
    harm. Raises ValueError where counts and shares do not match.
    """
    if len(counts) != len(shares) or not math.isclose(sum(shares), 1.0, abs_tol=1e-9) or min(shares) < 0:
        raise ValueError(f"{len(counts)} counts and the shares {list(shares)}: one share each is needed, together 1.")
    if any(count and not share for count, share in zip(counts, shares, strict=True)):
        evidence = math.inf
    else:
        drawn = [(count, share) for count, share in zip(counts, shares, strict=True) if share > 0]
        seen = sum(count for count, _ in drawn)
        evidence = math.lgamma(WEIGHT) - math.lgamma(WEIGHT + seen)
        for count, share in drawn:
            ahead = WEIGHT * share
            evidence += math.lgamma(ahead + count) - math.lgamma(ahead) - count * math.log(share)
    return Split(counts=tuple(counts), shares=tuple(shares), evidence=evidence)
