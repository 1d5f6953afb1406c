"""Why a prediction is what it is, and what another choice would do: for the top of each list and whoever an event
concerns when they are scored, for all others when somebody reads them (`why`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from sightline.kernel.predict._matrix import Floats, Matrix, Rows
from sightline.kernel.predict.limits import MIN_ROWS
from sightline.kernel.predict.prepare import Prepared
from sightline.kernel.predict.reasons import reasons
from sightline.kernel.predict.trained import Trained
from sightline.kernel.predict.what_if import changed, value_of, what_if
from sightline.language.kind import Attribute, Kind, Sort
from sightline.language.prediction import Hint, Reason
from sightline.language.question import Question

CHOICES = 8
"""Values of an attribute that are tried, where a pack does not name them: the commonest."""

LEAST = 0.01
"""A change of the probability, or of the mean as a share of it, below which there is no hint."""

MOST = 3
"""Hints per subject."""


def shares(trained: Trained, matrix: Matrix) -> tuple[tuple[str, ...], Floats]:
    """Names and subjects x (features + 1) exact shares of the calibrated log-odds or mean; the last is the base."""
    names, found = trained.model.contributions(matrix)
    found = found * trained.duty.slope
    found[:, -1] += trained.duty.shift
    return names, found


def explain(trained: Trained, question: Question, kind: Kind | None, matrix: Matrix) -> list[tuple[Reason, ...]]:
    """The strongest reasons of each row of `matrix`. `kind`: what is declared of the subjects."""
    if not len(matrix.values):
        return []
    names, found = shares(trained, matrix)
    if not names:
        return [(Reason(text=_usual(trained, question), contribution=float(base)),) for base in found[:, -1]]
    return reasons(question, kind, names, matrix, found)


def _usual(trained: Trained, question: Question) -> str:
    known = int(trained.document.get("trained_on", 0))
    if trained.task.chance:
        said = f"{int(trained.document.get('yes', 0)):,} of {known:,} earlier {question.of}s were {question.yes}"
    else:
        said = f"This is what is usual among {known:,} earlier {question.of}s"
    return f"{said}; {'that is too little' if known < MIN_ROWS else 'nothing that is known allows'} to tell them apart."


def hints(trained: Trained, prepared: Prepared, rows: Rows) -> list[tuple[Hint, ...]]:
    """What another choice of each attribute that is declared actionable would do, the largest change first.

    It is what the model would tell of such a subject: a hint where to look, not an effect.
    """
    kind = prepared.kind
    chosen = [one for one in kind.attributes if one.actionable] if kind else []
    before = trained.tell(prepared.matrix.rows(rows)).value
    both = zip(rows.tolist(), before.tolist(), strict=True)
    return [tuple(_strongest(trained, prepared, row, now, chosen)) for row, now in both]


def _strongest(
    trained: Trained, prepared: Prepared, row: int, before: float, chosen: Sequence[Attribute]
) -> list[Hint]:
    found = [hint for one in chosen for hint in _choices(trained, prepared, row, before, one)]
    least = LEAST if trained.task.chance else LEAST * abs(before)
    return sorted((h for h in found if abs(h.after - before) >= least), key=lambda h: -abs(h.after - before))[:MOST]


def _choices(trained: Trained, prepared: Prepared, row: int, before: float, one: Attribute) -> Iterator[Hint]:
    now = value_of(prepared.matrix, row, one.name)
    for value in _values(prepared, one):
        if value != now:
            after = float(what_if(trained, prepared, row, {one.name: value}).value[0])
            yield Hint(
                attribute=one.name,
                value=value,
                before=before,
                after=after,
                text=_words(trained, prepared, one, now, value, before, after),
            )


def _values(prepared: Prepared, one: Attribute) -> Sequence[str | float | bool]:
    """What may be chosen: as declared, or the commonest seen; of a number its quartiles."""
    if isinstance(one.actionable, tuple):
        return one.actionable
    if one.sort is Sort.FLAG:
        return (False, True)
    for at, spec in enumerate(prepared.matrix.specs):
        if spec.of == (one.name,) and spec.measure in {"text", "value"} and spec in changed(prepared.matrix, one.name):
            column = prepared.matrix.values[:, at]
            there = column[~np.isnan(column)]
            if not spec.category:
                return sorted({float(v) for v in np.quantile(there, (0.25, 0.5, 0.75))}) if len(there) else ()
            codes, counts = np.unique(there.astype(np.int64), return_counts=True)
            return [
                prepared.matrix.vocabulary[spec.name][codes[i]] for i in np.argsort(-counts, kind="stable")[:CHOICES]
            ]
    return ()


def _words(
    trained: Trained,
    prepared: Prepared,
    one: Attribute,
    now: str | float | bool | None,
    value: str | float | bool,
    before: float,
    after: float,
) -> str:
    instead = f" instead of {_told(now)}" if now is not None else ""
    if trained.task.chance:
        what = f"the chance of '{prepared.question.yes}' would be {after:.0%} instead of {before:.0%}"
    else:
        unit = f" {prepared.question.unit}" if prepared.question.unit else ""
        what = f"{after:,.4g}{unit} would be expected instead of {before:,.4g}{unit}"
    return f"With {one.words} {_told(value)}{instead} {what}."


def _told(value: str | float | bool | None) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:,.6g}" if isinstance(value, float) else str(value)
