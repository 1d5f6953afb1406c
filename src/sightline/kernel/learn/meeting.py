"""How predictions meet their answers: in the database where what happened to a subject tells, else by its examples.

What happens to the subject itself is counted there, since that is done at every turn: of the subjects the turn's events
concern, and of all when time has passed. Totals, attributes, conditions on events, and events of what is linked to the
subject need all that is known; that is read only when time has passed and an answer is due.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sightline.foundation.turn import Turn
from sightline.kernel.predict.known import known
from sightline.language.catalog import Catalog
from sightline.language.kind import Sort
from sightline.language.question import Absent, Count, Every, Next, Question, Value

if TYPE_CHECKING:
    from sightline.kernel.predict.facts import Facts

AGAIN = timedelta(days=1)
"""An answer that was due and not known is looked for again after so long."""

MOST_DAYS = 100
"""Days outside a question's grid of cutoffs whose answers are read in one turn; the others wait for the next."""

_IN_TIME = {
    # Who was answered before the cutoff is not asked, so the day an attribute names is waited for from the start.
    True: "o.time <= p.deadline",
    False: "o.time > p.cutoff and o.time <= p.deadline",
}
"""By whether an attribute names the deadline."""

_ANSWERS = {
    Absent: "case when {known} or :now >= p.matures_at then (not {met})::int end",
    Next: "case when {met} or :now >= p.matures_at then"
    " extract(epoch from coalesce(min(o.time) filter (where {in_time}), p.deadline) - p.cutoff) / 86400 end",
    Count: "case when :now >= p.matures_at then count(*) filter (where {in_time}) end",
}
_HAPPENS = "case when {known} or :now >= p.matures_at then {met}::int end"

_MEET = """
with read as (
  select p.kind, p.key, p.cutoff, p.model, o.answer, o.censored
  from sightline.predictions p cross join lateral (
    select {answer} as answer, {censored} as censored
    from sightline.occurrences o where o.tenant = p.tenant and o.kind = p.kind and o.key = p.key
      and o.type = :event and o.known_until is null and o.known_at <= :now) o
  where p.tenant = :t and p.question = :question and p.withdrawn_at is null{these}
)
update sightline.predictions p set outcome = read.answer, censored = read.censored, outcome_at = :now from read
where p.tenant = :t and p.question = :question and p.kind = read.kind and p.key = read.key
  and p.cutoff = read.cutoff and p.model = read.model
  and (p.outcome, p.censored) is distinct from (read.answer, read.censored)
"""

_ONCE = """
with read as (
  select p.kind, p.key, p.cutoff, p.model, {answer} as answer
  from sightline.predictions p
  left join sightline.entities e on e.tenant = p.tenant and e.kind = p.kind and e.key = p.key
  where p.tenant = :t and p.question = :question and p.withdrawn_at is null{these}
)
update sightline.predictions p set outcome = read.answer, outcome_at = :now,
  matures_at = case when read.answer is null then p.deadline else :now end
from read where p.tenant = :t and p.question = :question and p.kind = read.kind and p.key = read.key
  and p.cutoff = read.cutoff and p.model = read.model and p.outcome is distinct from read.answer
"""
_NUMBER = "case when jsonb_typeof(e.attributes -> :attribute) = 'number' then (e.attributes ->> :attribute)::float8 end"
_CLASS = {
    # 5 and 5.0 are one number and two texts; a text is no number, as in training.
    True: f"({_NUMBER} = cast(:class as float8))::int",
    False: "(e.attributes ->> :attribute = :class)::int",
}
"""By whether the attribute is declared a number."""

_DUE = """
select distinct key, cutoff from sightline.predictions
where tenant = :t and question = :question and withdrawn_at is null and outcome is null and matures_at <= :now
  and (outcome_at is null or outcome_at <= :before)
"""

_READ = """
update sightline.predictions p set outcome = read.answer, censored = read.censored, outcome_at = $3
from unnest($4::text[], $5::timestamptz[], $6::float8[], $7::boolean[]) as read(key, cutoff, answer, censored)
where p.tenant = $1 and p.question = $2 and p.key = read.key and p.cutoff = read.cutoff and p.matures_at <= $3
  and p.withdrawn_at is null and (p.outcome, p.censored) is distinct from (read.answer, read.censored)
"""

_LOOKED = """
update sightline.predictions p set outcome_at = $3
from unnest($4::text[], $5::timestamptz[]) as due(key, cutoff)
where p.tenant = $1 and p.question = $2 and p.key = due.key and p.cutoff = due.cutoff and p.outcome is null
"""

TOUCHED = """
select distinct o.kind, o.key from sightline.ledger l
join sightline.occurrences o on o.tenant = l.tenant and o.source = l.source and o.root = l.root
where l.tenant = :t and l.position > :after and l.position <= :last
"""
"""Whom the events of a turn concern, or concerned until one of these corrected or retracted them."""

Asked = tuple[str, datetime]
"""A subject's key and its cutoff."""

