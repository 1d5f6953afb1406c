"""The live stream: what happens in a workspace, resumed where it broke off."""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator, Generator
from datetime import datetime
from typing import Any

import anyio
import httpx2
from pydantic import Field, ValidationError

from sightline_client.errors import ServerError, TooManyRequests, UnexpectedAnswer
from sightline_client.model import Model
from sightline_client.retries import Retries
from sightline_client.sending import AsyncSender, Sender, unreachable

__all__ = ["Hello", "JobChanged", "News", "Reload", "Told", "follow", "follow_async"]

PATH = "v1/stream"


class Hello(Model):
    """Connected, or connected again."""

    position: int
    now: datetime


class News(Model):
    """Events that are recorded and taken in."""

    position: int
    """Of the last of them; the stream resumes behind it."""
    types: dict[str, int] = Field(default_factory=dict)
    """Type of event to how many."""
    questions: list[str] = Field(default_factory=list)
    """Those whose predictions may have changed."""
    subjects: list[str] = Field(default_factory=list)
    """Whom they happened to; the first 50."""
    now: datetime


class JobChanged(Model):
    """A job began, moved or ended."""

    id: str
    what: str
    about: str | None = None
    state: str
    done: int | None = None
    of: int | None = None
    note: str | None = None
    result: dict[str, Any] | None = None
    problem: dict[str, Any] | None = None


class Reload(Model):
    """Too much lies between: read anew what you show."""


Told = Hello | News | JobChanged | Reload
BY_NAME: dict[str, type[Told]] = {"hello": Hello, "news": News, "job": JobChanged, "reload": Reload}


class _Reading:
    """Where a stream stands, and how often it broke in a row."""

    def __init__(self, after: int | None, retries: Retries) -> None:
        self._after = after
        self._retries = retries
        self._broken = 0
        self._connected_at: int | None = None

    def headers(self) -> dict[str, str]:
        """Asks for what lies behind the last position that was seen."""
        return {} if self._after is None else {"Last-Event-ID": str(self._after)}

    def told(self, event: httpx2.ServerSentEvent) -> Told | None:
        """The event in its shape; None for one that this client does not know."""
        self._broken = 0
        shape = BY_NAME.get(event.event)
        if shape is None:
            return None
        try:
            told: Told = shape.model_validate_json(event.data or "{}")
        except ValidationError as error:
            raise UnexpectedAnswer(f"The stream's event '{event.event}' has another shape: {error}.") from None
        self._stand(told)
        return told

    def _stand(self, told: Told) -> None:
        if isinstance(told, Hello):
            self._connected_at = told.position
        if isinstance(told, News) or (isinstance(told, Hello) and self._after is None):
            self._after = told.position
        if isinstance(told, Reload):
            # What is read anew includes all up to here; asking for it again would only tell to reload again.
            self._after = self._connected_at

    def broke(self, error: Exception | None, url: httpx2.URL) -> float:
        """Seconds until it is opened again. Raises what was wrong once it broke too often in a row."""
        self._broken += 1
        if self._broken >= self._retries.tries and error is not None:
            raise unreachable(error, url, tries=self._broken) if isinstance(error, httpx2.TransportError) else error
        return self._retries.backoff(min(self._broken, self._retries.tries))


AGAIN = (httpx2.TransportError, ServerError, TooManyRequests)


def follow(sender: Sender, after: int | None) -> Generator[Told]:
    """What happens, without end. Raises ApiError when it is refused, Unreachable when nothing answers any more."""
    reading = _Reading(after, sender.retries)
    while True:
        error: Exception | None = None
        try:
            with sender.streaming(PATH, reading.headers()) as source:
                for event in source:
                    told = reading.told(event)
                    if told is not None:
                        yield told
        except AGAIN as caught:
            error = caught
        time.sleep(reading.broke(error, sender.http.base_url))


async def follow_async(sender: AsyncSender, after: int | None) -> AsyncGenerator[Told]:
    """The same, awaited."""
    reading = _Reading(after, sender.retries)
    while True:
        error: Exception | None = None
        try:
            async with sender.streaming(PATH, reading.headers()) as source:
                async for event in source:
                    told = reading.told(event)
                    if told is not None:
                        yield told
        except AGAIN as caught:
            error = caught
        await anyio.sleep(reading.broke(error, sender.http.base_url))
