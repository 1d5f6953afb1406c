"""Every operation, awaited. Written by `make docs` from docs/openapi.json; edit that, not this file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from sightline_client._generated import models
from sightline_client.call import Call, segment
from sightline_client.sending import AsyncSender


class Entities:
    """Calls of `entities`."""

    def __init__(self, sender: AsyncSender) -> None:
        self._sender = sender

    async def get(self, kind: str, key: str, *, as_of: str | None = None) -> models.Entity:
        """A thing as it is, or was, known.

        kind: Kind.
        key: Key; it may contain slashes.
        as_of: Day or moment: as it was known then.
        """
        return await self._sender.send(
            Call("GET", f"/v1/entities/{segment(kind)}/{segment(key)}", models.Entity, query={"as_of": as_of})
        )


class Events:
    """Calls of `events`."""

    def __init__(self, sender: AsyncSender) -> None:
        self._sender = sender

    async def record(
        self, events: Sequence[models.CloudEvent | Mapping[str, Any]], *, idempotency_key: str | None = None
    ) -> models.Recorded:
        """One CloudEvent, a batch, or one a line (NDJSON). The answer comes when they are on disk. An event known by
        source and id adds nothing, so sending again is always safe. Where one event is wrong, nothing of the request
        is recorded and the problem's `index` names it."""
        return await self._sender.send(
            Call(
                "POST",
                "/v1/events",
                models.Recorded,
                json=events,
                media="application/cloudevents-batch+json",
                key=idempotency_key,
            )
        )


class Findings:
    """Calls of `findings`."""

    def __init__(self, sender: AsyncSender) -> None:
        self._sender = sender

    async def list(self) -> models.Findings:
        """What is worth a look."""
        return await self._sender.send(Call("GET", "/v1/findings", models.Findings))


class Health:
    """Calls of `health`."""

    def __init__(self, sender: AsyncSender) -> None:
        self._sender = sender

    async def live(self) -> models.Live:
        """The process runs; nothing else is looked at. Open to everybody."""
        return await self._sender.send(Call("GET", "/v1/health/live", models.Live))

    async def ready(self) -> models.Ready:
        """The database answers, it has the shape this version needs, the event loop is awake. Open to everybody."""
        return await self._sender.send(Call("GET", "/v1/health/ready", models.Ready))


class Questions:
    """Calls of `questions`."""

    def __init__(self, sender: AsyncSender) -> None:
        self._sender = sender

    async def list(self) -> models.Questions:
        """What can be asked, and how each model stands."""
        return await self._sender.send(Call("GET", "/v1/questions", models.Questions))

    async def population(self, name: str) -> models.Population:
        """Who is asked later, who is overdue, who is not asked and why.

        name: Question.
        """
        return await self._sender.send(Call("GET", f"/v1/questions/{segment(name)}/population", models.Population))

    async def predictions(
        self,
        name: str,
        *,
        rank: Literal["money", "probability", "day"] | None = None,
        limit: int | None = None,
        offset: int | None = None,
        all: bool | None = None,
    ) -> models.Predictions:
        """The answers of a question, ranked.

        name: Question.
        rank: What to rank by.
        limit: Predictions on the page.
        offset: Predictions before the page.
        all: Answered and expired ones too.
        """
        return await self._sender.send(
            Call(
                "GET",
                f"/v1/questions/{segment(name)}/predictions",
                models.Predictions,
                query={"rank": rank, "limit": limit, "offset": offset, "all": all},
            )
        )

    async def proof(self, name: str) -> models.Proof:
        """How far the model on duty can be trusted.

        name: Question.
        """
        return await self._sender.send(Call("GET", f"/v1/questions/{segment(name)}/proof", models.Proof))


class AsyncApi:
    """All that the interface offers, by group."""

    def __init__(self, sender: AsyncSender) -> None:
        self._sender = sender
        self.entities = Entities(sender)
        self.events = Events(sender)
        self.findings = Findings(sender)
        self.health = Health(sender)
        self.questions = Questions(sender)

    async def metrics(self) -> str:
        """Figures for Prometheus: of this process, and of the caller's workspace."""
        return await self._sender.send(Call("GET", "/v1/metrics", str))

    async def status(self) -> models.Status:
        """How the workspace stands: clock, counts, lags, what waits."""
        return await self._sender.send(Call("GET", "/v1/status", models.Status))
