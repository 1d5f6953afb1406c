"""One path for all that leaves: where to, what is to be sent, and how far that is."""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

DESTINATIONS = """
create table sightline.destinations (
  tenant int not null references sightline.tenants, name text not null, channel text not null,
  address text not null default '', secrets bytea, made_at timestamptz not null default now(),
  failing_since timestamptz, disabled_at timestamptz, disabled_why text not null default '',
  primary key (tenant, name)
)
"""

DELIVERIES = """
create table sightline.deliveries (
  tenant int not null, key text not null,
  id text not null default 'msg_' || replace(gen_random_uuid()::text, '-', ''),
  destination text not null, receiver text not null, subject text not null, text text not null,
  state text not null default 'waiting' check (state in ('waiting', 'sending', 'done', 'dead')),
  made_at timestamptz not null default clock_timestamp(), not_before timestamptz not null default clock_timestamp(),
  worker text, lease_until timestamptz, attempts int not null default 0, taken_over int not null default 0,
  sent_again int not null default 0, ended_at timestamptz, reference text, repeated boolean not null default false,
  problem text not null default '', hint text not null default '',
  primary key (tenant, key), unique (tenant, id)
)
"""

OPEN = """
create index deliveries_open on sightline.deliveries (tenant, destination, state, not_before)
  where state in ('waiting', 'sending')
"""

LISTED = "create index deliveries_listed on sightline.deliveries (tenant, made_at desc, id desc)"

# Across workspaces: a courier sees who has something to be sent, where to and since when, and nothing else of them.
DUE = """
create function sightline.deliveries_due() returns table (tenant int, destination text, at timestamptz) language sql
  stable security definer set search_path = sightline, pg_temp as
  $$ select e.tenant, e.name, min(o.at) from destinations e cross join lateral (
       (select d.not_before as at from deliveries d where d.tenant = e.tenant and d.destination = e.name
          and d.state = 'waiting' order by d.not_before limit 1)
       union all
       (select min(d.lease_until) from deliveries d where d.tenant = e.tenant and d.destination = e.name
          and d.state = 'sending')) o
     where e.disabled_at is null and o.at <= clock_timestamp() group by e.tenant, e.name order by 3 $$
"""

GUARDS = ("select sightline.guard('sightline.destinations')", "select sightline.guard('sightline.deliveries')")


def upgrade() -> None:
    """Make the tables; each is seen by its tenant only."""
    for statement in (DESTINATIONS, DELIVERIES, OPEN, LISTED, DUE, *GUARDS):
        op.execute(statement)
