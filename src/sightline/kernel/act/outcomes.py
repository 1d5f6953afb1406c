"""What came of decisions: by which rows it is told, and what is told of one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sightline.foundation.db.session import Transaction
from sightline.kernel.act.checking import attributable
from sightline.language.action import Verb
from sightline.language.catalog import Catalog
from sightline.language.playbook import Playbook
from sightline.language.question import Absent, Question
from sightline.language.time import DUSK, words_of

# The answer of the forecast. A finding or an event has no cutoff of its own: it is about the forecast that stood then.
_FORECAST = """sightline.outcomes o on o.tenant = d.tenant and o.question = d.question
  and o.kind = d.kind and o.key = d.subject and o.cutoff = coalesce(d.cutoff, (
    select max(n.cutoff) from sightline.outcomes n where n.tenant = d.tenant and n.question = d.question
      and n.kind = d.kind and n.key = d.subject and n.cutoff <= d.at))"""

# What came within the time after the decision; what came early counts with all others, once that has passed.
_WINDOW = "sightline.decision_outcomes o on o.tenant = d.tenant and o.key = d.key and not o.early"


def outcomes_of(playbook: Playbook | None) -> str:
    """What joins the outcomes `o` (answer, cutoff, probability, quantity, read_at) of its decisions `d`."""
    return _WINDOW if playbook is not None and playbook.window is not None else _FORECAST


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of one decision, within the time that counts as its own."""

    state: Literal["open", "early", "settled"]
    """`open`: nothing is known yet; `early`: something is, and counts when the time is over; `settled`: it counts."""
    arm: str
    """`treated`, or `control`: kept back."""
    success: bool | None
    """Whether it is what its playbook calls success; None: not known, or nothing is called so."""
    answer: bool | float | None
    """To the question; where a window counts, what is true of that. None: not known."""
    happened: bool | None
    """Whether what is waited for happened in time; None: not known, or not what the question asks."""
    happened_at: datetime | None
    decided_at: datetime
    within: str | None
    """The playbook's window, in words; None: the answer of its forecast is the outcome."""
    closes_at: datetime | None
    """Until when what happens counts; None: whenever the answer becomes known."""
    counts_at: datetime | None
    """When it counts: late records have had their time."""
    settled_at: datetime | None
    corrected_at: datetime | None
    """When a late record last changed what had counted."""
    called: str
    """The answer, as people call it; empty where it is not known."""

    @property
    def words(self) -> str:
        """One or two sentences."""
        kept = " It was kept back, for comparison." if self.arm == "control" else ""
        mended = f" A late record corrected it on {self.corrected_at:%d %b %Y}." if self.corrected_at else ""
        return f"{self._said()}{mended}{kept}"

    def _said(self) -> str:
        if self.state == "open":
            until = self.closes_at
            return f"Open: what happens until {until:%d %b %Y} counts." if until else "Open: nothing is known yet."
        early = self.state == "early"
        judged = {True: "Success", False: "No success", None: "The outcome"}[self.success]
        counts = f" It counts from {self.counts_at:%d %b %Y} on." if early and self.counts_at else ""
        return f"{judged}{' so far' if early else ''}: {self._came()}.{counts}"

    def _came(self) -> str:
        time = f"the {self.within} that count" if self.within else "its time"
        if self.answer is not None and not isinstance(self.answer, bool):
            return f"it came to {self.called}, within {time}"
        if self.happened:
            when = f" on {self.happened_at:%d %b %Y}" if self.happened_at else ""
            return f"it happened{when}, within {time}"
        if self.happened is False:
            return f"it did not happen within {time}"
        return f"it came out '{self.called}'"


_READ = f"""
select d.key, d.playbook, d.question, d.arm, d.at, w.answer as counted, w.closes_at, w.happened_at, w.early,
  w.came_to, w.read_at as counted_at, w.corrected_at as counted_anew, f.deadline, f.matures_at, f.outcome,
  o.answer, o.read_at, o.corrected_at, h.at as met_at
from sightline.decisions d
left join sightline.decision_outcomes w on w.tenant = d.tenant and w.key = d.key
left join {_FORECAST}
left join lateral (
  select p.cutoff, p.deadline, p.matures_at, p.outcome from sightline.predictions p
  where p.tenant = d.tenant and p.question = d.question and p.kind = d.kind and p.key = d.subject
    and p.withdrawn_at is null and (p.cutoff = coalesce(d.cutoff, o.cutoff)
      or coalesce(d.cutoff, o.cutoff) is null and p.cutoff <= d.at)
  order by p.cutoff desc, p.made_at limit 1) f on true
left join lateral (
  select min(c.time) as at from unnest(cast(:asked as text[]), cast(:events as text[]), cast(:dated as boolean[]))
      q(name, event, dated)
    join sightline.occurrences c on c.tenant = d.tenant and c.kind = d.kind and c.key = d.subject and c.type = q.event
      and c.known_until is null and c.known_at <= :now and c.time <= f.deadline and (q.dated or c.time > f.cutoff)
  where q.name = d.question) h on true
where d.tenant = :t and d.key = any(:keys) and d.verb <> '{Verb.DROP}'
"""


