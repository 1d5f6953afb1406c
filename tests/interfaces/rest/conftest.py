"""The interface over a real installation, called in the same event loop."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from sightline.foundation import identity, ledger
from sightline.foundation.identity import Role, users
from sightline.foundation.outbound import Allowed, Outbound
from sightline.foundation.telemetry import Telemetry
from sightline.foundation.tenants import Tenant
from sightline.interfaces.rest import Rest, build
from sightline.kernel.declared import Kinds
from sightline.kernel.desk import Desk
from sightline.kernel.observe.intake import Intake
from sightline.language.event import Event
from sightline.main.labour import Labour
from tests.interfaces.rest.chats import BASE, Chat, add, asks, destinations
from tests.kernel.act.slack import ANNA, SIGNING, TOKEN, slacking
from tests.kernel.act.world import CHANGED

SINGLE = "application/cloudevents+json"


def wire(name: str = "1", **more: Any) -> dict[str, Any]:
    """The smallest event that is one; None leaves an attribute out."""
    whole = {"specversion": "1.0", "id": name, "source": "test", "type": "thing.seen", "subject": f"thing/{name}"}
    return {key: value for key, value in {**whole, **more}.items() if value is not None}


@dataclass(frozen=True, slots=True)
class Api:
    """A client of the owner, and what stands behind it."""

    client: httpx.AsyncClient
    desk: Desk
    tenant: Tenant
    token: str
    rest: Rest

    async def post(self, body: Any, media: str = "application/json", **headers: str) -> httpx.Response:
        """Send events as they are: bytes, or what becomes JSON."""
        sent = {"content": body} if isinstance(body, bytes) else {"json": body}
        return await self.client.post("/v1/events", headers={"Content-Type": media, **headers}, **sent)

    async def recorded(self) -> list[Event]:
        """All that the ledger holds of the workspace."""
        reads = ledger.Reads(facts=True)
        async with self.desk.db.transaction(self.tenant.number) as tx:
            batch = await ledger.next_batch(tx, after=0, limit=10_000, reads=reads)
            return await ledger.read(tx, batch, reads) if batch else []


@pytest.fixture
async def api(desk: Desk, workspace: Tenant) -> AsyncIterator[Api]:
    """The application over a workspace nobody has used."""
    token = await identity.issue(desk.db, workspace, "owner", Role.OWNER)
    intake = Intake(desk.db, desk.vault, Kinds(desk.registry))
    running = asyncio.ensure_future(intake.run())
    rest = Rest(desk, intake, Telemetry(), workspace.name)
    rest.own = workspace.number
    transport = httpx.ASGITransport(build(rest), raise_app_exceptions=False)
    headers = {"Authorization": f"Bearer {token}"}
    async with httpx.AsyncClient(transport=transport, base_url="http://test", headers=headers) as client:
        yield Api(client, desk, workspace, token, rest)
    await rest.trail.close()
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running


def problem(answer: httpx.Response, status: int, code: str) -> dict[str, Any]:
    """The problem document (RFC 9457) that an answer must be."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    found: dict[str, Any] = answer.json()
    assert found["status"] == status
    assert found["code"] == code
    assert found["type"] == f"urn:sightline:error:{code}"
    assert found["title"]
    assert found["detail"]
    assert found["instance"] == answer.request.url.path
    return found


async def sent(api: Api, content: bytes | str, name: str = "things.csv") -> str:
    """A file sent in; returns its id."""
    body = content if isinstance(content, bytes) else content.encode()
    answer = await api.client.post("/v1/files", params={"name": name}, content=body)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def finished(api: Api, answer: httpx.Response, state: str = "done") -> dict[str, Any]:
    """The job that an answer tells of, once a worker has brought it to its end."""
    assert answer.status_code == 202, answer.text
    assert answer.json()["state"] == "waiting"
    # No other: tests before this one leave jobs in workspaces of their own.
    await Labour(api.desk).do(api.tenant, answer.json()["id"])
    found: dict[str, Any] = (await api.client.get(f"/v1/jobs/{answer.json()['id']}")).json()
    assert found["state"] == state, found
    assert found["ended_at"]
    return found


@pytest.fixture
async def near(api: Api, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Api]:
    """Reaches loopback, and is reached from elsewhere."""
    desk, out = api.desk, Outbound(Allowed.of(["127.0.0.0/8"]))
    monkeypatch.setattr(desk, "out", out)
    CHANGED.append((desk, desk.settings))
    http = desk.settings.http.model_copy(update={"public_url": BASE})
    desk.settings = desk.settings.model_copy(update={"http": http})
    yield api
    await out.close()


@pytest.fixture
async def chat(near: Api) -> AsyncIterator[Chat]:
    """Anna may answer there, as an operator; Bob is nobody."""
    await users.add(near.desk.db, near.tenant, "anna", Role.OPERATOR, at=near.desk.clock.now())
    async with slacking() as team, httpx.AsyncClient(transport=near.client._transport, base_url="http://test") as other:
        found = Chat(near, team, other)
        await add(near, "team", team.address, TOKEN, signing_secret=SIGNING)
        await asks(near, "team")
        (known,) = await destinations(near)
        assert known["callback"].startswith(f"{BASE}/v1/chat/slack/")
        found.callback = known["callback"].removeprefix(BASE)
        assert (await near.client.put(f"/v1/chat-users/{ANNA}", json={"user": "anna"})).status_code == 200
        yield found
