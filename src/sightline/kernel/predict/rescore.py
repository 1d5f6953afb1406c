"""Keep predictions current: whoever became ripe for a question gets one, as of its own cutoff and never later."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sightline.foundation.turn import Turn
from sightline.kernel.predict import registry
from sightline.kernel.predict.known import known
from sightline.language import derived
from sightline.language.event import Event
from sightline.language.prediction import Prediction
from sightline.language.question import Question

if TYPE_CHECKING:
    from sightline.kernel.predict.facts import Facts


async def rescore(turn: Turn) -> None:
    """Score the open subjects of every question that has a usable model on duty; tell of first predictions."""
    facts: Facts | None = None
    for question in turn.catalog.questions.values():
        model = await registry.champion(turn.tx, question.name)
        if model is None:
            continue
        if facts is None:
            facts = await known(turn.tx, turn.lake, turn.catalog.kinds)
        await _score(turn, question, model, facts)


async def _score(turn: Turn, question: Question, model: registry.Model, facts: Facts) -> None:
    from sightline.kernel.predict import engine
    from sightline.kernel.predict.prepare import Prepared

    trained = engine.Trained.load(model.document)
    prepared = await asyncio.to_thread(Prepared.of, question, facts, turn.now)
    scored = await asyncio.to_thread(engine.score, trained, prepared, usable=model.usable)
    before = await registry.asked_before(turn.tx, question.name)
    await registry.keep(turn.tx, scored.predictions, grace=question.grace, at=turn.now)
    still = [(p.subject.key, p.cutoff) for p in scored.predictions]
    await registry.withdraw(turn.tx, question.name, model.version, still, at=turn.now)
    await registry.keep_population(turn.tx, question.name, scored.population, at=turn.now)
    first = [p for p in scored.predictions if (p.subject.key, p.cutoff) not in before]
    turn.record([_told(p, turn.now) for p in first])


def _told(prediction: Prediction, at: datetime) -> Event:
    data: dict[str, Any] = {
        "question": prediction.question,
        "cutoff": prediction.cutoff.isoformat(),
        "deadline": prediction.deadline.isoformat(),
        "probability": prediction.probability,
        "low": prediction.low,
        "high": prediction.high,
        "worth": prediction.worth,
        "model": prediction.model,
    }
    return Event(
        id=f"predicted:{prediction.question}:{prediction.subject}:{prediction.cutoff.isoformat()}",
        source=derived.SOURCE,
        type=derived.PREDICTED,
        subject=prediction.subject,
        time=at,
        known_at=at,
        data=data,
    )
