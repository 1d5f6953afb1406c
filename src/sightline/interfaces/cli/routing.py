"""Who is asked what a playbook puts into the inbox."""

from __future__ import annotations

from typing import Any

import typer

from sightline.foundation.identity import Right
from sightline.interfaces.cli import show
from sightline.interfaces.cli.connection import Connection, Rows, plain
from sightline.interfaces.cli.reading import CSV, JSON
from sightline.interfaces.cli.session import Out, Session

ROUTE = ("name", "playbook", "whom", "to", "made_at", "by", "gone", "stopped")

NAME = typer.Argument(help="Route, such as elders.")


def add(inbox: typer.Typer) -> None:
    """Register the commands, with the others of the inbox."""
    inbox.command("routes")(inbox_routes)
    inbox.command("route")(inbox_route)
    inbox.command("unroute")(inbox_unroute)


def inbox_routes(context: typer.Context, as_json: bool = JSON, as_csv: bool = CSV) -> None:
    """List who is asked what, in the order in which routes are tried."""
    session: Session = context.obj

    async def work(near: Connection) -> Rows:
        found = [plain(one) for one in (await near.client.routes.list()).routes]
        return found if as_json else [_flat(one) for one in found]

    empty = "What is asked is nobody's in particular. `sightline inbox route NAME` says whose it is."
    found = session.call(work, what="inbox routes")
    show.listed(Out(), "routes", found, ROUTE, as_json=as_json, as_csv=as_csv, empty=empty)


def _flat(one: dict[str, Any]) -> dict[str, Any]:
    return {**one, "to": " ".join(one["to"]), "gone": " ".join(one["gone"]), "whom": one["whom"] or "everybody"}


def inbox_route(
    context: typer.Context,
    name: str = NAME,
    playbook: str = typer.Option(..., "--playbook", help="Playbook whose questions go by it."),
    whom: str = typer.Option("", "--whom", help='Only about those who meet this, such as "age above 60".'),
    to: list[str] = typer.Option(..., "--to", help="User who may decide (several times: whoever has least to do)."),
    waiting: bool = typer.Option(False, "--waiting", help="Pass on what waits already and has nobody who may decide."),
    dry_run: bool = typer.Option(False, "--dry-run", help="Only tell what would go to whom."),
    as_json: bool = JSON,
) -> None:
    """Say who is asked what a playbook puts into the inbox, from now on; a route of that name is changed in its place.

    Routes of a playbook are tried in the order in which they were made; the first whose conditions are met holds.
    Example: sightline inbox route elders --playbook leads.first_contact --whom "age above 60" --to anna@example.com
    """
    session: Session = context.obj

    async def work(near: Connection) -> dict[str, Any]:
        asked = near.client.routes.set(name, playbook=playbook, whom=whom, to=to, waiting=waiting, dry_run=dry_run)
        return plain(await asked)

    found = session.call(work, what="inbox route", needs=Right.ADMINISTER, target=name)
    out = Out()
    if as_json:
        return out.json(found)
    for line in _lines(found, waiting=waiting, dry_run=dry_run):
        out.answer.print(line, markup=False)
    return None


def _lines(found: dict[str, Any], *, waiting: bool, dry_run: bool) -> list[str]:
    route = found["route"]
    about = f" about those with {route['whom']}" if route["whom"] else ""
    would = "would be" if dry_run else "is"
    told = [f"What '{route['playbook']}' asks{about} {would} for {' or '.join(route['to'])}."]
    if found["waiting"] is not None:
        goes = ", ".join(f"{one} {many:,}" for one, many in found["goes"].items())
        free = " and have nobody who may decide" if waiting else ""
        told.append(f"Of {found['waiting']:,} that wait{free}, by this route: {goes}.")
        if found["nobody"]:
            told.append(f"{found['nobody']:,} meet it, and none of these users may decide about so much.")
    return told


def inbox_unroute(context: typer.Context, name: str = NAME) -> None:
    """Forget a route; what somebody has stays theirs.

    Example: sightline inbox unroute elders
    """
    session: Session = context.obj
    session.call(
        lambda near: near.client.routes.delete(name), what="inbox unroute", needs=Right.ADMINISTER, target=name
    )
    Out().answer.print(f"'{name}' is removed.", markup=False)
