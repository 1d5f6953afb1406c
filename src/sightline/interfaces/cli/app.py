"""The commands, put together."""

from __future__ import annotations

import sys
from collections.abc import Callable

import typer

from sightline.foundation.settings import Settings
from sightline.interfaces.cli import importing, keeping, questioning, reading
from sightline.interfaces.cli.session import Doors, Out, Session
from sightline.language.errors import SightlineError


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
    ) -> None:
        context.obj = Session(Settings.load(), doors.open, workspace)

    for part in (reading, questioning, importing):
        part.add(app)
    keeping.add(app, doors)
    return lambda: _run(app)


def _run(app: typer.Typer) -> None:
    try:
        app()
    except SightlineError as error:
        out = Out()
        if "--json" in sys.argv:
            out.json({"error": {"code": error.code, "message": error.message, "hint": error.hint}}, indent=0)
        out.failed(error)
        sys.exit(2 if error.status < 500 else 1)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
