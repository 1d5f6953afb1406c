"""Quarantined rows tried again, mended or under a changed mapping."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from sightline.foundation.db.session import Transaction
from sightline.foundation.tenants import Tenant
from sightline.kernel.declared import kinds_with, mappings
from sightline.kernel.desk.desk import Desk
from sightline.kernel.desk.importing import import_rows, mapping_of
from sightline.kernel.observe import hooks, imports, quarantine, revisions
from sightline.kernel.observe.imports import Imported
from sightline.kernel.observe.mapping import Mapping as FieldMap
from sightline.kernel.observe.personal import shield
from sightline.kernel.observe.quarantine import Held
from sightline.kernel.observe.rows import Misfit, RowReader
from sightline.kernel.observe.table import Row
from sightline.language.errors import Invalid

GONE = "This row was discarded or erased; import its file again."
RECORDED = (
    "This row was recorded already. To let other cells stand in their place, mend it again with --overwrite, or take"
    " that import back first."
)
UNSPLIT = "This row could not be split into cells. Give them with --set, mend the file, or discard it."
TWICE = "Another row in quarantine has the same key and says something else. Give one of them another key."
OVERTAKEN = (
    "Its key was read with or after it and says something else. Give it another key with --set, let it stand instead"
    " with --overwrite, or discard it."
)


@dataclass(slots=True)
class _Source:
    """What is to be recorded of one source."""

    mapping: FieldMap
    reader: RowReader
    live: bool = False
    """Whether its rows were posted to a hook."""
    fit: dict[str, Row] = field(default_factory=dict)
    """By what tells rows apart."""
    numbers: list[int] = field(default_factory=list)
    """Of the quarantined rows that fit."""


@dataclass(slots=True)
class _Replay:
    desk: Desk
    tenant: Tenant
    changes: Mapping[str, str]
    overwrite: bool
    progress: Callable[[int], None]
    """Hears how many rows were looked at or recorded."""
    sources: dict[str, _Source] = field(default_factory=dict)
    wrong: list[Held] = field(default_factory=list)

    async def look(self, number: int) -> None:
        """Read one row; put it to those that fit, or back with its new reason."""
        async with self.desk.db.transaction(self.tenant.number) as tx:
            held, raw = await quarantine.show(tx, self.desk.vault, number)
            if held.discarded_at:
                self.wrong.append(replace(held, reason=GONE))
                return
            if held.replayed_at and not self.overwrite:
                self.wrong.append(replace(held, reason=RECORDED))
                return
            source = await self._source(held.source)
            row = imports.from_raw(raw, held.line or 0, self.changes)
            reason = UNSPLIT if row is None else await self._reason(tx, source, row, held)
            if row is None or reason:
                await quarantine.still_wrong(tx, number, reason or UNSPLIT)
                self.wrong.append(replace(held, reason=reason or UNSPLIT))
            else:
                source.fit[source.reader.key_of(row)] = row
                source.numbers.append(number)

    async def _source(self, name: str) -> _Source:
        if name not in self.sources:
            mapping = await mapping_of(self.desk, self.tenant, name)
            self.sources[name] = _Source(mapping, RowReader(mapping, self.desk.vault.pepper))
        return self.sources[name]

    async def _reason(self, tx: Transaction, source: _Source, row: Row, held: Held) -> str | None:
        read = source.reader.events(row)
        if isinstance(read, Misfit):
            return read.reason
        before = source.fit.get(source.reader.key_of(row))
        if before and before.cells != row.cells:
            return TWICE
        kinds = await kinds_with(tx, self.desk.registry, source.mapping, source=held.source)
        source.live = await hooks.speaks_for(tx, held.source)
        unsaid = [] if source.live else source.reader.unsaid(read)
        guarded = await shield(tx, self.desk.vault, [*read, *unsaid], kinds)
        overtaken = not self.overwrite and await revisions.contradicts(tx, guarded, since=held.batch)
        return OVERTAKEN if overtaken else None

    async def record(self) -> Imported | None:
        """Import what fits; None when nothing does."""
        done: Imported | None = None
        for source in self.sources.values():
            if not source.fit:
                continue
            more = await import_rows(
                self.desk, self.tenant, source.fit.values(), source.mapping, file="quarantine",
                overrules=self.overwrite, progress=lambda now: self.progress(now.rows), live=source.live,
            )  # fmt: skip
            done = more if done is None else done.plus(more)
            async with self.desk.db.transaction(self.tenant.number) as tx:
                await quarantine.released(tx, source.numbers, batch=more.batch, at=self.desk.now(self.tenant))
        return done


async def replay(
    desk: Desk,
    tenant: Tenant,
    numbers: Sequence[int],
    changes: Mapping[str, str],
    given: FieldMap | None = None,
    *,
    overwrite: bool = False,
    progress: Callable[[int], None] = lambda done: None,
) -> tuple[Imported | None, list[Held]]:
    """Try quarantined rows again, with `changes` to their cells (column to value), under the mapping as it is now
    (or the one `given`).

    A row that contradicts what was read with it or after it stays, unless it is to `overwrite` that; so does one that
    was recorded already.
    `progress` hears how many were looked at, then how many of a source were recorded; it may end it by raising.
    Returns what was recorded (None: nothing) and the rows that still do not fit, with their new reasons.
    """
    work = _Replay(desk, tenant, changes, overwrite, progress)
    if given:
        work.sources[given.source] = _Source(given, RowReader(given, desk.vault.pepper))
    for count, number in enumerate(numbers, start=1):
        await work.look(number)
        progress(count)
    return await work.record(), work.wrong


async def check(
    desk: Desk, tx: Transaction, numbers: Sequence[int] | None, changes: Mapping[str, str], given: FieldMap | None
) -> None:
    """Raises Invalid for a change to a column that these rows do not have and no mapping of them reads.

    `numbers`: all that wait when None. `given`: the mapping in the place of its source's own.
    """
    kept = await mappings(tx) | ({given.source: given} if given else {})
    sources = await quarantine.sources(tx, numbers)
    read = dict.fromkeys(column for source in sources if source in kept for column in kept[source].used())
    if not read or all(column in read for column in changes):
        return
    known = read | dict.fromkeys(await quarantine.columns(tx, desk.vault, numbers))
    for column in changes:
        if column not in known:
            near = difflib.get_close_matches(column, known, n=1)
            guess = f" Did you mean '{near[0]}'?" if near else ""
            raise Invalid(f"These rows have no column '{column}'.{guess}", hint=f"Columns: {', '.join(known)}.")


def changes_of(texts: Sequence[str]) -> dict[str, str]:
    """`column=value` texts as a mapping. Raises Invalid."""
    pairs = [text.partition("=") for text in texts]
    for name, equals, _ in pairs:
        if not equals or not name:
            raise Invalid(f"'{name}' is no change.", hint="Write COLUMN=VALUE, for example 'Order Date=2015-01-31'.")
    return {name: value for name, _, value in pairs}
