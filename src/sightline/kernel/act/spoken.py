"""What a playbook said of late, to whom, when, by which channel, and what came of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from sightline.foundation.db.session import Transaction
from sightline.foundation.turn import Turn
from sightline.foundation.vault import Vault
from sightline.kernel.act.channels.guards import TIME_ZONE
from sightline.kernel.act.channels.policy import zone_of
from sightline.kernel.act.outcomes import outcomes_of
from sightline.kernel.observe.personal import replaced, tokens_in
from sightline.language.playbook import Playbook, Success
from sightline.language.ref import Ref

UTC = ZoneInfo("UTC")

SINCE = timedelta(days=365)
MOST = 5_000
"""Decisions that are read, the newest since then: habits change, and this is asked whenever a message goes out."""


MEMORY = "act.spoken"
"""What was read lately stands in the memory of a process under this name."""

FRESH = timedelta(minutes=10)
"""So long that serves."""

MOST_KEPT = 300_000
"""Messages that are kept of all workspaces, of about 300 bytes each. Beyond it the workspace of which most is kept
loses what it asked for longest ago, so that none is troubled by another that asks for much.
"""

Memory = dict[int | None, dict[Any, tuple[datetime, list["Spoken"]]]]
"""By workspace: by what was asked, the latest last, when it was read and what."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """The first message of one decision that has an outcome."""

    party: str
    choice: str
    channel: str
    """The destination it went to."""
    hour: int
    """0 to 23, on the clock of its party."""
    day: date
    """On the same clock."""
    hit: bool
    """Whether what came of it was a success."""


# Where it went in the end stands in the outbox: a dead letter may have been sent elsewhere.
_SPOKEN = """
select d.party, d.choice, coalesce(l.destination, d.channel) as destination, a.at, o.answer = :wanted as hit
from (
  select tenant, key, party, choice, channel, question, kind, subject, cutoff, at from sightline.decisions
  where tenant = :t and playbook = :p and at >= :since order by at desc limit :most) d
join sightline.actions a on a.tenant = d.tenant and a.key = d.key
left join sightline.deliveries l on l.tenant = d.tenant and l.key = d.key
join {came}
where o.answer is not null
"""

_ZONES = """
select e.kind || '/' || e.key as party, e.attributes ->> :name as zone from sightline.entities e
where e.tenant = :t and (e.kind, e.key) in (select * from unnest(cast(:kinds as text[]), cast(:keys as text[])))
  and e.attributes ->> :name <> ''
"""


async def spoken(
    tx: Transaction, vault: Vault, playbook: Playbook, success: Success, *, now: datetime
) -> list[Spoken]:  # fmt: skip
    """The messages of a playbook that have an outcome, of its newest decisions."""
    rows = await tx.rows(
        _SPOKEN.format(came=outcomes_of(playbook)), t=tx.tenant, p=playbook.name, wanted=float(success.answer),
        since=now - SINCE, most=MOST,
    )  # fmt: skip
    zones = await zones_of(tx, vault, {(row["party"], row["destination"]) for row in rows})
    at = [row["at"].astimezone(zones[row["party"], row["destination"]]) for row in rows]
    return [
        Spoken(row["party"], row["choice"], row["destination"], local.hour, local.date(), row["hit"])
        for row, local in zip(rows, at, strict=True)
    ]


async def lately(turn: Turn, playbook: Playbook, success: Success) -> list[Spoken]:
    """The same for a consumer's turn, which reads it anew every ten minutes: habits change by the week."""
    if turn.memory is None:
        return await spoken(turn.tx, turn.vault, playbook, success, now=turn.now)
    memory: Memory = turn.memory.setdefault(MEMORY, {})
    own, key = memory.setdefault(turn.tx.tenant, {}), (playbook.name, playbook.version, success.answer)
    at, told = own.pop(key, (None, []))
    if at is None or not at <= turn.now < at + FRESH:
        at, told = turn.now, await spoken(turn.tx, turn.vault, playbook, success, now=turn.now)
    for stale in [one for one, (then, _) in own.items() if not then <= turn.now < then + FRESH]:
        del own[stale]
    own[key] = at, told
    bound(memory)
    return told


def bound(memory: Memory, most: int = MOST_KEPT) -> None:
    """Forget what goes beyond so many messages, each entry counting for one more than it holds."""
    sizes = {tenant: sum(len(told) + 1 for _, told in own.values()) for tenant, own in memory.items()}
    while sum(sizes.values()) > most:
        largest = max(sizes, key=lambda one: sizes[one])
        _, told = memory[largest].pop(next(iter(memory[largest])))
        sizes[largest] -= len(told) + 1


async def zones_of(
    tx: Transaction, vault: Vault, these: Collection[tuple[str, str]]
) -> dict[tuple[str, str], ZoneInfo]:  # fmt: skip
    """By party and destination: the zone that hours are told in, as quiet hours tell it. That is the `time_zone` of the
    party where it is known, else the zone of the destination's guards, which is UTC where nobody said another.
    """
    own, guards = await _own(tx, vault, {party for party, _ in these}), await _of_guards(tx)
    return {
        (party, name): _zone(own.get(party, "")) or _zone(guards.get(name) or "") or UTC for party, name in these
    }  # fmt: skip


async def _own(tx: Transaction, vault: Vault, parties: Collection[str]) -> Mapping[str, str]:
    refs = [Ref.parse(one) for one in sorted(parties)]
    if not refs:
        return {}
    rows = await tx.rows(
        _ZONES, t=tx.tenant, name=TIME_ZONE, kinds=[one.kind for one in refs], keys=[one.key for one in refs]
    )
    found = {row["party"]: row["zone"] for row in rows}
    tokens = tokens_in(sorted(set(found.values())))
    known: Any = replaced(found, await vault.reveal(tx, sorted(tokens))) if tokens else found
    return dict(known)


async def _of_guards(tx: Transaction) -> dict[str, str | None]:
    rows = await tx.rows(
        "select name, guards ->> 'zone' as zone from sightline.destinations where tenant = :t", t=tx.tenant
    )
    return {row["name"]: row["zone"] for row in rows}


@lru_cache(maxsize=1_000)
def _zone(name: str) -> ZoneInfo | None:
    return zone_of(name) if name else None
