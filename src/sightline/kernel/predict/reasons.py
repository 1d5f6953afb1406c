"""Why a prediction is what it is: exact shares of its log-odds or mean, grouped by topic, in words with figures.

Shares are the models' own (`Fitted.contributions`: TreeSHAP, Lundberg et al. 2018, of trees; the terms of additive
models), exact for the model: with the base they sum to what it says. The words of each measure stand in `phrases`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

import numpy as np

from sightline.kernel.predict._matrix import Floats, Matrix
from sightline.kernel.predict._spec import Spec
from sightline.kernel.predict.phrases import Values, Words, text_of
from sightline.language.kind import Kind
from sightline.language.prediction import Reason
from sightline.language.question import Question

EACH = 3
"""Reasons shown for either sign."""

LEAST = 0.02
"""A smaller share of the log-odds is no reason; of a quantity, of all that moves its mean."""


def reasons(
    question: Question, kind: Kind | None, names: Sequence[str], matrix: Matrix, contributions: Floats
) -> list[tuple[Reason, ...]]:
    """Per subject of `matrix`, its strongest reasons. `contributions`: subjects x (features of `names` + base)."""
    words = Words(question, kind or Kind(name=question.of))
    known = {spec.name: spec for spec in matrix.specs}
    specs = [known.get(name) for name in names]
    by_topic: dict[str, list[int]] = defaultdict(list)
    for i, spec in enumerate(specs):
        if spec is not None:
            by_topic[spec.topic].append(i)
    at = {spec.name: i for i, spec in enumerate(matrix.specs)}
    found = []
    for row in range(len(matrix.values)):
        values = {name: value for name, i in at.items() if (value := _value(matrix, row, i)) is not None}
        found.append(_of_subject(words, specs, by_topic, contributions[row], values))
    return found


def _value(matrix: Matrix, row: int, at: int) -> float | str | None:
    value = matrix.values[row, at]
    if np.isnan(value):
        return None
    spec = matrix.specs[at]
    return matrix.vocabulary[spec.name][int(value)] if spec.category else float(value)


def _of_subject(
    words: Words, specs: Sequence[Spec | None], by_topic: Mapping[str, list[int]], shares: Floats, values: Values
) -> tuple[Reason, ...]:
    totals = sorted(
        ((float(shares[parts].sum()), topic) for topic, parts in by_topic.items()), key=lambda t: (-t[0], t[1])
    )
    least = LEAST if words.question.chance else LEAST * sum(abs(total) for total, _ in totals)
    chosen = [t for t in totals[:EACH] if t[0] > least] + [t for t in totals[-EACH:] if t[0] < -least]
    found = []
    for total, topic in chosen:
        parts = sorted(by_topic[topic], key=lambda i: -shares[i] * np.sign(total))
        told = [(spec, float(shares[i])) for i in parts if (spec := specs[i]) is not None]
        pushing = [spec for spec, share in told if share * total > 0]
        text = text_of(words, pushing or [spec for spec, _ in told], values)
        found.append(Reason(text=text, contribution=total, features=tuple(s.name for s in pushing[:3])))
    return tuple(sorted(found, key=lambda r: -abs(r.contribution)))
