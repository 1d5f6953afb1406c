"""What the asked looked like, window after window: what is asked later is compared with it.

Subjects in the order in which they were asked are cut into windows of as many clusters each, and every cluster counts
as one in its window: an order of forty lines is one order. A feature's window is a histogram over parts of its range
that are as full as each other in the past, its commonest categories, and whoever has none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

import numpy as np
import polars as pl

from sightline.kernel.predict._matrix import Floats, Matrix, Rows
from sightline.kernel.predict._spec import Group, Spec
from sightline.kernel.predict.clock import microseconds

PARTS = 5
"""Of a feature's range, and categories that are told apart: more would be noise in windows of few clusters."""

SMALLEST = 5
"""Clusters in a window. Of a short history many small windows tell more than few large ones: by 90 of them it is
noticed within ten that a feature is not known any more, by 45 never.
"""

MOST = 180
"""Windows of the past."""

FEWEST = 20
"""With fewer windows nobody can tell what is usual, and nothing is compared."""

TOLD_APART = 0.1
"""Of a category's subjects so many have one of its commonest values: where nearly all differ, nothing is told."""

STRONGEST, ATTRIBUTES = 20, 20
"""Features that are looked at: those that move the model most, and what the subjects themselves are."""

SAID = "said"
"""The name of the series of what is forecast."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """A feature, or what is said, over windows."""

    spec: Spec | None
    """None of what is said."""
    parts: tuple[float, ...] | tuple[str, ...]
    """Where one part of the range ends and the next begins; of a category its values, the commonest first."""
    past: Floats
    """windows x parts: clusters. Numbers: below the first border, ..., missing. Categories: each, others, missing."""

    @property
    def name(self) -> str:
        """Of the feature."""
        return self.spec.name if self.spec else SAID

    def document(self) -> dict[str, Any]:
        """JSON-ready."""
        spec = self.spec.document() if self.spec else None
        return {"spec": spec, "parts": list(self.parts), "past": self.past.round(2).tolist()}

    @classmethod
    def read(cls, document: Mapping[str, Any]) -> Self:
        """What `document` gave."""
        spec = Spec.read(document["spec"]) if document["spec"] else None
        return cls(spec=spec, parts=tuple(document["parts"]), past=np.array(document["past"], np.float64))


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """What a version's training had seen, kept with it."""

    clusters: int
    """In a window."""
    until: datetime
    """Who is asked later is compared."""
    series: tuple[Series, ...]

    def document(self) -> dict[str, Any]:
        """JSON-ready."""
        return {
            "clusters": self.clusters,
            "until": self.until.isoformat(),
            "series": [one.document() for one in self.series],
        }

    @classmethod
    def read(cls, document: Mapping[str, Any]) -> Self:
        """What `document` gave."""
        return cls(
            clusters=document["clusters"],
            until=datetime.fromisoformat(document["until"]),
            series=tuple(Series.read(one) for one in document["series"]),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Who was asked, as arrays of one length in whatever order."""

    cutoff: Rows
    """Microseconds."""
    cluster: Rows
    """Whoever shares a number shares its fate; numbers are in no order of their members."""
    matrix: Matrix
    said: Floats
    """What was, or would have been, said of each without knowing the answer; nan where nothing was."""

    def rows(self, rows: Rows) -> Asked:
        """These alone."""
        return Asked(
            cutoff=self.cutoff[rows], cluster=self.cluster[rows], matrix=self.matrix.rows(rows), said=self.said[rows]
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """How rows fall into windows."""

    order: Rows
    """The rows that are in any, window after window."""
    window: Rows
    """Of each of these."""
    weight: Floats
    """Of each: one over the members of its cluster in the window."""
    count: int
    begins: Rows
    """When the first of each window was asked, in microseconds."""

    def histogram(self, codes: Rows, parts: int) -> Floats:
        """windows x parts. `codes`: of every row, from 0; below 0: not counted."""
        found = codes[self.order]
        counted = found >= 0
        flat = np.bincount(
            self.window[counted] * parts + found[counted], self.weight[counted], minlength=self.count * parts
        )
        return np.asarray(flat.reshape(self.count, parts), np.float64)


def clusters_of(eligible: pl.DataFrame) -> Rows:
    """A number for each example's cluster, the same whenever it is read, in no order of anything."""
    hashed = eligible["cluster"].hash(seed=0).to_numpy()
    return np.asarray(hashed >> np.uint64(1), np.int64)


def size(asked: Asked) -> int | None:
    """Clusters to a window; None where there would be too few windows to tell what is usual."""
    together = len(np.unique(np.stack([asked.cutoff, asked.cluster]), axis=1).T)
    found = max(SMALLEST, together // MOST)
    return found if together // found >= FEWEST else None


def cut(asked: Asked, clusters: int, *, to_the_end: bool) -> Cut:
    """Whole windows of so many clusters. `to_the_end`: what is over stands at the beginning, else at the end."""
    order = np.lexsort((asked.cluster, asked.cutoff))
    at, who = asked.cutoff[order], asked.cluster[order]
    group = np.cumsum(np.r_[True, (at[1:] != at[:-1]) | (who[1:] != who[:-1])]) - 1 if len(order) else order
    groups = int(group[-1]) + 1 if len(group) else 0
    count = groups // clusters
    window = (group - (groups - count * clusters if to_the_end else 0)) // clusters
    inside = (window >= 0) & (window < count)
    order, window, who = order[inside], window[inside], who[inside]
    _, member, members = np.unique(np.stack([window, who]), axis=1, return_inverse=True, return_counts=True)
    return Cut(
        order=order,
        window=window,
        weight=1 / members[member.reshape(-1)],
        count=count,
        begins=asked.cutoff[order][np.searchsorted(window, np.arange(count))],
    )


def reference(asked: Asked, until: datetime, names: Sequence[str]) -> Reference | None:
    """What is kept with a version. `names`: the features that move it, the strongest first."""
    asked = asked.rows(np.flatnonzero(asked.cutoff <= microseconds(until)))
    clusters = size(asked) if len(asked.cutoff) else None
    if clusters is None:
        return None
    found = cut(asked, clusters, to_the_end=True)
    made = [_feature(asked.matrix, at, found) for at in _looked_at(asked.matrix.specs, names)]
    made = [one for one in made if not _all_differ(one)]
    spoken = asked.said[found.order]
    borders = _borders(spoken[~np.isnan(spoken)])
    codes = np.where(np.isnan(asked.said), -1, np.searchsorted(borders, asked.said, side="right"))
    past = found.histogram(codes, len(borders) + 1)
    whole = past.sum(axis=1) >= clusters / 2
    said = Series(spec=None, parts=tuple(borders.tolist()), past=past[whole])
    return Reference(clusters=clusters, until=until, series=(*made, said))


def later(kept: Reference, asked: Asked) -> tuple[list[Floats], Rows]:
    """The histograms of whoever was asked since, series by series, and when each window began (microseconds).

    A feature that is not made any more is missing of everybody.
    """
    asked = asked.rows(np.flatnonzero(asked.cutoff > microseconds(kept.until)))
    found = cut(asked, kept.clusters, to_the_end=False)
    at = {spec.name: place for place, spec in enumerate(asked.matrix.specs)}
    made = []
    for one in kept.series:
        parts = one.past.shape[1] if one.past.ndim > 1 else len(one.parts) + 1
        if one.spec is None:
            borders = np.array(one.parts, np.float64)
            codes = np.where(np.isnan(asked.said), -1, np.searchsorted(borders, asked.said, side="right"))
        elif one.name in at:
            codes = _codes(one, asked.matrix.values[:, at[one.name]].astype(np.float64), asked.matrix.vocabulary)
        else:
            codes = np.full(len(asked.cutoff), parts - 1)
        made.append(found.histogram(codes, parts))
    return made, found.begins


def _looked_at(specs: Sequence[Spec], names: Sequence[str]) -> list[int]:
    place = {spec.name: at for at, spec in enumerate(specs)}
    strongest = [name for name in names if name in place and specs[place[name]].group is not Group.CALENDAR]
    chosen = strongest[:STRONGEST]
    own = [spec.name for spec in specs if spec.group is Group.ATTRIBUTE and spec.name not in chosen]
    return [place[name] for name in (*chosen, *own[:ATTRIBUTES])]


def _feature(matrix: Matrix, at: int, found: Cut) -> Series:
    spec, values = matrix.specs[at], matrix.values[:, at].astype(np.float64)
    seen = values[found.order]
    seen = seen[~np.isnan(seen)]
    parts: tuple[float, ...] | tuple[str, ...]
    if spec.category:
        counts = np.bincount(seen.astype(np.int64), minlength=1)
        commonest = np.argsort(-counts, kind="stable")[:PARTS]
        parts = tuple(matrix.vocabulary[spec.name][code] for code in commonest if counts[code])
    else:
        parts = tuple(_borders(seen).tolist())
    one = Series(spec=spec, parts=parts, past=np.zeros((0, 0)))
    codes = _codes(one, values, matrix.vocabulary)
    return Series(spec=spec, parts=parts, past=found.histogram(codes, len(parts) + 2))


def _all_differ(one: Series) -> bool:
    named = one.past[:, : len(one.parts)].sum() if one.spec is not None and one.spec.category else np.inf
    return bool(named < TOLD_APART * one.past[:, :-1].sum())


def _borders(values: Floats) -> Floats:
    """Of parts that are about as full as each other."""
    return np.unique(np.quantile(values, np.arange(1, PARTS) / PARTS)) if len(values) else np.zeros(0)


def _codes(one: Series, values: Floats, vocabulary: Mapping[str, Sequence[str]]) -> Rows:
    missing = np.isnan(values)
    if one.spec is not None and one.spec.category:
        number = {word: code for code, word in enumerate(one.parts)}
        table = np.array([*(number.get(word, len(one.parts)) for word in vocabulary[one.spec.name]), 0], np.int64)
        codes = table[np.where(missing, len(table) - 1, values).astype(np.int64)]
    else:
        codes = np.searchsorted(np.array(one.parts, np.float64), values, side="right")
    return np.where(missing, len(one.parts) + 1, codes)
