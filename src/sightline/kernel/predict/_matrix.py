"""Features as numbers: categories become whole numbers once, unseen and rare ones go missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from sightline.kernel.predict._spec import Spec

Floats = npt.NDArray[np.float64]
Singles = npt.NDArray[np.float32]
Rows = npt.NDArray[np.int64]

MIN_SEEN = 10
"""A category seen less often while training is noise to a tree; it goes missing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrix:
    """The features of all subjects, categories as positions in their vocabulary; missing is nan."""

    specs: tuple[Spec, ...]
    values: Singles
    """subjects x features."""
    vocabulary: dict[str, list[str]]
    """Per category feature, its values, sorted."""

    @classmethod
    def of(cls, frame: pl.DataFrame, specs: Sequence[Spec]) -> Matrix:
        """`frame` has a column per spec; a missing column is all missing."""
        vocabulary: dict[str, list[str]] = {}
        values = np.full((frame.height, len(specs)), np.nan, np.float32)
        for at, spec in enumerate(specs):
            if spec.name not in frame.columns:
                vocabulary |= {spec.name: []} if spec.category else {}
            elif spec.category:
                words = frame[spec.name].drop_nulls().unique().sort()
                vocabulary[spec.name] = words.to_list()
                codes = frame[spec.name].cast(pl.Enum(words)).to_physical().cast(pl.Float32)
                values[:, at] = codes.fill_null(float("nan")).to_numpy()
            else:
                values[:, at] = frame[spec.name].cast(pl.Float32).fill_null(float("nan")).to_numpy()
        return cls(specs=tuple(specs), values=values, vocabulary=vocabulary)

    def only(self, specs: Sequence[Spec]) -> Matrix:
        """These features alone."""
        at = {spec.name: i for i, spec in enumerate(self.specs)}
        chosen = [at[spec.name] for spec in specs]
        kept = {s.name: self.vocabulary[s.name] for s in specs if s.category}
        return Matrix(specs=tuple(specs), values=self.values[:, chosen], vocabulary=kept)

    def rows(self, rows: Rows) -> Matrix:
        """These subjects alone."""
        return Matrix(specs=self.specs, values=self.values[rows], vocabulary=self.vocabulary)


@dataclass(frozen=True, slots=True, kw_only=True)
class Encoder:
    """How a model reads a matrix: which features, and which number each category has. From training rows only."""

    specs: tuple[Spec, ...]
    categories: dict[str, list[str]]

    @classmethod
    def fit(cls, matrix: Matrix, rows: Rows) -> Encoder:
        """Keep the features that vary over `rows` and the categories seen often enough there."""
        categories: dict[str, list[str]] = {}
        specs: list[Spec] = []
        for at, spec in enumerate(matrix.specs):
            column = matrix.values[rows, at]
            if spec.category:
                column = column[~np.isnan(column)].astype(np.int64)
                words = matrix.vocabulary[spec.name]
                seen = np.bincount(column, minlength=len(words))
                categories[spec.name] = [w for w, n in zip(words, seen, strict=True) if n >= MIN_SEEN]
                varies = len(categories[spec.name]) > 1 or 0 < seen.sum() < len(rows)
            else:
                varies = _varies(column)
            if varies:
                specs.append(spec)
        return cls(specs=tuple(specs), categories={s.name: categories[s.name] for s in specs if s.category})

    def encode(self, matrix: Matrix, rows: Rows | None = None) -> Singles:
        """subjects (those of `rows`, all without) x kept features."""
        at = {spec.name: i for i, spec in enumerate(matrix.specs)}
        count = len(matrix.values) if rows is None else len(rows)
        values = np.full((count, len(self.specs)), np.nan, np.float32)
        for to, spec in enumerate(self.specs):
            if spec.name not in at:
                continue
            column = matrix.values[:, at[spec.name]] if rows is None else matrix.values[rows, at[spec.name]]
            values[:, to] = self._recoded(spec.name, column, matrix.vocabulary) if spec.category else column
        return values

    def _recoded(self, name: str, column: Singles, vocabulary: dict[str, list[str]]) -> Floats:
        codes = {word: float(code) for code, word in enumerate(self.categories[name])}
        table = np.array([*(codes.get(word, np.nan) for word in vocabulary[name]), np.nan])
        missing = np.isnan(column)
        found: Floats = table[np.where(missing, len(table) - 1, column).astype(np.int64)]
        return found

    def document(self) -> dict[str, Any]:
        """JSON-ready."""
        return {"specs": [spec.document() for spec in self.specs], "categories": self.categories}

    @classmethod
    def read(cls, document: dict[str, Any]) -> Encoder:
        """The encoder of `document`."""
        return cls(specs=tuple(Spec.read(s) for s in document["specs"]), categories=document["categories"])


def _varies(column: Singles) -> bool:
    there = column[~np.isnan(column)]
    return bool(len(there)) and (len(there) < len(column) or bool(there.min() < there.max()))
