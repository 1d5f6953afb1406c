"""Who is not to be contacted."""

from __future__ import annotations

import typer

from sightline.foundation.identity import Right
from sightline.interfaces.cli import show
from sightline.interfaces.cli.connection import Connection, Rows, first, page
from sightline.interfaces.cli.reading import CSV, JSON
from sightline.interfaces.cli.session import Out, Session
from sightline.language.ref import Ref

CONTACT = ("ref", "at", "by")
REF = typer.Argument(help="Whom, such as customer/17.")

contacts = typer.Typer(help="Who is not to be contacted: list, stop, allow.", no_args_is_help=True)


def add(app: typer.Typer) -> None:
    """Register the commands."""
    app.add_typer(contacts, name="contacts")


@contacts.command("list")
def contacts_list(
    context: typer.Context,
    limit: int = typer.Option(50, min=1, max=100_000, help="How many."),
    as_json: bool = JSON,
    as_csv: bool = CSV,
) -> None:
    """List who is not to be contacted, the latest first."""
    session: Session = context.obj

    async def work(near: Connection) -> Rows:
        return await first(near.client.contacts.each(limit=page(limit)), limit)

    found = session.call(work, what="contacts list")
    show.listed(Out(), "contacts", found, CONTACT, as_json=as_json, as_csv=as_csv, empty="Everybody may be contacted.")


@contacts.command("stop")
def contacts_stop(context: typer.Context, ref: str = REF) -> None:
    """Contact somebody no more, through any destination but paper.

    Example: sightline contacts stop customer/17
    """
    session: Session = context.obj
    one = Ref.parse(ref)
    session.call(
        lambda near: near.client.contacts.stop(one.kind, one.key),
        what="contacts stop", needs=Right.OPERATE, ref=one,
    )  # fmt: skip
    Out().answer.print(f"{ref} is contacted no more.", markup=False)


@contacts.command("allow")
def contacts_allow(context: typer.Context, ref: str = REF) -> None:
    """Contact somebody again.

    Example: sightline contacts allow customer/17
    """
    session: Session = context.obj
    one = Ref.parse(ref)
    session.call(
        lambda near: near.client.contacts.allow(one.kind, one.key),
        what="contacts allow", needs=Right.OPERATE, ref=one,
    )  # fmt: skip
    Out().answer.print(f"{ref} may be contacted.", markup=False)
