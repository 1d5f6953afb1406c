"""Which choice for whom: learned from what was decided and came of it, and judged before it may choose.

A playbook that learns logs each choice with the chance there was of it, and, as soon as it has learned anything, with
the chances that the learned way gave and the success it expected, by then. Each decision so judges what was learned
before it: the doubly robust difference between the learned way and the usual one has, given all that came before, the
mean that the two ways differ by, and the running mean of these may be looked at every day (Waudby-Smith, Wu, Ramdas,
Karampatziakis and Mineiro, "Anytime-valid off-policy inference for contextual bandits", 2024). The learned way is let
loose once it is not worse beyond doubt, and taken back once what it really chose was worse beyond doubt than what the
usual way would have brought; then it needs new proof.

What today's way of choosing would bring is told beside it, by inverse propensity, self-normalised, and doubly robust
with models that have not seen the party (cross-fitted, so that what was learned cannot judge itself).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import numpy as np
import numpy.typing as npt

from sightline.foundation.db.session import Transaction
from sightline.kernel.act.drawing import costs_in_successes, stake
from sightline.kernel.act.lots import lot
from sightline.kernel.act.outcomes import outcomes_of
from sightline.kernel.learn.always import reach
from sightline.kernel.learn.policies import Log, Value, doubly_robust, gained, ips, snips
from sightline.kernel.predict.chooser import Chooser, floored
from sightline.kernel.predict.contexts import Known
from sightline.language.playbook import Playbook, Success

Floats = npt.NDArray[np.float64]

FOLDS = 5
LEAST = 100
"""Decisions with an outcome, below which nothing is judged."""

TRIED = 10
"""Of each choice: of one that was hardly tried the log tells nothing, and the less the more sure it looks."""

MARGIN = 0.01
"""By so much of what an average success is worth, per decision, it may be worse and still count as not worse."""

MOST = 50_000
"""Decisions that are learned from, the newest. Beyond so many the oldest no longer count, and what is proved of the
newest by daily looks holds for each look alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Logged:
    """n decisions with their outcomes; lists and arrays of n."""

    party: npt.NDArray[Any]
    choice: npt.NDArray[np.intp]
    usual: npt.NDArray[np.intp]
    """Places among the choices of the playbook."""
    propensity: Floats
    hits: Floats
    known: list[Known]
    costs: Floats
    """(n, k): in successes of that party."""
    weight: Floats
    """What a success of that party is worth, over the average."""
    unit: float | None
    """The average, in money; None where no worth is known."""
    at: npt.NDArray[np.float64]
    """When it was decided: seconds since 1970."""
    lots: npt.NDArray[np.bool_]
    """Whether it was drawn for an experiment, which is nobody's way of choosing."""
    chances: Floats
    """(n, k): that the learned way gave each choice, as it was learned by then; NaN where nothing was."""
    expected: Floats
    """(n, k): the share of success that it expected of each choice; NaN where nothing was learned."""

    @property
    def told(self) -> bool:
        """Whether any of it was kept with what was learned by then."""
        return bool(np.isfinite(self.chances).any())

    @property
    def reward(self) -> Floats:
        """What was chosen brought, after its cost, in average successes."""
        paid = np.take_along_axis(self.costs, self.choice[:, None], axis=1)[:, 0]
        return self.weight * (self.hits - paid)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A mean reward per decision with its 95 % interval, in average successes."""

    value: float
    low: float
    high: float

    @classmethod
    def of(cls, found: Value) -> Told:
        """For one look."""
        low, high = found.interval
        return cls(value=found.value, low=low, high=high)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What the log says of the learned way of choosing beside the usual one."""

    seen: int
    """Decisions with an outcome, before which something was learned."""
    effective: float
    """How many of its own would tell as much."""
    usual: Told | None
    """The usual way, doubly robust."""
    learned: Mapping[str, Told]
    """By estimator: `ips`, `snips`, `dr`."""
    difference: Told | None
    """Learned less usual, doubly robust, each decision by what was learned before it; to be looked at daily. None: too
    little was seen.
    """
    on_duty: Told | None = None
    """What was really chosen while it was loose less what the usual way would have brought; to be looked at daily."""
    shares: Mapping[str, float]
    """How often the learned way makes each choice."""
    unit: float | None = None
    """Money of one average success."""

    @property
    def not_worse(self) -> bool:
        """Beyond doubt, but for the margin."""
        return self.difference is not None and self.difference.low >= -MARGIN

    @property
    def worse(self) -> bool:
        """What was chosen on duty, beyond doubt."""
        return self.on_duty is not None and self.on_duty.high < 0

    @property
    def words(self) -> str:
        """One sentence."""
        if self.on_duty and self.worse:
            return f"On duty it was worse than the usual choice: {_span(self.on_duty)}."
        if self.difference is None:
            need = f"at least {LEAST} are needed, {TRIED} of each choice"
            return f"Not enough evidence yet: {self.seen:,} decisions since it learned have an outcome, and {need}."
        said = "not worse than the usual choice" if self.not_worse else "not shown to be as good as the usual choice"
        return f"What was learned is {said}: {_span(self.difference)}."


