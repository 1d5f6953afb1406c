"""Connections to addresses that somebody else chose: nothing inside our own network is reached, and no redirect is
followed.

A name is looked up once, every address it stands for is looked at, and one of those is connected to: a name that
answers otherwise the second time (DNS rebinding) gains nothing.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import ssl
from collections.abc import Collection, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urlsplit

import httpcore2

from sightline.language.errors import Forbidden, Invalid, Misconfigured, Unavailable

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

GLOBAL = ipaddress.ip_network("2000::/3")
"""All of IPv6 that anybody on the Internet may have (RFC 4291); of it not what is set apart for examples."""

APART = (
    *(ipaddress.ip_network(one) for one in ("2001::/23", "2001:db8::/32", "3fff::/20")),
    # Where a cloud keeps a service of its own for each machine in it.
    ipaddress.ip_network("168.63.129.16/32"),
)

LOOKUPS, LOOKUP_SECONDS = 16, 5.0
"""Names looked up at a time, in threads of their own, so that one nobody answers for holds up no other work; for how
long.
"""

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

    async def reached(self, host: str, port: int) -> list[str]:
        """All that a name stands for, looked up once and looked at. Raises Forbidden and OSError."""
        addresses = await _addresses(host, port)
        self.check(host, addresses)
        return addresses

    def own(self, address: str) -> bool:
        """Whether an address lies in a network that was allowed besides: one of our own."""
        return any(ipaddress.ip_address(address.partition("%")[0]) in network for network in self.besides)


def _public(address: Address) -> bool:
    """Whether anybody may be behind it. What carries another address inside is judged by that one."""
    if any(address in network for network in APART):
        return False
    if isinstance(address, ipaddress.IPv6Address):
        inside = address.ipv4_mapped or address.sixtofour
        if address in TRANSLATED:
            inside = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        return _public(inside) if inside else address in GLOBAL and address.is_global
    return address.is_global and not address.is_multicast


class _Pinned(httpcore2.AsyncNetworkBackend):
    """Connects to an address that was looked at."""

    def __init__(self, allowed: Allowed) -> None:
        self._allowed, self._plain = allowed, httpcore2.AnyIOBackend()

    async def connect_tcp(
        self, host: str, port: int, timeout: float | None = None,  # noqa: ASYNC109 - named by the interface
        local_address: str | None = None, socket_options: Any = None,
    ) -> Any:  # fmt: skip
        failed: Exception | None = None
        for address in await self._allowed.reached(host, port):
            try:
                return await self._plain.connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                failed = error
        raise failed or OSError(f"'{host}' stands for no address")

    async def connect_unix_socket(self, path: str, *_: Any, **__: Any) -> Any:
        raise Forbidden(f"'{path}' is no address of a server elsewhere.")

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


_lookups = ThreadPoolExecutor(LOOKUPS, thread_name_prefix="sightline-lookup")


async def _addresses(host: str, port: int) -> list[str]:
    """All that a name stands for. Raises OSError."""
    looking = partial(socket.getaddrinfo, host, port, type=socket.SOCK_STREAM)
    async with asyncio.timeout(LOOKUP_SECONDS):
        found = await asyncio.get_running_loop().run_in_executor(_lookups, looking)
    return list(dict.fromkeys(str(one[4][0]) for one in found))


@dataclass(frozen=True, slots=True)
class Line:
    """A connection to an address that was looked at."""

    socket: socket.socket
    """For whoever takes it to close."""
    own: bool
    """Whether it stays within a network of our own."""


@dataclass(slots=True)
class Outbound:
    """A pool of connections of one event loop."""

    allowed: Allowed = field(default_factory=Allowed)
    trusted: Path | None = None
    """Certificates that are trusted besides the machine's own."""
    _context: ssl.SSLContext | None = None
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
        lines = [("Host", urlsplit(url).netloc), *headers.items()]
        async with pool.stream("POST", url, headers=lines, content=body, extensions={"timeout": limits}) as said:
            read = bytearray()
            async for part in said.aiter_stream():
                read += part[: MOST_ANSWERED - len(read)]
                if len(read) >= MOST_ANSWERED:
                    break
        told = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in said.headers}
        return Answer(status=said.status, headers=told, body=bytes(read))

    async def must_keep_secret(self, url: str) -> None:
        """Raises Forbidden where what is sent there could be read on the way: it is not encrypted, and leaves the
        networks of our own. Raises Unavailable where nobody knows the host.
        """
        parts = urlsplit(url)
        if parts.scheme == "https":
            return
        try:
            addresses = await self.allowed.reached(parts.hostname or "", parts.port or 80)
        except OSError as error:
            raise Unavailable(f"{parts.hostname} does not answer ({error}).") from None
        if not all(map(self.allowed.own, addresses)):
            raise Forbidden(f"'{parts.hostname}' would be sent a secret that is not encrypted.", hint="Write https://.")

    async def line(self, host: str, port: int) -> Line:
        """Connect, for another protocol than HTTP. Raises Forbidden (it may not be reached) and OSError."""
        failed: OSError | None = None
        for address in await self.allowed.reached(host, port):
            sort = socket.AF_INET6 if ":" in address else socket.AF_INET
            connecting = socket.socket(sort, socket.SOCK_STREAM)
            connecting.setblocking(False)
            try:
                await asyncio.get_running_loop().sock_connect(connecting, (address, port))
            except OSError as error:
                connecting.close()
                failed = error
            except BaseException:
                connecting.close()
                raise
            else:
                return Line(connecting, self.allowed.own(address))
        raise failed or OSError(f"'{host}' stands for no address")

    def context(self) -> ssl.SSLContext:
        """Who is believed to be who they say they are. Raises Misconfigured."""
        if self._context is None:
            context = ssl.create_default_context()
            if self.trusted is not None:
                try:
                    context.load_verify_locations(cafile=self.trusted)
                except OSError as error:
                    raise Misconfigured(
                        f"'{self.trusted}' holds no certificates that can be read ({error}).",
                        hint="The setting `act.trusted_certificates` names it; certificates in PEM are needed.",
                    ) from None
            self._context = context
        return self._context

    def _opened(self) -> httpcore2.AsyncConnectionPool:
        if self._pool is None:
            self._pool = httpcore2.AsyncConnectionPool(
                ssl_context=self.context(), max_connections=MOST_OPEN,
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
    hint = "Write it as https://example.com/path, in ASCII (a name in its xn-- form, the rest with % escapes)."
    parts = parted(url, ("http", "https"), hint)
    if parts.username is not None or parts.password is not None:
        raise Invalid(f"The address of {parts.hostname} holds a user name or password, which would be seen in lists.")


def parted(url: str, schemes: Collection[str], hint: str) -> SplitResult:
    """An address in its parts. Raises Invalid, which tells how to write it by a `hint`."""
    if not url.isascii() or any(letter <= " " or letter == "\x7f" for letter in url):
        raise Invalid("This is no address: it holds a letter that none may.", hint=hint)
    try:
        parts = urlsplit(url)
        port, host = parts.port, (parts.hostname or "").rstrip(".")
    except ValueError as error:
        raise Invalid(f"This is no address: {error}.", hint=hint) from None
    labels = host.split(".")
    if parts.scheme not in schemes or port == 0 or not all(0 < len(one) < 64 for one in labels):
        raise Invalid("This is no address.", hint=hint)
    return parts
