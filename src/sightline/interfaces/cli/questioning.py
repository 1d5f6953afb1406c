"""Asking."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import typer
from rich.text import Text

from sightline.foundation.identity import Right
from sightline.interfaces.cli import evidence, show
from sightline.interfaces.cli.connection import Connection, first, page, plain
from sightline.interfaces.cli.reading import JSON, standing, yes_of
from sightline.interfaces.cli.session import Out, Session
from sightline.interfaces.cli.supposing import pairs
from sightline.interfaces.cli.waiting import done
from sightline.language.errors import Invalid

if TYPE_CHECKING:
    from sightline_client import models

PREDICT = "predict"
"""The word that a question in one line begins with."""

LONGEST = 256
"""Characters of a name: what has more names nothing."""


def add(app: typer.Typer) -> None:
    """Register the commands."""
    app.command()(ask)


def ask(
    context: typer.Context,
    question: str = typer.Argument(
        help="A question's name, or one line, such as: predict absent EVENT until ATTRIBUTE for KIND before ATTRIBUTE"
        " 30 days [grace 21 days] [worth ATTRIBUTE] [together LINK]; docs/questions.md tells the whole language."
    ),
    name: str | None = typer.Option(None, help="How to call it (own.something)."),
    yes_word: str | None = typer.Option(None, help="How people call the answer yes (late); of a line of your own."),
    no_word: str | None = typer.Option(None, help="How people call the answer no (on time)."),
    unit: str | None = typer.Option(None, help="What a quantity is counted in (EUR, pieces); of a line of your own."),
    reason: str = typer.Option("", help="Why it is trained again, kept with the version."),
    challenger: bool = typer.Option(
        False, "--challenger", help="Keep the model to be looked at; the one on duty stays there."
    ),
    admit: list[str] = typer.Option(
        [], "--admit", help="FEATURE=REASON: let a feature in that the leak audit left out; again for more."
    ),
    limit: int = typer.Option(20, min=1, help="How many answers to list."),
    as_json: bool = JSON,
) -> None:
    """Train a question on what is known, prove it, and answer it for everybody it is open for.

    Example: sightline ask "predict absent line.delivered until promised_on for line before promised_on 30 days"
    """
    session: Session = context.obj
    out = Out()
    again: dict[str, Any] = {"reason": reason or None, "on_duty": False if challenger else None}
    again["admit"] = pairs(admit, "--admit FEATURE=REASON") or None

    async def work(near: Connection) -> dict[str, Any]:
        asked = _asked(near, question, name, yes_word, no_word, unit, again)
        trained = await done(near, asked, out, says=lambda _: "Training and proving", stopped=_stopped)
        called = str(trained["question"])
        listed = near.client.questions.each_predictions(called, aside="any", limit=page(limit))
        return {
            "question": called,
            "kept_back": str(trained.get("kept_back") or ""),
            "proof": plain(await near.client.questions.proof(called)),
            "predictions": await first(listed, limit),
            "population": plain(await near.client.questions.population(called)),
        }

    found = session.call(work, needs=Right.OPERATE, target=question)
    if as_json:
        return out.json(found)
    if found["kept_back"]:
        out.answer.print(Text(found["kept_back"]))
    evidence.proof(out, found["proof"])
    show.ranking(out, found["predictions"], yes=yes_of(found["predictions"]), title=found["question"])
    standing(out, found["population"])
    return None


async def _asked(
    near: Connection, text: str, name: str | None, yes: str | None, no: str | None, unit: str | None,
    again: dict[str, Any],
) -> models.Job:  # fmt: skip
    """The job that trains what is asked: a line, or a question by its name."""
    if text.lstrip().startswith(PREDICT):
        if any(value is not None for value in again.values()):
            raise Invalid(
                "--reason, --challenger and --admit are for a question that was trained before.",
                hint="Ask the line first, then its name: `sightline questions` lists them.",
            )
        return await near.client.questions.ask(text, name=name, yes=yes, no=no, unit=unit)
    called = text.strip()
    known = {one.name: one for one in (await near.client.questions.list()).questions} if yes or no or unit else {}
    if called not in known:
        return await near.client.questions.train(called[:LONGEST], **again)
    if not called.startswith("own."):
        raise Invalid(f"The words of '{called}' are its pack's.", hint="Give them with a line of your own.")
    one = known[called]
    return await near.client.questions.ask(one.line, name=called, asks=one.asks, yes=yes or one.yes, no=no or one.no,
                                          unit=unit or one.unit)  # fmt: skip


def _stopped(_job: models.Job) -> str:
    return "Nothing was learned; the model that was on duty, if there was one, still is."
