"""What people are asked: shown with everything needed to decide, and answered within what each may."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sightline.foundation.db.session import Transaction
from sightline.foundation.identity import Role
from sightline.foundation.identity.users import operators
from sightline.foundation.tenants import Tenant
from sightline.kernel.act import inbox, routing
from sightline.kernel.act.inbox import Item
from sightline.kernel.desk.desk import Desk
from sightline.kernel.observe.personal import unveiled, veiled_as
from sightline.language.errors import Forbidden, Invalid, NotFound, SightlineError

MOST = 200
"""Answers in one call."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Who answers."""

    name: str
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """One of several answers that was not taken."""

    id: str
    problem: str
    hint: str | None


async def shown(desk: Desk, tx: Transaction, items: Sequence[Item]) -> list[Item]:
    """What is asked with persons by their names, for whoever may read the workspace."""
    said = await unveiled(tx, desk.vault, [(one.subject, one.party, one.text, one.why, one.reasons) for one in items])
    return [
        replace(one, subject=subject, party=party, text=text, why=why, reasons=tuple(reasons))
        for one, (subject, party, text, why, reasons) in zip(items, said, strict=True)
    ]


async def answer(
    desk: Desk, tenant: Tenant, id_: str, *, yes: bool, by: Person, text: str | None = None, why: str = ""
) -> Item:  # fmt: skip
    """Say yes or no to what is asked; the loop does what follows.

    A person's value in a mended draft is a token again before it is kept. Raises NotFound, Invalid, Conflict, and
    Forbidden where more money is at stake than this role may decide about.
    """
    async with desk.db.transaction(tenant.number) as tx:
        asked = await inbox.get(tx, id_, hold=True)
        if yes:
            _must_be_allowed(desk, asked, by)
        if text is not None:
            text = await veiled_as(tx, desk.vault, text, (asked.subject, asked.party, asked.text))
        why = await veiled_as(tx, desk.vault, why, (asked.subject, asked.party, asked.text))
        here = await desk.moment(tx)
        ended = await inbox.answer(
            tx, id_, yes=yes, by=by.name, now=here.now, text=text, why=why, awaited=here.awaited
        )  # fmt: skip
        (told,) = await shown(desk, tx, [ended])
    return told


async def answer_all(
    desk: Desk, tenant: Tenant, ids: Sequence[str], *, yes: bool, by: Person, why: str = ""
) -> tuple[list[Item], list[Refused]]:
    """The same for several, each by itself: those that were taken, and those that were not and why. Raises Invalid."""
    if not 0 < len(ids) <= MOST:
        raise Invalid(f"{len(ids)} answers at once.", hint=f"Give 1 to {MOST}.")
    taken, refused = [], []
    for id_ in dict.fromkeys(ids):
        try:
            taken.append(await answer(desk, tenant, id_, yes=yes, by=by, why=why))
        except SightlineError as error:
            refused.append(Refused(id=id_, problem=error.message, hint=error.hint))
    return taken, refused


async def snooze(desk: Desk, tenant: Tenant, id_: str, until: datetime, *, by: Person) -> Item:
    """Put off what is asked. Raises NotFound, Invalid and Conflict."""
    async with desk.db.transaction(tenant.number) as tx:
        found = await inbox.snooze(tx, id_, until=until, now=await desk.present(tx), by=by.name)
        (told,) = await shown(desk, tx, [found])
    return told


async def delegate(desk: Desk, tenant: Tenant, id_: str, to: str | None, *, by: Person) -> Item:
    """Let it be somebody's who may decide about it. Raises NotFound, Invalid and Conflict."""
    async with desk.db.transaction(tenant.number) as tx:
        asked = await inbox.get(tx, id_, hold=True)
        whose = None if to is None else _whose(desk, asked, to, {**await operators(tx), by.name: by.role})
        now = await desk.present(tx)
        (told,) = await shown(desk, tx, [await inbox.delegate(tx, id_, to=whose, now=now, by=by.name)])
    return told


def decider(to: str, known: Collection[str]) -> str:
    """The name as it is kept of one of those who may decide. Raises NotFound."""
    name = to if to in known else to.strip().lower()
    if name not in known:
        raise NotFound.named("user who may decide", to[:100], known, hint="`sightline users list` shows all users.")
    return name


def _whose(desk: Desk, item: Item, to: str, known: Mapping[str, Role]) -> str:
    """The name as it is kept of somebody who may decide about it. Raises NotFound and Invalid."""
    name = decider(to, known)
    limit = desk.settings.act.operator_limit
    if not routing.may(known[name], item.worth, limit):
        owners = ", ".join(sorted(one for one, role in known.items() if role is Role.OWNER))
        raise Invalid(
            f"'{name}' may not decide about so much: a role '{known[name]}' decides about {limit:,.0f} at most.",
            hint=f"Delegate it to an owner: {owners or 'there is none but whoever runs the server'}.",
        )
    return name


def _must_be_allowed(desk: Desk, item: Item, by: Person) -> None:
    limit = desk.settings.act.operator_limit
    if routing.may(by.role, item.worth, limit):
        return
    stake = "Nobody knows how much is" if item.worth is None else f"{item.worth:,.0f} are"
    raise Forbidden(
        f"{stake} at stake; a role '{by.role}' decides about {limit:,.0f} at most.",
        hint="Delegate it to an owner; SIGHTLINE_ACT__OPERATOR_LIMIT sets the limit.",
    )
