"""How far a model can be trusted, on the terminal or as a file to be sent around."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import typer

from sightline.interfaces.cli import show
from sightline.interfaces.cli.connection import Connection, plain
from sightline.interfaces.cli.reading import JSON
from sightline.interfaces.cli.session import Doors, Out, Session


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
        document, unit = session.call(lambda near: _read(near, name), target=name)
        out = Out()
        if html is not None:
            html.write_text(doors.proof_file(document, unit), encoding="utf-8")
            out.aside.print(f"Written to {html}.")
        if as_json:
            return out.json(document)
        return None if html is not None else show.proof(out, document)


async def _read(near: Connection, name: str) -> tuple[dict[str, Any], str | None]:
    found = plain(await near.client.questions.proof(name))
    told = (await near.client.questions.list()).questions
    return found, next((one.worth_unit for one in told if one.name == name), None)
