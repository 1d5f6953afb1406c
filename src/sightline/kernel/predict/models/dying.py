"""Buying till you die: what comes of subjects whose events recur until they quietly stop. Needs no answer of the past.

Fitted on how often and how lately each subject had the event (`_dying` has the mathematics), and on how earlier such
histories went on (`_after`).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from math import factorial
from typing import Any

import numpy as np

from sightline.kernel.predict._matrix import Floats, Matrix, Rows
from sightline.kernel.predict._spec import Group
from sightline.kernel.predict.calibrate import log_odds_of
from sightline.kernel.predict.models._after import coming_back
from sightline.kernel.predict.models._dying import History, Process, fit
from sightline.kernel.predict.models._quantiles import LOW, MEDIAN, UP
from sightline.kernel.predict.models.rung import Lessons, Said, Task

MIN_SUBJECTS, MIN_REPEATS = 100, 30
"""Fewer subjects with the event, or fewer with it again, and the parameters are noise."""

FORMS = ("happens", "absent", "count", "total", "next")
MEASURES = ("count", "since_first", "since_last")

HOURS = 24.0

DRAWN = 4.0
"""Events of the usual amount that each subject's own mean amount is drawn towards."""

TIMES = 24
"""Days looked at on the way to the horizon, for `next`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alive:
    """A process, and what one event amounts to."""

    form: str
    event: str
    horizon: float
    process: Process
    usual: tuple[float, ...]
    """Of the subjects learned from, the median count, days since the first and the last, and amount."""
    amount: str | None
    """Of `total`, the number of the event that is added up."""
    brings: float | None
    """Of `total`, what an event usually brings."""

    @property
    def name(self) -> str:
        """`buy till you die`."""
        return "buy till you die"

    def _read(self, matrix: Matrix) -> Floats:
        """subjects x (count, days since the first and the last, mean amount); the usual where missing."""
        found = np.tile(np.array(self.usual), (len(matrix.values), 1))
        for at, column in enumerate(columns_of(matrix, self.event)):
            if column is not None:
                found[:, at] = np.where(np.isnan(column), 0.0 if at == 0 else found[:, at], column)
        mean = mean_amount(matrix, self.event, self.amount)
        if mean is not None:
            found[:, 3] = np.where(np.isnan(mean), found[:, 3], mean)
        return found

    def _said(self, seen: Floats) -> Said:
        """About distinct histories, once each."""
        distinct, which = np.unique(seen[:, :3], axis=0, return_inverse=True)
        history, none = _history(distinct)
        said = self._chance(history) if self.form in {"happens", "absent"} else self._quantity(history)

        def each(value: Floats | None) -> Floats | None:
            if value is None:
                return None
            spread = np.where(none, value.min(), value)[which.ravel()]
            return spread if self.brings is None else spread * self._worth(seen, self.brings)

        score = each(said.score)
        assert score is not None
        return Said(score=score, median=each(said.median), low=each(said.low), high=each(said.high))

    def _worth(self, seen: Floats, usual: float) -> Floats:
        """What an event of each subject comes to: its own mean so far, drawn to the usual."""
        found: Floats = (seen[:, 0] * seen[:, 3] + DRAWN * usual) / (seen[:, 0] + DRAWN)
        return found

    def _chance(self, history: History) -> Said:
        ahead = np.full(len(history.last), self.horizon)
        silent = self.process.silent(history, ahead)
        score = log_odds_of(silent if self.form == "absent" else 1 - silent)
        return Said(score=score)

    def _quantity(self, history: History) -> Said:
        if self.form == "next":
            return self._next(history)
        ahead = np.full(len(history.last), self.horizon)
        mean = self.process.mean(history, ahead)
        low, median, high = self.process.quantiles(history, ahead, (LOW, MEDIAN, UP))
        return Said(score=mean, low=low, median=median, high=high)

    def _next(self, history: History) -> Said:
        days = np.linspace(0, self.horizon, TIMES + 1)
        n = len(history.last)
        later = [self.process.silent(history, np.full(n, day)) for day in days[1:]]
        silent = np.column_stack([np.ones(n), *later])
        mean = ((silent[:, :-1] + silent[:, 1:]) / 2).sum(axis=1) * (self.horizon / TIMES)
        low, median, high = (_first_below(silent, 1 - q, days) for q in (LOW, MEDIAN, UP))
        return Said(score=mean, low=low, median=median, high=high)

    def say(self, matrix: Matrix) -> Said:
        """Log-odds, or mean and quantiles. Who never had the event is taken for the least lively."""
        if not len(matrix.values):
            empty = np.zeros(0)
            return (
                Said(score=empty)
                if self.form in {"happens", "absent"}
                else Said(score=empty, median=empty, low=empty, high=empty)
            )
        return self._said(self._read(matrix))

    def contributions(self, matrix: Matrix) -> tuple[tuple[str, ...], Floats]:
        """Shapley's shares (1953) of what the four figures change against the usual subject; exact."""
        names = [f"own.{self.event}.{measure}" for measure in MEASURES]
        known = {
            spec.measure: spec.name for spec in matrix.specs if spec.group is Group.OWN and spec.of == (self.event,)
        }
        named = tuple(known.get(measure, name) for measure, name in zip(MEASURES, names, strict=True))
        seen = self._read(matrix)
        players = 4 if self.brings is not None else 3
        said: dict[tuple[bool, ...], Floats] = {}
        for taken in product((False, True), repeat=players):
            mixed = np.tile(np.array(self.usual), (len(seen), 1))
            for at, own in enumerate(taken):
                if own:
                    mixed[:, at] = seen[:, at]
            said[taken] = self._said(mixed).score if len(seen) else np.zeros(0)
        shares = np.zeros((len(seen), players + 1))
        for at in range(players):
            for taken in (one for one in said if not one[at]):
                many = sum(taken)
                weight = factorial(many) * factorial(players - many - 1) / factorial(players)
                joined = tuple(own or place == at for place, own in enumerate(taken))
                shares[:, at] += weight * (said[joined] - said[taken])
        shares[:, -1] = said[(False,) * players]
        amount = amount_name(matrix, self.event, self.amount) or f"own.{self.event}.{self.amount}.mean"
        amounts = (amount,) if players == 4 else ()
        return named + amounts, shares

    def document(self) -> dict[str, Any]:
        """JSON-ready."""
        return {
            "rung": self.name,
            "form": self.form,
            "event": self.event,
            "horizon": self.horizon,
            "process": self.process.document(),
            "usual": list(self.usual),
            "amount": self.amount,
            "brings": self.brings,
        }

    @classmethod
    def read(cls, document: dict[str, Any]) -> Alive:
        """What `document` gave."""
        return cls(
            form=document["form"],
            event=document["event"],
            horizon=float(document["horizon"]),
            process=Process(**document["process"]),
            usual=tuple(document["usual"]),
            amount=document["amount"],
            brings=document["brings"],
        )


