"""What stands beside predictions so that nobody counts history to read it: the last decision, how answers came out.

Both follow two consumers that run side by side (a model on duty speaks anew while decisions are made about what the one
before said). Each brings them up to date as the last thing before its commit, under one lock of the tenant: whoever
comes second sees what the first committed, and nobody waits longer than for a commit.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sightline.foundation.db.session import Transaction

_LOCK = 7_301_003
"""With the number of a tenant."""

_LAST = """
update sightline.predictions p set verb = d.verb from (
  select distinct on (question, kind, subject, cutoff) question, kind, subject, cutoff, verb
  from sightline.decisions where tenant = :t and {those}
  order by question, kind, subject, cutoff, at desc, key) d
where p.tenant = :t and p.question = d.question and p.kind = d.kind and p.key = d.subject and p.cutoff = d.cutoff
  and p.verb is distinct from d.verb
"""

_DECIDED = _LAST.format(
    those="(question, kind, subject, cutoff) in (select question, kind, subject, cutoff from sightline.decisions"
    " where tenant = :t and key = any(:keys))"
)

_SAID = _LAST.format(
    those="(question, kind, subject, cutoff) in (select question, kind, key, cutoff from sightline.predictions"
    " where tenant = :t and question = any(:questions) and withdrawn_at is null and outcome is null and verb is null"
    " and made_at >= :since)"
)

_TALLY = """
insert into sightline.tallies as had (tenant, question, model, yes, no, measured)
select m.tenant, m.question, m.version, count(*) filter (where p.outcome = 1 and p.probability is not null),
       count(*) filter (where p.outcome = 0 and p.probability is not null),
       count(*) filter (where p.key is not null and p.probability is null)
from sightline.models m left join sightline.predictions p on p.tenant = m.tenant and p.question = m.question
  and p.model = m.version and p.withdrawn_at is null and p.outcome is not null
where m.tenant = :t and m.question = any(:questions) and m.champion
group by m.tenant, m.question, m.version
on conflict (tenant, question) do update set model = excluded.model, yes = excluded.yes, no = excluded.no,
  measured = excluded.measured
where (had.model, had.yes, had.no, had.measured)
  is distinct from (excluded.model, excluded.yes, excluded.no, excluded.measured)
"""


def after_decisions(tx: Transaction, keys: Sequence[str]) -> None:
    """Before the commit: let predictions show what these decisions (by key) make of them."""

    async def renew(tx: Transaction) -> None:
        await _alone(tx)
        await tx.run(_DECIDED, t=tx.tenant, keys=list(keys))

    tx.at_last(renew)


def after_forecasts(tx: Transaction, questions: Sequence[str], *, since: datetime) -> None:
    """Before the commit: let predictions made since then show what was decided before, and count the answers anew."""

    async def renew(tx: Transaction) -> None:
        await _alone(tx)
        await tx.run(_SAID, t=tx.tenant, questions=list(questions), since=since)
        await tx.run(_TALLY, t=tx.tenant, questions=list(questions))

    tx.at_last(renew)


def after_answers(tx: Transaction, questions: Sequence[str]) -> None:
    """Before the commit: count the answers of the models on duty anew."""

    async def renew(tx: Transaction) -> None:
        await _alone(tx)
        await tx.run(_TALLY, t=tx.tenant, questions=list(questions))

    tx.at_last(renew)


async def _alone(tx: Transaction) -> None:
    await tx.run("select pg_advisory_xact_lock(cast(:k as int), cast(:t as int))", k=_LOCK, t=tx.tenant)
