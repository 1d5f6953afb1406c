"""Whom what enters the inbox is for: the first route whose conditions are met names who may be asked, and of those one
is.

An account stays with one person: whoever has something open of the same party is asked again. Otherwise it is whoever
has the least waiting, counted anew with everything that is given out. Each transaction reads that once, however often
it asks; what ends in it meanwhile still counts. Two that ask at once do not see each other's: then the counts are a
little old, and a party may come to be with two persons. Nobody waits for that; it evens out with what is asked next.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from sightline.foundation.db.session import Transaction
from sightline.foundation.identity import Role, keys
from sightline.foundation.identity.users import operators
from sightline.kernel.act import conditions, inbox, routes
from sightline.kernel.act.inbox import Asked, Unanswered
from sightline.kernel.act.moment import Moment
from sightline.kernel.act.routes import Route
from sightline.kernel.act.waking import situations_of
from sightline.language.catalog import Catalog
from sightline.language.errors import Invalid, NotFound, Terminal
from sightline.language.playbook import Playbook, Situation
from sightline.language.question import Question, TotalOf, Where
from sightline.language.ref import Ref


def may(role: Role, worth: float | None, limit: float | None) -> bool:
    """Whether a role decides about as much money as is at stake. `worth` None: nobody knows how much that is."""
    return role is Role.OWNER or limit is None or (worth is not None and worth <= limit)


@dataclass(slots=True, kw_only=True)
class Roster:
    """Who may decide, what waits for each, and with whom each party is; it goes on with what it gives out."""

    roles: Mapping[str, Role]
    """Of the users who may operate the workspace now."""
    limit: float | None = None
    """Money at stake up to which whoever is no owner decides; None: any."""
    waiting: dict[str, int] = field(default_factory=dict)
    """By user: how much waits for an answer of theirs."""
    holds: dict[str, set[str]] = field(default_factory=dict)
    """By party: the users for whom something waits about it."""
    counted: set[str] = field(default_factory=set)
    """Users of whom what waits was read."""

    def give(self, to: Sequence[str], party: str, worth: float | None) -> str | None:
        """Whose it is to be; None: nobody of them may decide about it."""
        able = [one for one in to if one in self.roles and may(self.roles[one], worth, self.limit)]
        if not able:
            return None
        holding = self.holds.setdefault(party, set())
        # Of those with equally little the first, as they stand in the route.
        found = min([one for one in able if one in holding] or able, key=lambda one: self.waiting.get(one, 0))
        self.waiting[found] = self.waiting.get(found, 0) + 1
        holding.add(found)
        return found


class Routes:
    """The routes of a workspace, to be asked which of them a subject meets first."""

    def __init__(self, kept: Iterable[Route], catalog: Catalog) -> None:
        self._catalog = catalog
        self._kept: dict[str, list[Route]] = {}
        self._read: dict[tuple[str, str], tuple[Where, ...] | None] = {}
        for one in kept:
            self._kept.setdefault(one.playbook, []).append(one)

    async def learn(self, tx: Transaction, playbooks: Collection[str]) -> None:
        """Read the routes of these playbooks too, where they were not read yet."""
        if new := set(playbooks) - self._kept.keys():
            self._kept |= {name: [] for name in new}
            for one in await routes.listed(tx, new):
                self._kept[one.playbook].append(one)

    def met(self, playbook: str, situation: Situation) -> Route | None:
        """The first of a playbook's routes whose conditions are met; nobody meets one that cannot be read any more."""
        for one in self._kept.get(playbook, ()):
            wanted = self._conditions(one, situation.subject.kind)
            if wanted is not None and conditions.meets(wanted, situation):
                return one
        return None

    def _conditions(self, route: Route, kind: str) -> tuple[Where, ...] | None:
        at = (route.name, kind)
        if at not in self._read:
            try:
                self._read[at] = read(route.whom, kind, self._catalog)
            except Terminal:
                self._read[at] = None
        return self._read[at]


def read(whom: str, kind: str, catalog: Catalog) -> tuple[Where, ...]:
    """The conditions of a route about subjects of a kind. Raises Unparsable and NotFound."""
    if not whom.strip():
        return ()
    if kind not in catalog.kinds:
        raise NotFound.named("kind", kind, catalog.kinds)
    return conditions.read(whom, catalog.kinds[kind])


def check(whom: str, playbook: Playbook, catalog: Catalog) -> None:
    """Whether the conditions of a route can be met by whom a playbook asks about.

    Raises Unparsable and NotFound where they cannot be read, and Invalid where one names what is never known.
    """
    question = catalog.question(playbook.question)
    never = _never_known(playbook, question, by_finding=playbook.wakes_on in catalog.detectors)
    for one in read(whom, question.of, catalog):
        if one.name in never:
            raise Invalid(
                f"Nobody ever meets '{one.name} {one.test} {one.value}' here: {never[one.name]}.",
                hint=f"Leave it out, or name an attribute of what '{playbook.name}' asks about.",
            )


