"""When what came of a decision was last looked at; decisions by verb; which guards stopped an experiment."""

from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

# Beside `read_at`, which is when it last came out otherwise.
LOOKED = "alter table sightline.decision_outcomes add column looked_at timestamptz"

# By arm. Of those that ended before, how they stand tells.
STOPPED = "alter table sightline.experiments add column stopped jsonb"

BY_VERB = "create index decisions_by_verb on sightline.decisions (tenant, verb, at desc, key)"


def upgrade() -> None:
    """Add when outcomes were looked at, decisions by verb and newest first, and what stopped which arm."""
    for statement in (LOOKED, BY_VERB, STOPPED):
        op.execute(statement)
