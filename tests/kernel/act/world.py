"""A workspace in which lines are late, and playbooks of one's own that do something about it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sightline.foundation import ledger
from sightline.foundation.identity import Role
from sightline.foundation.settings import Settings
from sightline.foundation.tenants import Tenant
from sightline.kernel.act import outbox
from sightline.kernel.act.inbox import Item
from sightline.kernel.act.runs import Run
from sightline.kernel.desk import Desk, inbox, playing
from sightline.kernel.desk.inbox import Person
from sightline.language.event import Event
from sightline.testing import make

OWNER = Person(name="ada", role=Role.OWNER)

HEAD = """
[own.chase]
question = "supply.arrives_late"
wakes_on = "supply.overdue"
party = "project"
priority = 5
choices = [{ name = "tell", channel = "paper", gains = 100, cost = 1, text = "{{ subject }}: {{ finding }}" }]
"""

INFORMS = HEAD.replace("own.chase", "own.tell")
"""Nothing is success for it."""

CHASES = """
[own.chase]
question = "supply.arrives_late"
wakes_on = "supply.overdue"
party = "project"
priority = 5
success = "no"
"""
"""It calls something success, and has no choices yet."""

TWO = (
    CHASES
    + """choices = [
  { name = "note", channel = "paper", gains = 100, cost = 1, text = "{{ subject }}" },
  { name = "call", channel = "paper", gains = 100, cost = 5, text = "Call about {{ subject }}." },
]
"""
)
"""Two choices, by which a success is brought about."""

LADDER = (
    HEAD
    + """
[[own.chase.follow]]
name = "a week"
wait = "7 days"
unless = "line.delivered"

[[own.chase.follow]]
name = "again"
send = "{{ subject }} is still missing; it goes by {{ it.mode }}."
channel = "paper"

[[own.chase.follow]]
name = "go on"
ask = "Shall {{ key }} be given up?"
otherwise = "note"

[[own.chase.follow]]
name = "gave up"
send = "{{ key }} is given up."
channel = "paper"
then = "end"

[[own.chase.follow]]
name = "note"
send = "{{ key }} is kept."
channel = "paper"
"""
)


CHANGED: list[tuple[Desk, Settings]] = []
"""Desks with other settings than they had, and those."""


def choose(desk: Desk, **act: Any) -> None:
    """Settings of acting, until the test ends."""
    CHANGED.append((desk, desk.settings))
    changed = desk.settings.act.model_copy(update=act)
    desk.settings = desk.settings.model_copy(update={"act": changed})


def line(key: str, *, promised: float = 995, mode: str = "Air") -> Event:
    """A line promised for a day, worth ten thousand, of a project of its own."""
    links = {"project": f"project/{key}", "order": f"order/{key}"}
    return make.event(
        f"line/{key}", type="line.described", on=900, links=links, value=10_000, mode=mode,
        promised_on=f"{make.day(promised):%Y-%m-%d}",
    )  # fmt: skip


def delivered(key: str, *, on: float, known: float | None = None) -> Event:
    """The line came."""
    return make.event(f"line/{key}", type="line.delivered", on=on, known=known, id=f"delivered:{key}")


async def tell(desk: Desk, tenant: Tenant, *events: Event) -> None:
    """Record events and let the loop go round."""
    async with desk.db.transaction(tenant.number) as tx:
        ledger.record(tx, events, at=desk.now(tenant))
    await desk.go_round(tenant)


async def declare(desk: Desk, tenant: Tenant, text: str) -> Mapping[str, int]:
    """Declare playbooks."""
    return await playing.declare(desk, tenant, text, by="ada")


async def runs_of(desk: Desk, tenant: Tenant, playbook: str = "own.chase") -> list[Run]:
    """Its runs, newest first."""
    return await playing.list_runs(desk, tenant, state=None, playbook=playbook, after=None, limit=100)


async def run_of(desk: Desk, tenant: Tenant) -> Run:
    """Its one run."""
    (found,) = await runs_of(desk, tenant)
    return found


async def did(desk: Desk, tenant: Tenant) -> list[tuple[str, str]]:
    """What its one run did: step and what."""
    run = await run_of(desk, tenant)
    _, steps = await playing.show_run(desk, tenant, run.id)
    return [(one.step, one.what) for one in steps]


async def asked(desk: Desk, tenant: Tenant, **wanted: Any) -> list[Item]:
    """What is asked."""
    from sightline.kernel.act import inbox as kept

    async with desk.db.transaction(tenant.number) as tx:
        return await kept.listed(tx, **wanted)


async def answer(desk: Desk, tenant: Tenant, item: Item, *, yes: bool, why: str = "so") -> Item:
    """Answer as the owner, and let the loop go round."""
    told = await inbox.answer(desk, tenant, item.id, yes=yes, by=OWNER, why=why)
    await desk.go_round(tenant)
    return told


async def outbox_of(desk: Desk, tenant: Tenant, state: str) -> list[str]:
    """The ids of what is in this state in the outbox."""
    async with desk.db.transaction(tenant.number) as tx:
        return [one.id for one in await outbox.listed(tx, state=state)]


async def letters(desk: Desk, tenant: Tenant) -> list[str]:
    """What was sent by playbooks of one's own, by key."""
    return await letters_of(desk, tenant, "own.")


async def letters_of(desk: Desk, tenant: Tenant, playbook: str) -> list[str]:
    """What was sent by playbooks whose names begin so, in order."""
    async with desk.db.transaction(tenant.number) as tx:
        rows = await tx.rows(
            "select text from sightline.actions where tenant = :t and starts_with(key, :p) order by at, key",
            t=tx.tenant, p=playbook,
        )  # fmt: skip
    return [row["text"] for row in rows]
