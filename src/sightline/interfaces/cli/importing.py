"""Files in."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer
from rich.console import Console

from sightline.foundation.identity import Right
from sightline.foundation.tenants import Tenant
from sightline.interfaces.cli import show
from sightline.interfaces.cli.questioning import bar
from sightline.interfaces.cli.reading import CSV, JSON
from sightline.interfaces.cli.session import Out, Session, fields_of
from sightline.kernel.desk import Desk, proposing, replaying
from sightline.kernel.desk import importing as desk_importing
from sightline.kernel.observe import imports, mapping_file
from sightline.kernel.observe.imports import Imported
from sightline.kernel.observe.mapping import Mapping, as_name
from sightline.kernel.observe.quarantine import Held
from sightline.language.errors import Invalid
from sightline.language.event import LINKS, Event

if TYPE_CHECKING:
    from sightline.kernel.observe.sniff import Proposal

quarantine = typer.Typer(help="Rows that did not fit: list, show, mend, replay.", no_args_is_help=True)


def add(app: typer.Typer) -> None:
    """Register the commands."""
    app.command("import")(import_)
    app.add_typer(quarantine, name="quarantine")


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

    async def work(desk: Desk, tenant: Tenant) -> Imported:
        return await _record(desk, tenant, out, path, chosen.mapping, limit)

    done = _stoppable(out, lambda: session.run(work, own=True, needs=Right.OPERATE, target=path.name))
    if as_json:
        return out.json(done)
    return _report(out, done)


def _stoppable(out: Out, work: Callable[[], Imported]) -> Imported:
    try:
        return work()
    except KeyboardInterrupt:
        out.aside.print("Stopped. What was read is recorded; import the file again to add the rest.")
        raise


async def _record(desk: Desk, tenant: Tenant, out: Out, path: Path, mapping: Mapping, limit: int | None) -> Imported:
    with bar(out) as progress:
        task = progress.add_task("Importing", total=None)

        def heard(done: Imported) -> None:
            progress.update(task, description=f"Importing: {done.rows:,} rows, {done.events:,} events")

        return await desk_importing.import_file(desk, tenant, path, mapping, limit=limit, progress=heard)


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
    kept = Path(path.name.partition(".")[0] + ".mapping.toml")
    if given is None and ask and not sys.stdin.isatty():
        raise Invalid(
            "Nobody is here to look at the proposed mapping.",
            hint="Add --preview to see it, --yes to accept it, or --mapping FILE to give one.",
        )
    if given is None and kept.exists():
        out.aside.print(f"Using {kept} of this folder; delete it to have a new one proposed.")
        given = kept
    if given is not None:
        mapping = mapping_file.load(given)
        mapping = replace(mapping, source=as_name(name)) if name else mapping
        return _Chosen(mapping=mapping, text=mapping_file.text_of(mapping))
    return _proposed(out, path, kept, name, ask=ask, quiet=quiet)


def _proposed(out: Out, path: Path, kept: Path, name: str | None, *, ask: bool, quiet: bool) -> _Chosen:
    from sightline.vocabulary.words import WORDS

    proposal = proposing.proposal(path, words=WORDS, name=name)
    if not quiet:
        _columns(out, path, proposal)
        _events(out.aside, proposal.events)
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


def _report(out: Out, done: Imported) -> None:
    out.answer.print(
        f"Batch {done.batch}: {done.rows:,} rows gave {done.events:,} new or changed facts"
        f" ({done.revised:,} of them corrections), {done.repeated:,} were known already.",
        markup=False,
    )
    if done.staged:
        out.answer.print(f"{done.staged:,} become known later and wait for their day.")
    if done.quarantined:
        out.answer.print(f"{done.quarantined:,} rows did not fit: `sightline quarantine list` shows why.")
    if done.rows == done.quarantined:
        out.answer.print("Nothing was recorded.")
    elif done.events:
        out.aside.print("What can be asked of it: `sightline questions`.")


def _list(session: Session, out: Out, *, as_json: bool, as_csv: bool) -> None:
    async def work(desk: Desk, tenant: Tenant) -> list[dict[str, Any]]:
        async with desk.db.transaction(tenant.number) as tx:
            return await imports.batches(tx)

    found = session.run(work, what="import list")
    if as_json:
        return out.json({"batches": found})
    if as_csv:
        return out.csv(found, imports.BATCH)
    rows = [{"batch": one["id"], **{name: one[name] for name in _LISTED}, "": _standing(one)} for one in found]
    return show.rows(out, rows, empty="Nothing was imported yet. Try `sightline import FILE --preview`.")


_LISTED = ("file", "started_at", "rows", "events", "repeated", "revised", "staged", "quarantined")


def _standing(batch: dict[str, Any]) -> str:
    if batch["undone_at"]:
        return f"undone {show.day(batch['undone_at'])}"
    return "" if batch["finished_at"] else "not finished"


def _undo(session: Session, out: Out, batch: str | None, *, as_json: bool) -> None:
    if batch is None:
        raise Invalid("Which batch?", hint="`sightline import list` shows them; then `sightline import undo BATCH`.")
    undone = session.run(
        lambda desk, tenant: desk_importing.undo(desk, tenant, batch),
        what="import undo", needs=Right.OPERATE, target=batch,
    )  # fmt: skip
    if as_json:
        return out.json(undone)
    if not (undone.retracted or undone.restored or undone.unstaged):
        return out.answer.print("Nothing to take back: other imports say the same, or it brought nothing.")
    out.answer.print(
        f"{undone.retracted:,} facts retracted, {undone.restored:,} say again what they said before,"
        f" {undone.unstaged:,} will never be recorded."
    )
    return None


@quarantine.command("list")
def quarantine_list(context: typer.Context, as_json: bool = JSON, as_csv: bool = CSV) -> None:
    """List rows that did not fit, with line and reason."""
    session: Session = context.obj
    found = [fields_of(one) for one in session.run(desk_importing.waiting, what="quarantine list")]
    out = Out()
    if as_json:
        return out.json({"quarantine": found})
    if as_csv:
        return out.csv(found, [one.name for one in fields(Held)])
    rows = [{name: row[name] for name in ("number", "source", "line", "reason")} for row in found]
    return show.rows(out, rows, empty="Nothing is in quarantine.")


def _told(numbers: list[int] | None) -> str:
    return " ".join(map(str, numbers or ()))


@quarantine.command("show")
def quarantine_show(context: typer.Context, number: int, as_json: bool = JSON) -> None:
    """Show one row as it was read."""
    from sightline.kernel.observe.quarantine import show as held

    session: Session = context.obj

    async def work(desk: Desk, tenant: Tenant) -> tuple[Any, str]:
        async with desk.db.transaction(tenant.number) as tx:
            return await held(tx, desk.vault, number)

    row, raw = session.run(work, what="quarantine show", target=str(number))
    out = Out()
    if as_json:
        return out.json({**fields_of(row), "raw": raw})
    out.answer.print(f"line {row.line} of {row.source}: {row.reason}\n{raw}")
    return None


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
    session: Session = context.obj

    async def work(desk: Desk, tenant: Tenant) -> tuple[Imported | None, list[Any]]:
        chosen = numbers or [one.number for one in await desk_importing.waiting(desk, tenant)]
        given = mapping_file.load(mapping) if mapping else None
        mended = replaying.changes_of(changes)
        return await replaying.replay(desk, tenant, chosen, mended, given, overwrite=overwrite)

    done, wrong = session.run(work, what="quarantine replay", needs=Right.OPERATE, target=_told(numbers))
    out = Out()
    if as_json:
        return out.json({"recorded": done, "still_wrong": [fields_of(one) for one in wrong]})
    if done:
        _report(out, replace(done, quarantined=0))
    for one in wrong:
        out.answer.print(f"{one.number} (line {one.line}): {one.reason}")
    return None


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
    gone = session.run(
        lambda desk, tenant: desk_importing.discard(desk, tenant, numbers),
        what="quarantine discard", needs=Right.OPERATE, target=_told(numbers),
    )  # fmt: skip
    out = Out()
    if as_json:
        return out.json({"discarded": gone})
    out.answer.print(f"{gone:,} rows wait no longer.")
    return None
