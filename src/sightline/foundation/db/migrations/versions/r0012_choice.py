"""Experiments, what was learned about which choice for whom, and by what lot a choice was made."""

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

DECISIONS = """
alter table sightline.decisions add experiment text, add propensity double precision, add usual text, add shadow text,
  add known jsonb, add choices text[]
"""

OF_EXPERIMENT = """
create index decisions_of_experiment on sightline.decisions (tenant, experiment) where experiment is not null
"""

EXPERIMENTS = """
create table sightline.experiments (
  tenant int not null references sightline.tenants, id text not null, playbook text not null, name text not null,
  declared jsonb not null, plan jsonb,
  state text not null default 'running' check (state in ('running', 'waiting', 'ended')),
  began_at timestamptz not null, until timestamptz not null, closed_at timestamptz, ended_at timestamptz,
  looked_at timestamptz, by text not null, verdict text, winner text, why text not null default '',
  primary key (tenant, id), unique (tenant, playbook, name)
)
"""

ONE_AT_A_TIME = """
create unique index experiments_running on sightline.experiments (tenant, playbook) where state = 'running'
"""

CHOOSERS = """
create table sightline.choosers (
  tenant int not null references sightline.tenants, playbook text not null, version int not null,
  learned jsonb not null, judged jsonb not null, loose boolean not null, seen int not null,
  fitted_at timestamptz not null, since timestamptz not null,
  taken_back_at timestamptz,
  primary key (tenant, playbook)
)
"""


def upgrade() -> None:
    """Add what is drawn, and what is learned from it."""
    guards = [f"select sightline.guard('sightline.{table}')" for table in ("experiments", "choosers")]
    for statement in (DECISIONS, OF_EXPERIMENT, EXPERIMENTS, ONE_AT_A_TIME, CHOOSERS, *guards):
        op.execute(statement)
