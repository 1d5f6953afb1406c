"""What if: what would be said of a subject, were some of its attributes others."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import typer
from rich.text import Text

from sightline.foundation.identity import Right
from sightline.interfaces.cli import show
from sightline.interfaces.cli.amounts import said
from sightline.interfaces.cli.connection import Connection, plain
from sightline.interfaces.cli.reading import JSON
from sightline.interfaces.cli.session import Out, Session
from sightline.language.errors import Invalid
from sightline.language.ref import Ref

MOST_REASONS = 4


def add(app: typer.Typer) -> None:
    """Register the command."""
    app.command("what-if")(what_if)


def what_if(
    context: typer.Context,
    question: str = typer.Argument(help="Question, such as supply.arrives_late."),
    subject: str = typer.Argument(help="Subject, such as line/82108."),
    changes: list[str] = typer.Argument(
        None,
        help="attribute=value, as many as are to be others; no value for unknown. None: what would change it most.",
    ),
    as_json: bool = JSON,
) -> None:
    """Tell what would be said of a subject, were some of its attributes others. Nothing of it is kept.

    Example: sightline what-if supply.arrives_late line/82108 mode=Air
    """
    session: Session = context.obj
    ref, given = (
        Ref.parse(subject),
        {name: value or None for name, value in pairs(changes or [], "attribute=value").items()},
    )

    async def work(near: Connection) -> dict[str, Any]:
        return plain(await near.client.questions.what_if(question, subject=str(ref), changes=given))

    found = session.call(work, needs=Right.OPERATE, ref=ref)
    out = Out()
    if as_json:
        return out.json(found)
    told = ", ".join(f"{name} {value if value is not None else 'unknown'}" for name, value in given.items())
    asked = f", as of {show.day(found['now']['cutoff'])}"
    out.answer.print(Text.assemble((f"{question} of {subject}", "bold"), asked))
    for words, one in (("as it is", found["now"]), *([(f"with {told}", found["then"])] if given else [])):
        out.answer.print(Text(f"  {words}: {said({**one, 'unit': found['unit']})}"))
    for hint in [] if given else found["hints"]:
        out.answer.print(Text(f"    {hint['text']}"))
    for note in found["notes"]:
        out.answer.print(Text(f"    {note}", style="yellow"))
    for reason in found["then"]["reasons"][:MOST_REASONS]:
        out.answer.print(Text(f"    {'+' if reason['contribution'] > 0 else '-'} {reason['text']}", style="dim"))
    return None


def pairs(given: Sequence[str], form: str) -> dict[str, str]:
    """Texts such as mode=Air as a mapping. Raises Invalid that shows the `form`."""
    found: dict[str, str] = {}
    for one in given:
        name, equals, value = one.partition("=")
        if not equals or not name.strip():
            raise Invalid(f"'{one}' does not say what is to be what.", hint=f"Write {form}.")
        found[name.strip()] = value.strip()
    return found
