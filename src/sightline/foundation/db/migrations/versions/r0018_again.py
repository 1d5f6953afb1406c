"""When what came of a decision was last looked at; decisions by verb."""

from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

# Beside `read_at`, which is when it last came out otherwise.
LOOKED = "alter table sightline.decision_outcomes add column looked_at timestamptz"

BY_VERB = "create index decisions_by_verb on sightline.decisions (tenant, verb, at desc, key)"


def upgrade() -> None:
    """Add when outcomes were looked at, and decisions by verb, newest first."""
    for statement in (LOOKED, BY_VERB):
        op.execute(statement)
