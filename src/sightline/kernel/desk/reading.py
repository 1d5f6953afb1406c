"""What interfaces read: questions with their standing, the reasons behind one subject, the state of everything."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Literal, cast

from sightline.foundation import cursors, ledger, tenants
from sightline.foundation.db.session import Transaction
from sightline.foundation.tenants import Tenant
from sightline.kernel.desk.desk import Desk
from sightline.kernel.know import browse
from sightline.kernel.know.archive import counted
from sightline.kernel.know.entities import Entity, entity
from sightline.kernel.learn.effect import Effect, effect
from sightline.kernel.learn.invariants import Checked, look
from sightline.kernel.observe import imports, quarantine, staging
from sightline.kernel.observe.personal import person_refs, token_ref, unveiled
from sightline.kernel.predict import alarms, language, listing, registry, why
from sightline.kernel.predict.listing import Counts, Listed, Rank, Ranked, Wanted
from sightline.language.catalog import Catalog
from sightline.language.playbook import Success
from sightline.language.question import Next, Question, Total, TotalOf, Value
from sightline.language.ref import Ref

FEW = 1_000
"""Things that are looked up by name; of more, a page is found soon by walking the ranking."""


async def questions(desk: Desk, tenant: Tenant) -> list[dict[str, Any]]:
    """Every question of a workspace: name, what it asks, its canonical line, its verdict (None: never trained), how
    its predictions stand.

    Where the model on duty cannot be read, or was trained for another line, the verdict is `train_again` and the
    headline says why.
    """
    catalog = await desk.catalog(tenant)
    async with desk.db.transaction(tenant.number) as tx:
        standing = await registry.verdicts(tx)
        counts = await listing.counted(tx, now=desk.now(tenant))
    return [
        _told(question, catalog, standing.get(question.name), counts.get(question.name, Counts()))
        for question in catalog.questions.values()
    ]


def _told(question: Question, catalog: Catalog, said: registry.Verdicts | None, counts: Counts) -> dict[str, Any]:
    line = language.canonical(question)
    astray = said is not None and said.line != line
    again = said and (registry.astray_words(said.line) if astray else said.unreadable)
    counts = Counts() if astray else counts
    return {
        "name": question.name,
        "asks": question.asks,
        "of": question.of,
        "line": line,
        "yes": question.yes,
        "no": question.no,
        "form": form(question),
        "unit": unit_of(question, catalog),
        "worth_unit": _unit(question, catalog),
        "verdict": "train_again" if again else said and said.verdict,
        "headline": said and (again or said.headline),
        "predictions": counts.met,
        "decided": counts.decided,
        "money": {"open_expected_loss": counts.open_expected_loss},
    }


async def broken(desk: Desk, tenant: Tenant) -> list[dict[str, str]]:
    """Questions that cannot be asked any more: name, line, reason."""
    catalog = await desk.catalog(tenant)
    return [{"name": name, "line": one.line, "reason": one.reason} for name, one in catalog.broken.items()]


async def predictions(
    desk: Desk, tenant: Tenant, name: str, *, rank: Rank = Rank.MONEY, limit: int = 50, open_only: bool = True
) -> list[Listed]:
    """The first predictions of a question. Raises NotFound, and NotEnough when it was never trained."""
    return (await ranking(desk, tenant, Wanted(question=name, open_only=open_only), rank=rank, limit=limit)).found


async def ranking(
    desk: Desk, tenant: Tenant, wanted: Wanted, *, rank: Rank = Rank.MONEY, limit: int = 50,
    after: Sequence[Any] | None = None,
) -> Ranked:  # fmt: skip
    """The predictions that are wanted, of one question or of all, ranked, a page at a time.

    `subject` and `containing` are as a user writes them. Of one subject the reasons are found out where nobody had
    asked for them yet. Raises NotFound, and NotEnough where one question is named that was never trained.
    """
    if wanted.question:
        await _trained(desk, tenant, wanted.question)
    catalog = await desk.catalog(tenant)
    async with desk.db.transaction(tenant.number) as tx:
        wanted = replace(wanted, besides=tuple(await registry.astray(tx, catalog.questions)))
        if wanted.subject:
            wanted = replace(wanted, subject=await token_ref(tx, desk.vault, wanted.subject, catalog.kinds))
        if wanted.containing:
            wanted = await _meant(desk, tx, wanted, wanted.containing, catalog)
        now = desk.now(tenant)
        page = await listing.ranked(tx, wanted, now=now, rank=rank, limit=limit, after=after)
        if wanted.subject and await _explain(desk, tx, catalog, page.found, now):
            page = await listing.ranked(tx, wanted, now=now, rank=rank, limit=limit, after=after)
        return replace(page, found=await named(desk, tx, page.found))


async def _explain(desk: Desk, tx: Transaction, catalog: Catalog, found: Sequence[Listed], now: datetime) -> bool:
    """Find out the reasons of what is open and was never explained; whether there were any."""
    lacking: dict[str, list[why.Asked]] = {}
    for one in found:
        if not one.reasons and one.outcome is None and one.question in catalog.questions:
            lacking.setdefault(one.question, []).append((Ref.parse(one.subject).key, one.cutoff))
    told = [await why.explain(tx, desk.lake, catalog, catalog.question(q), these, now) for q, these in lacking.items()]
    return any(told)


async def _meant(desk: Desk, tx: Transaction, wanted: Wanted, text: str, catalog: Catalog) -> Wanted:
    """Whom a text in a key means: by name where they are few, for else all predictions would be looked through."""
    asked_about = {question.of for question in catalog.questions.values()}
    persons = {name for name, kind in catalog.kinds.items() if kind.person}
    named = await person_refs(tx, desk.vault, text, sorted(persons & asked_about))
    few = await browse.containing(tx, text, sorted(asked_about - persons), most=FEW)
    if few is None:
        return replace(wanted, persons=tuple(persons), named=tuple(named))
    return replace(wanted, containing=None, named=(*named, *few))


async def population(desk: Desk, tenant: Tenant, name: str) -> dict[str, Any]:
    """Who is asked later, who is overdue, who is not asked and why."""
    await _trained(desk, tenant, name)
    async with desk.db.transaction(tenant.number) as tx:
        return cast("dict[str, Any]", await unveiled(tx, desk.vault, await registry.population(tx, name)))


async def proof(desk: Desk, tenant: Tenant, name: str) -> dict[str, Any]:
    """The proof of the model on duty. Raises NotFound, and NotEnough when it was never trained."""
    found = await _trained(desk, tenant, name)
    async with desk.db.transaction(tenant.number) as tx:
        return cast("dict[str, Any]", await unveiled(tx, desk.vault, found))


async def worth_unit(desk: Desk, tenant: Tenant, name: str) -> str | None:
    """The currency or unit of the money at stake in a question. Raises NotFound."""
    catalog = await desk.catalog(tenant)
    return _unit(catalog.question(name), catalog)


def _unit(question: Question, catalog: Catalog) -> str | None:
    if isinstance(question.worth, TotalOf):
        return _unit_said(question.worth.event, question.worth.amount, catalog)
    return _unit_known(question.of, question.worth.name, catalog) if question.worth else None


def form(question: Question) -> Literal["chance", "quantity"]:
    """`chance` where the answer is yes or no, else `quantity`."""
    return "chance" if question.chance else "quantity"


def unit_of(question: Question, catalog: Catalog) -> str | None:
    """What a quantity is counted in: as the question says, else days, or as the amount or attribute is declared."""
    answer = question.answer
    if question.chance:
        return None
    if question.unit or isinstance(answer, Next):
        return question.unit or "days"
    if isinstance(answer, Total):
        return _unit_said(answer.event, answer.amount, catalog)
    return _unit_known(question.of, answer.attribute, catalog) if isinstance(answer, Value) else None


def _unit_said(event: str, name: str, catalog: Catalog) -> str | None:
    """Of an amount that an event says: what it happens to has an attribute of that name."""
    declared = catalog.events.get(event)
    return _unit_known(declared.of, name, catalog) if declared else None


def _unit_known(of: str, name: str, catalog: Catalog) -> str | None:
    kind = catalog.kinds.get(of)
    known = kind.attribute(name) if kind else None
    return known.unit if known else None


async def named(desk: Desk, tx: Transaction, found: Sequence[Listed]) -> list[Listed]:
    """Predictions with persons by their names, for whoever may read the workspace."""
    said = await unveiled(tx, desk.vault, [(one.subject, one.reasons) for one in found])
    return [replace(one, subject=who, reasons=told) for one, (who, told) in zip(found, said, strict=True)]


async def thing(desk: Desk, tenant: Tenant, ref: Ref, *, as_of: datetime | None = None) -> Entity:
    """A thing as of a day (now when not given). Raises NotFound."""
    catalog = await desk.catalog(tenant)
    async with desk.db.transaction(tenant.number) as tx:
        known = await token_ref(tx, desk.vault, ref, catalog.kinds)
        found = await entity(tx, known, as_of=as_of or desk.now(tenant))
        said = [(one.id, one.data) for one in found.timeline]
        key, attributes, links, said = await unveiled(tx, desk.vault, [known.key, found.attributes, found.links, said])
    timeline = tuple(replace(one, id=id_, data=data) for one, (id_, data) in zip(found.timeline, said, strict=True))
    return replace(found, ref=Ref(ref.kind, key), attributes=attributes, links=links, timeline=timeline)


async def findings(desk: Desk, tenant: Tenant) -> list[dict[str, Any]]:
    """Standing findings, the most pressing first."""
    async with desk.db.transaction(tenant.number) as tx:
        rows = await tx.rows(
            "select detector, kind || '/' || key as subject, severity, text, evidence, at from sightline.findings"
            " where tenant = :t and cleared_at is null order by severity <> 'urgent', at, key",
            t=tx.tenant,
        )
        return cast("list[dict[str, Any]]", await unveiled(tx, desk.vault, [dict(row) for row in rows]))


async def status(desk: Desk, tenant: Tenant) -> dict[str, Any]:
    """How a workspace stands: clock, counts, lags of the loop, what waits, what acting changed, alarms."""
    catalog = await desk.catalog(tenant)
    async with desk.db.transaction(tenant.number) as tx:
        staged, next_day = await staging.waiting(tx)
        decided = await tx.rows(
            "select verb, count(*) as n from sightline.decisions where tenant = :t group by verb", t=tx.tenant
        )
        speaking = await tx.rows("select distinct playbook from sightline.decisions where tenant = :t", t=tx.tenant)
        spoken = {row["playbook"] for row in speaking}
        return {
            "workspace": tenant.name,
            "workspaces": await tenants.names(desk.db),
            "now": desk.now(tenant),
            "clock": "standing" if tenant.clock_at else "running",
            "events": await counted(tx, desk.lake),
            "position": await ledger.last_position(tx),
            "lags": await cursors.lags(tx),
            "staged": staged,
            "next_known_at": next_day,
            "quarantined": await quarantine.count(tx),
            "batches": await imports.batches(tx, limit=5),
            "decisions": {row["verb"]: row["n"] for row in decided},
            "effects": [
                {"playbook": success.playbook, "effect": (await _effect(desk, tx, catalog, success)).words}
                for success in catalog.successes.values()
                if success.playbook in spoken
            ],
            "alarms": [
                {"question": one.question, "words": await unveiled(tx, desk.vault, one.words)}
                for one in await alarms.standing(tx)
            ],
        }


async def invariants(desk: Desk, tenant: Tenant) -> list[Checked]:
    """What must always be true, looked at now."""
    async with desk.db.transaction(tenant.number) as tx:
        catalog = await desk.declared(tx)
        found = await look(tx, desk.settings, catalog, await desk.present(tx))
        said = await unveiled(tx, desk.vault, [one.example for one in found])
    return [replace(one, example=example) for one, example in zip(found, said, strict=True)]


async def _effect(desk: Desk, tx: Transaction, catalog: Catalog, success: Success) -> Effect:
    playbook = catalog.playbooks.get(success.playbook)
    question = catalog.questions.get(playbook.question) if playbook else None
    share, now = desk.settings.act.hold_out, await desk.present(tx)
    return await effect(tx, success, playbook=playbook, hold_out=share, question=question, now=now)


async def _trained(desk: Desk, tenant: Tenant, name: str) -> dict[str, Any]:
    catalog = await desk.catalog(tenant)
    question = catalog.question(name)
    async with desk.db.transaction(tenant.number) as tx:
        found = await registry.proof_of(tx, question)
        if found is None:
            raise await registry.untrained(tx, question, tenant.name)
    return found
