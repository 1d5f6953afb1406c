"""What was said stands until its answer counts, unless its subject is not asked any more."""

from __future__ import annotations

import asyncio
import threading
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from sightline.foundation import ledger
from sightline.foundation.tenants import Tenant
from sightline.kernel import predict
from sightline.kernel.desk import Desk, asking, reading, supposing, versions
from sightline.kernel.desk.lookup import Lookup
from sightline.kernel.loop import LOOP, take_turn
from sightline.kernel.predict import at_once, engine
from sightline.kernel.predict.at_once import MEMORY, SLICE
from sightline.kernel.predict.listing import Wanted
from sightline.kernel.predict.live import stored
from sightline.kernel.predict.live.shelf import Held, Shelf
from sightline.language import derived
from sightline.language.errors import Conflict, NotEnough, Unavailable
from sightline.language.event import Event
from sightline.language.ref import Ref
from sightline.packs.supply.predict import ARRIVES_LATE
from sightline.testing import make
from tests.kernel.predict.test_promise import on_duty

RIPE = make.day(1012) + ARRIVES_LATE.grace
"""When all that is promised here for day 1010 or before is mature."""

SIZES = {"worthy": 10_000.0, "small": 1.0}
"""What two lines are worth: to tell the buyer of the second costs more than it brings."""

LIKE_LATE = "predict absent line.delivered until promised_on for line before promised_on 30 days grace 21 days"
"""Another question of the same."""


def line(key: str, *, promised: float = 1010) -> Event:
    return make.event(f"line/{key}", type="line.described", on=10, promised_on=f"{make.day(promised):%Y-%m-%d}")


def corrected(of: Event, *, promised: float) -> Event:
    """The same line as it was known from the first, promised for another day."""
    return of.but(id=f"{of.id}:again", revises=of.id, data=line("x", promised=promised).data)


@pytest.fixture(params=["in bulk", "at once"])
def scored(request: pytest.FixtureRequest) -> str:
    """How: a parameter of `desk` itself would be one of the session's desk too, which were made anew for each test."""
    return str(request.param)


@pytest.fixture
def desk(desk: Desk, scored: str) -> Desk:
    """Without books every run is a bulk run; with them small batches are scored from memory. The rules are the same."""
    return replace(desk, memory={} if scored == "at once" else None)


async def tell(desk: Desk, tenant: Tenant, *events: Event) -> None:
    if desk.memory and (shelf := desk.memory.get(MEMORY)):
        await shelf.made()
    async with desk.db.transaction(tenant.number) as tx:
        ledger.record(tx, events, at=desk.now(tenant))
    await desk.go_round(tenant)


async def rows(desk: Desk, tenant: Tenant, table: str) -> list[dict[str, Any]]:
    async with desk.db.transaction(tenant.number) as tx:
        found = await tx.rows(f"select * from sightline.{table} where tenant = :t order by key, cutoff", t=tx.tenant)
    return [dict(one) for one in found]


async def bulk_runs(desk: Desk, tenant: Tenant) -> list[dict[str, Any]]:
    """What each run told; of those from memory only what took somebody back."""
    async with desk.db.transaction(tenant.number) as tx:
        found = await tx.rows(
            "select data from sightline.ledger where tenant = :t and type = :type order by position",
            t=tx.tenant, type=derived.SCORED,
        )  # fmt: skip
    return [one["data"] for one in found]


async def withdrawn(desk: Desk, tenant: Tenant) -> list[str]:
    return [one["key"] for one in await rows(desk, tenant, "predictions") if one["withdrawn_at"]]


async def test_what_is_delivered_early_stays_and_is_settled_when_it_is_mature(desk: Desk, standing: Tenant) -> None:
    """Also where its delivery turns out to have been known before anybody asked."""
    await tell(desk, standing, line("early"), line("before"), line("never"))
    await on_duty(desk, standing, 0.4, at=make.day(1))
    await tell(desk, standing, make.event("line/early", type="line.delivered", on=1000),
               make.event("line/before", type="line.delivered", on=970))  # fmt: skip
    tenant = await desk.advance(standing, make.day(1003))
    assert await withdrawn(desk, tenant) == []
    assert await rows(desk, tenant, "outcomes") == []
    tenant = await desk.advance(tenant, RIPE)
    assert await withdrawn(desk, tenant) == []
    answers = {one["key"]: one["answer"] for one in await rows(desk, tenant, "outcomes")}
    assert answers == {"early": False, "before": False, "never": True}


