"""What came of each decision within the time that counts as its own: its playbook's attribution window.

A forecast has its question's deadline to be judged by. What follows from a finding or an event has none, and what is
done late may still work: there the window says how long after the decision what happens counts as its outcome, for
those who were acted upon and for controls alike. What happens within it is kept at once, and counts once the window
has closed and late records had their grace; a record that comes later still, of something within it, corrects what was
kept.

Where what happens to the subject itself tells, that is counted in the database at every turn, as answers are (see
`meeting`). With conditions on events, amounts, or events of what is linked to the subject, all that is known is needed.
That is read once a day, for those whose window has closed, and for those settled within a year that nobody looked at
for a week: whatever corrects them, a late record or a link that was wrong, is noticed within days. Each has its own day
of the week, so that a day looks at about a seventh of them, however many were settled together. A turn reads all that
is known once and takes them piece by piece, the newly closed first, up to `MOST`. Each that was looked at says when, so
whatever is left is simply what the next turn finds, here or after a crash.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sightline.foundation.turn import Turn
from sightline.kernel.act.checking import attributable
from sightline.kernel.learn.meeting import TOUCHED
from sightline.kernel.predict.afterwards import afterwards
from sightline.kernel.predict.known import known
from sightline.language import derived
from sightline.language.catalog import Catalog
from sightline.language.event import Event
from sightline.language.playbook import Playbook
from sightline.language.question import Absent, Count, Next, Question
from sightline.language.ref import Ref

if TYPE_CHECKING:
    from sightline.kernel.predict.facts import Facts

YEAR = timedelta(days=365)
"""So long after a decision a late record corrects what came of it, where all that is known is read for that."""

AGAIN = timedelta(days=7)
"""After so long what was settled is looked at again."""

PIECE = 20_000
"""Decisions of which it is read at once, from all that is known, what came of them: about two seconds."""

MOST = 200_000
"""Decisions of one turn, for all of which what is known is read once, in ten seconds a million events. Its transaction
lasts as long as that and its pieces take: about half a minute with a million events, two minutes with ten million.
"""

_DAY_BEGAN = """
select exists (select from sightline.ledger where tenant = :t and position > :after and position <= :last
  and type = :type)
"""

_CLOSED = """ or d.at + :window + :grace <= :now and not exists (select from sightline.decision_outcomes w
    where w.tenant = d.tenant and w.key = d.key and not w.early)"""

_KEPT = """on conflict (tenant, key) do update set answer = excluded.answer, closes_at = excluded.closes_at,
    happened_at = excluded.happened_at, came_to = excluded.came_to, early = excluded.early,
    read_at = excluded.read_at, corrected_at = case when not w.early then excluded.read_at end
  where (w.answer, w.happened_at, w.came_to, w.early)
    is distinct from (excluded.answer, excluded.happened_at, excluded.came_to, excluded.early)
  returning key, answer, happened_at, came_to, early, closes_at"""

# Of whom the batch tells something, and, when time has passed, those whose window has closed since. What was settled
# keeps the window that it was settled by.
_CAME = f"""
with touched as materialized ({TOUCHED}), read as materialized (
  select d.key, d.kind, d.subject, d.probability, d.cutoff, d.verb, d.arm,
    coalesce(s.closes_at, d.at + :window) as closes_at,
    s.key is null and d.at + :window + :grace > :now as early, h.happened_at,
    case when cast(:counts as boolean) then h.came_to end as came_to
  from sightline.decisions d
  left join sightline.decision_outcomes s on s.tenant = d.tenant and s.key = d.key and not s.early
  cross join lateral (
    select min(o.time) as happened_at, count(*)::float8 as came_to from sightline.occurrences o
    where o.tenant = d.tenant and o.kind = d.kind and o.key = d.subject and o.type = :event and o.known_until is null
      and o.known_at <= :now and o.time > d.at and o.time <= coalesce(s.closes_at, d.at + :window)) h
  where d.tenant = :t and d.playbook = :playbook and d.question = :question and d.verb in ('act', 'ask', 'hold')
    and (exists (select from touched t where t.kind = d.kind and t.key = d.subject){{closed}})
), gone as (
  delete from sightline.decision_outcomes w using read where w.tenant = :t and w.key = read.key and read.early
    and read.happened_at is null
), kept as (
  insert into sightline.decision_outcomes as w (tenant, key, cutoff, answer, probability, closes_at, happened_at,
    came_to, early, read_at)
  select :t, key, cutoff,
    case when happened_at is null then cast(:never as float8) else 1 - cast(:never as float8) end,
    probability, closes_at, happened_at, came_to, early, :now
  from read where happened_at is not null or not early
  {_KEPT}
)
select kept.*, read.kind, read.subject, read.verb, read.arm from kept join read using (key) order by kept.key
"""

# Those whose window has closed, then the settled ones of a year that were not looked at for long.
_DUE = """
select d.key, d.subject, d.at, coalesce(s.closes_at, d.at + :window) as closes_at
from sightline.decisions d
left join sightline.decision_outcomes s on s.tenant = d.tenant and s.key = d.key
where d.tenant = :t and d.playbook = :playbook and d.question = :question and d.verb in ('act', 'ask', 'hold')
  and coalesce(s.closes_at, d.at + :window) + :grace <= :now
  and (s.key is null or s.early or d.at > :since and (s.looked_at is null or s.looked_at <= :before))
