"""The house: tenants, ledger, knowledge, predictions, actions, vault; every table under row level security."""

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

LEDGER_SPAN = 20_000_000
"""Positions per ledger partition: a partition and its index stay small enough to vacuum and back up alone."""

FOUNDATION = """
do $$ begin
  if exists (select from pg_available_extensions where name = 'vector') then
    create extension if not exists vector;
  end if;
end $$;
create function sightline.tenant() returns int language sql stable parallel safe as
  $$ select nullif(current_setting('sightline.tenant', true), '')::int $$;

-- One way to guard a table: whoever is not its owner sees the rows of the tenant of the transaction, and no others.
create function sightline.guard(named regclass) returns void language plpgsql as $$
begin
  execute format('alter table %s enable row level security', named);
  execute format('create policy tenant_only on %s using (tenant = sightline.tenant())'
                 ' with check (tenant = sightline.tenant())', named);
  execute format('grant select, insert, update, delete on %s to sightline_app', named);
end $$;

-- Whether a tenant has many rows in a table whose statistics know nothing of it: the planner would then expect one
-- row and join the tenant with itself, row by row. Where statistics leave room for others it expects an average.
create function sightline.overlooked(named regclass, whose int) returns boolean language plpgsql as $$
declare known int[]; covered real; many bigint; found boolean;
begin
  select s.most_common_vals::text::int[], (select sum(f) from unnest(s.most_common_freqs) f) into known, covered
  from pg_stats s join pg_namespace n on n.nspname = s.schemaname
  join pg_class c on c.relnamespace = n.oid and c.relname = s.tablename
  where c.oid = named and s.attname = 'tenant';
  if whose is null or whose = any(known) or covered < 0.999 then return false; end if;
  select greatest(500, c.reltuples / 3000) into many from pg_class c where c.oid = named;
  execute format('select exists (select from %s where tenant = $1 offset $2)', named) into found using whose, many;
  return found;
end $$;

-- The planner cannot wait for the autovacuum daemon's next minute: a table that has grown by half since it was last
-- looked at (or was never), or that overlooks the tenant at work, is looked at again. A tenth of a second, rarely.
create function sightline.refresh_statistics(variadic named regclass[]) returns void language plpgsql
  security definer set search_path = sightline, pg_temp as $$
declare one record;
begin
  for one in select c.oid::regclass as name from pg_class c where c.oid = any(named)
    and c.relnamespace = 'sightline'::regnamespace
    and (pg_relation_size(c.oid) > 1.5 * greatest(c.relpages, 0) * current_setting('block_size')::int + 500000
         or sightline.overlooked(c.oid, sightline.tenant()))
  loop execute format('analyze %s', one.name); end loop;
end $$;

create table sightline.tenants (
  tenant int generated always as identity primary key,
  name text not null unique check (name ~ '^[a-z][a-z0-9_-]{0,62}$'),
  parent int references sightline.tenants,
  clock_at timestamptz,
  created_at timestamptz not null default now()
);
select sightline.guard('sightline.tenants');

-- An ancestor reaches a tenant below it only where a grant says so; the tree alone opens nothing.
create table sightline.grants (
  tenant int not null references sightline.tenants,
  grantee int not null references sightline.tenants,
  role text not null check (role in ('viewer', 'operator', 'owner')),
  primary key (tenant, grantee)
);
select sightline.guard('sightline.grants');

create table sightline.access_tokens (
  tenant int not null references sightline.tenants,
  name text not null,
  role text not null check (role in ('viewer', 'operator', 'owner')),
  hash bytea not null unique,
  created_at timestamptz not null default now(),
  expires_at timestamptz,
  primary key (tenant, name)
);
select sightline.guard('sightline.access_tokens');

create function sightline.tenant_named(wanted text) returns table (tenant int, clock_at timestamptz)
  language sql stable security definer set search_path = sightline, pg_temp as
  $$ select t.tenant, t.clock_at from tenants t where t.name = wanted $$;
create function sightline.tenant_names() returns table (tenant int, name text) language sql stable security definer
  set search_path = sightline, pg_temp as $$ select t.tenant, t.name from tenants t order by t.tenant $$;
create function sightline.tenant_make(wanted text, under int, clock timestamptz) returns int language sql
  security definer set search_path = sightline, pg_temp as
  $$ insert into tenants (name, parent, clock_at) values (wanted, under, clock)
     on conflict (name) do update set name = excluded.name returning tenant $$;
create function sightline.tenant_drop(unwanted int) returns void language plpgsql security definer
  set search_path = sightline, pg_temp as $$
declare named text;
begin
  for named in select distinct c.table_schema || '.' || quote_ident(c.table_name) from information_schema.columns c
    join pg_class k on k.oid = (c.table_schema || '.' || quote_ident(c.table_name))::regclass
    where c.table_schema in ('sightline', 'sightline_keys') and c.column_name = 'tenant'
      and c.table_name <> 'tenants' and k.relkind in ('r', 'p') and not k.relispartition
  loop execute format('delete from %s where tenant = $1', named) using unwanted; end loop;
  delete from tenants where tenant = unwanted;
end $$;
revoke execute on function sightline.tenant_drop(int) from public;
create function sightline.token_owner(digest bytea) returns table (tenant int, name text, role text) language sql stable
  security definer set search_path = sightline, pg_temp as
  $$ select t.tenant, t.name, t.role from access_tokens t
     where t.hash = digest and (t.expires_at is null or t.expires_at > now()) $$;
create function sightline.grant_of(inside int, asking int) returns text language sql stable security definer
  set search_path = sightline, pg_temp as $$
  with recursive above as (
    select parent from tenants where tenant = inside
    union all select t.parent from tenants t join above a on t.tenant = a.parent)
  select g.role from grants g where g.tenant = inside and g.grantee = asking
    and g.grantee in (select parent from above) $$;
"""

