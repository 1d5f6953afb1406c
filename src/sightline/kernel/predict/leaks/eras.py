"""Numbers that carry time, and examples that have twins: what a model could learn by heart.

The key of a subject is no feature, so a numbered key harms nobody.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np
import polars as pl

from sightline.kernel.predict._matrix import MIN_SEEN, Floats, Rows
from sightline.kernel.predict._spec import Group
from sightline.kernel.predict.leaks.case import Case, Topic, correlation
from sightline.kernel.predict.leaks.suspect import Finding, Kind
from sightline.language.question import Once

MONOTONE = 0.99
"""A rank correlation with the time of asking; prices and rates that drift stay below it."""

KINDS = 50
"""Different values below which nothing is numbered."""

SHARE = 0.05
"""Of the judged examples that have a twin; fewer flatter no figure that is shown."""

AGREE = 0.5
"""How much more often than by chance the answers of twins must agree (Cohen's kappa)."""

FEW = 5
"""Examples that may share a mark and still be twins; where more do, that is a sort of thing, and no copy."""

_NUMBER = re.compile(r"(\d+)\D*$")


def eras(case: Case, topic: Topic) -> Iterator[Finding]:
    """Whether an attribute or a link numbers the time."""
    times = _times(case) if topic.raw else None
    if times is None:
        return
    for at in topic.columns:
        spec = case.matrix.specs[at]
        values = case.matrix.values[case.rows, at].astype(np.float64)
        if spec.measure not in {"value", "text", "target"}:
            continue
        numbers = _numbered(case.matrix.vocabulary[spec.name], values) if spec.category else values
        there = ~np.isnan(numbers)
        if len(np.unique(numbers[there])) < KINDS or there.sum() < 2 * KINDS:
            continue
        rank = abs(correlation(numbers[there], times[there]))
        if rank >= MONOTONE:
            clause = f"rises or falls with the time of asking (rank correlation {rank:.3f})"
            yield Finding(test=Kind.ERA, clause=clause, figures={"with_time": rank})
            return


def _times(case: Case) -> Floats | None:
    """When each example was asked; of a flat table, the order of its rows. None where that is all the same."""
    if not isinstance(case.question.when, Once):
        return case.asked.eligible["cutoff"].dt.timestamp("us").to_numpy()[case.rows].astype(np.float64)
    own = case.facts.happenings.filter(pl.col("kind") == case.question.of)
    first = own.group_by("key").agg(pl.col("position").min())
    placed = case.asked.eligible.select("key").join(first, on="key", how="left", maintain_order="left")["position"]
    return placed.cast(pl.Float64).fill_null(0.0).to_numpy()[case.rows]


def _numbered(words: list[str], codes: Floats) -> Floats:
    """The last number in each word, of words seen often enough to be learned; nan without."""
    there = codes[~np.isnan(codes)].astype(np.int64)
    seen = np.bincount(there, minlength=len(words))
    found = [_NUMBER.search(word) if n >= MIN_SEEN else None for word, n in zip(words, seen, strict=True)]
    numbers = np.array([*(float(one[1]) if one else np.nan for one in found), np.nan])
    read: Floats = numbers[np.where(np.isnan(codes), len(words), codes).astype(np.int64)]
    return read


def twins(case: Case, left_out: frozenset[str]) -> Finding | None:
    """Whether many judged examples are all but the same as earlier ones, and twins share their answer.

    Of the judged only the features are looked at; whether twins agree is read among the earlier ones.
    """
    if not case.question.chance or not len(case.rows):
        return None
    marks = _marks(case, left_out)
    judged = _judged(case)
    _, code, many = np.unique(marks, return_inverse=True, return_counts=True)
    rare = many[code] <= FEW
    known = case.rows[rare[case.rows]]
    if isinstance(case.question.when, Once):
        share = float((rare & (many[code] > 1))[case.rows].mean())
    else:
        share = float(np.isin(code[judged], np.unique(code[known])).mean()) if len(judged) else 0.0
    agree = _agreement(code[known], case.answers[rare[case.rows]])
    if share < SHARE or agree < AGREE:
        return None
    clause = f"stand among the earlier examples for {share:.0%} of the judged ones, with the same answer"
    return Finding(test=Kind.TWINS, clause=clause, figures={"twins": share, "agreement": agree})


def _marks(case: Case, left_out: frozenset[str]) -> Rows:
    """A number per example: the same for those whose attributes agree to three digits."""
    columns = [
        at for at, spec in enumerate(case.matrix.specs) if spec.group is Group.ATTRIBUTE and spec.name not in left_out
    ]
    marks = np.zeros(len(case.matrix.values), np.uint64)
    for at in columns:
        values = case.matrix.values[:, at].astype(np.float64)
        if not case.matrix.specs[at].category:
            values = _rounded(values)
        code = np.unique(values, return_inverse=True)[1].astype(np.uint64)
        marks = (marks ^ (code + np.uint64(at + 1))) * np.uint64(0x9E3779B97F4A7C15)
        marks ^= marks >> np.uint64(29)
    return marks.view(np.int64)


def _rounded(values: Floats) -> Floats:
    size = np.floor(np.log10(np.abs(np.where(values == 0, 1.0, values))))
    step = 10.0 ** (np.nan_to_num(size) - 2)
    found: Floats = np.round(values / step) * step
    return found


def _judged(case: Case) -> Rows:
    later = case.asked.eligible.filter(pl.col("cutoff") >= case.at, pl.col("matures_at") <= case.now)
    return later["row"].to_numpy().astype(np.int64)


def _agreement(code: Rows, answers: Floats) -> float:
    """Cohen's kappa of two of the same mark, drawn at random; 0 without twins."""
    size = int(code.max(initial=0)) + 1
    many, yes = np.bincount(code, minlength=size), np.bincount(code, answers, size)
    pairs = (many * (many - 1)).sum()
    if not pairs:
        return 0.0
    no = many - yes
    same = float((yes * (yes - 1) + no * (no - 1)).sum() / pairs)
    base = float((many * (many - 1) * yes / np.maximum(many, 1)).sum() / pairs)
    chance = base**2 + (1 - base) ** 2
    return (same - chance) / (1 - chance) if chance < 1 else 0.0
