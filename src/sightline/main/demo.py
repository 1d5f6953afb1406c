"""The demonstration: one business, once around the loop, on a day in its past.

The history is read whole, but a fact enters the ledger only when the demo's clock reaches the day it became known.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

from rich.text import Text

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
from sightline.language.question import Question
from sightline.language.time import parse_span
from sightline.main.businesses import SUPPLY, Business, Source
from sightline.main.businesses import business as business_named


async def prepare(desk: Desk, out: Out, business: Business, *, reset: bool) -> Tenant:
    """The demo's workspace with its history imported and its questions proved; quick when that was done before.

    Raises NotFound, before anything is made or dropped, where a file that does not ship is absent.
    """
    files = business.files(desk.settings.data)
    found = await tenants.find(desk.db, business.workspace)
    if found and reset:
        await desk.drop(found)
    main = await desk.workspace("main")
    tenant = await tenants.make(desk.db, business.workspace, under=main, clock_at=business.today)
    await tenants.grant(desk.db, tenant, main, "owner")
    for path, source in files:
        await _import(desk, tenant, path, source, out)
    for question in business.questions:
        await _train(desk, tenant, question, out)
    await desk.go_round(tenant)
    return tenant


async def _import(desk: Desk, tenant: Tenant, path: Path, source: Source, out: Out) -> None:
    """Read a file, unless a reading of it was finished before."""
    async with desk.db.transaction(tenant.number) as tx:
        done = await tx.value(
            "select count(*) from sightline.batches where tenant = :t and source = :s and finished_at is not null",
            t=tenant.number,
            s=source.mapping.source,
        )
    if done:
        return
    with bar(out) as progress:
        task = progress.add_task(f"Importing {source.what}", total=source.rows)

        def heard(done: Imported) -> None:
            progress.update(task, completed=done.rows)

        await importing.import_file(desk, tenant, path, source.mapping, progress=heard)


async def _train(desk: Desk, tenant: Tenant, question: Question, out: Out) -> None:
    """Train and prove, unless a model is on duty."""
    async with desk.db.transaction(tenant.number) as tx:
        if await registry.champion(tx, question):
            return
    with bar(out) as progress:
        task = progress.add_task("Training and proving")
        await train(desk, tenant, question, progress=lambda done, of: progress.update(task, completed=done, total=of))


async def advance(desk: Desk, tenant: Tenant, span: timedelta, out: Out, *, step: timedelta) -> Tenant:
    """Move the clock step by step; outcomes arrive and predictions meet them."""
    end = desk.now(tenant) + span
    with bar(out) as progress:
        task = progress.add_task("Days pass", total=span.days)
        while desk.now(tenant) < end:
            tenant = await desk.advance(tenant, min(desk.now(tenant) + step, end))
            progress.update(task, completed=span.days - (end - desk.now(tenant)).days)
    return tenant


async def answer(desk: Desk, tenant: Tenant, business: Business, *, limit: int) -> dict[str, Any]:
    """Everything the demo shows."""
    name = business.headline.name
    unit = reading.unit_of(business.headline, await desk.catalog(tenant))
    async with desk.db.transaction(tenant.number) as tx:
        counts = await listing.counted(tx, now=desk.now(tenant))
    return {
        "today": f"{desk.now(tenant):%Y-%m-%d}",
        "proof": await reading.proof(desk, tenant, name),
        "predictions": [
            {**fields_of(one), "unit": unit} for one in await reading.predictions(desk, tenant, name, limit=limit)
        ],
        "population": await reading.population(desk, tenant, name),
        "findings": await reading.findings(desk, tenant),
        "met": counts[name].met if name in counts else listing.Counts().met,
    }


def present(out: Out, found: dict[str, Any], business: Business) -> None:
    """Print the list, the proof's headline and what was assumed."""
    question = business.headline
    out.answer.print(Text(f"\nToday is {found['today']} in the demo. {question.asks}", style="bold"))
    show.ranking(out, found["predictions"], yes=question.yes, title=business.title)
    standing(out, found["population"])
    for finding in found["findings"][:3]:
        out.answer.print(f"  {finding['subject']}: {finding['text']}", markup=False)
    met = found["met"]
    if met["yes"] or met["no"]:
        out.answer.print(f"Of those asked before: {met['yes']:,} {question.yes}, {met['no']:,} {question.no}.")
    if met["measured"]:
        out.answer.print(f"Of those asked before, {met['measured']:,} have met their answer.")
    out.answer.print()
    evidence.proof(out, found["proof"])
    out.answer.print(
        f"\nNext: sightline why {question.of.upper()} | sightline proof {question.name}"
        f" | {_again(business)} --advance 30d | sightline import YOUR.csv --preview",
        markup=False,
    )


def _again(business: Business) -> str:
    return "sightline demo" if business is SUPPLY else f"sightline demo --business {business.name}"


def run(
    session: Session, *, business: str, once: bool, advance: str | None, reset: bool, limit: int, as_json: bool,
    serve: Any,
) -> None:  # fmt: skip
    """The command. `serve(settings, ...)` is called at the end unless `once`."""
    out, chosen = Out(), business_named(business)
    span = parse_span(advance) if advance else None
    shown = 100_000 if as_json else limit
    found = session.run(
        lambda desk, _: _run(desk, session, out, chosen, span, reset=reset, limit=shown), needs=Right.ADMINISTER
    )
    if as_json:
        out.json(found, indent=0)
    else:
        present(out, found, chosen)
    if not once:
        serve(session.settings, role="all", workspace=chosen.workspace, any_port=True)


async def _run(
    desk: Desk, session: Session, out: Out, business: Business, span: timedelta | None, *, reset: bool, limit: int
) -> dict[str, Any]:
    tenant = await prepare(desk, out, business, reset=reset)
    session.remember(tenant)
    if span:
        tenant = await advance(desk, tenant, span, out, step=business.step)
    return await answer(desk, tenant, business, limit=limit)
