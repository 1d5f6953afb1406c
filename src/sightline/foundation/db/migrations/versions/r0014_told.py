"""Destinations that are told what happens, and what came of decisions within the time that counts as theirs."""

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

DESTINATIONS = """
alter table sightline.destinations
  add column events text[] not null default '{}', add column about text[] not null default '{}',
  add column told_after bigint not null default 0
"""

DELIVERIES = "alter table sightline.deliveries add column event text, add column facts jsonb"

# What the figures of texts stand on; of what was said before nobody knows.
DECISIONS = "alter table sightline.decisions add column facts jsonb"

TOLD = "create index deliveries_told on sightline.deliveries (tenant, ended_at) where event is not null"

# Nobody is told of what happened before anybody could ask to be, and no experiment was under way: the whole ledger need
# not be walked for that.
CURSORS = """
insert into sightline.cursors (tenant, consumer, position)
select t.tenant, c.name, l.last from sightline.tenants t cross join lateral (
  select max(position) as last from sightline.ledger l where l.tenant = t.tenant) l
cross join (values ('publish'), ('study')) c(name)
where l.last is not null on conflict do nothing
"""


OUTCOMES = """
create table sightline.decision_outcomes (
  tenant int not null, key text not null, cutoff timestamptz, answer double precision not null,
  probability double precision, quantity double precision, closes_at timestamptz not null, happened_at timestamptz,
  early boolean not null, read_at timestamptz not null, primary key (tenant, key)
)
"""

GUARD = "select sightline.guard('sightline.decision_outcomes')"


def upgrade() -> None:
    """Add what is subscribed to, and begin there with what comes; add what came of decisions."""
    for statement in (DESTINATIONS, DELIVERIES, DECISIONS, TOLD, CURSORS, OUTCOMES, GUARD):
        op.execute(statement)
