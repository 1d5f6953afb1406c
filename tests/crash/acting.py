"""What the storm's business predicts and does: its past, the lines that call for a deed, and the count of the deeds."""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sightline.foundation import ledger
from sightline.foundation.clock import SystemClock
from sightline.foundation.tenants import Tenant
from sightline.kernel.act import destinations
from sightline.kernel.desk import Desk, playing
from sightline.kernel.desk.training import Training, train
from sightline.language import derived
from sightline.language.action import Verb
from sightline.language.event import LINKS, Event
from sightline.language.ref import Ref
from sightline.packs.supply.act import CHASE_OVERDUE, COST_OF_A_NOTE, WARN_BUYER
from sightline.packs.supply.predict import ARRIVES_LATE
from tests.crash.flaky import Taken

DAYS = 1_095
"""One line was ordered on each: enough to prove a line beyond which the playbook may act by itself."""
VENDORS, SLOW = 4, 2
"""The slow ones are late by truck always, the others never; by air nobody can be sure: that gives the sure a line."""
BY_AIR = 1 / 3
LATE_BY_AIR = (0.95, 0.05)
"""How often the slow ones are late then, and the others."""
LEAD = timedelta(days=60)
"""From the order to the promised day."""
WORTH = 10_000
"""USD, each line."""
OVERDUE, RIPE = timedelta(days=70), timedelta(days=50)
"""Ordered so long ago, a line is past its promised day, or past the day on which it is asked about."""

CLIMB, ASK = "own.climb", "own.ask"
FLAKY = "flaky"
"""The destination that fails."""
SEA, RAIL = "Sea", "Rail"
"""Lines that go so call for a run of two messages with a minute between them, or for somebody's yes."""

PLAYBOOKS = f"""
[{CLIMB}]
question = "{ARRIVES_LATE.name}"
wakes_on = "line.described"
party = "project"
whom = "mode is {SEA}"
choices = [{{ name = "tell", channel = "paper", gains = 1, text = "{{{{ subject }}}} has begun." }}]
follow = [
  {{ name = "a minute", wait = "1 minute", unless = "line.delivered" }},
  {{ name = "again", send = "{{{{ subject }}}} is on its way.", channel = "{FLAKY}" }},
]

[{ASK}]
question = "{ARRIVES_LATE.name}"
wakes_on = "line.described"
party = "project"
whom = "mode is {RAIL}"
asks_first = true
choices = [{{ name = "tell", channel = "paper", gains = 1, text = "{{{{ subject }}}} goes by rail." }}]
"""

LONG = (CHASE_OVERDUE.name, CHASE_OVERDUE.follow[0].name)
"""A playbook, and its wait that outlasts any storm."""

Call = tuple[str, str]
"""A playbook, and the subject about which it must decide."""


@dataclass(slots=True)
class Deeds:
    """What was predicted, decided and done in a storm."""

    called: int = 0
    """Acknowledged lines about which something had to be decided."""
    acted: Counter[str] = field(default_factory=Counter)
    """Playbook to what it did by itself."""
    undecided: int = 0
    """Lines that called for a decision and got none."""
    unweighed: int = 0
    """Decisions made as if nothing were known of the line, which is worth WORTH."""
    unfounded: int = 0
    """Decisions without what woke them or without their own event, events without their decision."""
    undone: int = 0
    """Decided to be done, but without its letter, its receipt or its event."""
    uncalled: int = 0
    """Letters, receipts or events of deeds nobody decided."""
    unended: int = 0
    """Runs that are missing, or have not come as far as they can: to their end, or to a wait of days."""
    unanswered: int = 0
    """Questions to a person that nobody could answer."""
    acted_twice: int = 0
    """Deeds told of by two events, and lines about which a playbook wrote two letters."""
    refused: int = 0
    """Messages that the destination refused at first."""
    repeated: int = 0
    """Messages that it took more than once, under the same name: it had taken them without telling, or their courier
    died."""


def _line(key: str, vendor: int, ordered: datetime, mode: str = "Truck") -> dict[str, Any]:
    links = {"vendor": f"vendor/v{vendor % VENDORS}", "project": f"project/{key}", "order": f"order/{key}"}
    return {"promised_on": f"{ordered + LEAD:%Y-%m-%d}", "value": WORTH, "mode": mode, LINKS: links}


def past(now: datetime) -> Iterator[Event]:
    """Lines that were ordered, promised and delivered, all of them mature by `now`."""
    chance = random.Random(0)
    for number in range(DAYS):
        key, ordered = f"past-{number}", now - timedelta(days=DAYS + 2 * LEAD.days - number)
        mode = "Air" if chance.random() < BY_AIR else "Truck"
        slow = number % VENDORS < SLOW
        late = chance.random() < LATE_BY_AIR[not slow] if mode == "Air" else slow
        came = ordered + LEAD + timedelta(days=5 if late else -5)
        yield _event(key, "line.described", ordered, _line(key, number, ordered, mode))
        yield _event(key, "line.delivered", came, {})


def _event(key: str, type_: str, at: datetime, data: dict[str, Any]) -> Event:
    name = f"{key}:{type_}"
    return Event(id=name, source="past", type=type_, subject=Ref("line", key), time=at, known_at=at, data=data)


