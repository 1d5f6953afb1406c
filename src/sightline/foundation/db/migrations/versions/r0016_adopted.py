"""Experiments whose winner was made the usual choice of their playbook."""

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

ADOPTED = """
alter table sightline.experiments add adopted text, add adopted_at timestamptz, add adopted_by text
"""

ONE_OF_A_PLAYBOOK = """
create unique index experiments_adopted on sightline.experiments (tenant, playbook) where adopted is not null
"""


def upgrade() -> None:
    """Add what was adopted: one choice of a playbook at a time."""
    for statement in (ADOPTED, ONE_OF_A_PLAYBOOK):
        op.execute(statement)
