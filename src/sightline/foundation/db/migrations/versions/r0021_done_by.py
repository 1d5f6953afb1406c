"""What was done by a playbook is found by how its keys begin, whatever else was done."""

from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

# Of an action the decision is found by its whole key: what goes before its first # serves nothing any more.
WHOLE = "drop index sightline.actions_of"

# In the order of its bytes, so that what begins alike stands together whatever the database's own order is.
BY_KEY = """create index actions_by_key on sightline.actions (tenant, key collate "C")"""


def upgrade() -> None:
    """Put one index in the place of another."""
    for statement in (WHOLE, BY_KEY):
        op.execute(statement)