LEDGER = f"""
create sequence sightline.ledger_position;
grant usage, select on sequence sightline.ledger_position to sightline_app;

create table sightline.ledger (
  tenant int not null,
  position bigint not null,
  source text not null,
  id text not null,
  root text not null,
  type text not null,
  kind text not null,
  key text not null,
  time timestamptz not null,
  known_at timestamptz not null,
  recorded_at timestamptz not null,
  cause text,
  revises text,
  batch text,
  data jsonb not null,
  primary key (tenant, position)
) partition by range (position);
select sightline.guard('sightline.ledger');
revoke update, delete on sightline.ledger from sightline_app;

-- The append keeps one partition ahead of itself, so nobody has to remember to. Made alone and then attached: making
-- it as a partition would lock out readers, who may be waiting for the appender in their turn.
create function sightline.ledger_extend(upto bigint) returns void language plpgsql security definer
  set search_path = sightline, pg_temp as $$
declare span bigint := {LEDGER_SPAN}; n bigint;
begin
  for n in 0 .. upto / span loop
    if to_regclass('sightline.ledger_' || n) is null then
      execute format('create table ledger_%s (like ledger including all)', n);
      execute format('alter table ledger attach partition ledger_%s for values from (%s) to (%s)',
                     n, n * span, (n + 1) * span);
    end if;
  end loop;
end $$;
select sightline.ledger_extend({LEDGER_SPAN});
create function sightline.ledger_room(upto bigint) returns void language plpgsql security definer
  set search_path = sightline, pg_temp as $$
begin
  if to_regclass('sightline.ledger_' || (upto / {LEDGER_SPAN} + 1)) is null then
    perform ledger_extend(upto + {LEDGER_SPAN});
  end if;
end $$;

-- What an append offers; one array of these is read in half the time of eleven arrays side by side.
create type sightline.offered_event as (
  source text, id text, type text, kind text, key text, time timestamptz, known_at timestamptz, cause text,
  revises text, batch text, data text
);

create table sightline.event_keys (
  tenant int not null, source text not null, id text not null, position bigint not null,
  primary key (tenant, source, id)
) partition by hash (tenant, source, id);
do $$ begin
  for n in 0 .. 15 loop
    execute format('create table sightline.event_keys_%s partition of sightline.event_keys'
                   ' for values with (modulus 16, remainder %s)', n, n);
  end loop;
end $$;
select sightline.guard('sightline.event_keys');
revoke update, delete on sightline.event_keys from sightline_app;

create table sightline.cursors (
  tenant int not null, consumer text not null, position bigint not null default 0,
  moved_at timestamptz not null default now(),
  primary key (tenant, consumer)
);
select sightline.guard('sightline.cursors');

create table sightline.lake_files (
  tenant int not null, path text not null, first bigint not null, last bigint not null, rows bigint not null,
  bytes bigint not null, written_at timestamptz not null default now(), replaced_at timestamptz,
  primary key (tenant, path)
);
select sightline.guard('sightline.lake_files');
"""

