"""Sentences that must always be true, looked at on duty: each day, and whenever somebody asks.

Tests hold them for the cases that were thought of; here the rows of a running business are asked. What is broken is an
event, with an example, once until it is mended. What was done and nobody can undo is asked about for 30 days: then it
lapses, which is not to be taken for mended.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sightline.foundation.db.session import Transaction
from sightline.foundation.settings import Settings
from sightline.foundation.turn import Turn
from sightline.kernel.act import figures
from sightline.kernel.learn.attributed import windowed
from sightline.kernel.predict.treatment import OF_ACTION
from sightline.language import derived
from sightline.language.catalog import Catalog
from sightline.language.event import Event
from sightline.language.ref import Ref

LATE = timedelta(hours=1)
"""So long may what is due wait for its turn before it counts as forgotten."""

DAY = timedelta(days=1)

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Invariant:
    """One sentence, and how those are found for whom it does not hold."""

    name: str
    says: str
    sql: str
    """Selects `about`, a text, of each that breaks it, or may."""
    breaks: Callable[[str, list[str]], bool] | None = None
    """Tells by the `text` and the `facts` of a row whether it does; None: all do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """How a sentence fares."""

    name: str
    says: str
    broken: int
    """For how many it does not hold."""
    example: str
    """One of them."""
    checked_at: datetime
    broken_since: datetime | None


INVARIANTS = (
    Invariant(
        name="done_was_decided",
        says="What was done was decided: by the proof, by plain facts or by a person.",
        sql=f"""select a.key as about from sightline.actions a where a.tenant = :t and a.at > :month
          and not starts_with(a.key, 'test:') and not starts_with(a.key, 'ask:')
          and not exists (select from sightline.decisions d where d.tenant = a.tenant
            and d.key = {OF_ACTION} and (d.verb = 'act' or exists (select from sightline.inbox i
              where i.tenant = d.tenant and i.key = d.key and i.state = 'approved')
            or exists (select from sightline.event_keys k join sightline.ledger l on l.tenant = k.tenant
              and l.position = k.position and l.data ->> 'answer' = 'approved' where k.tenant = d.tenant
              and k.source = 'sightline' and k.id = 'answered:ask_'
              || left(encode(sha256(convert_to(d.key, 'UTF8')), 'hex'), 32))))""",
    ),
    Invariant(
        name="done_once",
        says="Nobody was told the same of the same thing twice within a day.",
        sql="""select key as about from (select key, at - lag(at) over (partition by split_part(key, ':', 1), subject,
              receiver, text order by at) as since from sightline.actions where tenant = :t and at > :month
              and not starts_with(key, 'ask:')) s where since < interval '1 day'""",
    ),
    Invariant(
        name="decided_has_an_arm",
        says="Every decision has an arm, and who is kept back is control.",
        sql="""select key as about from sightline.decisions where tenant = :t
          and (arm not in ('treated', 'control') or (verb = 'hold') <> (arm = 'control') and verb <> 'drop')""",
    ),
    Invariant(
        name="held_back_untouched",
        says="Whoever is kept back was not acted upon, by no playbook that is to change the same answer.",
        sql=f"""with done as materialized (select a.key, {OF_ACTION} as decision from sightline.actions a
            where a.tenant = :t and a.at > :month)
          select a.key as about from sightline.decisions h join sightline.decisions d on d.tenant = h.tenant
            and d.party = h.party and d.question = h.question and d.at between h.at and h.at + interval '90 days'
            and d.playbook = any(:changing)
          join done a on a.decision = d.key
          where h.tenant = :t and h.verb = 'hold' and h.playbook = any(:changing) and d.at > :month
            and ((d.playbook = any(:foreseeing)) = (h.playbook = any(:foreseeing))
              or h.playbook = any(:foreseeing) and d.kind = h.kind and d.subject = h.subject and exists (
                select from sightline.predictions p where p.tenant = h.tenant and p.question = h.question
                and p.kind = h.kind and p.key = h.subject and p.cutoff = h.cutoff and p.deadline > d.at))""",
    ),
    Invariant(
        name="one_arm_each",
        says="In an experiment nobody is given two arms.",
        sql="""select party as about from sightline.decisions where tenant = :t and experiment is not null
          group by experiment, party having count(distinct choice) > 1""",
    ),
    Invariant(
        name="contacted_within_policy",
        says="Nobody was spoken to more often within a week than the policy of contacts allows.",
        sql="""select party as about from (select party, count(*) over (partition by party order by at
              range between interval '7 days' preceding and current row) as n from sightline.decisions
            where tenant = :t and verb in ('act', 'ask') and channel <> 'paper' and at > :month) s
          where n > :most group by party""",
    ),
    Invariant(
        name="mature_is_settled",
        says="Every prediction whose answer is mature has an outcome.",
        sql="""select p.question || ' ' || p.kind || '/' || p.key as about from sightline.predictions p
          where p.tenant = :t and p.withdrawn_at is null and p.outcome is not null and p.matures_at < :yesterday
            and not exists (select from sightline.outcomes o where o.tenant = p.tenant and o.question = p.question
              and o.kind = p.kind and o.key = p.key and o.cutoff = p.cutoff)""",
    ),
    Invariant(
        name="decided_has_come",
        says="Every decision whose time to work has passed has an outcome.",
        sql="""select d.key as about from unnest(cast(:windowed as text[]), cast(:asked as text[]),
            cast(:windows as interval[])) w(playbook, question, span)
          join sightline.decisions d on d.tenant = :t and d.playbook = w.playbook and d.question = w.question
            and d.verb in ('act', 'ask', 'hold') and d.at + w.span < :yesterday
          where not exists (select from sightline.decision_outcomes o where o.tenant = d.tenant and o.key = d.key
            and not o.early)""",
    ),
    Invariant(
        name="runs_move",
        says="Every run moved when its time had come.",
        sql="""select r.id as about from sightline.runs r where r.tenant = :t and r.state = 'running'
          and (r.due_at < :late or exists (select from sightline.actions a where a.tenant = r.tenant
            and a.key = r.waits_for and a.at < :late))""",
    ),
    Invariant(
        name="figures_are_facts",
        says="Every figure of a message that was sent stands in its facts, or a person let it pass.",
        sql="""select a.key as about, a.text, coalesce(o.facts, d.facts) as facts from sightline.actions a
          left join sightline.deliveries o on o.tenant = a.tenant and o.key = a.key
          left join sightline.decisions d on d.tenant = a.tenant and d.key = a.key
          where a.tenant = :t and a.at > :week and coalesce(o.facts, d.facts) is not null
            and coalesce(o.sent_again, 0) = 0 and not exists (select from sightline.inbox i where i.tenant = a.tenant
              and i.key = a.key and i.state = 'approved' and i.ended_by <> 'nobody')""",
        breaks=lambda text, facts: figures.check(text, facts).strange is not None,
    ),
    Invariant(
        name="asked_in_time",
        says="Whatever people are asked ends when its time has passed.",
        sql="""select id as about from sightline.inbox where tenant = :t and state in ('open', 'snoozed')
          and due_at < :late""",
    ),
)  # fmt: skip


