"""The best hour is told only where it is better than the day beyond doubt; a message then waits for it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from sightline.foundation.tenants import Tenant
from sightline.kernel.act.hours import HOURS, OWN, advice, advised, wait_for
from sightline.kernel.desk import Desk
from sightline.testing import make
from tests.kernel.act.world import choose, declare, line, tell

NONE = np.zeros((HOURS, 2))


def spoken(rates: dict[int, float], each: int) -> np.ndarray:
    """So many messages at each of some hours, with these shares of success."""
    found = np.zeros((HOURS, 2))
    for hour, rate in rates.items():
        found[hour] = each, round(each * rate)
    return found


def test_an_hour_is_told_only_beyond_doubt() -> None:
    assert advised(spoken({9: 0.6, 15: 0.3}, 20), NONE) is None
    assert advised(spoken({9: 0.41, 15: 0.40}, 400), NONE) is None
    told = advised(spoken({9: 0.6, 15: 0.3}, 400), NONE)
    assert told is not None
    assert (told.hour, told.seen, told.own) == (9, 800, 0)
    assert told.usual < told.low < told.rate < told.high


def test_few_messages_of_ones_own_move_little_and_many_decide() -> None:
    everybody = spoken({9: 0.6, 15: 0.3}, 400)
    few, many = advised(everybody, spoken({15: 1.0}, 3)), advised(everybody, spoken({9: 0.2, 15: 0.9}, 60))
    assert few is not None
    assert many is not None
    assert (few.hour, many.hour) == (9, 15)
    assert many.rate == pytest.approx((54 + OWN * 0.3) / (60 + OWN), abs=0.02)


def test_a_message_waits_for_the_hour_and_not_longer_than_a_day() -> None:
    at = make.day(3) + timedelta(hours=10, minutes=20)
    assert wait_for(10, at) == timedelta(0)
    assert wait_for(11, at) == timedelta(minutes=40)
    assert wait_for(9, at) == timedelta(hours=22, minutes=40)


BEST = """
[own.chase]
question = "supply.arrives_late"
wakes_on = "supply.overdue"
party = "project"
priority = 5
success = "no"
hour = "best"
choices = [{ name = "tell", channel = "paper", gains = 100, cost = 1, text = "{{ subject }}" }]
"""


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


async def test_a_playbook_speaks_at_the_hour_that_was_best(desk: Desk, standing: Tenant) -> None:
    choose(desk, hold_out=0.0)
    await declare(desk, standing, BEST)
    async with desk.db.transaction(standing.number) as tx:
        for statement in (_DECIDED, _DONE, _CAME, _CAME_WITHIN):
            await tx.run(statement, t=tx.tenant, at=make.day(900))
        catalog = await desk.declared(tx)
        woken, success = catalog.playbooks["own.chase"], catalog.successes["own.chase"]
        found = await advice(tx, woken, success, ["project/1"], now=make.day(1264))
        foretold = await advice(
            tx, replace(woken, wakes_on=woken.question), success, ["project/1"], now=make.day(1264)
        )  # fmt: skip
        assert (found["project/1"].hour, foretold["project/1"].hour) == (14, 8)
        assert await advice(tx, woken, success, ["project/1"], now=make.day(1266)) == {}
    await tell(desk, standing, line("new"))
    async with desk.db.transaction(standing.number) as tx:
        wait = await tx.value(
            "select extract(epoch from not_before - clock_timestamp()) / 3600 from sightline.deliveries"
            " where tenant = :t and subject = 'line/new'",
            t=tx.tenant,
        )  # fmt: skip
    # It is midnight.
    assert float(wait) == pytest.approx(14, abs=0.05)
