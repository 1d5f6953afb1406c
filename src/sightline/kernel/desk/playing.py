"""Playbooks: what there is, users' own, and the runs of all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sightline.foundation.db.session import Transaction
from sightline.foundation.identity import Role
from sightline.foundation.tenants import Tenant
from sightline.kernel.act import inbox, moving, outbox, playbook_file, playbooks, runs
from sightline.kernel.act.checking import attributable, channels
from sightline.kernel.act.playbook_file import OWN, Read
from sightline.kernel.act.runs import Run, Stepped
from sightline.kernel.desk.desk import Desk
from sightline.kernel.observe.personal import unveiled
from sightline.language.catalog import Catalog
from sightline.language.errors import Forbidden, Invalid
from sightline.language.playbook import Ask, Playbook, Step, Wait
from sightline.language.time import words_of

MOST_TEXT = 100_000
"""Characters of a file of playbooks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A playbook as it stands."""

    name: str
    question: str
    wakes_on: str
    party: str
    choices: tuple[dict[str, Any], ...]
    follow: tuple[str, ...]
    """Its steps, in words."""
    capacity: int | None
    priority: int
    asks_first: bool
    attribution: str | None
    """How long after a decision what happens counts as its outcome, in words; None: the answer of its forecast does."""
    choose: str
    """How a choice is made: by `value`, or as was `learned`."""
    usual: str
    """The choice that was adopted from an experiment; empty: none was."""
    version: str
    """Of users' own; empty where a pack declares it."""
    stopped: str
    """Why it does nothing any more; empty where it does."""
    decisions: dict[str, int]
    """What became of its proposals: verb to how many."""
    running: int
    """Runs that have not ended."""


async def told(desk: Desk, tenant: Tenant) -> list[Told]:
    """All playbooks, by name."""
    async with desk.db.transaction(tenant.number) as tx:
        catalog = await desk.declared(tx)
        decided = await tx.rows(
            "select playbook, verb, count(*) as n from sightline.decisions where tenant = :t group by playbook, verb",
            t=tx.tenant,
        )  # fmt: skip
        going = await tx.rows(
            "select playbook, count(*) as n from sightline.runs where tenant = :t and ended_at is null"
            " group by playbook",
            t=tx.tenant,
        )  # fmt: skip
        stopped = [one for one in await playbooks.newest(tx) if one.name in catalog.stopped]
    verbs: dict[str, dict[str, int]] = {}
    for row in decided:
        verbs.setdefault(row["playbook"], {})[row["verb"]] = row["n"]
    running = {row["playbook"]: row["n"] for row in going}
    found = [
        _told(one, catalog, verbs.get(one.name, {}), running.get(one.name, 0)) for one in catalog.playbooks.values()
    ]
    found += [_stopped(one.name, str(one.version), catalog.stopped[one.name]) for one in stopped]
    return sorted(found, key=lambda one: one.name)


def _told(playbook: Playbook, catalog: Catalog, decisions: dict[str, int], running: int) -> Told:
    question = catalog.questions.get(playbook.question)
    window = playbook.window if question and attributable(question) else None
    return Told(
        name=playbook.name, question=playbook.question, wakes_on=playbook.wakes_on, party=playbook.party,
        choices=tuple(
            {
                "name": one.name, "channel": one.channel, "channels": list(one.channels), "cost": one.cost,
                "saves": one.saves, "gains": one.gains,
            }
            for one in playbook.choices
        ),
        follow=tuple(_words(one) for one in playbook.follow), capacity=playbook.capacity, priority=playbook.priority,
        asks_first=playbook.asks_first, attribution=words_of(window) if window else None,
        choose=playbook.choose, usual=playbook.usual,
        version=playbook.version, stopped="", decisions=decisions, running=running,
    )  # fmt: skip


def _stopped(name: str, version: str, why: str) -> Told:
    return Told(
        name=name, question="", wakes_on="", party="", choices=(), follow=(), capacity=None, priority=0,
        asks_first=False, attribution=None, choose="value", usual="", version=version, stopped=why, decisions={},
        running=0,
    )  # fmt: skip


def _words(step: Step) -> str:
    if isinstance(step, Wait):
        unless = f" unless {', '.join(step.unless)}" if step.unless else ""
        hours = step.span.total_seconds() / 3600
        span = f"{hours / 24:g} days" if hours >= 24 else f"{hours:g} hours"
        return f"{step.name}: wait {span}{unless}"
    if isinstance(step, Ask):
        return f"{step.name}: ask a person"
    return f"{step.name}: send {f'to {step.channel}' if step.channel else 'by the channel of the first message'}"


async def text(desk: Desk, tenant: Tenant) -> str:
    """The playbooks of users' own, as one file that `declare` reads."""
    async with desk.db.transaction(tenant.number) as tx:
        return "\n".join(one.text for one in await playbooks.newest(tx))