async def learn(desk: Desk, tenant: Tenant, address: str) -> None:
    """Give a business its past, put a model on duty that was trained and proved on it, and tell it of the destination
    at that address.
    """
    async with desk.db.transaction(tenant.number) as tx:
        ledger.record(tx, past(desk.now(tenant)), at=desk.now(tenant))
    await desk.go_round(tenant)
    # The leak audit suspects what tells so much, and is right: nothing real is so plain.
    known = dict.fromkeys(("mode", "vendor"), "The storm's past was made so.")
    model = await train(desk, tenant, ARRIVES_LATE, training=Training(admitted=known))
    async with desk.db.transaction(tenant.number) as tx:
        await destinations.add(tx, desk.vault, FLAKY, address)
    await playing.declare(desk, tenant, PLAYBOOKS, by="storm")
    sides = {side["side"]: side["line"] for side in model.proof["sides"]}
    assert sides["yes"] is not None, "the model of the storm never acts by itself"


def calling(source: str, number: int) -> tuple[Call, dict[str, Any]]:
    """The `number`-th line of a sender, by turns overdue and ripe, and whom it calls."""
    key, overdue = f"{source}-{number}", number % 2 == 0
    ordered = SystemClock().now() - (OVERDUE if overdue else RIPE)
    event = {
        "specversion": "1.0", "id": f"line-{number}", "source": source, "type": "line.described",
        "subject": f"line/{key}", "time": ordered.isoformat(), "knownat": ordered.isoformat(),
        "data": _line(key, number // 2, ordered),
    }  # fmt: skip
    return ((CHASE_OVERDUE if overdue else WARN_BUYER).name, f"line/{key}"), event


def beginning(source: str, number: int) -> tuple[Call, dict[str, Any]]:
    """The `number`-th line of a sender that has just been ordered, by sea or by rail, and whom it calls."""
    key, sea = f"{source}-new-{number}", number % 2 == 0
    now = SystemClock().now()
    event = {
        "specversion": "1.0", "id": f"new-{number}", "source": source, "type": "line.described",
        "subject": f"line/{key}", "time": now.isoformat(), "data": _line(key, number, now, SEA if sea else RAIL),
    }  # fmt: skip
    return (CLIMB if sea else ASK, f"line/{key}"), event


async def count(desk: Desk, tenant: Tenant, calls: Collection[Call], taken: Taken) -> Deeds:
    """Hold decisions, events, receipts, letters and what was taken against each other."""
    async with desk.db.transaction(tenant.number) as tx:
        decisions = await tx.rows("select * from sightline.decisions where tenant = :t", t=tx.tenant)
        receipts = await tx.rows("select key from sightline.actions where tenant = :t", t=tx.tenant)
        asked = await tx.rows("select key, playbook, state from sightline.inbox where tenant = :t", t=tx.tenant)
        runs = await tx.rows("select key, playbook, state, step from sightline.runs where tenant = :t", t=tx.tenant)
        told = await tx.rows(
            "select type, kind || '/' || key as about, data ->> 'key' as deed from sightline.ledger"
            " where tenant = :t and type = any(:types)",
            t=tx.tenant, types=[derived.PREDICTED, derived.FOUND, derived.DECIDED, derived.DONE],
        )  # fmt: skip
    letters = [json.loads(path.read_text()) for path in (desk.settings.home / f"paper/{tenant.number}").glob("*.json")]
    letters += taken.messages.values()
    done = Counter(one["deed"] for one in told if one["type"] == derived.DONE)
    traces = done.keys(), {one["key"] for one in letters}, {one["key"] for one in receipts}
    to_do = {one["key"] for one in decisions if one["verb"] == Verb.ACT.value}
    to_do |= {one["key"] for one in asked if one["state"] == "approved"}
    ended = {one["key"] for one in runs if one["state"] == "ended" or (one["playbook"], one["step"]) == LONG}
    begun = set(to_do)
    to_do |= {f"{one['key']}#again" for one in runs if one["playbook"] == CLIMB}
    return Deeds(
        called=len(calls),
        acted=Counter(map(_playbook, done)),
        undecided=len(set(calls) - {(one["playbook"], f"{one['kind']}/{one['subject']}") for one in decisions}),
        unweighed=sum(one["value"] == -COST_OF_A_NOTE for one in decisions),
        unfounded=_unfounded(decisions, told),
        undone=len(to_do - set.intersection(*map(set, traces))),
        unended=len(begun ^ ended),
        unanswered=sum(one["state"] != "approved" for one in asked),
        uncalled=len(set.union(*map(set, traces)) - to_do),
        refused=taken.refused,
        repeated=taken.repeated,
        acted_twice=_doubled(done) + _doubled(Counter((_message(one["key"]), one["about"]) for one in letters)),
    )


def _unfounded(decisions: Sequence[Any], told: Sequence[Any]) -> int:
    events = {one["deed"] for one in told if one["type"] == derived.DECIDED}
    woken = {(one["type"], one["about"]) for one in told}
    wakes = [
        (derived.PREDICTED if one["cutoff"] else derived.FOUND, f"{one['kind']}/{one['subject']}")
        for one in decisions
        if one["playbook"] not in {CLIMB, ASK}
    ]
    return len(events ^ {one["key"] for one in decisions}) + sum(one not in woken for one in wakes)


def _playbook(key: str) -> str:
    return key.partition(":")[0]


def _message(key: str) -> tuple[str, str]:
    """Which of the messages of a playbook it is, apart from the cutoff."""
    return _playbook(key), key.partition("#")[2]


def _doubled(found: Counter[Any]) -> int:
    return sum(times > 1 for times in found.values())
