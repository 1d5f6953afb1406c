"""Long work: what can be put in the queue, and what each sort of it does when its turn comes.

All of it is safe to do again, since a worker may die in the middle: facts are compared with what was said before, an
import goes on in its own batch behind what is recorded of it, what was taken back is not taken back twice, and training
stores nothing before its end.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any

import msgspec

from sightline.foundation import jobs
from sightline.foundation.db.session import Transaction
from sightline.foundation.jobs import Claimed, Job
from sightline.foundation.tenants import Tenant
from sightline.foundation.uploads import Upload
from sightline.kernel.desk import asking, files, importing, proposing, rehearsing, replaying
from sightline.kernel.desk.desk import Desk
from sightline.kernel.desk.training import USUAL, Training
from sightline.kernel.observe import hooks, mapping_file, quarantine
from sightline.kernel.observe.imports import Imported, new_batch
from sightline.kernel.observe.mapping import Mapping as FieldMap
from sightline.kernel.observe.personal import unveiled
from sightline.kernel.observe.undo import Undone, source_of
from sightline.kernel.predict import language
from sightline.kernel.predict.registry import Model
from sightline.language.errors import Cancelled, Conflict
from sightline.language.question import Question

IMPORT, UNDO, REPLAY, TRAIN, REHEARSE = "import", "undo", "replay", "train", "rehearse"

MOST_TOLD = 1_000
"""Rows of quarantine a result names; all of them are listed there."""


@dataclass(slots=True)
class Watch:
    """How far a job is, told by its work from whatever thread; and whether that is to stop, told by who runs it."""

    done: int | None = None
    total: int | None = None
    note: str = ""
    result: dict[str, Any] | None = None
    """What there is of it so far, where that outlives a cancelled job."""
    stop: bool = False

    def tell(self, done: int, total: int | None = None, *, note: str = "", result: Any = None) -> None:
        """Tell how far it is. Raises Cancelled when it is to stop."""
        self.done, self.total, self.note = done, total, note
        if result is not None:
            self.result = result
        if self.stop:
            raise Cancelled("This job was cancelled.", hint="What it did by then stands.")

    def stopping(self) -> bool:
        """Whether it is to stop."""
        return self.stop


async def submit_import(
    desk: Desk, tenant: Tenant, upload: Upload, mapping: FieldMap, *, by: str, limit: int | None = None
) -> Job:
    """Import a file that was sent in, its first `limit` rows where that is given.

    Raises Invalid at once when the mapping does not fit it or what is declared, Conflict while it is being imported.
    """
    await files.preview(desk, tenant, upload, mapping)
    id_ = jobs.new_id()
    batch = new_batch(desk.now(tenant), id_[:8])
    given = {"file": upload.id, "text": mapping_file.text_of(mapping), "batch": batch, "limit": limit}
    return await _add(desk, tenant, IMPORT, upload.name, given, by=by, file=upload.id, id_=id_)


async def submit_undo(desk: Desk, tenant: Tenant, batch: str, *, by: str) -> Job:
    """Take a batch back. Raises NotFound, and Conflict when it was undone before."""
    await source_of(desk.db, tenant, batch)
    return await _add(desk, tenant, UNDO, batch, {"batch": batch}, by=by)


async def submit_replay(
    desk: Desk, tenant: Tenant, numbers: Sequence[int] | None, changes: Mapping[str, str], given: FieldMap | None, *,
    overwrite: bool, by: str,
) -> Job:  # fmt: skip
    """Try rows of quarantine again, all of them when none are named.

    Raises NotFound for a number never given, Invalid for a change to a column that is not read.
    """
    async with desk.db.transaction(tenant.number) as tx:
        if numbers is not None:
            await quarantine.check(tx, numbers)
        if changes:
            await replaying.check(desk, tx, numbers, changes, given)
    arguments = {
        "numbers": None if numbers is None else list(numbers),
        "changes": dict(changes),
        "text": mapping_file.text_of(given) if given else None,
        "overwrite": overwrite,
    }
    about = "quarantine" if numbers is None or len(numbers) != 1 else f"quarantine {numbers[0]}"
    return await _add(desk, tenant, REPLAY, about, arguments, by=by)


async def submit_question(desk: Desk, tenant: Tenant, question: Question, *, by: str) -> Job:
    """Remember a user's own question and train it."""
    words = {"asks": question.asks, "yes": question.yes, "no": question.no, "unit": question.unit}
    given = {"name": question.name, "line": language.canonical(question), "words": words}
    return await _add(desk, tenant, TRAIN, question.name, given, by=by)


async def submit_training(
    desk: Desk, tenant: Tenant, name: str, *, by: str, training: Training = USUAL
) -> Job:  # fmt: skip
    """Train a question that is declared. Raises NotFound."""
    question = asking.named(await desk.catalog(tenant), name)
    given = msgspec.to_builtins(replace(training, by=by))
    return await _add(desk, tenant, TRAIN, question.name, {"name": question.name, "training": given}, by=by)


async def submit_rehearsal(
    desk: Desk, tenant: Tenant, name: str, since: datetime, *, text: str | None, by: str
) -> Job:  # fmt: skip
    """Rehearse a playbook since a day; `text`: a file that holds it, where it is not declared."""
    given = {"name": name, "since": since.isoformat(), "text": text}
    return await _add(desk, tenant, REHEARSE, name, given, by=by)


async def drop_question(desk: Desk, tenant: Tenant, name: str) -> None:
    """Forget a question of the user's own, and stop what trains it. Raises NotFound, Invalid for a pack's."""
    async with desk.db.transaction(tenant.number) as tx:
        training = await jobs.unfinished(tx, what=TRAIN, about=name)
    await asking.drop(desk, tenant, name)
    async with desk.db.transaction(tenant.number) as tx:
        for job in training:
            await jobs.cancel(tx, job.id)


