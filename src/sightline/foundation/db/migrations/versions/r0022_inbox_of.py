"""What waits for each user is counted from an index alone, however much ended before."""

from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

INBOX_OF = """
create index inbox_of on sightline.inbox (tenant, assignee) include (party) where state in ('open', 'snoozed')
"""


def upgrade() -> None:
    """Make the index."""
    op.execute(INBOX_OF)
