"""Playbooks: users' own, their runs step by step, what people are asked, and the timers all of them wait for."""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

DECISIONS = """
alter table sightline.decisions add channel text not null default 'paper', add worth double precision,
  add reasons text[] not null default '{}', add version text not null default ''
"""

OF_PARTY = "create index decisions_of_party on sightline.decisions (tenant, party, at)"
BY_PLAYBOOK = "create index decisions_by_playbook on sightline.decisions (tenant, playbook, at)"

PLAYBOOKS = """
create table sightline.playbooks (
  tenant int not null references sightline.tenants, name text not null, version int not null, text text not null,
  made_at timestamptz not null, by text not null default '', dropped_at timestamptz,
  primary key (tenant, name, version)
)
"""

TIMERS = """
create table sightline.timers (
  tenant int not null, name text not null, due_at timestamptz not null, primary key (tenant, name)
)
"""

TIMERS_DUE = "create index timers_due on sightline.timers (tenant, due_at)"

RUNS = """
create table sightline.runs (
  tenant int not null, id text not null default 'run_' || replace(gen_random_uuid()::text, '-', ''),
  key text not null, playbook text not null, version text not null default '', kind text not null,
  subject text not null, party text not null, question text, choice text not null,
  state text not null default 'running' check (state in ('running', 'paused', 'ended', 'cancelled', 'stuck')),
  step text, attempt int not null default 1, waits_for text, listens text[], due_at timestamptz, pending text,
  began_at timestamptz not null, decided_at timestamptz not null, ended_at timestamptz,
  why text not null default '', primary key (tenant, id), unique (tenant, key)
)
"""

RUNS_LISTEN = """
create index runs_listen on sightline.runs (tenant, kind, subject) where listens is not null and ended_at is null
"""

RUNS_LISTEN_TOO = (
    "create index runs_listen_too on sightline.runs (tenant, party) where listens is not null and ended_at is null"
)

# What is done later in a run is of the same decision.
ACTIONS_OF = "create index actions_of on sightline.actions (tenant, split_part(key, '#', 1))"

RUNS_WAIT = "create index runs_wait on sightline.runs (tenant, waits_for) where waits_for is not null"

RUNS_LISTED = "create index runs_listed on sightline.runs (tenant, began_at desc, id desc)"

STEPS = """
create table sightline.run_steps (
  tenant int not null, run text not null, number int not null, step text not null, what text not null,
  at timestamptz not null, detail text not null default '', primary key (tenant, run, number)
)
"""

INBOX = """
create table sightline.inbox (
  tenant int not null, id text not null default 'ask_' || replace(gen_random_uuid()::text, '-', ''),
  key text not null, run text, playbook text not null, version text not null default '',
  choice text not null, channel text not null,
  kind text not null, subject text not null, party text not null, question text, cutoff timestamptz,
  probability double precision, text text not null, because text not null,
  reasons text[] not null default '{}', value double precision not null, worth double precision,
  made_at timestamptz not null, due_at timestamptz not null, by_default text not null,
  state text not null default 'open'
    check (state in ('open', 'snoozed', 'approved', 'rejected', 'expired', 'overtaken')),
  snoozed_until timestamptz, assignee text, ended_at timestamptz, ended_by text, why text not null default '',
  primary key (tenant, id), unique (tenant, key)
)
"""

INBOX_LISTED = "create index inbox_listed on sightline.inbox (tenant, state, value desc, id)"

INVARIANTS = """
create table sightline.invariants (
  tenant int not null, name text not null, broken int not null, example text not null default '',
  checked_at timestamptz not null, broken_since timestamptz, primary key (tenant, name)
)
"""

GUARDED = ("playbooks", "timers", "runs", "run_steps", "inbox", "invariants")


def upgrade() -> None:
    """Make the tables; each is seen by its tenant only."""
    made = (
        *(DECISIONS, OF_PARTY, BY_PLAYBOOK, PLAYBOOKS, TIMERS, TIMERS_DUE),
        *(RUNS, RUNS_LISTEN, RUNS_LISTEN_TOO, ACTIONS_OF, RUNS_WAIT, RUNS_LISTED, STEPS),
        *(INBOX, INBOX_LISTED, INVARIANTS),
    )
    for statement in made:
        op.execute(statement)
    for table in GUARDED:
        op.execute(f"select sightline.guard('sightline.{table}')")
