"""What is held to before anything is sent, who is not to be contacted, and who is told of persons."""

from alembic import op

revision = "0008"
down_revision = "0006"
branch_labels = None
depends_on = None

DESTINATIONS = "alter table sightline.destinations add column reveal boolean not null default false"


def upgrade() -> None:
    """Add what destinations say of themselves."""
    op.execute(DESTINATIONS)