def _never_known(playbook: Playbook, question: Question, *, by_finding: bool) -> dict[str, str]:
    """Of what a situation tells beside attributes what none of a playbook's ever does, and why."""
    found = f"a finding wakes '{playbook.name}', and goes by no forecast"
    never = {
        "quantity" if question.chance else "probability": f"what '{question.name}' forecasts is a "
        + ("probability" if question.chance else "quantity")
    }
    if question.worth is None:
        never["worth"] = f"'{question.name}' names nothing that is at stake"
    if by_finding:
        never |= {"probability": found, "quantity": found}
        if isinstance(question.worth, TotalOf):
            never["worth"] = found
    return never


async def put(here: Moment, asked: Sequence[tuple[Asked, Situation]]) -> None:
    """Ask, each of whomever the routes of its playbook name; the most money first, as they will read it."""
    if not asked:
        return
    kept: Routes = here.kept.setdefault(Routes, Routes([], here.catalog))
    await kept.learn(here.tx, {one.playbook for one, _ in asked})
    first = {one.id: kept.met(one.playbook, situation) for one, situation in asked}
    met = {id_: route for id_, route in first.items() if route is not None}
    if not met:
        await inbox.put(here.tx, [one for one, _ in asked])
        return
    known = here.kept[Roster] = here.kept.get(Roster) or await _roster(here)
    await _count(here.tx, known, met.values())
    ordered = sorted((one for one, _ in asked), key=lambda one: -one.value)
    await inbox.put(here.tx, [_given(one, met.get(one.id), known) for one in ordered])


def _given(one: Asked, route: Route | None, known: Roster) -> Asked:
    whose = None if route is None else known.give(route.to, str(one.party), one.worth)
    return one if route is None or whose is None else replace(one, assignee=whose, route=route.name)


async def _roster(here: Moment) -> Roster:
    return Roster(roles=await operators(here.tx), limit=here.limit)


async def _count(tx: Transaction, known: Roster, met: Iterable[Route], *, but: str | None = None) -> None:
    """Read what waits for those whom these routes name, where that was not read yet; `but`: of other playbooks only."""
    new = {one for route in met for one in route.to} - known.counted
    if not new:
        return
    known.counted |= new
    rows = await tx.rows(
        "select assignee, party, count(*) as n from sightline.inbox where tenant = :t and state in ('open', 'snoozed')"
        f" and assignee in (select unnest(cast(:users as text[]))){'' if but is None else ' and playbook <> :but'}"
        " group by assignee, party",
        t=tx.tenant, users=sorted(new), **({} if but is None else {"but": but}),
    )  # fmt: skip
    for row in rows:
        known.waiting[row["assignee"]] = known.waiting.get(row["assignee"], 0) + int(row["n"])
        known.holds.setdefault(row["party"], set()).add(row["assignee"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """What one route would give out of what waits."""

    waiting: int
    """So much was looked at."""
    given: Mapping[str, str]
    """Id to user."""
    nobody: int
    """They meet it, and nobody of its users may decide about them."""


async def deciders(tx: Transaction) -> set[str]:
    """Whose something is that need not be passed on: users who may decide now, and keys."""
    return {*await operators(tx), *await keys.operating(tx)}


async def tried(here: Moment, route: Route, *, but: Collection[str] | None = None) -> Tried:
    """What a route would give out of what its playbook asks and nobody has answered, as if that entered the inbox now.

    `but`: only what is none of theirs, which by other routes goes to nobody now. The route need not be kept; others of
    the playbook that stand before it come first.
    """
    kept = [one for one in await routes.listed(here.tx, {route.playbook}) if one.name != route.name]
    all_ = Routes(sorted([*kept, route], key=lambda one: one.place), here.catalog)
    items = await inbox.waiting(here.tx, route.playbook, but=but)
    situations = await _situations(here, route.playbook, items)
    met = {one.id: all_.met(route.playbook, situations[one.id]) for one in items}
    known = await _roster(here)
    # All that waits of the playbook is given out anew, or else what of it is theirs stays so.
    await _count(here.tx, known, (one for one in met.values() if one), but=route.playbook if but is None else None)
    given = {
        one.id: known.give(way.to, one.party, one.worth)
        for one in items
        if (way := met[one.id]) and (way.name == route.name or but is None)
    }
    mine = {id_: whose for id_, whose in given.items() if (way := met[id_]) and way.name == route.name}
    return Tried(
        waiting=len(items), given={id_: whose for id_, whose in mine.items() if whose is not None},
        nobody=sum(whose is None for whose in mine.values()),
    )  # fmt: skip


async def _situations(here: Moment, playbook: str, items: Sequence[Unanswered]) -> dict[str, Situation]:
    """By id, what is known now of what each is about."""
    declared = here.catalog.playbooks[playbook]
    found: dict[str, Situation] = {}
    for question in {one.question or declared.question for one in items}:
        about = {one.id: Ref.parse(one.subject) for one in items if (one.question or declared.question) == question}
        known = await situations_of(here, declared, question, set(about.values()))
        found |= {id_: known[subject] for id_, subject in about.items()}
    return found


async def gone(tx: Transaction, kept: Sequence[Route]) -> dict[str, tuple[str, ...]]:
    """By route: those of its users who may not decide any more."""
    known = await operators(tx) if kept else {}
    return {route.name: tuple(one for one in route.to if one not in known) for route in kept}
