"""Decide a day at a time about those who would have called a playbook, by the functions that decide on duty. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sightline.kernel.act.arbitrate import WEEK, Standing, arbitrate, may_come
from sightline.kernel.act.conditions import meets
from sightline.kernel.act.drawing import Drawing
from sightline.kernel.act.outbox import PAPER
from sightline.kernel.act.propose import decision_for
from sightline.language.action import Decision, Verb
from sightline.language.event import Event
from sightline.language.playbook import Playbook, Situation
from sightline.language.proof import Side


@dataclass(slots=True, kw_only=True)
class Days:
    """What a playbook decides from one day to another; `events` woke it about the `situations`, row by row."""

    playbook: Playbook
    situations: Sequence[Situation]
    events: Sequence[Event]
    sides: Sequence[Side]
    hold_out: float
    promise: float
    standing: Standing
    by: Drawing | None = None
    """By what its choices are drawn, as things stand now."""
    decided: dict[int, Decision] = field(default_factory=dict)
    """By row."""
    recent: list[tuple[datetime, str]] = field(default_factory=list)
    """When somebody was spoken to, and who."""

    def play(self, since: datetime, now: datetime) -> None:
        """Decide about whomever it concerns: of a forecast while it is open, of facts on the day that they come."""
        waiting: list[int] = []
        for day, begun in self._days(since, now):
            waiting = [row for row in (*waiting, *begun) if self._open(row, day)]
            self._decide(day, waiting)
            waiting = [row for row in waiting if row not in self.decided]

    def _days(self, since: datetime, now: datetime) -> Iterator[tuple[datetime, list[int]]]:
        """The end of each day, with those whose moment fell on or before it."""
        fits = [row for row, one in enumerate(self.situations) if meets(self.playbook.whom, one)]
        ordered = sorted(fits, key=lambda row: self.situations[row].now)
        day, place = since, 0
        while day < now:
            day = min(day + timedelta(days=1), now)
            begun = []
            while place < len(ordered) and self.situations[ordered[place]].now <= day:
                begun.append(ordered[place])
                place += 1
            yield day, begun

    def _open(self, row: int, day: datetime) -> bool:
        deadline = self.situations[row].deadline
        return not self.playbook.foresees or deadline is None or deadline > day

    def _decide(self, now: datetime, rows: Sequence[int]) -> None:
        self._forget(now)
        keyed, silent = {}, self.playbook.silent()
        for row in rows:
            made = decision_for(
                silent, self.situations[row], self.events[row], self.sides, hold_out=self.hold_out,
                promise=self.promise, by=self.by,
            )  # fmt: skip
            keyed[made.key] = row
            self.decided[row] = made
        whole = {self.playbook.name: self.playbook}
        for one in arbitrate([self.decided[row] for row in rows], whole, self.standing):
            row = keyed[one.key]
            self.decided[row] = one
            if one.verb is not Verb.DROP and one.proposal.channel != PAPER.name:
                self.recent.append((now, str(one.proposal.party)))
            if may_come(one, self.playbook):
                del self.decided[row]

    def _forget(self, now: datetime) -> None:
        self.recent = [(at, party) for at, party in self.recent if at > now - WEEK]
        self.standing.contacts = Counter(party for _, party in self.recent)
        if self.playbook.capacity is not None:
            self.standing.slots = {self.playbook.name: self.playbook.capacity}
