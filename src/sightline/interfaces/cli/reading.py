"""Commands that only read."""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime
from typing import Any

import typer
from rich.text import Text

from sightline.foundation.identity import Right
from sightline.foundation.tenants import Tenant
from sightline.interfaces.cli import show
from sightline.interfaces.cli.session import Out, Session, fields_of
from sightline.kernel.desk import Desk, asking
from sightline.kernel.desk import reading as desk_reading
from sightline.kernel.desk.suggesting import suggestions
from sightline.kernel.predict.listing import Listed, Rank
from sightline.language.ref import Ref
from sightline.language.time import end_of

JSON = typer.Option(False, "--json", help="One JSON document instead of tables.")
CSV = typer.Option(False, "--csv", help="Comma-separated values instead of tables.")

QUESTION = ("name", "asks", "of", "line", "verdict", "headline", "predictions")
"""What a listing tells of a question."""


def add(app: typer.Typer) -> None:
    """Register the commands."""
    for command in (questions, predictions, why, entity, status):
        app.command()(command)


def questions(
    context: typer.Context,
    drop: str | None = typer.Option(None, "--drop", help="Forget a question of yours, its models and predictions."),
    as_json: bool = JSON,
    as_csv: bool = CSV,
) -> None:
    """List what can be asked, with the verdict of each model on duty, and what else your imports could be asked.

    Examples: sightline questions | sightline questions --drop own.absent_invoice_paid_by_due_on
    """
    session: Session = context.obj
    out = Out()
    if drop:

        async def forget(desk: Desk, tenant: Tenant) -> None:
            await asking.drop(desk, tenant, drop)

        session.run(forget, needs=Right.OPERATE, target=drop)
        return out.json({"dropped": drop}) if as_json else out.answer.print(f"'{drop}' is forgotten.")

    async def work(desk: Desk, tenant: Tenant) -> tuple[list[dict[str, Any]], list[str], list[dict[str, str]]]:
        found, suggested = await desk_reading.questions(desk, tenant), await suggestions(desk, tenant)
        return found, suggested, await desk_reading.broken(desk, tenant)

    found, suggested, broken = session.run(work)
    if as_json:
        return out.json({"questions": found, "suggested": suggested, "broken": broken})
    if as_csv:
        return out.csv(found, QUESTION)
    made = show.table("name", "asks", "verdict", "open")
    for one in found:
        verdict = (one["verdict"] or "not trained yet").replace("_", " ")
        made.add_row(one["name"], one["asks"], verdict, str(one["predictions"].get("open", 0)))
    out.answer.print(made)
    for one in broken:
        text = f"{one['name']} cannot be asked any more: {one['reason']} (sightline questions --drop {one['name']})"
        out.answer.print(Text(text), soft_wrap=True)
    if suggested:
        out.answer.print(Text("What you imported could be asked:", style="bold"))
        for line in suggested:
            out.answer.print(Text(f'  sightline ask "{line}"'), soft_wrap=True)
    return None


def predictions(
    context: typer.Context,
    name: str = typer.Argument(help="Question, such as supply.arrives_late."),
    by: Rank = typer.Option(Rank.MONEY, "--by", help="What to rank by."),
    limit: int = typer.Option(20, min=1, max=100_000, help="How many."),
    everything: bool = typer.Option(False, "--all", help="Answered and expired ones too."),
    as_json: bool = JSON,
    as_csv: bool = CSV,
) -> None:
    """List the answers of a question, most money at risk first."""
    session: Session = context.obj

    async def work(desk: Desk, tenant: Tenant) -> tuple[list[Any], dict[str, Any], str]:
        listed = await desk_reading.predictions(desk, tenant, name, rank=by, limit=limit, open_only=not everything)
        question = (await desk.catalog(tenant)).question(name)
        return listed, await desk_reading.population(desk, tenant, name), question.yes

    listed, population, yes = session.run(work, target=name)
    out = Out()
    plain = [fields_of(one) for one in listed]
    if as_json:
        return out.json({"question": name, "predictions": plain, "population": population})
    if as_csv:
        return out.csv(plain, [one.name for one in fields(Listed)])
    show.ranking(out, listed, yes=yes, title=name)
    standing(out, population)
    return None


def standing(out: Out, population: dict[str, Any]) -> None:
    """Who is not in the list, and why."""
    counts = population.get("counts", {})
    if population.get("later"):
        days = sorted(one["cutoff"] for one in population["later"])
        out.answer.print(
            f"{len(days):,} will be asked later: the next on {show.day(days[0])}, the last on {show.day(days[-1])}."
        )
    if population.get("overdue"):
        names = ", ".join(one["subject"] for one in population["overdue"][:8])
        more = ", ..." if len(population["overdue"]) > 8 else ""
        out.answer.print(f"{len(population['overdue']):,} overdue (facts, not forecasts): {names}{more}.")
    excluded = {reason: n for reason, n in counts.get("excluded", {}).items() if n}
    if excluded:
        told = ", ".join(f"{n:,} {reason.replace('_', ' ')}" for reason, n in excluded.items())
        out.answer.print(f"Not asked: {told}.")


def why(
    context: typer.Context,
    ref: str = typer.Argument(help="Subject, such as line/82108."),
    as_json: bool = JSON,
) -> None:
    """Tell the reasons of the predictions about one subject."""
    session: Session = context.obj
    subject = Ref.parse(ref)
    found = session.run(lambda desk, tenant: desk_reading.why(desk, tenant, subject), ref=subject)
    out = Out()
    if as_json:
        return out.json({"subject": ref, "predictions": [fields_of(one) for one in found]})
    if not found:
        out.answer.print(
            f"{ref} was never asked about. `sightline entity {ref}` shows what is known of it.", markup=False
        )
    show.reasons(out, found)
    return None


def entity(
    context: typer.Context,
    ref: str = typer.Argument(help="Thing, such as vendor/ACME."),
    as_of: str | None = typer.Option(None, "--as-of", help="Day (2014-06-30) or moment: as it was known then."),
    as_json: bool = JSON,
) -> None:
    """Show a thing as it is, or was, known: attributes, links, timeline."""
    session: Session = context.obj
    at: datetime | None = end_of(as_of) if as_of else None
    subject = Ref.parse(ref)
    found = session.run(lambda desk, tenant: desk_reading.thing(desk, tenant, subject, as_of=at), ref=subject)
    out = Out()
    return out.json({**fields_of(found), "ref": str(found.ref)}) if as_json else show.entity(out, found)


def status(context: typer.Context, as_json: bool = JSON) -> None:
    """Show how everything stands: clock, loop, imports, decisions."""
    session: Session = context.obj
    found = session.run(desk_reading.status)
    out = Out()
    if as_json:
        return out.json(found)
    made = show.table("what", "value")
    for name, value in found.items():
        made.add_row(name.replace("_", " "), _words(value))
    out.answer.print(made)
    return None


def _words(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{k} {_words(v)}" for k, v in value.items())
    if isinstance(value, list):
        return "; ".join(_words(v) for v in value)
    return show.day(value) if isinstance(value, datetime) else "" if value is None else str(value)
