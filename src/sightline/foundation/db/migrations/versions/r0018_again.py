"""When what came of a decision was last looked at, where all that is known is needed for that."""

from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

# Beside `read_at`, which is when it last came out otherwise.
LOOKED = "alter table sightline.decision_outcomes add column looked_at timestamptz"


def upgrade() -> None:
    """Add when outcomes were looked at."""
    op.execute(LOOKED)
