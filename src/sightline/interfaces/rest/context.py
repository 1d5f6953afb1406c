"""What the routes need, and who is calling them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from starlette.requests import Request

from sightline.foundation import identity, tenants
from sightline.foundation.clock import monotonic
from sightline.foundation.identity import Principal, Right
from sightline.foundation.telemetry import Telemetry
from sightline.foundation.tenants import Tenant
from sightline.interfaces.rest.hub import Hub
from sightline.kernel.desk import Desk
from sightline.kernel.observe.intake import Intake
from sightline.language.errors import Forbidden

WORKSPACE = "sightline-workspace"
"""Header that names the workspace."""

HINT = "Check the header 'Sightline-Workspace' and the role of the token."

TRUSTED_SECONDS = 2.0
"""How long a verified token is believed without asking again: what a revoked one can still do at most."""

MOST_TRUSTED = 1_000
"""Verified callers remembered at once."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody who may do what the route needs, in a workspace."""

    principal: Principal
    tenant: Tenant


@dataclass(slots=True)
class Rest:
    """What `main` hands to the interface."""

    desk: Desk
    intake: Intake
    telemetry: Telemetry
    workspace: str
    """The workspace of requests that name none."""
    trusted: dict[tuple[str, str, Right], tuple[float, Caller]] = field(default_factory=dict)
    asking: dict[tuple[str, str, Right], asyncio.Task[Caller]] = field(default_factory=dict)
    """Who is being verified just now: requests that arrive together ask the database once."""

    hub: Hub | None = None
    """The live streams, where there are any."""

    loop_lag: Callable[[], float] = lambda: 0.0
    """Seconds the event loop was late when it last woke up."""

    def now(self, caller: Caller) -> datetime:
        """The present moment in the caller's workspace."""
        return self.desk.now(caller.tenant)

    async def known(self, request: Request) -> Caller:
        """Who is calling, whatever they are about to do: the route asks for the right it needs."""
        return await self.admit(request, Right.READ)

    def calls_itself(self, caller: Caller) -> str:
        """What tells a caller from all others of an installation."""
        return f"{caller.principal.tenant}:{caller.principal.name}"

    async def admit(self, request: Request, right: Right, *, workspace: str | None = None) -> Caller:
        """Who is calling, in which workspace. Raises Unauthenticated, Forbidden or NotFound.

        `workspace` is named where no header can be sent.

        The answer is reused for a moment, except where the clock stands still: it may be advanced at any time.
        """
        asked = (_bearer(request), request.headers.get(WORKSPACE) or workspace or self.workspace, right)
        known = self.trusted.get(asked)
        if known is not None and known[0] > monotonic():
            return known[1]
        asking = self.asking.get(asked)
        if asking is None:
            asking = self.asking[asked] = asyncio.ensure_future(self._verified(*asked))
            asking.add_done_callback(lambda _: self.asking.pop(asked, None))
        # A sender who hangs up must not take the others' answer away.
        return await asyncio.shield(asking)

    async def _verified(self, token: str, name: str, right: Right) -> Caller:
        principal = await identity.authenticate(self.desk.db, token or None)
        tenant = await tenants.find(self.desk.db, name)
        if tenant is None:
            # The same words as for one that exists but is closed to the caller: names of others are not told.
            raise Forbidden(f"'{principal.name}' may not {right.value} in workspace '{name}'.", hint=HINT)
        await identity.authorize(self.desk.db, principal, right, tenant)
        caller = Caller(principal, tenant)
        if tenant.clock_at is None:
            if len(self.trusted) >= MOST_TRUSTED:
                self.trusted.clear()
            self.trusted[token, name, right] = (monotonic() + TRUSTED_SECONDS, caller)
        return caller


def rest_of(request: Request) -> Rest:
    """What `main` handed over."""
    found: Rest = request.app.state.rest
    return found


def _bearer(request: Request) -> str:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""
