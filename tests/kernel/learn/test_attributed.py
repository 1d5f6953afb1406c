"""What comes within a decision's own time counts as its outcome, when that has passed; late records correct it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import pytest

from sightline.foundation.db.session import Transaction
from sightline.foundation.lake import Lake
from sightline.foundation.tenants import Tenant
from sightline.kernel.act.outcomes import Outcome
from sightline.kernel.desk import Desk, asking, deciding, experimenting, playing, reading
from sightline.kernel.learn import attributed
from sightline.kernel.learn.effect import effect
from sightline.kernel.predict.afterwards import Span, afterwards
from sightline.kernel.predict.facts import Facts
from sightline.kernel.predict.known import known
from sightline.language import derived
from sightline.language.errors import Invalid
from sightline.language.event import Event
from sightline.language.kind import Kind
from sightline.language.playbook import Success
from sightline.language.question import Question
from sightline.testing import make
from tests.kernel.act.world import HEAD, choose, declare, delivered, line, tell

TEN_DAYS = HEAD + 'attribution = "10d"\nsuccess = "no"\n'


async def came(desk: Desk, tenant: Tenant) -> dict[str, tuple[float, bool]]:
    """By subject: what came of the decision about it, and whether its time has not passed yet."""
    async with desk.db.transaction(tenant.number) as tx:
        rows = await tx.rows(
            "select d.subject, o.answer, o.early from sightline.decision_outcomes o join sightline.decisions d"
            " using (tenant, key) where tenant = :t and d.playbook = 'own.chase'",
            t=tx.tenant,
        )  # fmt: skip
    return {row["subject"]: (row["answer"], row["early"]) for row in rows}


async def told(desk: Desk, tenant: Tenant) -> list[dict[str, Any]]:
    async with desk.db.transaction(tenant.number) as tx:
        rows = await tx.rows(
            "select key, data from sightline.ledger where tenant = :t and type = :type"
            " and data ->> 'playbook' = 'own.chase' order by position",
            t=tx.tenant, type=derived.DECISION_SETTLED,
        )  # fmt: skip
    return [{"subject": row["key"], **row["data"]} for row in rows]


async def about(desk: Desk, tenant: Tenant, said: str) -> str:
    """A playbook that overdue lines wake, about a question of that line."""
    question = asking.read_line(await desk.catalog(tenant), said, name="own.counted")
    await asking.declare(desk, tenant, question)
    return TEN_DAYS.replace('question = "supply.arrives_late"', 'question = "own.counted"')


HEAVY = "predict happens line.delivered where weight above 9 within 20 days for line every 30 days"


def pieces_of_two(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Let a turn take two decisions; how many each took, so far."""
    pieces: list[int] = []

    def read(question: Question, facts: Facts, spans: Sequence[Span], now: datetime) -> list[float | None]:
        pieces.append(len(spans))
        return afterwards(question, facts, spans, now)

    monkeypatch.setattr(attributed, "PIECE", 2)
    monkeypatch.setattr(attributed, "afterwards", read)
    return pieces


async def looked(desk: Desk, tenant: Tenant) -> dict[datetime, int]:
    """How many are taken to have been looked at on each day."""
    async with desk.db.transaction(tenant.number) as tx:
        rows = await tx.rows(
            "select looked_at, count(*) as n from sightline.decision_outcomes where tenant = :t group by looked_at",
            t=tx.tenant,
        )  # fmt: skip
    return {row["looked_at"]: row["n"] for row in rows}


def readings(monkeypatch: pytest.MonkeyPatch) -> list[int | None]:
    """For whom all that is known was read, so far."""
    read: list[int | None] = []

    async def counted(tx: Transaction, lake: Lake, kinds: Mapping[str, Kind]) -> Facts:
        read.append(tx.tenant)
        return await known(tx, lake, kinds)

    monkeypatch.setattr(attributed, "known", counted)
    return read


def heavy(key: str, on: float, weight: float) -> Event:
    return make.event(f"line/{key}", type="line.delivered", on=on, weight=weight)


async def shown(desk: Desk, tenant: Tenant) -> dict[str, Outcome]:
    """By subject, what everybody is told."""
    made = await deciding.list_decisions(desk, tenant, playbook="own.chase", limit=50)
    found = await deciding.outcomes_of(desk, tenant, [one.key for one in made])
    return {one.subject.removeprefix("line/"): found[one.key] for one in made}


async def unsettled(desk: Desk, tenant: Tenant) -> int:
    return next(one.broken for one in await reading.invariants(desk, tenant) if one.name == "decided_has_come")