OBSERVE = """
create table sightline.batches (
  tenant int not null, id text not null, source text not null, file text not null, mapping text not null,
  started_at timestamptz not null, finished_at timestamptz, undone_at timestamptz,
  rows bigint not null default 0, events bigint not null default 0, repeated bigint not null default 0,
  revised bigint not null default 0, staged bigint not null default 0, quarantined bigint not null default 0,
  primary key (tenant, id)
);
select sightline.guard('sightline.batches');

create table sightline.mappings (
  tenant int not null, source text not null, text text not null, updated_at timestamptz not null,
  primary key (tenant, source)
);
select sightline.guard('sightline.mappings');

-- What each fact of a file was said to be, and by which imports: how repeats, changes and takings back are told apart.
create table sightline.imported (
  tenant int not null, source text not null, id text not null, revision int not null, said text not null,
  cut timestamptz,
  primary key (tenant, source, id)
) with (fillfactor = 75);
select sightline.guard('sightline.imported');

create table sightline.staged (
  tenant int not null, ordinal bigint generated always as identity, known_at timestamptz not null,
  source text not null, id text not null, passed_over boolean not null default false, event jsonb not null,
  primary key (tenant, ordinal), unique (tenant, source, id)
);
create index on sightline.staged (tenant, known_at, ordinal) where not passed_over;
select sightline.guard('sightline.staged');

create table sightline.quarantine (
  tenant int not null, id bigint generated always as identity, batch text, source text not null, line bigint,
  reason text not null, digest bytea not null, sealed bytea not null, at timestamptz not null,
  replayed_at timestamptz, replayed_in text, discarded_at timestamptz,
  primary key (tenant, id), unique (tenant, source, digest)
);
select sightline.guard('sightline.quarantine');
"""

KNOW = """
create table sightline.occurrences (
  tenant int not null, kind text not null, key text not null, position bigint not null,
  source text not null, id text not null, root text not null, type text not null,
  time timestamptz not null, known_at timestamptz not null, known_until timestamptz,
  data jsonb not null,
  primary key (tenant, kind, key, position)
);
create index on sightline.occurrences (tenant, source, root);
select sightline.guard('sightline.occurrences');

create table sightline.links (
  tenant int not null, kind text not null, key text not null, role text not null,
  to_kind text not null, to_key text not null, position bigint not null,
  known_at timestamptz not null, known_until timestamptz,
  primary key (tenant, kind, key, role, position)
);
create index on sightline.links (tenant, to_kind, to_key, known_at);
create index on sightline.links (tenant, position);
select sightline.guard('sightline.links');

create table sightline.entities (
  tenant int not null, kind text not null, key text not null, exists_from timestamptz not null,
  attributes jsonb not null, links jsonb not null,
  primary key (tenant, kind, key)
);
select sightline.guard('sightline.entities');
"""

