"""What is tried again, how often, and what never is: against a server that fails as servers fail."""

from __future__ import annotations

import io
import socket
from pathlib import Path

import httpx2
import pytest

from sightline_client import (
    ApiError,
    AsyncSightline,
    Retries,
    ServerError,
    Sightline,
    TimedOut,
    TooManyRequests,
    Unreachable,
)
from sightline_client.call import Call
from sightline_client.retries import Tries, retry_after
from sightline_client.upload import Content
from tests.clients.conftest import AT_ONCE, TOKEN
from tests.clients.script import CLOSE, Answer, Says, Server, refusal

LIVE = Says(body={"status": "ok"})
RECORDED = Says(body={"recorded": 1, "repeated": 0, "position": 7})
EVENT = {"specversion": "1.0", "id": "1", "source": "test", "type": "thing.seen", "subject": "thing/1"}
FAILURES: list[list[Answer]] = [
    [refusal(503, "unavailable")],
    [refusal(503, "unavailable", Retry_After="0"), refusal(429, "too_many_requests", Retry_After="0")],
    [CLOSE],
    [CLOSE, refusal(503, "unavailable"), CLOSE, refusal(429, "too_many_requests")],
    [Says(status=502, body=b"<html>", headers={"Content-Type": "text/html"})],
]


@pytest.mark.parametrize("failures", FAILURES, ids=range(len(FAILURES)))
def test_a_read_is_tried_again_until_it_is_answered(server: Server, client: Sightline, failures: list[Answer]) -> None:
    server.script = [*failures, LIVE]
    assert client.health.live().status == "ok"
    assert len(server.heard) == len(failures) + 1


@pytest.mark.parametrize("failures", FAILURES, ids=range(len(FAILURES)))
async def test_awaited_too(server: Server, failures: list[Answer]) -> None:
    server.script = [*failures, RECORDED]
    async with AsyncSightline(server.url, token=TOKEN, retries=AT_ONCE) as client:
        assert (await client.events.record([EVENT])).position == 7
    assert len(server.heard) == len(failures) + 1


def test_an_unsafe_call_keeps_its_key_through_all_tries_and_has_a_new_one_each_time(
    server: Server, client: Sightline
) -> None:
    server.script = [CLOSE, refusal(503, "unavailable"), RECORDED]
    client.events.record([EVENT])
    client.events.record([EVENT])
    client.events.record([EVENT], idempotency_key="mine")
    keys = [one.headers["idempotency-key"] for one in server.heard]
    assert keys[0] == keys[1] == keys[2] != keys[3]
    assert keys[4] == "mine"
    assert len(keys[0]) == 36
    assert {one.body for one in server.heard} == {server.heard[0].body}


def test_a_read_has_no_key(server: Server, client: Sightline) -> None:
    server.script = [LIVE]
    client.health.live()
    assert "idempotency-key" not in server.heard[0].headers


def test_it_gives_up_in_the_end_and_says_what_the_server_said(server: Server, client: Sightline) -> None:
    server.script = [refusal(429, "too_many_requests")]
    with pytest.raises(TooManyRequests) as failed:
        client.status()
    assert len(server.heard) == 5
    assert (failed.value.code, failed.value.hint) == ("too_many_requests", "Do otherwise.")


def test_one_try_means_one(server: Server) -> None:
    server.script = [refusal(503, "unavailable")]
    with Sightline(server.url, retries=Retries(tries=1)) as client, pytest.raises(ServerError):
        client.status()
    assert len(server.heard) == 1


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 422, 500])
def test_what_would_be_refused_again_is_not_repeated(server: Server, client: Sightline, status: int) -> None:
    server.script = [refusal(status, "no")]
    with pytest.raises(ApiError, match="It is no") as failed:
        client.status()
    assert failed.value.status == status
    assert len(server.heard) == 1


