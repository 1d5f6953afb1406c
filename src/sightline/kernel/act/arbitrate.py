"""Arbitrate: of what several playbooks would do, what is done. Nobody is spoken to of one thing by two at once,
nor more often than the policy of contacts allows; whoever is kept back for one playbook is left alone by others that
are to change the same answer; of what is beyond a day's capacity the best are taken.

What a forecast wakes and what facts wake are to change different things, though they ask the same question: the one
whether it comes by the deadline, the other what comes after the decision. Each draws its own lots; and nobody goes
unreminded of what is overdue because nothing was said before it was due. Facts that appear before the deadline of a
forecast for whose sake nothing is said of that subject wake nobody to speak of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from sightline.foundation.db.session import Transaction
from sightline.foundation.turn import Turn
from sightline.kernel.act.outbox import PAPER
from sightline.language.action import Decision, Verb
from sightline.language.catalog import Catalog
from sightline.language.playbook import Playbook
from sightline.language.ref import Ref

PROTECTED = timedelta(days=90)
"""So long after it was kept back a party is left alone by other playbooks that are to change the same answer."""

WEEK = timedelta(days=7)

Changed = tuple[str, bool]
"""What a playbook is to change: the answer to a question; whether forecasts wake it, or else facts."""


@dataclass(slots=True, kw_only=True)
class Standing:
    """What stands before a batch is decided."""

    kept: dict[tuple[Changed, str], str] = field(default_factory=dict)
    """What is to be changed and the party, to the playbook that keeps it back."""
    spoken: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    """Subject to the playbooks that spoke of it within a week (or held it back), and their priorities."""
    contacts: Counter[str] = field(default_factory=Counter)
    """Party to how often it was spoken to in the last week."""
    most: int | None = None
    """Of these a week."""
    slots: dict[str, int] = field(default_factory=dict)
    """Playbook to how many it may still take today."""
    changing: Mapping[str, Changed] = field(default_factory=dict)
    """Playbooks that are to change something, and what."""
    foreseen: Mapping[tuple[str, str], str] = field(default_factory=dict)
    """A question and a subject whose answer by the deadline, which is not over, is not to be changed by anybody, to the
    playbook whose effect that measures.
    """


def arbitrate(decided: Sequence[Decision], playbooks: Mapping[str, Playbook], standing: Standing) -> list[Decision]:
    """What is done; pure but for `standing`, which is brought up to date. Decisions come back in the order of their
    right: priority, value, key.
    """
    spoken: dict[str, str] = {}
    ordered = sorted(
        decided, key=lambda one: (-playbooks[one.proposal.playbook].priority, -one.proposal.order, one.key)
    )
    return [_judged(one, spoken, standing, playbooks[one.proposal.playbook].priority) for one in ordered]


def _judged(decision: Decision, spoken: dict[str, str], standing: Standing, priority: int) -> Decision:
    if decision.verb is Verb.DROP:
        return decision
    kept = _kept_back(decision, standing)
    because = kept or _refused(decision, spoken, standing, priority)
    if because:
        return replace(decision, verb=Verb.DROP, because=because, lasts=bool(kept))
    proposal = decision.proposal
    spoken[str(proposal.subject)] = proposal.playbook
    if decision.verb is Verb.HOLD and proposal.playbook in standing.changing:
        standing.kept[standing.changing[proposal.playbook], str(proposal.party)] = proposal.playbook
    if proposal.playbook in standing.slots:
        standing.slots[proposal.playbook] -= 1
    if proposal.channel != PAPER.name:
        standing.contacts[str(proposal.party)] += 1
    return decision


def may_come(decision: Decision, playbook: Playbook) -> bool:
    """Whether nothing is decided yet: whom a playbook with a capacity leaves out today, of those it is forecast of, it
    may take tomorrow.

    So it is where a refusal is of today alone: the capacity went to others, another playbook speaks of it or did within
    a week, the party was spoken to often enough, or it brings less than nothing as it is forecast now. What `lasts` is
    decided about: nothing reaches the party, it is kept back for another playbook (for `PROTECTED`), its text cannot be
    written, or what it would bring cannot be told. Left open, these would come first again each day, and those behind
    them never.
    """
    open_yet = decision.proposal.cutoff is not None and not decision.lasts
    return decision.verb is Verb.DROP and playbook.capacity is not None and open_yet


def _kept_back(decision: Decision, standing: Standing) -> str:
    """For whose sake nothing is done, where for another playbook's; else empty."""
    proposal, party = decision.proposal, str(decision.proposal.party)
    changed = standing.changing.get(proposal.playbook)
    keeper = standing.kept.get((changed, party)) if changed else None
    if changed and not changed[1]:
        keeper = keeper or standing.foreseen.get((changed[0], str(proposal.subject)))
    if keeper and keeper != proposal.playbook:
        return f"{party} is kept back so that the effect of '{keeper}' can be measured."
    return ""


def _refused(decision: Decision, spoken: Mapping[str, str], standing: Standing, own: int) -> str:
    """Why nothing is done today; empty where something is."""
    proposal, party = decision.proposal, str(decision.proposal.party)
    first = spoken.get(str(proposal.subject))
    if first and first != proposal.playbook:
        return f"'{first}' speaks of it at the same time and comes first."
    before = standing.spoken.get(str(proposal.subject), {})
    earlier = [name for name, priority in before.items() if name != proposal.playbook and priority >= own]
    if earlier:
        return f"'{earlier[0]}' spoke of it within a week."
    if standing.slots.get(proposal.playbook, 1) <= 0:
        return "The day's capacity went to others that are worth more."
    if standing.most is not None and proposal.channel != PAPER.name and standing.contacts[party] >= standing.most:
        return f"{party} was spoken to {standing.contacts[party]} times within a week, as often as the policy allows."
    return ""


