"""Commands pass the same door as requests: authorised, and told in the audit trail."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from msgspec.structs import replace

from sightline.foundation import identity
from sightline.foundation.identity import Right, audit
from sightline.foundation.tenants import Tenant
from sightline.kernel.desk import Desk, auditing
from sightline.language.errors import SightlineError
from sightline.language.ref import Ref


@dataclass(frozen=True, slots=True, kw_only=True)
class Doing:
    """What a command is about to do."""

    what: str
    """The words of the command, without its arguments."""
    needs: Right = Right.READ
    target: str = ""
    """What it is done to, where that tells nothing about a person."""
    ref: Ref | None = None
    """The subject, which may be a person."""


@asynccontextmanager
async def permitted(desk: Desk, tenant: Tenant, doing: Doing) -> AsyncIterator[None]:
    """Do it as the owner of the installation, who is whoever can read its home folder. Raises Forbidden."""
    owner = identity.local_owner(tenant)
    await identity.authorize(desk.db, owner, doing.needs, tenant)
    trail = auditing.trail(desk)
    line = audit.line(owner, tenant.number, doing.what, "{}" if doing.ref else doing.target, doing.ref)
    if doing.needs is not Right.READ:
        line = await trail.begin(line)
    status: int | None = None
    try:
        yield
        status = 200
    except SightlineError as error:
        status = error.status
        raise
    finally:
        # Of what was interrupted stands that it began.
        if status is not None or line.begun is None:
            trail.tell(replace(line, status=status))
            await trail.close()
