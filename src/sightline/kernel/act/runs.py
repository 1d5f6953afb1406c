"""Runs: what became of each thing that was decided to be done, step by step, and where each stands.

A run moves in the transaction of what moves it: the step it leaves, the message it puts into the outbox, the timer it
sets and its new place commit together, or none of them do. So a crash leaves nothing half done, and nothing twice.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sightline.foundation.db.session import Transaction
from sightline.language.errors import Conflict, NotFound
from sightline.language.ref import Ref

FIRST = "act"
"""The step in which what was decided is done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """What a run begins with."""

    key: str
    """Of the decision: the idempotency key of what is done first."""
    playbook: str
    version: str
    subject: Ref
    party: Ref
    question: str | None
    choice: str
    channel: str
    """The destination of what is done first."""
    decided_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A run as it stands."""

    id: str
    key: str
    playbook: str
    version: str
    subject: str
    party: str
    question: str | None
    choice: str
    state: str
    """`running`, `paused`, `stuck` (it cannot go on by itself; `why` says why), `ended` or `cancelled`."""
    step: str | None
    """Where it stands."""
    attempt: int
    """Raised when a person lets it do a step again."""
    waits_for: str | None
    """The key of the message, or of the question to a person, that it waits for."""
    listens: tuple[str, ...]
    """The events that end its wait at once."""
    due_at: datetime | None
    """When its wait ends."""
    pending: str | None
    """What came while it was paused."""
    began_at: datetime
    decided_at: datetime
    """Before it began where a person was asked: what happened since then matters."""
    ended_at: datetime | None
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Stepped:
    """One thing a run did."""

    number: int
    step: str
    what: str
    at: datetime
    detail: str


_FIELDS = tuple(one.name for one in fields(Run))
_COLUMNS = ", ".join("kind || '/' || subject as subject" if name == "subject" else name for name in _FIELDS)


async def begin(tx: Transaction, begun: Sequence[Begun], *, at: datetime) -> list[str]:
    """Runs whose first step is being done, each key once; returns the keys of those that are new."""
    driver = await tx.driver()
    rows = await driver.fetch(
        "with new as (insert into sightline.runs (tenant, key, playbook, version, kind, subject, party, question,"
        " choice, decided_at, state, began_at, step, waits_for) select $1, *, 'running', $2, $3, key"
        " from unnest($4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[], $11::text[],"
        " $12::timestamptz[])"
        " b(key, playbook, version, kind, subject, party, question, choice, decided_at) on conflict do nothing"
        " returning id, key),"
        " noted as (insert into sightline.run_steps (tenant, run, number, step, what, at, detail)"
        " select $1, id, 1, $3, 'sends', $2, 'to ' || c.channel from new"
        " join unnest($4::text[], $13::text[]) c(key, channel) using (key)) select key from new",
        tx.tenant, at, FIRST, [one.key for one in begun], [one.playbook for one in begun],
        [one.version for one in begun], [one.subject.kind for one in begun], [one.subject.key for one in begun],
        [str(one.party) for one in begun], [one.question for one in begun], [one.choice for one in begun],
        [one.decided_at for one in begun], [one.channel for one in begun],
    )  # fmt: skip
    return [row["key"] for row in rows]


async def finish(tx: Transaction, ids: Sequence[str], *, at: datetime, why: str) -> None:
    """End held runs whose last message was delivered."""
    driver = await tx.driver()
    await driver.execute(
        "with ended as (update sightline.runs set state = 'ended', why = $4, waits_for = null, ended_at = $3"
        " where tenant = $1 and id = any($2) returning id, step)"
        " insert into sightline.run_steps (tenant, run, number, step, what, at)"
        " select $1, id, 1 + (select max(number) from sightline.run_steps s where s.tenant = $1 and s.run = e.id),"
        " step, 'delivered', $3 from ended e",
        tx.tenant, list(ids), at, why,
    )  # fmt: skip


async def get(tx: Transaction, id_: str, *, hold: bool = False) -> Run:
    """A run; `hold`: nobody else moves it meanwhile. Raises NotFound."""
    found = await these(tx, "id", [id_], hold=hold)
    if not found:
        raise NotFound(f"There is no run '{id_[:80]}'.", hint="`sightline runs list` shows what there is.")
    return found[0]


async def these(tx: Transaction, by: str, values: Collection[str], *, hold: bool = True) -> list[Run]:
    """Runs by `id`, `key` or `waits_for`, in the order of their ids."""
    rows = await tx.rows(
        f"select {_COLUMNS} from sightline.runs where tenant = :t and {by} = any(:values) order by id"
        f"{' for update' if hold else ''}",
        t=tx.tenant, values=list(values),
    )  # fmt: skip
    return [_run(row) for row in rows]


async def listed(
    tx: Transaction, *, state: str | None = None, playbook: str | None = None,
    after: tuple[datetime, str] | None = None, limit: int | None = None,
) -> list[Run]:  # fmt: skip
    """Runs, newest first; `after`: those behind one (when it began, its id)."""
    at, id_ = after or (None, None)
    rows = await tx.rows(
        f"select {_COLUMNS} from sightline.runs where tenant = :t and (cast(:state as text) is null or state = :state)"
        " and (cast(:playbook as text) is null or playbook = :playbook)"
        " and (cast(:at as timestamptz) is null or (began_at, id) < (:at, :id))"
        " order by began_at desc, id desc limit :limit",
        t=tx.tenant, state=state, playbook=playbook, at=at, id=id_, limit=limit,
    )  # fmt: skip
    return [_run(row) for row in rows]


async def steps(tx: Transaction, id_: str) -> list[Stepped]:
    """What a run did, in order."""
    rows = await tx.rows(
        "select number, step, what, at, detail from sightline.run_steps where tenant = :t and run = :r order by number",
        t=tx.tenant, r=id_,
    )  # fmt: skip
    return [Stepped(**row) for row in rows]


async def note(tx: Transaction, id_: str, step: str, what: str, *, at: datetime, detail: str = "") -> None:
    """Keep what a run did."""
    await tx.run(
        "insert into sightline.run_steps (tenant, run, number, step, what, at, detail) select :t, :r,"
        " coalesce(max(number), 0) + 1, :step, :what, :at, :detail from sightline.run_steps"
        " where tenant = :t and run = :r",
        t=tx.tenant, r=id_, step=step, what=what, at=at, detail=detail,
    )  # fmt: skip


async def stand(
    tx: Transaction, id_: str, step: str, *, waits_for: str | None = None, listens: Sequence[str] = (),
    due_at: datetime | None = None, attempt: int | None = None,
) -> None:  # fmt: skip
    """Put a held run at a step, with what it waits for there."""
    await tx.run(
        "update sightline.runs set state = 'running', step = :step, waits_for = :w, listens = :l, due_at = :due,"
        " attempt = coalesce(:attempt, attempt), pending = null, why = '' where tenant = :t and id = :id",
        t=tx.tenant, id=id_, step=step, w=waits_for, l=list(listens) or None, due=due_at, attempt=attempt,
    )  # fmt: skip


async def end(tx: Transaction, id_: str, state: str, *, at: datetime, why: str) -> None:
    """End a held run, or let it be `stuck`, which is no end."""
    await tx.run(
        "update sightline.runs set state = :state, why = :why, listens = null, due_at = null, pending = null,"
        " waits_for = case when :state = 'stuck' then waits_for end,"
        " ended_at = case when :state = 'stuck' then null else cast(:at as timestamptz) end"
        " where tenant = :t and id = :id",
        t=tx.tenant, id=id_, state=state, why=why, at=at,
    )  # fmt: skip


def nowhere(destination: str) -> str:
    """Why a run is stuck whose message has nowhere to go."""
    return f"There is no destination '{destination}'. Add it, and let the step run again."


async def pause(tx: Transaction, id_: str) -> Run:
    """Let a run not go on; what it waits for is remembered. Raises NotFound and Conflict."""
    run = await get(tx, id_, hold=True)
    if run.state != "running":
        raise Conflict(f"Only what is running can be paused; this run is {run.state}.")
    await tx.run("update sightline.runs set state = 'paused' where tenant = :t and id = :id", t=tx.tenant, id=id_)
    return await get(tx, id_)


async def remember(tx: Transaction, id_: str, signal: str) -> None:
    """Keep what came for a paused run: the first of several, but that what was waited for happened outdoes a moment."""
    await tx.run(
        "update sightline.runs set pending = case when :s = 'happened' then :s else coalesce(pending, :s) end"
        " where tenant = :t and id = :id",
        t=tx.tenant, id=id_, s=signal,
    )  # fmt: skip


async def forget(tx: Transaction, before: datetime) -> int:
    """Forget runs that ended before a moment; what was decided and done stays in the ledger. Returns how many."""
    gone = await tx.rows(
        "delete from sightline.runs where tenant = :t and ended_at < :b returning id", t=tx.tenant, b=before
    )
    await tx.run(
        "delete from sightline.run_steps where tenant = :t and run = any(:ids)",
        t=tx.tenant, ids=[row["id"] for row in gone],
    )  # fmt: skip
    return len(gone)


def _run(row: Any) -> Run:
    told: dict[str, Any] = {name: row[name] for name in _FIELDS}
    return Run(**{**told, "listens": tuple(told["listens"] or ())})
