"""How the models on duty fare, and taking back an alarm about one."""

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

ALARM = ("id", "question", "what", "words", "advice", "since", "raised_at", "lifted_at", "lifted_by", "why")
"""The columns of an alarm."""

CALLED = {
    "promise:yes": "promise, yes", "promise:no": "promise, no", "calibration": "what is said", "rival": "other version",
}  # fmt: skip


def add(app: typer.Typer) -> None:
    """Register the command."""
    app.command()(watch)


def watch(
    context: typer.Context,
    question: str | None = typer.Argument(None, help="Question; without it the alarms of all that stand."),
    lift: str | None = typer.Option(None, "--lift", help="Take this alarm back.", metavar="ID"),
    why: str = typer.Option("", "--why", help="For what reason."),
    as_json: bool = JSON,
    as_csv: bool = CSV,
) -> None:
    """Show how the model on duty fares: promise, what it says, who is asked, another version, alarms.

    Examples: sightline watch | sightline watch supply.arrives_late | ... --lift alarm_0b7c2f --why "a strike"
    """
    if bool(lift) != bool(why.strip()):
        raise Invalid("An alarm is lifted for a reason.", hint="Give --lift ID and --why TEXT.")
    session: Session = context.obj

    async def work(near: Connection) -> dict[str, Any]:
        if lift:
            await near.client.alarms.lift(lift, why=why)
        return plain(await (near.client.questions.watch(question) if question else near.client.alarms.list()))

    found = session.call(work, needs=Right.OPERATE if lift else Right.READ, target=question or lift or "")
    out = Out()
    if as_json:
        return out.json(found)
    if as_csv:
        return out.csv(found["alarms"], ALARM)
    if question:
        _show(out, found)
    _alarms(out, found["alarms"])
    return None


def _show(out: Out, found: dict[str, Any]) -> None:
    if found["version"] is None:
        out.answer.print(Text("Nothing was looked at yet: that is done once a day, of a model on duty."))
        return
    made = show.table("what", "answers", "said", "came", "evidence")
    for one in found["watched"]:
        said, came = ("" if one[name] is None else f"{one[name]:.3g}" for name in ("said", "came"))
        evidence = f"{one['evidence']:.3g} of {found['needed']:g}"
        made.add_row(CALLED.get(one["what"], one["what"]), f"{one['answers']:,}", said, came, evidence)
    out.answer.print(made)
    rival, asked = found["rival"], found["population"]
    if rival:
        then = "is promoted" if rival["waits"] else "is put back"
        out.answer.print(Text(f"Version {rival['version']} is asked beside it, and {then} where it does better."))
    if asked:
        most = max((one["evidence"] for one in asked["windows"]), default=1.0)
        told = f"Who is asked: {len(asked['windows'])} windows of {asked['clusters']}, evidence {most:.3g}."
        out.answer.print(Text(told))
        for one in asked["shifts"]:
            out.answer.print(Text(f"  {one['called']}: {one['how']} of those asked, since {show.day(one['since'])}"))


def _alarms(out: Out, alarms: list[dict[str, Any]]) -> None:
    if not alarms:
        out.answer.print(Text("No alarm."))
    for one in alarms:
        lifted = f" Lifted by {one['lifted_by']}: {one['why']}" if one["lifted_at"] else f" {one['advice']}"
        told = f"{one['id']} {one['question']} {one['what']}, {show.day(one['raised_at'])}: {one['words']}{lifted}"
        out.answer.print(Text(told))