async def shown(desk: Desk, tx: Transaction, found: Sequence[Job]) -> list[Job]:
    """Jobs with the persons of their results by their names; what is kept are tokens."""
    said = await unveiled(tx, desk.vault, [one.result for one in found])
    return [replace(one, result=result) for one, result in zip(found, said, strict=True)]


async def run(desk: Desk, tenant: Tenant, claimed: Claimed, watch: Watch) -> dict[str, Any]:
    """Do a job; returns its result. Raises Cancelled when `watch` says to stop, and what its work raises."""
    arguments = msgspec.json.decode(desk.vault.unseal(claimed.arguments))
    return await _DOES[claimed.job.what](_Work(desk, tenant, claimed.job, watch, arguments))


async def tidy(desk: Desk, tenant: Tenant, job: Job) -> None:
    """After a job that went well: what it read is not needed any more."""
    if job.file is not None:
        async with desk.db.transaction(tenant.number) as tx:
            await desk.uploads.remove(tx, job.file)


async def sweep(desk: Desk, tenant: Tenant) -> None:
    """Forget jobs, files and posted messages that are past their time."""
    async with desk.db.transaction(tenant.number) as tx:
        await jobs.sweep(tx)
        await desk.uploads.sweep(tx, now=desk.clock.now())
        await hooks.sweep(tx, now=desk.clock.now())


@dataclass(frozen=True, slots=True)
class _Work:
    desk: Desk
    tenant: Tenant
    job: Job
    watch: Watch
    arguments: dict[str, Any] = field(repr=False)


async def _import(work: _Work) -> dict[str, Any]:
    upload = await files.find(work.desk, work.tenant, work.arguments["file"])

    def heard(done: Imported) -> None:
        work.watch.tell(done.rows, note=f"{done.rows:,} rows, {done.events:,} events", result=asdict(done))

    with proposing.called(upload.path, upload.name):
        done = await importing.import_file(
            work.desk, work.tenant, upload.path, mapping_file.parse(work.arguments["text"]), progress=heard,
            file=upload.name, batch=work.arguments["batch"], limit=work.arguments.get("limit"),
        )  # fmt: skip
    return asdict(done)


async def _undo(work: _Work) -> dict[str, Any]:
    def heard(done: Undone) -> None:
        facts = done.retracted + done.restored + done.unstaged
        work.watch.tell(facts, note=f"{facts:,} facts taken back", result=asdict(done))

    try:
        done = await importing.undo(work.desk, work.tenant, work.arguments["batch"], progress=heard)
    except Conflict:
        if work.job.attempts == 1:
            raise
        # A worker that died behind its last step has undone it; how much that was, it took with it.
        await work.desk.go_round(work.tenant)
        done = Undone(retracted=0, restored=0, unstaged=0)
    return asdict(done)


async def _replay(work: _Work) -> dict[str, Any]:
    given, numbers = work.arguments["text"], work.arguments["numbers"]
    if numbers is None:
        numbers = [one.number for one in await importing.waiting(work.desk, work.tenant)]
    mapping = mapping_file.parse(given) if given else None
    done, wrong = await replaying.replay(
        work.desk, work.tenant, numbers, work.arguments["changes"], mapping, overwrite=work.arguments["overwrite"],
        progress=lambda done: work.watch.tell(done, len(numbers)),
    )  # fmt: skip
    still = [asdict(one) for one in wrong[:MOST_TOLD]]
    return {"recorded": asdict(done) if done else None, "still_wrong": still, "wrong": len(wrong)}


async def _train(work: _Work) -> dict[str, Any]:
    catalog = await work.desk.catalog(work.tenant)
    name, line = work.arguments["name"], work.arguments.get("line")
    if line is None:
        question = catalog.question(name)
    else:
        question = asking.worded(asking.read_line(catalog, line, name=name), **work.arguments["words"])

    def heard(done: int, of: int) -> None:
        work.watch.tell(done, of, note="Training and proving")

    model: Model = await asking.ask(
        work.desk, work.tenant, question, progress=heard, cancelled=work.watch.stopping,
        training=msgspec.convert(work.arguments.get("training", {}), Training),
    )  # fmt: skip
    headline = f"{model.kept_back} {model.proof['headline']}".strip()
    told = {"question": model.question, "verdict": model.proof["verdict"], "headline": headline}
    return {**told, "version": model.version, "on_duty": not model.kept_back, "kept_back": model.kept_back}


async def _rehearse(work: _Work) -> dict[str, Any]:
    return await rehearsing.rehearse(
        work.desk, work.tenant, work.arguments["name"], datetime.fromisoformat(work.arguments["since"]),
        text=work.arguments["text"], cancelled=work.watch.stopping,
        progress=lambda done, of: work.watch.tell(done, of, note="Training as of that day"),
    )  # fmt: skip


_DOES: dict[str, Callable[[_Work], Awaitable[dict[str, Any]]]] = {
    IMPORT: _import, UNDO: _undo, REPLAY: _replay, TRAIN: _train, REHEARSE: _rehearse,
}  # fmt: skip


async def _add(
    desk: Desk, tenant: Tenant, what: str, about: str, arguments: dict[str, Any], *, by: str, file: str | None = None,
    id_: str | None = None,
) -> Job:  # fmt: skip
    # Sealed: cells to mend a row with may name persons, and rows of jobs are read by whoever reads a backup.
    sealed = desk.vault.seal(msgspec.json.encode(arguments))
    async with desk.db.transaction(tenant.number) as tx:
        if file is not None:
            await files.unused(desk, tx, file)
        return await jobs.add(tx, what=what, about=about, arguments=sealed, by=by, file=file, id=id_)