async def look(tx: Transaction, settings: Settings, catalog: Catalog, now: datetime) -> list[Checked]:
    """Ask the rows of a tenant. Nothing is kept."""
    rows = await tx.rows("select name, broken_since from sightline.invariants where tenant = :t", t=tx.tenant)
    since, given = {row["name"]: row["broken_since"] for row in rows}, _given(settings, catalog, now)
    return [await _checked(tx, one, since.get(one.name), given, now) for one in INVARIANTS]


def _given(settings: Settings, catalog: Catalog, now: datetime) -> dict[str, Any]:
    most, own = settings.act.contacts_per_week, list(windowed(catalog))
    return {
        "windowed": [one.name for one, _ in own], "asked": [question.name for _, question in own],
        "windows": [(one.window or timedelta()) + question.grace for one, question in own],
        "changing": sorted(catalog.successes),
        "foreseeing": sorted(one.name for one in catalog.playbooks.values() if one.foresees),
        "most": 2**31 - 1 if most is None else most,
        "month": now - 30 * DAY, "week": now - 7 * DAY, "yesterday": now - DAY, "late": now - LATE,
    }  # fmt: skip


async def _checked(
    tx: Transaction, one: Invariant, since: datetime | None, given: Mapping[str, Any], now: datetime
) -> Checked:
    wanted = {name: value for name, value in given.items() if f":{name}" in one.sql}
    broken, example = await _broken(tx, one, wanted)
    return Checked(
        name=one.name, says=one.says, broken=broken, example=example, checked_at=now,
        broken_since=(since or now) if broken else None,
    )  # fmt: skip


async def _broken(tx: Transaction, one: Invariant, wanted: Mapping[str, Any]) -> tuple[int, str]:
    """For how many it does not hold, and one of them."""
    if one.breaks is None:
        counted = f"select count(*) as broken, min(about) as example from ({one.sql}) s"
        (row,) = await tx.rows(counted, t=tx.tenant, **wanted)
        return int(row["broken"]), row["example"] or ""
    rows, breaks = await tx.rows(one.sql, t=tx.tenant, **wanted), one.breaks
    found = await asyncio.to_thread(lambda: sorted(row["about"] for row in rows if breaks(row["text"], row["facts"])))
    return len(found), found[0] if found else ""


async def watch(turn: Turn) -> None:
    """Look once a day, keep what is broken since when, and tell of what has come to be."""
    found = await look(turn.tx, turn.settings, turn.catalog, turn.now)
    for one in found:
        await turn.tx.run(
            "insert into sightline.invariants (tenant, name, broken, example, checked_at, broken_since)"
            " values (:t, :n, :b, :e, :at, :since) on conflict (tenant, name) do update set broken = excluded.broken,"
            " example = excluded.example, checked_at = excluded.checked_at, broken_since = excluded.broken_since",
            t=turn.tx.tenant, n=one.name, b=one.broken, e=one.example, at=turn.now, since=one.broken_since,
        )  # fmt: skip
    fresh = [one for one in found if one.broken_since == turn.now]
    for one in fresh:
        _log.error("Broken in workspace %s: %s (%d, such as %s)", turn.tx.tenant, one.says, one.broken, one.example)
    turn.record([_told(one, turn.now) for one in fresh])


def _told(one: Checked, now: datetime) -> Event:
    return Event(
        id=f"broken:{one.name}:{now.isoformat()}",
        source=derived.SOURCE,
        type=derived.BROKEN,
        subject=Ref(derived.SELF, "today"),
        time=now,
        known_at=now,
        data={"invariant": one.name, "says": one.says, "broken": one.broken, "example": one.example},
    )
