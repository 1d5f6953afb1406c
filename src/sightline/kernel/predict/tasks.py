"""What a question asks to be learned."""

from __future__ import annotations

from datetime import timedelta

from sightline.kernel.predict.models.rung import Task
from sightline.language.question import Question, Value


def task_of(question: Question, seed: int = 0, *, extras: bool = False) -> Task:
    """What is to be learned, with or without the rungs that are tried only when asked for."""
    within = question.answer.within
    return Task(
        chance=question.chance,
        form=type(question.answer).__name__.lower(),
        event=question.event,
        horizon=within / timedelta(days=1) if within is not None and not isinstance(question.answer, Value) else None,
        seed=seed,
        extras=extras,
    )
