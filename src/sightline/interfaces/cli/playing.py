"""Playbooks: what there is, users' own, rehearsals, runs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer
from rich.text import Text

from sightline.foundation.identity import Right
from sightline.interfaces.cli import recalling, show
from sightline.interfaces.cli.connection import Connection, Rows, first, page, plain
from sightline.interfaces.cli.reading import CSV, JSON
from sightline.interfaces.cli.session import Out, Session
from sightline.interfaces.cli.waiting import done
from sightline.language.errors import Invalid
from sightline.language.playbook import EVERY_DAY

if TYPE_CHECKING:
    from sightline_client import models

PLAYBOOK = ("name", "wakes_on", "choices", "act", "ask", "hold", "drop", "running", "stopped")
RUN = ("id", "playbook", "subject", "state", "step", "due_at", "began_at", "why")

NAME = typer.Argument(help="Playbook, such as own.remind.")
ID = typer.Argument(help="Run, such as run_9f86d081884c7d659a2feaa0c55ad015.")
FILE = typer.Argument(exists=True, dir_okay=False, help="A TOML file of playbooks.")

DAILY = " It looks at all who are open each day, for the first time when the next day begins (00:00 UTC)."

playbooks = typer.Typer(
    help="What is done when something is forecast, found or happens: list, add, test, toml, drop.", no_args_is_help=True
)
runs = typer.Typer(
    help="What becomes of what was decided: list, show, pause, resume, cancel, again.", no_args_is_help=True
)


def text_of(path: Path) -> str:
    """What a file says. Raises Invalid for one that is no text."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise Invalid(f"'{path}' is no text in UTF-8.", hint="Save it as UTF-8, or name another file.") from None


def add(app: typer.Typer) -> None:
    """Register the commands."""
    app.add_typer(playbooks, name="playbook")
    app.add_typer(runs, name="runs")


@playbooks.command("list")
def playbooks_list(context: typer.Context, as_json: bool = JSON, as_csv: bool = CSV) -> None:
    """List playbooks, and what became of their proposals."""
    session: Session = context.obj

    async def work(near: Connection) -> Rows:
        return [plain(one) for one in (await near.client.playbooks.list()).playbooks]

    found = session.call(work, what="playbook list")
    if not as_json:
        found = [_flat(one) for one in found]
    empty = "No playbooks yet. `sightline playbook add FILE` declares your own."
    show.listed(Out(), "playbooks", found, PLAYBOOK, as_json=as_json, as_csv=as_csv, empty=empty)


def _flat(one: dict[str, Any]) -> dict[str, Any]:
    verbs = {verb: one["decisions"].get(verb, 0) for verb in ("act", "ask", "hold", "drop")}
    return {**one, "choices": ", ".join(choice["name"] for choice in one["choices"]), **verbs}


@playbooks.command("toml")
def playbooks_toml(context: typer.Context) -> None:
    """Write your own playbooks as a file that `add` reads."""
    session: Session = context.obj

    async def work(near: Connection) -> str:
        return (await near.client.playbooks.list()).text

    Out().answer.print(session.call(work, what="playbook toml"), markup=False, soft_wrap=True)


@playbooks.command("add")
def playbooks_add(
    context: typer.Context,
    file: Path = FILE,
    check: bool = typer.Option(False, "--check", help="Only look whether they could be declared."),
    as_json: bool = JSON,
) -> None:
    """Declare the playbooks of a file; what changed becomes a new version, runs under way go on by theirs.

    Example: sightline playbook add remind.toml --check
    """
    session: Session = context.obj
    text = text_of(file)

    async def work(near: Connection) -> dict[str, Any]:
        made = plain(await near.client.playbooks.create(text, check=check))
        if check or as_json:
            return made
        known = (await near.client.playbooks.list()).playbooks
        return {**made, "daily": [one.name for one in known if one.wakes_on == EVERY_DAY]}

    found = session.call(work, what="playbook add", needs=Right.OPERATE, target=file.name)
    out = Out()
    if as_json:
        return out.json(found)
    for name, version in found["versions"].items():
        said = "could be declared" if check else f"is declared, version {version}"
        out.answer.print(f"{name} {said}.{DAILY if name in found.get('daily', ()) else ''}", markup=False)
    return None


@playbooks.command("drop")
def playbooks_drop(context: typer.Context, name: str = NAME) -> None:
    """Let a playbook of your own do nothing any more; its runs go on."""
    session: Session = context.obj
    session.call(
        lambda near: near.client.playbooks.delete(name), what="playbook drop", needs=Right.OPERATE, target=name
    )
    Out().answer.print(f"'{name}' is dropped.", markup=False)


@playbooks.command("test")
def playbooks_test(
    context: typer.Context,
    name: str = NAME,
    since: str = typer.Option("90d", help="How far back (90d, 12w), or a day (2014-10-01)."),
    file: Path | None = typer.Option(None, exists=True, dir_okay=False, help="A file that holds it, not declared yet."),
    as_json: bool = JSON,
) -> None:
    """Show what a playbook would have done, to whom and at what expected value. Nothing is touched.

    Where a forecast wakes it, a model is trained on what was known on that day, and asked about everybody since; where
    facts do, what has happened since is gone through.
    Example: sightline playbook test supply.warn_buyer --since 90d
    """
    session: Session = context.obj
    out = Out()
    text = text_of(file) if file else None

    async def work(near: Connection) -> dict[str, Any]:
        asked = near.client.playbooks.rehearse(name, since, text=text)
        return await done(
            near, asked, out, says=lambda _: f"Rehearsing {name}", stopped=lambda _: "Nothing was touched."
        )

    found = session.call(work, what="playbook test", needs=Right.OPERATE, target=name)
    out.json(found) if as_json else _rehearsed(out, found)


