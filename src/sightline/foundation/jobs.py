"""Long work that outlives its request: a queue in the database, taken up again where a worker died.

A worker claims a job, and tells every second that it lives; whoever falls silent for STALE_SECONDS loses its job to the
next worker. What jobs do must therefore be safe to do again. Every change is announced at its commit.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

import msgspec

from sightline.foundation.db.session import Database, Transaction
from sightline.language.errors import Busy, NotFound

CHANNEL = "sightline_jobs"
"""Where every change of a job is announced at its commit; the payload is the tenant."""

STALE_SECONDS = 30.0
"""A worker that was silent for so long is taken for dead; another takes its job up."""

MOST_ATTEMPTS = 5
"""Workers that may die over one job before it is given up: it would take down every worker in turn."""

MOST_WAITING = 200
"""Jobs that may wait in one workspace."""

KEPT_DAYS = 30
"""How long a job that has ended can be looked up."""

STATES = ("waiting", "running", "done", "failed", "cancelled")


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One piece of long work."""

    id: str
    what: str
    """Which sort of work."""
    about: str
    """Of what, for people."""
    state: str
    """One of STATES."""
    done: int | None
    total: int | None
    """Of `done`, where that is known."""
    note: str
    result: dict[str, Any] | None
    """Of one that was cancelled: how far it had come."""
    problem: dict[str, Any] | None
    """Why it failed: code, status, detail and hint of the error."""
    file: str | None
    """The uploaded file it reads."""
    made_by: str
    made_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    cancel: bool
    """Whether somebody wants it to stop."""
    attempts: int
    """How many workers have begun it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """A job in the hands of a worker."""

    job: Job
    arguments: bytes
    """As they were given to `add`, sealed."""


_FIELDS = tuple(one.name for one in fields(Job))
_COLUMNS = ", ".join(_FIELDS)
_STALE = "state = 'running' and beat_at < now() - make_interval(secs => :stale)"
_MINE = "tenant = :t and id = :id and state = 'running' and worker = :worker"


async def add(
    tx: Transaction, *, what: str, about: str, arguments: bytes, by: str, file: str | None = None,
    id: str | None = None,  # noqa: A002 - the name of the column
) -> Job:  # fmt: skip
    """Put a job in the queue. `arguments` must be sealed: they may name persons. Raises Busy when the queue is full."""
    waiting = "select count(*) from sightline.jobs where tenant = :t and state = 'waiting'"
    if await tx.value(waiting, t=tx.tenant) >= MOST_WAITING:
        raise Busy(f"{MOST_WAITING} jobs wait already.", hint="Wait until some of them have ended, or cancel them.")
    row = await tx.row(
        "insert into sightline.jobs (tenant, id, what, about, state, arguments, made_by, file)"
        f" values (:t, :id, :what, :about, 'waiting', :arguments, :by, :file) returning {_COLUMNS}",
        t=tx.tenant, id=id or new_id(), what=what, about=about, arguments=arguments, by=by, file=file,
    )  # fmt: skip
    await _announce(tx)
    return _job(row)


def new_id() -> str:
    """The name of a job to be."""
    return secrets.token_hex(8)


async def get(tx: Transaction, id_: str) -> Job:
    """A job. Raises NotFound."""
    row = await tx.row(f"select {_COLUMNS} from sightline.jobs where tenant = :t and id = :id", t=tx.tenant, id=id_)
    if row is None:
        raise NotFound(f"There is no job '{id_}'.", hint=f"Jobs that ended are kept {KEPT_DAYS} days.")
    return _job(row)


async def listed(
    tx: Transaction, *, state: str | None = None, after: tuple[datetime, str] | None = None, limit: int | None = None
) -> list[Job]:
    """Jobs, newest first; `after`: those behind one (when it was made, its id)."""
    at, id_ = after or (None, None)
    rows = await tx.rows(
        f"select {_COLUMNS} from sightline.jobs where tenant = :t and (cast(:state as text) is null or state = :state)"
        " and (cast(:at as timestamptz) is null or (made_at, id) < (:at, :id)) order by made_at desc, id desc"
        " limit :limit",
        t=tx.tenant, state=state, at=at, id=id_, limit=limit,
    )  # fmt: skip
    return [_job(row) for row in rows]


async def moving(tx: Transaction) -> list[Job]:
    """Jobs that wait or run, and those that ended within the last minute: what a listener wants to be told of."""
    rows = await tx.rows(
        f"select {_COLUMNS} from sightline.jobs where tenant = :t"
        " and (state in ('waiting', 'running') or ended_at > now() - interval '1 minute') order by made_at, id",
        t=tx.tenant,
    )  # fmt: skip
    return [_job(row) for row in rows]


async def unfinished(
    tx: Transaction, *, what: str | None = None, about: str | None = None, file: str | None = None
) -> list[Job]:
    """Jobs that wait or run."""
    rows = await tx.rows(
        f"select {_COLUMNS} from sightline.jobs where tenant = :t and state in ('waiting', 'running')"
        " and (cast(:what as text) is null or what = :what) and (cast(:about as text) is null or about = :about)"
        " and (cast(:file as text) is null or file = :file) order by made_at, id",
        t=tx.tenant, what=what, about=about, file=file,
    )  # fmt: skip
    return [_job(row) for row in rows]


async def cancel(tx: Transaction, id_: str) -> Job:
    """Ask a job to stop: one in no living worker's hands ends at once, one that has ended stays. Raises NotFound."""
    await get(tx, id_)
    await tx.run(
        "update sightline.jobs set cancel = true,"
        f" state = case when state = 'waiting' or {_STALE} then 'cancelled' else state end,"
        f" ended_at = case when state = 'waiting' or {_STALE} then clock_timestamp() end,"
        f" arguments = case when state = 'waiting' or {_STALE} then null else arguments end"
        " where tenant = :t and id = :id and state in ('waiting', 'running')",
        t=tx.tenant, id=id_, stale=STALE_SECONDS,
    )  # fmt: skip
    await _announce(tx)
    return await get(tx, id_)


