"""Commands that run and keep an installation."""

from __future__ import annotations

import typer

from sightline.foundation import tenants
from sightline.foundation.identity import Right
from sightline.foundation.tenants import Tenant
from sightline.interfaces.cli import show
from sightline.interfaces.cli.reading import JSON
from sightline.interfaces.cli.session import Doors, Out, Session, fields_of
from sightline.interfaces.cli.waiting import bar
from sightline.kernel.desk import Desk, keeping
from sightline.language.errors import Invalid


def add(app: typer.Typer, doors: Doors) -> None:
    """Register the commands."""
    _add_running(app, doors)
    app.command()(rebuild)
    app.command()(workspace)
    app.command()(token)
    app.command()(erase)


def _add_running(app: typer.Typer, doors: Doors) -> None:
    @app.command()
    def demo(
        context: typer.Context,
        business: str = typer.Option(
            "supply", "--business", help="supply, leads or deals; with SIGHTLINE_DATA also customers or receivables."
        ),
        once: bool = typer.Option(False, "--once", help="End after the lists instead of serving."),
        advance: str | None = typer.Option(None, "--advance", help="Move the demo's clock, such as 30d."),
        reset: bool = typer.Option(False, "--reset", help="Start over."),
        limit: int = typer.Option(20, min=1, help="How many lines to list."),
        as_json: bool = JSON,
    ) -> None:
        """Carry a business once around the loop: import, prove, rank, explain, decide, serve.

        Examples: sightline demo | sightline demo --once --json | sightline demo --advance 30d | sightline demo
        --business leads
        """
        doors.demo(
            context.obj, business=business, once=once, advance=advance, reset=reset, limit=limit, as_json=as_json
        )

    @app.command()
    def serve(
        context: typer.Context,
        role: str = typer.Option("all", help="all, api or worker."),
    ) -> None:
        """Serve the HTTP interface and run the loop, until stopped.

        Example: SIGHTLINE_HTTP__PORT=8400 sightline serve
        """
        session: Session = context.obj
        session.here()
        doors.serve(session.settings, role=role, workspace=session.chosen())

    @app.command()
    def doctor(context: typer.Context, as_json: bool = JSON) -> None:
        """Look the installation over, and say what to do about what is wrong."""
        session: Session = context.obj
        session.here()
        checks = doors.doctor(session.settings)
        out = Out()
        if as_json:
            out.json({"checks": [fields_of(one) for one in checks]})
        else:
            made = show.table("", "check", "found", "what to do")
            for one in checks:
                made.add_row("ok" if one.ok else "!!", one.name, one.detail, "" if one.ok else one.fix)
            out.answer.print(made)
        if not all(one.ok for one in checks):
            raise typer.Exit(1)


def rebuild(context: typer.Context, as_json: bool = JSON) -> None:
    """Make every projection anew from the ledger, beside those in use, then swap."""
    session: Session = context.obj
    out = Out()

    async def work(desk: Desk, _tenant: Tenant) -> int:
        with bar(out) as progress:
            task = progress.add_task("Rebuilding")
            return await keeping.rebuild(
                desk, progress=lambda done, of: progress.update(task, completed=done, total=of)
            )

    done = session.run(work, needs=Right.ADMINISTER)
    if as_json:
        return out.json({"events": done})
    out.answer.print(f"{done:,} events projected again; the same state stands.")
    return None


def workspace(
    context: typer.Context,
    name: str | None = typer.Argument(None, help="Work in this one from now on; made when it is new."),
    as_json: bool = JSON,
) -> None:
    """Show the workspaces, or choose the one that commands work in."""
    session: Session = context.obj

    async def work(desk: Desk, tenant: Tenant) -> tuple[str, list[str]]:
        if name:
            main = await desk.workspace("main")
            tenant = await tenants.make(desk.db, name, under=main)
            await tenants.grant(desk.db, tenant, main, "owner")
            session.remember(tenant)
        return tenant.name, await tenants.names(desk.db)

    current, names = session.run(work, needs=Right.ADMINISTER if name else Right.READ, target=name or "")
    out = Out()
    if as_json:
        return out.json({"current": current, "workspaces": names})
    for one in names:
        out.answer.print(f"{'*' if one == current else ' '} {one}")
    return None


def token(context: typer.Context) -> None:
    """Show the owner's access token for the HTTP interface (made at first use)."""
    session: Session = context.obj

    async def work(desk: Desk, _tenant: Tenant) -> str:
        return await keeping.owner_token(desk)

    Out().answer.print(session.run(work, needs=Right.ADMINISTER), soft_wrap=True)


def erase(
    context: typer.Context,
    ref: str = typer.Argument(help="A person, such as contact/jane@example.com; or the personal value itself."),
    yes: bool = typer.Option(False, "--yes", help="Without it, nothing is done."),
    lift: bool = typer.Option(False, "--lift", help="The person agreed anew: record what comes from now on."),
    as_json: bool = JSON,
) -> None:
    """Destroy the key of a person, so that nothing personal can ever be read again. There is no undo.

    The person is not recorded again either: old files may be imported, and show nothing. --lift ends that.
    Example: sightline erase contact/jane@example.com --yes
    """
    session: Session = context.obj
    out = Out()
    if lift:
        session.run(lambda desk, tenant: keeping.lift(desk, tenant, ref), what="erase --lift", needs=Right.ADMINISTER)
        return (
            out.json({"lifted": True}) if as_json else out.answer.print("Recorded again from now on, as somebody new.")
        )
    if not yes:
        raise Invalid(f"Erasing {ref} cannot be undone.", hint="Add --yes to do it.")
    # Nothing of the person may stand in the audit trail: it is never erased.
    gone = session.run(lambda desk, tenant: keeping.erase(desk, tenant, ref), needs=Right.ADMINISTER)
    if as_json:
        return out.json(gone)
    out.answer.print(f"{gone.values:,} personal values can never be read again, {gone.rows:,} rows left quarantine.")
    if not gone.values:
        out.aside.print("Nothing personal was known under that name; what comes under it will not be kept readable.")
    return None
