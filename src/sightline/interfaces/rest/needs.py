"""What a route needs of its caller. Every router declares it with `needs`, and nothing is reached without."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Depends, Header, Request, Security
from fastapi.security import APIKeyCookie, HTTPBearer

from sightline.foundation.identity import Right
from sightline.interfaces.rest.context import Caller, Rest, rest_of
from sightline.interfaces.rest.credentials import COOKIE

BEARER = HTTPBearer(auto_error=False, description="An API key; `sightline token` shows the owner's token.")
SESSION = APIKeyCookie(name=COOKIE, auto_error=False, description="Set by signing in (`POST /v1/session`).")


async def _rest(request: Request) -> Rest:
    # Awaited: what is not runs in a thread of its own, at every request.
    return rest_of(request)


RestDep = Annotated[Rest, Depends(_rest)]


def needs(right: Right | None) -> Any:
    """A dependency that lets in whoever has this right in the workspace; None: all who belong there."""

    async def caller(
        request: Request,
        rest: RestDep,
        _bearer: Annotated[Any, Security(BEARER)],
        _session: Annotated[Any, Security(SESSION)],
        _workspace: Annotated[
            str | None, Header(alias="Sightline-Workspace", description="Workspace; the server's own when absent.")
        ] = None,
    ) -> Caller:
        return await rest.admit(request, right)

    return Depends(caller)


Reader = Annotated[Caller, needs(Right.READ)]
Operator = Annotated[Caller, needs(Right.OPERATE)]
Administrator = Annotated[Caller, needs(Right.ADMINISTER)]
Member = Annotated[Caller, needs(None)]
