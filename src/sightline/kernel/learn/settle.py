"""Settle: join what was predicted, decided and done with what then happened; a late record corrects it.

A prediction counts towards what is learned once it is mature (deadline plus grace), never because its own answer
came early: early answers are a biased sample. Until then an early answer is shown beside it, as a fact.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sightline.foundation.turn import Turn
from sightline.kernel.learn.meeting import meet, meet_known, meet_lately, plain
from sightline.kernel.predict import standing
from sightline.language import derived
from sightline.language.event import Event
from sightline.language.question import Once, Question
from sightline.language.ref import Ref

_SETTLE = """
insert into sightline.outcomes as o (tenant, question, kind, key, cutoff, answer, censored, probability, quantity, verb,
  arm, read_at)
select distinct on (p.kind, p.key, p.cutoff) p.tenant, p.question, p.kind, p.key, p.cutoff, p.outcome, p.censored,
       p.probability, p.quantity, d.verb, d.arm, :now
from sightline.predictions p left join sightline.decisions d on d.tenant = p.tenant and d.question = p.question
  and d.kind = p.kind and d.subject = p.key and d.cutoff = p.cutoff
where p.tenant = :t and p.question = :question and p.withdrawn_at is null and p.matures_at <= :now
  and p.outcome is not null
order by p.kind, p.key, p.cutoff, p.made_at
on conflict (tenant, question, kind, key, cutoff) do update set answer = excluded.answer, censored = excluded.censored,
  read_at = excluded.read_at
where (o.answer, o.censored) is distinct from (excluded.answer, excluded.censored)
returning kind, key, cutoff, answer, censored, probability, quantity, verb, arm
"""


async def settle(turn: Turn) -> None:
    """Read the answers that are in, settle what is mature, correct what was settled wrongly."""
    standing.after_answers(turn.tx, list(turn.catalog.questions))
    questions = list(turn.catalog.questions.values())
    others = []
    for question in questions:
        if isinstance(question.when, Once):
            await meet_known(turn, question)
        elif plain(question, turn.catalog):
            await meet(turn, question)
        else:
            others.append(question)
    await meet_lately(turn, others)
    for question in questions:
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
                "answer": bool(row["answer"]) if question.chance else row["answer"],
                "censored": row["censored"],
                "probability": row["probability"],
                "quantity": row["quantity"],
                "verb": row["verb"],
                "arm": row["arm"],
            },
        )
        for row in rows
    ]