async def test_what_is_retracted_is_withdrawn_answered_or_not_and_stands_when_it_returns(
    desk: Desk, standing: Tenant
) -> None:
    stays, open_, answered = line("stays"), line("open"), line("answered")
    delivery = make.event("line/answered", type="line.delivered", on=1000)
    await tell(desk, standing, stays, open_, answered)
    await on_duty(desk, standing, 0.4, at=make.day(1))
    await tell(desk, standing, delivery)
    gone = [make.retraction(one) for one in (open_, answered, delivery)]
    await tell(desk, standing, *gone)
    assert await withdrawn(desk, standing) == ["answered", "open"]
    tenant = await desk.advance(standing, make.day(1001))
    await tell(desk, tenant, line("answered"), make.event("line/answered", type="line.delivered", on=1000))
    assert await withdrawn(desk, tenant) == ["open"]
    tenant = await desk.advance(tenant, RIPE)
    assert {one["key"]: one["answer"] for one in await rows(desk, tenant, "outcomes")} == {
        "answered": False,
        "stays": True,
    }


async def test_a_cutoff_corrected_away_is_withdrawn_whichever_model_was_asked(desk: Desk, standing: Tenant) -> None:
    first = line("a")
    await tell(desk, standing, first, line("b"))
    for share, at in ((0.4, 1), (0.5, 2)):
        await on_duty(desk, standing, share, at=make.day(at))
    assert len(await rows(desk, standing, "predictions")) == 4
    await tell(desk, standing, corrected(first, promised=1008))
    assert await withdrawn(desk, standing) == ["a", "a"]
    kept = {(one["key"], one["cutoff"], one["model"]) for one in await rows(desk, standing, "predictions")
            if not one["withdrawn_at"]}  # fmt: skip
    assert kept == {
        ("a", make.day(978), "says 0.5"),
        ("b", make.day(980), "says 0.4"),
        ("b", make.day(980), "says 0.5"),
    }
    tenant = await desk.advance(standing, RIPE)
    told = await rows(desk, tenant, "outcomes")
    assert [(one["key"], one["cutoff"]) for one in told] == [("a", make.day(978)), ("b", make.day(980))]


async def test_a_model_that_may_not_be_used_withdraws_nothing(desk: Desk, standing: Tenant) -> None:
    await tell(desk, standing, line("a"))
    await on_duty(desk, standing, 0.4, at=make.day(1))
    async with desk.db.transaction(standing.number) as tx:
        await tx.run(
            "update sightline.models set proof = jsonb_set(proof, '{verdict}', '\"do_not_use\"') where tenant = :t",
            t=tx.tenant,
        )
    await tell(desk, standing, line("b"))
    assert [one["key"] for one in await rows(desk, standing, "predictions")] == ["a"]
    assert await withdrawn(desk, standing) == []
    tenant = await desk.advance(standing, RIPE + timedelta(days=1))
    assert [one["key"] for one in await rows(desk, tenant, "outcomes")] == ["a"]


async def test_each_run_tells_how_many_it_took_back(desk: Desk, standing: Tenant) -> None:
    gone = line("a")
    await tell(desk, standing, gone, line("b"))
    await on_duty(desk, standing, 0.4, at=make.day(1))
    await tell(desk, standing, make.retraction(gone))
    runs = await bulk_runs(desk, standing)
    assert [run["withdrawn"] for run in runs] == [0, 1]
    assert runs[0]["scored"] == 2


async def test_a_model_that_cannot_be_read_holds_up_no_other_question(
    desk: Desk, standing: Tenant, caplog: pytest.LogCaptureFixture
) -> None:
    """Nothing is forecast for its own, and people are told to train it again; what was said stands."""
    other = asking.read_line(await desk.catalog(standing), LIKE_LATE, name="own.late")
    await asking.ask(desk, standing, other)
    await tell(desk, standing, line("a"))
    for question in (ARRIVES_LATE, other):
        await on_duty(desk, standing, 0.4, at=make.day(1), question=question)
    await older_form(desk, standing)
    await tell(desk, standing, line("b"))
    said = [(one["question"], one["key"]) for one in await rows(desk, standing, "predictions")]
    assert sorted(said) == [("own.late", "a"), ("own.late", "b"), (ARRIVES_LATE.name, "a")]
    assert "Train the question again" in caplog.text
    verdicts = {one["name"]: (one["verdict"], one["headline"]) for one in await reading.questions(desk, standing)}
    assert verdicts["own.late"] == ("use", "made")
    assert verdicts[ARRIVES_LATE.name][0] == "train_again"
    assert "has form 1" in verdicts[ARRIVES_LATE.name][1]
    tenant = await desk.advance(standing, RIPE)
    answers = [(one["question"], one["key"]) for one in await rows(desk, tenant, "outcomes")]
    assert sorted(answers) == sorted(said)
    await on_duty(desk, tenant, 0.5, at=make.day(2))
    verdicts = {one["name"]: (one["verdict"], one["headline"]) for one in await reading.questions(desk, tenant)}
    assert verdicts[ARRIVES_LATE.name] == ("use", "made")


