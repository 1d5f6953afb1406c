"""What acting changed, and experiments."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import Field, model_validator

from sightline.interfaces.rest.models.principals import Given
from sightline.interfaces.rest.models.shape import Open, Shape, Word

Run = Literal["running", "waiting", "ended"]
Verdict = Literal["better", "worse", "open"]


class Between(Shape):
    """An interval."""

    low: float
    high: float

    @model_validator(mode="before")
    @classmethod
    def _pair(cls, given: Any) -> Any:
        """As the kernel tells one: two numbers."""
        return {"low": given[0], "high": given[1]} if isinstance(given, tuple) else given


class ArmSplit(Shape):
    """Parties drawn into each arm, beside the declared shares."""

    counts: list[int]
    shares: list[float]
    broken: bool
    """They were not split as declared, beyond doubt: no figure is to be believed."""


class EffectMoney(Shape):
    """What acting brought so far, in the currency of the question's worth."""

    gained: float
    """After what it cost."""
    interval: Between
    """95 %, however often it is looked at."""
    cost: float


class ChoiceEffect(Shape):
    """Success among those who were treated less success among those kept back. Rates are shares of decisions."""

    choice: str | None
    """Of which choice alone; null: of all."""
    words: str
    """One sentence."""
    treated: int
    """Decisions with an outcome: several about one subject count each."""
    control: int
    treated_parties: int
    control_parties: int
    treated_rate: float | None
    control_rate: float | None
    difference: float | None
    """After what was expected beforehand is taken off; null, as the intervals, where there is too little."""
    sequence: Between | None
    """95 %, however often it is looked at: what is claimed rests on this one."""
    weeks: int | None
    """About so many more until something can be claimed, if things go on as so far."""
    money: EffectMoney | None


class Effect(ChoiceEffect):
    """The effect of all choices together, and of each."""

    split: ArmSplit | None
    decided: int
    """Decisions, with an outcome or not."""
    due: datetime | None
    """When the first outcomes come in; null where some have, or that is not known."""
    choices: list[ChoiceEffect]
    """Each choice beside those kept back for whom it was meant, where there are several."""


class EffectPoint(Shape):
    """How an effect stood on a day."""

    at: datetime
    treated: int
    control: int
    difference: float | None
    sequence: Between | None


class LearnedValue(Open):
    """A mean per decision with its interval, in average successes."""

    value: float
    low: float
    high: float


class LearnedJudged(Open):
    """What the log says of the learned way of choosing beside the usual one."""

    words: str
    seen: int
    """Decisions with an outcome."""
    effective: float
    """How many of its own would tell as much."""
    usual: LearnedValue | None
    learned: dict[str, LearnedValue]
    """By estimator: `ips`, `snips`, `dr` (95 %, for one look)."""
    difference: LearnedValue | None
    """Learned less usual, of the way as it was learned last; its interval is wider than one for one look."""
    on_duty: LearnedValue | None
    """What was really chosen while it was loose, less what the usual way would have brought (95 %, however often it is
    looked at).
    """
    shares: dict[str, float]
    """How often the learned way makes each choice."""
    unit: float | None
    """Money of one average success."""


class Learned(Shape):
    """What a playbook learned about which choice for whom."""

    loose: bool
    """Whether it chooses; otherwise the usual choice is made, and each other now and then."""
    since: datetime
    version: int
    fitted_at: datetime
    judged: LearnedJudged


class HabitPlace(Shape):
    """How messages at one hour, or by one channel, fared."""

    name: str
    """An hour as `09:00`, on the clock of whoever it is for, or a destination."""
    seen: int
    """Messages with an outcome."""
    rate: float
    """The share of success, shrunk towards the rate over all."""
    low: float
    high: float
    """95 %, for all of them together."""


