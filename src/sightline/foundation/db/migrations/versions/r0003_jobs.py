"""Long work as jobs, the files it reads, and what people call the answers of their own questions."""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

JOBS = """
create table sightline.jobs (
  tenant int not null references sightline.tenants, id text not null, what text not null, about text not null,
  state text not null default 'waiting' check (state in ('waiting', 'running', 'done', 'failed', 'cancelled')),
  done bigint, total bigint, note text not null default '', result jsonb, problem jsonb,
  file text, arguments bytea, made_by text not null, made_at timestamptz not null default now(),
  started_at timestamptz, ended_at timestamptz,
  worker text, beat_at timestamptz, attempts int not null default 0, cancel boolean not null default false,
  primary key (tenant, id)
)
"""

DUE = """
create function sightline.jobs_due(seconds double precision) returns table (name text) language sql stable
  security definer set search_path = sightline, pg_temp as
  $$ select t.name from jobs j join tenants t using (tenant)
     where j.state = 'waiting' or j.state = 'running' and j.beat_at < now() - make_interval(secs => seconds)
     group by t.name order by min(j.made_at) $$
"""

UPLOADS = """
create table sightline.uploads (
  tenant int not null references sightline.tenants, id text not null, name text not null, bytes bigint not null,
  made_by text not null, made_at timestamptz not null default now(),
  primary key (tenant, id)
)
"""

STEPS = (
    JOBS,
    "create index on sightline.jobs (tenant, made_at desc, id desc)",
    "create index jobs_unfinished on sightline.jobs (made_at) where state in ('waiting', 'running')",
    "select sightline.guard('sightline.jobs')",
    DUE,
    UPLOADS,
    "select sightline.guard('sightline.uploads')",
    "create index on sightline.batches (tenant, started_at desc, id desc)",
    "create index quarantine_waiting on sightline.quarantine (tenant, id)"
    " where replayed_at is null and discarded_at is null",
    "alter table sightline.questions add yes text not null default 'yes', add no text not null default 'no'",
)


def upgrade() -> None:
    """Add the rooms; all of it is one transaction."""
    for step in STEPS:
        op.execute(step)
