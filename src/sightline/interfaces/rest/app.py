"""The application: the hot path, the reads, and how errors and figures leave it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.middleware.errors import ServerErrorMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sightline.foundation.clock import monotonic
from sightline.interfaces.rest import (
    asking,
    chat,
    contacts,
    decisions,
    deliveries,
    experiments,
    health,
    hooks,
    imports,
    inbox,
    jobs,
    knowledge,
    lookup,
    playbooks,
    predictions,
    principals,
    problems,
    proving,
    quarantine,
    reading,
    routes,
    signing,
    stream,
    versions,
    watch,
)
from sightline.interfaces.rest.answers import Answers
from sightline.interfaces.rest.bodies import bounded
from sightline.interfaces.rest.context import Rest
from sightline.interfaces.rest.document import described
from sightline.interfaces.rest.events import post_events
from sightline.interfaces.rest.hooked import IN, POSTED, receive_hook
from sightline.interfaces.rest.pages import Pages
from sightline.language.errors import SightlineError

__all__ = ["Rest", "build", "document"]

EVENTS = "/v1/events"
HOT = Route(EVENTS, post_events, methods=["POST"])
ROOMS = (
    *(signing, principals, knowledge, asking, versions, watch, predictions, lookup, proving, reading),
    *(jobs, imports, quarantine, inbox, routes, decisions, playbooks, experiments, deliveries, contacts, hooks, chat),
    stream,
)
"""Where the routes are, in the order in which they are looked through."""

UNBOUNDED = (EVENTS, "/v1/files")
"""What reads its body by itself, under a limit of its own."""


def build(rest: Rest) -> ASGIApp:
    """The application over an open installation."""
    return Door(routed(rest), rest)


def document() -> dict[str, Any]:
    """The OpenAPI document of this version, without a running installation."""
    return routed(None).openapi()


def routed(rest: Rest | None) -> FastAPI:
    """All routes, without the door before them."""
    app = described(FastAPI(title="Sightline", docs_url=None, redoc_url=None, redirect_slashes=False))
    app.state.rest = rest
    # For other methods than POST, which the door answers before any routing.
    app.router.routes[:0] = (HOT, POSTED)
    # As they are: included, each would be worked out once more, which takes longer than most commands.
    for router in (*(one.router for one in ROOMS), contacts.public, chat.public):
        app.router.routes += router.routes
    app.include_router(health.health, prefix="/v1/health")
    app.include_router(health.health, prefix="/health", include_in_schema=False)
    app.include_router(health.metrics, prefix="/v1")
    app.include_router(health.metrics, include_in_schema=False)
    app.router.routes.append(Pages())
    problems.install(app)
    return app


class Door:
    """Before the application: answers what programs ask most often without the layers that only the other routes need
    (they would cost more than the answer), and has every request counted and told of in the audit trail.
    """

    def __init__(self, app: FastAPI, rest: Rest) -> None:
        self._app, self._rest = app, rest
        # Around them too: what fails under an idempotency key has sent its answer to nobody yet.
        self._answers = ServerErrorMiddleware(Answers(app, rest), problems.unexpected)
        self._events = ServerErrorMiddleware(self._plainly(post_events), problems.unexpected)
        self._posted = ServerErrorMiddleware(self._plainly(receive_hook), problems.unexpected)
        self._one = ServerErrorMiddleware(self._plainly(partial(lookup.prediction, rest)), problems.unexpected)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer it, or pass the request on and watch its answer start."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, status = monotonic(), None

        async def watched(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                # Now, for an answer may last as long as a stream does.
                self._rest.answered(scope, status)
            await send(message)

        if scope["method"] not in ("GET", "HEAD") and scope["path"] not in UNBOUNDED and not IN.match(scope["path"]):
            receive = bounded(scope, receive, self._rest.desk.settings.http.max_body)
        try:
            await self._way(scope)(scope, receive, watched)
        finally:
            if status is None:
                self._rest.answered(scope, 500)
            self._rest.telemetry.request(_route(scope), scope["method"], status or 500, monotonic() - began)

    def _way(self, scope: Scope) -> ASGIApp:
        """Who answers it."""
        if scope["path"] == EVENTS and scope["method"] == "POST":
            scope["route"] = HOT
            return self._events
        if scope["method"] == "POST" and (there := IN.fullmatch(scope["path"])):
            scope["route"], scope["path_params"] = POSTED, there.groupdict()
            return self._posted
        if scope["method"] == "GET" and not scope["query_string"] and (one := lookup.HOT.fullmatch(scope["path"])):
            scope["route"], scope["path_params"] = lookup.ROUTE, one.groupdict()
            return self._one
        return self._answers

    def _plainly(self, answer: Callable[[Request], Awaitable[Response]]) -> ASGIApp:
        """A handler alone, with errors as problem documents."""

        async def plainly(scope: Scope, receive: Receive, send: Send) -> None:
            scope["app"] = self._app
            request = Request(scope, receive)
            try:
                response = await answer(request)
            except (SightlineError, HTTPException) as error:
                response = await problems.answer(request, error)
            await response(scope, receive, send)

        return plainly


def _route(scope: Scope) -> str:
    route: Any = scope.get("route")
    return str(route.path) if route is not None else EVENTS if scope["path"] == EVENTS else "(none)"
