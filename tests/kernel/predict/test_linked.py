"""What became of earlier examples that share a link, a path or the subject: against the clerk, for every answer."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sightline.kernel.predict._linked import BEYOND, EVERYWHERE, ITSELF, LAST, MAX_DELAY, SHRINK, histories, spans
from sightline.kernel.predict.examples import examples
from sightline.kernel.predict.facts import Facts
from sightline.language.question import Absent, Before, Happens, Next, Once, Question
from tests.kernel.predict.clerk import Asked, Clerk
from tests.kernel.predict.histories import Row, frame
from tests.kernel.predict.test_happenings import hours
from tests.kernel.predict.worlds import KINDS, QUESTIONS, worlds

TIMED = [q for q in QUESTIONS if not isinstance(q.when, Once)]
GROUPS: list[tuple[str, ...]] = [
    EVERYWHERE,
    ("maker",),
    (ITSELF,),
    (f"maker{BEYOND}land",),
    ("maker", "place"),
]


@dataclass(frozen=True)
class Office:
    """The clerk with one question before him, and his notes on how its answers read."""

    clerk: Clerk
    question: Question
    asked: list[Asked]
    _groups: dict[Any, Any] = field(default_factory=dict)
    _values: dict[Any, Any] = field(default_factory=dict)

    def group(self, row: int, roles: tuple[str, ...], at: datetime) -> tuple[str, ...] | None:
        """What an example belongs to at a moment; None where it points nowhere."""
        asked = (row, roles, at)
        if asked not in self._groups:
            self._groups[asked] = self._group(row, roles, at)
        found: tuple[str, ...] | None = self._groups[asked]
        return found

    def _group(self, row: int, roles: tuple[str, ...], at: datetime) -> tuple[str, ...] | None:
        key, of, book = self.asked[row].key, self.question.of, self.clerk.book(at)
        found = []
        for role in roles:
            if role == ITSELF:
                found.append(key)
                continue
            first, _, second = role.partition(BEYOND)
            to = book.link(of, key, first)
            if to is not None and second:
                kind, _, name = to.partition("/")
                to = book.link(kind, name, second)
            if to is None:
                return None
            found.append(to)
        return tuple(found)

    def value(self, row: int, at: datetime) -> float | None:
        """How the answer of an example reads; of who had to be waited for longer, the whole time."""
        if (row, at) not in self._values:
            self._values[row, at] = self._value(row, at)
        found: float | None = self._values[row, at]
        return found

    def _value(self, row: int, at: datetime) -> float | None:
        one = self.asked[row]
        read = self.clerk.answer(self.question, one, at)
        if read is None and isinstance(self.question.answer, Next):
            return (one.deadline - one.cutoff) / timedelta(days=1)
        return read

    def silent(self, row: int, at: datetime) -> bool:
        return not self.clerk.answered(self.question, self.asked[row], at)

    def moments(self, at: datetime) -> list[datetime]:
        """Whenever anything about the examples may have changed by then."""
        own = {m for one in self.asked for m in (one.cutoff, one.matures_at)}
        return sorted(m for m in {*self.clerk.moments, *own} if m <= at)

    def stints(
        self, roles: tuple[str, ...], group: tuple[str, ...], at: datetime, *, mature: bool = True
    ) -> list[tuple[datetime, int, bool]]:
        """(entry, row, still): every time a (mature) example entered a group by then, in that order."""
        found: list[tuple[datetime, int]] = []
        inside: dict[int, bool] = defaultdict(bool)
        for moment in self.moments(at):
            for row, one in enumerate(self.asked):
                begun = (one.matures_at if mature else one.cutoff) <= moment
                here = begun and self.group(row, roles, moment) == group
                if here and not inside[row]:
                    found.append((moment, row))
                inside[row] = here
        last = {row: entry for entry, row in found}
        return [(entry, row, inside[row] and last[row] == entry) for entry, row in sorted(found)]

    def last_yes(self, roles: tuple[str, ...], group: tuple[str, ...], at: datetime) -> datetime | None:
        """When an answer last rose above what it was, or was linked after it had; a fall since is not looked at."""
        found = []
        stints = [(entry, row) for entry, row, _ in self.stints(roles, group, at, mature=False)]
        for entry, row in stints:
            before = 0.0
            for moment in self.moments(at):
                if moment > entry and self.group(row, roles, moment) != group:
                    break
                value = self.value(row, moment) if self.asked[row].matures_at <= moment else None
                if (value or 0.0) > before:
                    found.append(max(moment, entry))
                before = value or 0.0
        return max(found, default=None)

    def delays(self, rows: list[int], at: datetime) -> list[int]:
        """Hours between the events waited for and the deadlines, of what matured in the last year."""
        answer, limit, found = self.question.answer, MAX_DELAY * 24, []
        if self.question.deadline is None or not isinstance(answer, Absent | Happens):
            return []
        for row in rows:
            one = self.asked[row]
            for fact in self.clerk.book(at).of(one.key, self.question.of, answer.event, answer.where):
                hours = (fact.time - one.deadline) // timedelta(hours=1)
                found.append(max(-limit, min(limit, hours)))
        return found


def _measured(office: Office, row: int, roles: tuple[str, ...], base: float | None) -> dict[str, Any] | None:
    """What the clerk finds about the others in an example's group at its cutoff."""
    one, asked = office.asked[row], office.asked
    at, group = one.cutoff, office.group(row, roles, one.cutoff)
    if group is None:
        return None
    peers = [p for p, o in enumerate(asked) if p != row and o.cutoff <= at and office.group(p, roles, at) == group]
    mature = [p for p in peers if asked[p].matures_at <= at]
    lately = {w: [p for p in mature if asked[p].matures_at + timedelta(days=w) > at] for w in (90, 365)}
    due = [p for p in peers if asked[p].deadline <= at < asked[p].deadline + timedelta(days=90)]

    def total(rows: list[int]) -> float:
        return sum(office.value(p, at) or 0.0 for p in rows)

    def share(rows: list[int]) -> float | None:
        weight, toward = (SHRINK, base) if roles else (1, 0.5)
        if not roles and not office.question.chance:
            return total(rows) / len(rows) if rows else None
        return None if toward is None else (total(rows) + toward * weight) / (len(rows) + weight)

    told: dict[str, Any] = {
        "asked": len(peers),
        "asked_lately": sum(asked[p].cutoff + timedelta(days=30) > at for p in peers),
        "open": sum(asked[p].deadline > at and office.silent(p, at) for p in peers),
        "overdue": sum(asked[p].deadline <= at and office.silent(p, at) for p in peers),
        "overdue_share": sum(office.silent(p, at) for p in due) / len(due) if due else None,
        "n": len(mature),
        "yes": total(mature),
        "share": share(mature),
        "siblings": _siblings(office, row, roles, group),
    }
    for w, rows in lately.items():
        told |= {f"n_{w}": len(rows), f"share_{w}": share(rows)}
    stints = office.stints(roles, group, at)
    for k in LAST:
        told[f"yes_last_{k}"] = sum(office.value(p, at) or 0.0 for _, p, still in stints[-k:] if still)
    rose = office.last_yes(roles, group, at)
    told["since_yes"] = None if rose is None else hours(at) - hours(rose)
    delays = office.delays(lately[365], at)
    return told | {"delay": sum(delays) / len(delays) if delays else None}


