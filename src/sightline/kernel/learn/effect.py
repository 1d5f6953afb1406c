"""What acting changed, so far as the hold-out can tell: success among the treated beside success among the controls."""

from __future__ import annotations

import math
from dataclasses import dataclass

from sightline.foundation.db.session import Transaction
from sightline.language.playbook import Success

Z80 = 1.2816
"""Normal quantile of a two-sided 80 % interval."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """One playbook's settled cases. Rates are shares of success; the difference is treated minus control."""

    playbook: str
    treated: int
    control: int
    treated_rate: float | None
    control_rate: float | None
    difference: float | None
    interval: tuple[float, float] | None
    """80 % interval of the difference (normal approximation, Agresti-Caffo adjusted)."""

    @property
    def words(self) -> str:
        """One sentence."""
        if self.interval is None:
            return f"Not enough evidence yet: {self.treated} treated and {self.control} held back have an outcome."
        low, high = self.interval
        if low <= 0 <= high:
            return f"No effect can be claimed: the difference lies between {low:+.0%} and {high:+.0%}."
        return f"Success changed by {self.difference:+.0%} (80 % interval {low:+.0%} to {high:+.0%})."


async def effect(tx: Transaction, success: Success) -> Effect:
    """Count the settled outcomes of a playbook's subjects per arm, by intention to treat: whoever would have been acted
    on or asked about stands in the arm it was drawn into. To count only what was then done would compare the riskiest
    of one arm with all of the other.
    """
    rows = await tx.rows(
        "select d.arm, count(*) as n, count(*) filter (where o.answer = :wanted) as hits"
        " from sightline.decisions d join sightline.outcomes o on o.tenant = d.tenant and o.question = d.question"
        "  and o.kind = d.kind and o.key = d.subject and o.cutoff = d.cutoff"
        " where d.tenant = :t and d.playbook = :p and d.verb in ('act', 'ask', 'hold') group by d.arm",
        t=tx.tenant, p=success.playbook, wanted=success.answer,
    )  # fmt: skip
    counts = {row["arm"]: (row["n"], row["hits"]) for row in rows}
    return compare(success.playbook, counts.get("treated", (0, 0)), counts.get("control", (0, 0)))


def compare(playbook: str, treated: tuple[int, int], control: tuple[int, int]) -> Effect:
    """The effect from (cases, successes) per arm; pure. Interval after Agresti and Caffo (2000)."""
    (n1, x1), (n0, x0) = treated, control
    enough = n1 > 0 and n0 > 0
    p1, p0 = (x1 + 1) / (n1 + 2), (x0 + 1) / (n0 + 2)
    half = Z80 * math.sqrt(p1 * (1 - p1) / (n1 + 2) + p0 * (1 - p0) / (n0 + 2))
    return Effect(
        playbook=playbook,
        treated=n1,
        control=n0,
        treated_rate=x1 / n1 if n1 else None,
        control_rate=x0 / n0 if n0 else None,
        difference=x1 / n1 - x0 / n0 if enough else None,
        interval=(p1 - p0 - half, p1 - p0 + half) if enough else None,
    )
