"""What came of each decision within the time that counts as its own: its playbook's attribution window.

A forecast has its question's deadline to be judged by. What follows from a finding or an event has none, and what is
done late may still work: there the window says how long after the decision what happens counts as its outcome, for
those who were acted upon and for controls alike. What happens within it is kept at once, and counts once the window
has closed and late records had their grace; a record that comes later still, of something within it, corrects what was
kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sightline.foundation.turn import Turn
from sightline.kernel.act.checking import attributable
from sightline.kernel.learn.meeting import TOUCHED
from sightline.language import derived
from sightline.language.catalog import Catalog
from sightline.language.event import Event
from sightline.language.playbook import Playbook
from sightline.language.question import Happens, Question
from sightline.language.ref import Ref

_DAY_BEGAN = """
select exists (select from sightline.ledger where tenant = :t and position > :after and position <= :last
  and type = :type)
"""

_CLOSED = """ or d.at + :window + :grace <= :now and not exists (select from sightline.decision_outcomes w
    where w.tenant = d.tenant and w.key = d.key and not w.early)"""

# Of whom the batch tells something, and, when time has passed, those whose window has closed since. What was settled
# keeps the window that it was settled by.
_CAME = f"""
with touched as materialized ({TOUCHED}), read as materialized (
  select d.key, d.kind, d.subject, d.probability, d.cutoff, d.verb, d.arm,
    coalesce(s.closes_at, d.at + :window) as closes_at,
    s.key is null and d.at + :window + :grace > :now as early,
    (select min(o.time) from sightline.occurrences o where o.tenant = d.tenant and o.kind = d.kind and o.key = d.subject
       and o.type = :event and o.known_until is null and o.known_at <= :now and o.time > d.at
       and o.time <= coalesce(s.closes_at, d.at + :window)) as happened_at
  from sightline.decisions d
  left join sightline.decision_outcomes s on s.tenant = d.tenant and s.key = d.key and not s.early
  where d.tenant = :t and d.playbook = :playbook and d.question = :question and d.verb in ('act', 'ask', 'hold')
    and (exists (select from touched t where t.kind = d.kind and t.key = d.subject){{closed}})
), gone as (
  delete from sightline.decision_outcomes w using read where w.tenant = :t and w.key = read.key and read.early
    and read.happened_at is null
), kept as (
  insert into sightline.decision_outcomes as w (tenant, key, cutoff, answer, probability, closes_at, happened_at, early,
    read_at)
  select :t, key, cutoff,
    case when happened_at is null then cast(:never as float8) else 1 - cast(:never as float8) end,
    probability, closes_at, happened_at, early, :now
  from read where happened_at is not null or not early
  on conflict (tenant, key) do update set answer = excluded.answer, closes_at = excluded.closes_at,
    happened_at = excluded.happened_at, early = excluded.early, read_at = excluded.read_at,
    corrected_at = case when not w.early then excluded.read_at end
  where (w.answer, w.happened_at, w.early) is distinct from (excluded.answer, excluded.happened_at, excluded.early)
  returning key, answer, happened_at, early, closes_at
)
select kept.*, read.kind, read.subject, read.verb, read.arm from kept join read using (key) order by kept.key
"""


def windowed(catalog: Catalog) -> Iterator[tuple[Playbook, Question]]:
    """Playbooks whose decisions have a time of their own, with their questions."""
    for playbook in catalog.playbooks.values():
        question = catalog.questions.get(playbook.question)
        if playbook.window is not None and question is not None and attributable(question, catalog):
            yield playbook, question


async def attribute(turn: Turn) -> None:
    """Keep what came of decisions, as far as this batch or the passing of time tells."""
    found = list(windowed(turn.catalog))
    if not found:
        return
    tx, after, last = turn.tx, turn.batch.after, turn.batch.last
    passed = await tx.value(_DAY_BEGAN, t=tx.tenant, after=after, last=last, type=derived.DAY_BEGAN)
    for playbook, question in found:
        rows = await tx.rows(
            _CAME.format(closed=_CLOSED if passed else ""),
            t=tx.tenant, after=after, last=last, now=turn.now, playbook=playbook.name, question=question.name,
            event=question.event, window=playbook.window, grace=question.grace,
            never=0.0 if isinstance(question.answer, Happens) else 1.0,
        )  # fmt: skip
        turn.record(_told(turn, playbook, question, rows))


def _told(turn: Turn, playbook: Playbook, question: Question, rows: Sequence[Any]) -> list[Event]:
    return [
        Event(
            id=f"settled:{row['key']}:{turn.batch.last}",
            source=derived.SOURCE,
            type=derived.DECISION_SETTLED,
            subject=Ref(row["kind"], row["subject"]),
            time=turn.now,
            known_at=turn.now,
            data={
                "key": row["key"],
                "playbook": playbook.name,
                "question": question.name,
                "answer": bool(row["answer"]),
                "happened_at": row["happened_at"].isoformat() if row["happened_at"] else None,
                "closes_at": row["closes_at"].isoformat(),
                "early": row["early"],
                "verb": row["verb"],
                "arm": row["arm"],
            },
        )
        for row in rows
    ]
