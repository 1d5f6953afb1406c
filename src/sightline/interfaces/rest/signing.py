"""Signing in and out, and who one is."""

from __future__ import annotations

from fastapi import Request, Response

from sightline.foundation import identity, tenants
from sightline.foundation.identity import Sort, sessions, signing, users
from sightline.foundation.identity.signing import Refused, SignedIn
from sightline.foundation.limiting import Limit
from sightline.foundation.tenants import Tenant
from sightline.interfaces.rest import credentials, telling
from sightline.interfaces.rest.context import Caller, Rest
from sightline.interfaces.rest.models import principals as shapes
from sightline.interfaces.rest.needs import Member, RestDep, room
from sightline.language.errors import Invalid, TooManyRequests

router = room("principals")


@router.post("/session", status_code=201)
async def post_session(
    request: Request, response: Response, rest: RestDep,
    given: shapes.ByPassword | shapes.ByCode | shapes.ByToken,
) -> shapes.Me:  # fmt: skip
    """Sign in by name and password, by the code of a link or by an access token; the answer sets a cookie.

    Open to everybody. Refused in the same words and after the same time, whatever is wrong.
    """
    credentials.check_origin(request, needed=False)
    _not_too_often(rest.sign_ins, request.client.host if request.client else "", "from here")
    try:
        signed = await _signed_in(rest, request, given)
    except Refused as refused:
        if refused.tried is not None:
            telling.not_signed_in(rest.trail, request, refused.tried)
        raise
    await telling.signed_in(rest.trail, request, signed.principal)
    caller = await rest.at_default(signed.principal, credentials.workspace_of(request))
    credentials.keep(request, response, signed.secret)
    return await _me(rest, caller)


@router.delete("/session", status_code=204)
async def delete_session(request: Request, response: Response, rest: RestDep, caller: Member) -> None:
    """Sign out. A token that came in a header is not ended by this: keys are revoked."""
    credential = credentials.Credential.of(request)
    if credential.cookie:
        await sessions.end(rest.desk.db, credential.secret, caller.principal.tenant)
        rest.forget()
    credentials.drop(request, response)


@router.get("/me")
async def get_me(rest: RestDep, caller: Member) -> shapes.Me:
    """Who is calling, what they may here, and which workspaces are open to them."""
    return await _me(rest, caller)


@router.put("/me/password", status_code=204)
async def put_my_password(
    request: Request, response: Response, rest: RestDep, caller: Member, given: shapes.NewPassword
) -> None:  # fmt: skip
    """Choose another password. All sessions end; the one that asks gets a new cookie."""
    who, at = caller.principal, rest.desk.clock.now()
    if who.sort is not Sort.USER:
        raise Invalid(f"'{who.name}' is no user and has no password.", hint="Users have: POST /v1/users makes one.")
    _not_too_often(rest.passwords, f"{who.tenant}/{who.name}", "for this name")
    home = await tenants.get(rest.desk.db, who.home)
    await users.set_own_password(rest.desk.db, home, who.name, at=at, new=given.new, current=given.current)
    rest.forget()
    again = await signing.again(rest.desk.db, who, at=at)
    credentials.keep(request, response, again.secret)


async def _signed_in(
    rest: Rest, request: Request, given: shapes.ByPassword | shapes.ByCode | shapes.ByToken
) -> SignedIn:
    db, at = rest.desk.db, rest.desk.clock.now()
    if isinstance(given, shapes.ByCode):
        return await signing.by_code(db, given.code, at=at)
    if isinstance(given, shapes.ByToken):
        return await signing.by_token(db, given.token, at=at)
    inside: Tenant | None = await tenants.find(db, credentials.workspace_of(request) or rest.workspace)
    _not_too_often(rest.passwords, given.name.strip().lower(), "for this name")
    return await signing.by_password(db, inside, given.name, given.password, at=at)


def _not_too_often(limit: Limit, name: str, whence: str) -> None:
    if wait := limit.wait(name):
        raise TooManyRequests(
            f"More than {limit.per_minute} attempts to sign in within a minute {whence}.", after=wait,
            hint="Wait as long as 'Retry-After' says. A link (`sightline open`) lets in without a password.",
        )  # fmt: skip


async def _me(rest: Rest, caller: Caller) -> shapes.Me:
    who, clock = caller.principal, rest.desk.clock
    open_ones = await rest.open_to(caller)
    has_password = False
    if who.sort is Sort.USER:
        has_password = (await users.get(rest.desk.db, open_ones[0][0], who.name)).has_password
    return shapes.Me(
        name=who.name, sort=who.sort, role=caller.standing.role,
        rights=[one for one in identity.Right if one in caller.standing.rights], workspace=caller.tenant.name,
        workspaces=[
            shapes.Workspace(
                name=one.name, role=role, now=one.now(clock), clock="standing" if one.clock_at else "running"
            )
            for one, role in open_ones
        ],
        has_password=has_password,
    )  # fmt: skip
