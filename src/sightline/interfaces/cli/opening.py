"""Opening the app."""

from __future__ import annotations

import webbrowser

import typer

from sightline.foundation import address
from sightline.foundation.identity import Right
from sightline.foundation.tenants import Tenant
from sightline.interfaces.cli.reading import JSON
from sightline.interfaces.cli.session import Out, Session
from sightline.kernel.desk import Desk, keeping


def add(app: typer.Typer) -> None:
    """Register the commands."""
    app.command("open")(open_)


def open_(
    context: typer.Context,
    browser: bool = typer.Option(False, "--browser", help="Open it too."),
    as_json: bool = JSON,
) -> None:
    """Make a link that signs you in as the owner, once, within 15 minutes.

    Example: sightline open --browser
    """
    session: Session = context.obj
    where = address.found(session.settings)

    async def work(desk: Desk, _tenant: Tenant) -> str:
        return await keeping.owner_link(desk, where)

    link = session.run(work, needs=Right.ADMINISTER)
    out = Out()
    out.json({"link": link}) if as_json else out.answer.print(link, soft_wrap=True)
    if browser and not webbrowser.open(link):
        out.aside.print("No browser could be opened here: open the link in one that reaches this machine.")
