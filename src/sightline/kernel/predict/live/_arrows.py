"""Who points where: subjects by the things they are linked to, as read in bulk and as touched since."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from sightline.kernel.predict.live._members import Flags, Whole, spread
from sightline.kernel.predict.live._things import Stretch

Target = tuple[str, str]
"""A role, or a path of two, and what it points at (`kind/key`)."""

Links = Mapping[str, Sequence[Stretch]]
"""Role, or path, to stretches of targets."""


@dataclass(frozen=True, slots=True)
class Held:
    """Subjects and from when until when each points there; ascending by subject."""

    subject: Whole
    since: Whole
    until: Whole

    def only(self, kept: Flags) -> Held:
        """Those where `kept` is true."""
        return Held(self.subject[kept], self.since[kept], self.until[kept])

    def at(self, at: int) -> Whole:
        """Who points there at a moment."""
        return self.subject[(self.since <= at) & (at < self.until)]

    def beside(self, other: Held) -> Held:
        """Whoever points at both, while it does."""
        first, last = (np.searchsorted(other.subject, self.subject, side) for side in ("left", "right"))
        of, flat = spread(first, last - first)
        since, until = np.maximum(self.since[of], other.since[flat]), np.minimum(self.until[of], other.until[flat])
        kept = since < until
        return Held(self.subject[of][kept], since[kept], until[kept])


@dataclass(slots=True)
class Arrows:
    """Targets to those who point at them."""

    _place: dict[Target, tuple[int, int]]
    _subject: Whole
    _since: Whole
    _until: Whole
    touched: Flags = field(default_factory=lambda: np.zeros(0, np.bool_))
    """Per subject, whether its arrows are those below."""
    now: dict[int, Links] = field(default_factory=dict)
    _pointing: dict[Target, set[int]] = field(default_factory=dict)
    roles: set[str] = field(init=False)
    """Every role and path in which any subject points somewhere, or did."""

    def __post_init__(self) -> None:
        self.roles = {role for role, _ in self._place}

    @classmethod
    def of(cls, found: pl.DataFrame, number: Mapping[str, int]) -> Arrows:
        """`found`: key, role, to, since, until (microseconds)."""
        subjects = pl.DataFrame({"key": list(number), "subject": list(number.values())},
                                {"key": pl.String, "subject": pl.Int64})  # fmt: skip
        rows = found.join(subjects, on="key").sort("role", "to", "subject", "since")
        groups = rows.with_row_index("at").group_by("role", "to", maintain_order=True).agg(
            pl.col("at").first(), many=pl.len()
        )  # fmt: skip
        place = {(role, to): (at, at + many) for role, to, at, many in groups.iter_rows()}
        subject, since, until = (rows[name].to_numpy().astype(np.int64) for name in ("subject", "since", "until"))
        return cls(place, subject, since, until, np.zeros(len(number), np.bool_))

    def put(self, subject: int, links: Links) -> None:
        """Where a subject points from now on."""
        if subject >= len(self.touched):
            self.touched = np.append(self.touched, np.zeros(subject + 64 - len(self.touched), np.bool_))
        self.touched[subject] = True
        for target in targets(self.now.get(subject, {})):
            self._pointing.get(target, set()).discard(subject)
        self.now[subject] = links
        self.roles |= set(links)
        for target in targets(links):
            self._pointing.setdefault(target, set()).add(subject)

    def held(self, target: Target) -> Held:
        """Whoever points there, or did."""
        start, end = self._place.get(target, (0, 0))
        found = Held(self._subject[start:end], self._since[start:end], self._until[start:end])
        others = self._pointing.get(target)
        if not self.now:
            return found
        found = found.only(~self.touched[found.subject])
        if not others:
            return found
        role, to = target
        more = [(one, since, until) for one in others for since, until, where in self.now[one].get(role, ())
                if where == to]  # fmt: skip
        parts = np.array(more, np.int64).reshape(-1, 3)
        subject = np.concatenate([found.subject, parts[:, 0]])
        order = np.argsort(subject, kind="stable")
        since, until = np.concatenate([found.since, parts[:, 1]]), np.concatenate([found.until, parts[:, 2]])
        return Held(subject[order], since[order], until[order])


def targets(links: Links) -> Iterable[Target]:
    """Everything that is or was pointed at."""
    return {(role, to) for role, stretches in links.items() for _, _, to in stretches}