async def test_what_comes_in_time_counts_when_that_has_passed_and_late_records_correct_it(
    desk: Desk, standing: Tenant
) -> None:  # fmt: skip
    choose(desk, hold_out=0.3)
    await declare(desk, standing, TEN_DAYS)
    await tell(desk, standing, *(line(key) for key in "abcdefghijkl"))
    grace = (await desk.catalog(standing)).question("supply.arrives_late").grace.days
    tenant = await desk.advance(standing, make.day(1004))
    # The answer of the question is "late": whoever came within the window is not.
    await tell(desk, tenant, delivered("a", on=1003), delivered("b", on=1003.5))
    assert await came(desk, tenant) == {"a": (0.0, True), "b": (0.0, True)}
    await tell(desk, tenant, make.event("line/b", type=derived.RETRACTED, on=1004, revises="delivered:b"))
    assert await came(desk, tenant) == {"a": (0.0, True)}
    tenant = await desk.advance(tenant, make.day(1009))
    async with desk.db.transaction(tenant.number) as tx:
        success, book = Success(playbook="own.chase", answer=False), await playing.playbook(desk, tenant, "own.chase")
        assert (await effect(tx, success, playbook=book)).treated == 0
    waits = (await experimenting.effect(desk, tenant, "own.chase")).effect
    assert waits is not None
    # About b once more when its delivery was taken back: that one is still open after the others.
    assert (waits.decided, waits.due) == (13, make.day(1010 + grace))
    assert await unsettled(desk, tenant) == 0
    tenant = await desk.advance(tenant, make.day(1012 + grace))
    known = (await experimenting.effect(desk, tenant, "own.chase")).effect
    assert known is not None
    assert (known.treated + known.control, known.due) == (12, None)
    found = await came(desk, tenant)
    assert set(found) == set("abcdefghijkl")
    assert {key for key, (answer, early) in found.items() if answer == 0.0 and not early} == {"a"}
    assert not any(early for _, early in found.values())
    assert await unsettled(desk, tenant) == 0
    assert (await shown(desk, tenant))["a"].words.startswith(
        f"Success: it happened on {make.day(1003):%d %b %Y}, within the 10 days that count."
    )
    # One more came in time, though nobody had said so, and one came too late.
    await tell(desk, tenant, delivered("c", on=1009, known=1012 + grace), delivered("d", on=1011, known=1012 + grace))
    found = await came(desk, tenant)
    assert (found["c"], found["d"]) == ((0.0, False), (1.0, False))
    of_c = [(one["answer"], one["early"]) for one in await told(desk, tenant) if one["subject"] == "c"]
    assert of_c == [(True, False), (False, False)]
    outcomes = await shown(desk, tenant)
    assert {key for key, one in outcomes.items() if one.success} == {"a", "c"}
    assert {key for key, one in outcomes.items() if one.corrected_at} == {"c"}
    async with desk.db.transaction(tenant.number) as tx:
        whole = await effect(tx, success, playbook=book)
    assert (whole.treated + whole.control, whole.treated > 0, whole.control > 0) == (12, True, True)
    hits = (whole.treated_rate or 0) * whole.treated + (whole.control_rate or 0) * whole.control
    assert hits == pytest.approx(2)


async def test_another_window_counts_for_what_is_not_settled_yet(desk: Desk, standing: Tenant) -> None:
    choose(desk, hold_out=0.0)
    await declare(desk, standing, TEN_DAYS)
    await tell(desk, standing, line("a"), line("b"))
    tenant = await desk.advance(standing, make.day(1040))
    settled = await came(desk, tenant)
    assert settled == {"a": (1.0, False), "b": (1.0, False)}
    await declare(desk, tenant, TEN_DAYS.replace("10d", "60d"))
    # Within the new window, not within the one by which it was settled.
    await tell(desk, tenant, delivered("a", on=1030))
    assert await came(desk, tenant) == settled


async def test_a_decision_without_an_outcome_is_noticed(desk: Desk, standing: Tenant) -> None:
    choose(desk, hold_out=0.0)
    await declare(desk, standing, TEN_DAYS)
    await tell(desk, standing, line("a"))
    tenant = await desk.advance(standing, make.day(1060))
    async with desk.db.transaction(tenant.number) as tx:
        await tx.run("delete from sightline.decision_outcomes where tenant = :t", t=tx.tenant)
    assert await unsettled(desk, tenant) == 1


async def test_a_window_is_refused_where_nothing_can_be_counted(desk: Desk, standing: Tenant) -> None:
    with pytest.raises(Invalid, match="is no span of time"):
        await declare(desk, standing, TEN_DAYS.replace("10d", "ten days"))
    text = await about(desk, standing, "predict value weight within 20 days for line every 30 days")
    with pytest.raises(Invalid, match="no `attribution` can be counted"):
        await declare(desk, standing, text.replace('success = "no"\n', ""))
    with pytest.raises(Invalid, match="nothing tells what came after"):
        await declare(desk, standing, text.replace('attribution = "10d"\n', ""))
    text = await about(desk, standing, "predict count line.delivered within 20 days for line every 30 days")
    foreseen = text.replace('wakes_on = "supply.overdue"', 'wakes_on = "every day"')
    with pytest.raises(Invalid, match="no quantity is a yes or a no") as refused:
        await declare(desk, standing, foreseen.replace('attribution = "10d"\n', ""))
    assert "attribution" in (refused.value.hint or "")
    await declare(desk, standing, foreseen)


