"""What acting changed, so far as the hold-out can tell: success among the treated beside success among the controls.

The hold-out is drawn per contacted party, so parties are what the figures rest on: ten decisions about one party share
its draw, and often its fate. What is claimed is claimed by an interval that may be looked at every day (see `always`),
about a difference from which what was expected beforehand is taken off (see `parties.adjusted`), and only while the
split into arms is sound (see `split`).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import numpy as np

from sightline.foundation.db.session import Transaction
from sightline.kernel.act.outcomes import outcomes_of
from sightline.kernel.learn.always import growth
from sightline.kernel.learn.parties import MIN_PARTIES, Estimate, Party, Totals, adjusted, estimate, of_arms
from sightline.kernel.learn.split import Split, split
from sightline.language.playbook import Playbook, Success
from sightline.language.question import Question

__all__ = [
    "MIN_PARTIES", "Z80", "Effect", "Money", "Party", "Point", "Tally", "compare", "due", "effect", "measured",
    "path", "tallies",
]  # fmt: skip

Z80 = 1.2816
"""Normal quantile of a two-sided 80 % interval."""

WEEK = timedelta(weeks=1)
POINTS = 24
"""Days of which it is told how an effect stood."""

MOST_WEEKS = 260
"""Beyond five years nothing is foretold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Money:
    """What acting on the treated brought so far, in the currency of the question's worth."""

    gained: float
    """The difference, by worth, times the worth at stake among the treated, less what acting cost."""
    interval: tuple[float, float]
    """As `Effect.sequence`: 95 %, however often it is looked at."""
    cost: float

    @property
    def words(self) -> str:
        """A part of a sentence."""
        low, high = self.interval
        return f"worth {self.gained:,.0f} after its cost ({low:,.0f} to {high:,.0f})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """One playbook's settled decisions. Rates: shares of success among them; the difference: treated minus control."""

    playbook: str
    choice: str | None = None
    """Of which choice alone; None: of all."""
    treated: int
    """Decisions with an outcome: several about one subject count each."""
    control: int
    treated_parties: int
    control_parties: int
    treated_rate: float | None
    """As counted; nothing is taken off."""
    control_rate: float | None
    difference: float | None
    """Adjusted for what was expected. None, as the intervals, where either arm has too few parties."""
    interval: tuple[float, float] | None
    """80 % interval of the difference, between -1 and 1, for one look; parties are its units."""
    sequence: tuple[float, float] | None
    """95 % interval that holds at all looks together: what is claimed rests on this one."""
    weeks: int | None = None
    """So many more until something can be claimed, where things go on as so far; at most `MOST_WEEKS`. None where
    something is claimed, or that cannot be told.
    """
    money: Money | None = None
    """None where nothing is known of what is at stake."""
    split: Split | None = None
    """Treated and control parties, of all decided about."""
    decided: int = 0
    """Decisions, whether or not they have an outcome."""
    due: datetime | None = None
    """When the first outcomes come in; None where some have, or that is not known."""
    choices: tuple[Effect, ...] = ()
    """Each choice beside the controls for whom it was meant, where there are several."""

    @property
    def words(self) -> str:
        """One sentence."""
        if self.split is not None and self.split.broken:
            return _broken(self.split)
        if not self.treated and not self.control:
            return _awaited(self.decided, self.due)
        if self.sequence is None:
            return (
                f"Not enough evidence yet: {_counted(self.treated, self.treated_parties)} treated and"
                f" {_counted(self.control, self.control_parties)} held back have an outcome;"
                f" {MIN_PARTIES} parties of each are needed{_in_weeks(self.weeks)}."
            )
        low, high = self.sequence
        if low <= 0 <= high:
            between = f"the difference lies between {low:+.0%} and {high:+.0%}"
            return f"No effect can be claimed: {between}{_in_weeks(self.weeks)}."
        money = f", {self.money.words}" if self.money else ""
        return f"Success changed by {self.difference:+.0%} (95 % interval {low:+.0%} to {high:+.0%}){money}."


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """What was decided about one party under one choice, and what then came of it."""

    party: str
    arm: str
    choice: str
    settled: int
    """Decisions with an outcome; the next four are theirs."""
    hits: float = 0
    said: float | None = None
    """What was predicted of them before the decision, the mean; None: nothing."""
    worth: float = 0.0
    """Money at stake, the sum."""
    worth_hits: float = 0.0
    """Of that: what belongs to a success."""
    used: int = 0
    """How often something was really done."""
    first: datetime | None = None
    """The first and the last decision about those settled."""
    last: datetime | None = None
    decided: int = 0
    """Decisions, whether or not they have an outcome."""
    read_on: datetime | None = None
    """The day (UTC) on which these outcomes were read; None: they have none."""


