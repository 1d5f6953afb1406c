"""Any question: quantities beside probabilities, subjects asked again and again, several versions of a model."""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

RANKS = {
    "money": "by_loss, by_chance, key, kind, cutoff",
    "probability": "by_chance, by_loss, key, kind, cutoff",
    "day": "deadline, by_loss, by_chance, key, kind, cutoff",
}
"""As in 0004; made anew, since what they hold is."""

STATES = {"open": "outcome is null and not superseded", "met": "outcome is not null"}

OLD = "".join(f"drop index sightline.predictions_{state}_{rank};\n" for rank in RANKS for state in STATES)

# Quantities stand behind all chances (0 to -1), the larger first: nobody compares 41 days with 31 %. The logarithm
# keeps them within bounds, and apart what differs by a part in a million million.
PREDICTIONS = """
alter table sightline.predictions
  drop column by_chance,
  alter column probability drop not null,
  alter column outcome type double precision using outcome::int,
  add column quantity double precision,
  add column mean double precision,
  add column censored boolean not null default false,
  add column superseded boolean not null default false,
  add constraint one_answer check ((probability is null) <> (quantity is null));
alter table sightline.predictions
  add column by_chance double precision not null generated always as
    (coalesce(- probability, 1000 - sign(quantity) * ln(1 + abs(quantity)))) stored;

drop index sightline.predictions_standing;
create index predictions_standing on sightline.predictions (tenant, question, model, verb, deadline)
  include (expected_loss, superseded) where withdrawn_at is null and outcome is null;
drop index sightline.predictions_answered;
create index predictions_answered on sightline.predictions (tenant, question, model, outcome)
  include (probability) where withdrawn_at is null and outcome is not null;

alter table sightline.tallies add column measured bigint not null default 0;
alter table sightline.outcomes
  alter column answer type double precision using answer::int,
  alter column probability drop not null,
  add column quantity double precision,
  add column censored boolean not null default false;
"""

MODELS = """
alter table sightline.models
  add column state text not null default 'retired' check (state in ('champion', 'challenger', 'retired')),
  add column took_over_from text,
  add column on_duty_since timestamptz,
  add column why text not null default 'asked' check (why in ('asked', 'schedule', 'drift', 'data')),
  add column reason text not null default '',
  add column admitted jsonb not null default '[]';
update sightline.models m set state = 'champion', on_duty_since = trained_at, took_over_from = (
  select o.version from sightline.models o where o.tenant = m.tenant and o.question = m.question and not o.champion
    and o.trained_at < m.trained_at order by o.trained_at desc limit 1) where champion;
drop index sightline.one_champion;
alter table sightline.models drop column champion;
alter table sightline.models
  add column champion boolean not null generated always as (state = 'champion') stored;
create unique index one_champion on sightline.models (tenant, question) where champion;
create index on sightline.models (tenant, question, trained_at desc);

-- When a question is trained again without being told to.
create table sightline.schedules (
  tenant int not null, question text not null, every_days int check (every_days between 1 and 3660),
  on_drift boolean not null default false, by text not null, at timestamptz not null, tried_at timestamptz,
  primary key (tenant, question)
);
select sightline.guard('sightline.schedules');

alter table sightline.questions add column unit text;
"""


def upgrade() -> None:
    """Widen what there is; all of it is one transaction."""
    ranks = "".join(
        f"create index predictions_{state}_{rank} on sightline.predictions (tenant, question, model, {columns})"
        f" include ({'verb' if rank == 'day' else 'deadline, verb'}) where withdrawn_at is null and {condition};\n"
        for rank, columns in RANKS.items()
        for state, condition in STATES.items()
    )
    for part in (OLD, PREDICTIONS, ranks, MODELS):
        for statement in part.split(";\n"):
            if statement.strip():
                op.execute(statement.replace(":", r"\:"))
