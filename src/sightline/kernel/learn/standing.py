"""How an experiment stands: its arms, what can be told apart, its guards, and what is to become of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from sightline.foundation.db.session import Transaction
from sightline.kernel.act.trials import Trial
from sightline.kernel.learn.effect import Tally, tallies
from sightline.kernel.learn.experiments import (
    Analysis,
    Guard,
    Pair,
    Results,
    Verdict,
    analyse,
    beside,
    level,
    strict_level,
)  # fmt: skip
from sightline.language import derived
from sightline.language.experiment import Experiment, Watched
from sightline.language.playbook import Playbook, Success

WAITS = timedelta(days=90)
"""So long an experiment that draws nobody any more waits for the outcomes of those it drew."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arm:
    """One arm, as counted."""

    name: str
    share: float
    parties: int
    """Drawn into it and decided about."""
    settled: int
    """Decisions with an outcome."""
    settled_parties: int
    hits: float

    @property
    def rate(self) -> float | None:
        """The share of success; nothing is taken off."""
        return self.hits / self.settled if self.settled else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """One guard, arm by arm beside the first."""

    name: str
    margin: float
    more_is_better: bool
    pairs: tuple[Pair, ...]
    counted: int
    """Decisions after which it is known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """How an arm stood beside the first on a day."""

    at: datetime
    arm: str
    difference: float
    interval: tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stand:
    """All of it."""

    arms: tuple[Arm, ...]
    analysis: Analysis
    guards: tuple[Kept, ...]
    unsettled: int
    """Decisions that have no outcome yet."""


async def stand(tx: Transaction, trial: Trial, success: Success, playbook: Playbook | None, *, now: datetime) -> Stand:
    """Read how an experiment stands."""
    found = await treated(tx, trial, success, playbook)
    guards = [
        Guard(
            name=one.name, results=await _watched(tx, trial, one, now), margin=one.margin,
            more_is_better=one.question is not None,
        )
        for one in trial.experiment.guards
    ]  # fmt: skip
    return told(trial.experiment, found, guards)


async def treated(tx: Transaction, trial: Trial, success: Success, playbook: Playbook | None) -> list[Tally]:
    """What was decided in an experiment about those who are not kept back."""
    return [one for one in await tallies(tx, success, playbook, experiment=trial.id) if one.arm == "treated"]


def told(experiment: Experiment, found: Sequence[Tally], guards: Sequence[Guard]) -> Stand:
    """How it stands, from what was decided and came of it; pure."""
    decided = results_of(experiment, found, settled=False)
    analysis = analyse(experiment, results_of(experiment, found), guards)
    sure = strict_level(experiment, len(guards))
    return Stand(
        arms=tuple(_arm(experiment, name, found) for name in experiment.arms),
        analysis=Analysis(
            experiment=analysis.experiment, pairs=analysis.pairs, stopped=analysis.stopped,
            split=analyse(experiment, decided).split,
        ),
        guards=tuple(
            Kept(
                name=one.name, margin=one.margin, more_is_better=one.more_is_better,
                pairs=beside(experiment, one.results, sure), counted=int(one.results.size.sum()),
            )
            for one in guards
        ),
        unsettled=sum(one.decided - one.settled for one in found),
    )  # fmt: skip


def results_of(experiment: Experiment, found: Sequence[Tally], *, settled: bool = True) -> Results:
    """Each party once: with the decisions about it that have an outcome, or (not `settled`) with all of them."""
    merged: dict[tuple[int, str], list[float]] = {}
    for one in found:
        size = one.settled if settled else one.decided
        if size and one.choice in experiment.arms:
            row = merged.setdefault((experiment.arms.index(one.choice), one.party), [0.0, 0.0, 0.0])
            said = np.nan if one.said is None else one.said
            for place, value in enumerate((size, one.hits, size * said)):
                row[place] += value
    both = np.array(list(merged.values()), np.float64).reshape(-1, 3)
    return Results(
        arm=np.array([arm for arm, _ in merged], np.intp),
        size=both[:, 0],
        hits=both[:, 1],
        said=both[:, 2] / both[:, 0],
    )


def moments(experiment: Experiment, found: Sequence[Tally], *, points: int) -> list[Seen]:
    """How each arm stood beside the first on at most so many days on which outcomes came in; pure."""
    days = sorted({one.read_on for one in found if one.read_on})
    shown = [days[round(place)] for place in np.linspace(0, len(days) - 1, min(points, len(days)))]
    made = []
    for day in shown:
        known = results_of(experiment, [one for one in found if one.read_on and one.read_on <= day])
        made += [
            Seen(at=day, arm=pair.arm, difference=pair.difference, interval=pair.interval)
            for pair in beside(experiment, known, level(experiment))
            if pair.difference is not None and pair.interval is not None
        ]
    return made


def _arm(experiment: Experiment, name: str, found: Sequence[Tally]) -> Arm:
    own = [one for one in found if one.choice == name]
    return Arm(
        name=name, share=experiment.share(name), parties=len({one.party for one in own}),
        settled=sum(one.settled for one in own), hits=sum(one.hits for one in own),
        settled_parties=len({one.party for one in own if one.settled}),
    )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What is to become of an experiment."""

    closes: bool = False
    """Nobody is drawn any more; otherwise it ends."""
    verdict: str = ""
    why: str = ""
    winner: str | None = None
    stopped: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """By arm: the guards that stop it."""


