"""Sessions and codes: how long they last, whatever the order of use, and that a code is used once."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sightline.foundation.identity import Right, Role, Sort, codes, keys, sessions, users
from sightline.foundation.identity.rights import SEEN_EVERY
from sightline.foundation.tenants import Tenant
from sightline.kernel.desk import Desk
from sightline.language.errors import Unauthenticated
from sightline.testing import make

START = make.day(0)
GAPS = st.lists(st.integers(0, 40 * 24 * 60).map(lambda minutes: timedelta(minutes=minutes)), max_size=8)


async def opened(desk: Desk, tenant: Tenant, name: str, at: datetime) -> str:
    """A session of a new user."""
    await users.add(desk.db, tenant, name, Role.VIEWER, at=at)
    secret = await sessions.of_user(desk.db, tenant.number, name, password=None, at=at)
    assert secret
    return secret


def lasts(uses: list[datetime]) -> list[bool]:
    """A plain model: used within 30 days of the last use that counted, and within 90 of the first."""
    last, told = START, []
    for use in uses:
        alive = use - last < sessions.IDLE and use - START < sessions.LONGEST
        # Written once a minute at most, so the last use may count from up to a minute before it.
        last = use if alive and last < use - SEEN_EVERY else last
        told.append(alive)
    return told


@settings(max_examples=40)
@given(GAPS)
async def test_a_session_lasts_while_it_is_used_and_never_longer_than_it_may(
    desk: Desk, workspace: Tenant, gaps: list[timedelta]
) -> None:
    name = f"u{abs(hash(tuple(gaps)))}"
    uses = [START + sum(gaps[: count + 1], timedelta()) for count in range(len(gaps))]
    async with desk.db.transaction(workspace.number) as tx:
        await tx.run("delete from sightline.users where tenant = :t and name = :n", t=workspace.number, n=name)
    secret = await opened(desk, workspace, name, START)
    found = []
    for use in uses:
        try:
            found.append((await sessions.holder(desk.db, secret, at=use)).name == name)
        except Unauthenticated:
            found.append(False)
    assert found == lasts(uses)


async def test_seen_is_written_once_a_minute_at_most(desk: Desk, workspace: Tenant) -> None:
    secret = await opened(desk, workspace, "anna", START)
    seen = []
    for seconds in (1, 59, 61, 90, 122):
        await sessions.holder(desk.db, secret, at=START + timedelta(seconds=seconds))
        seen.append((await users.get(desk.db, workspace, "anna")).seen_at)
    first, second = START + timedelta(seconds=61), START + timedelta(seconds=122)
    assert seen == [None, None, first, first, second]


async def test_what_ended_by_itself_is_forgotten(desk: Desk, workspace: Tenant) -> None:
    await opened(desk, workspace, "anna", START)
    await opened(desk, workspace, "otto", START + sessions.IDLE)
    async with desk.db.transaction(workspace.number) as tx:
        assert [row["name"] for row in await tx.rows("select name from sightline.sessions")] == ["otto"]


async def test_a_password_that_changes_in_this_moment_opens_nothing(desk: Desk, workspace: Tenant) -> None:
    await users.add(desk.db, workspace, "anna", Role.VIEWER, at=START, password="seven green bicycles")
    async with desk.db.transaction(workspace.number) as tx:
        proved = await tx.value("select password from sightline.users where name = 'anna'")
    _, made = await asyncio.gather(
        users.change(desk.db, workspace, "anna", at=START, password="eight blue umbrellas"),
        sessions.of_user(desk.db, workspace.number, "anna", password=proved, at=START),
    )
    assert await sessions.of_user(desk.db, workspace.number, "anna", password=proved, at=START) is None
    if made is not None:
        with pytest.raises(Unauthenticated):
            await sessions.holder(desk.db, made, at=START)


async def test_a_session_of_a_key_has_its_scopes_and_its_end(desk: Desk, workspace: Tenant) -> None:
    scopes, until = frozenset({Right.READ}), START + timedelta(days=2)
    await keys.add(desk.db, workspace, "robot", Role.OPERATOR, at=START, scopes=scopes, until=until)
    secret = await sessions.of_token(desk.db, workspace.number, Sort.KEY, "robot", at=START)
    assert secret
    found = await sessions.holder(desk.db, secret, at=until - timedelta(seconds=1))
    assert (found.sort, found.rights()) == (Sort.KEY, {Right.READ})
    with pytest.raises(Unauthenticated):
        await sessions.holder(desk.db, secret, at=until)
    assert await sessions.of_token(desk.db, workspace.number, Sort.KEY, "robot", at=until) is None


@settings(max_examples=15)
@given(st.integers(2, 8))
async def test_a_code_is_used_once_even_when_many_arrive_together(desk: Desk, workspace: Tenant, many: int) -> None:
    bearer = codes.Bearer(tenant=workspace.number, sort=Sort.USER, name="anna")
    code = await codes.make(desk.db, bearer, at=START)
    taken = await asyncio.gather(*(codes.take(desk.db, code, at=START) for _ in range(many)))
    assert [one for one in taken if one] == [bearer]


@pytest.mark.parametrize(("after", "lets"), [(0, True), (899, True), (900, False), (10**6, False)])
async def test_a_code_lasts_a_quarter_of_an_hour(desk: Desk, workspace: Tenant, after: int, lets: bool) -> None:
    bearer = codes.Bearer(tenant=workspace.number, sort=Sort.USER, name="anna")
    code = await codes.make(desk.db, bearer, at=START)
    assert (await codes.take(desk.db, code, at=START + timedelta(seconds=after)) == bearer) == lets


async def test_whoever_is_shut_out_has_no_link_left(desk: Desk, workspace: Tenant) -> None:
    await users.add(desk.db, workspace, "anna", Role.VIEWER, at=START)
    bearer = codes.Bearer(tenant=workspace.number, sort=Sort.USER, name="anna")
    code = await codes.make(desk.db, bearer, at=START)
    await users.change(desk.db, workspace, "anna", at=START, disabled=True)
    assert await codes.take(desk.db, code, at=START) is None
