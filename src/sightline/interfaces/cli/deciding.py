"""What people are asked, and their answers."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer
from rich.text import Text

from sightline.foundation.identity import Right
from sightline.interfaces.cli import recalling, routing, show
from sightline.interfaces.cli.connection import Connection, Rows, first, page, plain
from sightline.interfaces.cli.playing import text_of
from sightline.interfaces.cli.reading import CSV, JSON
from sightline.interfaces.cli.session import Out, Session
from sightline.language.errors import Invalid
from sightline.language.time import parse_instant

if TYPE_CHECKING:
    from sightline_client import models

ITEM = ("id", "subject", "choice", "probability", "worth", "value", "due_at", "state", "assignee")

IDS = typer.Argument(help="What is asked, such as ask_9f86d081884c7d659a2feaa0c55ad015; several for one answer.")
ID = typer.Argument(help="What is asked, such as ask_9f86d081884c7d659a2feaa0c55ad015.")
LOOP = "A running `sightline serve` goes on with it."

inbox = typer.Typer(
    help="What Sightline asks people: list, show, approve, reject, snooze, delegate, routes, route, unroute.",
    no_args_is_help=True,
)
routing.add(inbox)


def add(app: typer.Typer) -> None:
    """Register the commands."""
    app.add_typer(inbox, name="inbox")


@inbox.command("list")
def inbox_list(
    context: typer.Context,
    state: str = typer.Option(
        "open", help="Those that are open, snoozed, approved, rejected, expired or overtaken; all of them: any."
    ),
    to: str | None = typer.Option(None, "--to", help="Only those of this user."),
    limit: int = typer.Option(50, min=1, max=100_000, help="How many."),
    as_json: bool = JSON,
    as_csv: bool = CSV,
) -> None:
    """List what people are asked, the most expected money first.

    Example: sightline inbox list --state any
    """
    session: Session = context.obj

    async def work(near: Connection) -> tuple[Rows, int]:
        wanted: Any = None if state == "any" else state
        found = await first(near.client.inbox.each(state=wanted, assignee=to, limit=page(limit)), limit)
        many = 0 if as_json or as_csv else (await near.client.inbox.list(state=wanted, assignee=to, limit=1)).count
        return found, many

    found, many = session.call(work, what="inbox list")
    if not (as_json or as_csv):
        found = [_flat(one) for one in found]
    empty = "Nothing is asked. What may be done by itself is done; `sightline playbook list` shows how often."
    out = Out()
    show.listed(out, "asked", found, ITEM, as_json=as_json, as_csv=as_csv, empty=empty)
    if many:
        out.answer.print(Text(f"{many:,} in all" if state == "any" else f"{many:,} {state}", style="dim"))


def _flat(one: dict[str, Any]) -> dict[str, Any]:
    money = {name: show.money(one[name]) for name in ("worth", "value")}
    return {**one, **money, "probability": _share(one)}


def _share(one: dict[str, Any]) -> str:
    return "" if one["probability"] is None else f"{one['probability']:.0%}"


@inbox.command("show")
def inbox_show(context: typer.Context, id_: str = ID, as_json: bool = JSON) -> None:
    """Show one with all that is needed to decide."""
    session: Session = context.obj

    async def work(near: Connection) -> dict[str, Any]:
        return plain(await near.client.inbox.get(id_))

    _one(session.call(work, what="inbox show", target=id_), as_json=as_json)


@inbox.command("approve")
def inbox_approve(
    context: typer.Context,
    ids: list[str] = IDS,
    text: str | None = typer.Option(None, help="What to send instead of the draft (of one)."),
    file: Path | None = typer.Option(None, exists=True, dir_okay=False, help="The same, from a file."),
    why: str = typer.Option("", help="A note to it."),
    as_json: bool = JSON,
) -> None:
    """Say yes: it is done once, as drafted or mended.

    Example: sightline inbox approve ask_9f86d081884c7d659a2feaa0c55ad015 --text "Please look at line 7."
    """
    session: Session = context.obj
    mended = text_of(file) if file else text
    if mended is not None and len(ids) > 1:
        raise Invalid("One text for several drafts.", hint="Approve them one by one, or as they are.")

    async def work(near: Connection) -> models.Answered | models.Item:
        if len(ids) == 1:
            return await near.client.inbox.approve(ids[0], text=mended, why=why)
        return await near.client.inbox.answers(ids=ids, yes=True, why=why)

    _answered(session.call(work, what="inbox approve", needs=Right.OPERATE, target=", ".join(ids)), as_json=as_json)


@inbox.command("reject")
def inbox_reject(
    context: typer.Context,
    ids: list[str] = IDS,
    why: str = typer.Option(..., help="The reason; what is learned from it is what it says."),
    as_json: bool = JSON,
) -> None:
    """Say no, and why.

    Example: sightline inbox reject ask_9f86d081884c7d659a2feaa0c55ad015 --why "They told us already."
    """
    session: Session = context.obj

    async def work(near: Connection) -> models.Answered | models.Item:
        if len(ids) == 1:
            return await near.client.inbox.reject(ids[0], why)
        return await near.client.inbox.answers(ids=ids, yes=False, why=why)

    _answered(session.call(work, what="inbox reject", needs=Right.OPERATE, target=", ".join(ids)), as_json=as_json)


@inbox.command("snooze")
def inbox_snooze(
    context: typer.Context,
    id_: str = ID,
    until: str = typer.Option(..., help="Day or moment, such as 2015-01-05 or 2015-01-05T09:00Z."),
    as_json: bool = JSON,
) -> None:
    """Put it off; its deadline stays.

    Example: sightline inbox snooze ask_9f86d081884c7d659a2feaa0c55ad015 --until 2015-01-05
    """
    session: Session = context.obj
    moment: datetime = parse_instant(until)

    async def work(near: Connection) -> models.Item:
        return await near.client.inbox.snooze(id_, moment)

    _answered(session.call(work, what="inbox snooze", needs=Right.OPERATE, target=id_), as_json=as_json)


@inbox.command("delegate")
def inbox_delegate(
    context: typer.Context, id_: str = ID, to: str = typer.Option(..., help="A user; '' for nobody in particular."),
    as_json: bool = JSON,
) -> None:  # fmt: skip
    """Let it be somebody's."""
    session: Session = context.obj

    async def work(near: Connection) -> models.Item:
        return await near.client.inbox.delegate(id_, to or None)

    _answered(session.call(work, what="inbox delegate", needs=Right.OPERATE, target=id_), as_json=as_json)