def test_a_first_try_that_still_works_under_our_key_is_waited_for(server: Server, client: Sightline) -> None:
    server.script = [CLOSE, refusal(409, "idempotency_key_in_use", Retry_After="0"), RECORDED]
    assert client.events.record([EVENT]).recorded == 1


def test_a_wait_longer_than_allowed_is_left_to_the_caller(server: Server, client: Sightline) -> None:
    server.script = [refusal(503, "unavailable", Retry_After="3600")]
    with pytest.raises(ServerError):
        client.status()
    assert len(server.heard) == 1


def test_nobody_there_and_nobody_answering_are_told_apart() -> None:
    with Sightline("http://127.0.0.1:9", retries=AT_ONCE) as nobody, pytest.raises(Unreachable, match="after 5 tries"):
        nobody.status()
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        url = f"http://127.0.0.1:{deaf.getsockname()[1]}"
        with Sightline(url, timeout=0.05, retries=AT_ONCE) as client, pytest.raises(TimedOut, match="does not answer"):
            client.status()


def upload(content: Content) -> Call[None]:
    """A call with a body in pieces, as a route for files has it."""
    return Call("POST", "/v1/files", None, query={"name": "a.csv"}, content=content, media="application/octet-stream")


def test_a_file_is_sent_again_from_its_start(server: Server, client: Sightline, tmp_path: Path) -> None:
    whole = b"0123456789" * 100_000
    path = tmp_path / "a.csv"
    path.write_bytes(whole)
    file = io.BytesIO(b"before" + whole)
    file.seek(6)
    for content in (whole, path, str(path), file):
        server.script, server.heard = [refusal(503, "unavailable"), Says(status=204)], []
        client._sender.send(upload(content))
        assert [one.body for one in server.heard] == [whole, whole]
        assert {one.headers["content-length"] for one in server.heard} == {"1000000"}
        assert {one.headers["content-type"] for one in server.heard} == {"application/octet-stream"}
        assert {one.path for one in server.heard} == {"/v1/files?name=a.csv"}


async def test_a_file_is_uploaded_awaited(server: Server, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"x" * 700_000)
    server.script = [CLOSE, Says(status=204)]
    async with AsyncSightline(server.url, retries=AT_ONCE) as client:
        await client._sender.send(upload(tmp_path / "a.csv"))
    assert server.heard[-1].body == b"x" * 700_000


class Pipe(io.BytesIO):
    """What can be read once."""

    def seekable(self) -> bool:
        """No."""
        return False


def test_what_can_be_read_once_is_sent_once(server: Server, client: Sightline) -> None:
    server.script = [refusal(503, "unavailable"), Says(status=204)]
    with pytest.raises(ServerError):
        client._sender.send(upload(Pipe(b"abc")))
    assert [one.body for one in server.heard] == [b"abc"]
    assert server.heard[0].headers["transfer-encoding"] == "chunked"


def test_waits_grow_are_drawn_at_random_and_respect_the_server() -> None:
    patient = Retries(first=1.0, longest=4.0, tries=20)
    drawn = [[patient.backoff(tried) for _ in range(200)] for tried in (1, 2, 3, 9)]
    assert [max(waits) <= limit for waits, limit in zip(drawn, (1, 2, 4, 4), strict=True)] == [True] * 4
    assert all(len(set(waits)) > 100 for waits in drawn)
    told = httpx2.Response(503, headers={"Retry-After": "3"})
    waited = Tries(patient, repeatable=True).after_answer(told)
    assert waited is not None
    assert 3 <= waited <= 4


@pytest.mark.parametrize(
    ("said", "seconds"),
    [("7", 7.0), ("Wed, 21 Oct 2026 07:28:30 GMT", 30.0), ("Wed, 21 Oct 2020 07:28:00 GMT", 0.0), ("soon", None)],
)
def test_the_server_may_name_seconds_or_a_date(said: str, seconds: float | None) -> None:
    answer = httpx2.Response(503, headers={"Retry-After": said, "Date": "Wed, 21 Oct 2026 07:28:00 GMT"})
    assert retry_after(answer) == seconds
