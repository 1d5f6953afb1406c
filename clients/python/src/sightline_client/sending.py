"""Calls over HTTP: a request built for each try, waits between them, errors as exceptions."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any, Generic, TypeVar

import anyio
import httpx2

from sightline_client.call import JSON, Call, answer
from sightline_client.errors import SightlineError, TimedOut, UnexpectedAnswer, Unreachable, refused
from sightline_client.retries import Retries, Tries
from sightline_client.upload import Body

__all__ = ["AsyncSender", "Sender"]

T = TypeVar("T")


class _Prepared(Generic[T]):
    """One call on its way: the same idempotency key for all its tries."""

    def __init__(self, http: httpx2.Client | httpx2.AsyncClient, call: Call[T], retries: Retries) -> None:
        self._http, self.call = http, call
        self._body = None if call.content is None else Body(call.content)
        self._headers = {} if call.safe else {"Idempotency-Key": call.key or str(uuid.uuid4())}
        self.tries = Tries(retries, repeatable=self._body is None or self._body.repeatable)

    def request(self) -> httpx2.Request:
        """A fresh request."""
        content: Any = self._body if self._body is not None else self.call.encoded()
        headers = dict(self._headers)
        if content is not None:
            headers["Content-Type"] = self.call.media or JSON
        if self._body is not None and self._body.length is not None:
            headers["Content-Length"] = str(self._body.length)
        if isinstance(content, Body):
            content = content.chunks() if isinstance(self._http, httpx2.Client) else content.chunks_async()
        path, parameters = self.call.path.lstrip("/"), self.call.parameters()
        return self._http.build_request(self.call.method, path, params=parameters, content=content, headers=headers)

    def failed(self, error: httpx2.RequestError) -> float:
        """Seconds until the next try. Raises Unreachable or TimedOut when there is none."""
        wait = self.tries.after_error(error)
        if wait is None:
            raise unreachable(error, self._http.base_url, tries=self.tries.made) from error
        return wait

    def answered(self, response: httpx2.Response) -> float | None:
        """Seconds until the next try; None when the answer is good. Raises ApiError when it is final and bad."""
        wait = self.tries.after_answer(response)
        if wait is None and not response.is_success:
            raise problem(response)
        return wait


class Sender:
    """Sends calls and blocks."""

    def __init__(self, http: httpx2.Client, retries: Retries) -> None:
        self.http, self.retries = http, retries

    def send(self, call: Call[T]) -> T:
        """The answer. Raises ApiError, Unreachable, TimedOut, UnexpectedAnswer."""
        prepared = _Prepared(self.http, call, self.retries)
        while True:
            try:
                response = self.http.send(prepared.request())
            except httpx2.RequestError as error:
                wait: float | None = prepared.failed(error)
            else:
                wait = prepared.answered(response)
                if wait is None:
                    return answer(call, response)
            time.sleep(wait or 0.0)

    @contextmanager
    def streaming(self, path: str, headers: dict[str, str]) -> Iterator[httpx2.EventSource]:
        """An open event stream. Raises ApiError when it is refused; TransportError passes."""
        with self.http.sse(path, headers=headers, timeout=_open_ended(self.http)) as source:
            if not source.response.is_success:
                source.response.read()
                raise problem(source.response)
            yield _checked(source)


class AsyncSender:
    """Sends calls and awaits."""

    def __init__(self, http: httpx2.AsyncClient, retries: Retries) -> None:
        self.http, self.retries = http, retries

    async def send(self, call: Call[T]) -> T:
        """The answer. Raises ApiError, Unreachable, TimedOut, UnexpectedAnswer."""
        prepared = _Prepared(self.http, call, self.retries)
        while True:
            try:
                response = await self.http.send(prepared.request())
            except httpx2.RequestError as error:
                wait: float | None = prepared.failed(error)
            else:
                wait = prepared.answered(response)
                if wait is None:
                    return answer(call, response)
            await anyio.sleep(wait or 0.0)

    @asynccontextmanager
    async def streaming(self, path: str, headers: dict[str, str]) -> AsyncIterator[httpx2.EventSource]:
        """An open event stream. Raises ApiError when it is refused; TransportError passes."""
        async with self.http.sse(path, headers=headers, timeout=_open_ended(self.http)) as source:
            if not source.response.is_success:
                await source.response.aread()
                raise problem(source.response)
            yield _checked(source)


SILENCE = 45.0
"""Seconds without a byte after which a stream counts as broken: three of the server's signs of life."""


def _open_ended(http: httpx2.Client | httpx2.AsyncClient) -> httpx2.Timeout:
    return httpx2.Timeout(**{**http.timeout.as_dict(), "read": SILENCE})


def _checked(source: httpx2.EventSource) -> httpx2.EventSource:
    kind = source.response.headers.get("content-type", "").partition(";")[0].strip()
    if kind != "text/event-stream":
        raise UnexpectedAnswer(f"{source.response.url.path} was answered with '{kind}', not with a stream.",
                               hint="Check that the URL is Sightline's.")  # fmt: skip
    return source


def problem(response: httpx2.Response) -> SightlineError:
    """The error of an answer that refuses; what is no problem document is told by its status alone."""
    try:
        document = json.loads(response.content)
    except ValueError:
        document = None
    if not isinstance(document, dict) or "code" not in document:
        asked = f"{response.request.method} {response.url.path}"
        document = {"detail": f"{asked} was answered with {response.status_code}, and not by Sightline."}
    return refused(response.status_code, document)


def unreachable(error: httpx2.RequestError, url: httpx2.URL, *, tries: int) -> Unreachable:
    """The error of a connection that failed or broke."""
    told = f"{url} does not answer" if isinstance(error, httpx2.TimeoutException) else f"{url} cannot be reached"
    reason = str(error) or type(error).__name__
    kind = TimedOut if isinstance(error, httpx2.TimeoutException) else Unreachable
    again = f" after {tries} tries" if tries > 1 else ""
    return kind(f"{told}{again}: {reason}.", hint="Check the URL, and that `sightline serve` runs there.")
