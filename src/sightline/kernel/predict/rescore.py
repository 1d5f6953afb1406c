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
from sightline.language.proof import beyond
from sightline.language.question import Question
from sightline.language.ref import Ref

if TYPE_CHECKING:
    from sightline.kernel.predict.facts import Facts


async def rescore(turn: Turn) -> None:
    """Score the open subjects of every question that has a usable model on duty; tell of first
    predictions, of those that crossed a line, and of the run."""
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
    before = await registry.said_before(turn.tx, question.name)
    sides = await registry.champion_sides(turn.tx, question.name)
    await registry.keep(turn.tx, scored.predictions, grace=question.grace, at=turn.now)
    still = [_asked(p) for p in scored.predictions]
    withdrawn = await registry.withdraw(turn.tx, question.name, model.version, still, at=turn.now)
    await registry.keep_population(turn.tx, question.name, scored.population, at=turn.now)
    first = [p for p in scored.predictions if _asked(p) not in before]
    crossed = [
        p
        for p in scored.predictions
        if _asked(p) in before and beyond(sides, before[_asked(p)]) != beyond(sides, p.probability)
    ]
    told = [_told(derived.PREDICTED, p, turn) for p in first] + [_told(derived.CROSSED, p, turn) for p in crossed]
    counts = {"scored": len(still), "first": len(first), "crossed": len(crossed), "withdrawn": withdrawn}
    turn.record([*told, *_run(turn, model, counts)])


def _asked(prediction: Prediction) -> tuple[str, datetime]:
    return prediction.subject.key, prediction.cutoff


def _told(type_: str, prediction: Prediction, turn: Turn) -> Event:
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
    name = f"{prediction.question}:{prediction.subject}:{prediction.cutoff.isoformat()}"
    return Event(
        id=f"predicted:{name}" if type_ == derived.PREDICTED else f"crossed:{name}:{turn.batch.last}",
        source=derived.SOURCE,
        type=type_,
        subject=prediction.subject,
        time=turn.now,
        known_at=turn.now,
        data=data,
    )


def _run(turn: Turn, model: registry.Model, counts: dict[str, int]) -> list[Event]:
    """What a run amounted to, where it did anything."""
    if not any(counts.values()):
        return []
    event = Event(
        id=f"scored:{model.question}:{turn.batch.last}",
        source=derived.SOURCE,
        type=derived.SCORED,
        subject=Ref(derived.SELF, "questions"),
        time=turn.now,
        known_at=turn.now,
        data={"question": model.question, "model": model.version, **counts},
    )
    return [event]