_READ = """
select d.party, d.arm, d.choice, count(o.answer) as settled, count(*) filter (where o.answer = :wanted) as hits,
       coalesce(avg(o.probability), avg(o.quantity)) as said,
       coalesce(sum(p.worth) filter (where o.answer is not null), 0) as worth,
       coalesce(sum(p.worth) filter (where o.answer = :wanted), 0) as worth_hits,
       count(a.key) filter (where o.answer is not null) as used,
       min(d.at) filter (where o.answer is not null) as first, max(d.at) filter (where o.answer is not null) as last,
       count(*) as decided, date_trunc('day', o.read_at, 'UTC') as read_on
from sightline.decisions d
left join {came}
left join sightline.actions a on a.tenant = d.tenant and a.key = d.key
left join lateral (
  select greatest(coalesce((select p.worth from sightline.predictions p
    where p.tenant = d.tenant and p.question = d.question and p.kind = d.kind and p.key = d.subject
      and p.cutoff = coalesce(d.cutoff, o.cutoff) order by p.made_at limit 1), d.worth), 0) as worth) p on true
where d.tenant = :t and d.playbook = :p and d.verb in ('act', 'ask', 'hold'){more}
group by d.party, d.arm, d.choice, read_on order by d.party, d.arm, d.choice, read_on
"""


async def effect(
    tx: Transaction, success: Success, *, playbook: Playbook | None = None, hold_out: float | None = None,
    question: Question | None = None, now: datetime | None = None,
) -> Effect:  # fmt: skip
    """The effect of a playbook by its settled decisions, by intention to treat: whoever would have been acted on or
    asked about stands in the arm it was drawn into. To count only what was then done would compare the riskiest of one
    arm with all of the other.

    Args: `playbook` tells what one use costs; `hold_out`, the share (0 to 1) kept as control, lets the split be
    checked; its `question`, and `now`, let it be told when the first outcomes come in.
    """
    costs = {one.name: one.cost for one in playbook.choices} if playbook else {}
    found = await tallies(tx, success, playbook)
    first = await due(tx, playbook, question, found, now=now) if playbook and question and now else None
    return replace(measured(success.playbook, found, costs=costs, hold_out=hold_out), due=first)


async def tallies(
    tx: Transaction, success: Success, playbook: Playbook | None, *, experiment: str | None = None
) -> list[Tally]:  # fmt: skip
    """What was decided and what came of it, by party, arm, choice and day; of one experiment alone if given."""
    more, named = (" and d.experiment = :e", {"e": experiment}) if experiment else ("", {})
    rows = await tx.rows(
        _READ.format(came=outcomes_of(playbook), more=more),
        t=tx.tenant,
        p=success.playbook,
        wanted=float(success.answer),
        **named,
    )
    return [Tally(**row) for row in rows]


