"""What was put to people before there was an inbox enters it now, as far as it is still to be decided."""

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

# Still to be decided is what rests on a forecast that stands (not answered, withdrawn, followed by a newer one, past or
# set aside), or on a finding that was not cleared. Nobody was late with an answer to what nobody could answer, so each
# has as long from now on as what is asked today. Whatever else was put to people is over, and nobody is asked.
ASKED = r"""
with asked as (
  select d.*, coalesce(t.clock_at, now()) as here from sightline.decisions d join sightline.tenants t using (tenant)
  where d.verb = 'ask'
    and not exists (select from sightline.inbox i where i.tenant = d.tenant and i.key = d.key)
    and not exists (select from sightline.runs r where r.tenant = d.tenant and r.key = d.key)
), still as (
  select a.*, p.worth as at_stake, array(select one ->> 'text' from jsonb_array_elements(p.reasons) one) as grounds
  from asked a join lateral (
    select p.worth, p.reasons from sightline.predictions p
    where p.tenant = a.tenant and p.question = a.question and p.kind = a.kind and p.key = a.subject
      and p.cutoff = a.cutoff and p.withdrawn_at is null and p.outcome is null and not p.superseded
      and p.deadline > a.here
    order by p.made_at desc limit 1) p on true
  where not exists (select from sightline.asides s where s.tenant = a.tenant and s.question = a.question
    and s.kind = a.kind and s.key = a.subject and s.cutoff = a.cutoff)
  union all
  select a.*, null, '{}' from asked a
  where a.cutoff is null and exists (select from sightline.findings f where f.tenant = a.tenant and f.kind = a.kind
    and f.key = a.subject and f.at <= a.at and f.cleared_at is null)
), put as (
  insert into sightline.inbox (tenant, id, key, playbook, version, choice, channel, kind, subject, party, question,
    cutoff, probability, text, because, reasons, value, worth, made_at, due_at, by_default)
  select tenant, 'ask_' || left(encode(sha256(convert_to(key, 'UTF8')), 'hex'), 32), key, playbook, version, choice,
    channel, kind, subject, party, question, cutoff, probability, text, because,
    case when reasons = '{}' then grounds else reasons end, value, coalesce(worth, at_stake), at,
    here + interval '7 days', 'drop'
  from still
  on conflict do nothing returning tenant, id, due_at
)
insert into sightline.timers (tenant, name, due_at) select tenant, 'ask:' || id, due_at from put
on conflict do nothing
"""


def upgrade() -> None:
    """Ask what was to be asked, as `kernel/act/inbox.py` does."""
    op.execute(ASKED.replace(":", r"\:"))
