"""What is held to before anything is sent, who is not to be contacted, and who is told of persons."""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

DESTINATIONS = """
alter table sightline.destinations
  add column reveal boolean not null default false, add column guards jsonb not null default '{}'
"""

DELIVERIES = """
alter table sightline.deliveries
  drop constraint deliveries_state_check,
  add constraint deliveries_state_check check (state in ('waiting', 'sending', 'held', 'done', 'dead')),
  add column released_at timestamptz, add column released_by text
"""

CONTACTS = """
create table sightline.contacts_stopped (
  tenant int not null references sightline.tenants, kind text not null, key text not null, address bytea,
  at timestamptz not null, by text not null,
  primary key (tenant, kind, key)
)
"""

BY_ADDRESS = "create index contacts_stopped_by_address on sightline.contacts_stopped (tenant, address)"

COUNTED = "create index actions_of_receiver on sightline.actions (tenant, receiver, at)"


def upgrade() -> None:
    """Add what destinations say of themselves, who released what, and who is not to be contacted."""
    guard = "select sightline.guard('sightline.contacts_stopped')"
    for statement in (DESTINATIONS, DELIVERIES, COUNTED, CONTACTS, BY_ADDRESS, guard):
        op.execute(statement)
