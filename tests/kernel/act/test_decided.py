"""Decisions are listed newest first, by statements that find them however many there are."""

from __future__ import annotations

import re
from typing import Any

import pytest

from sightline.foundation.db.session import Transaction
from sightline.foundation.tenants import Tenant
from sightline.kernel.act.decided import listed
from sightline.kernel.desk import Desk
from sightline.language.ref import Ref
from sightline.testing import make

MADE = """
insert into sightline.decisions (tenant, key, playbook, choice, kind, subject, party, verb, arm, because, value,
  text, at)
select :t, 'k' || lpad(n::text, 6, '0'), 'own.' || n % 70, 'note', 'line', 's' || n % 200, 'project/p',
  (array['ask', 'act', 'hold', 'drop'])[1 + n % 4], 'treated', '', 1, '',
  cast(:at as timestamptz) + n / 3 * interval '1 minute'
from generate_series(1, :many) n
"""

FILTERS: dict[str, dict[str, Any]] = {
    "subject": {"subject": Ref("line", "s7")},
    "playbook": {"playbook": "own.3"},
    "verb": {"verb": "drop"},
    "at": {"after": (make.day(1000.5), "k000100")},
}


async def made(tx: Transaction, many: int) -> None:
    await tx.run(MADE, t=tx.tenant, at=make.day(1000), many=many)


@pytest.mark.parametrize("filters", [{}, *FILTERS.values(), {"playbook": "own.3", "verb": "drop"}])
async def test_page_follows_page_and_nothing_is_left_out(
    desk: Desk, standing: Tenant, filters: dict[str, Any]
) -> None:  # fmt: skip
    async with desk.db.transaction(standing.number) as tx:
        await made(tx, 2_000)
        whole = await listed(tx, **filters, limit=5_000)
        paged, behind = [], filters.get("after")
        while page := await listed(tx, **{**filters, "after": behind}, limit=70):
            paged += page
            behind = (page[-1].at, page[-1].key)
    assert paged == whole == sorted(whole, key=lambda one: (-one.at.timestamp(), one.key))
    told = {"playbook", "verb"} & set(filters)
    assert all(getattr(one, name) == filters[name] for one in whole for name in told)
    assert len(whole) > 1


class Spied:
    """Takes down what is asked."""

    def __init__(self, tenant: int | None) -> None:
        self.tenant, self.sql, self.values = tenant, "", dict[str, Any]()

    async def rows(self, sql: str, **values: Any) -> list[Any]:
        self.sql, self.values = sql, values
        return []


@pytest.mark.parametrize("column", FILTERS)
async def test_an_index_finds_what_is_asked_for_whatever_the_values_are(
    desk: Desk, standing: Tenant, column: str
) -> None:  # fmt: skip
    spied = Spied(standing.number)
    await listed(spied, **FILTERS[column], limit=50)  # type: ignore[arg-type]
    names = list(spied.values)
    sql = re.sub(r"(?<!:):(\w+)", lambda found: f"${names.index(found[1]) + 1}", spied.sql)
    # Statistics are its owner's to take.
    async with desk.owner.transaction(standing.number) as tx:
        await made(tx, 5_000)
        driver = await tx.driver()
        for one in ("analyze sightline.decisions", "set local plan_cache_mode = force_generic_plan"):
            await driver.execute(one)
        await driver.execute(f"prepare listing as {sql}")
        values = ", ".join(f"'{one}'" for one in spied.values.values())
        plan = [row[0] for row in await driver.fetch(f"explain execute listing({values})")]
        await driver.execute("deallocate listing")
    assert any("Index Cond" in one and f"({column} " in one for one in plan), "\n".join(plan)
