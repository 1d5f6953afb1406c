"""What acting changed, and experiments: planned, begun, read, stopped, and their winner adopted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import typer
from rich.text import Text

from sightline.foundation.identity import Right
from sightline.interfaces.cli import show
from sightline.interfaces.cli.connection import Connection, Rows, plain
from sightline.interfaces.cli.playing import NAME
from sightline.interfaces.cli.reading import CSV, JSON
from sightline.interfaces.cli.session import Out, Session
from sightline.interfaces.cli.supposing import pairs
from sightline.language.errors import Invalid

if TYPE_CHECKING:
    from rich.table import Table

    from sightline_client import models

EXPERIMENT = ("id", "playbook", "name", "arms", "state", "began_at", "until", "verdict", "winner")

ID = typer.Argument(help="Experiment, such as exp_9f86d081884c7d659a2feaa0c55ad015.")

experiments = typer.Typer(
    help="Choices of a playbook drawn by lot, beside each other: list, show, start, stop, adopt.", no_args_is_help=True
)


def add(app: typer.Typer) -> None:
    """Register the commands."""
    app.command("effect")(effect)
    app.add_typer(experiments, name="experiments")


def effect(context: typer.Context, name: str = NAME, as_json: bool = JSON) -> None:
    """Show what acting by a playbook changed, with an interval that may be looked at every day.

    Example: sightline effect supply.warn_buyer
    """
    session: Session = context.obj

    async def work(near: Connection) -> models.Changed:
        return await near.client.playbooks.effect(name)

    found = plain(session.call(work, what="effect", target=name))
    out = Out()
    out.json(found) if as_json else _effect(out, found)


def _effect(out: Out, found: dict[str, Any]) -> None:
    whole = found["effect"]
    out.answer.print(Text(found["playbook"], style="bold"))
    if whole is None:
        out.answer.print("It calls no answer success, so nothing is measured.")
        return
    out.answer.print(whole["words"], markup=False)
    if whole["treated"] or whole["control"]:
        out.answer.print(_choices(whole))
    if found["choose"] == "learned":
        learned = found["learned"]
        said = "It chooses." if learned and learned["loose"] else "It does not choose yet."
        out.answer.print(f"{said} {learned['judged']['words'] if learned else ''}".strip(), markup=False)
    for habit in [*([found["hours"]] if found["hours"] else []), *found["channels"]]:
        _habit(out, habit)


def _choices(whole: dict[str, Any]) -> Table:
    made = show.table("choice", "treated", "success", "held back", "success ", "difference", "95 %, every day", "worth")
    for one in [whole, *whole["choices"]] if whole["choices"] else [whole]:
        made.add_row(
            one["choice"] or "all", f"{one['treated']:,}", _share(one["treated_rate"]), f"{one['control']:,}",
            _share(one["control_rate"]), _points(one["difference"]), _span(one["sequence"]),
            _worth(one["money"]),
        )  # fmt: skip
    return made


def _habit(out: Out, habit: dict[str, Any]) -> None:
    """The hours, or the channels of a choice: which is best, and how those fared by which something was sent."""
    what = "Hours" if habit["choice"] is None else f"Channels of '{habit['choice']}'"
    out.answer.print(f"{what}: {habit['words']}", markup=False)
    made = show.table("hour" if habit["choice"] is None else "channel", "messages", "success", "95 %, together")
    for one in habit["places"]:
        if one["seen"]:
            made.add_row(one["name"], f"{one['seen']:,}", _share(one["rate"]), f"{one['low']:.1%} to {one['high']:.1%}")
    if habit["places"]:
        out.answer.print(made)


@experiments.command("list")
def experiments_list(
    context: typer.Context,
    playbook: str | None = typer.Option(None, help="Only of this playbook."),
    as_json: bool = JSON,
    as_csv: bool = CSV,
) -> None:
    """List experiments, newest first."""
    session: Session = context.obj

    async def work(near: Connection) -> Rows:
        return [plain(one) for one in (await near.client.experiments.list(playbook=playbook)).experiments]

    found = session.call(work, what="experiments list")
    if not as_json:
        found = [{**one, "arms": ", ".join(one["arms"])} for one in found]
    empty = "No experiments yet. `sightline experiments start PLAYBOOK --check` tells what one would take."
    show.listed(Out(), "experiments", found, EXPERIMENT, as_json=as_json, as_csv=as_csv, empty=empty)


@experiments.command("start")
def experiments_start(
    context: typer.Context,
    playbook: str = NAME,
    name: str | None = typer.Option(None, help="What it is called; a new one draws anew."),
    arm: list[str] = typer.Option(
        [], help="A choice, with its share: 'a call=0.3'. Again for each; the others are compared with the first."
    ),
    least: float | None = typer.Option(None, help="The smallest change of success worth finding, such as 0.05."),
    span: str | None = typer.Option(None, help="How long parties are drawn, such as '8 weeks'."),
    guard: list[str] = typer.Option(
        [], help="What may not get worse: an event, or a question with its good answer; again for each."
    ),
    why: str | None = typer.Option(None, help="What is expected of it."),
    check: bool = typer.Option(False, "--check", help="Only tell how many parties and weeks it takes."),
    as_json: bool = JSON,
) -> None:
    """Compare choices of a playbook by lot; without --arm, the experiment that it declares.

    Example: sightline experiments start own.warn --name spring --arm "a note" --arm "a call" --least 0.1 --check

    Guards: --guard "supply.arrives_late=no, margin=0.01" --guard "sightline.contact.stopped, within=14 days"
    """
    session: Session = context.obj
    arms, shares = _arms(arm)

    async def work(near: Connection) -> models.ExperimentBegun:
        return await near.client.experiments.create(
            playbook, name=name, arms=arms, shares=shares, least=least, span=span, guards=await _guards(near, guard),
            why=why, check=check,
        )  # fmt: skip

    found = plain(session.call(work, what="experiments start", needs=Right.OPERATE, target=playbook))
    out = Out()
    if as_json:
        return out.json(found)
    out.answer.print(found["words"], markup=False)
    if found["id"]:
        out.answer.print(f"It runs: {found['id']}", markup=False)
    return None


def _arms(given: list[str]) -> tuple[list[str] | None, list[float] | None]:
    """Names and shares; None where none are told. Raises Invalid for a share that is no number."""
    both = [one.rpartition("=") if "=" in one else (one, "", "") for one in given]
    try:
        shares = [float(share) for _, _, share in both if share]
    except ValueError as error:
        raise Invalid(f"{error}: a share is a number, such as 'a call=0.3'.") from None
    return [name for name, _, _ in both] or None, shares or None


async def _guards(near: Connection, given: list[str]) -> list[dict[str, str | float]] | None:
    """Each as a question where there is one of that name, else as an event. Raises Invalid."""
    if not given:
        return None
    questions = {one.name for one in (await near.client.questions.list()).questions}
    return [_guard(one, questions) for one in given]


def _guard(given: str, questions: set[str]) -> dict[str, str | float]:
    first, *more = [part.strip() for part in given.split(",")]
    name, _, good = (part.strip() for part in first.partition("="))
    if name in questions and good not in ("yes", "no"):
        raise Invalid(
            f"'{name}' is a question: which answer to it is good?", hint=f"Write --guard {name}=no, or {name}=yes."
        )
    if good and name not in questions:
        raise Invalid(f"There is no question '{name}', and an event has no good answer.", hint=f"Write --guard {name}.")
    found: dict[str, str | float] = {"question": name, "good": good} if good else {"event": name}
    words = pairs(more, f'--guard "{first}, within=14 days, margin=0.01"')
    if "margin" in words:
        found["margin"] = _margin(words.pop("margin"))
    return found | words


def _margin(given: str) -> float:
    try:
        return float(given)
    except ValueError:
        raise Invalid(f"'{given}' is no margin: it is a number, such as 0.01.") from None


@experiments.command("show")
def experiments_show(context: typer.Context, id_: str = ID, as_json: bool = JSON) -> None:
    """Show an experiment: arms, differences, guards, and for whom it works.

    Example: sightline experiments show exp_9f86d081884c7d659a2feaa0c55ad015
    """
    session: Session = context.obj

    async def work(near: Connection) -> models.ExperimentWhole:
        return await near.client.experiments.get(id_)

    _experiment(session.call(work, what="experiments show", target=id_), as_json=as_json)


@experiments.command("stop")
def experiments_stop(
    context: typer.Context, id_: str = ID, why: str = typer.Option("", help="Why."), as_json: bool = JSON
) -> None:
    """End an experiment before its time; what was decided stays decided.

    Example: sightline experiments stop exp_9f86d081884c7d659a2feaa0c55ad015 --why "The season is over."
    """
    session: Session = context.obj

    async def work(near: Connection) -> models.ExperimentWhole:
        return await near.client.experiments.stop(id_, why=why)

    found = session.call(work, what="experiments stop", needs=Right.OPERATE, target=id_)
    _experiment(found, as_json=as_json)


@experiments.command("adopt")
def experiments_adopt(
    context: typer.Context,
    id_: str = ID,
    arm: str | None = typer.Option(None, help="Another arm than the winner."),
    why: str = typer.Option("", help="Why."),
    check: bool = typer.Option(False, "--check", help="Only tell what changes."),
    undo: bool = typer.Option(False, "--undo", help="Take it back."),
    anyway: bool = typer.Option(False, "--anyway", help="Though a guard stopped it."),
    as_json: bool = JSON,
) -> None:
    """Make the winner of an experiment the usual choice of its playbook.

    Example: sightline experiments adopt exp_9f86d081884c7d659a2feaa0c55ad015 --check
    """
    session: Session = context.obj

    async def work(near: Connection) -> models.Adoption:
        return await near.client.experiments.adopt(id_, arm=arm, why=why or None, check=check, undo=undo, anyway=anyway)

    found = plain(session.call(work, what="experiments adopt", needs=Right.OPERATE, target=id_))
    out = Out()
    if as_json:
        return out.json(found)
    out.answer.print(found["words"], markup=False)
    if found["done"] and not undo:
        out.answer.print(f"Taken back by: sightline experiments adopt {id_} --undo", markup=False)
    elif not found["done"]:
        out.answer.print("Nothing was changed.")
    return None


def _experiment(found: models.ExperimentWhole, *, as_json: bool) -> None:
    out, told = Out(), plain(found)
    if as_json:
        return out.json(told)
    verdict = f", {told['verdict']}" if told["verdict"] else ""
    out.answer.print(Text(f"{told['name']} on {told['playbook']}: {told['state']}{verdict}", style="bold"))
    if told["adopted"]:
        out.answer.print(f"'{told['adopted']}' is the usual choice of {told['playbook']} now.", markup=False)
    stand = told["stand"]
    said = told["said"] or (stand["words"] if stand else "Its playbook measures nothing any more.")
    out.answer.print(said, markup=False)
    if stand:
        _stand(out, stand)
    for one in told["for_whom"]:
        out.answer.print(f"{one['arm']}: {one['words']}", markup=False)
        for part in one["segments"]:
            if part["verdict"] != "open":
                where = " ".join(str(word) for word in (part["name"], part["test"], part["value"]) if word is not None)
                out.answer.print(f"  {where}: {_points(part['effect'])} ({_span(part)})")
    return None


def _stand(out: Out, stand: dict[str, Any]) -> None:
    pairs = {one["arm"]: one for one in stand["pairs"]}
    made = show.table("arm", "share", "parties", "with outcome", "success", "difference", "95 %, every day", "verdict")
    for one in stand["arms"]:
        pair = pairs.get(one["name"], {"difference": None, "interval": None, "verdict": ""})
        made.add_row(
            one["name"], _share(one["share"]), f"{one['parties']:,}", f"{one['settled_parties']:,}",
            _share(one["rate"]), _points(pair["difference"]), _span(pair["interval"]), pair["verdict"],
        )  # fmt: skip
    out.answer.print(made)
    for guard in stand["guards"]:
        told = "; ".join(f"{one['arm']} {_span(one['interval']) or 'too little yet'}" for one in guard["pairs"])
        out.answer.print(f"Guard {guard['name']}: {told}", markup=False)


def _worth(money: dict[str, Any] | None) -> str:
    if money is None:
        return ""
    low, high = (show.money(money["interval"][end]) for end in ("low", "high"))
    return f"{show.money(money['gained'])} ({low} to {high})"


def _share(value: float | None) -> str:
    return "" if value is None else f"{value:.1%}"


def _points(value: float | None) -> str:
    return "" if value is None else f"{value:+.1%}"


def _span(between: dict[str, Any] | None) -> str:
    return "" if between is None else f"{between['low']:+.1%} to {between['high']:+.1%}"
