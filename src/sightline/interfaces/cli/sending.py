"""What is sent, and where to."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import typer

from sightline.foundation.identity import Right
from sightline.interfaces.cli import show
from sightline.interfaces.cli.connection import Connection, Rows, first, page, plain
from sightline.interfaces.cli.reading import CSV, JSON
from sightline.interfaces.cli.session import Out, Session

if TYPE_CHECKING:
    from sightline_client import models

DELIVERY = ("id", "destination", "subject", "state", "attempts", "made_at", "problem")
DESTINATION = (
    *("name", "channel", "address", "events", "guards", "waiting", "held", "dead"),
    *("failing_since", "disabled_why"),
)

NAME = typer.Argument(help="Destination, such as crm.")
ID = typer.Argument(help="Delivery, such as msg_9f86d081884c7d659a2feaa0c55ad015.")

deliveries = typer.Typer(help="What was sent or waits: list, show, release, again.", no_args_is_help=True)
destinations = typer.Typer(
    help="Where actions go: list, add, guard, asks, test, on, off and more.", no_args_is_help=True
)


def add(app: typer.Typer) -> None:
    """Register the commands."""
    app.add_typer(deliveries, name="deliveries")
    app.add_typer(destinations, name="destinations")


@deliveries.command("list")
def deliveries_list(
    context: typer.Context,
    state: str | None = typer.Option(None, help="Only waiting, sending, held, done or dead ones."),
    to: str | None = typer.Option(None, "--to", help="Only those to this destination."),
    limit: int = typer.Option(50, min=1, max=100_000, help="How many."),
    as_json: bool = JSON,
    as_csv: bool = CSV,
) -> None:
    """List what is sent, newest first.

    Example: sightline deliveries list --state dead
    """
    session: Session = context.obj

    async def work(near: Connection) -> Rows:
        wanted: Any = state
        return await first(near.client.deliveries.each(state=wanted, destination=to, limit=page(limit)), limit)

    found = session.call(work, what="deliveries list")
    show.listed(Out(), "deliveries", found, DELIVERY, as_json=as_json, as_csv=as_csv, empty="Nothing was sent yet.")


@deliveries.command("show")
def deliveries_show(context: typer.Context, id_: str = ID, as_json: bool = JSON) -> None:
    """Show one: what was said, how often it was tried, why it failed."""
    session: Session = context.obj

    async def work(near: Connection) -> dict[str, Any]:
        return plain(await near.client.deliveries.get(id_))

    return _one(session.call(work, what="deliveries show", target=id_), as_json=as_json)


@deliveries.command("release")
def deliveries_release(context: typer.Context, id_: str = ID, as_json: bool = JSON) -> None:
    """Let one be sent that waits for a person. Read it first: sightline deliveries show.

    Example: sightline deliveries release msg_9f86d081884c7d659a2feaa0c55ad015
    """
    session: Session = context.obj

    async def work(near: Connection) -> dict[str, Any]:
        return plain(await near.client.deliveries.release(id_))

    return _one(session.call(work, what="deliveries release", needs=Right.OPERATE, target=id_), as_json=as_json)


@deliveries.command("again")
def deliveries_again(
    context: typer.Context,
    id_: str = ID,
    text: str | None = typer.Option(None, help="Another text."),
    to: str | None = typer.Option(None, "--to", help="Another destination."),
    as_json: bool = JSON,
) -> None:
    """Send a dead letter again, under the same id, mended where you say so.

    Example: sightline deliveries again msg_9f86d081884c7d659a2feaa0c55ad015 --to crm
    """
    session: Session = context.obj

    async def work(near: Connection) -> dict[str, Any]:
        return plain(await near.client.deliveries.send_again(id_, text=text, destination=to))

    return _one(session.call(work, what="deliveries again", needs=Right.OPERATE, target=id_), as_json=as_json)


@destinations.command("list")
def destinations_list(context: typer.Context, as_json: bool = JSON, as_csv: bool = CSV) -> None:
    """List where actions go, and how each fares."""
    session: Session = context.obj

    async def work(near: Connection) -> Rows:
        found = [plain(one) for one in (await near.client.destinations.list()).destinations]
        short = [{**one, "guards": _guards(one["guards"]), "events": " ".join(one["events"])} for one in found]
        return found if as_json else short

    empty = "No destinations yet. `sightline destinations add NAME URL` makes one."
    found = session.call(work, what="destinations list")
    show.listed(Out(), "destinations", found, DESTINATION, as_json=as_json, as_csv=as_csv, empty=empty)


@destinations.command("add")
def destinations_add(
    context: typer.Context,
    name: str = NAME,
    address: str = typer.Argument(help="Where to, such as https://crm.example.com/sightline or slack:C0123456789."),
    reveal: bool = typer.Option(
        False, "--reveal", help="Tell webhooks and chats what stands behind the tokens of persons."
    ),
    as_json: bool = JSON,
) -> None:
    """Add a destination of webhooks (Standard Webhooks), whose secret is shown this once; of mail (smtps://...); a
    channel of Slack (slack:C0123456789, or slack: for an incoming webhook); or a workflow of Teams (teams:). What those
    are reached by is asked for, or read from standard input, line by line.

    Example: sightline destinations add team slack:C0123456789
    """
    session: Session = context.obj
    keys = _keys(address)

    async def work(near: Connection) -> tuple[models.Secret, str | None]:
        made = await near.client.destinations.create(name=name, address=address, reveal=reveal, **keys)
        known = (await near.client.destinations.list()).destinations if keys.get("signing_secret") else []
        return made, next((one.callback for one in known if one.name == name), None)

    made, callback = session.call(work, what="destinations add", needs=Right.ADMINISTER, target=name)
    _secret(made, as_json=as_json)
    if callback and not as_json:
        Out().aside.print(
            f"Enter as request URL of its interactivity in Slack: {callback}", markup=False, soft_wrap=True
        )


@destinations.command("asks")
def destinations_asks(
    context: typer.Context,
    name: str = NAME,
    playbook: list[str] = typer.Option([], "--playbook", help="Only what this one asks (several times: these)."),
    above: float | None = typer.Option(None, min=0, help="Only with at least so much money at stake."),
    by: str | None = typer.Option(None, "--by", help="User as whom whoever follows a link from there answers."),
    off: bool = typer.Option(False, "--off", help="Ask nothing there any more."),
) -> None:
    """Have people asked in a chat, from now on, what enters the inbox; in the place of what was said before.

    Example: sightline destinations asks team --above 10000
    """
    session: Session = context.obj
    session.call(
        lambda near: near.client.destinations.set_asks(name, on=not off, playbooks=playbook, above=above, by=by),
        what="destinations asks", needs=Right.ADMINISTER, target=name,
    )  # fmt: skip
    told = "Nothing is asked" if off else "What enters the inbox is asked"
    Out().answer.print(f"{told} by '{name}'{'.' if off else ' too.'}", markup=False)


@destinations.command("guard")
def destinations_guard(
    context: typer.Context,
    name: str = NAME,
    approve: bool = typer.Option(False, "--approve", help="Send only what a person released."),
    per_day: int | None = typer.Option(None, min=1, help="At most so many to one party, a day."),
    quiet: str | None = typer.Option(None, help="Send nothing in these hours, such as 20:00-08:00."),
    zone: str = typer.Option("UTC", help="Time zone of whom no `time_zone` is known, such as Europe/Berlin."),
    consent: str | None = typer.Option(None, help="Send only to those of whom this attribute is true."),
    only: list[str] = typer.Option([], "--only", help="Send only to these parties or addresses, while trying it out."),
) -> None:
    """Say what is held to before anything is sent there, in the place of what was said before; nothing: no guards.

    Example: sightline destinations guard mail --per-day 3 --quiet 20:00-08:00 --zone Europe/Berlin
    """
    session: Session = context.obj
    session.call(
        lambda near: near.client.destinations.set_guards(
            name, approve=approve, per_day=per_day, quiet=quiet, zone=zone, consent=consent, only=only
        ),
        what="destinations guard", needs=Right.ADMINISTER, target=name,
    )  # fmt: skip
    Out().answer.print(f"'{name}' is guarded.", markup=False)


@destinations.command("subscribe")
def destinations_subscribe(
    context: typer.Context,
    name: str = NAME,
    events: list[str] = typer.Option([], "--event", help="A type of events, or a pattern: invoice.paid, 'invoice.*'."),
    about: list[str] = typer.Option([], "--about", help="Only of subjects of this kind, such as invoice."),
) -> None:
    """Tell a destination of webhooks of events from now on, in the place of what it was told of before; no events: of
    none. Sightline's own are meant by what begins with `sightline.` alone.

    Example: sightline destinations subscribe crm --event 'invoice.*' --event sightline.decided
    """
    session: Session = context.obj
    session.call(
        lambda near: near.client.destinations.set_subscription(name, events, about=about),
        what="destinations subscribe", needs=Right.ADMINISTER, target=name,
    )  # fmt: skip
    told = " ".join(events) or "nothing that happens"
    Out().answer.print(f"'{name}' is told of {told}, from now on.", markup=False)


@destinations.command("replay")
def destinations_replay(
    context: typer.Context,
    name: str = NAME,
    since: str = typer.Option(..., help="How far back (7d, 12h), or a day (2014-10-01), by when it was recorded."),
    until: str | None = typer.Option(None, help="The same: only what was recorded before."),
    events: list[str] = typer.Option([], "--event", help="Others than it subscribed to: a type or a pattern (owners)."),
    about: list[str] = typer.Option([], "--about", help="Of those only what is about subjects of this kind."),
    dry_run: bool = typer.Option(False, "--dry-run", help="Only tell how many that would be."),
    as_json: bool = JSON,
) -> None:
    """Tell a destination of events again, each under the `webhook-id` it had: who remembers those does nothing twice.

    Example: sightline destinations replay crm --since 2d --dry-run
    """
    session: Session = context.obj

    async def work(near: Connection) -> dict[str, Any]:
        asked = near.client.destinations.replay(
            name, since, until=until, events=events or None, about=about or None, dry_run=dry_run
        )
        return plain(await asked)

    needs = Right.ADMINISTER if events or about else Right.OPERATE
    found = session.call(work, what="destinations replay", needs=needs, target=name)
    out = Out()
    if as_json:
        return out.json(found)
    many = f"{found['events']:,} event{'' if found['events'] == 1 else 's'}"
    span = (
        f", recorded from {found['first']:%Y-%m-%d %H:%M} to {found['last']:%Y-%m-%d %H:%M}" if found["first"] else ""
    )
    done = "would be told again" if dry_run else "are told again by a running `sightline serve`"
    out.answer.print(f"{many}{span}: {done}.", markup=False)
    return None


@destinations.command("rotate")
def destinations_rotate(
    context: typer.Context,
    name: str = NAME,
    password: bool = typer.Option(
        False, "--password", help="Of a mail server or a chat: give what it is reached by now."
    ),
    as_json: bool = JSON,
) -> None:
    """Make a new secret. What is sent is signed with the one before too, until the next rotation.

    Example: sightline destinations rotate mail --password < password.txt
    """
    session: Session = context.obj

    async def work(near: Connection) -> models.Secret:
        keys = {}
        if password:
            known = (await near.client.destinations.list()).destinations
            keys = _keys(next((one.address for one in known if one.name == name), "smtp://us@"))
        return await near.client.destinations.rotate(name, **keys)

    made = session.call(work, what="destinations rotate", needs=Right.ADMINISTER, target=name)
    _secret(made, as_json=as_json)


@destinations.command("test")
def destinations_test(context: typer.Context, name: str = NAME, as_json: bool = JSON) -> None:
    """Send a greeting there; `sightline deliveries show` then tells how it went."""
    session: Session = context.obj

    async def work(near: Connection) -> dict[str, Any]:
        return plain(await near.client.destinations.test(name))

    return _one(session.call(work, what="destinations test", needs=Right.OPERATE, target=name), as_json=as_json)


@destinations.command("on")
def destinations_on(context: typer.Context, name: str = NAME) -> None:
    """Send there again what waits."""
    _switch(context, name, on=True)


@destinations.command("off")
def destinations_off(context: typer.Context, name: str = NAME) -> None:
    """Send nothing there for now; what is for it waits."""
    _switch(context, name, on=False)


@destinations.command("remove")
def destinations_remove(context: typer.Context, name: str = NAME) -> None:
    """Forget a destination."""
    session: Session = context.obj
    session.call(
        lambda near: near.client.destinations.delete(name),
        what="destinations remove", needs=Right.ADMINISTER, target=name,
    )  # fmt: skip
    Out().answer.print(f"'{name}' is removed.", markup=False)


def _switch(context: typer.Context, name: str, *, on: bool) -> None:
    session: Session = context.obj
    session.call(
        lambda near: near.client.destinations.switch(name, on=on),
        what=f"destinations {'on' if on else 'off'}", needs=Right.ADMINISTER, target=name,
    )  # fmt: skip
    Out().answer.print(f"'{name}' is switched {'on' if on else 'off'}.", markup=False)


def _secret(made: models.Secret, *, as_json: bool) -> None:
    out, secret = Out(), made.secret.get_secret_value() if made.secret else None
    told = secret or f"'{made.name}' is known."
    out.json({"name": made.name, "secret": secret}) if as_json else out.answer.print(told, soft_wrap=True)


_ASKED = {
    "smtp": ("Password of the mail server's user",),
    "smtps": ("Password of the mail server's user",),
    "slack": ("Bot token, or address of the incoming webhook", "Signing secret (empty: no buttons, or as before)"),
    "teams": ("Address of the workflow",),
}


def _keys(address: str) -> dict[str, str]:
    """What an address is reached by, where it needs anything."""
    scheme = address.partition(":")[0].lower()
    asked = _ASKED.get(scheme, ())
    if scheme.startswith("smtp") and "@" not in address.partition("?")[0]:
        asked = ()
    given = dict(zip(("password", "signing_secret"), map(_given, asked), strict=False))
    return {name: said for name, said in given.items() if said}


def _given(what: str) -> str:
    """Asked for on a terminal; otherwise a line of standard input. Never an argument: those are seen by all."""
    if sys.stdin.isatty():
        return str(typer.prompt(what, hide_input=True, err=True, default="", show_default=False))
    return sys.stdin.readline().rstrip("\n")


def _guards(found: dict[str, Any]) -> str:
    """In a few words."""
    said = [
        "released by a person" if found["approve"] else "",
        f"{found['per_day']} a day" if found["per_day"] else "",
        f"quiet {found['quiet']} {found['zone']}" if found["quiet"] else "",
        f"only with {found['consent']}" if found["consent"] else "",
        f"only to {', '.join(found['only'])}" if found["only"] else "",
    ]
    return "; ".join(one for one in said if one)


def _one(found: dict[str, Any], *, as_json: bool) -> None:
    out = Out()
    if as_json:
        return out.json(found)
    tried = f"{found['attempts']} attempt{'' if found['attempts'] == 1 else 's'}"
    lines = [f"{found['id']} to {found['destination']}: {found['state']}, {tried}", "", found["text"]]
    lines += ["", f"{found['problem']} {found['hint']}".strip()] if found["problem"] else []
    lines += ["", "A running `sightline serve` sends it."] if found["state"] == "waiting" else []
    out.answer.print("\n".join(lines), markup=False)
    return None
