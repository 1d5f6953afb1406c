"""When a late record corrected what had counted; decisions by day."""

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

# Of what was corrected before only the ledger tells.
CORRECTED = [
    f"alter table sightline.{table} add column corrected_at timestamptz" for table in ("outcomes", "decision_outcomes")
]

NEWEST = "create index decisions_newest on sightline.decisions (tenant, at desc, key)"


def upgrade() -> None:
    """Add when outcomes were corrected, and the order in which decisions are listed."""
    for statement in (*CORRECTED, NEWEST):
        op.execute(statement)
