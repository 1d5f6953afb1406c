"""Rows that did not fit."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from sightline.foundation.identity import Right
from sightline.interfaces.cli import show
from sightline.interfaces.cli.connection import Connection, first, page, plain
from sightline.interfaces.cli.importing import report
from sightline.interfaces.cli.reading import CSV, JSON
from sightline.interfaces.cli.session import Out, Session
from sightline.interfaces.cli.waiting import done

if TYPE_CHECKING:
    from sightline_client import models

HELD = ("number", "batch", "source", "line", "reason", "at", "replayed_at", "discarded_at")
"""The columns of a row in quarantine."""

quarantine = typer.Typer(help="Rows that did not fit: list, show, mend, replay.", no_args_is_help=True)


def add(app: typer.Typer) -> None:
    """Register the commands."""
    app.add_typer(quarantine, name="quarantine")


@quarantine.command("list")
def quarantine_list(context: typer.Context, as_json: bool = JSON, as_csv: bool = CSV) -> None:
    """List rows that did not fit, with line and reason."""
    session: Session = context.obj
    found = session.call(lambda near: first(near.client.quarantine.each(limit=page())), what="quarantine list")
    out = Out()
    if as_json:
        return out.json({"quarantine": found})
    if as_csv:
        return out.csv(found, HELD)
    rows = [{name: row[name] for name in ("number", "source", "line", "reason")} for row in found]
    return show.rows(out, rows, empty="Nothing is in quarantine.")


@quarantine.command("show")
def quarantine_show(context: typer.Context, number: int, as_json: bool = JSON) -> None:
    """Show one row as it was read."""
    session: Session = context.obj

    async def work(near: Connection) -> dict[str, Any]:
        return plain(await near.client.quarantine.get(number))

    row = session.call(work, what="quarantine show", target=str(number))
    raw = json.dumps(_said(row), ensure_ascii=False, separators=(",", ":"))
    out = Out()
    if as_json:
        return out.json({**row, "raw": raw})
    out.answer.print(f"line {row['line']} of {row['source']}: {row['reason']}\n{raw}")
    return None


def _said(row: dict[str, Any]) -> dict[str, Any]:
    """What stood in the file: cells by column, or the text that could not be split."""
    return {"raw": row["raw"]} if row["cells"] is None else {"cells": row["cells"]}


@quarantine.command("replay")
def quarantine_replay(
    context: typer.Context,
    numbers: list[int] = typer.Argument(None, help="Which rows; all when left out."),
    changes: list[str] = typer.Option([], "--set", help="COLUMN=VALUE: mend a cell before it is read."),
    mapping: Path | None = typer.Option(None, help="Read the rows with this mapping from now on."),
    overwrite: bool = typer.Option(
        False, "--overwrite", help="Let the rows stand in the place of what they contradict."
    ),
    as_json: bool = JSON,
) -> None:
    """Try rows again, mended or under a changed mapping.

    Example: sightline quarantine replay 3 --set "Order Date=2015-01-31"
    """
    from sightline.kernel.desk.replaying import changes_of
    from sightline.kernel.observe import mapping_file

    session: Session = context.obj
    out = Out()
    text = mapping_file.text_of(mapping_file.load(mapping)) if mapping else None
    mended = changes_of(changes)

    async def work(near: Connection) -> dict[str, Any]:
        asked = near.client.quarantine.replay(numbers=numbers or None, changes=mended, overwrite=overwrite, text=text)
        return await done(near, asked, out, says=lambda _: "Trying again", stopped=_tried)

    found = session.call(work, what="quarantine replay", needs=Right.OPERATE, target=_told(numbers))
    wrong = found["still_wrong"]
    if as_json:
        return out.json({"recorded": found["recorded"], "still_wrong": wrong})
    if found["recorded"]:
        report(out, {**found["recorded"], "quarantined": 0})
    elif not wrong:
        out.answer.print("Nothing waits in quarantine.")
    for one in wrong:
        out.answer.print(f"{one['number']} (line {one['line']}): {one['reason']}")
    if found["wrong"] > len(wrong):
        out.answer.print(f"{found['wrong'] - len(wrong):,} more do not fit either: `sightline quarantine list`.")
    return None


def _tried(job: models.Job) -> str:
    return f"{job.done or 0:,} rows were looked at; those that fit and are not recorded wait in quarantine as before."


@quarantine.command("discard")
def quarantine_discard(
    context: typer.Context,
    numbers: list[int] = typer.Argument(help="Which rows."),
    as_json: bool = JSON,
) -> None:
    """Set rows aside that nobody will mend; they are kept, and wait no longer.

    Example: sightline quarantine discard 3 4
    """
    session: Session = context.obj

    async def work(near: Connection) -> int:
        return (await near.client.quarantine.discard(numbers)).discarded

    gone = session.call(work, what="quarantine discard", needs=Right.OPERATE, target=_told(numbers))
    out = Out()
    if as_json:
        return out.json({"discarded": gone})
    out.answer.print(f"{gone:,} rows wait no longer.")
    return None


def _told(numbers: list[int] | None) -> str:
    return " ".join(map(str, numbers or ()))
