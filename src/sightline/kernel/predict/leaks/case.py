"""What all tests look at: the answered examples before the judged part, and what each feature reads.

A topic is what is suspected as one: an attribute, a link, or what happened. Whoever knows too much is left out with
every feature that reads it, wherever it stands.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime

import numpy as np
import polars as pl
from scipy.stats import rankdata

from sightline.kernel.predict import metrics
from sightline.kernel.predict._matrix import Floats, Matrix, Rows
from sightline.kernel.predict._spec import Group, Spec
from sightline.kernel.predict.examples import Examples
from sightline.kernel.predict.facts import Facts
from sightline.kernel.predict.limits import decided
from sightline.language.question import Question

FOLDS = 4
"""Parts that are read by what the others say."""

NEARLY = 0.9
"""The share of an event's occurrences that must come after the cutoff, for it to be one that does."""

RAW = frozenset({"value", "days", "text", "target", "word", "words"})
"""Measures that are what an attribute or a link says, and not made of it."""

SMOOTH = 10
"""A category's mean answer counts as if so many more had turned out like everybody's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """What is suspected as one."""

    kind: str
    """Of the things it belongs to."""
    name: str
    what: str
    """Its name for people."""
    raw: bool
    """An attribute or a link; else what happened."""
    undated: bool
    """Whether nothing records when it became known."""
    columns: tuple[int, ...]
    """Its own, in the matrix."""
    reads: tuple[str, ...]
    """The names of all features that read it."""
    link: bool = False
    """Whether it points at another thing: then histories of answers are made along it, as of each cutoff."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """The answered examples before the judged part."""

    question: Question
    asked: Examples
    matrix: Matrix
    facts: Facts
    now: datetime
    at: datetime
    """Nothing known later is looked at: the origin of the back-test; of a flat table, `now`."""
    rows: Rows
    """Positions among the eligible, oldest first."""
    answers: Floats
    """Aligned with `rows`."""
    folds: Rows
    """Aligned with `rows`: which of the parts an example is in. Those that share their fate are in one."""
    late: frozenset[str] = field(default=frozenset())
    """The events that come after the cutoff: what they say is dated by them."""
    topics: tuple[Topic, ...] = field(default=())

    @classmethod
    def of(
        cls, question: Question, asked: Examples, matrix: Matrix, facts: Facts, now: datetime, seed: int,
        at: datetime | None = None,
    ) -> Case:  # fmt: skip
        """Cut at the origin (`at`, where it is not the usual one)."""
        at = at or decided(asked, now)
        told = asked.answers(at).value
        rows = np.flatnonzero(~np.isnan(told))
        shared = asked.eligible["cluster"].rank("dense").cast(pl.Int64).to_numpy()[rows] if len(rows) else rows
        parts = np.random.default_rng(seed).integers(FOLDS, size=int(shared.max(initial=0)) + 1)
        case = cls(
            question=question, asked=asked, matrix=matrix, facts=facts, now=now, at=at, rows=rows,
            answers=told[rows], folds=parts[shared],
        )  # fmt: skip
        case = replace(case, late=_late(case))
        return replace(case, topics=tuple(_topics(case)))

    def column(self, at: int) -> Floats:
        """A feature as one number per example of `rows`, nan where missing; a category as the mean answer it had
        among the other parts.
        """
        values: Floats = self.matrix.values[self.rows, at].astype(np.float64)
        if not self.matrix.specs[at].category:
            return values
        codes = np.where(np.isnan(values), -1, values).astype(np.int64) + 1
        size, read = int(codes.max(initial=0)) + 1, np.full(len(codes), np.nan)
        for part in range(FOLDS):
            here, rest = self.folds == part, self.folds != part
            if not rest.any():
                continue
            seen = np.bincount(codes[rest], minlength=size)
            told = np.bincount(codes[rest], self.answers[rest], size)
            read[here] = ((told + SMOOTH * self.answers[rest].mean()) / (seen + SMOOTH))[codes[here]]
        return np.where(codes > 0, read, np.nan)

    def there(self, topic: Topic, rows: Rows) -> Floats:
        """1 for each of `rows` (positions in the matrix) for which anything is known of it, else 0."""
        known = ~np.isnan(self.matrix.values[rows][:, list(topic.columns)])
        found: Floats = known.max(axis=1).astype(np.float64)
        return found

    def strength(self, values: Floats, answers: Floats) -> float:
        """How well numbers rank answers, whichever way they point: AUC, of a quantity the rank correlation."""
        if self.question.chance:
            found = metrics.auc(values, answers)
            return max(found, 1 - found)
        return abs(correlation(values, answers))

    @property
    def figure(self) -> str:
        """What `strength` is called."""
        return "AUC" if self.question.chance else "rank correlation"


def correlation(one: Floats, other: Floats) -> float:
    """Spearman's rank correlation; 0 where one of them does not vary."""
    left, right = rankdata(one), rankdata(other)
    if len(left) < 3 or left.std() == 0 or right.std() == 0:
        return 0.0
    return float(np.corrcoef(left, right)[0, 1])