def _siblings(office: Office, row: int, roles: tuple[str, ...], group: tuple[str, ...]) -> int:
    """The others with the same deadline asked by then, each of the group when it was asked."""
    one, peers = office.asked[row], [(p, o) for p, o in enumerate(office.asked) if p != row]
    alike = [(p, o) for p, o in peers if o.deadline == one.deadline and o.cutoff <= one.cutoff]
    return sum(office.group(p, roles, o.cutoff) == group for p, o in alike)


def _check_as_the_clerk(question: Question, rows: list[Row]) -> None:
    facts, clerk = Facts.of(frame(rows), KINDS), Clerk(rows, KINDS)
    asked = examples(question, facts)
    office = Office(clerk, question, clerk.asked(question))
    assert asked.eligible["key"].to_list() == [one.key for one in office.asked]
    found = spans(question, asked, facts)
    drift, _ = histories(found, EVERYWHERE)
    base = drift.select("row", base="drift.share_365")
    shares = dict(base.iter_rows())
    for roles in GROUPS:
        if ITSELF in roles and isinstance(question.when, Before):
            continue
        told, specs = histories(found, roles, base if roles else None)
        by_row = {one["row"]: one for one in told.to_dicts()}
        for row in range(len(office.asked)):
            wanted = _measured(office, row, roles, shares.get(row))
            assert (wanted is None) == (row not in by_row), (roles, office.asked[row])
            for spec in specs if wanted is not None else ():
                value, expected = by_row[row][spec.name], wanted[spec.measure]
                assert value == (None if expected is None else pytest.approx(expected, abs=1e-3)), (
                    spec.name, office.asked[row], value, expected,
                )  # fmt: skip


@settings(max_examples=14, deadline=None)
@given(st.sampled_from(TIMED), worlds())
def test_histories_of_every_shape_are_as_the_clerk_counts_them(question: Question, rows: list[Row]) -> None:
    _check_as_the_clerk(question, rows)


@pytest.mark.slow
@pytest.mark.parametrize("question", TIMED, ids=lambda question: question.name)
@settings(max_examples=10, deadline=None)
@given(rows=worlds())
def test_histories_of_every_shape_are_as_the_clerk_counts_them_thoroughly(question: Question, rows: list[Row]) -> None:
    _check_as_the_clerk(question, rows)
