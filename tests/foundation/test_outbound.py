"""What is sent to addresses of others reaches nothing of our own, follows nothing, and reads only so much."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sightline.foundation.outbound import MOST_ANSWERED, Allowed, Outbound, check
from sightline.language.errors import Forbidden, Invalid, Unavailable

Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
LOOPBACK = Allowed.of(["127.0.0.0/8"])


@asynccontextmanager
async def talking(talk: Talk) -> AsyncIterator[str]:
    """A server that says what it is told to; its address."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        await talk(reader, writer)
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/in"


def saying(text: bytes) -> Talk:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(text)
        await writer.drain()

    return talk


async def posted(url: str, *, allowed: Allowed = LOOPBACK, seconds: float = 5.0) -> Any:
    out = Outbound(allowed)
    try:
        return await out.post(url, b"{}", {"content-type": "application/json"}, seconds=seconds)
    finally:
        await out.close()


INSIDE = [
    "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
    "255.255.255.255", "::1", "::", "fe80::1%eth0", "fd00::1", "ff02::1", "::ffff:10.0.0.1", "64:ff9b::a00:1",
    "2002:7f00:1::", "192.0.2.1", "::7f00:1", "::a00:1", "::ffff:0:a00:1", "64:ff9b:1::a00:1", "fec0::1",
    "5f00::1", "3fff::1", "168.63.129.16", "2001:db8::1",
]  # fmt: skip


@pytest.mark.parametrize("address", INSIDE)
def test_nothing_inside_is_reached(address: str) -> None:
    with pytest.raises(Forbidden, match="no public address"):
        Allowed().check("somewhere", ["93.184.216.34", address])


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1::1", "::ffff:8.8.8.8", "64:ff9b::808:808"])
def test_what_is_public_is_reached(address: str) -> None:
    Allowed().check("somewhere", [address])


@given(st.ip_addresses())
def test_what_is_allowed_is_only_what_was_named(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> None:
    everything = Allowed.of(["0.0.0.0/0", "::/0"])
    everything.check("somewhere", [str(address)])
    network = ipaddress.ip_network("10.1.0.0/16")
    if address in ipaddress.ip_network("10.0.0.0/8") and address not in network:
        with pytest.raises(Forbidden):
            Allowed.of([str(network)]).check("somewhere", [str(address)])


async def test_a_name_is_looked_at_when_it_is_connected_to(monkeypatch: pytest.MonkeyPatch) -> None:
    """It stood for a public address when it was added, and stands for one of ours now."""

    def rebound(host: str, port: int, *_: Any, **__: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

    async with talking(saying(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")) as url:
        named = url.replace("127.0.0.1", "hooks.example.com")
        monkeypatch.setattr(socket, "getaddrinfo", rebound)
        with pytest.raises(Forbidden, match=r"hooks\.example\.com' stands for 127\.0\.0\.1"):
            await posted(named, allowed=Allowed())
        assert (await posted(named)).status == 200


async def test_no_redirect_is_followed() -> None:
    seen = []

    async def elsewhere(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        seen.append(1)
        writer.write(b"HTTP/1.1 307 Temporary Redirect\r\nlocation: /again\r\ncontent-length: 0\r\n\r\n")
        await writer.drain()

    async with talking(elsewhere) as url:
        assert (await posted(url)).status == 307
    assert seen == [1]


async def test_only_the_beginning_of_an_answer_is_read() -> None:
    size = 50 * MOST_ANSWERED
    async with talking(saying(b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n" % size + b"x" * size)) as url:
        answer = await posted(url)
    assert answer.body == b"x" * MOST_ANSWERED


BROKEN = [b"", b"SSH-2.0-OpenSSH_9.9\r\n", b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nshort", b"HTTP/1.1 9\r\n\r\n"]


@pytest.mark.parametrize("said", BROKEN)
async def test_an_answer_that_is_none_is_told(said: bytes) -> None:
    async with talking(saying(said)) as url:
        with pytest.raises(Unavailable, match=r"127\.0\.0\.1 does not answer"):
            await posted(url)


async def test_who_says_a_letter_now_and_then_is_not_waited_for() -> None:
    async def dribble(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n")
        for _ in range(100):
            writer.write(b".")
            await asyncio.sleep(0.05)

    async with talking(dribble) as url:
        with pytest.raises(Unavailable):
            await posted(url, seconds=0.2)


async def test_nobody_there_is_told() -> None:
    with pytest.raises(Unavailable, match="does not answer"):
        await posted("http://127.0.0.1:9/")
    with pytest.raises(Unavailable, match=r"nowhere\.invalid does not answer"):
        await posted("http://nowhere.invalid/")


@pytest.mark.parametrize(
    "url",
    [
        "",
        "example.com",
        "gopher://example.com",
        "http://",
        "http://[::1",
        "http://a:0/",
        "https://exämple.com",
        "https://a..b/",
        "https://a/ b",
        "https://a/\n",
        f"https://{'a' * 64}.com",
    ],
)
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(Invalid):
        check(url)


def test_what_is_no_network_is_refused() -> None:
    with pytest.raises(Invalid, match="No network"):
        Allowed.of(["10.0.0.1/8"])
