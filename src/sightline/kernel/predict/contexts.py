"""What is known of a party before something is chosen for it, as a row of numbers: the features of a belief."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Known = Mapping[str, float | str | bool]

MOST_LEVELS = 6
"""Of a class the commonest so many have a column; the others share none."""

COMMON = 20
"""As often at least a class must have been seen."""

MOST_COLUMNS = 24
"""With more, a belief would need thousands of decisions before it says anything."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """Which columns there are. Numbers are standardised, large ones after their logarithm; unknown ones are average."""

    numbers: tuple[tuple[str, float, float], ...] = ()
    """Name, mean and spread."""
    classes: tuple[tuple[str, str], ...] = ()
    """Name and value."""

    @property
    def width(self) -> int:
        """Columns, with the constant."""
        return 1 + len(self.numbers) + len(self.classes)

    def row(self, known: Known) -> Floats:
        """(d,): the features of one party, a constant first."""
        told = [1.0]
        for name, mean, spread in self.numbers:
            value = squeezed(known.get(name))
            told.append(0.0 if value is None else min(max((value - mean) / spread, -4.0), 4.0))
        told += [float(said(known.get(name)) == value) for name, value in self.classes]
        return np.array(told, np.float64)

    def rows(self, known: Sequence[Known]) -> Floats:
        """(n, d)."""
        return np.stack([self.row(one) for one in known]) if known else np.zeros((0, self.width))

    def told(self) -> dict[str, Any]:
        """As JSON."""
        return asdict(self)

    @classmethod
    def read(cls, told: Mapping[str, Any]) -> Sheet:
        """Back from JSON."""
        return cls(
            numbers=tuple((name, mean, spread) for name, mean, spread in told["numbers"]),
            classes=tuple((name, value) for name, value in told["classes"]),
        )

    @classmethod
    def of(cls, known: Sequence[Known]) -> Sheet:
        """The columns that so many parties give something to say of."""
        numbers, classes = [], []
        for name in sorted({name for one in known for name in one}):
            values = [value for one in known if (value := squeezed(one.get(name))) is not None]
            spread = float(np.std(values)) if len(values) >= COMMON else 0.0
            if spread > 0:
                numbers.append((name, float(np.mean(values)), spread))
            texts = Counter(text for one in known if (text := said(one.get(name))) is not None)
            common = [(name, text) for text, count in texts.most_common(MOST_LEVELS) if count >= COMMON]
            # One class is left out, so that those that are told are told against something.
            classes += common[:-1] if len(common) == len(texts) else common
        numbers = numbers[: MOST_COLUMNS // 2]
        return cls(numbers=tuple(numbers), classes=tuple(classes[: MOST_COLUMNS - len(numbers)]))


def squeezed(value: float | str | bool | None) -> float | None:
    """A number on a scale on which money and counts are not all tail; None for what is none."""
    if value is None or isinstance(value, str | bool) or not math.isfinite(value):
        return None
    return math.copysign(math.log1p(abs(value)), value)


def said(value: float | str | bool | None) -> str | None:
    """A class as a text; None for a number."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value if isinstance(value, str) else None