class Habit(Shape):
    """What was learned about the hours, or the channels, by which parties are best spoken to."""

    words: str
    """One sentence."""
    choice: str | None
    """Of which choice the channels are; null: hours."""
    places: list[HabitPlace]
    """Empty where nothing was sent yet."""
    seen: int
    """Messages with an outcome."""
    needed: int
    """Of these, before anything is told."""
    usual: float | None
    """The share of success over all."""
    best: str | None
    """What is best for somebody of whom nothing else is known; null: none is better beyond doubt."""
    others: int
    """For so many parties another is told."""
    parties: int
    """Parties spoken to."""


class Changed(Shape):
    """What acting by a playbook changed."""

    playbook: str
    question: str
    success: bool | None
    """The answer that counts as success; null: none does, so nothing is measured."""
    called: str
    """That answer in words."""
    hold_out: float
    """The share of parties kept back."""
    effect: Effect | None
    path: list[EffectPoint]
    """How it stood on days on which outcomes came in."""
    choose: str
    """`value` or `learned`."""
    learned: Learned | None
    hours: Habit | None
    """Null where it speaks at once (`hour = "now"`)."""
    channels: list[Habit]
    """Of each choice that may go by several."""


class ExperimentGuard(Shape):
    """A figure that may not get worse, as declared."""

    question: str | None
    event: str | None
    good: bool
    """Which answer to the question is the good one."""
    within_days: float
    """So long after the decision the event counts."""
    margin: float


class ExperimentPlan(Open):
    """What it takes to find the least change worth finding, with a power of 80 %, looked at daily."""

    parties: int | None
    """In all arms together; null where that cannot be told."""
    per_arm: dict[str, int]
    weeks: int | None
    """At the rate parties came so far."""
    base: float | None
    """The share of success so far."""
    least: float
    per_week: float | None
    rests_on: str
    """`decisions` of the playbook, `answers` to its question, or `nothing`."""


class Experiment(Shape):
    """Choices of a playbook drawn by lot, beside each other."""

    id: str
    playbook: str
    name: str
    arms: list[str]
    """The first is what the others are compared with."""
    shares: list[float]
    least: float
    why: str
    """What is expected of it."""
    guards: list[ExperimentGuard]
    state: Run
    """`waiting`: nobody is drawn any more, and outcomes are waited for."""
    began_at: datetime
    until: datetime
    """When nobody is drawn any more."""
    ended_at: datetime | None
    looked_at: datetime | None
    by: str
    verdict: Literal["decided", "guarded", "broken", "over", "stopped", "changed"] | None
    winner: str | None
    """The arm that is better beyond doubt, where one is."""
    said: str
    """Why it ended."""
    adopted: str | None
    """The arm that is the usual choice of its playbook now, where one is."""
    adopted_at: datetime | None
    adopted_by: str | None
    plan: ExperimentPlan | None


class Experiments(Shape):
    """Experiments, newest first."""

    items = "experiments"

    experiments: list[Experiment]


class ExperimentArm(Shape):
    """One arm, as counted; who is kept back is in none."""

    name: str
    share: float
    parties: int
    """Drawn into it and decided about."""
    settled: int
    """Decisions with an outcome: several about one subject count each."""
    settled_parties: int
    rate: float | None
    """The share of success."""


class ExperimentPair(Shape):
    """One arm beside the first."""

    arm: str
    difference: float | None
    interval: Between | None
    """Holds for all arms together with 95 %, however often it is looked at."""
    verdict: Verdict


class ExperimentKept(Shape):
    """How a guard stands."""

    name: str
    margin: float
    more_is_better: bool
    counted: int
    """Decisions after which it is known."""
    pairs: list[ExperimentPair]


class ExperimentStand(Shape):
    """How an experiment stands."""

    words: str
    """One sentence."""
    arms: list[ExperimentArm]
    pairs: list[ExperimentPair]
    split: ArmSplit
    stopped: dict[str, list[str]]
    """By arm: the guards that it is worse by beyond doubt."""
    guards: list[ExperimentKept]
    unsettled: int
    """Decisions that have no outcome yet."""


class ExperimentPoint(Shape):
    """How an arm stood beside the first on a day."""

    at: datetime
    arm: str
    difference: float
    interval: Between


