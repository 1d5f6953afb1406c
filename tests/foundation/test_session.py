"""The way to a row: what a transaction finds when the server has ended its connections meanwhile."""

from __future__ import annotations

from tests.conftest import Fresh

ENDED = (
    "select count(pg_terminate_backend(pid)) from pg_stat_activity"
    " where usename = 'sightline_app' and datname = current_database()"
)


async def test_a_connection_that_was_ended_while_nobody_used_it_is_made_anew(fresh: Fresh) -> None:
    async with fresh.db.transaction(None) as tx, fresh.db.transaction(None) as beside:
        before = {await one.value("select pg_backend_pid()") for one in (tx, beside)}
    async with fresh.owner.transaction(None) as tx:
        assert await tx.value(ENDED) == 2
    async with fresh.db.transaction(7) as tx, fresh.db.transaction(8) as beside:
        now = {await one.value("select pg_backend_pid()") for one in (tx, beside)}
        assert [await one.value("select sightline.tenant()") for one in (tx, beside)] == [7, 8]
    assert not before & now
