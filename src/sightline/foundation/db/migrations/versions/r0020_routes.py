"""Routes: who is asked what a playbook puts into the inbox."""

from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

ROUTES = """
create table sightline.routes (
  tenant int not null references sightline.tenants, name text not null, place int not null, playbook text not null,
  whom text not null default '', users text[] not null, made_at timestamptz not null, by text not null,
  primary key (tenant, name)
)
"""


def upgrade() -> None:
    """Make the table; it is seen by its tenant only."""
    op.execute(ROUTES)
    op.execute("select sightline.guard('sightline.routes')")