def _span(told: Told) -> str:
    return f"{told.value:+.3f} successes a decision ({told.low:+.3f} to {told.high:+.3f})"


# Of a choice that a playbook did not have then, or that an experiment left out, nothing is told by what was decided: it
# had no chance. Nor are the chances told of the rest those that they have beside others.
_ROWS = """
select d.at, d.party, d.choice, d.propensity, d.usual, d.known, d.worth, o.answer = :wanted as hit,
  d.experiment is not null as lot, d.learned
from sightline.decisions d join {came}
left join sightline.experiments e on e.tenant = d.tenant and e.id = d.experiment
where d.tenant = :t and d.playbook = :p and d.propensity is not null and d.arm = 'treated' and d.verb in ('act', 'ask')
  and o.answer is not null and d.choices = :choices
  and (d.experiment is null or jsonb_array_length(e.declared -> 'arms') = :k)
order by d.at desc, d.key limit :most
"""


async def logged(tx: Transaction, playbook: Playbook, success: Success) -> Logged | None:
    """What a playbook decided while it had the choices that it has now; None where that is nothing."""
    names = [one.name for one in playbook.choices]
    rows = await tx.rows(
        _ROWS.format(came=outcomes_of(playbook)), t=tx.tenant, p=playbook.name, wanted=float(success.answer), most=MOST,
        k=len(names), choices=sorted(names),
    )  # fmt: skip
    return _logged(playbook, names, rows) if rows else None


def _logged(playbook: Playbook, names: Sequence[str], rows: Sequence[Any]) -> Logged:
    worths = [stake(playbook.choices, row["worth"]) for row in rows]
    known = [one for one in worths if one]
    # Where one of them is worth nobody knows what, money is no measure, and each success counts alike.
    unit = float(np.mean(known)) if len(known) == len(rows) else None
    costs = [one.cost for one in playbook.choices]
    unknown = dict.fromkeys(names, (np.nan, np.nan))
    learned = np.array([[(row["learned"] or unknown)[name] for name in names] for row in rows], np.float64)
    return Logged(
        party=np.array([row["party"] for row in rows]),
        choice=np.array([names.index(row["choice"]) for row in rows], np.intp),
        usual=np.array([names.index(row["usual"]) for row in rows], np.intp),
        propensity=np.array([row["propensity"] for row in rows], np.float64),
        hits=np.array([row["hit"] for row in rows], np.float64),
        known=[row["known"] or {} for row in rows],
        costs=np.stack([costs_in_successes(costs, worth if unit else None) for worth in worths]),
        weight=np.array([worth / unit if unit and worth else 1.0 for worth in worths], np.float64),
        unit=unit,
        at=np.array([row["at"].timestamp() for row in rows], np.float64),
        lots=np.array([row["lot"] for row in rows], np.bool_),
        chances=learned[:, :, 0],
        expected=learned[:, :, 1],
    )


