"""A question and its facts, read once for training, proving or scoring."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sightline.kernel.predict._matrix import Matrix
from sightline.kernel.predict.examples import Examples, examples
from sightline.kernel.predict.facts import Facts
from sightline.kernel.predict.features import features
from sightline.kernel.predict.population import Population, population
from sightline.kernel.predict.treatment import Treatment
from sightline.language.kind import Kind
from sightline.language.question import Question


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """Everything known at `now` that a model may see. The facts themselves, the larger part, are not kept."""

    question: Question
    kind: Kind | None
    """What is declared of its subjects."""
    now: datetime
    rows: int
    """Ledger rows read."""
    last_position: int
    """The position of the last of them; 0 without any."""
    asked: Examples
    matrix: Matrix
    """A row per eligible subject, in the order of `asked.eligible`."""
    population: Population
    audit: Mapping[str, Any] | None = None
    """What the leak audit found before training, JSON-ready; None where nothing is trained."""
    whole: Matrix | None = None
    """With the features that were left out of `matrix`; None where none were."""
    decided: datetime | None = None
    """By when the answers were known that decided what to leave out."""

    @classmethod
    def of(
        cls,
        question: Question,
        facts: Facts,
        now: datetime,
        *,
        treatment: Treatment | None = None,
        also_now: bool = False,
    ) -> Prepared:
        """Cut the facts at `now` and derive the rest.

        `treatment`: what was done to the subjects. `also_now`: a question asked again and again is asked now too,
        beside its grid.
        """
        known = facts.until(now)
        asked = examples(question, known, now=now if also_now else None, treatment=treatment)
        table = features(question, asked, known)
        return cls(
            question=question,
            kind=known.kinds.get(question.of),
            now=now,
            rows=known.rows,
            last_position=known.last_position,
            asked=asked,
            matrix=Matrix.of(table.frame, table.specs),
            population=population(asked, known, now),
        )
