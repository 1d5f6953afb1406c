"""Endpoints that other systems post webhooks to, and which messages came already."""

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

HOOKS = """
create table sightline.hooks (
  tenant int not null references sightline.tenants, name text not null, address text not null, source text not null,
  scheme text not null, options jsonb not null, secrets bytea not null, mapped boolean not null, each text not null,
  made_at timestamptz not null default clock_timestamp(), disabled_at timestamptz,
  refused_at timestamptz, refused_why text not null default '',
  primary key (tenant, name), unique (tenant, address), unique (tenant, source)
)
"""

MESSAGES = """
create table sightline.hook_messages (
  tenant int not null, hook text not null, key bytea not null, digest bytea not null, at timestamptz not null,
  until timestamptz not null,
  primary key (tenant, hook, key),
  foreign key (tenant, hook) references sightline.hooks on delete cascade
)
"""

LATEST = "create index hook_messages_latest on sightline.hook_messages (tenant, hook, at)"
PAST = "create index hook_messages_past on sightline.hook_messages (tenant, until)"


def upgrade() -> None:
    """Add hooks and the messages that are remembered."""
    guards = [f"select sightline.guard('sightline.{table}')" for table in ("hooks", "hook_messages")]
    for statement in (HOOKS, MESSAGES, LATEST, PAST, *guards):
        op.execute(statement)
