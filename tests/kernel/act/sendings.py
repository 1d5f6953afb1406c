"""What tests of couriers do: put, send, look."""

from __future__ import annotations

import asyncio
from datetime import datetime

from sightline.foundation.db.session import Transaction
from sightline.foundation.outbound import Outbound
from sightline.foundation.tenants import Tenant
from sightline.kernel.act import outbox
from sightline.kernel.act.channels import Channel, Webhook
from sightline.kernel.act.courier import Courier
from sightline.kernel.act.outbox import Delivery
from sightline.kernel.desk import Desk
from sightline.language import derived
from sightline.testing import make


def courier(desk: Desk, out: Outbound, **more: Channel) -> Courier:
    async def now(tx: Transaction) -> datetime:
        return make.day(1)

    ways: dict[str, Channel] = {"webhook": Webhook(out), **more}
    return Courier(db=desk.db, vault=desk.vault, channels=lambda tenant: ways, now=now)


async def put(desk: Desk, tenant: Tenant, *keys: str, to: str = "crm") -> None:
    async with desk.db.transaction(tenant.number) as tx:
        await outbox.put(tx, [make.action(key, destination=to, text=f"about {key}") for key in keys])


async def all_of(desk: Desk, tenant: Tenant) -> dict[str, Delivery]:
    async with desk.db.transaction(tenant.number) as tx:
        return {one.key: one for one in await outbox.listed(tx)}


async def told(desk: Desk, tenant: Tenant) -> list[str]:
    async with desk.db.transaction(tenant.number) as tx:
        rows = await tx.rows(
            "select data ->> 'key' as key from sightline.ledger where tenant = :t and type = :done order by position",
            t=tx.tenant, done=derived.DONE,
        )  # fmt: skip
        return [row["key"] for row in rows]


async def comes_to(desk: Desk, tenant: Tenant, key: str, state: str) -> bool:
    for _ in range(3_000):
        if (await all_of(desk, tenant))[key].state == state:
            return True
        await asyncio.sleep(0.01)
    return False


async def change(desk: Desk, tenant: Tenant, table: str, what: str) -> None:
    async with desk.db.transaction(tenant.number) as tx:
        await tx.run(f"update sightline.{table} set {what} where tenant = :t", t=tx.tenant)
