"""What was decided, and what came of it."""

from __future__ import annotations

from typing import Any

import typer

from sightline.interfaces.cli import show
from sightline.interfaces.cli.connection import Connection, Rows, first, page
from sightline.interfaces.cli.reading import CSV, JSON
from sightline.interfaces.cli.session import Out, Session

DECIDED = ("at", "playbook", "subject", "verb", "choice", "value", "arm", "came")
CAME = ("success", "happened", "happened_at", "closes_at", "settled_at", "corrected_at")
"""Of an outcome, as columns of their own."""


def add(app: typer.Typer) -> None:
    """Register the command."""
    app.command()(decisions)


def decisions(
    context: typer.Context,
    about: str | None = typer.Option(None, help="Only about this thing, such as line/82108."),
    playbook: str | None = typer.Option(None, help="Only of this playbook."),
    verb: str | None = typer.Option(None, help="Only act, ask, hold or drop."),
    limit: int = typer.Option(50, min=1, max=100_000, help="How many."),
    as_json: bool = JSON,
    as_csv: bool = CSV,
) -> None:
    """List what was decided, newest first, and what came of it within the time that counts.

    Example: sightline decisions --playbook supply.warn_buyer --verb act
    """
    session: Session = context.obj

    async def work(near: Connection) -> Rows:
        wanted: Any = verb
        asked = near.client.decisions.each(subject=about, playbook=playbook, verb=wanted, limit=page(limit))
        return await first(asked, limit)

    found = session.call(work, target=about or playbook or "")
    if not as_json:
        found = [_flat(one, exact=as_csv) for one in found]
    columns = (*DECIDED, *CAME) if as_csv else DECIDED
    show.listed(Out(), "decisions", found, columns, as_json=as_json, as_csv=as_csv, empty="Nothing was decided yet.")


def _flat(one: dict[str, Any], *, exact: bool) -> dict[str, Any]:
    outcome = one["outcome"] or {}
    value = one["value"] if exact else show.money(one["value"])
    return {**one, "value": value, "came": outcome.get("words", ""), **{name: outcome.get(name) for name in CAME}}


def came(found: dict[str, Any]) -> list[str]:
    """What came of what goes by a decision, as a line; nothing where nothing tells."""
    return [f"What came of it: {found['outcome']['words']}"] if found["outcome"] else []
