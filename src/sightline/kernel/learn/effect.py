"""What acting changed, so far as the hold-out can tell: success among the treated beside success among the controls.

The hold-out is drawn per contacted party, so parties are what the figures rest on: ten subjects of one party share its
draw, and often its fate.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from sightline.foundation.db.session import Transaction
from sightline.language.playbook import Success

Z80 = 1.2816
"""Normal quantile of a two-sided 80 % interval."""

MIN_PARTIES = 5
"""Parties with an outcome in either arm, below which nothing is said: a spread between fewer is a guess."""

Party = tuple[int, int]
"""One party's settled subjects (one or more), and how many of them were a success."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """One playbook's settled cases. Rates: shares of success among subjects; the difference: treated minus control."""

    playbook: str
    treated: int
    """Subjects."""
    control: int
    treated_parties: int
    control_parties: int
    treated_rate: float | None
    control_rate: float | None
    difference: float | None
    """None, as the interval, where either arm has too few parties."""
    interval: tuple[float, float] | None
    """80 % interval of the difference, between -1 and 1; parties are its units."""

    @property
    def words(self) -> str:
        """One sentence."""
        if self.interval is None:
            return (
                f"Not enough evidence yet: {_counted(self.treated, self.treated_parties)} treated and"
                f" {_counted(self.control, self.control_parties)} held back have an outcome;"
                f" {MIN_PARTIES} parties of each are needed."
            )
        low, high = self.interval
        if low <= 0 <= high:
            return f"No effect can be claimed: the difference lies between {low:+.0%} and {high:+.0%}."
        return f"Success changed by {self.difference:+.0%} (80 % interval {low:+.0%} to {high:+.0%})."


async def effect(tx: Transaction, success: Success) -> Effect:
    """Count the settled outcomes of a playbook's subjects per party and arm, by intention to treat: whoever would have
    been acted on or asked about stands in the arm it was drawn into. To count only what was then done would compare the
    riskiest of one arm with all of the other.
    """
    rows = await tx.rows(
        "select d.arm, count(*) as n, count(*) filter (where o.answer = :wanted) as hits"
        " from sightline.decisions d join sightline.outcomes o on o.tenant = d.tenant and o.question = d.question"
        "  and o.kind = d.kind and o.key = d.subject and o.cutoff = d.cutoff"
        " where d.tenant = :t and d.playbook = :p and d.verb in ('act', 'ask', 'hold') group by d.arm, d.party",
        t=tx.tenant, p=success.playbook, wanted=float(success.answer),
    )  # fmt: skip
    arms: dict[str, list[Party]] = {"treated": [], "control": []}
    for row in rows:
        arms[row["arm"]].append((row["n"], row["hits"]))
    return compare(success.playbook, arms["treated"], arms["control"])


def compare(playbook: str, treated: Sequence[Party], control: Sequence[Party]) -> Effect:
    """The effect from the parties of either arm; pure.

    The difference is that of two ratio estimators (successes over subjects). Its interval is normal around the guarded
    shares, and widened to hold the difference itself.
    """
    rates = [_rate(arm) for arm in (treated, control)]
    difference = interval = None
    if min(len(treated), len(control)) >= MIN_PARTIES and rates[0] is not None and rates[1] is not None:
        (p1, v1), (p0, v0) = _guarded(treated), _guarded(control)
        half = Z80 * math.sqrt(v1 + v0)
        difference = rates[0] - rates[1]
        interval = (max(-1.0, min(p1 - p0 - half, difference)), min(1.0, max(p1 - p0 + half, difference)))
    return Effect(
        playbook=playbook,
        treated=sum(n for n, _ in treated),
        control=sum(n for n, _ in control),
        treated_parties=len(treated),
        control_parties=len(control),
        treated_rate=rates[0],
        control_rate=rates[1],
        difference=difference,
        interval=interval,
    )


def _rate(parties: Sequence[Party]) -> float | None:
    total = sum(n for n, _ in parties)
    return sum(hits for _, hits in parties) / total if total else None


def _guarded(parties: Sequence[Party]) -> tuple[float, float]:
    """The share of success and its variance, after two imaginary parties of average size: one that always succeeds and
    one that never does.

    With parties of one subject those are the success and the failure that Agresti and Caffo (2000) add to either arm.
    The variance is the delete-one-party jackknife of a ratio (Wolter 2007, chapter 4): it knows nothing of how subjects
    of a party hang together, and unlike the linearised one does not flatter where one party holds most of an arm.
    """
    size = sum(n for n, _ in parties) / len(parties)
    all_of_them = [*parties, (size, size), (size, 0.0)]
    total = sum(n for n, _ in all_of_them)
    share = sum(hits for _, hits in all_of_them) / total
    moved = [(hits - share * n) / (total - n) for n, hits in all_of_them]
    return share, (len(moved) - 1) / len(moved) * sum(one**2 for one in moved)


def _counted(subjects: int, parties: int) -> str:
    return f"{_many(subjects, 'subject', 'subjects')} of {_many(parties, 'party', 'parties')}"


def _many(count: int, one: str, more: str) -> str:
    return f"{count:,} {one if count == 1 else more}"
