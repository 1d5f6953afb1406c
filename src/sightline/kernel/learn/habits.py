"""What was learned about the hours and the channels of a playbook, to be shown: rates, intervals, and the best."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sightline.kernel.act.advice import LEAST, Counts
from sightline.kernel.act.hours import HOURS, by_hour
from sightline.kernel.act.reaching import by_channel
from sightline.kernel.act.spoken import Spoken
from sightline.language.playbook import Playbook


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One hour, or one channel."""

    name: str
    """An hour as `09:00`, or a destination."""
    seen: int
    """Messages with an outcome."""
    rate: float
    """The share of success, shrunk towards the rate over all."""
    low: float
    high: float
    """95 %, for all places together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Habit:
    """What was learned of one sort of places."""

    choice: str | None
    """Of which choice the channels are; None: hours."""
    places: tuple[Place, ...]
    """None where nothing was sent yet."""
    seen: int
    """Messages with an outcome, of all places."""
    needed: int
    """Of these, before anything is told."""
    usual: float | None
    """The share of success over all, each party counted once at each place; None: nothing was sent."""
    best: str | None
    """What is best for somebody of whom nothing else is known; None: none is better beyond doubt."""
    others: int
    """For so many parties another is told."""
    parties: int
    """Parties spoken to."""

    @property
    def words(self) -> str:
        """One sentence."""
        what = "hour" if self.choice is None else "channel"
        if self.seen < self.needed:
            return f"Not enough yet: {self.seen} of {self.needed} messages have an outcome."
        if self.best is None:
            said = f"No {what} is better than all together beyond doubt"
        else:
            best = next(one for one in self.places if one.name == self.best)
            said = (
                f"The best {what} is {self.best}: {best.rate:.0%} ({best.low:.0%} to {best.high:.0%}), where"
                f" {self.usual:.0%} of all succeeded"
            )
        more = f"; for {self.others:,} of {self.parties:,} parties it is another" if self.others else ""
        return f"{said}{more}."


def habits(playbook: Playbook, told: Sequence[Spoken]) -> tuple[Habit | None, tuple[Habit, ...]]:
    """What was learned of its hours (None: it speaks at once), and of the channels of each choice that has several."""
    named = [f"{hour:02}:00" for hour in HOURS]
    return (
        _habit(None, named, by_hour(told)) if playbook.hour == "best" else None,
        tuple(_habit(one.name, one.channels, by_channel(one, told)) for one in playbook.choices if one.channels),
    )


def _habit(choice: str | None, names: Sequence[str], counts: Counts) -> Habit:
    told, bests = counts.advised(None), counts.bests()
    best = told.place if told else None
    return Habit(
        choice=choice, seen=int(counts.seen.sum()), needed=LEAST, usual=counts.usual,
        places=tuple(
            Place(name=name, seen=one.seen, rate=one.rate, low=one.low, high=one.high)
            for name, one in zip(names, counts.rates, strict=True)
        ) if counts.parties else (),
        best=None if best is None else names[best], parties=len(counts.parties),
        others=sum(one != best for one in bests.values()),
    )  # fmt: skip
