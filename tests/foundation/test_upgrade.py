"""A database that an earlier version wrote, brought to the shape of this one with what stood in it."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import asyncpg
import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import create_async_engine

from sightline.foundation.db.migrate import MIGRATIONS, migrate
from sightline.foundation.db.session import Database, driver_url
from sightline.foundation.postgres import Server
from sightline.kernel.act import inbox
from sightline.language.ref import Ref
from tests.conftest import named

NOW = datetime(2015, 1, 10, tzinfo=UTC)
"""Where the clock of the first workspace stands; that of the second runs with the world."""

CUTOFF = datetime(2015, 1, 1, tzinfo=UTC)


async def to(owner_url: str, revision: str) -> None:
    """Bring a database to an earlier revision, as `migrate` brings it to the newest."""
    engine = create_async_engine(driver_url(owner_url))

    def upgrade(connection: Connection) -> None:
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        config.set_main_option("path_separator", "os")
        config.attributes["connection"] = connection
        command.upgrade(config, revision)

    async with engine.begin() as connection:
        await connection.exec_driver_sql("create schema if not exists sightline")
        await connection.exec_driver_sql("grant usage on schema sightline to sightline_app")
        await connection.run_sync(upgrade)
    await engine.dispose()


@pytest.fixture
async def old(postgres: Server) -> AsyncIterator[tuple[str, str]]:
    """A database as the version before the inbox left it: its URLs as owner and as the application."""
    name = f"old_{secrets.token_hex(6)}"
    admin = await asyncpg.connect(named(postgres.owner_url, "postgres"))
    await admin.execute(f"create database {name}")
    owner_url, app_url = named(postgres.owner_url, name), named(postgres.app_url, name)
    try:
        await to(owner_url, "0006")
        yield owner_url, app_url
    finally:
        await admin.execute(f"drop database {name} with (force)")
        await admin.close()


DECISION = """
insert into sightline.decisions (tenant, key, playbook, choice, kind, subject, party, verb, arm, because, value, text,
  question, cutoff, probability, at)
values ($1, 'p:line/' || $2, 'p', 'tell', 'line', $2, 'project/' || $2, $3, 'treated', 'No line.', 100, 'Look.', 'q',
  $4, .7, $5)
"""

PREDICTION = """
insert into sightline.predictions (tenant, question, kind, key, cutoff, model, deadline, matures_at, probability, low,
  high, worth, reasons, made_at, outcome, withdrawn_at, superseded)
values ($1, 'q', 'line', $2, $3, 'm', $4, $4, .7, .6, .8, 5000, '[{"text": "The vendor is slow."}]', $3, $5, $6, $7)
"""


async def written(owner_url: str) -> None:
    """What the version before the inbox had put to people, and what became of it since."""
    told = await asyncpg.connect(owner_url)
    later, past, asked = NOW + timedelta(days=9), NOW - timedelta(days=2), NOW - timedelta(days=8)
    await told.execute("insert into sightline.tenants (name, clock_at) values ('stands', $1), ('runs', null)", NOW)
    for key, verb, deadline, outcome, withdrawn, superseded in (
        ("open", "ask", later, None, None, False),
        ("acted", "act", later, None, None, False),
        ("past", "ask", past, None, None, False),
        ("answered", "ask", later, 1.0, None, False),
        ("withdrawn", "ask", later, None, NOW, False),
        ("followed", "ask", later, None, None, True),
        ("aside", "ask", later, None, None, False),
    ):
        await told.execute(DECISION, 1, key, verb, CUTOFF, asked)
        await told.execute(PREDICTION, 1, key, CUTOFF, deadline, outcome, withdrawn, superseded)
    await told.execute(
        "insert into sightline.asides (tenant, id, question, kind, key, cutoff, by, at)"
        " values (1, 'a', 'q', 'line', 'aside', $1, 'ada', $1)", CUTOFF,
    )  # fmt: skip
    for key, cleared in (("found", None), ("cleared", NOW)):
        await told.execute(DECISION, 1, key, "ask", None, asked)
        await told.execute(
            "insert into sightline.findings (tenant, detector, kind, key, severity, text, evidence, at, cleared_at)"
            " values (1, 'd', 'line', $1, 'warning', 'Overdue.', '{}', $2, $3)", key, CUTOFF, cleared,
        )  # fmt: skip
    far = datetime.now(UTC) + timedelta(days=400)
    await told.execute(DECISION, 2, "elsewhere", "ask", CUTOFF, asked)
    await told.execute(PREDICTION, 2, "elsewhere", CUTOFF, far, None, None, False)
    await told.close()


async def test_what_was_put_to_people_before_there_was_an_inbox_is_asked_now(old: tuple[str, str]) -> None:
    owner_url, app_url = old
    await written(owner_url)
    await migrate(owner_url)
    db = Database(app_url, pool=2)
    async with db.transaction(1) as tx:
        items = {one.subject: one for one in await inbox.listed(tx)}
        assert set(items) == {"line/open", "line/found"}
        one = items["line/open"]
        assert (one.state, one.by_default, one.text, one.party) == ("open", "drop", "Look.", "project/open")
        assert (one.reasons, one.worth, one.made_at) == (("The vendor is slow.",), 5000, NOW - timedelta(days=8))
        assert one.due_at == NOW + timedelta(days=7)
        assert items["line/found"].worth is None
        timers = await tx.rows("select name, due_at from sightline.timers where tenant = 1 order by name")
        assert [dict(row) for row in timers] == [
            {"name": inbox.TIMER + id_, "due_at": one.due_at} for id_ in sorted(item.id for item in items.values())
        ]
        # The same thing asked about once more is the same thing.
        asked = inbox.Asked(
            key=one.key, playbook="p", choice="tell", channel="paper", subject=Ref.parse(one.subject),
            party=Ref.parse(one.party), text="", because="", value=1, made_at=NOW, due_at=NOW, by_default="drop",
        )  # fmt: skip
        assert asked.id == one.id
        assert (await inbox.answer(tx, one.id, yes=True, by="ada", now=NOW)).state == "approved"
    async with db.transaction(2) as tx:
        (other,) = await inbox.listed(tx)
        assert other.subject == "line/elsewhere"
        assert timedelta(days=6, hours=23) < other.due_at - datetime.now(UTC) <= timedelta(days=7)
    await db.close()