def learn(
    names: Sequence[str], log: Logged, *, loose_since: datetime | None = None, anew_since: datetime | None = None
) -> tuple[Chooser, Judged]:
    """What the whole log teaches, and how what was learned before did; pure.

    Args: `loose_since` it chooses; `anew_since` it was taken back, so that it needs proof from what came since.
    """
    whole = Chooser.fitted(names, log.known, log.choice, log.hits)
    return whole, judge(names, log, loose_since=loose_since, anew_since=anew_since)


def judge(
    names: Sequence[str], log: Logged, *, loose_since: datetime | None = None, anew_since: datetime | None = None
) -> Judged:
    """The learned way beside the usual one; pure. Arguments as of `learn`."""
    known = np.isfinite(log.chances[:, 0])
    here = known & (log.at >= (anew_since.timestamp() if anew_since else -np.inf))
    if not _enough(log, here) or np.bincount(log.choice[here], minlength=len(names)).min() < TRIED:
        return Judged(seen=int(here.sum()), effective=0.0, usual=None, learned={}, difference=None, shares={})
    usual = np.stack([floored(place, len(names)) for place in log.usual])
    brings = log.weight[:, None] * (log.expected - log.costs)
    told = _some(log, here)
    # Both ways on the same rows: what they share cancels, and so does most of the noise.
    both = doubly_robust(told, log.chances[here] - usual[here], brings[here])
    effective = min(ips(told, log.chances[here]).effective, float(len(np.unique(told.party))))
    duty = known & ~log.lots & (log.at >= (loose_since.timestamp() if loose_since else np.inf))
    kept = gained(_some(log, duty), usual[duty], brings[duty]) if _enough(log, duty) else None
    learned, means = _crossed(names, log)
    today = {
        "ips": ips(told, learned[here]),
        "snips": snips(told, learned[here]),
        "dr": doubly_robust(told, learned[here], means[here]),
    }
    return Judged(
        seen=int(here.sum()), effective=effective, usual=Told.of(doubly_robust(told, usual[here], means[here])),
        learned={name: Told.of(value) for name, value in today.items()}, difference=_always(both, effective),
        on_duty=_always(kept, kept.effective) if kept else None,
        shares=dict(zip(names, learned[here].mean(axis=0).tolist(), strict=True)), unit=log.unit,
    )  # fmt: skip


def _enough(log: Logged, here: npt.NDArray[np.bool_]) -> bool:
    return bool(here.sum() >= LEAST and len(np.unique(log.party[here])) >= 2 * FOLDS)


def _some(log: Logged, here: npt.NDArray[np.bool_]) -> Log:
    return Log(party=log.party[here], choice=log.choice[here], propensity=log.propensity[here], reward=log.reward[here])


def _always(found: Value, effective: float) -> Told:
    """With an interval as wide as one that may be looked at every day."""
    half = reach(max(effective, 1.0)) * found.error
    return Told(value=found.value, low=found.value - half, high=found.value + half)


def _crossed(names: Sequence[str], log: Logged) -> tuple[Floats, Floats]:
    """(n, k) each: the chances and the expected rewards, by choosers that have not seen the party."""
    fold = np.array([int(lot("judge", str(party)) * FOLDS) for party in log.party])
    learned, expected = np.empty(log.costs.shape), np.empty(log.costs.shape)
    for one in range(FOLDS):
        here, others = np.flatnonzero(fold == one), np.flatnonzero(fold != one)
        if not len(here):
            continue
        chooser = Chooser.fitted(names, [log.known[n] for n in others], log.choice[others], log.hits[others])
        known = [log.known[n] for n in here]
        learned[here] = chooser.chances(known, log.costs[here])
        expected[here] = log.weight[here, None] * (chooser.expected(known) - log.costs[here])
    return learned, expected


def told_of(found: Judged) -> dict[str, Any]:
    """As JSON."""
    return {**asdict(found), "words": found.words}
