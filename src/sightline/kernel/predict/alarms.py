"""Alarms about models on duty: what was raised, whether it stands, and what a standing one takes away.

An alarm is about a version. Another version on duty has none; where a person lifts one, its evidence is gathered anew
from that moment on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sightline.foundation.db.session import Transaction
from sightline.kernel.predict.registry import State, champion_sides
from sightline.language.errors import Conflict, NotFound
from sightline.language.proof import Side, Verdict
from sightline.language.question import Question

PROMISE = "promise:"
"""Before the name of a side: fewer were right beyond its line than promised."""

CALIBRATION = "calibration"
"""What came was not what had been said."""

POPULATION = "population"
"""Who is asked, or what is known of them, is not as it was."""

DOUBT = 0.01
"""The chance that what is as it was said ever raises an alarm, over the whole life of a version, where clusters come
apart from each other. Where unforeseen spells move all of them together it is more: `kernel.learn.betting` tells.
"""

DRIFT = (CALIBRATION, POPULATION)
"""What another training may mend. A promise that is broken alone is none: its line is taken away instead."""

AGAIN = timedelta(days=30)
"""After so long it is tried again where the version that was trained for an alarm may not be used."""

MOST = 200
"""Alarms of a question that are listed."""

_ALARM = "select id, question, version, what, words, advice, since, raised_at, lifted_at, lifted_by, why"

_ON_DUTY = (
    " from sightline.alarms a where a.tenant = :t and a.lifted_at is null and exists (select from sightline.models m"
    " where m.tenant = a.tenant and m.question = a.question and m.version = a.version and m.champion)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """Something about a version that is beyond doubt not as it should be."""

    id: str
    question: str
    version: str
    what: str
    words: str
    """What happened, in a sentence or two."""
    advice: str
    """What to do about it."""
    since: datetime | None
    """From when on it seems to have been so, where that can be told."""
    raised_at: datetime
    lifted_at: datetime | None
    lifted_by: str | None
    why: str
    """The reason of whoever lifted it."""


async def raise_(tx: Transaction, alarm: Alarm) -> bool:
    """Keep it, under an identifier of its own; False where the same stands already."""
    made = await tx.run(
        "insert into sightline.alarms (tenant, question, version, what, words, advice, since, raised_at)"
        " values (:t, :q, :v, :what, :words, :advice, :since, :at) on conflict do nothing",
        t=tx.tenant, q=alarm.question, v=alarm.version, what=alarm.what, words=alarm.words, advice=alarm.advice,
        since=alarm.since, at=alarm.raised_at,
    )  # fmt: skip
    return bool(made)


async def listed(tx: Transaction, question: str) -> list[Alarm]:
    """Of a question, of all its versions, the newest first."""
    rows = await tx.rows(
        f"{_ALARM} from sightline.alarms where tenant = :t and question = :q order by raised_at desc, id limit :most",
        t=tx.tenant, q=question, most=MOST,
    )  # fmt: skip
    return [Alarm(**row) for row in rows]


async def standing(tx: Transaction) -> list[Alarm]:
    """Of the versions on duty, of all questions, the newest first."""
    rows = await tx.rows(f"{_ALARM}{_ON_DUTY} order by raised_at desc, id", t=tx.tenant)
    return [Alarm(**row) for row in rows]


async def lifted(tx: Transaction, question: str, version: str) -> dict[str, datetime]:
    """When alarms about a version were last lifted, by what they were about."""
    rows = await tx.rows(
        "select what, max(lifted_at) as at from sightline.alarms where tenant = :t and question = :q and version = :v"
        " and lifted_at is not null group by what",
        t=tx.tenant, q=question, v=version,
    )  # fmt: skip
    return {row["what"]: row["at"] for row in rows}


async def lift(tx: Transaction, id_: str, *, by: str, why: str, at: datetime) -> Alarm:
    """Take an alarm back. Raises NotFound, and Conflict where it was lifted before."""
    row = await tx.row(f"{_ALARM} from sightline.alarms where tenant = :t and id = :id for update", t=tx.tenant, id=id_)
    if row is None:
        raise NotFound(f"No alarm '{id_}'.", hint="`sightline watch QUESTION` lists them.")
    found = Alarm(**row)
    if found.lifted_at is not None:
        raise Conflict(f"'{id_}' was lifted already, by {found.lifted_by}.")
    await tx.run(
        "update sightline.alarms set lifted_at = :at, lifted_by = :by, why = :why where tenant = :t and id = :id",
        t=tx.tenant, id=id_, at=at, by=by, why=why,
    )  # fmt: skip
    return replace(found, lifted_at=at, lifted_by=by, why=why)


async def sides_on_duty(tx: Transaction, question: Question) -> tuple[Side, ...]:
    """The sides of the model on duty, each with what takes its line away."""
    sides = await champion_sides(tx, question)
    rows = await tx.rows(f"select what, words{_ON_DUTY} and a.question = :q", t=tx.tenant, q=question.name)
    broken = {row["what"]: row["words"] for row in rows}
    return tuple(replace(one, broken=broken.get(f"{PROMISE}{one.side}", "")) for one in sides)


async def drifted(tx: Transaction, questions: Sequence[str], *, now: datetime) -> set[str]:
    """Those of questions about whose model on duty an alarm of `DRIFT` stands that nothing was trained for yet.

    A challenger that knew what came by the alarm waits to show that it does better: another would only take its
    place.
    """
    rows = await tx.rows(
        f"select distinct a.question{_ON_DUTY} and a.question = any(:q) and a.what = any(:what)"
        " and not exists (select from sightline.models c where c.tenant = a.tenant and c.question = a.question"
        "  and c.state = :waits and c.as_of >= a.raised_at"
        "  and (c.proof ->> 'verdict' <> :useless or c.trained_at > :lately))",
        t=tx.tenant, q=list(questions), what=list(DRIFT), waits=State.CHALLENGER.value,
        useless=Verdict.DO_NOT_USE.value, lately=now - AGAIN,
    )  # fmt: skip
    return {row["question"] for row in rows}
