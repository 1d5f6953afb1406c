"""When what came of a decision was last looked at; decisions by verb; which guards stopped an experiment."""

from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

# Beside `read_at`, which is when it last came out otherwise.
LOOKED = "alter table sightline.decision_outcomes add column looked_at timestamptz"

# As if each had been looked at on a day of its own within the last week, by the clock of its workspace: so that a day
# looks at about a seventh of them.
SPREAD = """
update sightline.decision_outcomes o set looked_at = t.now - interval '1 day' * mod(
  hashtext(o.key) + 2147483648 + floor(extract(epoch from t.now) / 86400)::bigint, 7)
from (select tenant, coalesce(clock_at, now()) as now from sightline.tenants) t
where t.tenant = o.tenant and not o.early
"""

# By arm. Of those that ended before, why they ended tells.
STOPPED = "alter table sightline.experiments add column stopped jsonb"

BY_VERB = "create index decisions_by_verb on sightline.decisions (tenant, verb, at desc, key)"


def upgrade() -> None:
    """Add when outcomes were looked at, decisions by verb and newest first, and what stopped which arm."""
    for statement in (LOOKED, SPREAD, BY_VERB, STOPPED):
        op.execute(statement)