@pytest.mark.parametrize(
    ("line_", "came_to"),
    [
        ("predict count line.delivered within 20 days for line every 30 days", {"a": 2.0, "b": 0.0, "c": 1.0}),
        ("predict total line.delivered.weight within 20 days for line every 30 days", {"a": 70.0, "b": 0.0, "c": 5.0}),
        (HEAVY, {}),
        ("predict next line.delivered within 20 days for line every 30 days", {}),
    ],
)
async def test_whatever_an_event_is_asked_about_its_window_counts(
    desk: Desk, standing: Tenant, line_: str, came_to: dict[str, float]
) -> None:  # fmt: skip
    choose(desk, hold_out=0.0)
    await declare(desk, standing, (await about(desk, standing, line_)).replace('"no"', '"yes"'))
    await tell(desk, standing, line("a"), line("b"), line("c"))
    tenant = await desk.advance(standing, make.day(1005))
    # Not all that the question counts is known yet, and one comes when the window has closed.
    await tell(desk, tenant, heavy("a", 1002, 30), heavy("a", 1004, 40), heavy("c", 1003, 5))
    tenant = await desk.advance(tenant, make.day(1012))
    await tell(desk, tenant, heavy("b", 1011, 50))
    tenant = await desk.advance(tenant, make.day(1013))
    found = await shown(desk, tenant)
    assert {key: one.success for key, one in found.items()} == {"a": True, "b": False, "c": "above" not in line_}
    assert {one.state for one in found.values()} == {"settled"}
    if came_to:
        assert {key: one.answer for key, one in found.items()} == came_to
    assert await unsettled(desk, tenant) == 0
    # A record that comes late corrects it within days, though no other window closes.
    await tell(desk, tenant, heavy("b", 1005, 50).but(known_at=make.day(1013)))
    tenant = await desk.advance(tenant, make.day(1021))
    found = await shown(desk, tenant)
    assert {key for key, one in found.items() if one.success} == {"a", "b"} | (set() if "above" in line_ else {"c"})
    assert {key for key, one in found.items() if one.corrected_at} == {"b"}


async def test_where_all_that_is_known_is_needed_it_is_read_once_for_all_pieces_of_a_turn(
    desk: Desk, standing: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    pieces, read = pieces_of_two(monkeypatch), readings(monkeypatch)
    choose(desk, hold_out=0.0)
    await declare(desk, standing, (await about(desk, standing, HEAVY)).replace('"no"', '"yes"'))
    await tell(desk, standing, *(line(key) for key in "abcde"))
    tenant = await desk.advance(standing, make.day(1005))
    await tell(desk, tenant, heavy("c", 1001, 10))
    tenant = await desk.advance(tenant, make.day(1012))
    assert (pieces, len(read)) == ([2, 2, 1], 1)
    assert {key for key, one in (await shown(desk, tenant)).items() if one.success} == {"c"}
    assert await unsettled(desk, tenant) == 0
    pieces.clear()
    await tell(desk, tenant, line("f"))
    # What is more than a turn takes is left to the next one.
    monkeypatch.setattr(attributed, "MOST", 4)
    tenant = await desk.advance(tenant, make.day(1023))
    assert (pieces, len(read)) == ([2, 2, 2], 3)
    assert await unsettled(desk, tenant) == 0


async def test_what_was_settled_together_is_looked_at_again_on_seven_days(
    desk: Desk, standing: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    pieces, read = pieces_of_two(monkeypatch), readings(monkeypatch)
    monkeypatch.setattr(attributed, "PIECE", 100)
    choose(desk, hold_out=0.0)
    await declare(desk, standing, (await about(desk, standing, HEAVY)).replace('"no"', '"yes"'))
    await tell(desk, standing, *(line(f"l{number}") for number in range(60)))
    # The day began in the evening: a server that had been away told of it then.
    tenant = await desk.advance(standing, make.day(1012.75))
    assert pieces == [60]
    days = await looked(desk, tenant)
    assert len(days) > 3
    assert min(days) > make.day(1012) - attributed.AGAIN
    # The later days began sooner after midnight, the last ones at midnight itself.
    for week, hours in ((0, (12, 1, 0, 9, 3, 6, 2)), (7, (0, 0, 0, 0, 0, 0, 0))):
        pieces.clear()
        for day, hour in enumerate(hours, 1013 + week):
            tenant = await desk.advance(tenant, make.day(day + hour / 24))
        # Each once a week, and always on the same day of it.
        assert pieces == [n for _, n in sorted(days.items())]
    assert len(read) == 1 + 2 * len(days)
    # After a long absence all are due together, and each has its day again.
    pieces.clear()
    tenant = await desk.advance(tenant, make.day(1054))
    assert pieces == [60]
    assert sorted((await looked(desk, tenant)).values()) == sorted(days.values())


async def test_what_was_settled_a_year_ago_is_not_looked_at_again(
    desk: Desk, standing: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    pieces = pieces_of_two(monkeypatch)
    choose(desk, hold_out=0.0)
    await declare(desk, standing, (await about(desk, standing, HEAVY)).replace('"no"', '"yes"'))
    await tell(desk, standing, line("a"))
    tenant = await desk.advance(standing, make.day(1012))
    assert pieces == [1]
    await desk.advance(tenant, make.day(1366))
    assert pieces == [1]
