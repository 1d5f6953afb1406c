"""Policy that packs declare: what to look out for, and what to do about it. Declarations and pure functions only."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Literal

from sightline.language.experiment import Experiment
from sightline.language.finding import Finding
from sightline.language.question import Where
from sightline.language.ref import Ref


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """What a detector or a playbook is told about one subject: facts as known now, nothing to look up."""

    subject: Ref
    now: datetime
    deadline: datetime | None = None
    """By when the question's answer is due, or was; None where neither a forecast nor an attribute tells."""
    attributes: Mapping[str, Any] = field(default_factory=dict)
    links: Mapping[str, str] = field(default_factory=dict)
    """Role to reference text."""
    probability: float | None = None
    """Calibrated probability of yes, where a forecast woke it."""
    quantity: float | None = None
    """The median forecast in the question's unit, where a forecast of a quantity woke it."""
    low: float | None = None
    high: float | None = None
    """The interval of the forecast."""
    worth: float | None = None
    reasons: tuple[str, ...] = ()
    finding: str | None = None
    """The finding's text, where a finding woke it."""

    @property
    def grounds(self) -> str:
        """The strongest reasons, as part of a sentence."""
        return "; ".join(one.removesuffix(".") for one in self.reasons[:3]) or "no single strong ground"


@dataclass(frozen=True, slots=True, kw_only=True)
class Detector:
    """Looks at subjects whose deadline has passed while the awaited event is still unknown: facts, not forecasts."""

    name: str
    question: str
    """Whose overdue subjects it looks at."""
    look: Callable[[Situation], Finding | None]
    """Pure: a situation in, a finding or nothing out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One thing a playbook may do, with what that costs and is worth."""

    name: str
    """In a word or two: "tell the buyer"."""
    channel: str
    """The destination it goes to; of several the first."""
    write: Callable[[Situation], str]
    """Pure: the text that would be sent; every figure in it comes from the situation."""
    cost: float = 0.0
    """Money one use costs, in the question's currency."""
    saves: float = 0.0
    """Share of the worth that it is assumed to save where the answer would be yes."""
    gains: float = 0.0
    """Money it is assumed to bring, whatever the worth."""
    channels: tuple[str, ...] = ()
    """Several destinations that it may go to, `channel` first: for each party the one by which speaking to it came with
    most success. Empty: `channel` alone.
    """


END = "end"
"""Where a run goes that has nothing left to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """Nothing happens for a while, unless something does."""

    name: str
    span: timedelta
    unless: tuple[str, ...] = ()
    """Events of the subject, or of whoever is contacted, each of which ends the wait at once."""
    otherwise: str = END
    """The step after such an event."""
    then: str | None = None
    """The step after the span; None: the next one in the list."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Send:
    """Something more is said."""

    name: str
    channel: str | None
    """The destination it goes to; None: the one that what was said first went to."""
    write: Callable[[Situation], str]
    then: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """A person is asked whether to go on: what they reject ends here."""

    name: str
    write: Callable[[Situation], str]
    """What they read."""
    then: str | None = None
    otherwise: str = END
    """The step after a no."""


Step = Wait | Send | Ask

SELF = "self"
"""The party of a playbook that contacts its subject itself."""

EVERY_DAY = "every day"
"""What wakes a playbook that looks each day at all who are open."""


ATTRIBUTION = timedelta(days=30)
"""How long after a decision that rests on no forecast what happens counts as its outcome, where nothing else is said:
as long as most sales and service systems do.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Playbook:
    """What to do when a prediction is made, a finding appears, an event happens or a day begins."""

    name: str
    question: str
    """The question its subjects were asked; its outcome tells whether acting helped."""
    wakes_on: str
    """The question's name (a prediction wakes it), a detector's (a finding does), an event's, or EVERY_DAY."""
    choices: tuple[Choice, ...]
    """Of which the one with the most expected value is taken, unless it is drawn by lot."""
    party: str
    """The link that leads to whoever is contacted, or SELF; hold-outs are drawn per party."""
    whom: tuple[Where, ...] = ()
    """Whom it concerns: conditions on attributes, and on `probability`, `quantity` and `worth`."""
    follow: tuple[Step, ...] = ()
    """What comes after what was done: a graph without cycles."""
    capacity: int | None = None
    """At most so many a day, the best first; None: all."""
    priority: int = 0
    """Of two that want the same subject at once the higher one speaks, of equals the one that is worth more."""
    asks_first: bool = False
    """Whether a person is asked whatever is proved."""
    answer_within: timedelta = timedelta(days=7)
    """How long a person has to answer."""
    by_default: Literal["drop", "act"] = "drop"
    """What happens where nobody answers."""
    attribution: timedelta | None = None
    """How long after a decision what happens counts as its outcome. None: where a forecast woke it, the forecast's own
    answer is its outcome; else ATTRIBUTION.
    """
    choose: Literal["value", "learned"] = "value"
    """How a choice is made: by expected value as declared, or as was learned for parties like this one."""
    hour: Literal["now", "best"] = "now"
    """When it speaks first: at once, or within a day at the hour that was best for whom it speaks to."""
    usual: str = ""
    """The choice that is made wherever it is expected to bring something; empty, and elsewhere: the one with the most
    expected value.
    """
    experiment: Experiment | None = None
    """Choices that are compared; it begins with the first that it concerns."""
    version: str = ""
    """Which of several under this name; empty where there is one."""

    @property
    def foresees(self) -> bool:
        """Whether forecasts wake it; else facts do."""
        return self.wakes_on in {self.question, EVERY_DAY}

    @property
    def goes_by_several(self) -> bool:
        """Whether a choice of it may go by one of several channels."""
        return any(one.channels for one in self.choices)

    @property
    def window(self) -> timedelta | None:
        """How long after a decision what happens counts; None where the answer of its forecast does."""
        return self.attribution or (None if self.foresees else ATTRIBUTION)

    def silent(self) -> Playbook:
        """The same, writing nothing: for deciding about many whose texts nobody will read."""
        return replace(self, choices=tuple(replace(one, write=lambda _: "") for one in self.choices))

    def choice(self, name: str) -> Choice:
        """The choice of that name. Raises StopIteration where there is none."""
        return next(one for one in self.choices if one.name == name)

    def step(self, name: str) -> Step | None:
        """The step of that name."""
        return next((one for one in self.follow if one.name == name), None)

    def after(self, name: str | None) -> str:
        """The name of the step behind one (None: behind what was done first), or END."""
        if name is None:
            return self.follow[0].name if self.follow else END
        names = [one.name for one in self.follow]
        place = names.index(name)
        below = names[place + 1] if place + 1 < len(names) else END
        return self.follow[place].then or below


@dataclass(frozen=True, slots=True, kw_only=True)
class Success:
    """What counts as success for a playbook: the answer of its question that acting is meant to bring about."""

    playbook: str
    answer: bool

    @property
    def name(self) -> str:
        """One per playbook."""
        return self.playbook
