"""The demonstration: one real supply chain, once around the loop, on a day in its past.

The history is read whole, but a fact enters the ledger only when the demo's clock reaches the day it became known.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from rich.text import Text

import sightline
from sightline.foundation import tenants
from sightline.foundation.identity import Right
from sightline.foundation.tenants import Tenant
from sightline.interfaces.cli import evidence, show
from sightline.interfaces.cli.reading import standing
from sightline.interfaces.cli.session import Out, Session, fields_of
from sightline.interfaces.cli.waiting import bar
from sightline.kernel.desk import Desk, importing, reading
from sightline.kernel.desk.training import train
from sightline.kernel.observe.imports import Imported
from sightline.kernel.predict import listing, registry
from sightline.language.time import parse_span
from sightline.packs.supply.observe import DELIVERIES
from sightline.packs.supply.predict import ARRIVES_LATE

NAME = "demo"
TODAY = datetime(2015, 1, 1, tzinfo=UTC)
"""A day with enough behind it to learn from, and enough ahead to be proved wrong by."""

HISTORY = Path(sightline.__file__).parent / "packs" / "supply" / "data" / "scms_delivery.csv.gz"
STEP = timedelta(days=7)
"""How far the clock moves at a time: shorter than any question's lead, so that nobody is passed over unasked."""


async def prepare(desk: Desk, out: Out, *, reset: bool) -> Tenant:
    """The demo's workspace with its history imported and its question proved; quick when that was done before."""
    found = await tenants.find(desk.db, NAME)
    if found and reset:
        await desk.drop(found)
    main = await desk.workspace("main")
    tenant = await tenants.make(desk.db, NAME, under=main, clock_at=TODAY)
    await tenants.grant(desk.db, tenant, main, "owner")
    await _import(desk, tenant, out)
    async with desk.db.transaction(tenant.number) as tx:
        model = await registry.champion(tx, ARRIVES_LATE.name)
    if model is None:
        with bar(out) as progress:
            task = progress.add_task("Training and proving")
            await train(
                desk, tenant, ARRIVES_LATE, progress=lambda done, of: progress.update(task, completed=done, total=of)
            )
    await desk.go_round(tenant)
    return tenant


async def _import(desk: Desk, tenant: Tenant, out: Out) -> None:
    """Read the history, unless a reading of it was finished before."""
    async with desk.db.transaction(tenant.number) as tx:
        done = await tx.value(
            "select count(*) from sightline.batches where tenant = :t and finished_at is not null", t=tenant.number
        )
    if done:
        return
    with bar(out) as progress:
        task = progress.add_task("Importing real deliveries", total=10_324)

        def heard(done: Imported) -> None:
            progress.update(task, completed=done.rows)

        await importing.import_file(desk, tenant, HISTORY, DELIVERIES, progress=heard)


async def advance(desk: Desk, tenant: Tenant, span: timedelta, out: Out) -> Tenant:
    """Move the clock step by step; outcomes arrive and predictions meet them."""
    end = desk.now(tenant) + span
    with bar(out) as progress:
        task = progress.add_task("Days pass", total=span.days)
        while desk.now(tenant) < end:
            tenant = await desk.advance(tenant, min(desk.now(tenant) + STEP, end))
            progress.update(task, completed=span.days - (end - desk.now(tenant)).days)
    return tenant


async def answer(desk: Desk, tenant: Tenant, *, limit: int) -> dict[str, Any]:
    """Everything the demo shows."""
    name = ARRIVES_LATE.name
    async with desk.db.transaction(tenant.number) as tx:
        counts = await listing.counted(tx, now=desk.now(tenant))
    return {
        "today": f"{desk.now(tenant):%Y-%m-%d}",
        "proof": await reading.proof(desk, tenant, name),
        "predictions": [fields_of(one) for one in await reading.predictions(desk, tenant, name, limit=limit)],
        "population": await reading.population(desk, tenant, name),
        "findings": await reading.findings(desk, tenant),
        "met": counts[name].met if name in counts else listing.Counts().met,
    }


def present(out: Out, found: dict[str, Any], tenant: Tenant) -> None:
    """Print the list, the proof's headline and what was assumed."""
    out.answer.print(Text(f"\nToday is {found['today']} in the demo. {ARRIVES_LATE.asks}", style="bold"))
    show.ranking(out, found["predictions"], yes=ARRIVES_LATE.yes, title="Open order lines, most money at risk first")
    standing(out, found["population"])
    for finding in found["findings"][:3]:
        out.answer.print(f"  {finding['subject']}: {finding['text']}", markup=False)
    met = found["met"]
    if met["yes"] or met["no"]:
        out.answer.print(
            f"Of those asked before, {met['yes']:,} came {ARRIVES_LATE.yes} and {met['no']:,} {ARRIVES_LATE.no}."
        )
    out.answer.print()
    evidence.proof(out, found["proof"])
    out.answer.print(
        "\nNext: sightline why LINE | sightline proof supply.arrives_late | sightline demo --advance 30d"
        " | sightline import YOUR.csv --preview",
        markup=False,
    )


def run(
    session: Session, *, once: bool, advance: str | None, reset: bool, limit: int, as_json: bool, serve: Any
) -> None:
    """The command. `serve(settings, ...)` is called at the end unless `once`."""
    out = Out()
    span = parse_span(advance) if advance else None
    found = session.run(
        lambda desk, _: _run(desk, session, out, span, reset=reset, limit=100_000 if as_json else limit),
        needs=Right.ADMINISTER,
    )
    if as_json:
        out.json(found["found"], indent=0)
    else:
        present(out, found["found"], found["tenant"])
    if not once:
        serve(session.settings, role="all", workspace=NAME, any_port=True)


async def _run(
    desk: Desk, session: Session, out: Out, span: timedelta | None, *, reset: bool, limit: int
) -> dict[str, Any]:
    tenant = await prepare(desk, out, reset=reset)
    session.remember(tenant)
    if span:
        tenant = await _advanced(desk, tenant, span, out)
    return {"found": await answer(desk, tenant, limit=limit), "tenant": tenant}


_advanced = advance
