"""The commands, put together."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable
from typing import Any, NoReturn

import typer

from sightline.foundation.settings import Settings
from sightline.interfaces.cli import (
    chatting,
    comparing,
    contacting,
    deciding,
    hooking,
    importing,
    keeping,
    mending,
    opening,
    playing,
    principals,
    proving,
    questioning,
    reading,
    recalling,
    sending,
    supposing,
    versions,
    watch,
)
from sightline.interfaces.cli.session import Doors, Out, Session
from sightline.language.errors import Invalid, SightlineError, Unavailable


def build(doors: Doors) -> Callable[[], None]:
    """The program: parses the arguments, runs a command, turns errors into words and an exit code."""
    app = typer.Typer(
        name="sightline",
        help="An intelligence layer for a business: what will happen next, why, and how far to trust it.",
        no_args_is_help=True,
        add_completion=False,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
    )

    @app.callback()
    def start(
        context: typer.Context,
        workspace: str | None = typer.Option(None, "--workspace", "-w", help="Workspace to work in."),
        server: str | None = typer.Option(
            None, "--server", help="URL of a server to work on, instead of this machine."
        ),
    ) -> None:
        context.obj = Session(Settings.load(), doors, workspace, server, context.invoked_subcommand or "")

    asking = (reading, questioning, versions, watch, supposing)
    acting = (deciding, recalling, playing, comparing, sending, chatting, contacting)
    for part in (*asking, importing, mending, hooking, *acting, principals, opening):
        part.add(app)
    proving.add(app, doors)
    keeping.add(app, doors)
    return lambda: _run(app)


def _run(app: typer.Typer) -> None:
    # What is loaded stays: no garbage is looked for in it.
    gc.freeze()
    try:
        sys.exit(app(standalone_mode=False) or 0)
    except typer.Abort:
        Out().aside.print("Aborted!")
        sys.exit(1)
    except typer.TyperException as error:
        _misspelt(error)
    except SightlineError as error:
        _failed(error)
    except BrokenPipeError:
        sys.exit(0)
    except OSError as error:
        named = f" '{error.filename}'" if error.filename else ""
        _failed(
            Unavailable(f"{error.strerror or error}{named}.", hint="`sightline doctor` looks the installation over.")
        )
    finally:
        _close()


def _misspelt(error: Any) -> NoReturn:
    """Tell of words that are no command, in the parser's own way."""
    context = getattr(error, "ctx", None)
    hint = f"`{context.command_path} --help` tells what can be written." if context else None
    _told_as_json(Invalid(error.format_message(), hint=hint))
    error.show()
    sys.exit(error.exit_code)


def _failed(error: SightlineError) -> NoReturn:
    _told_as_json(error)
    Out().failed(error)
    sys.exit(2 if error.status < 500 else 1)


def _told_as_json(error: SightlineError) -> None:
    if "--json" in sys.argv:
        told = {"code": error.code, "message": error.message, "hint": error.hint}
        Out().json({"error": told}, indent=0)


def _close() -> None:
    # Whoever read from us may have gone (`| head`): what is left in the buffer then has nowhere to go, silently.
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    # All goes with the process: to look through what was loaded for cycles took longer than most commands do. But one
    # library looks for what it left behind.
    if "duckdb" not in sys.modules:
        gc.freeze()