order by s.early is false, s.looked_at nulls first, d.at, d.key limit :most
"""

_KEEP = f"""
with read as (
  select * from unnest(cast(:keys as text[]), cast(:answers as float8[]), cast(:quantities as float8[]),
    cast(:happened as timestamptz[])) r(key, answer, came_to, happened_at)
), kept as (
  insert into sightline.decision_outcomes as w (tenant, key, cutoff, answer, probability, closes_at, happened_at,
    came_to, early, read_at)
  select :t, d.key, d.cutoff, read.answer, d.probability, coalesce(s.closes_at, d.at + :window), read.happened_at,
    read.came_to, false, :now
  from read join sightline.decisions d on d.tenant = :t and d.key = read.key
  left join sightline.decision_outcomes s on s.tenant = d.tenant and s.key = d.key
  {_KEPT}
)
select kept.*, d.kind, d.subject, d.verb, d.arm from kept join sightline.decisions d on d.tenant = :t
  and d.key = kept.key order by kept.key
"""

# Dated back to the beginning of its own day of the week (UTC): from then on it is looked at on that day, however early
# the day is told of. By hours: a day has 23 or 25 of them where the session's zone changes its clocks.
_LOOKED = """
update sightline.decision_outcomes o set looked_at = date_trunc('day', t.now, 'UTC') - interval '24 hours' * mod(
  hashtext(o.key) + 2147483648 + floor(extract(epoch from t.now) / 86400)::bigint, 7)
from (select cast(:now as timestamptz) as now) t where o.tenant = :t and o.key = any(:keys)
"""


def windowed(catalog: Catalog) -> Iterator[tuple[Playbook, Question]]:
    """Playbooks whose decisions have a time of their own, with their questions."""
    for playbook in catalog.playbooks.values():
        question = catalog.questions.get(playbook.question)
        if playbook.window is not None and question is not None and attributable(question):
            yield playbook, question


async def attribute(turn: Turn) -> bool:
    """Keep what came of decisions, as far as this batch or the passing of time tells. True: something is left for
    another turn.
    """
    found = list(windowed(turn.catalog))
    if not found:
        return False
    tx, after, last = turn.tx, turn.batch.after, turn.batch.last
    passed = await tx.value(_DAY_BEGAN, t=tx.tenant, after=after, last=last, type=derived.DAY_BEGAN)
    for playbook, question in found:
        if not turn.catalog.plain(question):
            continue
        rows = await tx.rows(
            _CAME.format(closed=_CLOSED if passed else ""),
            t=tx.tenant, after=after, last=last, now=turn.now, playbook=playbook.name, question=question.name,
            event=question.event, window=playbook.window, grace=question.grace,
            never=_never(question), counts=isinstance(question.answer, Count),
        )  # fmt: skip
        turn.record(_told(turn, playbook, question, rows))
    others = [(playbook, question) for playbook, question in found if not turn.catalog.plain(question)]
    return bool(passed) and await _lately(turn, others)


def _never(question: Question) -> float:
    """What is true where nothing happens: of whether it stays away, yes; of all else, no."""
    return 1.0 if isinstance(question.answer, Absent) else 0.0


async def _lately(turn: Turn, found: Sequence[tuple[Playbook, Question]]) -> bool:
    """Those for whom all that is known is needed, piece by piece; whether more may be left."""
    facts: Facts | None = None
    room = MOST
    for playbook, question in found:
        while room > 0:
            due = await _due(turn, playbook, question, most=(asked := min(PIECE, room)))
            if not due:
                break
            if facts is None:
                facts = (await known(turn.tx, turn.lake, turn.catalog.kinds)).until(turn.now)
            spans = [(row["subject"], row["at"], row["closes_at"]) for row in due]
            values = await asyncio.to_thread(afterwards, question, facts, spans, turn.now)
            await _keep(turn, playbook, question, due, values)
            room -= len(due)
            if len(due) < asked:
                break
    return room <= 0


async def _due(turn: Turn, playbook: Playbook, question: Question, *, most: int) -> Sequence[Any]:
    return await turn.tx.rows(
        _DUE, t=turn.tx.tenant, playbook=playbook.name, question=question.name, window=playbook.window,
        grace=question.grace, now=turn.now, since=turn.now - YEAR, before=turn.now - AGAIN, most=most,
    )  # fmt: skip


async def _keep(
    turn: Turn, playbook: Playbook, question: Question, due: Sequence[Any], values: Sequence[float | None]
) -> None:  # fmt: skip
    read = [counted(question, row["at"], value) for row, value in zip(due, values, strict=True)]
    answers, quantities, happened = zip(*read, strict=True)
    named = {"t": turn.tx.tenant, "now": turn.now, "keys": [row["key"] for row in due]}
    rows = await turn.tx.rows(
        _KEEP, window=playbook.window, answers=list(answers), quantities=list(quantities), happened=list(happened),
        **named,
    )  # fmt: skip
    await turn.tx.run(_LOOKED, **named)
    turn.record(_told(turn, playbook, question, rows))


def counted(question: Question, at: datetime, value: float | None) -> tuple[float, float | None, datetime | None]:
    """The answer that counts (1 or 0), the quantity it was read from where it is one, and when it happened."""
    if isinstance(question.answer, Next):
        return float(value is not None), None, None if value is None else at + timedelta(days=value)
    if question.chance:
        return _never(question) if value is None else value, None, None
    return float((value or 0.0) > 0), value or 0.0, None


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
                "happened": row["answer"] != _never(question),
                "came_to": row["came_to"],
                "happened_at": row["happened_at"].isoformat() if row["happened_at"] else None,
                "closes_at": row["closes_at"].isoformat(),
                "early": row["early"],
                "verb": row["verb"],
                "arm": row["arm"],
            },
        )
        for row in rows
    ]
