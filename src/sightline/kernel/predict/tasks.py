"""What a question asks to be learned."""

from __future__ import annotations

from datetime import timedelta

from sightline.kernel.predict.models.rung import Task
from sightline.language.question import Question, Total, Value


def task_of(question: Question, seed: int = 0, *, extras: bool = False) -> Task:
    """What is to be learned, with or without the rungs that are tried only when asked for."""
    answer = question.answer
    within = answer.within
    return Task(
        chance=question.chance,
        form=type(answer).__name__.lower(),
        event=question.event,
        amount=answer.amount if isinstance(answer, Total) else None,
        filtered=not isinstance(answer, Value) and bool(answer.where),
        horizon=within / timedelta(days=1) if within is not None and not isinstance(answer, Value) else None,
        seed=seed,
        extras=extras,
    )
