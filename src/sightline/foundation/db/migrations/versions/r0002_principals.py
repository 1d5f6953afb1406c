"""Principals: users, sessions, one-time codes, keys with scopes, and the audit trail."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

KEYS = (
    """
alter table sightline.access_tokens add column sort text not null default 'key' check (sort in ('key', 'owner')),
  add column scopes text[], add column seen_at timestamptz
""",
    "update sightline.access_tokens set sort = 'owner' where name = 'owner'",
    "drop function sightline.token_owner(bytea)",
    """
create function sightline.token_owner(digest bytea, at timestamptz)
  returns table (tenant int, home text, name text, role text, sort text, scopes text[], seen_at timestamptz)
  language sql stable security definer set search_path = sightline, pg_temp as
  $$ select k.tenant, t.name, k.name, k.role, k.sort, k.scopes, k.seen_at from access_tokens k
     join tenants t on t.tenant = k.tenant
     where k.hash = digest and (k.expires_at is null or k.expires_at > at) $$
""",
)

USERS = (
    """
create table sightline.users (
  tenant int not null references sightline.tenants, name text not null check (name ~ '^[a-z0-9][a-z0-9._@+-]{0,99}$'),
  role text not null check (role in ('viewer', 'operator', 'owner')), password text, created_at timestamptz not null,
  seen_at timestamptz, disabled_at timestamptz,
  primary key (tenant, name)
)
""",
    "select sightline.guard('sightline.users')",
    # A user of a workspace, or of one above it: the nearest of that name.
    """
create function sightline.user_named(wanted text, inside int) returns table (tenant int, password text) language sql
  stable security definer set search_path = sightline, pg_temp as $$
  with recursive above as (
    select t.tenant, t.parent, 0 as far from tenants t where t.tenant = inside
    union all select t.tenant, t.parent, a.far + 1 from tenants t join above a on t.tenant = a.parent)
  select u.tenant, u.password from users u join above a on a.tenant = u.tenant
  where u.name = wanted and u.disabled_at is null order by a.far limit 1 $$
""",
)

SESSIONS = (
    # `token`: the hash of the access token a session stands for; it ends with it.
    """
create table sightline.sessions (
  tenant int not null references sightline.tenants, hash bytea not null unique,
  sort text not null check (sort in ('user', 'key', 'owner')), name text not null, token bytea,
  made_at timestamptz not null, used_at timestamptz not null,
  primary key (tenant, hash)
)
""",
    "create index on sightline.sessions (tenant, name)",
    "select sightline.guard('sightline.sessions')",
    """
create function sightline.session_owner(digest bytea, at timestamptz, idle interval, longest interval)
  returns table (tenant int, home text, name text, role text, sort text, scopes text[], seen_at timestamptz)
  language sql stable security definer set search_path = sightline, pg_temp as
  $$ select s.tenant, t.name, s.name, coalesce(u.role, k.role), s.sort, k.scopes, s.used_at from sessions s
     join tenants t on t.tenant = s.tenant
     left join users u on s.sort = 'user' and u.tenant = s.tenant and u.name = s.name and u.disabled_at is null
     left join access_tokens k on s.sort <> 'user' and k.tenant = s.tenant and k.hash = s.token
       and (k.expires_at is null or k.expires_at > at)
     where s.hash = digest and s.used_at > at - idle and s.made_at > at - longest
       and (u.name is not null or k.name is not null) $$
""",
    """
create table sightline.codes (
  tenant int not null references sightline.tenants, hash bytea not null unique,
  sort text not null check (sort in ('user', 'key', 'owner')), name text not null, made_at timestamptz not null,
  primary key (tenant, hash)
)
""",
    "select sightline.guard('sightline.codes')",
    # Of two who come at once, one finds the row gone.
    """
create function sightline.code_take(digest bytea, since timestamptz) returns table (tenant int, sort text, name text)
  language sql security definer set search_path = sightline, pg_temp as
  $$ delete from codes c where c.hash = digest and c.made_at > since returning c.tenant, c.sort, c.name $$
""",
    """
create function sightline.workspaces_of(asking int)
  returns table (tenant int, name text, clock_at timestamptz, role text) language sql stable security definer
  set search_path = sightline, pg_temp as
  $$ select t.tenant, t.name, t.clock_at, null from tenants t where t.tenant = asking
     union all select t.tenant, t.name, t.clock_at, g.role from grants g join tenants t on t.tenant = g.tenant
     where g.grantee = asking and grant_of(g.tenant, asking) is not null $$
""",
)

AUDIT = (
    """
create table sightline.audit (
  tenant int not null, id bigint generated always as identity, at timestamptz not null, who text not null,
  sort text not null check (sort in ('user', 'key', 'owner', 'nobody')), what text not null, target text not null,
  status int, times int not null default 1, begun bigint,
  primary key (tenant, id)
)
""",
    "create index on sightline.audit (tenant, begun) where begun is not null",
    "create index on sightline.audit (tenant, who, id)",
    "create index on sightline.audit (tenant, what, id)",
    "select sightline.guard('sightline.audit')",
    "revoke update, delete on sightline.audit from sightline_app",
)


def upgrade() -> None:
    """Add what the one owner's token did not need; all of it is one transaction."""
    for statement in (*KEYS, *USERS, *SESSIONS, *AUDIT):
        op.execute(statement)
