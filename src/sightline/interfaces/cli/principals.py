"""Users, keys, and the trail of what they did."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import typer

from sightline.foundation.identity import Right, Role
from sightline.interfaces.cli import show
from sightline.interfaces.cli.connection import Connection, Rows, Work, first, page
from sightline.interfaces.cli.reading import CSV, JSON
from sightline.interfaces.cli.session import Out, Session, T, fields_of

if TYPE_CHECKING:
    from sightline_client import models

USER = ("name", "role", "created_at", "seen_at", "disabled", "has_password")
KEY = ("name", "role", "scopes", "created_at", "expires_at", "seen_at")
ENTRY = ("number", "at", "who", "sort", "what", "target", "status", "times")

NAME = typer.Argument(help="User, such as anna@example.com.")

people = typer.Typer(help="Who may sign in: list, add, change, remove.", no_args_is_help=True)
programs = typer.Typer(help="API keys: list, add, revoke.", no_args_is_help=True)


def add(app: typer.Typer) -> None:
    """Register the commands."""
    app.add_typer(people, name="users")
    app.add_typer(programs, name="keys")
    app.command("audit")(audit_)


@people.command("list")
def users_list(context: typer.Context, as_json: bool = JSON, as_csv: bool = CSV) -> None:
    """List the users of the workspace."""
    found = _administer(context, "users list", lambda near: first(near.client.users.each(limit=page())))
    show.listed(
        Out(), "users", [fields_of(one) for one in found], USER, as_json=as_json, as_csv=as_csv, empty="No users yet."
    )


@people.command("add")
def users_add(
    context: typer.Context,
    name: str = NAME,
    role: Role = typer.Option(Role.VIEWER, help="What they may do."),
    password: bool = typer.Option(False, "--password", help="Give a password now, instead of a link."),
    as_json: bool = JSON,
) -> None:
    """Let somebody in, by a link that signs them in once, within 15 minutes (they then choose a password).

    Example: sightline users add anna@example.com --role operator
    """
    given = _password() if password else None

    async def work(near: Connection) -> tuple[models.User, str | None]:
        # Found first: nobody is let in whose link cannot be told.
        where = near.where()
        made = await near.client.users.create(name=name, role=role.value, password=given)
        code = made.code.get_secret_value() if made.code else None
        return made.user, code and f"{where}/sign-in#code={code}"

    made, link = _administer(context, "users add", work, target=name)
    out = Out()
    if as_json:
        return out.json({"user": made.model_dump(), "link": link})
    out.answer.print(link or f"'{made.name}' may sign in.", soft_wrap=True)
    return None


@people.command("role")
def users_role(context: typer.Context, name: str = NAME, role: Role = typer.Argument(help="The new role.")) -> None:
    """Give a user another role."""
    _change(context, "users role", name, role=role.value)


@people.command("disable")
def users_disable(context: typer.Context, name: str = NAME) -> None:
    """Shut a user out: every session ends."""
    _change(context, "users disable", name, disabled=True)


@people.command("enable")
def users_enable(context: typer.Context, name: str = NAME) -> None:
    """Let a user in again."""
    _change(context, "users enable", name, disabled=False)


@people.command("password")
def users_password(context: typer.Context, name: str = NAME) -> None:
    """Set another password (asked for, or the first line of standard input); every session of the user ends.

    Example: sightline users password anna@example.com < password.txt
    """
    _change(context, "users password", name, password=_password())


@people.command("remove")
def users_remove(context: typer.Context, name: str = NAME) -> None:
    """Remove a user. What they did stays in the audit trail."""
    _administer(context, "users remove", lambda near: near.client.users.delete(name), target=name)
    Out().answer.print(f"'{name}' is removed.", markup=False)


@programs.command("list")
def keys_list(context: typer.Context, as_json: bool = JSON, as_csv: bool = CSV) -> None:
    """List the API keys of the workspace."""
    found = _administer(context, "keys list", lambda near: first(near.client.keys.each(limit=page())))
    rows = [{**one, "scopes": sorted(one["scopes"]) if one["scopes"] is not None else None} for one in found]
    show.listed(
        Out(), "keys", [fields_of(one) for one in rows], KEY, as_json=as_json, as_csv=as_csv, empty="No keys yet."
    )


@programs.command("add")
def keys_add(
    context: typer.Context,
    name: str = typer.Argument(help="Key, such as warehouse."),
    role: Role = typer.Option(Role.OPERATOR, help="What it may do."),
    scope: list[Right] = typer.Option([], "--scope", help="Of these rights at most; all of the role when left out."),
    days: int | None = typer.Option(None, min=1, max=3_650, help="So long it lasts; until revoked when left out."),
    as_json: bool = JSON,
) -> None:
    """Let a program in. Its token is shown this once.

    Example: sightline keys add warehouse --scope record --days 365
    """

    async def work(near: Connection) -> tuple[str, str]:
        scopes: list[Any] | None = [one.value for one in scope] or None
        made = await near.client.keys.create(name=name, role=role.value, scopes=scopes, days=days)
        return made.key.name, made.token.get_secret_value()

    called, token = _administer(context, "keys add", work, target=name)
    out = Out()
    out.json({"name": called, "token": token}) if as_json else out.answer.print(token, soft_wrap=True)


@programs.command("revoke")
def keys_revoke(context: typer.Context, name: str = typer.Argument(help="Key.")) -> None:
    """End a key, for good."""
    _administer(context, "keys revoke", lambda near: near.client.keys.delete(name), target=name)
    Out().answer.print(f"'{name}' is revoked.", markup=False)


def audit_(
    context: typer.Context,
    who: str | None = typer.Option(None, help="Only of this one."),
    what: str | None = typer.Option(None, help="Only this operation, such as get_proof or 'sightline import'."),
    limit: int = typer.Option(50, min=1, max=100_000, help="How many."),
    as_json: bool = JSON,
    as_csv: bool = CSV,
) -> None:
    """Tell who did and saw what in the workspace, newest first.

    Example: sightline audit --who anna@example.com --limit 100
    """

    async def work(near: Connection) -> Rows:
        return await first(near.client.audit.each(who=who, what=what, limit=page(limit)), limit)

    rows = _administer(context, "audit", work)
    show.listed(
        Out(), "entries", [fields_of(one) for one in rows], ENTRY, as_json=as_json, as_csv=as_csv, empty="Nothing yet."
    )


def _administer(context: typer.Context, what: str, work: Work[T], *, target: str = "") -> T:
    session: Session = context.obj
    return session.call(work, what=what, needs=Right.ADMINISTER, target=target)


def _change(context: typer.Context, what: str, name: str, **how: Any) -> None:
    changed = _administer(context, what, lambda near: near.client.users.update(name, **how), target=name)
    state = "shut out" if changed.disabled else changed.role
    Out().answer.print(f"'{changed.name}' is {state}.", markup=False)


def _password() -> str:
    """Asked for twice on a terminal; otherwise a line of standard input. Never an argument: those are seen by all."""
    if sys.stdin.isatty():
        return str(
            typer.prompt("Password (12 characters or more)", hide_input=True, confirmation_prompt=True, err=True)
        )
    return sys.stdin.readline().rstrip("\n")