async def told(tx: Transaction, catalog: Catalog, keys: Sequence[str], *, now: datetime) -> dict[str, Outcome]:
    """What came of decisions, by key; of what was dropped, and where nothing can tell any more, nothing is told."""
    if not keys:
        return {}
    asked = [one for one in catalog.questions.values() if catalog.plain(one)]
    rows = await tx.rows(
        _READ, t=tx.tenant, keys=sorted(set(keys)), now=now, asked=[one.name for one in asked],
        events=[one.event for one in asked], dated=[one.deadline is not None for one in asked],
    )  # fmt: skip
    found = {row["key"]: _outcome(row, catalog) for row in rows}
    return {key: outcome for key, outcome in found.items() if outcome}


def _outcome(row: Any, catalog: Catalog) -> Outcome | None:
    question, playbook = catalog.questions.get(row["question"]), catalog.playbooks.get(row["playbook"])
    counts = row["early"] is not None
    if question is not None and playbook is not None:
        counts = playbook.window is not None and attributable(question)
    if not counts and row["deadline"] is None and row["answer"] is None:
        return None
    if counts:
        read = _windowed(row, playbook, question)
    else:
        read = _forecast(row, question is not None and catalog.plain(question) and question.chance)
    raw = read.pop("raw")
    answer = row["came_to"] if counts and row["came_to"] is not None else raw
    yes_or_no = question is None or question.chance or (counts and row["came_to"] is None)
    return Outcome(
        arm=row["arm"], decided_at=row["at"], success=_success(row["playbook"], raw, question, catalog),
        answer=bool(answer) if answer is not None and yes_or_no else answer,
        called=_called(answer, question, yes_or_no=yes_or_no), **read,
    )  # fmt: skip


def _windowed(row: Any, playbook: Playbook | None, question: Question | None) -> dict[str, Any]:
    """By what came within the time after the decision."""
    window = playbook.window if playbook else None
    closes_at = row["closes_at"] or (row["at"] + window if window else None)
    known, settled = row["early"] is not None, row["early"] is False
    never = 1.0 if question is not None and isinstance(question.answer, Absent) else 0.0
    return {
        "state": "settled" if settled else "early" if known else "open", "raw": row["counted"],
        "happened": row["counted"] != never if known else None, "happened_at": row["happened_at"],
        "within": words_of(closes_at - row["at"]) if closes_at else None, "closes_at": closes_at,
        "counts_at": closes_at + question.grace if closes_at and question else None,
        "settled_at": row["counted_at"] if settled else None, "corrected_at": row["counted_anew"],
    }  # fmt: skip


def _forecast(row: Any, plain: bool) -> dict[str, Any]:
    """By the answer of the forecast that it rests on."""
    settled = row["answer"] is not None
    raw = row["answer"] if settled else row["outcome"]
    dated = row["deadline"] is not None and row["deadline"] < DUSK
    return {
        "state": "settled" if settled else "open" if raw is None else "early", "raw": raw,
        "happened": row["met_at"] is not None if plain and raw is not None else None, "happened_at": row["met_at"],
        "within": None, "closes_at": row["deadline"] if dated else None,
        "counts_at": row["matures_at"] if dated else None, "settled_at": row["read_at"],
        "corrected_at": row["corrected_at"],
    }  # fmt: skip


def _success(playbook: str, answer: float | None, question: Question | None, catalog: Catalog) -> bool | None:
    success = catalog.successes.get(playbook)
    if success is None or answer is None or question is None:
        return None
    return bool(answer) == success.answer


def _called(answer: float | None, question: Question | None, *, yes_or_no: bool) -> str:
    if answer is None:
        return ""
    if not yes_or_no:
        unit = question.unit if question else None
        return f"{answer:,.6g} {unit}" if unit else f"{answer:,.6g}"
    yes, no = (question.yes, question.no) if question else ("yes", "no")
    return yes if answer else no
