"""The moments of the examples as numbers, and their answers as of any moment."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import numpy as np
import polars as pl

from sightline.kernel.predict._matrix import Rows
from sightline.kernel.predict.examples import Answers, Examples
from sightline.language.question import Once


def microseconds(at: datetime) -> int:
    """Since the epoch, exactly."""
    return (at - datetime(1970, 1, 1, tzinfo=at.tzinfo)) // timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """The examples of one question; arrays aligned with `Examples.eligible`."""

    asked: Examples
    timeless: bool
    """A flat table: no example is earlier than another."""
    cutoff: Rows
    """Microseconds since the epoch."""
    subject: Rows
    """Whoever shares a number is one subject, asked again."""
    clusters: Rows
    """Whoever shares a number shares its fate."""
    read: dict[datetime, Answers] = field(default_factory=dict)
    """What was read before."""

    @classmethod
    def of(cls, asked: Examples) -> Clock:
        """Of all eligible examples, which are sorted by (cutoff, key)."""
        eligible = asked.eligible
        names = [eligible[name].rank("dense").cast(pl.Int64).to_numpy() for name in ("key", "cluster")]
        return cls(
            asked=asked,
            timeless=isinstance(asked.question.when, Once),
            cutoff=eligible["cutoff"].dt.timestamp("us").cast(pl.Int64).to_numpy(),
            subject=names[0],
            clusters=names[1],
        )

    def answers(self, at: datetime) -> Answers:
        """As they read at `at`; nothing recorded later reaches them."""
        if at not in self.read:
            self.read[at] = self.asked.answers(at)
        return self.read[at]

    def since(self, at: datetime) -> Rows:
        """The examples whose cutoffs lie at or after `at`; all of a flat table."""
        return np.flatnonzero((self.cutoff >= microseconds(at)) | self.timeless)

    def current(self, at: datetime) -> Rows:
        """The last cutoff of each subject by `at`, mature or not, oldest first."""
        rows = np.flatnonzero((self.cutoff <= microseconds(at)) | self.timeless)
        _, last = np.unique(self.subject[rows][::-1], return_index=True)
        return np.sort(rows[len(rows) - 1 - last])
