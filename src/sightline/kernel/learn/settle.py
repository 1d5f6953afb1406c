"""Settle: join what was predicted, decided and done with what then happened; a late record corrects it.

A prediction counts towards what is learned once it is mature (deadline plus grace), never because its own answer
came early: early answers are a biased sample. Until then an early answer is shown beside it, as a fact.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sightline.foundation.turn import Turn
from sightline.kernel.predict import standing
from sightline.language import derived
from sightline.language.event import Event
from sightline.language.question import Absent, Question
from sightline.language.ref import Ref

_MEET = """
with read as (
  select p.kind, p.key, p.cutoff, p.model,
         case when o.known or :now >= p.matures_at then o.in_time <> :absent end as answer
  from sightline.predictions p cross join lateral (
    select count(*) > 0 as known, coalesce(bool_or(o.time <= p.deadline), false) as in_time
    from sightline.occurrences o where o.tenant = p.tenant and o.kind = p.kind and o.key = p.key
      and o.type = :event and o.known_until is null and o.known_at <= :now) o
  where p.tenant = :t and p.question = :question and p.withdrawn_at is null
)
update sightline.predictions p set outcome = read.answer, outcome_at = :now from read
where p.tenant = :t and p.question = :question and p.kind = read.kind and p.key = read.key
  and p.cutoff = read.cutoff and p.model = read.model and p.outcome is distinct from read.answer
"""

_SETTLE = """
insert into sightline.outcomes as o (tenant, question, kind, key, cutoff, answer, probability, verb, arm, read_at)
select distinct on (p.kind, p.key, p.cutoff) p.tenant, p.question, p.kind, p.key, p.cutoff, p.outcome, p.probability,
       d.verb, d.arm, :now
from sightline.predictions p left join sightline.decisions d on d.tenant = p.tenant and d.question = p.question
  and d.kind = p.kind and d.subject = p.key and d.cutoff = p.cutoff
where p.tenant = :t and p.question = :question and p.withdrawn_at is null and p.matures_at <= :now
  and p.outcome is not null
order by p.kind, p.key, p.cutoff, p.made_at
on conflict (tenant, question, kind, key, cutoff) do update set answer = excluded.answer, read_at = excluded.read_at
where o.answer is distinct from excluded.answer
returning kind, key, cutoff, answer, probability, verb, arm
"""


async def settle(turn: Turn) -> None:
    """Read the answers that are in, settle what is mature, correct what was settled wrongly."""
    standing.after_answers(turn.tx, list(turn.catalog.questions))
    for question in turn.catalog.questions.values():
        await turn.tx.run(
            _MEET,
            t=turn.tx.tenant, question=question.name, event=question.event, now=turn.now,
            absent=isinstance(question.answer, Absent),
        )  # fmt: skip
        rows = await turn.tx.rows(_SETTLE, t=turn.tx.tenant, question=question.name, now=turn.now)
        turn.record(_told(turn, question, rows))


def _told(turn: Turn, question: Question, rows: Sequence[Any]) -> list[Event]:
    return [
        Event(
            id=f"settled:{question.name}:{row['kind']}/{row['key']}:{row['cutoff'].isoformat()}:{turn.batch.last}",
            source=derived.SOURCE,
            type=derived.SETTLED,
            subject=Ref(row["kind"], row["key"]),
            time=turn.now,
            known_at=turn.now,
            data={
                "question": question.name,
                "cutoff": row["cutoff"].isoformat(),
                "answer": row["answer"],
                "probability": row["probability"],
                "verb": row["verb"],
                "arm": row["arm"],
            },
        )
        for row in rows
    ]