async def due(db: Database) -> list[str]:
    """The names of the workspaces with a job to be taken up, the one that waits longest first."""
    async with db.transaction(None) as tx:
        return [row["name"] for row in await tx.rows("select name from sightline.jobs_due(:s)", s=STALE_SECONDS)]


async def claim(tx: Transaction, worker: str, *, only: str | None = None) -> Claimed | None:
    """Take up the job of the tenant that waits longest, or one whose worker fell silent; None when there is none.

    `only`: this job and no other.
    """
    row: Any = await tx.row(
        "update sightline.jobs set state = 'running', worker = :worker, attempts = attempts + 1,"
        " started_at = coalesce(started_at, clock_timestamp()), beat_at = clock_timestamp()"
        " where tenant = :t and id = (select id from sightline.jobs where tenant = :t"
        f" and (state = 'waiting' or {_STALE}) and (cast(:only as text) is null or id = :only)"
        f" order by made_at, id limit 1 for update skip locked) returning {_COLUMNS}, arguments",
        t=tx.tenant, worker=worker, stale=STALE_SECONDS, only=only,
    )  # fmt: skip
    if row is None:
        return None
    await _announce(tx)
    return Claimed(job=_job(row), arguments=bytes(row["arguments"]))


async def beat(
    tx: Transaction, id_: str, worker: str, *, done: int | None, total: int | None, note: str, announce: bool
) -> bool | None:
    """Tell that the worker lives and how far it is. Returns whether it is to stop; None when it lost the job."""
    row = await tx.row(
        "update sightline.jobs set beat_at = clock_timestamp(), done = :done, total = :total, note = :note"
        f" where {_MINE} returning cancel",
        t=tx.tenant, id=id_, worker=worker, done=done, total=total, note=note,
    )  # fmt: skip
    if announce and row is not None:
        await _announce(tx)
    return None if row is None else bool(row["cancel"])


async def finish(
    tx: Transaction, id_: str, worker: str, state: str, *, done: int | None = None, total: int | None = None,
    note: str = "", result: dict[str, Any] | None = None, problem: dict[str, Any] | None = None,
) -> bool:  # fmt: skip
    """End a job, forgetting its arguments. False when the worker had lost it."""
    ended = await tx.run(
        "update sightline.jobs set state = :state, done = :done, total = :total, note = :note, result = :result,"
        f" problem = :problem, arguments = null, worker = null, ended_at = clock_timestamp() where {_MINE}",
        t=tx.tenant, id=id_, worker=worker, state=state, done=done, total=total, note=note,
        result=_json(result), problem=_json(problem),
    )  # fmt: skip
    await _announce(tx)
    return ended > 0


async def release(tx: Transaction, id_: str, worker: str) -> None:
    """Give a job back that its worker, on leaving, cannot finish."""
    await tx.run(
        "update sightline.jobs set state = 'waiting', worker = null, beat_at = null, attempts = attempts - 1"
        f" where {_MINE}",
        t=tx.tenant, id=id_, worker=worker,
    )  # fmt: skip
    await _announce(tx)


async def sweep(tx: Transaction) -> int:
    """Forget what ended long ago; returns how many jobs."""
    return await tx.run(
        "delete from sightline.jobs where tenant = :t and ended_at < now() - make_interval(days => :days)",
        t=tx.tenant, days=KEPT_DAYS,
    )  # fmt: skip


async def _announce(tx: Transaction) -> None:
    await tx.run("select pg_notify(:channel, :tenant)", channel=CHANNEL, tenant=str(tx.tenant))


def _job(row: Any) -> Job:
    return Job(**{name: row[name] for name in _FIELDS})


def _json(value: dict[str, Any] | None) -> str | None:
    return None if value is None else msgspec.json.encode(value).decode()