_OF_FORECASTS = """
select min(p.matures_at) from sightline.decisions d
join sightline.predictions p on p.tenant = d.tenant and p.question = d.question and p.kind = d.kind
  and p.key = d.subject and p.withdrawn_at is null and p.matures_at > :now and p.cutoff = coalesce(d.cutoff, (
    select max(n.cutoff) from sightline.predictions n where n.tenant = d.tenant and n.question = d.question
      and n.kind = d.kind and n.key = d.subject and n.cutoff <= d.at))
where d.tenant = :t and d.playbook = :p and d.verb in ('act', 'ask', 'hold')
"""
_OF_WINDOWS = """
select min(d.at) + :after from sightline.decisions d
where d.tenant = :t and d.playbook = :p and d.verb in ('act', 'ask', 'hold') and d.at + :after > :now
"""


async def due(
    tx: Transaction, playbook: Playbook, question: Question, tallies: Sequence[Tally], *, now: datetime
) -> datetime | None:
    """When the first outcomes of what was decided come in; None where some have, or that is not known."""
    if any(one.settled for one in tallies):
        return None
    named = {"t": tx.tenant, "p": playbook.name, "now": now}
    if playbook.window is None:
        found: datetime | None = await tx.value(_OF_FORECASTS, **named)
    else:
        found = await tx.value(_OF_WINDOWS, after=playbook.window + question.grace, **named)
    return found


