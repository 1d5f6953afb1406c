"""Reading: ranked pages and counts without counting history, search by key, what was set aside, answers kept."""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

RANKS = {
    "money": "by_loss, by_chance, key, kind, cutoff",
    "probability": "by_chance, by_loss, key, kind, cutoff",
    "day": "deadline, by_loss, by_chance, key, kind, cutoff",
}
"""As `kernel/predict/listing.py` orders by them, all ascending: only then is a page found by one comparison of rows.
What it filters by is in each as well, so that a filter which hardly anything passes walks the index and no rows.
"""

STATES = {"open": "outcome is null", "met": "outcome is not null"}
"""An index of its own for each, so that what is open is never looked for among all that ever was."""

PREDICTIONS = """
alter table sightline.predictions
  add column by_loss double precision not null generated always as (- coalesce(expected_loss, '-Infinity')) stored,
  add column by_chance double precision not null generated always as (- probability) stored,
  add column verb text;

update sightline.predictions p set verb = (select d.verb from sightline.decisions d where d.tenant = p.tenant
  and d.question = p.question and d.kind = p.kind and d.subject = p.key and d.cutoff = p.cutoff
  order by d.at desc, d.key limit 1);

drop index sightline.predictions_tenant_question_expected_loss_idx;
create index predictions_standing on sightline.predictions (tenant, question, model, verb, deadline)
  include (expected_loss) where withdrawn_at is null and outcome is null;
create index predictions_answered on sightline.predictions (tenant, question, model, outcome)
  where withdrawn_at is null and outcome is not null;
create index on sightline.decisions (tenant, question, kind, subject, cutoff);

-- How the predictions of the model on duty came out: counted when outcomes are read, not when somebody looks.
create table sightline.tallies (
  tenant int not null, question text not null, model text not null, yes bigint not null, no bigint not null,
  primary key (tenant, question)
);
select sightline.guard('sightline.tallies');
insert into sightline.tallies (tenant, question, model, yes, no)
select p.tenant, p.question, p.model, count(*) filter (where p.outcome), count(*) filter (where not p.outcome)
from sightline.predictions p join sightline.models m
  on m.tenant = p.tenant and m.question = p.question and m.version = p.model and m.champion
where p.withdrawn_at is null and p.outcome is not null group by 1, 2, 3;
"""

ENTITIES = """
-- A column and no expression: under row level security only comparisons that leak nothing reach an index.
alter table sightline.entities
  add column folded text collate "C" not null generated always as (lower(key)) stored;
create index on sightline.entities (tenant, folded, kind, key);
create index on sightline.links (tenant, to_kind, to_key, kind, key) where known_until is null;
"""

ASIDES = """
create table sightline.asides (
  tenant int not null, id text not null, question text not null, kind text not null, key text not null,
  cutoff timestamptz not null, by text not null, at timestamptz not null,
  primary key (tenant, id), unique (tenant, question, kind, key, cutoff)
);
select sightline.guard('sightline.asides');
"""

ANSWERS = """
-- Answers to calls under an Idempotency-Key, sealed: they may hold what is shown only once, or names of persons.
create table sightline.answers (
  tenant int not null, caller text not null, key text not null, digest bytea not null, claim text not null,
  claimed_at timestamptz not null, answered_at timestamptz, status int, sealed bytea,
  primary key (tenant, caller, key)
);
create index on sightline.answers (tenant, claimed_at);
select sightline.guard('sightline.answers');
"""


def upgrade() -> None:
    """Add columns and indexes to what is read in pages, and the tables of this step."""
    ranks = "".join(
        f"create index predictions_{state}_{rank} on sightline.predictions (tenant, question, model, {columns})"
        f" include ({'verb' if rank == 'day' else 'deadline, verb'}) where withdrawn_at is null and {condition};\n"
        for rank, columns in RANKS.items()
        for state, condition in STATES.items()
    )
    for part in (PREDICTIONS, ranks, ENTITIES, ASIDES, ANSWERS):
        for statement in part.split(";\n"):
            if statement.strip():
                op.execute(statement.replace(":", r"\:"))
