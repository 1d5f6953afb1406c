"""What came of a decision is told from the day it is made: open, early, counted, corrected."""

from __future__ import annotations

from sightline.foundation.tenants import Tenant
from sightline.kernel.act.outcomes import Outcome
from sightline.kernel.desk import Desk, deciding
from sightline.language import derived
from sightline.testing import make
from tests.kernel.learn.test_settle import FOR, asked, delivered, tell

DECIDED = """
insert into sightline.decisions (tenant, key, playbook, choice, channel, kind, subject, party, verb, arm, because,
  value, text, question, cutoff, at)
select :t, k.key, 'supply.warn_buyer', 'tell', 'paper', 'line', k.key, 'project/p', k.verb, k.arm, '', 1, '',
  'own.asked', :at, :at
from (values ('came', 'ask', 'treated'), ('kept', 'hold', 'control'), ('no', 'drop', 'treated')) k(key, verb, arm)
"""


async def outcomes(desk: Desk, tenant: Tenant) -> dict[str, Outcome]:
    return await deciding.outcomes_of(desk, tenant, ["came", "kept", "no", "came#again"])


async def test_the_answer_of_its_forecast_is_told_as_it_comes_and_as_it_is_corrected(
    desk: Desk, standing: Tenant
) -> None:  # fmt: skip
    line = f"predict absent line.delivered within 20 days {FOR} grace 5 days"
    await asked(desk, standing, line, "came", "kept", "no")
    async with desk.db.transaction(standing.number) as tx:
        await tx.run(DECIDED, t=tx.tenant, at=make.day(1000))
    found = await outcomes(desk, standing)
    # What was dropped was to bring nothing about; a step goes by what it followed.
    assert set(found) == {"came", "kept", "came#again"}
    assert found["came#again"] == found["came"]
    assert (found["came"].state, found["came"].success) == ("open", None)
    assert found["came"].words == f"Open: what happens until {make.day(1020):%d %b %Y} counts."
    tenant = await desk.advance(standing, make.day(1006))
    came = delivered("came", 1005)
    await tell(desk, tenant, came)
    early = (await outcomes(desk, tenant))["came"]
    assert (early.state, early.success, early.happened_at) == ("early", True, make.day(1005))
    assert early.words.endswith(f"It counts from {make.day(1025):%d %b %Y} on.")
    tenant = await desk.advance(tenant, make.day(1026))
    found = await outcomes(desk, tenant)
    assert found["came"].words == f"Success: it happened on {make.day(1005):%d %b %Y}, within its time."
    assert (found["kept"].success, found["kept"].happened, found["kept"].corrected_at) == (False, False, None)
    assert found["kept"].words == "No success: it did not happen within its time. It was kept back, for comparison."
    gone = make.event("line/came", type=derived.RETRACTED, on=1026, revises=came.id)
    await tell(desk, tenant, gone, delivered("kept", 1019, known=1026))
    found = await outcomes(desk, tenant)
    assert {key: one.success for key, one in found.items()} == {"came": False, "kept": True, "came#again": False}
    assert all(one.corrected_at and "A late record corrected it" in one.words for one in found.values())


async def test_a_step_goes_by_its_decision_whatever_the_key_of_that_holds(desk: Desk, standing: Tenant) -> None:
    await asked(desk, standing, f"predict absent line.delivered within 20 days {FOR} grace 5 days", "came#1")
    async with desk.db.transaction(standing.number) as tx:
        await tx.run(DECIDED.replace("'came'", "'came#1'"), t=tx.tenant, at=make.day(1000))
    found = await deciding.outcomes_of(desk, standing, ["came#1", "came#1#a second #time", "came#10"])
    assert set(found) == {"came#1", "came#1#a second #time"}
