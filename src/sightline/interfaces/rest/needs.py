"""What a route needs of its caller. Every router declares it with `needs`, and nothing is reached without."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Request, Security
from fastapi.security import APIKeyCookie, HTTPBearer

from sightline.foundation.identity import Right
from sightline.interfaces.rest.context import Caller, Rest, rest_of
from sightline.interfaces.rest.credentials import COOKIE
from sightline.language.errors import Invalid

FIELDS = "fields"
"""Chooses members of any answer to a GET."""

BEARER = HTTPBearer(auto_error=False, description="An API key; `sightline token` shows the owner's token.")
SESSION = APIKeyCookie(name=COOKIE, auto_error=False, description="Set by signing in (`POST /v1/session`).")


async def _rest(request: Request) -> Rest:
    # Awaited: what is not runs in a thread of its own, at every request.
    return rest_of(request)


RestDep = Annotated[Rest, Depends(_rest)]


async def only_known(request: Request) -> None:
    """Refuse a parameter that the route does not have: a filter with a typo would be answered as if it held.

    Raises Invalid.
    """
    if request.scope["query_string"]:
        known = _parameters(request.scope["route"])
        for name in request.query_params:
            if name not in known:
                raise Invalid(
                    f"'{name[:80]}' is no parameter of this call.", hint=f"Known: {', '.join(sorted(known)) or 'none'}."
                )


def _parameters(route: Any) -> set[str]:
    names, waiting = {FIELDS} if "GET" in route.methods else set[str](), [route.dependant]
    while waiting:
        one = waiting.pop()
        names |= {parameter.alias for parameter in one.query_params}
        waiting += one.dependencies
    return names


def room(*tags: str, prefix: str = "/v1", told: bool = True) -> APIRouter:
    """For routes, each of which refuses parameters that it does not have. `told`: whether the document has them."""
    return APIRouter(prefix=prefix, tags=list(tags), dependencies=[Depends(only_known)], include_in_schema=told)


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
