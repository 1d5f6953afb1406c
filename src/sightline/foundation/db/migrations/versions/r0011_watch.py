"""Models watched on duty: what they are compared with, what rivals say beside them, and the alarms."""

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

REFERENCE = "alter table sightline.models add column reference jsonb"

ALARMS = """
create table sightline.alarms (
  tenant int not null, id text not null default 'alarm_' || replace(gen_random_uuid()::text, '-', ''),
  question text not null, version text not null, what text not null, words text not null, advice text not null,
  since timestamptz, raised_at timestamptz not null, lifted_at timestamptz, lifted_by text,
  why text not null default '', primary key (tenant, id)
)
"""

STANDING = "create unique index alarms_standing on sightline.alarms (tenant, question, version, what)"
STANDING += " where lifted_at is null"

# What another version says of whom the one on duty spoke of.
RIVALS = """
create table sightline.rivals (
  tenant int not null, question text not null, version text not null, key text not null, cutoff timestamptz not null,
  said double precision not null, made_at timestamptz not null,
  primary key (tenant, question, version, key, cutoff)
)
"""

WATCHED = """
create table sightline.watched (
  tenant int not null, question text not null, version text not null, at timestamptz not null, upto timestamptz,
  document jsonb not null, primary key (tenant, question)
)
"""


def upgrade() -> None:
    """Add the tables; each is seen by its tenant only."""
    guards = [f"select sightline.guard('sightline.{table}')" for table in ("alarms", "rivals", "watched")]
    for statement in (REFERENCE, ALARMS, STANDING, RIVALS, WATCHED, *guards):
        op.execute(statement)