def _rehearsed(out: Out, found: dict[str, Any]) -> None:
    out.answer.print(Text(f"{found['playbook']} since {found['since'][:10]}: {found['headline']}", style="bold"))
    made = show.table("what", "how often", "expected value", "mature", "came so", right=("how often", "expected value"))
    for verb, count in found["decided"].items():
        came = found["came"][verb]
        made.add_row(verb, f"{count:,}", show.money(found["value"][verb]), f"{came['mature']:,}", f"{came['yes']:,}")
    out.answer.print(made)
    if any(came["mature"] for came in found["came"].values()):
        out.answer.print(f"Came so: {found['means']}.", markup=False)
    if len(found["chosen"]) > 1:
        told = ", ".join(f"{name} {count:,}" for name, count in sorted(found["chosen"].items()))
        out.answer.print(f"Choices, with those kept back: {told}.", markup=False)
    if len(found.get("channels", ())) > 1:
        told = ", ".join(f"{name} {count:,}" for name, count in sorted(found["channels"].items()))
        out.answer.print(f"Channels, with those kept back: {told}.", markup=False)
    for side in found["sides"]:
        line = (
            "none keeps the promise"
            if side["line"] is None
            else f"{side['line']:.0%} ({side['bound']:.0%} or more hold)"
        )
        out.answer.print(f"Line on '{side['called']}' as of that day: {line}.", markup=False)
    if found["shown"]:
        out.answer.print(Text("\nWorth most", style="bold"))
    for one in found["shown"]:
        likely = "" if one["probability"] is None else f" {one['probability']:.0%}"
        out.answer.print(
            f"{one['verb']:<5}{one['subject']}{likely} {show.money(one['value'])} {one['because']}", markup=False
        )
        out.answer.print(Text(f"     {one['text'][:200]}", style="dim"))


@runs.command("list")
def runs_list(
    context: typer.Context,
    state: str | None = typer.Option(None, help="Only running, paused, stuck, ended or cancelled ones."),
    playbook: str | None = typer.Option(None, help="Only of this playbook."),
    limit: int = typer.Option(50, min=1, max=100_000, help="How many."),
    as_json: bool = JSON,
    as_csv: bool = CSV,
) -> None:
    """List runs, newest first.

    Example: sightline runs list --state stuck
    """
    session: Session = context.obj

    async def work(near: Connection) -> Rows:
        wanted: Any = state
        return await first(near.client.runs.each(state=wanted, playbook=playbook, limit=page(limit)), limit)

    found = session.call(work, what="runs list")
    show.listed(Out(), "runs", found, RUN, as_json=as_json, as_csv=as_csv, empty="No runs yet.")


@runs.command("show")
def runs_show(context: typer.Context, id_: str = ID, as_json: bool = JSON) -> None:
    """Show a run, step by step."""
    session: Session = context.obj

    async def work(near: Connection) -> models.RunWhole:
        return await near.client.runs.get(id_)

    _run(session.call(work, what="runs show", target=id_), as_json=as_json)


@runs.command("pause")
def runs_pause(context: typer.Context, id_: str = ID, as_json: bool = JSON) -> None:
    """Let a run not go on; what it waits for is remembered."""
    _change(context, id_, "pause", as_json=as_json)


@runs.command("resume")
def runs_resume(context: typer.Context, id_: str = ID, as_json: bool = JSON) -> None:
    """Let a paused run go on."""
    _change(context, id_, "resume", as_json=as_json)


@runs.command("cancel")
def runs_cancel(context: typer.Context, id_: str = ID, as_json: bool = JSON) -> None:
    """End a run; what it has sent stays sent."""
    _change(context, id_, "cancel", as_json=as_json)


@runs.command("again")
def runs_again(
    context: typer.Context,
    id_: str = ID,
    step: str | None = typer.Option(None, help="From this step on; the one it stands at where left out."),
    as_json: bool = JSON,
) -> None:
    """Let a run do a step again, under a key of its own.

    Example: sightline runs again run_9f86d081884c7d659a2feaa0c55ad015 --step "a week"
    """
    _change(context, id_, "again", step=step, as_json=as_json)


def _change(context: typer.Context, id_: str, what: str, *, as_json: bool, step: str | None = None) -> None:
    session: Session = context.obj

    async def work(near: Connection) -> models.RunWhole:
        told: Any = what
        return await near.client.runs.change(id_, told, step=step)

    _run(session.call(work, what=f"runs {what}", needs=Right.OPERATE, target=id_), as_json=as_json)


def _run(found: models.RunWhole, *, as_json: bool) -> None:
    out, told = Out(), plain(found)
    if as_json:
        return out.json(told)
    out.answer.print(Text(f"{told['id']} {told['playbook']} about {told['subject']}: {told['state']}", style="bold"))
    if told["why"]:
        out.answer.print(told["why"], markup=False)
    for line in recalling.came(told):
        out.answer.print(line, markup=False)
    made = show.table("at", "step", "what", "")
    for one in told["steps"]:
        made.add_row(f"{one['at']:%Y-%m-%d %H:%M}", one["step"], one["what"], one["detail"])
    out.answer.print(made)
    return None
