"""When somebody is best spoken to: the hour of the day (UTC) at which speaking to them came with most success so far.

Rates by hour of everybody shrink towards the rate over the day, those of one party towards everybody's (empirical Bayes
with a beta prior: Robbins 1956; Casella 1985), so that few messages move little. It is advice from what happened to be
sent when, and no experiment: an hour is told only where it is better than the day as a whole beyond doubt.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
import numpy.typing as npt

from sightline.foundation.db.session import Transaction
from sightline.kernel.act.outcomes import outcomes_of
from sightline.language.playbook import Playbook, Success

Floats = npt.NDArray[np.float64]

HOURS = 24
LEVEL = 0.95
LEAST = 50
"""Messages with an outcome, below which nothing is told."""

OWN = 20.0
"""Messages of everybody's that one party's own have to outweigh: its habits show after some tens."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """An hour, and what speaks for it."""

    hour: int
    """0 to 23, UTC."""
    rate: float
    """The share of success expected then."""
    low: float
    high: float
    """95 %, for all hours together."""
    usual: float
    """The share over the day."""
    seen: int
    """Messages it rests on, of everybody."""
    own: int
    """Of them, the party's own."""


SINCE = timedelta(days=365)
MOST = 5_000
"""Decisions that are read, the newest since then: habits change, and this is asked whenever a message goes out."""


def advised(everybody: Floats, own: Floats) -> Advice | None:
    """The best hour of one party; None where none is better than the day beyond doubt.

    Args: (24, 2) each, messages and successes by hour: of everybody (the party too), and of the party.
    """
    seen = float(everybody[:, 0].sum())
    if seen < LEAST:
        return None
    usual = float(everybody[:, 1].sum()) / seen
    strength = _strength(everybody, usual)
    shape = everybody[:, 1] + strength * usual, everybody[:, 0] - everybody[:, 1] + strength * (1 - usual)
    rate = shape[0] / (shape[0] + shape[1])
    personal = own[:, 1] + OWN * rate, own[:, 0] - own[:, 1] + OWN * (1 - rate)
    expected = personal[0] / (personal[0] + personal[1])
    hour = int(expected.argmax())
    # What is known of everybody speaks for it, or what is known of the party alone does.
    found = [_bounds(float(one[0][hour]), float(one[1][hour])) for one in (shape, personal)]
    low, high = max(found)
    if low <= usual:
        return None
    return Advice(
        hour=hour, rate=float(expected[hour]), low=low, high=high, usual=usual, seen=int(seen), own=int(own[:, 0].sum())
    )


def _strength(everybody: Floats, usual: float) -> float:
    """How many messages of an average hour each hour's own must outweigh: by moments, from how far hours differ more
    than chance lets them.
    """
    tried = everybody[everybody[:, 0] > 0]
    if len(tried) < 2 or not 0 < usual < 1:
        return 1e6
    rates, sizes = tried[:, 1] / tried[:, 0], tried[:, 0]
    chance = float(np.mean(usual * (1 - usual) / sizes))
    between = float(np.mean((rates - usual) ** 2)) - chance
    return usual * (1 - usual) / between - 1 if 0 < between < usual * (1 - usual) else 1e6


def _bounds(hits: float, misses: float) -> tuple[float, float]:
    from scipy.special import betaincinv

    out = (1 - LEVEL) / HOURS / 2
    return float(betaincinv(hits, misses, out)), float(betaincinv(hits, misses, 1 - out))


def wait_for(hour: int, now: datetime) -> timedelta:
    """Until that hour (UTC) begins; nothing while it lasts."""
    ahead = (hour - now.hour) % HOURS
    return timedelta(hours=ahead) - timedelta(minutes=now.minute, seconds=now.second) if ahead else timedelta(0)


# By the first message of each decision that has an outcome.
_SPOKEN = """
select d.party, cast(extract(hour from a.at at time zone 'UTC') as int) as hour, count(*) as n,
  count(*) filter (where o.answer = :wanted) as hits
from (
  select tenant, key, party, question, kind, subject, cutoff, at from sightline.decisions
  where tenant = :t and playbook = :p and at >= :since order by at desc limit :most) d
join sightline.actions a on a.tenant = d.tenant and a.key = d.key
join {came}
where o.answer is not null group by d.party, hour
"""


async def advice(
    tx: Transaction, playbook: Playbook, success: Success, parties: Sequence[str], *, now: datetime
) -> Mapping[str, Advice]:
    """The best hours of these parties, of those for whom one can be told, by what one playbook did of late."""
    rows = await tx.rows(
        _SPOKEN.format(came=outcomes_of(playbook)), t=tx.tenant, p=playbook.name, wanted=float(success.answer),
        since=now - SINCE, most=MOST,
    )  # fmt: skip
    everybody = np.zeros((HOURS, 2))
    own = {party: np.zeros((HOURS, 2)) for party in parties}
    for row in rows:
        for counted in (everybody, own.get(row["party"])):
            if counted is not None:
                counted[row["hour"]] += (row["n"], row["hits"])
    found = {party: advised(everybody, counted) for party, counted in own.items()}
    return {party: one for party, one in found.items() if one is not None}
