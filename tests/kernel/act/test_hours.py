"""The best hour is told only where it is better than the day beyond doubt; it is waited for on its party's clock."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sightline.foundation.tenants import Tenant
from sightline.kernel.act import destinations
from sightline.kernel.act.advice import Counts
from sightline.kernel.act.hours import HOURS, QUARTER, best_hours, by_hour, wait_for
from sightline.kernel.act.spoken import Spoken, spoken
from sightline.kernel.desk import Desk
from sightline.language.action import Policy
from sightline.language.event import Event
from sightline.testing import make
from tests.kernel.act.world import CHASES, choose, declare, line, tell

DAY = date(2026, 3, 2)

Told = list[tuple[str, int, date, bool]]


def sent(rates: dict[int, float], each: int, *, to: str | None = None, daily: bool = True) -> Told:
    """So many messages at each of some hours, with these shares of success: each to somebody else, or all to one, a
    day apart or all on one.
    """
    return [
        (to or f"{hour}/{n}", hour, DAY + n * timedelta(days=1 if daily else 0), n < round(each * rate))
        for hour, rate in rates.items()
        for n in range(each)
    ]


def counts(*told: Told) -> Counts:
    return Counts.of(HOURS, [one for these in told for one in these])


def test_an_hour_is_told_only_beyond_doubt() -> None:
    assert counts(sent({9: 0.6, 15: 0.3}, 20)).advised(None) is None
    assert counts(sent({9: 0.41, 15: 0.40}, 400)).advised(None) is None
    told = counts(sent({9: 0.6, 15: 0.3}, 400)).advised(None)
    assert told is not None
    assert (told.place, told.seen, told.own, told.by_own) == (9, 800, 0, False)
    assert told.usual < told.low < told.rate < told.high


def test_few_messages_of_ones_own_move_little_and_many_decide() -> None:
    few, many = sent({15: 1.0}, 3, to="few"), sent({9: 0.2, 15: 0.9}, 60, to="many")
    found = {party: counts(sent({9: 0.6, 15: 0.3}, 400), few, many).advised(party) for party in ("few", "many")}
    told = found["few"], found["many"]
    assert [(one.place, one.by_own) for one in told if one] == [(9, False), (15, True)]
    assert told[1]
    # What is told beside their own rate over all is their own too.
    assert told[1].rate == pytest.approx(0.9)
    assert told[1].usual < told[1].low < told[1].rate < told[1].high
    # Nobody who gladly hears of anything at any hour is taken for somebody with an hour of their own.
    glad = counts(sent({9: 0.3, 15: 0.3}, 400), sent({9: 0.8, 15: 0.8}, 30, to="glad")).advised("glad")
    assert glad is None


def test_many_messages_to_one_party_are_one_voice_and_those_of_a_day_too() -> None:
    one = counts(sent({9: 0.9, 15: 0.1}, 200, to="one"))
    assert one.advised(None) is None
    assert one.votes[[9, 15]].tolist() == [[1, 0.9], [1, 0.1]]
    alone = one.advised("one")
    assert alone
    assert (alone.place, alone.by_own) == (9, True)
    assert counts(sent({9: 0.9, 15: 0.1}, 200, to="one", daily=False)).advised("one") is None


@pytest.mark.parametrize("each", [1, 5, 20])
@pytest.mark.parametrize("at_own_hour", [False, True])
def test_where_hours_are_alike_one_is_seldom_told_however_many_messages_a_party_gets(
    each: int, at_own_hour: bool
) -> None:  # fmt: skip
    rng = np.random.default_rng(each)
    told, own, parties, runs = 0, 0, 60, 120
    for _ in range(runs):
        # With these shares the answers of one party hang together: their correlation is .3.
        glad = rng.beta(0.3 * (7 / 3), 0.7 * (7 / 3), parties)
        hours = np.broadcast_to(rng.integers(0, 24, (parties, 1 if at_own_hour else each)), (parties, each))
        hits = rng.random((parties, each)) < glad[:, None]
        found = counts([
            (str(party), int(hours[party, n]), DAY + n * timedelta(days=1), bool(hits[party, n]))
            for party in range(parties)
            for n in range(each)
        ])  # fmt: skip
        told += found.advised(None) is not None
        own += sum(one.by_own for party in found.bests() if (one := found.advised(party)))
    assert told <= 0.02 * runs
    assert own < 0.001 * runs * parties


ZONES = (
    "UTC", "Europe/Berlin", "America/New_York", "Asia/Tokyo", "Asia/Kathmandu", "Australia/Lord_Howe", "Africa/Cairo",
    "Antarctica/Troll", "America/Sao_Paulo", "Pacific/Chatham",
)  # fmt: skip
"""With offsets of parts of hours, clocks set back by half an hour or two, and summer time that begins at midnight."""


@given(
    hour=st.sampled_from(HOURS), zone=st.sampled_from(ZONES).map(ZoneInfo),
    now=st.datetimes(datetime(2015, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC)),
)  # fmt: skip
def test_a_message_waits_for_the_next_such_hour_on_the_clock_of_whom_it_is_for(
    hour: int, zone: ZoneInfo, now: datetime
) -> None:
    until = now + wait_for(hour, now, zone)
    assert now <= until < now + timedelta(hours=25)
    quarter = now.replace(minute=now.minute // 15 * 15, second=0, microsecond=0)
    if now.astimezone(zone).hour == hour:
        assert until == now
    elif until.astimezone(zone).hour == hour:
        later = (quarter + n * QUARTER for n in range(1, 101))
        assert until == next(at for at in later if at.astimezone(zone).hour == hour)
    else:
        # Clocks were set on over it then.
        before = (until - timedelta(seconds=1)).astimezone(zone)
        after = until.astimezone(zone)
        assert 0 < (hour - before.hour) % 24 < (after.hour - before.hour) % 24 <= 3


def test_nine_in_the_morning_is_nine_in_winter_and_in_summer_everywhere() -> None:
    for now, berlin in ((datetime(2026, 3, 27, 12, tzinfo=UTC), 8), (datetime(2026, 3, 28, 12, tzinfo=UTC), 7)):
        for zone, hour in (("Europe/Berlin", berlin), ("Asia/Tokyo", 0)):
            until = now + wait_for(9, now, ZoneInfo(zone))
            assert (until.hour, until.minute) == (hour, 0)
            assert f"{until.astimezone(ZoneInfo(zone)):%H:%M}" == "09:00"
    at = datetime(2026, 3, 28, 22, 20, tzinfo=UTC)
    # In Berlin it is 23:20, and the night has no hour between two and three.
    assert wait_for(2, at, ZoneInfo("Europe/Berlin")) == timedelta(hours=2, minutes=40)


BEST = (
    CHASES
    + """hour = "best"