def _answered(found: Any, *, as_json: bool) -> None:
    told, out = plain(found), Out()
    if as_json:
        return out.json(told)
    taken = told.get("taken", [told] if "id" in told else [])
    for one in taken:
        out.answer.print(f"{one['id']} ({one['subject']}) is {one['state']}.", markup=False)
    for one in told.get("refused", []):
        out.answer.print(f"{one['id']} was not taken: {one['problem']}", markup=False)
    if any(one["state"] in {"approved", "rejected"} for one in taken):
        out.answer.print(Text(LOOP, style="dim"))
    return None


def _one(found: dict[str, Any], *, as_json: bool) -> None:
    out = Out()
    if as_json:
        return out.json(found)
    likely = f", {_share(found)} likely" if found["probability"] is not None else ""
    stake = f", {show.money(found['worth'])} at stake" if found["worth"] is not None else ""
    whose = f", {found['assignee']}'s" if found["assignee"] else ""
    default = "it is done" if found["by_default"] == "act" else "nothing is done"
    lines = [
        f"{found['subject']}: {found['choice']} ({found['playbook']}), {found['state']}{whose}",
        f"worth {show.money(found['value'])} expected{likely}{stake}",
        f"asked because: {found['because']}",
        *(f"  + {reason}" for reason in found["reasons"]),
        "",
        f"To {found['party']} through {found['channel']}:",
        found["text"],
        "",
        f"Until {found['due_at']:%Y-%m-%d %H:%M}; without an answer {default}.",
    ]
    if found["ended_by"]:
        lines[-1] = f"{found['state'].capitalize()} by {found['ended_by']}. {found['why']}".strip()
    out.answer.print("\n".join([*lines, *recalling.came(found)]), markup=False)
    return None
