"""The chance there was of the channel, with the decision: what came by each channel is weighed by it later."""

from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add it; null of what goes by one channel, and of what was decided before."""
    op.execute("alter table sightline.decisions add column channel_propensity double precision")
