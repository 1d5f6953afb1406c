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

from sightline.foundation import ledger
from sightline.foundation.db.migrate import MIGRATIONS, migrate
from sightline.foundation.db.session import Database, driver_url
from sightline.foundation.postgres import Server
from sightline.foundation.settings import Settings
from sightline.kernel.act import destinations, inbox, outbox
from sightline.kernel.learn import invariants
from sightline.kernel.predict import registry
from sightline.language.action import Policy
from sightline.language.catalog import Catalog
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


MODEL = """
insert into sightline.models (tenant, question, version, line, state, trained_at, as_of, position, document, proof)
values (1, 'q', 'm', 'a line', 'champion', $1, $1, 2, '{"form": 1}', '{"verdict": "usable", "headline": "It holds."}')
"""

EVENT = """
insert into sightline.ledger (tenant, position, source, id, root, type, kind, key, time, known_at, recorded_at, data)
values (1, $1, 'erp', $2, $2, 'line.described', 'line', $2, $3, $3, $3, '{"amount": 120.5}')
"""

DELIVERY = """
insert into sightline.deliveries (tenant, key, destination, receiver, subject, text, state)
values (1, $1, 'crm', 'project/acted', 'line/acted', 'It is 8 days late.', $2)
"""


async def sent(owner_url: str) -> None:
    """What an earlier version had recorded, learned, decided and sent."""
    told = await asyncpg.connect(owner_url)
    for position in (1, 2, 3):
        await told.execute(EVENT, position, f"e{position}", CUTOFF)
    await told.execute(MODEL, CUTOFF)
    await told.execute(
        "insert into sightline.destinations (tenant, name, channel, address)"
        " values (1, 'crm', 'webhook', 'https://crm.example.com/in')"
    )
    for key, state in (("p:line/acted", "done"), ("p:line/past", "dead")):
        await told.execute(DELIVERY, key, state)
    await told.execute(
        "insert into sightline.actions (tenant, key, channel, receiver, subject, text, at, reference) values"
        " (1, 'p:line/acted', 'crm', 'project/acted', 'line/acted', 'It is 8 days late.', $1, 'm')", CUTOFF,
    )  # fmt: skip
    await told.close()


async def test_what_was_recorded_learned_decided_and_sent_is_read_as_it_was(old: tuple[str, str]) -> None:
    owner_url, app_url = old
    await written(owner_url)
    await sent(owner_url)
    await migrate(owner_url)
    db = Database(app_url, pool=2)
    async with db.transaction(1) as tx:
        batch = await ledger.next_batch(tx, after=0, limit=10, reads=(reads := ledger.Reads(facts=True)))
        assert batch
        assert [(one.id, one.data) for one in await ledger.read(tx, batch, reads)] == [
            (f"e{n}", {"amount": 120.5}) for n in (1, 2, 3)
        ]
        # Nobody is told of what happened before anybody could ask to be; whoever has no ledger begins at its first.
        cursors = "select position from sightline.cursors where tenant = :t and consumer = 'publish'"
        assert await tx.value(cursors, t=1) == 3
        (crm,) = [one for one in await destinations.listed(tx) if one.name == "crm"]
        assert (crm.events, crm.about, crm.guards, crm.asks, crm.callback) == ((), (), Policy(), None, None)
        assert (crm.reveal, crm.waiting, crm.held, crm.dead) == (False, 0, 0, 1)
        found = {one.key: one for one in await outbox.listed(tx)}
        assert {key: (one.state, one.event) for key, one in found.items()} == {
            "p:line/acted": ("done", None), "p:line/past": ("dead", None),
        }  # fmt: skip
        again = await outbox.send_again(tx, found["p:line/past"].id, text=None, destination=None)
        assert (again.state, again.text) == ("waiting", "It is 8 days late.")
        (version,) = await registry.versions(tx, "q")
        assert (version.version, version.state, version.verdict) == ("m", "champion", "usable")
        assert (await registry.version(tx, "q", "m")).document == {"form": 1}
        assert await registry.reference_of(tx, "q", "m") is None
        # Of what the figures of a text stood on nobody knows: they are not held against it.
        row = await tx.row("select * from sightline.decisions where tenant = 1 and key = 'p:line/acted'")
        assert row
        assert (row["verb"], row["facts"], row["experiment"], row["channel"]) == ("act", None, None, "paper")
        looked = await invariants.look(tx, Settings(), Catalog(), CUTOFF + timedelta(days=1))
        assert [one.broken for one in looked if one.name == "figures_are_facts"] == [0]
    async with db.transaction(2) as tx:
        assert await tx.value(cursors, t=2) is None
    await db.close()


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


async def test_what_was_settled_before_is_looked_at_again_on_seven_days_by_its_own_clock(old: tuple[str, str]) -> None:
    owner_url, _ = old
    await to(owner_url, "0017")
    told = await asyncpg.connect(owner_url)
    await told.execute("insert into sightline.tenants (name, clock_at) values ('stands', $1), ('runs', null)", NOW)
    for tenant in (1, 2):
        await told.execute(
            "insert into sightline.decision_outcomes (tenant, key, cutoff, answer, closes_at, early, read_at)"
            " select $1, 'p:line/' || n, $2, 1, $2, n > 70, $2 from generate_series(1, 72) n", tenant, CUTOFF,
        )  # fmt: skip
    await to(owner_url, "0018")
    for tenant, now in ((1, NOW), (2, datetime.now(UTC))):
        rows = await told.fetch(
            "select looked_at, count(*) as n from sightline.decision_outcomes where tenant = $1 group by 1", tenant
        )
        found = {row["looked_at"]: row["n"] for row in rows}
        assert found.pop(None) == 2
        assert (len(found), sum(found.values()), max(found.values()) < 30) == (7, 70, True)
        assert now - timedelta(days=7) < min(found) <= max(found) <= now
    await told.close()
