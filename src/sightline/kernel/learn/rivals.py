"""Another version beside the one on duty: which one, what it says of the same subjects, and changing places with it.

A version that waits as a challenger is promoted when it did better on duty beyond doubt. The version that was on duty
before goes on being asked for a while, and is put back when it would have done better.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sightline.foundation.db.session import Transaction
from sightline.kernel.predict import registry
from sightline.kernel.predict.language import canonical
from sightline.kernel.predict.registry import State, Version
from sightline.language.proof import Verdict
from sightline.language.question import Question

if TYPE_CHECKING:
    from sightline.kernel.predict.prepare import Prepared
    from sightline.kernel.predict.trained import Trained

ASKED_ON = timedelta(days=180)
"""So long the version before is asked on."""

MOST_DAYS = 3
"""Moments of a question asked again and again, the newest, of which another version says what it would have said."""

MANY, WEEK = 200, timedelta(days=7)
"""So many subjects, or the first after so long, are asked about at once: what is said is as of their cutoffs, so that
nothing is lost by waiting, and to ask takes as long as to score everybody.
"""

_OPEN = """
select distinct p.key, p.cutoff from sightline.predictions p where p.tenant = :t and p.question = :q and p.model = :v
  and p.withdrawn_at is null and p.cutoff > greatest(:since, (select max(r.cutoff) from sightline.rivals r
    where r.tenant = p.tenant and r.question = p.question and r.version = :rival))
"""

_KEEP = """
insert into sightline.rivals (tenant, question, version, key, cutoff, said, made_at)
select $1, $2, $3, told.key, told.cutoff, told.said, $7
from unnest($4::text[], $5::timestamptz[], $6::float8[]) as told(key, cutoff, said) on conflict do nothing
"""

Asked = tuple[str, datetime]
"""A subject's key and its cutoff."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rival:
    """A version that is asked about whom the one on duty speaks of."""

    version: str
    waits: bool
    """Whether it waits to be promoted; else it was on duty before."""
    since: datetime
    """Whoever was asked later is news to both."""


def rival_of(question: Question, versions: Sequence[Version], on_duty: Version, now: datetime) -> Rival | None:
    """The newest challenger trained since, else the version before, for a while."""
    fit = [one for one in versions if one.line == canonical(question) and one.verdict != Verdict.DO_NOT_USE.value]
    waiting = [one for one in fit if one.state == State.CHALLENGER and one.trained_at > on_duty.trained_at]
    before = [one for one in fit if one.version == on_duty.took_over_from and now < on_duty.as_of + ASKED_ON]
    found = next(iter(waiting or before), None)
    if found is None:
        return None
    since = max(found.as_of, on_duty.as_of)
    return Rival(version=found.version, waits=found in waiting, since=since)


async def unheard(tx: Transaction, question: str, on_duty: str, rival: Rival, now: datetime) -> list[Asked]:
    """Of whom the version on duty spoke as of after all that the rival was asked, once there are many or for long."""
    rows = await tx.rows(_OPEN, t=tx.tenant, q=question, v=on_duty, rival=rival.version, since=rival.since)
    asked = [(row["key"], row["cutoff"]) for row in rows]
    ripe = len(asked) >= MANY or any(cutoff <= now - WEEK for _, cutoff in asked)
    return asked if ripe else []


def speak(trained: Trained, prepared: Prepared, asked: Sequence[Asked]) -> list[tuple[str, datetime, float]]:
    """What a version says of these, so far as they are asked at those cutoffs: a probability, or the median."""
    import numpy as np

    eligible = prepared.asked.eligible
    place = {one: row for row, one in enumerate(zip(eligible["key"], eligible["cutoff"], strict=True))}
    these = [one for one in asked if one in place]
    if not these:
        return []
    told = trained.tell(prepared.matrix.rows(np.array([place[one] for one in these], np.int64)))
    values = told.value if trained.task.chance else told.median
    return [(key, at, float(value)) for (key, at), value in zip(these, values, strict=True) if not np.isnan(value)]


async def keep(
    tx: Transaction, question: str, rival: Rival, told: Sequence[tuple[str, datetime, float]], *, at: datetime
) -> None:
    """Remember what it said."""
    driver = await tx.driver()
    columns = ([one[n] for one in told] for n in range(3))
    await driver.execute(_KEEP, tx.tenant, question, rival.version, *columns, at)


async def change(tx: Transaction, question: str, rival: Rival, *, at: datetime) -> None:
    """Put it on duty: promoted, or back where it was."""
    if rival.waits:
        await registry.promote(tx, question, rival.version, at=at)
    else:
        await registry.rollback(tx, question, at=at)
