"""What a model says of a few rows of a book."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sightline.kernel.predict._matrix import Matrix
from sightline.kernel.predict._spec import Spec
from sightline.kernel.predict.duty import Told
from sightline.kernel.predict.explain import explain
from sightline.kernel.predict.live.book import Asked, Book
from sightline.kernel.predict.scoring import interval
from sightline.kernel.predict.trained import Trained
from sightline.language.kind import Kind
from sightline.language.prediction import Prediction, Reason
from sightline.language.question import Question
from sightline.language.ref import Ref

Values = Sequence[float | str | None]


def matrix_of(specs: Sequence[Spec], rows: Sequence[Values]) -> Matrix:
    """Rows as numbers; categories by a vocabulary of their own."""
    vocabulary: dict[str, list[str]] = {}
    values = np.full((len(rows), len(specs)), np.nan, np.float32)
    for at, spec in enumerate(specs):
        column = [row[at] for row in rows]
        if spec.category:
            words = vocabulary[spec.name] = sorted({one for one in column if isinstance(one, str)})
            codes = {word: code for code, word in enumerate(words)}
            values[:, at] = [np.nan if one is None else codes[str(one)] for one in column]
        else:
            values[:, at] = [np.nan if one is None else one for one in column]
    return Matrix(specs=tuple(specs), values=values, vocabulary=vocabulary)


def speak(trained: Trained, matrix: Matrix) -> Told:
    """What a model tells of a few rows. For few, to look for libraries whose threads to limit takes longer than to say
    it (3 ms against .3).
    """
    return trained.duty(trained.model.say(matrix))


def forecast(trained: Trained, book: Book, kind: Kind | None, asked: Sequence[Asked]) -> list[Prediction]:
    """Forecasts of subjects at cutoffs at which they are asked, each with its reasons. `kind`: theirs, as declared."""
    read = [(one, values) for one in asked if (values := book.values(one.key, one.cutoff)) is not None]
    if not read:
        return []
    matrix = matrix_of(book.plan.specs, [values for _, values in read])
    told = speak(trained, matrix)
    low, high = interval(trained, matrix, told)
    why = explain(trained, book.question, kind, matrix)
    return [
        _prediction(trained, book.question, one, float(told.value[i]), float(told.median[i]), low[i], high[i], why[i])
        for i, (one, _) in enumerate(read)
        if not np.isnan(told.value[i])
    ]


def _prediction(
    trained: Trained, question: Question, asked: Asked, value: float, median: float, low: float, high: float,
    why: tuple[Reason, ...],
) -> Prediction:  # fmt: skip
    chance = trained.task.chance
    lost = None if asked.worth is None else value * asked.worth if chance else asked.worth
    return Prediction(
        question=question.name,
        subject=Ref(question.of, asked.key),
        cutoff=asked.cutoff,
        deadline=asked.deadline,
        probability=value if chance else None,
        low=float(low),
        high=float(high),
        worth=asked.worth,
        expected_loss=lost,
        model=trained.version,
        reasons=why,
        quantity=None if chance else median,
        mean=None if chance else value,
    )
