"""Whether what is known is enough to train a question and to judge what was trained: counted, nothing is trained."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import polars as pl

from sightline.kernel.predict.examples import Examples
from sightline.kernel.predict.limits import MIN_CLASS, MIN_JUDGED, MIN_ROWS, origin_of
from sightline.kernel.predict.population import Population
from sightline.language.question import Once, Question


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What a question has to go on at one moment."""

    eligible: int
    """Subjects that are asked, at whatever day."""
    examples: int
    """Of them, those whose answer counts by now."""
    yes: int
    """Of the examples, those answered yes; of a quantity, those that are more than nothing."""
    open: int
    """Subjects that would be forecast now."""
    later: int
    """Subjects that will be asked on a day to come."""
    excluded: dict[str, int]
    """Why the others are not asked: reason to number of subjects."""
    enough: bool
    """Whether a model would be trained, and judged by enough cases of either answer."""
    words: str
    """All of it as a person would say it."""


def standing(asked: Examples, population: Population, now: datetime) -> Standing:
    """Count what a question has to go on. `asked` and `population` as known at `now`."""
    labelled = asked.labelled(now)
    examples, yes = labelled.height, int((labelled["value"].fill_null(0.0) > 0).sum())
    lacks = _lacks(asked, labelled, yes, now)
    open_, later = population.open.height, population.later.height
    return Standing(
        eligible=asked.eligible.height,
        examples=examples,
        yes=yes,
        open=open_,
        later=later,
        excluded=dict(population.excluded),
        enough=lacks is None,
        words=_words(asked.question, examples, yes, open_, later, lacks),
    )


def _lacks(asked: Examples, labelled: pl.DataFrame, yes: int, now: datetime) -> str | None:
    """What there is too little of, in words; None when there is enough."""
    question, no = asked.question, labelled.height - yes
    if labelled.height < MIN_ROWS:
        return f"a model needs {MIN_ROWS} of them"
    if question.chance and min(yes, no) < MIN_CLASS:
        rarer = question.yes if yes < no else question.no
        return f"only {min(yes, no):,} came out '{rarer}', and a model needs {MIN_CLASS} of each"
    judged = _judged(asked, labelled, now)
    if judged < MIN_JUDGED:
        apart = f" that share no {question.together}" if question.together else ""
        if not question.chance:
            return f"the most recent of them hold only {judged:,} cases{apart}, and a model is judged by {MIN_JUDGED}"
        return (
            f"the most recent of them hold only {judged:,} cases{apart} of the rarer answer, and a model is judged by"
            f" {MIN_JUDGED}"
        )
    return None


def _judged(asked: Examples, labelled: pl.DataFrame, now: datetime) -> int:
    """Clusters with the rarer answer among those a proof would judge the model by; of a quantity, all of them."""
    origin = origin_of(asked, now)
    recent = labelled.filter(pl.col("cutoff") >= origin) if origin else labelled.clear()
    if isinstance(asked.question.when, Once):
        recent = labelled
    if not asked.question.chance:
        return recent["cluster"].n_unique()
    return min(recent.filter(pl.col("value") == answer)["cluster"].n_unique() for answer in (1.0, 0.0))


def _words(question: Question, examples: int, yes: int, open_: int, later: int, lacks: str | None) -> str:
    many = f"{question.of.replace('_', ' ')}s"
    answers = f", {yes:,} of them '{question.yes}'" if question.chance else ""
    past = f"{examples:,} {many} of the past can be learned from{answers}"
    ahead = f"{open_:,} would be forecast now, {later:,} on a later day."
    usual = "the base rate" if question.chance else "what is usual"
    if lacks:
        return f"{past}: that is not enough, since {lacks}. Until then only {usual} is known. {ahead}"
    return f"{past}: that is enough to train a model and to judge it. {ahead}"
