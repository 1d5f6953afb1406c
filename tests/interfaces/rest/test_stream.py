"""Live streams: what a listener hears, however often it is cut off, is what the ledger holds, once."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sightline.foundation import identity, tenants
from sightline.foundation.identity import Role
from sightline.interfaces.rest import Hub, build, hub
from sightline.kernel.desk import news
from sightline.kernel.loop import LOOP, take_turn
from tests.interfaces.rest.conftest import Api, problem, wire

WITHIN = 20.0


@dataclass(slots=True)
class Ear:
    """A listener over the bare interface of the application, so that it can be cut off anywhere."""

    app: Any
    token: str
    workspace: str
    seen: int | None = None
    told: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    heard: Counter[str] = field(default_factory=Counter)
    stopped: asyncio.Event = field(default_factory=asyncio.Event)
    slow: asyncio.Event | None = None
    """Nothing is taken until it is set."""

    async def listen(self) -> None:
        """Until the stream ends or `stopped` is set."""
        headers = [(b"authorization", f"Bearer {self.token}".encode()), (b"host", b"test")]
        if self.seen is not None:
            headers.append((b"last-event-id", str(self.seen).encode()))
        query = f"workspace={self.workspace}".encode()
        scope = {
            "type": "http",
            "http_version": "1.1",
            "method": "GET",
            "path": "/v1/stream",
            "query_string": query,
            "headers": headers,
            "scheme": "http",
            "server": ("test", 80),
            "root_path": "",
        }
        await self.app(scope, self._receive, self._send)

    async def _receive(self) -> dict[str, Any]:
        await self.stopped.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            assert message["status"] == 200, message
            return
        for part in message.get("body", b"").decode().split("\n\n"):
            if part and not part.startswith(":"):
                self._take(dict(line.partition(": ")[::2] for line in part.splitlines()))
        if self.slow:
            await self.slow.wait()

    def _take(self, event: dict[str, str]) -> None:
        data = json.loads(event["data"])
        self.told.append((event["event"], data))
        if "id" in event:
            self.seen = int(event["id"])
        if event["event"] == "news":
            assert self.seen == data["position"]
            self.heard.update(data["types"])

    async def until(self, holds: Any) -> None:
        """Wait until something was heard."""
        async with asyncio.timeout(WITHIN):
            while not holds(self):  # noqa: ASYNC110 - what is waited for is heard elsewhere
                await asyncio.sleep(0.005)


@pytest.fixture
async def live(api: Api) -> AsyncIterator[Api]:
    """The application with live streams."""
    api.rest.hub = Hub(api.desk, api.rest.telemetry)
    running = asyncio.ensure_future(api.rest.hub.run())
    yield api
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running


@asynccontextmanager
async def listening(api: Api, ear: Ear) -> AsyncIterator[Ear]:
    """A listener who has said hello; gone at the end."""
    ear.stopped = asyncio.Event()
    before = len(ear.told)
    task = asyncio.ensure_future(ear.listen())
    await ear.until(lambda one: len(one.told) > before or task.done())
    yield ear
    ear.stopped.set()
    await task


def ear_of(api: Api, **more: Any) -> Ear:
    """A listener of the owner."""
    return Ear(build(api.rest), api.token, api.tenant.name, **more)


async def ledger(api: Api, *, after: int = 0) -> Counter[str]:
    """How many events the ledger holds, by type."""
    async with api.desk.db.transaction(api.tenant.number) as tx:
        rows = await tx.rows("select type, count(*) as n from sightline.ledger where tenant = :t and position > :after"
                             " group by type", t=api.tenant.number, after=after)  # fmt: skip
    return Counter({row["type"]: row["n"] for row in rows})


async def test_what_is_new_is_told_with_its_names(live: Api) -> None:
    async with listening(live, ear_of(live)) as ear:
        name, hello = ear.told[0]
        assert (name, set(hello)) == ("hello", {"position", "now"})
        await live.post([wire("1"), wire("2", type="thing.moved")])
        await live.desk.go_round(live.tenant)
        await ear.until(lambda one: one.heard["thing.seen"])
        found = next(data for name, data in ear.told if name == "news" and "thing.seen" in data["types"])
        assert set(found["subjects"]) == {"thing/1", "thing/2"}
        assert found["now"].endswith("Z")
    assert ear.heard == await ledger(live)


STEPS = st.lists(st.sampled_from(["post", "turn", "cut", "wait"]), min_size=3, max_size=14)


@settings(max_examples=15)
@given(steps=STEPS, crowd=st.integers(1, 3))
async def test_who_is_cut_off_anywhere_hears_the_ledger_once(live: Api, steps: list[str], crowd: int) -> None:
    start = await news.reached(live.desk, live.tenant)
    ears = [ear_of(live, seen=start) for _ in range(crowd)]
    tasks = [asyncio.ensure_future(one.listen()) for one in ears]
    for number, step in enumerate(steps):
        if step == "post":
            await live.post([wire(f"{start}-{number}-{n}") for n in range(number % 3 + 1)])
        elif step == "turn":
            for consumer in LOOP[: number % len(LOOP) + 1]:
                await take_turn(live.desk.db, live.tenant.number, consumer, live.desk.seat)
        elif step == "wait":
            await asyncio.sleep(0.01)
        else:
            which = number % crowd
            ears[which].stopped.set()
            await tasks[which]
            ears[which].stopped = asyncio.Event()
            tasks[which] = asyncio.ensure_future(ears[which].listen())
    await live.desk.go_round(live.tenant)
    end = await news.reached(live.desk, live.tenant)
    rightly = await ledger(live, after=start)
    for one, task in zip(ears, tasks, strict=True):
        await one.until(lambda heard: heard.seen == end)
        one.stopped.set()
        await task
        assert one.heard == rightly
        positions = [data["position"] for name, data in one.told if name == "news"]
        assert positions == sorted(set(positions))
        assert "reload" not in {name for name, _ in one.told}


async def test_nothing_is_told_before_it_can_be_read(live: Api) -> None:
    async with listening(live, ear_of(live)) as ear:
        await live.post(wire("1"))
        know, predict = (next(one for one in LOOP if one.name == name) for name in ("know", "predict"))
        await take_turn(live.desk.db, live.tenant.number, predict, live.desk.seat)
        assert live.rest.hub
        live.rest.hub._tell({news.CHANNEL: {live.tenant.number}})
        await asyncio.sleep(0.1)
        assert not ear.heard
        await take_turn(live.desk.db, live.tenant.number, know, live.desk.seat)
        await ear.until(lambda one: one.heard["thing.seen"] == 1)
        # A scoring that takes long holds nothing up: what it says is news of its own.
        await live.post(wire("2"))
        await take_turn(live.desk.db, live.tenant.number, know, live.desk.seat)
        await ear.until(lambda one: one.heard["thing.seen"] == 2)


async def test_news_of_others_are_never_heard(live: Api) -> None:
    other = await tenants.make(live.desk.db, f"{live.tenant.name}-other", under=live.tenant)
    await tenants.grant(live.desk.db, other, live.tenant, "operator")
    async with listening(live, ear_of(live)) as mine, listening(live, ear_of(live)) as theirs_too:
        theirs_too.stopped.set()
        await live.post(wire("theirs"), **{"Sightline-Workspace": other.name})
        await live.desk.go_round(other)
        await live.post(wire("mine"))
        await live.desk.go_round(live.tenant)
        await mine.until(lambda one: one.heard["thing.seen"])
        subjects = {one for name, data in mine.told if name == "news" for one in data["subjects"]}
        assert subjects == {"thing/mine"}
    token = await identity.issue(live.desk.db, other, "viewer", Role.VIEWER)
    answer = await live.client.get("/v1/stream", headers={"Authorization": f"Bearer {token}"})
    problem(answer, 403, "forbidden")


async def test_who_reads_too_slowly_is_told_to_read_anew(live: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub, "MOST_WAITING", 2)
    slow = ear_of(live, slow=asyncio.Event())
    async with listening(live, ear_of(live)) as quick:
        task = asyncio.ensure_future(slow.listen())
        await slow.until(lambda one: one.told)
        for number in range(4):
            await live.post(wire(str(number)))
            await live.desk.go_round(live.tenant)
            await quick.until(lambda one, least=number: one.heard["thing.seen"] > least)
        assert slow.slow
        slow.slow.set()
        await task
        assert slow.told[-1][0] == "reload"
        assert quick.heard == await ledger(live)
    assert b"sightline_streams_dropped_total 1.0" in live.rest.telemetry.text()
    assert b"sightline_streams 0.0" in live.rest.telemetry.text()


@pytest.mark.parametrize("after", ["4611686018427387903", "9999999"])
async def test_a_position_of_another_ledger_is_told_to_read_anew(live: Api, after: str) -> None:
    answer = await live.client.get("/v1/stream", params={"after": after})
    assert answer.text == "event: reload\ndata: {}\n\n"


async def test_far_behind_is_told_to_read_anew(live: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    await live.post([wire(str(n)) for n in range(5)])
    await live.desk.go_round(live.tenant)
    monkeypatch.setattr(news, "MOST_BETWEEN", 4)
    answer = await live.client.get("/v1/stream", headers={"Last-Event-ID": "0"})
    assert answer.text == "event: reload\ndata: {}\n\n"


@pytest.mark.parametrize("after", ["x", "-1", "1.5", "9" * 30, "é"])
async def test_what_is_no_position_is_refused(live: Api, after: str) -> None:
    answer = await live.client.get("/v1/stream", params={"after": after})
    assert "position" in problem(answer, 400, "invalid")["detail"]


async def test_the_end_of_the_server_ends_the_streams(live: Api) -> None:
    async with listening(live, ear_of(live)) as ear:
        assert live.rest.hub
        live.rest.hub.close()
        problem(await live.client.get("/v1/stream"), 503, "unavailable")
        assert [name for name, _ in ear.told] == ["hello"]


async def test_who_may_not_listen_any_more_is_let_go(live: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    from sightline.interfaces.rest import stream

    monkeypatch.setattr(stream, "CHECK_SECONDS", 0.0)
    token = await identity.issue(live.desk.db, live.tenant, "leaver", Role.VIEWER)
    ear = Ear(build(live.rest), token, live.tenant.name)
    task = asyncio.ensure_future(ear.listen())
    await ear.until(lambda one: one.told)
    await identity.issue(live.desk.db, live.tenant, "leaver", Role.VIEWER)
    live.rest.trusted.clear()
    await live.post(wire("1"))
    await live.desk.go_round(live.tenant)
    async with asyncio.timeout(WITHIN):
        await task
    assert task.done()
    assert b"sightline_streams 0.0" in live.rest.telemetry.text()


async def test_a_job_is_told_when_it_changes_and_to_who_comes_later(live: Api) -> None:
    async with listening(live, ear_of(live)) as ear:
        made = (await live.client.post("/v1/questions/supply.arrives_late/train")).json()
        await ear.until(lambda one: ("job", made) in one.told)
        async with listening(live, ear_of(live)) as later:
            await later.until(lambda one: ("job", made) in one.told)
        ended = (await live.client.post(f"/v1/jobs/{made['id']}/cancel")).json()
        assert ended["state"] == "cancelled"
        await ear.until(lambda one: ("job", ended) in one.told)
        assert [name for name, _ in ear.told].count("job") == 2
