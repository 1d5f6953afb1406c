"""The versions of a question's model: which there are, putting one on duty, going back, training again by itself."""

from __future__ import annotations

from typing import Any

import typer
from rich.text import Text

from sightline.foundation.identity import Right
from sightline.interfaces.cli import show
from sightline.interfaces.cli.connection import Connection, plain
from sightline.interfaces.cli.reading import CSV, JSON
from sightline.interfaces.cli.session import Out, Session
from sightline.language.errors import Invalid

VERSION = (
    "version", "state", "trained_at", "as_of", "on_duty_since", "took_over_from", "why", "reason", "admitted",
    "verdict", "headline", "figures", "line",
)  # fmt: skip
"""The columns of a version."""


def add(app: typer.Typer) -> None:
    """Register the command."""
    app.command()(models)


def models(
    context: typer.Context,
    question: str = typer.Argument(help="Question, such as supply.arrives_late."),
    rollback: bool = typer.Option(False, "--rollback", help="Put the version before the one on duty back there."),
    promote: str | None = typer.Option(None, "--promote", help="Put this version on duty.", metavar="VERSION"),
    every: int | None = typer.Option(None, "--every", min=1, max=3660, help="Train it again every so many days."),
    on_drift: bool = typer.Option(False, "--on-drift", help="Train it again when what came is not what was said."),
    by_hand: bool = typer.Option(False, "--by-hand", help="Train it again only when somebody says so."),
    as_json: bool = JSON,
    as_csv: bool = CSV,
) -> None:
    """List the versions of a question's model, with verdicts and figures; or say which is on duty, or when the question
    is trained again.

    Examples: sightline models supply.arrives_late | ... --rollback | ... --promote 9f86d081884c7d65 | ... --every 30
    """
    _one_of(rollback, promote is not None, every is not None or on_drift, by_hand)
    session: Session = context.obj

    async def work(near: Connection) -> dict[str, Any]:
        asked = near.client.questions
        if rollback:
            await asked.roll_back(question)
        elif promote is not None:
            await asked.promote(question, promote)
        elif every is not None or on_drift or by_hand:
            await asked.set_schedule(question, every_days=every, on_drift=on_drift)
        return plain(await asked.versions(question))

    changes = rollback or promote is not None or every is not None or on_drift or by_hand
    found = session.call(work, needs=Right.OPERATE if changes else Right.READ, target=question)
    out = Out()
    if as_json:
        return out.json(found)
    if as_csv:
        return out.csv(found["versions"], VERSION)
    return _show(out, found)


def _one_of(*given: bool) -> None:
    if sum(given) > 1:
        raise Invalid(
            "One thing at a time.",
            hint="Give --rollback, --promote VERSION, --every DAYS, --on-drift or --by-hand.",
        )


def _show(out: Out, found: dict[str, Any]) -> None:
    question = found["question"]
    if not found["versions"]:
        out.answer.print(Text(f"'{question}' was never trained: sightline ask {question}"))
        return
    made = show.table("version", "", "trained", "why", "verdict", "figures")
    for one in found["versions"]:
        on_duty = one["state"] == "champion"
        figures = ", ".join(f"{name} {value:.3g}" for name, value in list(one["figures"].items())[:3])
        made.add_row(
            one["version"], "on duty" if on_duty else one["state"], show.day(one["trained_at"]),
            one["reason"] or one["why"], one["verdict"].replace("_", " "), figures,
        )  # fmt: skip
    out.answer.print(made)
    before = next((one["took_over_from"] for one in found["versions"] if one["state"] == "champion"), None)
    if before:
        out.answer.print(Text(f"Before it {before} was on duty: sightline models {question} --rollback"))
    again = found["schedule"]
    if again:
        told = [f"every {again['every_days']} days"] if again["every_days"] else []
        told += ["when what came is not what was said"] if again["on_drift"] else []
        out.answer.print(f"Trained again {' and '.join(told)}.")
