"""The clients: one that blocks, one that is awaited."""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator, Callable, Generator
from typing import Any, Self

import anyio
import httpx2

from sightline_client._generated.api import Api
from sightline_client._generated.async_api import AsyncApi
from sightline_client.bridge import InProcess
from sightline_client.errors import Misused
from sightline_client.jobs import J, Waiting, look
from sightline_client.retries import Retries
from sightline_client.sending import AsyncSender, Sender
from sightline_client.stream import Told, follow, follow_async

__all__ = ["AsyncSightline", "Sightline"]

TIMEOUT = 60.0
"""Seconds for connecting, and between two pieces of an answer."""


class Sightline(Api):
    """Sightline over HTTP, at the address that `sightline serve` prints, with `/v1` or without. Raises Misused for a
    URL that cannot be one.

    `workspace`: the server's own when None. `retries`: `Retries(tries=1)` never repeats. `transport`: any of httpx2's,
    or `InProcess` for an application in this process. Use it as a context manager, or `close()` it.
    """

    def __init__(
        self, url: str, *, token: str | None = None, workspace: str | None = None, timeout: float = TIMEOUT,
        retries: Retries | None = None, transport: httpx2.BaseTransport | None = None,
    ) -> None:  # fmt: skip
        known = _known(url, token, workspace, timeout)
        self._http = httpx2.Client(transport=transport, **known)
        self._told = _told(self._http.base_url, workspace)
        self._whole = isinstance(transport, InProcess)
        super().__init__(Sender(self._http, retries or Retries()))

    def wait(self, job: J, *, timeout: float | None = None, on_progress: Callable[[J], object] | None = None) -> J:
        """The job when it is done. Raises JobFailed, and StillRunning after `timeout` seconds.

        `on_progress` is called with the job at each look.
        """
        waiting = Waiting(timeout)
        for pause in waiting.looks():
            if on_progress:
                on_progress(job)
            if waiting.over(job):
                break
            time.sleep(pause)
            job = self._sender.send(look(job))
        return job

    def stream(self, *, after: int | None = None) -> Generator[Told]:
        """What happens from now on, or from behind position `after`: resumed where it breaks, without end.

        Raises ApiError when it is refused, Unreachable when nothing answers any more, Misused without a socket.
        """
        _check_streams(self._whole)
        return follow(self._sender, after)

    def close(self) -> None:
        """Close its connections."""
        self._http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._told})"


class AsyncSightline(AsyncApi):
    """Sightline over HTTP, awaited; otherwise as `Sightline`. `transport` may be `httpx2.ASGITransport(app)`."""

    def __init__(
        self, url: str, *, token: str | None = None, workspace: str | None = None, timeout: float = TIMEOUT,
        retries: Retries | None = None, transport: httpx2.AsyncBaseTransport | None = None,
    ) -> None:  # fmt: skip
        known = _known(url, token, workspace, timeout)
        self._http = httpx2.AsyncClient(transport=transport, **known)
        self._told = _told(self._http.base_url, workspace)
        self._whole = isinstance(transport, httpx2.ASGITransport)
        super().__init__(AsyncSender(self._http, retries or Retries()))

    async def wait(
        self,
        job: J,
        *,
        timeout: float | None = None,  # noqa: ASYNC109 the job goes on, so nothing is to be cancelled
        on_progress: Callable[[J], object] | None = None,
    ) -> J:
        """The job when it is done; see `Sightline.wait`."""
        waiting = Waiting(timeout)
        for pause in waiting.looks():
            if on_progress:
                on_progress(job)
            if waiting.over(job):
                break
            await anyio.sleep(pause)
            job = await self._sender.send(look(job))
        return job

    def stream(self, *, after: int | None = None) -> AsyncGenerator[Told]:
        """What happens; see `Sightline.stream`."""
        _check_streams(self._whole)
        return follow_async(self._sender, after)

    async def aclose(self) -> None:
        """Close its connections."""
        await self._http.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._told})"


def _known(url: str, token: str | None, workspace: str | None, timeout: float) -> dict[str, Any]:
    """What every request of a client shares."""
    base = _checked(url)
    headers = {"User-Agent": "sightline-client"}
    if token is None:
        # A session's cookie counts only from the server's own origin.
        headers["Origin"] = f"{base.scheme}://{base.netloc.decode()}"
    else:
        headers["Authorization"] = f"Bearer {_plain(token)}"
    if workspace is not None:
        headers["Sightline-Workspace"] = workspace
    return {"base_url": base, "headers": headers, "timeout": timeout, "follow_redirects": False}


def _check_streams(whole: bool) -> None:
    if whole:
        hint = "Serve the application and give its URL, or look at what you need from time to time."
        raise Misused("Without a socket answers come whole, and the live stream never ends.", hint=hint)


def _plain(token: str) -> str:
    if not token or not token.isascii() or not token.isprintable() or " " in token:
        raise Misused("This is no token: it is empty, or holds spaces or characters that no token has.",
                      hint="`sightline token` shows the owner's.")  # fmt: skip
    return token


def _checked(url: str) -> httpx2.URL:
    try:
        found = httpx2.URL(url)
    except httpx2.InvalidURL as error:
        raise Misused(f"This is no URL: {error}.", hint="Give one like http://127.0.0.1:8321.") from None
    if found.userinfo:
        raise Misused("A URL must hold no user or password.", hint="Give a token: Sightline(url, token=...).")
    if found.scheme not in {"http", "https"} or not found.host:
        raise Misused(f"'{url}' is no URL of a server.", hint="Give one like http://127.0.0.1:8321.")
    return found.copy_with(path=found.path.rstrip("/").removesuffix("/v1") or "/", query=None, fragment=None)


def _told(url: httpx2.URL, workspace: str | None) -> str:
    return f"{str(url)!r}" + (f", workspace={workspace!r}" if workspace else "")
