"""When questions are trained again without being told to: by the calendar, or when what came is not what was said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sightline.foundation.db.session import Transaction
from sightline.kernel.predict.registry import Why

READ = 3_000
"""Settled predictions of the model on duty that are read, the newest: who is asked every day is there many times."""

LOOKED_AT = 300
"""Of these so many are looked at, the newest that do not overlap. With more, drift would be seen in what is no matter:
from 300 on it takes about a tenth between what was said and what came.
"""

ENOUGH = 30
"""Clusters at least: by fewer nobody can tell how far apart chance alone sets them (Cameron and Miller 2015)."""

SEEN = 10
"""Clusters in which something came, and in which something did not, from which on they tell how alike their members
are. Where all were the same everywhere, members may share their whole fate, and each cluster counts as one answer.
"""

FAR = 4.0
"""Standard errors between what was said and what came, from which on that is drift (see `distance`)."""

MISSES = 0.1
"""The share of quantities that is said to lie outside the intervals, which are of 90 %."""

OUTSIDE = 0.25
"""Share of quantities outside their 90 % intervals from which on that is drift."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """When a question is trained again."""

    question: str
    every_days: int | None
    """None: not by the calendar."""
    on_drift: bool
    by: str
    """Who said so."""
    at: datetime
    tried_at: datetime | None
    """When it was last put in hand for this schedule."""
    last_trained: datetime | None = None
    """When the newest version was trained, for whatever reason."""


async def set_schedule(tx: Transaction, given: Schedule) -> None:
    """Remember a schedule in the place of the one before; one that asks for nothing is forgotten."""
    if given.every_days is None and not given.on_drift:
        await tx.run(
            "delete from sightline.schedules where tenant = :t and question = :q", t=tx.tenant, q=given.question
        )
        return
    await tx.run(
        "insert into sightline.schedules (tenant, question, every_days, on_drift, by, at)"
        " values (:t, :q, :days, :drift, :by, :at) on conflict (tenant, question) do update set"
        " every_days = excluded.every_days, on_drift = excluded.on_drift, by = excluded.by, at = excluded.at",
        t=tx.tenant, q=given.question, days=given.every_days, drift=given.on_drift, by=given.by, at=given.at,
    )  # fmt: skip


async def schedules(tx: Transaction) -> dict[str, Schedule]:
    """By question."""
    rows = await tx.rows(
        "select s.question, s.every_days, s.on_drift, s.by, s.at, s.tried_at, (select max(m.trained_at)"
        " from sightline.models m where m.tenant = s.tenant and m.question = s.question) as last_trained"
        " from sightline.schedules s where s.tenant = :t order by s.question",
        t=tx.tenant,
    )
    return {row["question"]: Schedule(**row) for row in rows}


async def due(tx: Transaction, *, now: datetime) -> dict[str, Why]:
    """Questions to be trained again at `now`, and why. One that was never trained waits until somebody asks it."""
    found: dict[str, Why] = {}
    for one in (await schedules(tx)).values():
        last = max((at for at in (one.last_trained, one.tried_at) if at), default=None)
        if one.last_trained is None or last is None or now - last < timedelta(days=1):
            continue
        if one.every_days is not None and now - last >= timedelta(days=one.every_days):
            found[one.question] = Why.SCHEDULE
        elif one.on_drift and await drifted(tx, one.question):
            found[one.question] = Why.DRIFT
    return found


async def tried(tx: Transaction, question: str, *, at: datetime) -> None:
    """Remember that a question was put in hand for its schedule."""
    await tx.run(
        "update sightline.schedules set tried_at = :at where tenant = :t and question = :q",
        t=tx.tenant, q=question, at=at,
    )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """A prediction and what came of it: an event with its probability; of a quantity, that it lay outside its interval,
    which is said with `MISSES`.
    """

    subject: str
    cluster: str
    """Who shares the subject's fate, as in the proof: all with the same link, or the subject alone."""
    cutoff: datetime
    deadline: datetime
    said: float
    came: float
    """1 or 0."""
    measured: bool
    """Whether a quantity was forecast."""

    @property
    def spread(self) -> float:
        """The variance of what comes, if it comes as was said."""
        return self.said * (1 - self.said)