def step(trial: Trial, found: Stand, *, now: datetime) -> Step | None:
    """What is to become of it now; None: it goes on. Pure."""
    analysis = found.analysis
    if analysis.split.broken:
        return Step(verdict="broken", why=analysis.words)
    if analysis.stopped:
        return Step(verdict="guarded", why=analysis.words, stopped=analysis.stopped)
    if all(pair.verdict is not Verdict.OPEN for pair in analysis.pairs):
        return Step(verdict="decided", why=analysis.words, winner=winner(trial.experiment, analysis))
    if trial.state == "running":
        return Step(closes=True) if now >= trial.until else None
    if found.unsettled == 0 or now >= (trial.closed_at or trial.until) + WAITS:
        return Step(verdict="over", why=f"Its time is over. {analysis.words}")
    return None


def winner(experiment: Experiment, analysis: Analysis) -> str | None:
    """The arm that is better than the first beyond doubt, of several the best; the first where all are worse."""
    better = [(pair.difference or 0.0, pair.arm) for pair in analysis.pairs if pair.verdict is Verdict.BETTER]
    if better:
        return max(better)[1]
    worse = all(pair.verdict is Verdict.WORSE for pair in analysis.pairs)
    return experiment.arms[0] if worse else None


def against(trial: Trial, found: Stand | None, arm: str) -> str:
    """What the guards that stopped an arm measured, as sentences; nothing where none did. Pure.

    What stopped it once stands, though what came later may tell less; and what came later may tell more.
    """
    guards = {one.name: one for one in found.guards} if found else {}
    names = dict.fromkeys([*trial.stopped.get(arm, ()), *(found.analysis.stopped.get(arm, ()) if found else ())])
    measured = " ".join(_measured(name, guards.get(name), arm, trial.experiment.arms[0]) for name in names)
    return measured or (trial.why if _once(trial, arm) else "")


def _once(trial: Trial, arm: str) -> bool:
    """Whether an experiment that kept no guards by arm, as those did that ended long ago, names this one as its end."""
    stops = trial.why.removeprefix("Stop ").split("; ")
    return trial.verdict == "guarded" and not trial.stopped and any(one.startswith(f"{arm} (") for one in stops)


def _measured(name: str, guard: Kept | None, arm: str, first: str) -> str:
    pair = next((one for one in guard.pairs if one.arm == arm), None) if guard else None
    if guard is None or pair is None or pair.difference is None or pair.interval is None:
        return f"It was worse by {name}."
    low, high = pair.interval
    between = f"{pair.difference:+.1%} ({low:+.1%} to {high:+.1%})"
    return f"By {name} it differs from '{first}' by {between}, and may be worse by {guard.margin:.1%} at most."


_EITHER = "((d.kind, d.subject), (split_part(d.party, '/', 1), substr(d.party, strpos(d.party, '/') + 1)))"
"""Its subject, or whoever is contacted."""

# What happened after the decision, in the same span for everybody.
_HAPPENED = f"""
select d.party, d.choice, count(*) as size, count(*) filter (where exists (
    select from sightline.occurrences e where e.tenant = d.tenant and e.type = :event and e.known_until is null
      and (e.kind, e.key) in {_EITHER}
      and e.time > d.at and e.time <= d.at + :within)) as hits
from sightline.decisions d where d.tenant = :t and d.experiment = :e and d.arm = 'treated' and d.verb in ('act', 'ask')
  and d.at + :within <= :now
group by d.party, d.choice order by d.party, d.choice
"""

_STOPPED = """
select d.party, d.choice, count(*) as size, count(*) filter (where exists (
    select from sightline.contacts_stopped s where s.tenant = d.tenant and s.kind || '/' || s.key = d.party
      and s.at > d.at and s.at <= d.at + :within)) as hits
from sightline.decisions d where d.tenant = :t and d.experiment = :e and d.arm = 'treated' and d.verb in ('act', 'ask')
  and d.at + :within <= :now
group by d.party, d.choice order by d.party, d.choice
"""

# The first answer that was asked for at or after the decision.
_ANSWERED = f"""
select d.party, d.choice, count(o.answer) as size, count(*) filter (where o.answer = :good) as hits
from sightline.decisions d join lateral (
  select o.answer from sightline.outcomes o where o.tenant = d.tenant and o.question = :question
    and (o.kind, o.key) in {_EITHER}
    and o.cutoff >= coalesce(d.cutoff, d.at) and o.answer is not null order by o.cutoff limit 1) o on true
where d.tenant = :t and d.experiment = :e and d.arm = 'treated' and d.verb in ('act', 'ask')
group by d.party, d.choice order by d.party, d.choice
"""


async def _watched(tx: Transaction, trial: Trial, guard: Watched, now: datetime) -> Results:
    given: dict[str, Any] = {"t": tx.tenant, "e": trial.id}
    if guard.question:
        sql, given = _ANSWERED, {**given, "question": guard.question, "good": float(guard.good)}
    else:
        sql = _STOPPED if guard.event == derived.STOPPED else _HAPPENED
        given |= {"within": guard.within, "now": now}
        if sql is _HAPPENED:
            given["event"] = guard.event
    arms = trial.experiment.arms
    rows = [row for row in await tx.rows(sql, **given) if row["choice"] in arms]
    return Results(
        arm=np.array([arms.index(row["choice"]) for row in rows], np.intp),
        size=np.array([row["size"] for row in rows], np.float64),
        hits=np.array([row["hits"] for row in rows], np.float64),
        said=np.full(len(rows), np.nan),
    )
