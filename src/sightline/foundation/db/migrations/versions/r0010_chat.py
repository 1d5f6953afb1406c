"""Chats in which people are asked: which destinations are, who is who there, and which of their messages came."""

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

DESTINATIONS = "alter table sightline.destinations add column asks jsonb, add column callback text"

USERS = """
create table sightline.chat_users (
  tenant int not null, id text not null, name text not null, made_at timestamptz not null default clock_timestamp(),
  team text, primary key (tenant, id),
  foreign key (tenant, name) references sightline.users on delete cascade
)
"""

MESSAGES = """
create table sightline.chat_messages (
  tenant int not null references sightline.tenants, key bytea not null, until timestamptz not null,
  primary key (tenant, key)
)
"""

PAST = "create index chat_messages_past on sightline.chat_messages (tenant, until)"


def upgrade() -> None:
    """Add what destinations take and answer, who is who in a chat, and the messages that are remembered."""
    guards = [f"select sightline.guard('sightline.{table}')" for table in ("chat_users", "chat_messages")]
    for statement in (DESTINATIONS, USERS, MESSAGES, PAST, *guards):
        op.execute(statement)