async def standing_before(turn: Turn, decided: Sequence[Decision]) -> Standing:
    """What stands before these are decided."""
    parties = sorted({str(one.proposal.party) for one in decided})
    changing = changed_by(turn.catalog)
    return Standing(
        spoken=await _spoken(turn, [one.proposal.subject for one in decided]),
        kept=await _kept(turn.tx, parties, changing, turn.now),
        contacts=await _contacts(turn.tx, parties, turn.now) if turn.settings.act.contacts_per_week else Counter(),
        most=turn.settings.act.contacts_per_week,
        slots=await slots_left(turn.tx, turn.catalog, {one.proposal.playbook for one in decided}, turn.now),
        changing=changing,
        foreseen=await _foreseen(turn.tx, decided, changing, turn.now),
    )


async def _spoken(turn: Turn, subjects: Sequence[Ref]) -> dict[str, dict[str, int]]:
    rows = await turn.tx.rows(
        "select distinct kind || '/' || subject as about, playbook from sightline.decisions d where tenant = :t"
        " and (kind, subject) in (select * from unnest(cast(:kinds as text[]), cast(:keys as text[])))"
        " and at > :since and verb in ('act', 'ask', 'hold') and not exists (select from sightline.inbox i"
        " where i.tenant = d.tenant and i.key = d.key and i.state in ('rejected', 'expired', 'overtaken'))",
        t=turn.tx.tenant, kinds=[one.kind for one in subjects], keys=[one.key for one in subjects],
        since=turn.now - WEEK,
    )  # fmt: skip
    found: dict[str, dict[str, int]] = {}
    for row in rows:
        playbook = turn.catalog.playbooks.get(row["playbook"])
        found.setdefault(row["about"], {})[row["playbook"]] = playbook.priority if playbook else 0
    return found


def changed_by(catalog: Catalog) -> dict[str, Changed]:
    """The playbooks that call something success, by name, and what they are to change."""
    found = [catalog.playbooks[name] for name in catalog.successes if name in catalog.playbooks]
    return {one.name: (one.question, one.foresees) for one in found}


async def _kept(
    tx: Transaction, parties: Sequence[str], changing: Mapping[str, Changed], now: datetime
) -> dict[tuple[Changed, str], str]:
    rows = await tx.rows(
        "select party, playbook from sightline.decisions where tenant = :t and party = any(:parties) and at > :since"
        " and verb = 'hold' and playbook = any(:changing) group by party, playbook order by min(at) desc",
        t=tx.tenant, parties=list(parties), since=now - PROTECTED, changing=sorted(changing),
    )  # fmt: skip
    return {(changing[row["playbook"]], row["party"]): row["playbook"] for row in rows}


async def _foreseen(
    tx: Transaction, decided: Sequence[Decision], changing: Mapping[str, Changed], now: datetime
) -> dict[tuple[str, str], str]:
    """Of the subjects that facts speak of, those of whom nothing is said for the sake of a forecast that is open."""
    by_facts = {name for name, (_, foresees) in changing.items() if not foresees}
    about = sorted({one.proposal.subject for one in decided if one.proposal.playbook in by_facts}, key=str)
    foreseeing = sorted(changing.keys() - by_facts)
    if not about or not foreseeing:
        return {}
    rows = await tx.rows(
        "select d.kind || '/' || d.subject as about, d.playbook from sightline.decisions d"
        " join sightline.predictions p on p.tenant = d.tenant and p.question = d.question and p.kind = d.kind"
        " and p.key = d.subject and p.cutoff = d.cutoff where d.tenant = :t and d.verb = 'hold'"
        " and (d.kind, d.subject) in (select * from unnest(cast(:kinds as text[]), cast(:keys as text[])))"
        " and d.playbook = any(:foreseeing) and d.at > :since and p.deadline > :now",
        t=tx.tenant, kinds=[one.kind for one in about], keys=[one.key for one in about], foreseeing=foreseeing,
        since=now - PROTECTED, now=now,
    )  # fmt: skip
    return {(changing[row["playbook"]][0], row["about"]): row["playbook"] for row in rows}


async def _contacts(tx: Transaction, parties: Sequence[str], now: datetime) -> Counter[str]:
    rows = await tx.rows(
        "select party, count(*) as n from (select party from sightline.decisions where tenant = :t"
        " and party = any(:parties) and at > :since and verb in ('act', 'ask', 'hold') and channel <> :paper"
        " union all select receiver from sightline.deliveries l where tenant = :t and receiver = any(:parties)"
        " and made_at > :since and destination <> :paper and strpos(key, '#') > 0 and not exists"
        " (select from sightline.decisions d where d.tenant = l.tenant and d.key = l.key)) s group by party",
        t=tx.tenant, parties=list(parties), since=now - WEEK, paper=PAPER.name,
    )  # fmt: skip
    return Counter({row["party"]: row["n"] for row in rows})


async def slots_left(tx: Transaction, catalog: Catalog, names: set[str], now: datetime) -> dict[str, int]:
    """What is left of the day (UTC) of those that have a capacity."""
    bounded = {name: catalog.playbooks[name].capacity or 0 for name in names if catalog.playbooks[name].capacity}
    if not bounded:
        return {}
    rows = await tx.rows(
        "select playbook, count(*) as n from sightline.decisions where tenant = :t and playbook = any(:names)"
        " and at >= :dawn and verb in ('act', 'ask', 'hold') group by playbook",
        t=tx.tenant, names=sorted(bounded),
        dawn=now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0),
    )  # fmt: skip
    taken = {row["playbook"]: row["n"] for row in rows}
    return {name: max(0, most - taken.get(name, 0)) for name, most in bounded.items()}
