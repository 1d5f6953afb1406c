"""Commands that only read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import typer
from rich.text import Text

from sightline.foundation.identity import Right
from sightline.interfaces.cli import declaring, show
from sightline.interfaces.cli.connection import Connection, Rows, first, page, plain
from sightline.interfaces.cli.session import Out, Session
from sightline.kernel.predict.listing import Rank
from sightline.language.ref import Ref
from sightline.language.time import end_of

JSON = typer.Option(False, "--json", help="One JSON document instead of tables.")
CSV = typer.Option(False, "--csv", help="Comma-separated values instead of tables.")

QUESTION = ("name", "asks", "of", "line", "verdict", "headline", "predictions")
"""What a listing tells of a question."""

PREDICTION = (
    "question", "subject", "cutoff", "deadline", "probability", "quantity", "mean", "unit", "low", "high", "worth",
    "expected_loss", "reasons", "model", "made_at", "outcome", "censored", "settled", "decision", "aside",
)  # fmt: skip
"""The columns of a prediction."""


def add(app: typer.Typer) -> None:
    """Register the commands."""
    for command in (questions, predictions, why, entity, status, invariants):
        app.command()(command)


def questions(
    context: typer.Context,
    drop: str | None = typer.Option(None, "--drop", help="Forget a question of yours, its models and predictions."),
    add: Path | None = typer.Option(None, "--add", help="Remember and train the questions of a TOML file."),
    check: bool = typer.Option(False, "--check", help="With --add: only count what each has to learn from."),
    no_train: bool = typer.Option(False, "--no-train", help="With --add: remember them and train nothing."),
    toml: bool = typer.Option(False, "--toml", help="Your own questions as such a file."),
    as_json: bool = JSON,
    as_csv: bool = CSV,
) -> None:
    """List what can be asked, with the verdict of each model on duty, and what else your imports could be asked.

    Examples: sightline questions | sightline questions --drop own.absent_invoice_paid_by_due_on
    | sightline questions --add questions.toml --check
    """
    session: Session = context.obj
    out = Out()
    if add:
        return declaring.add_file(session, out, add, check=check, train=not no_train, as_json=as_json)
    if drop:
        session.call(lambda near: near.client.questions.delete(drop), needs=Right.OPERATE, target=drop)
        return out.json({"dropped": drop}) if as_json else out.answer.print(f"'{drop}' is forgotten.")

    async def work(near: Connection) -> tuple[dict[str, Any], list[str]]:
        return plain(await near.client.questions.list()), (await near.client.questions.suggested()).lines

    found, suggested = session.call(work)
    if toml:
        return out.answer.print(declaring.as_file(found["questions"]), end="", soft_wrap=True)
    if as_json:
        return out.json({"questions": found["questions"], "suggested": suggested, "broken": found["broken"]})
    if as_csv:
        return out.csv(found["questions"], QUESTION)
    _table(out, found["questions"])
    for one in found["broken"]:
        text = f"{one['name']} cannot be asked any more: {one['reason']} (sightline questions --drop {one['name']})"
        out.answer.print(Text(text), soft_wrap=True)
    if suggested:
        out.answer.print(Text("What you imported could be asked:", style="bold"))
        for line in suggested:
            out.answer.print(Text(f'  sightline ask "{line}"'), soft_wrap=True)
    return None


def _table(out: Out, found: Rows) -> None:
    made = show.table("name", "asks", "verdict", "open")
    for one in found:
        verdict = (one["verdict"] or "not trained yet").replace("_", " ")
        made.add_row(one["name"], one["asks"], verdict, str(one["predictions"].get("open", 0)))
    out.answer.print(made)


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

    async def work(near: Connection) -> tuple[Rows, dict[str, Any]]:
        listed = near.client.questions.each_predictions(
            name, rank=by.value, all=everything, aside="any", limit=page(limit)
        )
        return await first(listed, limit), plain(await near.client.questions.population(name))

    listed, population = session.call(work, target=name)
    out = Out()
    if as_json:
        return out.json({"question": name, "predictions": listed, "population": population})
    if as_csv:
        return out.csv(listed, PREDICTION)
    show.ranking(out, listed, yes=yes_of(listed), title=name)
    standing(out, population)
    return None


def yes_of(listed: Rows) -> str:
    """What people call the answer yes, where there is any prediction."""
    return str(listed[0]["yes"]) if listed else "yes"


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

    async def work(near: Connection) -> Rows:
        # Raises NotFound for what was never heard of; what is known may never have been asked about.
        await near.client.entities.get(subject.kind, subject.key)
        about = near.client.predictions.each(subject=str(subject), all=True, aside="any", limit=page())
        found = sorted(await first(about), key=lambda one: one["cutoff"], reverse=True)
        return sorted(found, key=lambda one: str(one["question"]))

    found = session.call(work, ref=subject)
    out = Out()
    if as_json:
        return out.json({"subject": ref, "predictions": found})
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
    subject = Ref.parse(ref)
    if as_of:
        end_of(as_of)

    async def work(near: Connection) -> dict[str, Any]:
        return plain(await near.client.entities.get(subject.kind, subject.key, as_of=as_of or None))

    found = session.call(work, ref=subject)
    out = Out()
    return out.json(found) if as_json else show.entity(out, found)


def status(context: typer.Context, as_json: bool = JSON) -> None:
    """Show how everything stands: clock, loop, imports, decisions."""
    session: Session = context.obj

    async def work(near: Connection) -> dict[str, Any]:
        me, found = await near.client.me.get(), plain(await near.client.status())
        return {"workspace": found.pop("workspace"), "workspaces": [one.name for one in me.workspaces], **found}

    found = session.call(work)
    out = Out()
    return out.json(found) if as_json else show.status(out, found)


def invariants(context: typer.Context, as_json: bool = JSON, as_csv: bool = CSV) -> None:
    """Show what must always be true of what is decided and done, and whether it is."""
    session: Session = context.obj

    async def work(near: Connection) -> Rows:
        return [plain(one) for one in (await near.client.invariants.list()).invariants]

    found = session.call(work)
    columns = ("says", "broken", "example", "broken_since")
    show.listed(Out(), "invariants", found, columns, as_json=as_json, as_csv=as_csv, empty="Nothing is looked at.")
