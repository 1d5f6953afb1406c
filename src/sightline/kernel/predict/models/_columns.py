"""Features as columns a linear model can weigh: centred, of one scale, squashed where skewed, nothing missing.

A number becomes one column, with its missing values at the mean, and one that tells they were missing. A category
becomes a column for each of its commonest values; one with many values also the rate of answers known for its value.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from sightline.kernel.predict._matrix import Encoder, Floats, Matrix, Rows, Singles

APART = 20
"""The commonest values of a category that have a column of their own."""

SKEWED = 2.0
"""Skewness from which on a number is squashed (its inverse hyperbolic sine: a logarithm that knows both signs)."""

FAR = 5.0
"""Standard deviations beyond which a number counts no more: what was never seen is not extrapolated."""

DRAWN = 20.0
"""Answers of the usual rate that each value's own rate is drawn towards."""

FEW = 1e-9
"""Spread below which a column is constant."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Number:
    at: int
    middle: float
    scale: float
    squashed: bool
    mean: float
    sd: float
    absent: float
    """The share of missing ones; nan where none was: no column tells of it."""

    def columns(self, values: Singles) -> list[Floats]:
        column = values[:, self.at].astype(np.float64)
        gone = np.isnan(column)
        found = [np.where(gone, 0.0, np.clip((self.squash(column) - self.mean) / self.sd, -FAR, FAR))]
        return found if np.isnan(self.absent) else [*found, gone - self.absent]

    def squash(self, column: Floats) -> Floats:
        plain = (column - self.middle) / self.scale
        return np.arcsinh(plain) if self.squashed else plain

    def document(self) -> list[Any]:
        rest = [self.at, self.middle, self.scale, self.squashed, self.mean, self.sd]
        return ["number", *rest, None if np.isnan(self.absent) else self.absent]

    @classmethod
    def fit(cls, at: int, column: Floats) -> _Number | None:
        there = column[~np.isnan(column)]
        low, middle, high = np.quantile(there, (0.25, 0.5, 0.75)) if len(there) else (0.0, 0.0, 0.0)
        spread = float(there.std()) if len(there) else 0.0
        if spread <= FEW * max(1.0, abs(float(middle))):
            return cls._only_missing(at, column) if 0 < len(there) < len(column) else None
        skew = float((((there - there.mean()) / spread) ** 3).mean())
        scale = float(high - low) if high - low > FEW * spread else spread
        raw = cls(at=at, middle=float(middle), scale=scale, squashed=abs(skew) > SKEWED, mean=0.0, sd=1.0, absent=0.0)
        told = raw.squash(there)
        absent = 1 - len(there) / len(column)
        return cls(
            at=at, middle=raw.middle, scale=scale, squashed=raw.squashed, mean=float(told.mean()),
            sd=max(float(told.std()), FEW), absent=absent if absent > 0 else float("nan"),
        )  # fmt: skip

    @classmethod
    def _only_missing(cls, at: int, column: Floats) -> _Number:
        middle = float(np.nanmean(column))
        absent = float(np.isnan(column).mean())
        return cls(at=at, middle=middle, scale=1.0, squashed=True, mean=0.0, sd=1e9, absent=absent)

    @classmethod
    def read(cls, parts: list[Any]) -> _Number:
        at, middle, scale, squashed, mean, sd, absent = parts
        return cls(
            at=at, middle=middle, scale=scale, squashed=squashed, mean=mean, sd=sd,
            absent=float("nan") if absent is None else absent,
        )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class _Category:
    at: int
    codes: Rows
    """Of the values with a column of their own."""
    shares: Floats
    """How common each is."""
    rates: Floats
    """Per code how far the answers known for it are from the usual, in standard deviations, drawn to 0; may be none."""

    def columns(self, values: Singles) -> list[Floats]:
        column = values[:, self.at]
        found: list[Floats] = [(column == code) - share for code, share in zip(self.codes, self.shares, strict=True)]
        return [*found, self._rate(column)] if len(self.rates) else found

    def _rate(self, column: Singles) -> Floats:
        known = ~np.isnan(column) & (column < len(self.rates))
        return np.where(known, self.rates[np.where(known, column, 0).astype(np.int64)], 0.0)

    def document(self) -> list[Any]:
        return ["category", self.at, self.codes.tolist(), self.shares.tolist(), self.rates.tolist()]

    @classmethod
    def fit(cls, at: int, column: Singles, answers: Floats) -> _Category:
        seen = np.bincount(column[~np.isnan(column)].astype(np.int64))
        codes = np.argsort(-seen, kind="stable")[:APART]
        codes = np.sort(codes[seen[codes] > 0])
        rates = np.zeros(0)
        if len(seen) > APART:
            known = ~np.isnan(column)
            sums = np.bincount(column[known].astype(np.int64), answers[known], minlength=len(seen))
            rates = sums / (seen + DRAWN)
        return cls(at=at, codes=codes.astype(np.int64), shares=seen[codes] / len(column), rates=rates)

    @classmethod
    def read(cls, parts: list[Any]) -> _Category:
        at, codes, shares, rates = parts
        return cls(
            at=at, codes=np.array(codes, np.int64), shares=np.array(shares, np.float64),
            rates=np.array(rates, np.float64),
        )  # fmt: skip


def _earlier_rate(column: Singles, answers: Floats) -> Floats:
    """The drawn rate of each row's value by the rows before it alone: nobody sees its own answer (Prokhorenkova et al.
    2018, ordered target statistics). Rows are oldest first.
    """
    code = np.where(np.isnan(column), -1, column).astype(np.int64)
    order = np.argsort(code, kind="stable")
    sorted_code, total = code[order], np.cumsum(answers[order]) - answers[order]
    first = np.flatnonzero(np.r_[True, np.diff(sorted_code) != 0])
    group = np.repeat(np.arange(len(first)), np.diff(np.r_[first, len(code)]))
    before = np.arange(len(code)) - first[group]
    found = np.zeros(len(code))
    found[order] = np.where(sorted_code < 0, 0.0, (total - total[first][group]) / (before + DRAWN))
    return found


_Part = _Number | _Category


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """How a linear model reads a matrix. From training rows only."""

    encoder: Encoder
    parts: tuple[_Part, ...]
    owner: Rows
    """Per column the feature (position in the encoder) it was made of."""

    @classmethod
    def fit(cls, matrix: Matrix, rows: Rows, answers: Floats) -> tuple[Columns, Floats]:
        """The columns of `rows`, oldest first, with their `answers`; and rows x columns to learn from, in which the
        rate of a value was learned from earlier rows only.
        """
        encoder = Encoder.fit(matrix, rows)
        values = encoder.encode(matrix, rows)
        spread = float(answers.std()) or 1.0
        plain = (answers - answers.mean()) / spread
        parts: list[_Part] = []
        found: list[Floats] = []
        owner: list[int] = []
        for at, spec in enumerate(encoder.specs):
            column = values[:, at]
            part = _Category.fit(at, column, plain) if spec.category else _Number.fit(at, column.astype(np.float64))
            if part is None:
                continue
            made = part.columns(values)
            if isinstance(part, _Category) and len(part.rates):
                made[-1] = _earlier_rate(column, plain)
            parts.append(part)
            found += made
            owner += [at] * len(made)
        made_of = np.array(owner, np.int64)
        learned = np.column_stack(found) if found else np.zeros((len(rows), 0))
        return cls(encoder=encoder, parts=tuple(parts), owner=made_of), learned

    def __call__(self, matrix: Matrix) -> Floats:
        """subjects x columns."""
        values = self.encoder.encode(matrix)
        found = [column for part in self.parts for column in part.columns(values)]
        return np.column_stack(found) if found else np.zeros((len(values), 0))

    def shares(self, columns: Floats, weights: Floats) -> Floats:
        """subjects x features: what each feature adds to the weighted sum of `columns`."""
        found = np.zeros((len(columns), len(self.encoder.specs)))
        np.add.at(found.T, self.owner, (columns * weights).T)
        return found

    @property
    def names(self) -> tuple[str, ...]:
        """Of the features."""
        return tuple(spec.name for spec in self.encoder.specs)

    def document(self) -> dict[str, Any]:
        """JSON-ready."""
        return {
            "encoder": self.encoder.document(),
            "parts": [part.document() for part in self.parts],
            "owner": self.owner.tolist(),
        }

    @classmethod
    def read(cls, document: dict[str, Any]) -> Columns:
        """What `document` gave."""
        readers: dict[str, type[_Number] | type[_Category]] = {"number": _Number, "category": _Category}
        return cls(
            encoder=Encoder.read(document["encoder"]),
            parts=tuple(readers[kind].read(rest) for kind, *rest in document["parts"]),
            owner=np.array(document["owner"], np.int64),
        )
