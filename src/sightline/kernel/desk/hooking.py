"""Hooks made and tried out, by who looks after them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sightline.foundation.tenants import Tenant
from sightline.kernel.declared import Kinds
from sightline.kernel.desk import importing
from sightline.kernel.desk.desk import Desk
from sightline.kernel.observe import cloudevents, hooks, imports, mapping_file, posted
from sightline.kernel.observe.hooks import New
from sightline.kernel.observe.mapping import Mapping as FieldMap
from sightline.kernel.observe.rows import Misfit, RowReader
from sightline.kernel.observe.sorts import check, sorts_of
from sightline.kernel.observe.table import BrokenRow
from sightline.language.errors import Invalid
from sightline.language.event import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """What would become of a body."""

    events: Sequence[Event]
    misfits: Sequence[Misfit]


async def add(desk: Desk, tenant: Tenant, new: New, mapping: FieldMap | None) -> str:
    """Make a hook, whose bodies are read by `mapping`, or are CloudEvents without one. Returns its secret.

    Raises Invalid and Conflict.
    """
    if mapping:
        if mapping.by_place:
            raise Invalid(
                "What is posted has no lines: the mapping may not read #line.",
                hint=f"'{posted.ID}' is the name of a message, '{posted.TIME}' when it was sent.",
            )
        new = replace(new, source=mapping.source)
        await importing.check(desk, tenant, mapping)
    async with desk.db.transaction(tenant.number) as tx:
        secret = await hooks.add(tx, desk.vault, new)
        if mapping:
            await imports.declare(tx, new.source, mapping_file.text_of(mapping), now=desk.now(tenant))
    return secret


async def try_(desk: Desk, tenant: Tenant, name: str, body: bytes) -> Tried:
    """What would become of a body, whoever sent it. Records nothing. Raises NotFound and Invalid."""
    async with desk.db.transaction(tenant.number) as tx:
        hook = await hooks.get(tx, desk.vault, name)
        kinds = await Kinds(desk.registry)(tx)
    now, found = desk.now(tenant), posted.decoded(body)
    if hook.mapping is None:
        events = events_of(hook.source, body, now)
        check(events, sorts_of(kinds))
        return Tried(events=events, misfits=())
    more = {posted.ID: posted.named(found, hook.options.id_field) or "test", posted.TIME: now.isoformat()}
    reader = RowReader(mapping_file.parse(hook.mapping), desk.vault.pepper)
    events, misfits = [], []
    for row in posted.rows_of(found, hook.each, more, body):
        read = Misfit(row.line, "", row.reason) if isinstance(row, BrokenRow) else reader.events(row)
        if isinstance(read, Misfit):
            misfits.append(read)
        else:
            events += read
    return Tried(events=events, misfits=misfits)


def events_of(source: str, body: bytes, now: datetime) -> list[Event]:
    """The CloudEvents of a body. Raises Invalid, also where they speak for a source that is not the hook's."""
    events = cloudevents.as_events(cloudevents.decode(body, "application/json"), now=now)
    for index, event in enumerate(events):
        if event.source != source and not event.source.startswith(f"{source}/"):
            raise cloudevents.InvalidEvent(
                index, f"this hook speaks for source '{source}' and what is under it alone.",
                hint="Make a hook with that --source.",
            )  # fmt: skip
    return events
