"""Made-up requests to every operation, as its owner and as one of the others: a few. `python -m benchmarks.interface`
makes thousands, as every role; what each may do is told in `test_authorize`.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import suppress

import httpx
import pytest
import uvicorn

from sightline.foundation import identity
from sightline.foundation.identity import Role
from sightline.interfaces.rest import Hub, build, document
from sightline.main.labour import Labour
from tests.interfaces.rest import histories
from tests.interfaces.rest.conftest import Api
from tests.interfaces.rest.fuzzing import Attack, Caller
from tests.interfaces.rest.histories import Made
from tests.interfaces.rest.realities import Realities

EACH, OTHERS = 4, 1
"""Requests to an operation as the owner, and as another, of whom many are refused at the door."""

ROLES = (None, *(role for role in Role if role is not Role.OWNER))
"""The others: they share the operations out among themselves."""

IDLE_SECONDS = 0.05


async def _work(api: Api) -> None:
    """What the worker does beside a server for those who wait for it here; elsewhere other tests left jobs."""
    labour = Labour(api.desk)
    while True:
        async with api.desk.db.transaction(api.tenant.number) as tx:
            rows = await tx.rows(
                "select id from sightline.jobs where tenant = :t and state = 'waiting' order by id", t=tx.tenant
            )
        for row in rows:
            await labour.do(api.tenant, row["id"])
        await asyncio.sleep(IDLE_SECONDS)


@pytest.fixture
async def url(api: Api) -> AsyncIterator[str]:
    """The interface behind a socket, with everything beside it that a server has."""
    hub = api.rest.hub = Hub(api.desk, api.rest.telemetry)
    config = uvicorn.Config(build(api.rest), log_config=None, access_log=False, lifespan="off", server_header=False)
    server = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", 0)) as door:
        serving = asyncio.ensure_future(server.serve(sockets=[door]))
        beside = asyncio.ensure_future(hub.run())
        yield f"http://127.0.0.1:{door.getsockname()[1]}"
        server.should_exit = True
        hub.close()
        await serving
        beside.cancel()
        with suppress(asyncio.CancelledError):
            await beside


@pytest.fixture
async def real(api: Api, url: str) -> AsyncIterator[Realities]:
    """An import, what is known of it, and predictions."""
    with httpx.Client(base_url=url, headers={"Authorization": f"Bearer {api.token}"}, timeout=60) as owner:
        found = Realities(owner, api.tenant.name)
        # Only so long: a training on nothing would take back the predictions that are made up here.
        working = asyncio.ensure_future(_work(api))
        await asyncio.to_thread(found.prepare)
        working.cancel()
        await api.desk.go_round(api.tenant)
        now = api.desk.now(api.tenant)
        async with api.desk.db.transaction(api.tenant.number) as tx:
            await histories.put_on_duty(tx, "m1", now=now)
            made = [Made(key=f"L{n}", probability=n / 20, worth=100.0 * n, deadline=n + 1) for n in range(9)]
            await histories.keep(tx, made, now=now)
        await asyncio.to_thread(found.look)
        yield found


@pytest.mark.slow
@pytest.mark.parametrize("role", [None, *Role])
async def test_no_answer_is_undocumented_or_a_fault(api: Api, url: str, real: Realities, role: Role | None) -> None:
    token = await identity.issue(api.desk.db, api.tenant, "fuzzing", role) if role else None
    told = document()
    each = EACH if role is Role.OWNER else OTHERS
    operations = sorted(one["operationId"] for item in told["paths"].values() for one in item.values())
    mine = operations if role is Role.OWNER else operations[ROLES.index(role) :: len(ROLES)]
    tally = await asyncio.to_thread(Attack(Caller(url=url, token=token, real=real), told, each).run, mine)
    assert sorted(tally.cases) == mine
    faults = [f"{name}: {title}\n{hows[0]}" for (name, title), hows in tally.faults.items()]
    assert not faults, "\n\n".join(faults)
