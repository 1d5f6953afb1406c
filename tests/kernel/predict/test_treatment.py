"""What we did is found by when it was done: for every example it lies in, whatever prediction led to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import numpy as np
import polars as pl
import pytest

from sightline.foundation.db.session import Transaction
from sightline.foundation.tenants import Tenant
from sightline.kernel.desk import Desk
from sightline.kernel.learn.came import came
from sightline.kernel.learn.duty import Watched, calibration
from sightline.kernel.predict.examples import Answers, examples
from sightline.kernel.predict.facts import Facts
from sightline.kernel.predict.treatment import Treatment, changing, recorded
from sightline.language.action import Verb
from sightline.language.catalog import Catalog
from sightline.language.playbook import Playbook, Success
from sightline.language.question import absent, count, days, every, happened
from sightline.packs.supply.act import WARN_BUYER
from tests.kernel.act.test_decided import Spied
from tests.kernel.predict.histories import Row, day, frame
from tests.kernel.predict.worlds import KINDS, QUESTIONS

QUIET = replace(
    next(one for one in QUESTIONS if one.name == "lab.goes_quiet"),
    when=every(days(30), active=happened("thing.seen", within=days(30))),
    answer=absent("thing.seen", within=days(90)), where=(), unless=(), worth=None, grace=days(0),
)  # fmt: skip
"""Asked every thirty days about ninety."""

CALLS = replace(WARN_BUYER, name="lab.calls", question=QUIET.name, wakes_on=QUIET.name)


async def decided(
    desk: Desk,
    tenant: Tenant,
    *,
    on: float,
    subject: str = "a",
    verb: Verb = Verb.ACT,
    acted: float | None = None,
    probability: float | None = 0.9,
    question: str = QUIET.name,
    playbook: Playbook = CALLS,
) -> None:
    """Keep a decision about a thing on a day (the cutoff it was asked at, too), and the action it led to."""
    key = f"{playbook.name}:{subject}:{on}"
    async with desk.db.transaction(tenant.number) as tx:
        await tx.run(
            "insert into sightline.decisions (tenant, key, playbook, choice, kind, subject, party, verb, arm, because,"
            " value, text, question, cutoff, probability, at) values (:t, :key, :playbook, 'call', 'thing', :subject,"
            " 'thing/a', :verb, 'treated', '', 1, '', :question, :at, :probability, :at)",
            t=tx.tenant, key=key, playbook=playbook.name, subject=subject, verb=verb.value, question=question,
            at=day(on), probability=probability,
        )  # fmt: skip
        if acted is not None:
            await tx.run(
                "insert into sightline.actions (tenant, key, channel, receiver, subject, text, at, reference)"
                " values (:t, :key, 'paper', 'team/one', :subject, '', :at, '')",
                t=tx.tenant, key=key, subject=f"thing/{subject}", at=day(acted),
            )  # fmt: skip


async def answers(desk: Desk, tenant: Tenant, **given: Any) -> tuple[Answers, Sequence[tuple[str, datetime]]]:
    """Of things a and b, seen every ten days, with what was done to them."""
    seen = [(key, float(at), f"{key}{at}") for key in ("a", "b") for at in range(0, 400, 10)]
    rows = [Row(id=name, root=name, type="thing.seen", key=key, time=at, known=at) for key, at, name in seen]
    async with desk.db.transaction(tenant.number) as tx:
        done = await recorded(tx, QUIET.name, [CALLS.name], hold_out=0.1, **given)
    asked = examples(QUIET, Facts.of(frame(rows), KINDS), treatment=done)
    keys: Sequence[tuple[str, datetime]] = asked.eligible.select("key", "cutoff").rows()
    return asked.answers(day(600)), keys


def left_out(found: Answers, keys: Sequence[tuple[str, datetime]]) -> list[tuple[str, datetime]]:
    return [key for key, value in zip(keys, found.value, strict=True) if np.isnan(value)]


async def test_one_action_is_in_every_example_it_lies_in(desk: Desk, workspace: Tenant) -> None:
    """Decided between two days of the grid, as of its own moment: three examples of ninety days hold it."""
    _, keys = await answers(desk, workspace)
    grid = [cutoff for key, cutoff in keys if key == "a"]
    on = (grid[5] - day(0)).days + 7
    await decided(desk, workspace, on=on, acted=on + 0.5)
    found, keys = await answers(desk, workspace)
    assert left_out(found, keys) == [("a", cutoff) for cutoff in grid[3:6]]
    assert (found.weight == 1).all()


async def test_who_is_kept_back_stands_for_others_wherever_it_lies(desk: Desk, workspace: Tenant) -> None:
    """As far as it would have been acted upon: beyond the least probability that was."""
    _, keys = await answers(desk, workspace)
    grid = [cutoff for key, cutoff in keys if key == "a"]
    on = (grid[5] - day(0)).days + 7
    await decided(desk, workspace, on=on, acted=on, probability=0.8)
    for at, probability in ((on, 0.9), (on + 120, 0.7)):
        await decided(desk, workspace, on=at, subject="b", verb=Verb.HOLD, probability=probability)
    found, keys = await answers(desk, workspace)
    heavy = [key for key, weight in zip(keys, found.weight, strict=True) if weight != 1]
    assert heavy == [("b", cutoff) for cutoff in grid[3:6]]
    assert found.weight.max() == pytest.approx(10)


async def test_who_is_kept_back_from_what_facts_call_for_stands_for_all_whom_they_call_for(
    desk: Desk, workspace: Tenant
) -> None:  # fmt: skip
    """Of facts there is no probability: one in ten is kept back, whoever it is."""
    await decided(desk, workspace, on=157, acted=157, probability=None)
    await decided(desk, workspace, on=157, subject="b", verb=Verb.HOLD, probability=None)
    found, keys = await answers(desk, workspace)
    assert {key for key, _ in left_out(found, keys)} == {"a"}
    heavy = [weight for (key, _), weight in zip(keys, found.weight, strict=True) if key == "b" and weight != 1]
    assert heavy == pytest.approx([10] * 3)


async def test_a_decision_counts_once_however_many_messages_it_led_to(desk: Desk, workspace: Tenant) -> None:
    """Half of what was asked was done: who is kept back had a chance of .45, not of .6."""
    await decided(desk, workspace, on=157, acted=157)
    await decided(desk, workspace, on=158, verb=Verb.ASK)
    await decided(desk, workspace, on=157, subject="b", verb=Verb.HOLD)
    async with desk.db.transaction(workspace.number) as tx:
        await tx.run(
            "insert into sightline.actions (tenant, key, channel, receiver, subject, text, at, reference)"
            " select tenant, key || '#' || n, channel, receiver, subject, text, at, reference"
            " from sightline.actions, generate_series(1, 3) n where tenant = :t",
            t=tx.tenant,
        )  # fmt: skip
    found, keys = await answers(desk, workspace)
    heavy = [weight for (key, _), weight in zip(keys, found.weight, strict=True) if key == "b" and weight != 1]
    assert heavy == pytest.approx([1 / (1 - 0.9 / 2)] * 3)


async def test_an_action_is_found_where_the_key_of_its_subject_holds_what_goes_before_a_step(
    desk: Desk, workspace: Tenant
) -> None:  # fmt: skip
    keys = ("a#1", "a#2")
    for key in keys:
        await decided(desk, workspace, on=157, subject=key, acted=157)
    async with desk.db.transaction(workspace.number) as tx:
        await tx.run(
            "insert into sightline.actions (tenant, key, channel, receiver, subject, text, at, reference)"
            " select tenant, key || '#again', channel, receiver, subject, text, at, reference"
            " from sightline.actions where tenant = :t",
            t=tx.tenant,
        )  # fmt: skip
        done = await recorded(tx, QUIET.name, [CALLS.name], hold_out=0.1)
    assert sorted(done.frame["key"]) == ["a#1", "a#1", "a#2", "a#2"]
    assert done.frame["treated"].all()


async def test_an_action_is_of_one_decision_though_the_key_of_another_goes_before_a_hash(
    desk: Desk, workspace: Tenant
) -> None:  # fmt: skip
    await decided(desk, workspace, on=157, verb=Verb.ASK)
    await decided(desk, workspace, on=157, subject="b", acted=157)
    async with desk.db.transaction(workspace.number) as tx:
        for table in ("decisions", "actions"):
            await tx.run(
                f"update sightline.{table} set key = 'lab.calls:a:157#2' where tenant = :t and key = 'lab.calls:b:157'",
                t=tx.tenant,
            )
        done = await recorded(tx, QUIET.name, [CALLS.name], hold_out=0.1)
    assert dict(done.frame.select("key", "treated").rows()) == {"a": False, "b": True}


async def test_what_a_playbook_did_is_found_by_its_keys_whatever_others_did(desk: Desk, workspace: Tenant) -> None:
    await decided(desk, workspace, on=157, acted=157)
    await decided(desk, workspace, on=157, subject="b", acted=157, playbook=replace(CALLS, name="lab.calls_more"))
    spied = Spied(workspace.number)
    await recorded(spied, QUIET.name, [CALLS.name], hold_out=0.1)  # type: ignore[arg-type]
    # Statistics are its owner's to take.
    async with desk.owner.transaction(workspace.number) as tx:
        await tx.run(
            "insert into sightline.actions (tenant, key, channel, receiver, subject, text, at, reference)"
            " select :t, 'lab.others:' || n, 'paper', 'team/one', 'thing/' || n, '', :at, ''"
            " from generate_series(1, 2000) n",
            t=tx.tenant, at=day(157),
        )  # fmt: skip
        await tx.run("analyze sightline.actions")
    async with desk.db.transaction(workspace.number) as tx:
        plan = [row["QUERY PLAN"] for row in await tx.rows(f"explain {spied.sql}", **spied.values)]
        done = await recorded(tx, QUIET.name, [CALLS.name], hold_out=0.1)
    assert any("Index Cond" in one and "p.low" in one and "p.high" in one for one in plan), "\n".join(plan)
    assert done.frame["key"].to_list() == ["a"]


async def test_what_was_decided_for_another_question_about_the_same_counts_with_its_kind(
    desk: Desk, workspace: Tenant
) -> None:
    await decided(desk, workspace, on=157, acted=157, question="lab.another")
    assert not left_out(*await answers(desk, workspace))
    assert len(left_out(*await answers(desk, workspace, kind="thing"))) == 3
    assert not left_out(*await answers(desk, workspace, kind="part"))


def test_a_playbook_changes_all_answers_that_wait_for_the_same_event() -> None:
    often = replace(QUIET, name="lab.often", answer=count("thing.seen", within=days(30)))
    other = replace(QUIET, name="lab.done", answer=absent("thing.done", within=days(90)))
    parts = replace(QUIET, name="lab.parts", of="part")
    tells = replace(CALLS, name="lab.tells")
    catalog = Catalog(
        questions={one.name: one for one in (QUIET, often, other, parts)},
        playbooks={one.name: one for one in (CALLS, tells)},
        successes={CALLS.name: Success(playbook=CALLS.name, answer=False)},
    )
    found = {one.name: changing(catalog, one) for one in (QUIET, often, other, parts)}
    assert found == {QUIET.name: [CALLS.name], often.name: [CALLS.name], other.name: [], parts.name: []}
    assert changing(replace(catalog, questions={}), QUIET) == []


def test_a_row_of_a_flat_table_is_treated_by_whatever_was_done_since() -> None:
    done = Treatment(frame=pl.DataFrame([("a", day(9), True, 0.0, "x")], Treatment().frame.schema, orient="row"))
    asked = pl.DataFrame(
        {"key": ["a", "a", "a"], "cutoff": [day(1), day(1), day(10)], "deadline": [day(1), day(2), day(10)]}
    )
    assert done.of(asked.cast(dict.fromkeys(("cutoff", "deadline"), pl.Datetime("us", "UTC"))))[0].tolist() == [
        True, False, False,
    ]  # fmt: skip


async def on_duty(tx: Transaction) -> Watched:
    found = await came(tx, QUIET.name, "v1", since=day(0), upto=day(120), changing=[], rival=None)
    return calibration(found, what="calibration", chance=True)


async def test_acting_that_helps_is_no_drift(desk: Desk, workspace: Tenant) -> None:
    """Sixty that nine in ten would have gone quiet; where they were called, a third did."""
    async with desk.db.transaction(workspace.number) as tx:
        await tx.run(
            "insert into sightline.models (tenant, question, version, document, proof, trained_at, as_of, position,"
            " line, state) values (:t, :q, 'v1', '{}', '{}', :at, :at, 1, '', 'champion')",
            t=tx.tenant, q=QUIET.name, at=day(1),
        )  # fmt: skip
        await tx.run(
            "insert into sightline.predictions (tenant, question, kind, key, cutoff, model, deadline, matures_at,"
            " probability, low, high, reasons, made_at, outcome, outcome_at)"
            " select :t, :q, 'thing', n::text, :cutoff, 'v1', :due, :due, .9, 0, 1, '[]', :cutoff,"
            " case when n <= 60 then (n % 3 = 0)::int else (n % 10 > 0)::int end, :due from generate_series(1, 120) n",
            t=tx.tenant, q=QUIET.name, cutoff=day(1), due=day(91),
        )  # fmt: skip
        assert (await on_duty(tx)).alarm
    for number in range(1, 61):
        await decided(desk, workspace, on=1, subject=str(number), acted=30)
    async with desk.db.transaction(workspace.number) as tx:
        assert not (await on_duty(tx)).alarm
        await tx.run("update sightline.actions set at = :at where tenant = :t", t=tx.tenant, at=day(92))
        assert (await on_duty(tx)).alarm
