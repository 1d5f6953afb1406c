"""For whom an arm works: plain segments of an experiment's parties, each with its effect and an interval.

The effect on each party is the doubly robust score of `uplift`; a segment's is the mean of its parties'. The intervals
hold for all segments together and may be looked at every day. Beside what is known of parties stands the third of whom
a model expects most (T-learner, cross-fitted: it has not seen whom it ranks).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from sightline.foundation.db.session import Transaction
from sightline.kernel.act.outcomes import outcomes_of
from sightline.kernel.act.trials import Trial as Begun
from sightline.kernel.learn.always import LEVEL, reach
from sightline.kernel.learn.uplift import FOLDS, Trial, apart, scores
from sightline.kernel.predict.contexts import Known, Sheet, said, squeezed
from sightline.language.experiment import Experiment
from sightline.language.playbook import Playbook, Success

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

ENOUGH = 50
"""Parties with an outcome in either arm, below which nothing is said of parts of them."""

LEAST = 20
"""Parties of either arm in a segment."""

MOST = 12
MOST_TOLD = 3
"""Values of a class."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """Some of the parties, and the effect on them: the arm less the first, of shares of success."""

    name: str
    """What is known of them by name; `model`: those of whom most is expected."""
    test: str
    """`is`, `above`, `up to` or `most expected`."""
    value: str | float | None
    parties: int
    effect: float
    low: float
    high: float

    @property
    def verdict(self) -> str:
        """`better` or `worse` beyond doubt, else `open`."""
        return "better" if self.low > 0 else "worse" if self.high < 0 else "open"


@dataclass(frozen=True, slots=True, kw_only=True)
class ForWhom:
    """One arm beside the first."""

    arm: str
    parties: int
    effect: float | None
    """On all of them; None where too few have an outcome."""
    segments: tuple[Segment, ...]
    differs: bool
    """Whether one of them fares otherwise than all of them together, beyond doubt."""

    @property
    def words(self) -> str:
        """One sentence."""
        if self.effect is None:
            return f"Not enough evidence yet: {ENOUGH} parties of either arm with an outcome are needed."
        if not self.differs:
            return "Not enough evidence that it works better for some than for others."
        return "It does not work alike for everybody."


_ROWS = """
select distinct on (d.party) d.party, d.choice, d.known, o.answer = :wanted as hit
from sightline.decisions d join {came}
where d.tenant = :t and d.experiment = :e and d.arm = 'treated' and d.verb in ('act', 'ask') and o.answer is not null
order by d.party, d.at, d.key
"""


async def parties(tx: Transaction, begun: Begun, success: Success, playbook: Playbook | None) -> list[Any]:
    """The first decision about each party of an experiment that has an outcome."""
    return list(
        await tx.rows(_ROWS.format(came=outcomes_of(playbook)), t=tx.tenant, e=begun.id, wanted=float(success.answer))
    )


def for_whom(experiment: Experiment, rows: Sequence[Any]) -> list[ForWhom]:
    """For whom each arm works; pure. Rows: `choice`, `known`, `hit`."""
    return [_arm(experiment, arm, rows) for arm in experiment.arms[1:]]


def _arm(experiment: Experiment, arm: str, rows: Sequence[Any]) -> ForWhom:
    both = [row for row in rows if row["choice"] in {arm, experiment.arms[0]}]
    treated = np.array([row["choice"] == arm for row in both], np.bool_)
    nothing = ForWhom(arm=arm, parties=len(both), effect=None, segments=(), differs=False)
    if min(int(treated.sum()), int((~treated).sum())) < ENOUGH:
        return nothing
    known: list[Known] = [row["known"] or {} for row in both]
    features = Sheet.of(known).rows(known)[:, 1:]
    share = experiment.share(arm) / (experiment.share(arm) + experiment.shares[0])
    trial = Trial(
        features=features if features.shape[1] else np.zeros((len(both), 1)), treated=treated,
        came=np.array([row["hit"] for row in both], np.float64), propensity=np.full(len(both), share),
    )  # fmt: skip
    score = scores(trial)
    masks = [(named, mask) for named, mask in _masks(known, trial) if _both(treated, mask)][:MOST]
    segments = tuple(_segment(named, mask, score, len(masks)) for named, mask in masks)
    overall = float(score.mean())
    return ForWhom(
        arm=arm, parties=len(both), effect=overall, segments=segments,
        differs=any(not one.low <= overall <= one.high for one in segments),
    )  # fmt: skip


def _both(treated: Mask, mask: Mask) -> bool:
    return min(int((treated & mask).sum()), int((~treated & mask).sum())) >= LEAST


def _segment(named: tuple[str, str, str | float | None], mask: Mask, score: Floats, of: int) -> Segment:
    own = score[mask]
    effect = float(own.mean())
    half = reach(float(len(own)), 1 - (1 - LEVEL) / of) * float(own.std(ddof=1)) / len(own) ** 0.5
    name, test, value = named
    return Segment(
        name=name, test=test, value=value, parties=len(own), effect=effect, low=effect - half, high=effect + half
    )


def _masks(known: Sequence[Known], trial: Trial) -> Iterator[tuple[tuple[str, str, str | float | None], Mask]]:
    """The third of whom most is expected, then what is known of them: halves by a number, those of a class."""
    expected = _crossed(trial)
    yield ("model", "most expected", None), expected > np.quantile(expected, 2 / 3)
    for name in sorted({name for one in known for name in one}):
        values = [one.get(name) for one in known]
        numbers = np.array([np.nan if (told := squeezed(value)) is None else told for value in values])
        if np.isfinite(numbers).sum() > len(known) / 2:
            yield from _halves(name, numbers, values)
        texts = [said(value) for value in values]
        for text, _ in Counter(text for text in texts if text is not None).most_common(MOST_TOLD):
            yield (name, "is", text), np.array([one == text for one in texts], np.bool_)


def _halves(
    name: str, numbers: Floats, values: Sequence[Any]
) -> Iterator[tuple[tuple[str, str, str | float | None], Mask]]:
    middle = float(np.nanmedian(numbers))
    below = numbers <= middle
    if below.all():
        return
    # The largest of the lower half, as it was said: no logarithm is shown to anybody.
    edge = max(float(value) for value, low in zip(values, below, strict=True) if low and squeezed(value) is not None)
    yield (name, "up to", edge), below
    yield (name, "above", edge), numbers > middle


def _crossed(trial: Trial) -> Floats:
    """The effect expected of each, by models that have not seen it."""
    fold = np.random.default_rng(1).permutation(len(trial.came)) % FOLDS
    found = np.empty(len(trial.came))
    for one in range(FOLDS):
        found[fold == one] = apart(trial.where(fold != one), trial.features[fold == one])
    return found