async def read(desk: Desk, tx: Transaction, given: str) -> tuple[Catalog, tuple[Read, ...]]:
    """The playbooks of a text, checked against all that is declared. Raises Invalid and NotFound (a destination)."""
    if len(given) > MOST_TEXT:
        raise Invalid(f"A file of playbooks has at most {MOST_TEXT:,} characters.")
    catalog = await desk.declared(tx)
    found = playbook_file.parse(given, catalog)
    await outbox.must_stand(tx, {name for one in found for name in channels(one.playbook)})
    return catalog, found


async def declare(
    desk: Desk, tenant: Tenant, given: str, *, by: str, role: Role = Role.OWNER, check: bool = False
) -> dict[str, int]:
    """Keep the playbooks of a text, each as a new version where it changed; runs under way go on by theirs.

    `check`: only look. Returns their versions by name. Raises Invalid, NotFound, and Forbidden where money is limited
    for this role and a playbook would act without being asked.
    """
    async with desk.db.transaction(tenant.number) as tx:
        catalog, found = await read(desk, tx, given)
        for one in found:
            _must_be_allowed(desk, one.playbook, role)
        if check:
            return {one.playbook.name: int(_version(catalog, one.playbook.name) or 0) for one in found}
        kept = {one.playbook.name: one.text for one in found}
        return await playbooks.keep(tx, kept, by=by, at=await desk.present(tx))


def _must_be_allowed(desk: Desk, playbook: Playbook, role: Role) -> None:
    if role is Role.OWNER or desk.settings.act.operator_limit is None:
        return
    by_facts = not playbook.foresees and not playbook.asks_first
    if by_facts or playbook.by_default == "act":
        raise Forbidden(
            f"'{playbook.name}' would act without anybody's yes, and what a role '{role}' may decide about is limited.",
            hint="Let it ask first and drop by default, or let an owner declare it.",
        )


def _version(catalog: Catalog, name: str) -> str:
    found = catalog.playbooks.get(name)
    return found.version if found else ""


async def drop(desk: Desk, tenant: Tenant, name: str) -> None:
    """Let a playbook of users' own do nothing any more. Raises NotFound, Invalid for a pack's."""
    async with desk.db.transaction(tenant.number) as tx:
        catalog = await desk.declared(tx)
        if name in catalog.playbooks and not name.startswith(f"{OWN}."):
            raise Invalid(f"'{name}' is declared by a pack.", hint=f"Playbooks of your own begin with {OWN}.")
        now = await desk.present(tx)
        await playbooks.drop(tx, name, at=now)
        await inbox.leave(tx, now=now, playbook=name)


async def shown(desk: Desk, tx: Transaction, found: Sequence[Run]) -> list[Run]:
    """Runs with persons by their names."""
    said = await unveiled(tx, desk.vault, [(one.subject, one.party) for one in found])
    return [replace(one, subject=subject, party=party) for one, (subject, party) in zip(found, said, strict=True)]


async def list_runs(
    desk: Desk, tenant: Tenant, *, state: str | None, playbook: str | None, after: tuple[datetime, str] | None,
    limit: int,
) -> list[Run]:  # fmt: skip
    """Runs, newest first."""
    async with desk.db.transaction(tenant.number) as tx:
        found = await runs.listed(tx, state=state, playbook=playbook, after=after, limit=limit)
        return await shown(desk, tx, found)


async def show_run(desk: Desk, tenant: Tenant, id_: str) -> tuple[Run, list[Stepped]]:
    """A run, and what it did step by step. Raises NotFound."""
    async with desk.db.transaction(tenant.number) as tx:
        (found,) = await shown(desk, tx, [await runs.get(tx, id_)])
        return found, await runs.steps(tx, id_)


async def change_run(
    desk: Desk, tenant: Tenant, id_: str, what: str, *, by: str, step: str | None = None
) -> tuple[Run, list[Stepped]]:
    """`pause`, `resume` or `cancel` a run, or let it do a step `again`. Raises NotFound, Conflict and Invalid."""
    async with desk.db.transaction(tenant.number) as tx:
        here = await desk.moment(tx)
        if what == "pause":
            await runs.pause(tx, id_)
        elif what == "resume":
            await moving.resume(here, id_)
        elif what == "cancel":
            await moving.cancel(here, id_, by=by)
        elif what == "again":
            await moving.again(here, id_, step, by=by)
        else:
            raise Invalid(f"'{what}' is nothing a run can be told.", hint="pause, resume, cancel or again.")
        (found,) = await shown(desk, tx, [await runs.get(tx, id_)])
        return found, await runs.steps(tx, id_)


async def playbook(desk: Desk, tenant: Tenant, name: str) -> Playbook:
    """The playbook of that name. Raises NotFound, and Conflict where it does not fit any more."""
    return (await desk.catalog(tenant)).playbook(name)