def _topics(case: Case) -> Iterator[Topic]:
    """Attributes and links of the subject and of what it points at, and what happened to either."""
    found: dict[tuple[str, str, bool], list[int]] = {}
    for at, spec in enumerate(case.matrix.specs):
        if spec.group in {Group.ATTRIBUTE, Group.FAR, Group.OWN}:
            found.setdefault(_key(case, spec), []).append(at)
    for (kind, name, raw), columns in found.items():
        own = kind == case.question.of
        yield Topic(
            kind=kind,
            name=name,
            what=name if own or not raw else f"{kind}.{name}",
            raw=raw,
            undated=raw and undated(case.facts, kind, name),
            columns=tuple(columns),
            link=raw and all(case.matrix.specs[at].measure == "target" for at in columns),
            reads=tuple(s.name for s in case.matrix.specs if _reads(case, s, (kind, name, raw))),
        )


def _key(case: Case, spec: Spec) -> tuple[str, str, bool]:
    """(kind, name, raw) of what a feature is about."""
    if spec.measure not in RAW or spec.group is Group.OWN:
        return case.question.of, ".".join(spec.of), False
    return _end(case, spec.of[:-1]), spec.of[-1], True


def _end(case: Case, path: tuple[str, ...]) -> str:
    """The kind a path of links leads to."""
    at = case.question.of
    for role in path:
        kind = case.facts.kinds.get(at)
        link = kind.link(role) if kind else None
        at = link.to if link else role
    return at


def undated(facts: Facts, kind: str, name: str) -> bool:
    """Whether when an attribute or a link became known is an assumption, or nothing is declared of it."""
    declared = facts.kinds.get(kind)
    one = (declared.attribute(name) or declared.link(name)) if declared else None
    return one is None or one.assumed or one.known_by is None


def _late(case: Case) -> frozenset[str]:
    """The events that become known after the cutoff, nearly whenever they do."""
    found = case.facts.happenings.filter(pl.col("kind") == case.question.of)
    shares = lateness(found, case.asked.eligible, by="type")
    return frozenset(name for name, share in shares.items() if share > NEARLY)


def lateness(found: pl.DataFrame, asked: pl.DataFrame, by: str) -> dict[str, float]:
    """Of all pairs of one of `found` (key, known_from, and what `by` names) and a cutoff of its key (`asked`: key,
    cutoff), the share in which it becomes known after the cutoff; by `by`.

    The pairs are counted and not made: subjects of many events that are asked again and again have a hundred times as
    many pairs as there are events and cutoffs.
    """
    cutoffs = asked.select("key", "cutoff").sort("cutoff")
    cutoffs = cutoffs.with_columns(before=pl.int_range(1, pl.len() + 1, dtype=pl.Int64).over("key"))
    many = cutoffs.group_by("key").agg(many=pl.len().cast(pl.Int64))
    placed = found.select("key", "known_from", by).sort("known_from")
    placed = placed.join_asof(
        cutoffs, left_on="known_from", right_on="cutoff", by="key", allow_exact_matches=False, check_sortedness=False
    ).join(many, on="key")
    shares = placed.group_by(by).agg(late=pl.col("before").sum() / pl.col("many").sum())
    return dict(shares.select(by, "late").iter_rows())


def _reads(case: Case, spec: Spec, topic: tuple[str, str, bool]) -> bool:
    """Whether a feature is made of a topic."""
    kind, name, raw = topic
    if spec.group in {Group.ATTRIBUTE, Group.FAR, Group.OWN} and _key(case, spec) == topic:
        return True
    if not raw:
        return False
    if kind == case.question.of and _through(spec, name):
        return True
    return (
        spec.group in {Group.OWN, Group.FAR}
        and len(spec.of) > 1
        and spec.of[-1] == name
        and spec.of[-2] not in case.late
    )


def _through(spec: Spec, role: str) -> bool:
    """Whether a feature looks along a link of the subject."""
    if spec.group in {Group.LINK, Group.PAIR}:
        return any(one == role or one.startswith(f"{role}>") for one in spec.of)
    return spec.group is Group.FAR and spec.of[0] == role
