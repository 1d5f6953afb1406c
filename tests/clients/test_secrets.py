"""A token is in no repr, no log and no exception; what cannot be used is refused without repeating it."""

from __future__ import annotations

import logging
import traceback

import pytest

from sightline_client import AsyncSightline, Misused, Retries, Sightline, SightlineError
from tests.clients.conftest import AT_ONCE, TOKEN
from tests.clients.script import CLOSE, Answer, Says, Server, refusal

SECRET = "secret"
WITH_PASSWORD = "http://a:" + SECRET + "@b"
FAILURES: list[Answer] = [CLOSE, refusal(401, "unauthenticated"), Says(body={"not": "it"}), Says(status=302)]


@pytest.mark.parametrize("failure", FAILURES, ids=range(len(FAILURES)))
def test_whatever_goes_wrong(server: Server, caplog: pytest.LogCaptureFixture, failure: Answer) -> None:
    caplog.set_level(logging.DEBUG)
    server.script = [failure]
    client = Sightline(server.url, token=TOKEN, workspace="acme", retries=AT_ONCE)
    with pytest.raises(SightlineError) as failed:
        client.questions.list()
    seen = [
        caplog.text,
        repr(client),
        repr(client._http),
        repr(failed.value),
        *traceback.format_exception(failed.value),
    ]
    seen += [repr(one) for one in vars(failed.value).values()]
    assert TOKEN not in "".join(seen)
    assert server.heard[0].headers["authorization"] == f"Bearer {TOKEN}"
    client.close()


def test_a_client_says_where_it_goes(server: Server) -> None:
    assert repr(Sightline("http://127.0.0.1:8321/", workspace="a")) == (
        "Sightline('http://127.0.0.1:8321/', workspace='a')"
    )
    assert repr(AsyncSightline("https://sightline.example/behind")).startswith("AsyncSightline('https://")


@pytest.mark.parametrize("before", ["", "/behind", "/behind/v1x"])
@pytest.mark.parametrize("end", ["", "/", "/v1", "/v1/"])
async def test_the_version_may_stand_in_the_address(server: Server, before: str, end: str) -> None:
    server.script = [Says(body={"status": "ok"})]
    with Sightline(server.url + before + end, token=TOKEN) as client:
        client.health.live()
    async with AsyncSightline(server.url + before + end, token=TOKEN) as awaited:
        await awaited.health.live()
    assert [one.path for one in server.heard] == [f"{before}/v1/health/live"] * 2


@pytest.mark.parametrize("url", ["", "127.0.0.1:8321", "ftp://a", "http://", "http://a:port", WITH_PASSWORD])
def test_no_url(url: str) -> None:
    with pytest.raises(Misused) as refused:
        Sightline(url)
    assert refused.value.hint
    assert SECRET not in str(refused.value)


@pytest.mark.parametrize("token", ["", "two words", "umläut", "line\nfeed"])
def test_no_token(token: str) -> None:
    with pytest.raises(Misused) as refused:
        AsyncSightline("http://a", token=token)
    assert not token or token not in str(refused.value)


def test_what_json_cannot_say_is_refused_before_it_is_sent(server: Server, client: Sightline) -> None:
    for wrong in (float("nan"), {"deep": [float("inf")]}, object()):
        with pytest.raises(Misused, match="cannot be sent as JSON"):
            client.events.record([{"data": wrong}])
    assert server.heard == []


def test_a_session_comes_from_the_servers_own_origin(server: Server) -> None:
    server.script = [Says(body={"status": "ok"})]
    with Sightline(server.url, retries=Retries(tries=1)) as client:
        client.health.live()
    assert server.heard[0].headers["origin"] == server.url
    assert "authorization" not in server.heard[0].headers


def test_an_interface_behind_a_path_is_found_there(server: Server) -> None:
    server.script = [Says(body={"status": "ok"})]
    with Sightline(server.url + "/behind/") as client:
        client.health.live()
    assert server.heard[0].path == "/behind/v1/health/live"
