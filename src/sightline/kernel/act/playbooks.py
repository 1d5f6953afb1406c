"""Playbooks of users' own, as they are kept: every version, since a run goes on by the one it began with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sightline.foundation.db.session import Transaction
from sightline.kernel.act import playbook_file
from sightline.kernel.act.runs import Run
from sightline.language.catalog import Catalog
from sightline.language.errors import NotFound, Terminal
from sightline.language.playbook import Playbook

_LOCK = 7_301_004
"""With the number of a tenant: two who declare at once do it one after the other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """One version of one playbook."""

    name: str
    version: int
    text: str
    """As TOML."""
    made_at: datetime
    by: str


async def keep(tx: Transaction, texts: Mapping[str, str], *, by: str, at: datetime) -> dict[str, int]:
    """Keep playbooks by name, each as a new version where it differs from the last; returns the versions."""
    await tx.run("select pg_advisory_xact_lock(cast(:k as int), cast(:t as int))", k=_LOCK, t=tx.tenant)
    versions = {}
    for name, text in texts.items():
        last = await tx.row(
            "select version, text, dropped_at from sightline.playbooks where tenant = :t and name = :n"
            " order by version desc limit 1 for update",
            t=tx.tenant, n=name,
        )  # fmt: skip
        if last is not None and last["text"] == text and last["dropped_at"] is None:
            versions[name] = int(last["version"])
            continue
        versions[name] = (int(last["version"]) if last else 0) + 1
        await tx.run(
            "insert into sightline.playbooks (tenant, name, version, text, made_at, by)"
            " values (:t, :n, :v, :text, :at, :by)",
            t=tx.tenant, n=name, v=versions[name], text=text, at=at, by=by,
        )  # fmt: skip
    return versions


async def drop(tx: Transaction, name: str, *, at: datetime) -> None:
    """Let a playbook do nothing any more; its runs go on. Raises NotFound."""
    dropped = await tx.run(
        "update sightline.playbooks set dropped_at = :at where tenant = :t and name = :n and dropped_at is null",
        t=tx.tenant, n=name, at=at,
    )  # fmt: skip
    if not dropped:
        rows = await newest(tx)
        raise NotFound.named("playbook of your own", name, [one.name for one in rows])


async def newest(tx: Transaction) -> list[Kept]:
    """The last version of each that was not dropped, by name."""
    rows = await tx.rows(
        "select * from (select distinct on (name) name, version, text, made_at, by, dropped_at from sightline.playbooks"
        " where tenant = :t order by name, version desc) p where dropped_at is null",
        t=tx.tenant,
    )  # fmt: skip
    return [Kept(**{name: row[name] for name in ("name", "version", "text", "made_at", "by")}) for row in rows]


async def of_run(tx: Transaction, catalog: Catalog, run: Run) -> Playbook | None:
    """The playbook by which a run goes on: the version it began with where that is kept, else the one of today."""
    today = catalog.playbooks.get(run.playbook)
    if not run.version or (today and today.version == run.version):
        return today
    text = await tx.value(
        "select text from sightline.playbooks where tenant = :t and name = :n and version = :v",
        t=tx.tenant, n=run.playbook, v=int(run.version),
    )  # fmt: skip
    if text is None:
        return today
    try:
        (found,) = playbook_file.parse(text, catalog)
    except Terminal:
        return today
    return found.playbook
