"""Settle: join what was predicted, decided and done with what then happened; a late record corrects it.

A prediction counts towards what is learned once it is mature (deadline plus grace), never because its own answer
came early: early answers are a biased sample. Until then an early answer is shown beside it, as a fact.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sightline.foundation import ledger
from sightline.foundation.turn import Turn
from sightline.kernel.learn.attributed import attribute
from sightline.kernel.learn.meeting import TOUCHED, Touched, meet, meet_known, meet_lately
from sightline.kernel.predict import standing
from sightline.language import derived
from sightline.language.event import Event
from sightline.language.question import Once, Question
from sightline.language.ref import Ref

MOST_TOUCHED = 300
"""With more events in a turn everybody's answers are read."""

_SETTLE = """
insert into sightline.outcomes as o (tenant, question, kind, key, cutoff, answer, censored, probability, quantity, verb,
  arm, read_at)
select distinct on (p.kind, p.key, p.cutoff) p.tenant, p.question, p.kind, p.key, p.cutoff, p.outcome, p.censored,
       p.probability, p.quantity, d.verb, d.arm, :now
from sightline.predictions p left join sightline.decisions d on d.tenant = p.tenant and d.question = p.question
  and d.kind = p.kind and d.subject = p.key and d.cutoff = p.cutoff
where p.tenant = :t and p.question = :question and p.withdrawn_at is null and p.matures_at <= :now
  and p.outcome is not null{these}
order by p.kind, p.key, p.cutoff, p.made_at
on conflict (tenant, question, kind, key, cutoff) do update set answer = excluded.answer, censored = excluded.censored,
  read_at = excluded.read_at, corrected_at = excluded.read_at
where (o.answer, o.censored) is distinct from (excluded.answer, excluded.censored)
returning kind, key, cutoff, answer, censored, probability, quantity, verb, arm
"""


async def settle(turn: Turn) -> bool:
    """Read the answers that are in, settle what is mature, correct what was settled wrongly. True: something is left
    for another turn; predictions are taken up in the last one.
    """
    if await attribute(turn):
        return True
    touched, others = await _touched(turn), []
    questions = await _asked(turn, touched)
    standing.after_answers(turn.tx, [one.name for one in questions])
    for question in questions:
        if isinstance(question.when, Once):
            await meet_known(turn, question, touched)
        elif turn.catalog.plain(question):
            await meet(turn, question, touched)
        else:
            others.append(question)
    if touched.keys is None:
        await meet_lately(turn, others)
    for question in questions:
        these, keys = touched.these(question)
        named = {"t": turn.tx.tenant, "question": question.name, "now": turn.now, **keys}
        rows = await turn.tx.rows(_SETTLE.format(these=these), **named)
        turn.record(_told(turn, question, rows))
    return False


async def _asked(turn: Turn, touched: Touched) -> list[Question]:
    """The questions about whom the turn concerns, of which anything was ever predicted."""
    about = [one for one in turn.catalog.questions.values() if touched.keys is None or one.of in touched.keys]
    rows = await turn.tx.rows(
        "select q.name from unnest(cast(:names as text[])) q(name) where exists"
        " (select from sightline.predictions p where p.tenant = :t and p.question = q.name)",
        t=turn.tx.tenant, names=[one.name for one in about],
    )  # fmt: skip
    predicted = {row["name"] for row in rows}
    return [one for one in about if one.name in predicted]


async def _touched(turn: Turn) -> Touched:
    """Whom a few events concern. After many, a new day or a bulk run everybody: answers become due, and what is said
    of a cutoff long past may have had its answer before.
    """
    if turn.batch.matched > MOST_TOUCHED:
        return Touched()
    events = await ledger.read(turn.tx, turn.batch, turn.reads)
    if any(event.type in {derived.DAY_BEGAN, derived.SCORED} for event in events):
        return Touched()
    keys: dict[str, list[str]] = {}
    for row in await turn.tx.rows(TOUCHED, t=turn.tx.tenant, after=turn.batch.after, last=turn.batch.last):
        keys.setdefault(row["kind"], []).append(row["key"])
    return Touched(keys)


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
