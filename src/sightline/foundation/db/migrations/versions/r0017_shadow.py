"""What was learned by a decision's time, with the decision: its proof later rests on nothing that came since."""

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the chances and the expectations that were learned by then."""
    op.execute("alter table sightline.decisions add column learned jsonb")
