"""Files in."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer
from rich.console import Console

from sightline.foundation.identity import Right
from sightline.interfaces.cli import show
from sightline.interfaces.cli.connection import Connection, first, page
from sightline.interfaces.cli.reading import CSV, JSON
from sightline.interfaces.cli.refusals import as_ours
from sightline.interfaces.cli.session import Out, Session, fields_of
from sightline.interfaces.cli.waiting import done
from sightline.language.errors import Conflict, Invalid, NotFound, Unavailable
from sightline.language.event import LINKS, Event

if TYPE_CHECKING:
    from sightline.kernel.observe.mapping import Mapping
    from sightline.kernel.observe.sniff import Proposal
    from sightline_client import models

IMPORTED = ("batch", "rows", "events", "repeated", "revised", "staged", "quarantined")
UNDONE = ("retracted", "restored", "unstaged")
"""What an import and an undo tell of themselves, in the order they tell it."""


def add(app: typer.Typer) -> None:
    """Register the commands."""
    app.command("import")(import_)


def import_(
    context: typer.Context,
    file: str = typer.Argument(help="CSV, TSV, Parquet or JSON Lines; or `list`; or `undo` followed by a batch."),
    batch: str | None = typer.Argument(None, help="With `undo`: the batch to take back."),
    mapping: Path | None = typer.Option(None, help="How its rows become events (TOML); proposed when left out."),
    name: str | None = typer.Option(None, help="Name of the source; the file's name when left out."),
    preview: bool = typer.Option(False, "--preview", help="Show what would be recorded, and record nothing."),
    yes: bool = typer.Option(False, "--yes", "-y", help="Accept the proposed mapping unseen."),
    limit: int | None = typer.Option(None, min=1, help="Read at most so many rows."),
    as_json: bool = JSON,
    as_csv: bool = CSV,
) -> None:
    """Record a file's rows as events; without a mapping, look at it and propose one.

    Examples: sightline import orders.csv --preview | sightline import list | sightline import undo 20150101-ab12cd
    """
    session: Session = context.obj
    out = Out()
    if file == "list":
        return _list(session, out, as_json=as_json, as_csv=as_csv)
    if file == "undo":
        return _undo(session, out, batch, as_json=as_json)
    path = Path(file)
    chosen = _choose(out, path, mapping, name, ask=not (preview or yes), quiet=preview or as_json)
    if preview:
        return _preview(out, chosen, path, as_json=as_json)
    if chosen.save_as is not None:
        chosen.save_as.write_text(chosen.text, encoding="utf-8")
        out.aside.print(f"The mapping is saved as {chosen.save_as}: edit it, commit it, import again.")

    async def work(near: Connection) -> dict[str, Any]:
        return await _record(near, out, path, chosen.text, limit)

    found = session.call(work, own=True, needs=Right.OPERATE, target=path.name)
    return out.json(found) if as_json else report(out, found)


async def _record(near: Connection, out: Out, path: Path, mapping: str, limit: int | None) -> dict[str, Any]:
    file, found = await near.send(path, _called(path)), None
    try:
        starting = near.client.imports.start(file, text=mapping, limit=limit)
        found = await done(near, starting, out, says=_importing, stopped=_imported)
        return {name: found[name] for name in IMPORTED}
    finally:
        # What was imported is forgotten already; a job that goes on by itself keeps what it reads.
        if found is None:
            with suppress(NotFound, Conflict, Unavailable), as_ours():
                await near.client.files.delete(file)


def _called(path: Path) -> str:
    """The name of a file, as far as it can be told."""
    return "".join(one if one.isprintable() else "\N{REPLACEMENT CHARACTER}" for one in path.name)


def _importing(job: models.Job) -> str:
    return f"Importing: {job.note}" if job.note else "Importing"


def _imported(job: models.Job) -> str:
    said = job.result
    if not said or not said["rows"]:
        return "Nothing was recorded; import the file again."
    return (
        f"{said['rows']:,} rows were read and {said['events']:,} facts recorded as batch {said['batch']};"
        f" import the file again to add the rest, or take them back: `sightline import undo {said['batch']}`."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Chosen:
    """The mapping to use."""

    mapping: Mapping
    text: str
    """As TOML."""
    save_as: Path | None = None
    """Where a proposed one is to be kept."""
    proposed: Proposal | None = None
    """Where it comes from, if nobody gave it."""


def _choose(out: Out, path: Path, given: Path | None, name: str | None, *, ask: bool, quiet: bool) -> _Chosen:
    from sightline.kernel.observe import mapping_file
    from sightline.kernel.observe.mapping import as_name

    kept = Path(path.name.partition(".")[0] + ".mapping.toml")
    if given is None and kept.exists():
        _attended(ask=ask)
        out.aside.print(f"Using {kept} of this folder; delete it to have a new one proposed.")
        given = kept
    if given is not None:
        mapping = mapping_file.load(given)
        mapping = replace(mapping, source=as_name(name)) if name else mapping
        return _Chosen(mapping=mapping, text=mapping_file.text_of(mapping))
    return _proposed(out, path, kept, name, ask=ask, quiet=quiet)


def _attended(*, ask: bool) -> None:
    if ask and not sys.stdin.isatty():
        raise Invalid(
            "Nobody is here to say whether that mapping is right.",
            hint="Add --yes to accept it, --mapping FILE to give one, or --preview to see what becomes of each row.",
        )


def _proposed(out: Out, path: Path, kept: Path, name: str | None, *, ask: bool, quiet: bool) -> _Chosen:
    from sightline.kernel.desk import proposing
    from sightline.vocabulary.words import WORDS

    proposal = proposing.proposal(path, words=WORDS, name=name)
    if not quiet:
        _columns(out, path, proposal)
        _events(out.aside, proposal.events)
    _attended(ask=ask)
    if ask and not typer.confirm("Import with this mapping?", err=True):
        kept.write_text(proposal.text, encoding="utf-8")
        raise Invalid("Nothing was recorded.", hint=f"The mapping is saved as {kept}: edit it and import again.")
    return _Chosen(mapping=proposal.mapping, text=proposal.text, save_as=kept, proposed=proposal)


def _columns(out: Out, path: Path, proposal: Proposal) -> None:
    made = show.table(
        "column", "becomes", "filled", "distinct", "for example", "why", title=f"{path.name}: what it looks like"
    )
    for seen in proposal.columns:
        examples = ", ".join(seen.examples)[:40]
        row = (seen.column, seen.role, f"{seen.filled:.0%}", f"{seen.distinct:,}", examples, seen.why)
        made.add_row(*row)
    out.aside.print(made)
    for doubt in proposal.doubts:
        out.aside.print(f"? {doubt}")


def _events(console: Console, events: Sequence[Event]) -> None:
    made = show.table("event", "about", "happened", "known", "says", title="The first events it would record")
    for event in events[:8]:
        row = (event.type, str(event.subject), show.day(event.time), show.day(event.known_at), _said(event)[:90])
        made.add_row(*row)
    console.print(made)


def _said(event: Event) -> str:
    own = {name: value for name, value in event.data.items() if name != LINKS}
    return ", ".join(f"{name}={value}" for name, value in (own | event.data.get(LINKS, {})).items())


def _preview(out: Out, chosen: _Chosen, path: Path, *, as_json: bool) -> None:
    from sightline.kernel.desk import proposing

    found = proposing.preview(path, chosen.mapping, proposed=chosen.proposed)
    if as_json:
        first = [{**fields_of(e), "subject": str(e.subject)} for e in found.events]
        wrong = [fields_of(one) for one in found.misfits]
        return out.json({"mapping": found.text, "doubts": found.doubts, "events": first, "misfits": wrong})
    # The TOML alone on standard output, as it is: `--preview > x.toml` makes a file to edit.
    out.answer.print(found.text, soft_wrap=True)
    _events(out.aside, found.events)
    for one in found.misfits[:10]:
        out.aside.print(f"line {one.line}: {one.reason}")
    out.aside.print("Nothing was recorded (--preview).")
    return None


def report(out: Out, found: dict[str, Any]) -> None:
    """What an import did."""
    out.answer.print(
        f"Batch {found['batch']}: {found['rows']:,} rows gave {found['events']:,} new or changed facts"
        f" ({found['revised']:,} of them corrections), {found['repeated']:,} were known already.",
        markup=False,
    )
    if found["staged"]:
        out.answer.print(f"{found['staged']:,} become known later and wait for their day.")
    if found["quarantined"]:
        out.answer.print(f"{found['quarantined']:,} rows did not fit: `sightline quarantine list` shows why.")
    if found["rows"] == found["quarantined"]:
        out.answer.print("Nothing was recorded.")
    elif found["events"]:
        out.aside.print("What can be asked of it: `sightline questions`.")


def _list(session: Session, out: Out, *, as_json: bool, as_csv: bool) -> None:
    found = session.call(lambda near: first(near.client.imports.each(limit=page())), what="import list")
    if as_json:
        return out.json({"batches": found})
    if as_csv:
        return out.csv(found, BATCH)
    return show.rows(out, show.batches(found), empty="Nothing was imported yet. Try `sightline import FILE --preview`.")


BATCH = (
    "id", "source", "file", "started_at", "finished_at", "undone_at", "rows", "events", "repeated", "revised", "staged",
    "quarantined",
)  # fmt: skip
"""The columns of an import."""


def _undo(session: Session, out: Out, batch: str | None, *, as_json: bool) -> None:
    if batch is None:
        raise Invalid("Which batch?", hint="`sightline import list` shows them; then `sightline import undo BATCH`.")

    async def work(near: Connection) -> dict[str, Any]:
        found = await done(near, near.client.imports.undo(batch), out, says=_undoing, stopped=_undone)
        return {name: found[name] for name in UNDONE}

    undone = session.call(work, what="import undo", needs=Right.OPERATE, target=batch)
    if as_json:
        return out.json(undone)
    if not any(undone.values()):
        return out.answer.print("Nothing to take back: other imports say the same, or it brought nothing.")
    out.answer.print(
        f"{undone['retracted']:,} facts retracted, {undone['restored']:,} say again what they said before,"
        f" {undone['unstaged']:,} will never be recorded."
    )
    return None


def _undoing(job: models.Job) -> str:
    return f"Taking back: {job.note}" if job.note else "Taking back"


def _undone(job: models.Job) -> str:
    return f"{job.done or 0:,} facts are taken back; `sightline import undo {job.about}` goes on with the rest."
