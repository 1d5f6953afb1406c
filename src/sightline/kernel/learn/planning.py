"""Plan an experiment before it begins: how many parties, how many weeks, from the playbook's own history."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from sightline.foundation.db.session import Transaction
from sightline.kernel.learn.effect import Tally, tallies
from sightline.kernel.learn.experiments import plan
from sightline.kernel.learn.parties import alike
from sightline.kernel.predict import registry
from sightline.language.experiment import Experiment
from sightline.language.playbook import Playbook, Success
from sightline.language.question import Question

WEEK = timedelta(weeks=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """What it takes to find the least change that is worth finding, with a power of 80 %, looked at daily."""

    parties: int | None
    """In all arms together; None where that cannot be told."""
    per_arm: Mapping[str, int]
    weeks: int | None
    """At the rate parties came so far; None where that is unknown."""
    base: float | None
    """The share of success so far."""
    least: float
    size: float
    """Decisions per party."""
    alike: float
    """How much they share their fate (0 to 1)."""
    per_week: float | None
    """Parties that came a week."""
    rests_on: str
    """`decisions` of the playbook, `answers` to its question, or `nothing`."""

    @property
    def words(self) -> str:
        """One sentence."""
        if self.parties is None:
            return "How long it takes cannot be told: nothing like it has an outcome yet."
        weeks = f", about {self.weeks:,} weeks at the present rate" if self.weeks else ""
        return f"To find a change of {self.least:.1%} from {self.base:.0%} it takes {self.parties:,} parties{weeks}."


async def planned(
    tx: Transaction, success: Success, playbook: Playbook, question: Question, experiment: Experiment
) -> Planned:  # fmt: skip
    """The plan as the history of the playbook tells it; where it has none, as the answers to its question do."""
    found = [one for one in await tallies(tx, success, playbook) if one.arm == "treated"]
    per_week = _per_week(found)
    size, hits = _sizes(found)
    if len(size) > 1:
        base = (float(hits.sum()) + 1) / (float(size.sum()) + 2)
        return plan_of(
            experiment, base, size=float(size.mean()), same=alike(size, hits), per_week=per_week, rests_on="decisions"
        )
    asked, yes = await _answers(tx, question)
    if asked < 2:
        return plan_of(experiment, None, per_week=per_week, rests_on="nothing")
    came = yes if success.answer else asked - yes
    return plan_of(experiment, (came + 1) / (asked + 2), per_week=per_week, rests_on="answers")


async def _answers(tx: Transaction, question: Question) -> tuple[int, int]:
    """How many were asked whose answer is known, and of how many it was yes: on duty, or where there are none yet in
    the history that the model on duty was proved on.
    """
    row = await tx.row(
        "select count(*) as n, count(*) filter (where answer = 1) as yes from sightline.outcomes"
        " where tenant = :t and question = :q and answer is not null",
        t=tx.tenant, q=question.name,
    )  # fmt: skip
    if row is not None and row["n"] > 1:
        return row["n"], row["yes"]
    proof = await registry.proof_of(tx, question) if question.chance else None
    folds = proof["folds"] if proof else []
    return sum(one["asked"] for one in folds), sum(one["yes"] or 0 for one in folds)


def plan_of(
    experiment: Experiment, base: float | None, *, size: float = 1.0, same: float = 0.0,
    per_week: float | None = None, rests_on: str,
) -> Planned:  # fmt: skip
    """The plan from a share of success, decisions per party, and how alike these are; pure."""
    told = None
    if base is not None:
        # A change for the better is looked for, or where there is no room for it one for the worse.
        least = experiment.least if base + experiment.least < 1 else -experiment.least
        if 0 < base + least < 1:
            told = plan(experiment, base=base, least=least, size=size, alike=same, per_week=per_week)
    shares = zip(experiment.arms, experiment.shares, strict=True)
    return Planned(
        parties=told.parties if told else None,
        per_arm={arm: round(told.parties * share) for arm, share in shares} if told else {},
        weeks=told.weeks if told else None,
        base=base, least=experiment.least, size=size, alike=same, per_week=per_week, rests_on=rests_on,
    )  # fmt: skip


def _sizes(found: Sequence[Tally]) -> tuple[np.ndarray, np.ndarray]:
    merged: dict[str, list[float]] = {}
    for one in found:
        if one.settled:
            row = merged.setdefault(one.party, [0.0, 0.0])
            row[0] += one.settled
            row[1] += one.hits
    both = np.array(list(merged.values()), np.float64).reshape(-1, 2)
    return both[:, 0], both[:, 1]


def _per_week(found: Sequence[Tally]) -> float | None:
    """Parties that came a week, where there is a week of them."""
    first = min((one.first for one in found if one.first), default=None)
    last = max((one.last for one in found if one.last), default=None)
    if first is None or last is None or last - first < WEEK:
        return None
    return len({one.party for one in found if one.settled}) / ((last - first) / WEEK)
