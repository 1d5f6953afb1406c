"""Users, keys, and the trail of what they did."""

from __future__ import annotations

import sys
from datetime import timedelta
from typing import Any

import typer

from sightline.foundation import address, identity
from sightline.foundation.identity import Right, Role, audit, keys, users
from sightline.foundation.identity.codes import Bearer, make
from sightline.foundation.tenants import Tenant
from sightline.interfaces.cli import show
from sightline.interfaces.cli.reading import CSV, JSON
from sightline.interfaces.cli.session import Out, Session, fields_of
from sightline.kernel.desk import Desk

USER = ("name", "role", "created_at", "seen_at", "disabled", "has_password")
KEY = ("name", "role", "scopes", "created_at", "expires_at", "seen_at")
ENTRY = ("at", "who", "sort", "what", "target", "status", "times")

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
    found = _administer(context, "users list", lambda desk, tenant: users.listed(desk.db, tenant))
    _tell("users", [fields_of(one) for one in found], USER, as_json=as_json, as_csv=as_csv, empty="No users yet.")


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
    session: Session = context.obj
    given = _password() if password else None
    where = address.found(session.settings)

    async def work(desk: Desk, tenant: Tenant) -> tuple[users.User, str | None]:
        made = await users.add(desk.db, tenant, name, role, at=desk.clock.now(), password=given)
        if made.has_password:
            return made, None
        bearer = Bearer(tenant=tenant.number, sort=identity.Sort.USER, name=made.name)
        return made, f"{where}/sign-in#code={await make(desk.db, bearer, at=desk.clock.now())}"

    made, link = _administer(context, "users add", work, target=name)
    out = Out()
    if as_json:
        return out.json({"user": fields_of(made), "link": link})
    out.answer.print(link or f"'{made.name}' may sign in.", soft_wrap=True)
    return None


@people.command("role")
def users_role(context: typer.Context, name: str = NAME, role: Role = typer.Argument(help="The new role.")) -> None:
    """Give a user another role."""
    _change(context, "users role", name, role=role)


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
    _administer(context, "users remove", lambda desk, tenant: users.remove(desk.db, tenant, name), target=name)
    Out().answer.print(f"'{name}' is removed.", markup=False)


@programs.command("list")
def keys_list(context: typer.Context, as_json: bool = JSON, as_csv: bool = CSV) -> None:
    """List the API keys of the workspace."""
    found = _administer(context, "keys list", lambda desk, tenant: keys.listed(desk.db, tenant))
    rows = [{**fields_of(one), "scopes": sorted(one.scopes) if one.scopes is not None else None} for one in found]
    _tell("keys", rows, KEY, as_json=as_json, as_csv=as_csv, empty="No keys yet.")


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

    async def work(desk: Desk, tenant: Tenant) -> tuple[keys.Key, str]:
        at = desk.clock.now()
        until = at + timedelta(days=days) if days else None
        scopes = identity.scopes_of(scope or None, role)
        return await keys.add(desk.db, tenant, name, role, at=at, scopes=scopes, until=until)

    made, token = _administer(context, "keys add", work, target=name)
    out = Out()
    out.json({"name": made.name, "token": token}) if as_json else out.answer.print(token, soft_wrap=True)


@programs.command("revoke")
def keys_revoke(context: typer.Context, name: str = typer.Argument(help="Key.")) -> None:
    """End a key, for good."""
    _administer(context, "keys revoke", lambda desk, tenant: keys.revoke(desk.db, tenant, name), target=name)
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

    async def work(desk: Desk, tenant: Tenant) -> list[audit.Entry]:
        return await audit.listed(desk.db, tenant, who=who, what=what, limit=limit)

    session: Session = context.obj
    rows = [fields_of(one) for one in session.run(work, needs=Right.ADMINISTER)]
    _tell("entries", rows, ENTRY, as_json=as_json, as_csv=as_csv, empty="Nothing yet.")


def _administer(context: typer.Context, what: str, work: Any, *, target: str = "") -> Any:
    session: Session = context.obj
    return session.run(work, what=what, needs=Right.ADMINISTER, target=target)


def _change(context: typer.Context, what: str, name: str, **how: Any) -> None:
    async def work(desk: Desk, tenant: Tenant) -> users.User:
        return await users.change(desk.db, tenant, name, at=desk.clock.now(), **how)

    changed: users.User = _administer(context, what, work, target=name)
    state = "shut out" if changed.disabled else f"{changed.role}"
    Out().answer.print(f"'{changed.name}' is {state}.", markup=False)


def _password() -> str:
    """Asked for twice on a terminal; otherwise a line of standard input. Never an argument: those are seen by all."""
    if sys.stdin.isatty():
        return str(
            typer.prompt("Password (12 characters or more)", hide_input=True, confirmation_prompt=True, err=True)
        )
    return sys.stdin.readline().rstrip("\n")


def _tell(
    name: str, rows: list[dict[str, Any]], columns: tuple[str, ...], *, as_json: bool, as_csv: bool, empty: str
) -> None:  # fmt: skip
    out = Out()
    if as_json:
        return out.json({name: rows})
    if as_csv:
        return out.csv(rows, columns)
    return show.rows(out, [{one: row[one] for one in columns} for row in rows], empty=empty)