async def test_a_question_asked_otherwise_is_not_answered_by_the_model_of_the_old_one(
    desk: Desk, standing: Tenant
) -> None:
    """Until it is trained again nobody is forecast, nothing that was said is listed, and people are told why."""
    was = asking.read_line(await desk.catalog(standing), LIKE_LATE, name="own.late")
    await asking.declare(desk, standing, was)
    await tell(desk, standing, line("a"))
    await on_duty(desk, standing, 0.4, at=make.day(1), question=was)
    now = asking.read_line(await desk.catalog(standing), LIKE_LATE.replace("30 days", "60 days"), name=was.name)
    await asking.declare(desk, standing, now)
    assert all(one["withdrawn_at"] for one in await rows(desk, standing, "predictions"))
    await tell(desk, standing, line("b"))
    await tell(desk, standing, make.event("line/a", type="line.delivered", on=1000))
    assert {one["key"] for one in await rows(desk, standing, "predictions")} == {"a"}
    told = next(one for one in await reading.questions(desk, standing) if one["name"] == was.name)
    assert (told["verdict"], told["predictions"]["open"]) == ("train_again", 0)
    assert "another line" in told["headline"]
    assert "30 days" in told["headline"]
    for refused in (
        reading.proof(desk, standing, was.name),
        reading.predictions(desk, standing, was.name),
        supposing.what_if(desk, standing, was.name, Ref("line", "a"), {}),
    ):
        with pytest.raises(NotEnough, match="another line"):
            await refused
    assert (await reading.ranking(desk, standing, Wanted())).found == []
    asked = (was.name, Ref("line", "a"))
    assert (await Lookup(desk, standing)([asked]))[asked].found is None
    with pytest.raises(Conflict, match="another line"):
        await versions.promote(desk, standing, was.name, "says 0.4")
    await on_duty(desk, standing, 0.5, at=make.day(2), question=now)
    assert {one["key"] for one in await rows(desk, standing, "predictions") if one["model"] == "says 0.5"} == {"b"}
    said = {one["model"]: one["withdrawn_at"] is None for one in await rows(desk, standing, "predictions")}
    assert said == {"says 0.4": False, "says 0.5": True}
    with pytest.raises(Conflict, match="another line"):
        await versions.rollback(desk, standing, was.name)