class Dying:
    """Events that recur until their subject stops."""

    @property
    def name(self) -> str:
        """`buy till you die`."""
        return "buy till you die"

    def suits(self, task: Task, lessons: Lessons) -> bool:
        """Where an event is waited for and every such event counts, its history is a feature (of a total the mean of
        its amount too), and enough subjects had it again.
        """
        if task.event is None or task.horizon is None or task.form not in FORMS or task.filtered:
            return False
        if task.form == "total" and amount_name(lessons.matrix, task.event, task.amount) is None:
            return False
        columns = columns_of(lessons.matrix, task.event)
        if any(column is None for column in columns):
            return False
        count = np.nan_to_num(np.asarray(columns[0])[lessons.current])
        if (count >= 1).sum() < MIN_SUBJECTS or (count >= 2).sum() < MIN_REPEATS:
            return False
        return task.form != "total" or bool(len(lessons.rows) and lessons.answers.min() >= 0)

    def fit(self, task: Task, lessons: Lessons) -> Alive:
        """From the histories as they stand, and from how earlier ones went on."""
        assert task.event is not None
        assert task.horizon is not None
        columns = [np.asarray(column) for column in columns_of(lessons.matrix, task.event)]
        table = np.column_stack(columns)
        now = table[lessons.current]
        now = now[(now[:, 0] >= 1) & ~np.isnan(now).any(axis=1)]
        history, _ = _history(now)
        process = coming_back(fit(history, first=False), table, lessons, task.horizon)
        brings = _brings(task, lessons, table)
        usual = [float(value) for value in np.median(now, axis=0)]
        return Alive(
            form=task.form, event=task.event, horizon=task.horizon, process=process,
            usual=(*usual, brings or 0.0), amount=task.amount, brings=brings,
        )  # fmt: skip


def columns_of(matrix: Matrix, event: str) -> list[Floats | None]:
    """Count, days since the first and days since the last `event` of each subject; None where that is no feature."""
    at = {spec.measure: i for i, spec in enumerate(matrix.specs) if spec.group is Group.OWN and spec.of == (event,)}
    return [
        None
        if measure not in at
        else matrix.values[:, at[measure]].astype(np.float64) / (1 if measure == "count" else HOURS)
        for measure in MEASURES
    ]


def amount_name(matrix: Matrix, event: str, amount: str | None) -> str | None:
    """The feature that is the mean of that number of the event, where there is one."""
    names = (s.name for s in matrix.specs if s.group is Group.OWN and s.of == (event, amount) and s.measure == "mean")
    return next(names, None)


def mean_amount(matrix: Matrix, event: str, amount: str | None) -> Floats | None:
    """That feature."""
    name = amount_name(matrix, event, amount)
    if name is None:
        return None
    at = [spec.name for spec in matrix.specs].index(name)
    return matrix.values[:, at].astype(np.float64)


def _history(table: Floats) -> tuple[History, Any]:
    """Of count, days since the first and days since the last; and who never had the event."""
    count, first, last = table.T
    none = count < 1
    tenure = np.maximum(first, 0.0)
    recency = np.where(count > 1, np.clip(tenure - last, 0.0, tenure), 0.0)
    return History(repeats=np.maximum(count - 1, 0.0), last=recency, tenure=tenure), none


def _brings(task: Task, lessons: Lessons, table: Floats) -> float | None:
    """What an event brings: of `total` the amount over the number, by mature answers or by means so far."""
    if task.form != "total":
        return None
    mean = mean_amount(lessons.matrix, task.event or "", task.amount)
    if mean is not None:
        own, count = mean[lessons.current], np.nan_to_num(table[lessons.current, 0])
        there = ~np.isnan(own) & (count > 0)
        if there.any():
            return max(float(np.average(own[there], weights=count[there])), 1e-9)
    return max(float(lessons.answers[lessons.answers > 0].mean()) if (lessons.answers > 0).any() else 1.0, 1e-9)


def _first_below(silent: Floats, level: float, days: Floats) -> Floats:
    """The day silence falls to `level`; the last where it does not."""
    at = np.clip((silent > level).sum(axis=1), 1, silent.shape[1] - 1)
    rows: Rows = np.arange(len(silent))
    before, after = silent[rows, at - 1], silent[rows, at]
    part = np.clip((before - level) / np.maximum(before - after, 1e-12), 0, 1)
    return np.asarray(np.where(after <= level, days[at - 1] + part * (days[at] - days[at - 1]), days[-1]), np.float64)
