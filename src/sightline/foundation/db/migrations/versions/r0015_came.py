"""When a late record corrected what had counted; how much came within a decision's time; decisions by day."""

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

# Of what was corrected before only the ledger tells.
CORRECTED = [
    f"alter table sightline.{table} add column corrected_at timestamptz" for table in ("outcomes", "decision_outcomes")
]

# Beside what was predicted, which is its `quantity`.
CAME_TO = "alter table sightline.decision_outcomes add column came_to double precision"

NEWEST = "create index decisions_newest on sightline.decisions (tenant, at desc, key)"


def upgrade() -> None:
    """Add when outcomes were corrected, how much came, and the order in which decisions are listed."""
    for statement in (*CORRECTED, CAME_TO, NEWEST):
        op.execute(statement)