Read = tuple[str, datetime, float, bool]
"""Key, cutoff, answer, whether it is only known to lie beyond."""


@dataclass(frozen=True, slots=True)
class Touched:
    """Whose answers are read: of some subjects by kind, or of all."""

    keys: Mapping[str, Sequence[str]] | None = None

    def these(self, question: Question) -> tuple[str, dict[str, Any]]:
        """More conditions on predictions `p`, and what they name."""
        if self.keys is None:
            return "", {}
        condition = " and p.kind = :kind and p.key = any(:keys)"
        return condition, {"kind": question.of, "keys": list(self.keys.get(question.of, ()))}


async def meet_known(turn: Turn, question: Question, touched: Touched) -> None:
    """Read the answers of a question without time: the attribute, as soon as it is known; that is final."""
    answer = question.answer
    assert isinstance(answer, Value)
    read, named = _said(question, answer, turn.catalog)
    these, keys = touched.these(question)
    await turn.tx.run(
        _ONCE.format(answer=read, these=these),
        t=turn.tx.tenant, question=question.name, now=turn.now, **named, **keys,
    )  # fmt: skip


def _said(question: Question, answer: Value, catalog: Catalog) -> tuple[str, dict[str, Any]]:
    """How the answer reads from the attributes of entities `e`, and what that names."""
    named: dict[str, Any] = {"attribute": answer.attribute}
    if answer.is_ is None:
        return _NUMBER, named
    kind = catalog.kinds.get(question.of)
    declared = kind.attribute(answer.attribute) if kind else None
    number = declared is not None and declared.sort is Sort.NUMBER
    return _CLASS[number], named | {"class": float(answer.is_) if number else answer.is_}


async def meet(turn: Turn, question: Question, touched: Touched) -> None:
    """Read the answers of a question that is `Catalog.plain`; early ones too, where they are final."""
    in_time = _IN_TIME[question.deadline is not None]
    met = f"coalesce(bool_or({in_time}), false)"
    # After an attribute's day, late is an answer too; a window that has closed without anything is one when mature.
    known = "count(*) > 0" if question.deadline is not None else met
    form = _ANSWERS.get(type(question.answer), _HAPPENS)
    censored = f"not {met} and :now >= p.matures_at" if isinstance(question.answer, Next) else "false"
    these, keys = touched.these(question)
    await turn.tx.run(
        _MEET.format(answer=form.format(known=known, met=met, in_time=in_time), censored=censored, these=these),
        t=turn.tx.tenant, question=question.name, event=question.event, now=turn.now, **keys,
    )  # fmt: skip


async def meet_lately(turn: Turn, questions: Sequence[Question]) -> None:
    """Read the answers of all other questions, from all that is known, where any is due.

    A record that comes later corrects them when the next one is due.
    """
    facts: Facts | None = None
    for question in questions:
        due = await _due(turn, question)
        if not due:
            continue
        if facts is None:
            facts = (await known(turn.tx, turn.lake, turn.catalog.kinds)).until(turn.now)
        read = await asyncio.to_thread(_read, question, facts, turn.now, due)
        await _keep(turn, question, due, read)


async def _due(turn: Turn, question: Question) -> list[Asked]:
    rows = await turn.tx.rows(
        _DUE, t=turn.tx.tenant, question=question.name, now=turn.now, before=turn.now - AGAIN
    )  # fmt: skip
    return [(row["key"], row["cutoff"]) for row in rows]


def _read(question: Question, facts: Facts, now: datetime, due: Sequence[Asked]) -> list[Read]:
    """All answers that count at `now`; those of days outside the grid, where a question has one, as far as due."""
    found = _answers(question, facts, now)
    if isinstance(question.when, Every):
        asked = {(key, cutoff) for key, cutoff, _, _ in found}
        between = sorted({cutoff for key, cutoff in due if (key, cutoff) not in asked})
        for cutoff in between[:MOST_DAYS]:
            found += [one for one in _answers(question, facts, now, cutoff) if one[1] == cutoff]
    return found


def _answers(question: Question, facts: Facts, now: datetime, cutoff: datetime | None = None) -> list[Read]:
    import numpy as np

    from sightline.kernel.predict import examples

    asked = examples.examples(question, facts, now=cutoff)
    answers = asked.answers(now)
    rows = np.flatnonzero(~np.isnan(answers.value))
    eligible = asked.eligible[rows]
    beyond = ~answers.observed[rows]
    return list(zip(eligible["key"], eligible["cutoff"], answers.value[rows].tolist(), beyond.tolist(), strict=True))


async def _keep(turn: Turn, question: Question, due: Sequence[Asked], read: Sequence[Read]) -> None:
    driver = await turn.tx.driver()
    these = (turn.tx.tenant, question.name, turn.now)
    await driver.execute(_READ, *these, *([one[n] for one in read] for n in range(4)))
    await driver.execute(_LOOKED, *these, [key for key, _ in due], [cutoff for _, cutoff in due])
