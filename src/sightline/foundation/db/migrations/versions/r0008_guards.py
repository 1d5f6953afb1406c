"""What is held to before anything is sent, who is not to be contacted, and who is told of persons."""

from alembic import op

revision = "0008"
down_revision = "0006"
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

COUNTED = "create index actions_of_receiver on sightline.actions (tenant, receiver, at)"


def upgrade() -> None:
    """Add what destinations say of themselves, and who released what."""
    for statement in (DESTINATIONS, DELIVERIES, COUNTED):
        op.execute(statement)
