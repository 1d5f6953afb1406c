"""How far a model can be trusted, on the terminal or as a file to be sent around."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import typer

from sightline.interfaces.cli import evidence
from sightline.interfaces.cli.connection import Connection, plain
from sightline.interfaces.cli.reading import JSON
from sightline.interfaces.cli.session import Doors, Out, Session
from sightline.language.errors import Invalid


def add(app: typer.Typer, doors: Doors) -> None:
    """Register the command."""

    @app.command()
    def proof(
        context: typer.Context,
        name: str = typer.Argument(help="Question, such as supply.arrives_late."),
        html: Path | None = typer.Option(None, "--html", help="Write it as one HTML file that opens anywhere."),
        as_json: bool = JSON,
    ) -> None:
        """Show how far the model of a question can be trusted.

        Example: sightline proof supply.arrives_late --html proof.html
        """
        session: Session = context.obj
        if html is not None and not html.parent.is_dir():
            raise _unwritable(html, f"there is no folder '{html.parent}'")
        document, unit = session.call(lambda near: _read(near, name), target=name)
        out = Out()
        if html is not None:
            _write(html, doors.proof_file(document, unit))
            out.aside.print(f"Written to {html}.")
        if as_json:
            return out.json(document)
        return None if html is not None else evidence.proof(out, document)


def _write(file: Path, text: str) -> None:
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise _unwritable(file, (error.strerror or str(error)).lower()) from None


def _unwritable(file: Path, why: str) -> Invalid:
    return Invalid(f"'{file}' cannot be written: {why}.", hint="Name a file in a folder that you may write to.")


async def _read(near: Connection, name: str) -> tuple[dict[str, Any], str | None]:
    found = plain(await near.client.questions.proof(name))
    told = (await near.client.questions.list()).questions
    return found, next((one.worth_unit for one in told if one.name == name), None)