PREDICT = """
create table sightline.questions (
  tenant int not null, name text not null, line text not null, asks text not null, made_at timestamptz not null,
  primary key (tenant, name)
);
select sightline.guard('sightline.questions');

create table sightline.models (
  tenant int not null, question text not null, version text not null, line text not null,
  champion boolean not null, trained_at timestamptz not null, as_of timestamptz not null, position bigint not null,
  document jsonb not null, proof jsonb not null,
  primary key (tenant, question, version)
);
create unique index one_champion on sightline.models (tenant, question) where champion;
select sightline.guard('sightline.models');

create table sightline.predictions (
  tenant int not null, question text not null, kind text not null, key text not null, cutoff timestamptz not null,
  model text not null, deadline timestamptz not null, matures_at timestamptz not null,
  probability double precision not null, low double precision not null, high double precision not null,
  worth double precision, expected_loss double precision, reasons jsonb not null, made_at timestamptz not null,
  withdrawn_at timestamptz, outcome boolean, outcome_at timestamptz,
  primary key (tenant, question, kind, key, cutoff, model)
);
create index on sightline.predictions (tenant, question, expected_loss desc);
create index on sightline.predictions (tenant, kind, key);
select sightline.guard('sightline.predictions');

-- Who is asked later, who is overdue and who is not asked at all, as the last scoring saw it.
create table sightline.populations (
  tenant int not null, question text not null, at timestamptz not null, document jsonb not null,
  primary key (tenant, question)
);
select sightline.guard('sightline.populations');
"""

ACT = """
create table sightline.findings (
  tenant int not null, detector text not null, kind text not null, key text not null, severity text not null,
  text text not null, evidence jsonb not null, at timestamptz not null, cleared_at timestamptz,
  primary key (tenant, detector, kind, key)
);
select sightline.guard('sightline.findings');

create table sightline.decisions (
  tenant int not null, key text not null, playbook text not null, choice text not null, kind text not null,
  subject text not null, party text not null, verb text not null, arm text not null, because text not null,
  value double precision not null, text text not null, question text, cutoff timestamptz,
  probability double precision, at timestamptz not null,
  primary key (tenant, key)
);
create index on sightline.decisions (tenant, kind, subject);
select sightline.guard('sightline.decisions');

create table sightline.actions (
  tenant int not null, key text not null, channel text not null, receiver text not null, subject text not null,
  text text not null, at timestamptz not null, reference text not null,
  primary key (tenant, key)
);
select sightline.guard('sightline.actions');

create table sightline.outcomes (
  tenant int not null, question text not null, kind text not null, key text not null, cutoff timestamptz not null,
  answer boolean not null, probability double precision not null, verb text, arm text, read_at timestamptz not null,
  primary key (tenant, question, kind, key, cutoff)
);
select sightline.guard('sightline.outcomes');
"""

VAULT = """
create table sightline.vault_values (
  tenant int not null, token text not null, person text not null, digest bytea not null, sealed bytea not null,
  primary key (tenant, token)
);
create unique index on sightline.vault_values (tenant, digest);
create index on sightline.vault_values (tenant, person);
select sightline.guard('sightline.vault_values');

-- Erased for ever, by the name the vault had; lifted where the person agreed anew and has another name since.
create table sightline.erasures (
  tenant int not null, person text not null, at timestamptz not null, lifted_at timestamptz,
  primary key (tenant, person)
);
create index on sightline.erasures (tenant) where lifted_at is not null;
select sightline.guard('sightline.erasures');

-- Keys stand in a schema of their own, so that a backup can take the values without them.
create schema if not exists sightline_keys;
grant usage on schema sightline_keys to sightline_app;
create table sightline_keys.person_keys (
  tenant int not null, person text not null, wrapped bytea not null,
  primary key (tenant, person)
);
select sightline.guard('sightline_keys.person_keys');
"""


def upgrade() -> None:
    """Build every room; all of it is one transaction."""
    for part in (FOUNDATION, LEDGER, OBSERVE, KNOW, PREDICT, ACT, VAULT):
        for statement in _statements(part):
            op.execute(statement)


def _statements(script: str) -> list[str]:
    """Split at semicolons that end a line outside of dollar quotes (the driver takes one statement a call)."""
    found: list[str] = []
    current: list[str] = []
    quoted = False
    for line in script.splitlines():
        current.append(line)
        quoted ^= line.count("$$") % 2 == 1
        if line.rstrip().endswith(";") and not quoted:
            found.append("\n".join(current).replace(":", r"\:"))
            current = []
    return found
