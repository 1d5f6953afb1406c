"""Users, keys and the audit trail of a workspace: for whoever administers it."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from fastapi import Path, Query

from sightline.foundation import identity
from sightline.foundation.identity import Role, audit, codes, keys, users
from sightline.foundation.identity.codes import Bearer
from sightline.interfaces.rest.context import Caller, Rest
from sightline.interfaces.rest.models import principals as shapes
from sightline.interfaces.rest.needs import Administrator, RestDep, room
from sightline.interfaces.rest.paging import USUAL, After, Limit, decode, page

Who = Annotated[str, Path(description="User.", examples=["anna@example.com"])]
Word = Annotated[str | None, Query(max_length=200, pattern=r"^[^\x00]*$")]

router = room("principals")


@router.get("/users")
async def get_users(rest: RestDep, caller: Administrator, limit: Limit = USUAL, after: After = None) -> shapes.Users:
    """The users of the workspace, by name."""
    found = await users.listed(rest.desk.db, caller.tenant, after=_name(after), limit=limit + 1)
    shown, following = page(found, limit, lambda one: (one.name,))
    return shapes.Users(users=[shapes.User.model_validate(one) for one in shown], next=following)


@router.post("/users", status_code=201)
async def post_user(rest: RestDep, caller: Administrator, given: shapes.NewUser) -> shapes.UserMade:
    """Let somebody in: with a password, or by the code for a link."""
    identity.hands_out(caller.standing, given.role)
    at = rest.desk.clock.now()
    made = await users.add(rest.desk.db, caller.tenant, given.name, given.role, at=at, password=given.password)
    code = None if made.has_password else await _code(rest, caller, made.name)
    return shapes.UserMade(user=shapes.User.model_validate(made), code=code)


@router.post("/users/{name}/code", status_code=201)
async def post_user_code(rest: RestDep, caller: Administrator, name: Who) -> shapes.ByCode:
    """A new code for a link that signs this user in once, as where the first has expired or a password is lost."""
    known = await users.get(rest.desk.db, caller.tenant, name)
    identity.hands_out(caller.standing, known.role)
    return shapes.ByCode(code=await _code(rest, caller, known.name))


@router.patch("/users/{name}")
async def patch_user(rest: RestDep, caller: Administrator, name: Who, given: shapes.ChangedUser) -> shapes.User:
    """Give a user another role or password, shut them out, or let them in again.

    Whoever is shut out or gets another password is signed out everywhere. The last owner stays one (409).
    """
    db = rest.desk.db
    known: Role = given.role or (await users.get(db, caller.tenant, name)).role
    if given.role or given.password is not None or given.disabled is False:
        identity.hands_out(caller.standing, known)
    changed = await users.change(
        db, caller.tenant, name, at=rest.desk.clock.now(), role=given.role, disabled=given.disabled,
        password=given.password,
    )  # fmt: skip
    rest.forget()
    return shapes.User.model_validate(changed)


@router.delete("/users/{name}", status_code=204)
async def delete_user(rest: RestDep, caller: Administrator, name: Who) -> None:
    """Remove a user; what they did stays in the audit trail. The last owner stays (409)."""
    await users.remove(rest.desk.db, caller.tenant, name)
    rest.forget()


@router.get("/keys")
async def get_keys(rest: RestDep, caller: Administrator, limit: Limit = USUAL, after: After = None) -> shapes.Keys:
    """The API keys of the workspace, by name."""
    found = await keys.listed(rest.desk.db, caller.tenant, after=_name(after), limit=limit + 1)
    shown, following = page(found, limit, lambda one: (one.name,))
    return shapes.Keys(keys=[_key(one) for one in shown], next=following)


@router.post("/keys", status_code=201)
async def post_key(rest: RestDep, caller: Administrator, given: shapes.NewKey) -> shapes.KeyMade:
    """Let a program in. Its token is in this answer and nowhere else."""
    scopes = identity.scopes_of(given.scopes, given.role)
    identity.hands_out(caller.standing, given.role, scopes)
    at = rest.desk.clock.now()
    until = at + timedelta(days=given.days) if given.days else None
    made, token = await keys.add(rest.desk.db, caller.tenant, given.name, given.role, at=at, scopes=scopes, until=until)
    return shapes.KeyMade(key=_key(made), token=token)


@router.delete("/keys/{name}", status_code=204)
async def delete_key(
    rest: RestDep, caller: Administrator, name: Annotated[str, Path(description="Key.", examples=["warehouse"])]
) -> None:
    """Revoke a key, at once; the sessions opened with it end too."""
    await keys.revoke(rest.desk.db, caller.tenant, name)
    rest.forget()


@router.get("/audit")
async def get_audit(
    rest: RestDep, caller: Administrator, limit: Limit = USUAL, after: After = None, who: Word = None, what: Word = None
) -> shapes.Trail:
    """Who did and saw what, newest first. Reads are told within a second, changes before they begin."""
    before: int | None = decode(after, (int,))[0] if after else None
    found = await audit.listed(rest.desk.db, caller.tenant, who=who, what=what, before=before, limit=limit + 1)
    shown, following = page(found, limit, lambda one: (one.number,))
    return shapes.Trail(entries=[shapes.Entry.model_validate(one) for one in shown], next=following)


async def _code(rest: Rest, caller: Caller, name: str) -> str:
    bearer = Bearer(tenant=caller.tenant.number, sort=identity.Sort.USER, name=name)
    return await codes.make(rest.desk.db, bearer, at=rest.desk.clock.now())


def _key(one: keys.Key) -> shapes.Key:
    scopes = None if one.scopes is None else [right for right in identity.Right if right in one.scopes]
    return shapes.Key(
        name=one.name, role=one.role, scopes=scopes, created_at=one.created_at, expires_at=one.expires_at,
        seen_at=one.seen_at,
    )  # fmt: skip


def _name(after: str | None) -> str:
    return str(decode(after, (str,))[0]) if after else ""