choices = [{ name = "tell", channel = "paper", gains = 100, cost = 1, text = "{{ subject }}" }]
"""
)


_DECIDED = """
insert into sightline.decisions (tenant, key, playbook, choice, kind, subject, party, verb, arm, because, value, text,
  question, cutoff, probability, at)
select :t, 'k' || n, 'own.chase', 'tell', 'line', 'k' || n, 'project/' || n, 'act', 'treated', '', 1, '',
  'supply.arrives_late', :at, .5, :at from generate_series(1, 600) n
"""
_DONE = """
insert into sightline.actions (tenant, key, channel, receiver, subject, text, at, reference)
select :t, 'k' || n, 'paper', 'project/' || n, 'line/k' || n, '',
  cast(:at as timestamptz) + make_interval(hours => 8 + n % 2 * 6), '' from generate_series(1, 600) n
"""
# By the answers of the forecast all came in time of those written to at eight, and half of the others.
_CAME = """
insert into sightline.outcomes (tenant, key, question, kind, cutoff, answer, probability, verb, arm, read_at)
select :t, 'k' || n, 'supply.arrives_late', 'line', :at, n % 2 * ((n / 2) % 2), .5, 'act', 'treated', :at
from generate_series(1, 600) n
"""


# The other way round: within the time that counts for what a finding wakes all went well with those of fourteen.
_CAME_WITHIN = """
insert into sightline.decision_outcomes (tenant, key, cutoff, answer, closes_at, early, read_at)
select :t, 'k' || n, :at, (1 - n % 2) * ((n / 2) % 2), :at, false, :at from generate_series(1, 600) n
"""


def project(key: str, zone: str) -> Event:
    """One of whom it is known by which clock they live."""
    return make.event(f"project/{key}", type="project.described", on=900, id=f"zone:{key}", time_zone=zone)


async def told_of(desk: Desk, tenant: Tenant, *, on: float, foretold: bool = False) -> list[Spoken]:
    """What the playbook said as of a day, by the answers of its forecast or by its own window."""
    async with desk.db.transaction(tenant.number) as tx:
        catalog = await desk.declared(tx)
        woken, success = catalog.playbooks["own.chase"], catalog.successes["own.chase"]
        asked = replace(woken, wakes_on=woken.question) if foretold else woken
        return await spoken(tx, desk.vault, asked, success, now=make.day(on))


async def waits(desk: Desk, tenant: Tenant, subject: str) -> float:
    """Hours until what is said about a subject goes out."""
    async with desk.db.transaction(tenant.number) as tx:
        wait = await tx.value(
            "select extract(epoch from not_before - clock_timestamp()) / 3600 from sightline.deliveries"
            " where tenant = :t and subject = :s",
            t=tx.tenant, s=subject,
        )  # fmt: skip
    return float(wait)


async def test_a_playbook_speaks_at_the_hour_that_was_best_on_each_ones_own_clock(desk: Desk, standing: Tenant) -> None:
    choose(desk, hold_out=0.0)
    await declare(desk, standing, BEST)
    async with desk.db.transaction(standing.number) as tx:
        for statement in (_DECIDED, _DONE, _CAME, _CAME_WITHIN):
            await tx.run(statement, t=tx.tenant, at=make.day(900))
    everybody = ["project/1", "project/2"]
    found = await told_of(desk, standing, on=1264)
    assert best_hours(by_hour(found), everybody) == dict.fromkeys(everybody, 14)
    foretold = await told_of(desk, standing, on=1264, foretold=True)
    assert best_hours(by_hour(foretold), everybody) == dict.fromkeys(everybody, 8)
    assert await told_of(desk, standing, on=1266) == []
    # Two in the afternoon in Greenwich was eleven at night in Tokyo.
    await tell(desk, standing, project("2", "Asia/Tokyo"), project("4", "Nowhere"), project("far", "Asia/Tokyo"))
    hours = {one.party: one.hour for one in await told_of(desk, standing, on=1264)}
    assert (hours["project/2"], hours["project/4"], hours["project/6"]) == (23 - 6, 8, 8)
    await tell(desk, standing, line("new"), line("far"))
    # It is midnight, and nine in the morning in Tokyo.
    assert await waits(desk, standing, "line/new") == pytest.approx(14, abs=0.05)
    assert await waits(desk, standing, "line/far") == pytest.approx(5, abs=0.05)
    # Of whom no zone is known, the destination's guards tell one.
    async with desk.db.transaction(standing.number) as tx:
        await destinations.guard(tx, "paper", Policy(zone="America/New_York"))
    hours = {one.party: one.hour for one in await told_of(desk, standing, on=1264)}
    assert (hours["project/2"], hours["project/4"]) == (17, 4)
