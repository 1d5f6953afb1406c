"""A destination of webhooks, and a way out that reaches it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from sightline.foundation.outbound import Allowed, Outbound
from sightline.foundation.tenants import Tenant
from sightline.kernel.act import destinations
from sightline.kernel.desk import Desk
from tests.kernel.act.receiver import Receiver, receiving


@pytest.fixture
async def out() -> AsyncIterator[Outbound]:
    """May reach loopback."""
    opened = Outbound(Allowed.of(["127.0.0.0/8"]))
    yield opened
    await opened.close()


@pytest.fixture
async def crm(desk: Desk, workspace: Tenant) -> AsyncIterator[Receiver]:
    """A destination `crm` of the workspace."""
    async with receiving() as other:
        async with desk.db.transaction(workspace.number) as tx:
            other.secret = str(await destinations.add(tx, desk.vault, "crm", other.url))
        yield other
