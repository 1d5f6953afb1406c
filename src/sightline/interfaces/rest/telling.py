"""What the interface tells the audit trail: who called which route, on what, with which status."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace
from starlette.requests import Request
from starlette.types import Scope

from sightline.foundation.identity import Principal, audit
from sightline.foundation.identity.audit import Line
from sightline.foundation.identity.codes import Bearer
from sightline.foundation.identity.trail import Trail
from sightline.foundation.tenants import Tenant
from sightline.interfaces.rest.credentials import SAFE
from sightline.language.ref import Ref

EVENTS = "post_events"
"""Told once a minute and sender: what was recorded stands in the ledger itself."""

UNTOLD = frozenset({"get_live", "get_ready", "get_metrics"})
"""Asked every few seconds by machines, and telling of no subject."""

_KEPT = "sightline.audit"
"""Where in a request's scope stands who it is told of (or the line that was begun) until there is a status; None once
it is told.
"""


async def admitted(trail: Trail, request: Request, principal: Principal, tenant: Tenant) -> None:
    """Somebody was let in; what changes something is written before it begins."""
    if request.method in SAFE or _what(request.scope) == EVENTS:
        request.scope[_KEPT] = principal, tenant.number
    else:
        request.scope[_KEPT] = await trail.begin(_line(request.scope, principal, tenant.number))


async def turned(trail: Trail, request: Request, principal: Principal) -> None:
    """Somebody known was refused: told at their home, for what they asked for is none of theirs."""
    request.scope[_KEPT] = principal, principal.tenant
    if request.method not in SAFE and _what(request.scope) != EVENTS:
        await trail.begin(_line(request.scope, principal, principal.tenant, 403))
        request.scope[_KEPT] = None


def slowed(request: Request, principal: Principal, tenant: Tenant) -> None:
    """Somebody comes too often."""
    request.scope[_KEPT] = principal, tenant.number


async def signed_in(trail: Trail, request: Request, principal: Principal) -> None:
    """Somebody has just signed in; told at their home before they are answered."""
    await trail.begin(_line(request.scope, principal, principal.tenant, 201))
    request.scope[_KEPT] = None


def not_signed_in(trail: Trail, request: Request, tried: Bearer) -> None:
    """Somebody was taken for a user, and did not prove it."""
    what, target = _what(request.scope) or "", request.scope["path"]
    trail.tell(audit.tried(tried.tenant, tried.name, tried.sort, what, target, 401), by_minute=True)
    request.scope[_KEPT] = None


def answered(trail: Trail, scope: Scope, status: int, *, own: int | None) -> None:
    """A request was answered. `own`: the tenant of the server's own workspace, where it is told who was not known."""
    what = _what(scope)
    if what is None or what in UNTOLD:
        return
    if _KEPT not in scope:
        if status in (401, 403, 429) and own is not None:
            trail.tell(audit.nobody(own, what, _template(scope), status), by_minute=True)
        return
    kept: Line | tuple[Principal, int] | None = scope[_KEPT]
    if isinstance(kept, Line):
        trail.tell(replace(kept, status=status))
    elif kept is not None:
        trail.tell(_line(scope, *kept, status), by_minute=what == EVENTS)


def _line(scope: Scope, principal: Principal, tenant: int, status: int | None = None) -> Line:
    target, ref = _target(scope)
    return audit.line(principal, tenant, _what(scope) or "", target, ref, status)


def _what(scope: Scope) -> str | None:
    """The operationId of the route."""
    route: Any = scope.get("route")
    return getattr(route, "name", None)


def _template(scope: Scope) -> str:
    route: Any = scope.get("route")
    return str(getattr(route, "path", ""))


def _target(scope: Scope) -> tuple[str, Ref | None]:
    """The path; the subject in it apart, for it may be a person."""
    given = scope.get("path_params") or {}
    if "kind" in given and "key" in given:
        return _template(scope).replace("{kind}/{key:path}", "{}"), Ref(str(given["kind"]), str(given["key"]))
    if "word" in given:
        # Whoever knows it may answer.
        return _template(scope), None
    return scope["path"], None
