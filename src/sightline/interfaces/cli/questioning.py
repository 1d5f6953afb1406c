"""Asking."""

from __future__ import annotations

from typing import Any

import typer
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from sightline.foundation.identity import Right
from sightline.foundation.tenants import Tenant
from sightline.interfaces.cli import show
from sightline.interfaces.cli.reading import JSON, standing
from sightline.interfaces.cli.session import Out, Session, fields_of
from sightline.kernel.desk import Desk, asking
from sightline.kernel.desk import reading as desk_reading


def add(app: typer.Typer) -> None:
    """Register the commands."""
    app.command()(ask)


def bar(out: Out) -> Progress:
    """A progress bar, on standard error."""
    return Progress(
        TextColumn("{task.description}"), BarColumn(), TextColumn("{task.percentage:>3.0f}%"), TimeElapsedColumn(),
        console=out.aside, transient=True,
    )  # fmt: skip


def ask(
    context: typer.Context,
    question: str = typer.Argument(
        help="A question's name, or one line: predict absent EVENT until ATTRIBUTE for KIND before ATTRIBUTE 30 days"
        " [grace 21 days] [worth ATTRIBUTE] [together LINK]"
    ),
    name: str | None = typer.Option(None, help="How to call it (own.something)."),
    yes_word: str | None = typer.Option(None, help="How people call the answer yes (late); of a line of your own."),
    no_word: str | None = typer.Option(None, help="How people call the answer no (on time)."),
    limit: int = typer.Option(20, min=1, help="How many answers to list."),
    as_json: bool = JSON,
) -> None:
    """Train a question on what is known, prove it, and answer it for everybody it is open for.

    Example: sightline ask "predict absent line.delivered until promised_on for line before promised_on 30 days"
    """
    session: Session = context.obj
    out = Out()

    async def work(desk: Desk, tenant: Tenant) -> dict[str, Any]:
        asked = await asking.read_question(desk, tenant, question, name=name)
        asked = asking.worded(asked, yes=yes_word, no=no_word)
        with bar(out) as progress:
            task = progress.add_task("Training and proving")
            model = await asking.ask(
                desk, tenant, asked, progress=lambda done, of: progress.update(task, completed=done, total=of)
            )
        listed = await desk_reading.predictions(desk, tenant, asked.name, limit=limit)
        population = await desk_reading.population(desk, tenant, asked.name)
        return {"question": asked, "proof": model.proof, "predictions": listed, "population": population}

    found = session.run(work, needs=Right.OPERATE, target=question)
    if as_json:
        listed = [fields_of(one) for one in found["predictions"]]
        return out.json({**found, "question": found["question"].name, "predictions": listed})
    show.proof(out, found["proof"])
    show.ranking(out, found["predictions"], yes=found["question"].yes, title=found["question"].name)
    standing(out, found["population"])
    return None