@pytest.mark.parametrize("scored", ["at once"], indirect=True)
async def test_what_comes_while_a_book_is_made_is_scored_from_it(
    desk: Desk, standing: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else a steady stream of events would have all scored in bulk for each, and never a book."""
    held, finished = at_once._held, threading.Event()
    monkeypatch.setattr(at_once, "_held", lambda *given: finished.wait(30) and held(*given))
    await tell(desk, standing, line("a"))
    await on_duty(desk, standing, 0.4, at=make.day(1))
    async with desk.db.transaction(standing.number) as tx:
        ledger.record(tx, [line("b")], at=desk.now(standing))
    going = asyncio.ensure_future(desk.go_round(standing))
    done, _ = await asyncio.wait([going], timeout=0.5)
    assert not done
    finished.set()
    await going
    assert {one["key"] for one in await rows(desk, standing, "predictions")} == {"a", "b"}
    await tell(desk, standing, line("c"))
    assert [run["scored"] for run in await bulk_runs(desk, standing)] == [1]


async def test_what_if_is_asked_at_a_cutoff_that_has_come(desk: Desk, standing: Tenant) -> None:
    await tell(desk, standing, line("open"), line("later", promised=1500))
    await on_duty(desk, standing, 0.4, at=make.day(1))
    found = await supposing.what_if(desk, standing, ARRIVES_LATE.name, Ref("line", "open"), {})
    assert found.now.cutoff == make.day(980)
    with pytest.raises(NotEnough, match=f"on {make.day(1470):%d %B %Y}, not before"):
        await supposing.what_if(desk, standing, ARRIVES_LATE.name, Ref("line", "later"), {})


AGAIN = "predict happens line.delivered within 20 days for line every 10 days"
"""Of who is asked again and again, everybody of a vendor is linked to what happens to one of them."""


async def linked_lines(desk: Desk, tenant: Tenant, many: int) -> Held:
    """Lines of one vendor, and the book of a question that is asked of them again and again."""
    question = asking.read_line(await desk.catalog(tenant), AGAIN, name="own.again")
    await asking.declare(desk, tenant, question)
    of = {"vendor": "vendor/v"}
    lines = [make.event(f"line/{n}", type="line.described", on=10 + n, links=of, size=n) for n in range(many)]
    seen = [make.event(f"line/{n}", type="line.delivered", on=900 + n % 90) for n in range(many)]
    await tell(desk, tenant, *lines, *seen)
    await on_duty(desk, tenant, 0.4, at=make.day(1), question=question)
    assert desk.memory is not None
    shelf: Shelf = desk.memory[MEMORY]
    await shelf.made()
    found = shelf.book(tenant.number, question.name)
    assert found is not None
    return found


async def turns(desk: Desk, tenant: Tenant, name: str) -> None:
    consumer = next(one for one in LOOP if one.name == name)
    while await take_turn(desk.db, tenant.number, consumer, desk.seat):
        pass


async def delivered_and_scored(desk: Desk, tenant: Tenant, subject: str) -> None:
    """News of one line, taken as far as its own prediction; whoever is linked still waits."""
    async with desk.db.transaction(tenant.number) as tx:
        ledger.record(tx, [make.event(subject, type="line.delivered", on=999)], at=desk.now(tenant))
    await turns(desk, tenant, "know")
    await turns(desk, tenant, "predict")


@pytest.mark.parametrize("scored", ["at once"], indirect=True)
async def test_who_is_linked_and_who_is_told_of_are_scored_beside_each_other(desk: Desk, standing: Tenant) -> None:
    """Two turns write predictions of the same subjects: neither may wait for what the other holds to its end."""
    held = await linked_lines(desk, standing, 40)

    async def news() -> None:
        for n in range(20):
            await delivered_and_scored(desk, standing, f"line/{n * 7 % 40}")

    async def others() -> None:
        while not feeding.done():
            await turns(desk, standing, "linked")
            await asyncio.sleep(0)

    feeding = asyncio.ensure_future(news())
    async with asyncio.timeout(60):
        await asyncio.gather(feeding, others())
    await turns(desk, standing, "linked")
    assert not held.waiting
    assert predict.waiting(desk.memory or {}) == (0, 0.0)


@pytest.mark.parametrize("scored", ["at once"], indirect=True)
async def test_who_waited_in_a_turn_that_is_rolled_back_is_scored_all_the_same(
    desk: Desk, standing: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = await linked_lines(desk, standing, 40)
    await delivered_and_scored(desk, standing, "line/3")
    waited = set(held.waiting)
    assert len(waited) > SLICE
    many, seconds = predict.waiting(desk.memory or {})
    assert many == len(waited)
    assert seconds > 0
    async with desk.db.transaction(standing.number) as tx:
        await tx.run("delete from sightline.predictions where tenant = :t", t=tx.tenant)
    supersede = stored.supersede

    async def away(*given: Any) -> None:
        await supersede(*given)
        raise ConnectionError("the database went away")

    with monkeypatch.context() as patch:
        patch.setattr(stored, "supersede", away)
        with pytest.raises(Unavailable):
            await turns(desk, standing, "linked")
    await turns(desk, standing, "linked")
    assert waited <= {one["key"] for one in await rows(desk, standing, "predictions")}


@pytest.mark.parametrize("scored", ["at once"], indirect=True)
async def test_a_model_that_may_not_be_used_costs_no_bulk_run_at_every_event(desk: Desk, standing: Tenant) -> None:
    """It forecasts nobody; who waits for what and who is overdue is looked at once a day."""
    await linked_lines(desk, standing, 3)
    await on_duty(desk, standing, 0.4, at=make.day(1))
    async with desk.db.transaction(standing.number) as tx:
        await tx.run(
            "update sightline.models set proof = jsonb_set(proof, '{verdict}', '\"do_not_use\"') where tenant = :t"
            " and question = :q",
            t=tx.tenant, q=ARRIVES_LATE.name,
        )  # fmt: skip
    before = len(await bulk_runs(desk, standing))
    for n in range(3):
        await tell(desk, standing, make.event(f"line/{n}", type="line.delivered", on=999))
    assert len(await bulk_runs(desk, standing)) == before
    tenant = await desk.advance(standing, make.day(1001))
    async with desk.db.transaction(tenant.number) as tx:
        looked = await tx.value("select at from sightline.populations where question = :q", q=ARRIVES_LATE.name)
    assert looked == make.day(1001)


@pytest.mark.parametrize("scored", ["at once"], indirect=True)
async def test_what_comes_on_duty_for_one_question_leaves_the_books_of_others(desk: Desk, standing: Tenant) -> None:
    held = await linked_lines(desk, standing, 3)
    await on_duty(desk, standing, 0.4, at=make.day(1))
    await tell(desk, standing, make.event("line/1", type="line.delivered", on=999))
    assert desk.memory is not None
    assert desk.memory[MEMORY].book(standing.number, "own.again") is held


async def older_form(desk: Desk, tenant: Tenant) -> None:
    """The model on duty as a version before this one left it."""
    async with desk.db.transaction(tenant.number) as tx:
        await tx.run(
            "update sightline.models set document = jsonb_set(document, '{form}', '1')"
            " where tenant = :t and question = :q",
            t=tx.tenant, q=ARRIVES_LATE.name,
        )  # fmt: skip


async def crossings(desk: Desk, tenant: Tenant) -> int:
    async with desk.db.transaction(tenant.number) as tx:
        return int(
            await tx.value(
                "select count(*) from sightline.ledger where tenant = :t and type = :type",
                t=tx.tenant, type=derived.CROSSED,
            )
        )  # fmt: skip


async def test_after_a_roll_back_whoever_crosses_is_told_of_once(desk: Desk, standing: Tenant) -> None:
    await tell(desk, standing, *(line(f"l{n}", promised=1015 + n) for n in range(9)))
    for share, at in ((0.1, 1), (0.9, 2)):
        await on_duty(desk, standing, share, at=make.day(at))
    assert await crossings(desk, standing) == 9
    await versions.rollback(desk, standing, ARRIVES_LATE.name)
    assert await crossings(desk, standing) == 18
    later = await desk.advance(standing, make.day(1001))
    await tell(desk, later, line("l3", promised=1018.5), line("l8", promised=1023))
    await desk.advance(later, make.day(1002))
    assert await crossings(desk, standing) == 18


async def reasons(desk: Desk, tenant: Tenant) -> dict[str, list[Any]]:
    return {one["key"]: one["reasons"] for one in await rows(desk, tenant, "predictions") if not one["withdrawn_at"]}


async def test_whom_an_event_concerns_keeps_reasons(desk: Desk, standing: Tenant) -> None:
    await tell(desk, standing, line("a"), line("b"))
    await on_duty(desk, standing, 0.9, at=make.day(1))
    assert all((await reasons(desk, standing)).values())
    await tell(desk, standing, line("a").but(id="a:again", data={**line("a").data, "value": 7.0}), line("c"))
    assert set(await reasons(desk, standing)) == {"a", "b", "c"}
    assert all((await reasons(desk, standing)).values())


async def test_what_nobody_explained_is_explained_to_who_reads_or_decides(
    desk: Desk, standing: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    """As it is of all but the first of a long list."""
    monkeypatch.setattr(engine, "score", partial(engine.score, reasons_for_top=0))
    links = {"links": {"project": "project/p"}}
    worthy, small = (line(key).but(data={**line(key).data, **links, "value": value}) for key, value in SIZES.items())
    await tell(desk, standing, worthy, small)
    await on_duty(desk, standing, 0.9, at=make.day(1))
    kept = await reasons(desk, standing)
    assert kept["worthy"]
    assert not kept["small"]
    async with desk.db.transaction(standing.number) as tx:
        texts = {r["subject"]: r["text"] for r in await tx.rows("select subject, text from sightline.decisions")}
    assert kept["worthy"][0]["text"] in texts["worthy"]
    assert "no single strong ground" in texts["small"]
    (read,) = (await reading.ranking(desk, standing, Wanted(subject=Ref("line", "small")))).found
    assert [dict(one) for one in read.reasons] == (await reasons(desk, standing))["small"] != []
    # What is said still keeps its reasons, though the next run explains nobody.
    later = await desk.advance(standing, make.day(1001))
    await desk.go_round(later)
    assert all((await reasons(desk, standing)).values())
