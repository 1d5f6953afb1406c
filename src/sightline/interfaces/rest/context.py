"""What the routes need, and who is calling them."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime

from starlette.requests import Request
from starlette.types import Scope

from sightline.foundation import identity, tenants
from sightline.foundation.clock import monotonic
from sightline.foundation.gather import Gather
from sightline.foundation.identity import Principal, Right, Role, sessions
from sightline.foundation.identity.trail import Trail
from sightline.foundation.limiting import Limit
from sightline.foundation.telemetry import Telemetry
from sightline.foundation.tenants import Tenant
from sightline.interfaces.rest import telling
from sightline.interfaces.rest.credentials import SAFE, Credential, check_origin, workspace_of
from sightline.interfaces.rest.hub import Hub
from sightline.kernel.desk import Desk, auditing, lookup
from sightline.kernel.desk.posting import Hooks
from sightline.kernel.observe.intake import Intake
from sightline.language.errors import Forbidden, TooManyRequests

TRUSTED_SECONDS = 2.0
"""How long a verified caller is believed without asking again: what a revoked one can still do at most."""

LOOKERS = 2
"""Files looked at, and lines checked, at once."""

NEEDED = "sightline.right"
"""Where in a request's scope stands the right that its route asked for."""

MOST_TRUSTED = 1_000
"""Verified callers remembered at once."""


@dataclass(frozen=True, slots=True)
class Asked:
    """By what, where to, and what for somebody wants to be let in."""

    credential: Credential
    workspace: str
    named: bool
    """Whether the request named it; otherwise it is the server's own."""
    right: Right | None


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody who may do what the route needs, in a workspace."""

    principal: Principal
    tenant: Tenant
    standing: identity.Standing


@dataclass(frozen=True, slots=True)
class Turned:
    """Somebody who is known, and may not."""

    principal: Principal
    refusal: Forbidden


Verdict = Caller | Turned


@dataclass(frozen=True, slots=True)
class Insider:
    """Who calls from within this process: the owner of the installation, by a secret that never leaves it."""

    secret: str = field(default_factory=lambda: secrets.token_urlsafe(32), repr=False)

    def is_(self, credential: Credential) -> bool:
        """Whether a request is the insider's."""
        return not credential.cookie and secrets.compare_digest(credential.secret.encode(), self.secret.encode())