def measured(
    playbook: str, tallies: Sequence[Tally], *, costs: Mapping[str, float] | None = None, hold_out: float | None = None
) -> Effect:
    """The effect of a playbook and, where it has several, of each of its choices; pure.

    `costs`: of one use, by choice.
    """
    spent = costs or {}
    whole = replace(_measured(playbook, tallies, spent), decided=sum(one.decided for one in tallies))
    names = sorted({one.choice for one in tallies})
    if len(names) > 1:
        apart = [[one for one in tallies if one.choice == name] for name in names]
        each = [replace(_measured(playbook, own, spent), choice=name) for name, own in zip(names, apart, strict=True)]
        whole = replace(whole, choices=tuple(each))
    if hold_out is None:
        return whole
    arms = [len({one.party for one in tallies if one.arm == arm}) for arm in ("treated", "control")]
    return replace(whole, split=split(arms, (1 - hold_out, hold_out)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """How an effect stood on a day."""

    at: datetime
    treated: int
    """Decisions with an outcome by then."""
    control: int
    difference: float | None
    sequence: tuple[float, float] | None


def path(tallies: Sequence[Tally], *, points: int = POINTS) -> tuple[Point, ...]:
    """The effect as it stood on each of at most so many days on which outcomes came in; pure.

    A later answer that corrected an earlier one counts from the day of its correction.
    """
    days = sorted({one.read_on for one in tallies if one.read_on})
    shown = [days[round(place)] for place in np.linspace(0, len(days) - 1, min(points, len(days)))]
    return tuple(_point(day, [one for one in tallies if one.read_on and one.read_on <= day]) for day in shown)


def _point(day: datetime, known: Sequence[Tally]) -> Point:
    found = estimate(adjusted(_totals([one for one in known if one.settled], by_worth=False)))
    settled = {arm: sum(one.settled for one in known if one.arm == arm) for arm in ("treated", "control")}
    return Point(
        at=day, treated=settled["treated"], control=settled["control"],
        difference=found.difference if found else None, sequence=found.sequence() if found else None,
    )  # fmt: skip


def compare(playbook: str, treated: Sequence[Party], control: Sequence[Party]) -> Effect:
    """The effect from the parties of either arm, of which nothing was known beforehand; pure.

    The difference is that of two ratio estimators (successes over decisions). Its intervals are drawn around the
    guarded shares, and widened to hold the difference itself.
    """
    totals = of_arms(treated, control)
    return _of(playbook, totals, estimate(totals))


def _measured(playbook: str, tallies: Sequence[Tally], costs: Mapping[str, float]) -> Effect:
    settled = [one for one in tallies if one.settled]
    totals = _totals(settled, by_worth=False)
    found = estimate(adjusted(totals))
    weeks = _weeks(found, totals.least, settled)
    return replace(_of(playbook, totals, found), weeks=weeks, money=_money(settled, costs))


def _of(playbook: str, totals: Totals, found: Estimate | None) -> Effect:
    on, off = totals.where(totals.treated), totals.where(~totals.treated)
    return Effect(
        playbook=playbook,
        treated=int(on.size.sum()),
        control=int(off.size.sum()),
        treated_parties=len(on.size),
        control_parties=len(off.size),
        treated_rate=_rate(on),
        control_rate=_rate(off),
        difference=found.difference if found else None,
        interval=found.interval(Z80) if found else None,
        sequence=found.sequence() if found else None,
    )


def _rate(arm: Totals) -> float | None:
    return float(arm.hits.sum() / arm.size.sum()) if len(arm.size) else None


def _totals(tallies: Sequence[Tally], *, by_worth: bool) -> Totals:
    """One row per party and arm, sized by decisions or by the money at stake."""
    merged: dict[tuple[str, str], list[float]] = {}
    for one in tallies:
        size, hits = (one.worth, one.worth_hits) if by_worth else (one.settled, one.hits)
        row = merged.setdefault((one.arm, one.party), [0.0, 0.0, 0.0, 0.0])
        said = math.nan if one.said is None else one.said
        for place, value in enumerate((size, hits, one.settled, one.settled * said)):
            row[place] += value
    found = np.array(list(merged.values()), np.float64).reshape(-1, 4)
    totals = Totals(
        treated=np.array([arm == "treated" for arm, _ in merged], np.bool_),
        size=found[:, 0],
        hits=found[:, 1],
        said=found[:, 3] / found[:, 2],
    )
    return totals.where(totals.size > 0)


def _money(tallies: Sequence[Tally], costs: Mapping[str, float]) -> Money | None:
    """The share of the money at stake that acting saved: the same difference, of parties as large as their worth."""
    totals = _totals(tallies, by_worth=True)
    found = estimate(adjusted(totals))
    if found is None:
        return None
    at_stake = float(totals.size[totals.treated].sum())
    spent = sum(costs.get(one.choice, 0.0) * one.used for one in tallies)
    low, high = found.sequence()
    interval = low * at_stake - spent, high * at_stake - spent
    return Money(gained=found.difference * at_stake - spent, interval=interval, cost=spent)


def _weeks(found: Estimate | None, least: int, tallies: Sequence[Tally]) -> int | None:
    """How much longer, if parties keep coming as fast, as unlike each other and with this difference."""
    first = min((one.first for one in tallies if one.first), default=None)
    last = max((one.last for one in tallies if one.last), default=None)
    if first is None or last is None or last - first < WEEK:
        return None
    so_far = (last - first) / WEEK
    if found is None:
        more = MIN_PARTIES / least - 1 if least else math.inf
    else:
        more = growth(found.difference, found.error, found.seen) - 1
    return math.ceil(min(more * so_far, MOST_WEEKS)) or None


def _in_weeks(weeks: int | None) -> str:
    if weeks is None:
        return ""
    many = "more than five years" if weeks >= MOST_WEEKS else f"about {_many(weeks, 'more week', 'more weeks')}"
    return f"; {many} where things go on as so far"


def _awaited(decided: int, due: datetime | None) -> str:
    if not decided:
        return "Not enough evidence yet: nothing was decided so far."
    first = f"; the first outcomes come in on {due:%Y-%m-%d}" if due else ""
    many = _many(decided, "decision was made", "decisions were made")
    return f"Not enough evidence yet: {many}, and none has an outcome{first}."


def _broken(split: Split) -> str:
    treated, control = split.counts
    return (
        f"The split is broken, so no effect can be read: {_many(treated, 'party', 'parties')} treated and {control:,}"
        f" held back, where {split.shares[1]:.0%} are to be held back."
    )


def _counted(decisions: int, parties: int) -> str:
    return f"{_many(decisions, 'decision', 'decisions')} about {_many(parties, 'party', 'parties')}"


def _many(count: int, one: str, more: str) -> str:
    return f"{count:,} {one if count == 1 else more}"
