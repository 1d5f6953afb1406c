"""How what is on duty fares: the watch over a question's model, its alarms, and taking one back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sightline.foundation import ledger
from sightline.foundation.db.session import Transaction
from sightline.foundation.tenants import Tenant
from sightline.kernel.desk.desk import Desk
from sightline.kernel.observe.personal import unveiled
from sightline.kernel.predict import alarms
from sightline.kernel.predict.alarms import DOUBT, Alarm
from sightline.language import derived
from sightline.language.errors import Invalid
from sightline.language.event import Event
from sightline.language.ref import Ref


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """What was seen of a question's model on duty when it was last looked at."""

    question: str
    version: str | None
    """None: nothing was looked at yet."""
    at: datetime | None
    watched: tuple[dict[str, Any], ...]
    """See `duty.Watched`."""
    population: dict[str, Any] | None
    """See `population.Compared`."""
    rival: dict[str, Any] | None
    """The version it is compared with, and whether that waits to be promoted."""
    needed: float
    """The evidence from which on something is beyond doubt."""
    alarms: tuple[Alarm, ...]
    """Of all versions, the newest first."""


async def watch_of(desk: Desk, tenant: Tenant, name: str) -> Watch:
    """The watch over a question's model. Raises NotFound."""
    question = (await desk.catalog(tenant)).question(name)
    async with desk.db.transaction(tenant.number) as tx:
        row = await tx.row(
            "select version, at, document from sightline.watched where tenant = :t and question = :q",
            t=tx.tenant, q=question.name,
        )  # fmt: skip
        told = await _shown(desk, tx, await alarms.listed(tx, question.name))
        document = await unveiled(tx, desk.vault, row["document"]) if row else {}
    return Watch(
        question=question.name,
        version=row["version"] if row else None,
        at=row["at"] if row else None,
        watched=tuple(document.get("watched", ())),
        population=document.get("population"),
        rival=document.get("rival"),
        needed=1 / DOUBT,
        alarms=tuple(told),
    )


async def standing(desk: Desk, tenant: Tenant) -> list[Alarm]:
    """Alarms about the models on duty, of all questions, the newest first."""
    async with desk.db.transaction(tenant.number) as tx:
        return await _shown(desk, tx, await alarms.standing(tx))


async def lift(desk: Desk, tenant: Tenant, id_: str, *, by: str, why: str) -> Alarm:
    """Take an alarm back, for a reason: evidence is gathered anew from now on. Raises NotFound, Conflict, Invalid."""
    if not why.strip():
        raise Invalid("An alarm is lifted for a reason.", hint="Say why: it stays beside the alarm.")
    async with desk.db.transaction(tenant.number) as tx:
        now = await desk.present(tx)
        found = await alarms.lift(tx, id_, by=by, why=why, at=now)
        data = {"question": found.question, "version": found.version, "what": found.what, "by": by, "why": why}
        told = Event(
            id=f"lifted:{id_}", source=derived.SOURCE, type=derived.LIFTED, subject=Ref(derived.SELF, "models"),
            time=now, known_at=now, data=data,
        )  # fmt: skip
        ledger.record(tx, [told], at=now)
        (shown,) = await _shown(desk, tx, [found])
    return shown


async def _shown(desk: Desk, tx: Transaction, found: list[Alarm]) -> list[Alarm]:
    said = await unveiled(tx, desk.vault, [one.words for one in found])
    return [replace(one, words=words) for one, words in zip(found, said, strict=True)]