class ExperimentSegment(Shape):
    """Some of the parties, and the effect on them."""

    name: str
    """What is known of them by name; `model`: those of whom most is expected."""
    test: str
    """`is`, `above`, `up to` or `most expected`."""
    value: str | float | None
    parties: int
    effect: float
    low: float
    high: float
    """95 % for all segments together, however often it is looked at."""
    verdict: Verdict


class ForWhom(Shape):
    """For whom an arm works."""

    arm: str
    words: str
    parties: int
    effect: float | None
    differs: bool
    segments: list[ExperimentSegment]


class ExperimentWhole(Experiment):
    """An experiment with all that can be told of it now."""

    stand: ExperimentStand | None
    """Null where its playbook calls no answer success any more."""
    path: list[ExperimentPoint]
    for_whom: list[ForWhom]


class NewGuard(Given):
    """A figure that may not get worse: a question or an event."""

    question: Word | None = Field(default=None, max_length=200)
    event: Word | None = Field(default=None, max_length=200)
    good: Literal["yes", "no"] | None = None
    """Which answer to the question is the good one: needed with a question."""
    within: Word | None = Field(default=None, max_length=40)
    """So long after the decision the event counts, such as `14 days`; 30 days where left out."""
    margin: float | None = Field(default=None, ge=0, lt=1)


class NewExperiment(Given):
    """What is to be compared; with the playbook alone, the experiment that it declares."""

    playbook: Word = Field(max_length=200)
    name: Word | None = Field(default=None, max_length=100)
    arms: list[Word] | None = Field(default=None, max_length=20)
    """Choices of the playbook, the one the others are compared with first."""
    shares: list[float] | None = Field(default=None, max_length=20)
    """Equal where left out."""
    least: float | None = Field(default=None, gt=0, lt=1)
    """The smallest change of success worth finding; 0.05 where left out."""
    span: Word | None = Field(default=None, max_length=40)
    """How long parties are drawn, such as `8 weeks`; 12 weeks where left out."""
    guards: list[NewGuard] | None = Field(default=None, max_length=10)
    why: Word | None = Field(default=None, max_length=1000)
    """What is expected of it."""
    check: bool = False
    """Only tell what it takes."""

    def told(self) -> dict[str, Any] | None:
        """As a file tells an experiment; None: nothing was said of one."""
        said = self.model_dump(exclude_none=True, exclude={"playbook", "check"})
        return said or None


class ExperimentBegun(Shape):
    """What was begun, and what it takes."""

    id: str | None
    """Null where only looked."""
    plan: ExperimentPlan
    words: str
    """What it takes, in one sentence."""


class StopExperiment(Given):
    """Why an experiment ends before its time."""

    why: Word | None = Field(default=None, max_length=1000)


class AdoptExperiment(Given):
    """Which arm is to be the usual choice of its playbook."""

    arm: Word | None = Field(default=None, max_length=100)
    """The winner where left out."""
    why: Word | None = Field(default=None, max_length=1000)
    check: bool = False
    """Only tell what changes, and what speaks against it."""
    undo: bool = False
    """Take it back: the choice with the most expected value is made again."""
    anyway: bool = False
    """Adopt it though a guard stopped it."""


class Adoption(Shape):
    """What changes, or changed."""

    playbook: str
    choice: str | None
    """The usual choice from now on; null: the one with the most expected value."""
    before: str | None
    """What was adopted before."""
    lately: int
    """Decisions of the last 30 days by which something was done, or a person asked; the newest 10,000 at most."""
    newest: bool
    """Whether there may be more of them than the newest that were looked at."""
    otherwise: int
    """For how many of them the usual choice would have been another. What a lot drew counts by the usual choice."""
    done: bool
    """False: it was only looked."""
    against: str
    """What the guards that stopped it measured, in whole sentences: it is adopted only `anyway`. Else empty."""
    words: str
    """What changes, in a sentence or two."""
