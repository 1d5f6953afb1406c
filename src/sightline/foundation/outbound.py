"""HTTP to addresses that somebody else chose: nothing inside our own network is reached, and no redirect is followed.

A name is looked up once, every address it stands for is looked at, and one of those is connected to: a name that
answers otherwise the second time (DNS rebinding) gains nothing.
"""

from __future__ import annotations

import asyncio
import ipaddress
import ssl
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import httpcore2

from sightline.language.errors import Forbidden, Invalid, Unavailable

MOST_ANSWERED = 64 * 1024
"""Bytes of an answer that are read."""

MOST_OPEN = 500
"""Connections to all addresses together."""

KEPT_SECONDS = 15.0
"""How long an idle connection is kept; shorter than most servers do, since one closed just now cannot be used."""

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

TRANSLATED = ipaddress.ip_network("64:ff9b::/96")
"""IPv4 addresses behind a translator (RFC 6052)."""

AWAY = (httpcore2.NetworkError, httpcore2.TimeoutException, httpcore2.ProtocolError, OSError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a server said."""

    status: int
    headers: Mapping[str, str]
    """Names in lower case."""
    body: bytes
    """Its beginning, at most MOST_ANSWERED bytes."""


@dataclass(frozen=True, slots=True)
class Allowed:
    """Which addresses may be reached: all that are public, and what is allowed besides."""

    besides: tuple[Network, ...] = ()

    @classmethod
    def of(cls, networks: Iterable[str]) -> Allowed:
        """From `10.0.0.0/8` and the like. Raises Invalid."""
        try:
            return cls(tuple(ipaddress.ip_network(one) for one in networks))
        except ValueError as error:
            raise Invalid(f"No network: {error}.", hint="Write it as 10.1.0.0/16 or fd00::/8.") from None

    def check(self, host: str, addresses: Sequence[str]) -> None:
        """Raises Forbidden where one of the addresses a host stands for may not be reached."""
        for text in addresses:
            address = ipaddress.ip_address(text.partition("%")[0])
            if not _public(address) and not any(address in network for network in self.besides):
                raise Forbidden(
                    f"'{host}' stands for {address}, which is no public address.",
                    hint="Where that is meant, allow its network in the setting `act.allow_networks`.",
                )


def _public(address: Address) -> bool:
    """Whether anybody may be behind it. What carries another address inside is judged by that one."""
    if isinstance(address, ipaddress.IPv6Address):
        inside = address.ipv4_mapped or address.sixtofour or (address.teredo and address.teredo[1])
        if address in TRANSLATED:
            inside = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inside:
            return _public(inside)
    return address.is_global and not address.is_multicast


class _Pinned(httpcore2.AsyncNetworkBackend):
    """Connects to an address that was looked at."""

    def __init__(self, allowed: Allowed) -> None:
        self._allowed, self._plain = allowed, httpcore2.AnyIOBackend()

    async def connect_tcp(
        self, host: str, port: int, timeout: float | None = None,  # noqa: ASYNC109 - named by the interface
        local_address: str | None = None, socket_options: Any = None,
    ) -> Any:  # fmt: skip
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=1)
        addresses = list(dict.fromkeys(str(one[4][0]) for one in found))
        self._allowed.check(host, addresses)
        failed: Exception | None = None
        for address in addresses:
            try:
                return await self._plain.connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                failed = error
        raise failed or OSError(f"'{host}' stands for no address")

    async def connect_unix_socket(self, path: str, *_: Any, **__: Any) -> Any:
        raise Forbidden(f"'{path}' is no address of a server elsewhere.")

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


@dataclass(slots=True)
class Outbound:
    """A pool of connections of one event loop."""

    allowed: Allowed = field(default_factory=Allowed)
    context: ssl.SSLContext | None = None
    """What servers are believed by; by default what the system believes."""
    _pool: httpcore2.AsyncConnectionPool | None = None

    async def post(self, url: str, body: bytes, headers: Mapping[str, str], *, seconds: float) -> Answer:
        """Send once. `seconds`: for connecting, and for the answer.

        Raises Forbidden (an address that may not be reached), Invalid (no address) and Unavailable (nobody answers).
        """
        check(url)
        try:
            async with asyncio.timeout(2 * seconds):
                return await self._sent(url, body, headers, seconds)
        except AWAY as error:
            said = str(error) or type(error).__name__
            raise Unavailable(f"{urlsplit(url).hostname} does not answer ({said}).") from None

    async def _sent(self, url: str, body: bytes, headers: Mapping[str, str], seconds: float) -> Answer:
        pool = self._opened()
        limits = dict.fromkeys(("connect", "read", "write", "pool"), seconds)
        lines = [("Host", urlsplit(url).netloc.rpartition("@")[2]), *headers.items()]
        async with pool.stream("POST", url, headers=lines, content=body, extensions={"timeout": limits}) as said:
            read = bytearray()
            async for part in said.aiter_stream():
                read += part[: MOST_ANSWERED - len(read)]
                if len(read) >= MOST_ANSWERED:
                    break
        told = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in said.headers}
        return Answer(status=said.status, headers=told, body=bytes(read))

    def _opened(self) -> httpcore2.AsyncConnectionPool:
        if self._pool is None:
            self._pool = httpcore2.AsyncConnectionPool(
                ssl_context=self.context or ssl.create_default_context(), max_connections=MOST_OPEN,
                max_keepalive_connections=MOST_OPEN // 5, keepalive_expiry=KEPT_SECONDS,
                network_backend=_Pinned(self.allowed),
            )  # fmt: skip
        return self._pool

    async def close(self) -> None:
        """Close what is open."""
        if self._pool is not None:
            await self._pool.aclose()
            self._pool = None


def check(url: str) -> None:
    """Raises Invalid where it is no address that can be posted to. Passwords do not belong into addresses."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise Invalid(f"'{url[:200]}' is no address: {error}.") from None
    if parts.scheme not in {"http", "https"} or not parts.hostname or port == 0:
        raise Invalid(f"'{url[:200]}' is no address.", hint="Write it as https://example.com/path.")
    if parts.username is not None or parts.password is not None:
        raise Invalid(f"The address of {parts.hostname} holds a user name or password, which would be seen in lists.")
