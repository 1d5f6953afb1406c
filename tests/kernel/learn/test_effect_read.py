"""What the effect is read from: decisions by intention, outcomes, what was at stake, what was really done."""

from __future__ import annotations

import pytest

from sightline.foundation.db.session import Transaction
from sightline.foundation.tenants import Tenant
from sightline.kernel.desk import Desk
from sightline.kernel.learn.effect import effect
from sightline.language.playbook import Success
from sightline.packs.supply.act import WARN_BUYER
from sightline.testing import make

SUCCESS = Success(playbook=WARN_BUYER.name, answer=False)
PARTIES = 60


async def case(tx: Transaction, number: int, verb: str, *, answer: float | None, worth: float | None) -> None:
    """One decision about one line of a party of its own, and what then came of it."""
    key, at = f"l{number}", make.day(900 + number)
    arm = "control" if verb == "hold" else "treated"
    await tx.run(
        "insert into sightline.decisions (tenant, key, playbook, choice, kind, subject, party, verb, arm, because,"
        " value, text, question, cutoff, probability, at) values (:t, :key, :p, 'tell the buyer', 'line', :key, :party,"
        " :verb, :arm, '', 1, '', 'q', :at, 0.5, :at)",
        t=tx.tenant, key=key, p=WARN_BUYER.name, party=f"project/{number}", verb=verb, arm=arm, at=at,
    )  # fmt: skip
    await tx.run(
        "insert into sightline.predictions (tenant, question, kind, key, cutoff, model, deadline, matures_at,"
        " probability, low, high, worth, reasons, made_at) values (:t, 'q', 'line', :key, :at, 'm', :at, :at, 0.5,"
        " 0, 1, :worth, '[]', :at)",
        t=tx.tenant, key=key, at=at, worth=worth,
    )  # fmt: skip
    if answer is not None:
        await tx.run(
            "insert into sightline.outcomes (tenant, question, kind, key, cutoff, answer, probability, verb,"
            " arm, read_at) values (:t, 'q', 'line', :key, :at, :answer, 0.5, :verb, :arm, :at)",
            t=tx.tenant, key=key, at=at, answer=answer, verb=verb, arm=arm,
        )  # fmt: skip
    if verb == "act":
        await tx.run(
            "insert into sightline.actions (tenant, key, channel, receiver, subject, text, at, reference)"
            " values (:t, :key, 'paper', 'team/one', 'line/x', '', :at, '')",
            t=tx.tenant, key=key, at=at,
        )  # fmt: skip


async def test_all_that_was_meant_counts_and_only_what_was_done_costs(desk: Desk, standing: Tenant) -> None:
    async with desk.db.transaction(standing.number) as tx:
        for number in range(PARTIES):
            verb = ("act", "ask", "hold", "drop")[number % 4]
            await case(tx, number, verb, answer=float(verb == "hold"), worth=100.0)
        await case(tx, PARTIES, "act", answer=None, worth=100.0)
        await case(tx, PARTIES + 1, "act", answer=0.0, worth=None)
        found = await effect(tx, SUCCESS, playbook=WARN_BUYER, hold_out=1 / 3)
    assert (found.treated, found.control) == (31, 15)
    assert (found.treated_rate, found.control_rate, found.difference) == (1.0, 0.0, 1.0)
    assert found.split is not None
    assert found.split.counts == (32, 15)
    assert found.money is not None
    assert found.money.cost == 16 * WARN_BUYER.choices[0].cost
    assert found.money.gained == pytest.approx(30 * 100 - 16 * WARN_BUYER.choices[0].cost)
    assert found.choices == ()


async def test_until_the_first_outcomes_it_is_told_how_many_wait_and_when_they_come_in(
    desk: Desk, standing: Tenant
) -> None:  # fmt: skip
    question = (await desk.catalog(standing)).question(WARN_BUYER.question)
    async with desk.db.transaction(standing.number) as tx:
        for number, verb in enumerate(("act", "hold", "drop", "ask")):
            await case(tx, number, verb, answer=None, worth=None)
        # What is over, and what was withdrawn, has no outcome any more.
        await tx.run("update sightline.predictions set withdrawn_at = :at where key = 'l1'", at=make.day(901))
        waits = await effect(tx, SUCCESS, playbook=WARN_BUYER, question=question, now=make.day(900))
        await case(tx, 4, "act", answer=0.0, worth=None)
        known = await effect(tx, SUCCESS, playbook=WARN_BUYER, question=question, now=make.day(900))
    assert (waits.decided, waits.due) == (3, make.day(903))
    assert (known.decided, known.treated, known.due) == (4, 1, None)