@dataclass(slots=True)
class Rest:
    """What `main` hands to the interface."""

    desk: Desk
    intake: Intake
    telemetry: Telemetry
    workspace: str
    """The workspace of requests that name none."""
    trusted: dict[Asked, tuple[float, Verdict]] = field(default_factory=dict)
    asking: dict[Asked, asyncio.Task[Verdict]] = field(default_factory=dict)
    """Who is being verified just now: requests that arrive together ask the database once."""

    looking: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(LOOKERS))
    """Who looks into a file or counts examples: each takes a core and some memory for a moment."""

    lookups: dict[Tenant, Gather[lookup.Asked, lookup.Answer]] = field(default_factory=dict)
    """By workspace: those who ask for single predictions."""

    hub: Hub | None = None
    """The live streams, where there are any."""

    hooks: Hooks = field(init=False)
    """Takes what other systems post."""

    chats: Limit = field(init=False)
    """Messages of chats to one address."""

    insider: Insider | None = None
    """Where a command calls the interface in its own process: its calls are told of as that command."""

    loop_lag: Callable[[], float] = lambda: 0.0
    """Seconds the event loop was late when it last woke up."""
    trail: Trail = field(init=False)
    """Where calls are told of."""
    rate: Limit = field(init=False)
    """Of each token or session."""
    own: int | None = field(default=None, init=False)
    """The number of `workspace`, once somebody was there."""
    sign_ins: Limit = field(default_factory=lambda: Limit(60), init=False)
    """Attempts to sign in from one address: a company may stand behind one."""
    passwords: Limit = field(default_factory=lambda: Limit(10), init=False)
    """Passwords tried for one name, whether there is such a user or not."""

    def __post_init__(self) -> None:
        self.trail = auditing.silent(self.desk) if self.insider else auditing.trail(self.desk)
        self.rate = Limit(self.desk.settings.http.requests_per_minute)
        self.hooks = Hooks(self.desk)
        self.chats = Limit(self.desk.settings.http.hook_messages_per_minute)

    def now(self, caller: Caller) -> datetime:
        """The present moment in the caller's workspace."""
        return self.desk.now(caller.tenant)

    async def admit(self, request: Request, right: Right | None) -> Caller:
        """Who is calling, in which workspace, and that they may; `right` None: all who belong there.

        What changes something is in the audit trail before this returns. Raises Unauthenticated, Forbidden or
        TooManyRequests.
        """
        asked = self._asked(request, right)
        request.scope[NEEDED] = right
        verdict = await self._verdict(asked)
        if isinstance(verdict, Turned):
            await telling.turned(self.trail, request, verdict.principal)
            raise Forbidden(verdict.refusal.message, hint=verdict.refusal.hint)
        if right is not Right.RECORD and (wait := self.rate.wait(asked.credential.secret)):
            telling.slowed(request, verdict.principal, verdict.tenant)
            raise self._too_many(wait)
        await telling.admitted(self.trail, request, verdict.principal, verdict.tenant)
        return verdict

    async def known(self, request: Request, right: Right | None = None) -> Caller:
        """As `admit`, without a word in the audit trail: for what is asked beside a call that leaves its own."""
        verdict = await self._verdict(self._asked(request, right))
        if isinstance(verdict, Turned):
            raise verdict.refusal
        return verdict

    async def look_up(self, caller: Caller, asked: lookup.Asked) -> lookup.Answer | None:
        """What is said to one question about one thing; whoever asks at the same time is answered together."""
        gather = self.lookups.get(caller.tenant)
        if gather is None:
            # By the tenant as it is now: where a clock is moved, nobody is answered as of before.
            if len(self.lookups) >= MOST_TRUSTED:
                self.lookups.clear()
            gather = self.lookups[caller.tenant] = Gather(lookup.Lookup(self.desk, caller.tenant))
        return await gather(asked)

    def calls_itself(self, caller: Caller) -> str:
        """What tells a caller from all others of an installation."""
        return f"{caller.principal.tenant}:{caller.principal.sort.value}:{caller.principal.name}"

    async def at_default(self, principal: Principal, named: str | None) -> Caller:
        """Where somebody who has just signed in begins: in the workspace they named or the server's, else at home."""
        db = self.desk.db
        tenant = await tenants.find(db, named or self.workspace)
        if tenant is not None:
            with suppress(Forbidden):
                return Caller(principal, tenant, await identity.authorize(db, principal, None, tenant))
        return await self._at_home(principal)

    def answered(self, scope: Scope, status: int) -> None:
        """Have the audit trail told of a request that was answered."""
        telling.answered(self.trail, scope, status, own=self.own)

    def forget(self) -> None:
        """Verify everybody anew: principals have just changed."""
        self.trusted.clear()

    async def open_to(self, caller: Caller) -> list[tuple[Tenant, Role]]:
        """The workspaces a caller is let into, and in which role; the owner of the installation into all of them."""
        if self.insider:
            return [(one, Role.OWNER) for one in await tenants.every(self.desk.db)]
        return await identity.workspaces(self.desk.db, caller.principal)

    def _asked(self, request: Request, right: Right | None) -> Asked:
        credential, named = Credential.of(request), workspace_of(request)
        if credential.cookie and request.method not in SAFE:
            check_origin(request)
        return Asked(credential, named or self.workspace, named is not None, right)

    async def _verdict(self, asked: Asked) -> Verdict:
        """The answer is reused for a moment, except where the clock stands still: it may be advanced at any time."""
        known = self.trusted.get(asked)
        if known is not None and known[0] > monotonic():
            return known[1]
        asking = self.asking.get(asked)
        if asking is None:
            asking = self.asking[asked] = asyncio.ensure_future(self._verified(asked))
            asking.add_done_callback(lambda _: self.asking.pop(asked, None))
        # A sender who hangs up must not take the others' answer away.
        return await asyncio.shield(asking)

    async def _verified(self, asked: Asked) -> Verdict:
        db, at = self.desk.db, self.desk.clock.now()
        if self.insider and self.insider.is_(asked.credential):
            principal = identity.local_owner(await tenants.get(db, asked.workspace))
        elif asked.credential.cookie:
            principal = await sessions.holder(db, asked.credential.secret, at=at)
        else:
            principal = await identity.authenticate(db, asked.credential.secret or None, at=at)
        tenant = await tenants.find(db, asked.workspace)
        if tenant and not asked.named:
            self.own = tenant.number
        try:
            if tenant is None:
                raise identity.refusal(principal, asked.right, asked.workspace)
            standing = await identity.authorize(db, principal, asked.right, tenant)
        except Forbidden as refusal:
            # Where no workspace was named, what only concerns oneself is done at home.
            home = not asked.named and asked.right is None
            return await self._at_home(principal) if home else Turned(principal, refusal)
        caller = Caller(principal, tenant, standing)
        if tenant.clock_at is None:
            if len(self.trusted) >= MOST_TRUSTED:
                self.trusted.clear()
            self.trusted[asked] = (monotonic() + TRUSTED_SECONDS, caller)
        return caller

    async def _at_home(self, principal: Principal) -> Caller:
        home = await tenants.get(self.desk.db, principal.home)
        return Caller(principal, home, await identity.authorize(self.desk.db, principal, None, home))

    def _too_many(self, wait: float) -> TooManyRequests:
        return TooManyRequests(
            f"More than {self.rate.per_minute:,} requests a minute by one token.", after=wait,
            hint="Wait as long as 'Retry-After' says; SIGHTLINE_HTTP__REQUESTS_PER_MINUTE allows more.",
        )  # fmt: skip


def rest_of(request: Request) -> Rest:
    """What `main` handed over."""
    found: Rest = request.app.state.rest
    return found
