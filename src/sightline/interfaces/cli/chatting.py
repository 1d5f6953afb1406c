"""Who in Slack is who here."""

from __future__ import annotations

import typer

from sightline.foundation.identity import Right
from sightline.interfaces.cli import show
from sightline.interfaces.cli.connection import Connection, Rows, plain
from sightline.interfaces.cli.reading import CSV, JSON
from sightline.interfaces.cli.session import Out, Session

PERSON = ("id", "user", "made_at")

ID = typer.Argument(help="Member ID in Slack, such as U0123456789 ('Copy member ID' in a profile).")

chat = typer.Typer(help="Who in Slack may answer, as which user: list, link, unlink.", no_args_is_help=True)


def add(app: typer.Typer) -> None:
    """Register the commands."""
    app.add_typer(chat, name="chat")


@chat.command("list")
def chat_list(context: typer.Context, as_json: bool = JSON, as_csv: bool = CSV) -> None:
    """List who is who."""
    session: Session = context.obj

    async def work(near: Connection) -> Rows:
        return [plain(one) for one in (await near.client.chat_users.list()).chat_users]

    found = session.call(work, what="chat list", needs=Right.ADMINISTER)
    empty = "Nobody yet. `sightline chat link U0123456789 USER` lets somebody answer in Slack."
    show.listed(Out(), "chat_users", found, PERSON, as_json=as_json, as_csv=as_csv, empty=empty)


@chat.command("link")
def chat_link(
    context: typer.Context, id_: str = ID, user: str = typer.Argument(help="User, such as anna@example.com.")
) -> None:
    """Let somebody in Slack answer as a user, with what that one may.

    Example: sightline chat link U0123456789 anna@example.com
    """
    session: Session = context.obj
    session.call(
        lambda near: near.client.chat_users.set(id_, user=user),
        what="chat link", needs=Right.ADMINISTER, target=id_,
    )  # fmt: skip
    Out().answer.print(f"{id_} answers as '{user}'.", markup=False)


@chat.command("unlink")
def chat_unlink(context: typer.Context, id_: str = ID) -> None:
    """Let them be nobody here.

    Example: sightline chat unlink U0123456789
    """
    session: Session = context.obj
    session.call(
        lambda near: near.client.chat_users.delete(id_),
        what="chat unlink", needs=Right.ADMINISTER, target=id_,
    )  # fmt: skip
    Out().answer.print(f"{id_} is nobody here.", markup=False)
