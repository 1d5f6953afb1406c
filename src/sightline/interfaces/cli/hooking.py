"""Where other systems post to."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from sightline.foundation.identity import Right
from sightline.interfaces.cli import show
from sightline.interfaces.cli.connection import Connection, Rows, plain
from sightline.interfaces.cli.reading import CSV, JSON
from sightline.interfaces.cli.session import Out, Session
from sightline.language.errors import Invalid, NotFound

if TYPE_CHECKING:
    from sightline_client import models

HOOK = ("name", "source", "scheme", "address", "mapped", "taken_at", "refused_at", "refused_why", "disabled_at")

NAME = typer.Argument(help="Hook, such as shop.")
GIVEN = typer.Option(False, "--secret", help="The sender has made the secret: it is asked for, or read from a pipe.")

hooks = typer.Typer(help="Where other systems post to: list, add, test, rotate, on, off, remove.", no_args_is_help=True)


def add(app: typer.Typer) -> None:
    """Register the commands."""
    app.add_typer(hooks, name="hooks")


@hooks.command("list")
def hooks_list(context: typer.Context, as_json: bool = JSON, as_csv: bool = CSV) -> None:
    """List where other systems post to, and when each was last heard."""
    session: Session = context.obj

    async def work(near: Connection) -> Rows:
        return [plain(one) for one in (await near.client.hooks.list()).hooks]

    found = session.call(work, what="hooks list")
    empty = "No hooks yet. `sightline hooks add NAME` makes one."
    show.listed(Out(), "hooks", found, HOOK, as_json=as_json, as_csv=as_csv, empty=empty)


@hooks.command("add")
def hooks_add(
    context: typer.Context,
    name: str = NAME,
    scheme: str = typer.Option("standard", help="How it signs: standard, hmac, stripe, github or token."),
    mapping: Path | None = typer.Option(None, help="How a body becomes events (TOML); CloudEvents when left out."),
    each: str = typer.Option("", help="Dotted path to the list in a body whose objects are the rows."),
    source: str | None = typer.Option(None, help="Source of its CloudEvents; the name when left out."),
    given: bool = GIVEN,
    signature_header: str | None = typer.Option(None, help="Where the signature or the token stands."),
    timestamp_header: str | None = typer.Option(None, help="hmac: where the time stands; empty: it is not dated."),
    id_header: str | None = typer.Option(None, help="Where the name of a message stands."),
    id_field: str | None = typer.Option(None, help="Dotted path to its name in the body."),
    algorithm: str | None = typer.Option(None, help="hmac: sha256 or sha512."),
    encoding: str | None = typer.Option(None, help="hmac: hex or base64."),
    prefix: str | None = typer.Option(None, help="hmac, token: what stands before the signature or the token."),
    layout: str | None = typer.Option(None, help="hmac: what is signed, such as {timestamp}.{body}."),
    as_json: bool = JSON,
) -> None:
    """Add an endpoint for another system. Its address and its secret are shown; the secret this once.

    Example: sightline hooks add shop --scheme github --mapping shop.mapping.toml
    """
    session: Session = context.obj
    told = {
        "signature_header": signature_header, "timestamp_header": timestamp_header, "id_header": id_header,
        "id_field": id_field, "algorithm": algorithm, "encoding": encoding, "prefix": prefix, "layout": layout,
    }  # fmt: skip
    options: Any = {key: value for key, value in told.items() if value is not None}
    wanted: Any = scheme
    text, secret = _text(mapping) if mapping else None, _secret() if given else None

    async def work(near: Connection) -> models.MadeHook:
        return await near.client.hooks.create(
            name=name, scheme=wanted, options=options, source=source, mapping=text, each=each, secret=secret
        )

    _made(session.call(work, what="hooks add", needs=Right.ADMINISTER, target=name), as_json=as_json)


@hooks.command("rotate")
def hooks_rotate(context: typer.Context, name: str = NAME, given: bool = GIVEN, as_json: bool = JSON) -> None:
    """Make another secret. The one before is good too, until the next rotation.

    Example: sightline hooks rotate payments --secret < secret.txt
    """
    session: Session = context.obj
    secret = _secret() if given else None

    async def work(near: Connection) -> models.MadeHook:
        return await near.client.hooks.rotate(name, secret=secret)

    _made(session.call(work, what="hooks rotate", needs=Right.ADMINISTER, target=name), as_json=as_json)


@hooks.command("test")
def hooks_test(
    context: typer.Context,
    name: str = NAME,
    file: str = typer.Argument(help="A body as it is posted (JSON); - for standard input."),
    as_json: bool = JSON,
) -> None:
    """Tell what would become of a body. Records nothing.

    Example: sightline hooks test shop order.json
    """
    session: Session = context.obj
    body = sys.stdin.read() if file == "-" else _text(Path(file))

    async def work(near: Connection) -> dict[str, Any]:
        return plain(await near.client.hooks.test(name, body=body))

    found = session.call(work, what="hooks test", needs=Right.OPERATE, target=name)
    out = Out()
    if as_json:
        return out.json(found)
    lines = [f"{one['type']} {one['subject']} {show.day(one['time'])} {one['data']}" for one in found["events"]]
    lines += [f"row {one['line']} would go to quarantine: {one['reason']}" for one in found["misfits"]]
    return out.answer.print("\n".join(lines) or "Nothing would be recorded.", markup=False, soft_wrap=True)


@hooks.command("on")
def hooks_on(context: typer.Context, name: str = NAME) -> None:
    """Take messages there again."""
    _switch(context, name, on=True)


@hooks.command("off")
def hooks_off(context: typer.Context, name: str = NAME) -> None:
    """Take none for now: its address answers as one that never was."""
    _switch(context, name, on=False)


@hooks.command("remove")
def hooks_remove(context: typer.Context, name: str = NAME) -> None:
    """Forget a hook and its address; what was posted there stays."""
    session: Session = context.obj
    session.call(lambda near: near.client.hooks.delete(name), what="hooks remove", needs=Right.ADMINISTER, target=name)
    Out().answer.print(f"'{name}' is removed.", markup=False)


def _switch(context: typer.Context, name: str, *, on: bool) -> None:
    session: Session = context.obj
    session.call(
        lambda near: near.client.hooks.switch(name, on=on),
        what=f"hooks {'on' if on else 'off'}", needs=Right.ADMINISTER, target=name,
    )  # fmt: skip
    Out().answer.print(f"'{name}' is switched {'on' if on else 'off'}.", markup=False)


def _made(made: models.MadeHook, *, as_json: bool) -> None:
    out, secret = Out(), made.secret.get_secret_value()
    if as_json:
        return out.json({"name": made.name, "address": made.address, "secret": secret})
    return out.answer.print(f"{made.address}\n{secret}", markup=False, soft_wrap=True)


def _secret() -> str:
    """Asked for on a terminal; otherwise a line of standard input. Never an argument: those are seen by all."""
    if sys.stdin.isatty():
        return str(typer.prompt("Secret of the sender", hide_input=True, err=True))
    return sys.stdin.readline().rstrip("\n")


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise NotFound(f"There is no file '{path}'.") from None
    except (UnicodeDecodeError, IsADirectoryError):
        raise Invalid(f"'{path}' is no text in UTF-8.") from None
