"""The subjects of a question by number: their names, since when they are known, whether they would be asked now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from sightline.kernel.predict.live._members import Column, Whole, column
from sightline.kernel.predict.live._time import END


@dataclass(slots=True)
class Subjects:
    """Columns by subject; the first of them in the order of their keys, those that came since at the end."""

    keys: list[str]
    number: dict[str, int]
    born: Column
    """END where nothing is known any more."""
    first: Column
    """The row of its first example; the others follow."""
    many: Column
    asked_until: Column = field(default_factory=column)
    """Until when whoever is asked again and again would be asked; 0: not now."""
    silent: Column = field(default_factory=column)
    """Whether nothing would be known of its answer then."""
    deadline: Column = field(default_factory=column)
    """By when that would be answered, where an attribute says so; 0 otherwise."""
    irregular: set[int] = field(default_factory=set)
    """Those of whom the three above say nothing: something about them lies in the future."""
    _sorted: int = field(init=False)
    _rank: Any = None

    def __post_init__(self) -> None:
        self._sorted = len(self.keys)

    @classmethod
    def of(cls, keys: Sequence[str], born: Whole) -> Subjects:
        """`keys` in their order."""

        def nothing() -> Column:
            return Column(np.zeros(len(keys), np.int64))

        return cls(
            keys=list(keys),
            number={key: at for at, key in enumerate(keys)},
            born=Column(born),
            first=nothing(),
            many=nothing(),
            asked_until=nothing(),
            silent=nothing(),
            deadline=nothing(),
        )

    def of_key(self, key: str) -> int:
        """The number of a subject, a new one where it has none."""
        found = self.number.get(key)
        if found is None:
            found = self.number[key] = len(self.keys)
            self.keys.append(key)
            self.born.add([END])
            for each in (self.first, self.many, self.asked_until, self.silent, self.deadline):
                each.add([0])
            self._rank = None
        return found

    def rows(self, subject: int) -> Whole:
        """The examples of one subject."""
        first = int(self.first.values[subject])
        return np.arange(first, first + int(self.many.values[subject]))

    @property
    def rank(self) -> Any:
        """Numbers to the order of the keys, as floats."""
        if self._rank is None:
            rank = np.arange(len(self.keys), dtype=np.float64)
            came = sorted(self.keys[self._sorted :])
            held = self.keys[: self._sorted]
            places = np.searchsorted(np.array(held, object), np.array(came, object)) if held else np.zeros(len(came))
            for at, (key, place) in enumerate(zip(came, places, strict=True)):
                rank[self.number[key]] = place - 0.5 + 0.4 * (at + 1) / (len(came) + 1)
            self._rank = rank
        return self._rank
