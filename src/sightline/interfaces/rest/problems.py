"""Every error as a problem document (RFC 9457), made in one place from the error tree."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import msgspec
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match

from sightline.language.errors import (
    Busy,
    Invalid,
    SightlineError,
    TooLarge,
    TooManyRequests,
    Transient,
    Unauthenticated,
    UnderWay,
)

MEDIA = "application/problem+json"

CODES = {HTTPStatus.BAD_REQUEST: Invalid.code}
"""Of what the framework itself refuses, where the error tree has a name for it."""

TYPE = "urn:sightline:error:"
"""Before an error's code; docs/errors.md tells what each means."""

METHODS = ("DELETE", "GET", "HEAD", "PATCH", "POST", "PUT")

MEMBERS = ("index", "at", "length", "allowed")
"""What some errors tell programs beside their words."""

RETRY_AFTER: dict[type[Transient], str] = {Busy: "1", UnderWay: "1"}
"""Seconds after which to come back; 2 where nothing else is said (a database that died is up again by then)."""


def problem(
    request: Request, status: int, code: str, detail: str, *, hint: str | None = None,
    headers: Mapping[str, str] | None = None, **more: Any,
) -> Response:  # fmt: skip
    """An answer that is a problem document."""
    said = document(request.url.path, status, code, detail, hint=hint, **more)
    body = msgspec.json.encode({name: value for name, value in said.items() if value is not None})
    return Response(body, status, headers=dict(headers or {}), media_type=MEDIA)


def document(
    instance: str, status: int, code: str, detail: str, *, hint: str | None = None, **more: Any
) -> dict[str, Any]:
    """A problem document. `code` is part of the public contract; `detail` is fit to be shown to a user."""
    return {
        "type": f"{TYPE}{code}",
        "title": _title(status),
        "status": status,
        "detail": detail,
        "code": code,
        "hint": hint,
        "instance": instance,
        **more,
    }


def install(app: FastAPI) -> None:
    """Let every error of the application end here."""
    app.add_exception_handler(SightlineError, _ours)
    app.add_exception_handler(RequestValidationError, _misread)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, unexpected)


async def answer(request: Request, error: SightlineError | HTTPException) -> Response:
    """The problem document of an error, for what answers outside of the framework's routes."""
    return await (_ours(request, error) if isinstance(error, SightlineError) else _http(request, error))


async def unexpected(request: Request, _error: Exception) -> Response:
    """A fault of ours. The framework raises it again behind this answer, so the server logs it with its traceback."""
    detail = "Something went wrong inside Sightline. It has been written to the log."
    return problem(request, 500, SightlineError.code, detail)


async def _ours(request: Request, error: Exception) -> Response:
    assert isinstance(error, SightlineError)
    headers: dict[str, str] = {}
    if isinstance(error, Transient):
        headers["Retry-After"] = _come_back(error)
    if isinstance(error, Unauthenticated):
        headers["WWW-Authenticate"] = "Bearer"
    if isinstance(error, TooLarge):
        headers["Connection"] = "close"
    more = {name: getattr(error, name) for name in MEMBERS if hasattr(error, name)}
    return problem(request, error.status, error.code, error.message, hint=error.hint, headers=headers, **more)


def _come_back(error: Transient) -> str:
    return str(error.after) if isinstance(error, TooManyRequests) else RETRY_AFTER.get(type(error), "2")


async def _misread(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    wrong = [{"where": ".".join(map(str, one["loc"])), "message": one["msg"]} for one in error.errors()]
    detail = "; ".join(f"{one['where']}: {one['message']}" for one in wrong) + "."
    return problem(request, Invalid.status, Invalid.code, detail, hint="See /openapi.json.", errors=wrong)


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if isinstance(error.__cause__, SightlineError):
        # Raised while the framework read the body: it calls all such errors one that it could not read.
        return await _ours(request, error.__cause__)
    status = HTTPStatus(error.status_code)
    detail, hint, headers = str(error.detail), None, error.headers
    if status is HTTPStatus.NOT_FOUND:
        detail, hint = f"There is no {request.url.path}.", "GET /openapi.json lists what there is."
    elif status is HTTPStatus.METHOD_NOT_ALLOWED:
        allowed = ", ".join(_allowed(request))
        detail, hint, headers = f"{request.method} is not allowed here.", f"Allowed: {allowed}.", {"Allow": allowed}
    return problem(request, status, _code(status), detail, hint=hint, headers=headers)


def _allowed(request: Request) -> list[str]:
    """What may be done at this path, by all routes: the framework names only what the first that goes by it does.

    A path that the document tells of as it stands is none of those that a name in braces would fit.
    """
    told = request.app.openapi()["paths"].get(request.url.path)
    if told:
        return sorted(method.upper() for method in told)

    def is_done(method: str) -> bool:
        scope = {**request.scope, "method": method}
        return any(route.matches(scope)[0] is Match.FULL for route in request.app.router.routes)

    return [method for method in METHODS if is_done(method)]


def _title(status: int) -> str:
    return HTTPStatus(status).phrase


def _code(status: HTTPStatus) -> str:
    return CODES.get(status) or status.phrase.lower().replace(" ", "_").replace("-", "_")