# Of those of one day any: neighbours in the order of keys may share their fate.
_CAME = """
select newest.key as subject, coalesce(e.links ->> newest.together, newest.key) as cluster, newest.cutoff,
       newest.deadline, newest.said, newest.came, newest.measured
from (
  select p.kind, p.key, p.cutoff, p.deadline, p.matures_at, coalesce(p.probability, :misses) as said,
         case when p.probability is null then (p.outcome < p.low or p.outcome > p.high)::int else p.outcome end as came,
         p.probability is null as measured, m.proof -> 'split' ->> 'together' as together
  from sightline.predictions p
  join sightline.models m on m.tenant = p.tenant and m.question = p.question and m.version = p.model and m.champion
  where p.tenant = :t and p.question = :q and p.withdrawn_at is null and p.outcome is not null and not p.censored
    and p.matures_at <= p.outcome_at and p.made_at < p.deadline
    and not exists (
      select 1 from sightline.decisions d join sightline.actions a on a.tenant = d.tenant and a.key = d.key
      where d.tenant = p.tenant and d.kind = p.kind and d.subject = p.key and a.at between p.cutoff and p.deadline)
  order by p.matures_at desc, p.cutoff desc, hashtextextended(p.key, 0) limit :most) newest
left join sightline.entities e on e.tenant = :t and e.kind = newest.kind and e.key = newest.key
order by newest.matures_at desc, newest.cutoff desc, hashtextextended(newest.key, 0)
"""


async def drifted(tx: Transaction, question: str) -> bool:
    """Whether what the model on duty said, and what came of it, lie far apart: its probabilities beside the answers, or
    the coverage of its intervals.

    Only of subjects that were left alone from cutoff to deadline: where acting helps, what was said does not come.
    """
    rows = await tx.rows(_CAME, t=tx.tenant, q=question, most=READ, misses=MISSES)
    settled = apart([Settled(**row) for row in rows])
    if abs(distance(settled)) <= FAR:
        return False
    measured = [one.came for one in settled if one.measured]
    return not measured or sum(measured) > OUTSIDE * len(measured)


def apart(settled: Sequence[Settled]) -> list[Settled]:
    """Of each subject (`settled`: the newest first) the newest, and the next that had ended when that began; at most
    `LOOKED_AT` in all.

    Who is asked every day about the next thirty answers thirty times with nearly the same days.
    """
    began: dict[str, datetime] = {}
    found: list[Settled] = []
    for one in settled:
        if one.subject in began and one.deadline > began[one.subject]:
            continue
        began[one.subject] = one.cutoff
        found.append(one)
    return found[:LOOKED_AT]


def distance(settled: Sequence[Settled]) -> float:
    """By how many standard errors more came than was said; 0 of fewer than `ENOUGH` clusters.

    The error is the larger of two. One is that of answers that come with the probabilities that were said: each by
    itself (Spiegelhalter 1986), or, while fewer than `SEEN` clusters tell, all of a cluster at once. The other lets
    members of a cluster share their fate as much as they did (Liang and Zeger 1986). It is taken about what was said,
    not about the mean: of rare answers none may have come, and then nothing varies about the mean. So the distance
    never exceeds the root of the number of clusters, and few large clusters among small ones raise no alarm.

    That false alarms are rare rests on one thing: that clusters are independent of each other. Then a look at what is
    perfectly said is beyond `FAR` less than once in a thousand (simulated: 30 to 300 clusters, also of very different
    sizes, rates of 2 to 90 %, from none to nearly all of their fate shared). What befalls everybody at once is no false
    alarm: it was not said.
    """
    clusters: dict[str, list[Settled]] = {}
    for one in settled:
        clusters.setdefault(one.cluster, []).append(one)
    if len(clusters) < ENOUGH:
        return 0.0
    off = [sum(one.came - one.said for one in members) for members in clusters.values()]
    some = sum(any(one.came > 0 for one in members) for members in clusters.values())
    others = sum(any(one.came < 1 for one in members) for members in clusters.values())
    alone = sum(one.spread for one in settled)
    at_once = sum(sum(one.spread**0.5 for one in members) ** 2 for members in clusters.values())
    least = alone if min(some, others) >= SEEN else at_once
    return float(sum(off) / max(least, sum(one**2 for one in off), 1e-9) ** 0.5)
