"""Keep predictions current: whoever became ripe for a question gets one, as of its own cutoff and never later."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sightline.foundation.turn import Turn
from sightline.kernel.predict import registry, standing
from sightline.kernel.predict.known import known
from sightline.language import derived
from sightline.language.errors import Unprovable
from sightline.language.event import Event
from sightline.language.prediction import Prediction
from sightline.language.proof import Side, beyond
from sightline.language.question import At, Every, Once, Question
from sightline.language.ref import Ref
from sightline.language.time import DUSK

if TYPE_CHECKING:
    from sightline.kernel.predict.engine import Scored
    from sightline.kernel.predict.facts import Facts
    from sightline.kernel.predict.prepare import Prepared

_log = logging.getLogger(__name__)

Asked = tuple[str, datetime]
"""A subject's key and its cutoff."""


async def rescore(turn: Turn) -> None:
    """Score the open subjects of every question that has a usable model on duty; tell of first
    predictions, of those that crossed a line, and of the run."""
    facts: Facts | None = None
    standing.after_forecasts(turn.tx, list(turn.catalog.questions), since=turn.now)
    for question in turn.catalog.questions.values():
        model = await registry.champion(turn.tx, question.name)
        if model is None:
            continue
        if facts is None:
            facts = await known(turn.tx, turn.lake, turn.catalog.kinds)
        await _score(turn, question, model, facts)


async def _score(turn: Turn, question: Question, model: registry.Model, facts: Facts) -> None:
    from sightline.kernel.predict.prepare import Prepared

    prepared = await asyncio.to_thread(Prepared.of, question, facts, turn.now)
    scored = await asyncio.to_thread(_forecast, model, prepared)
    if isinstance(question.when, Once):
        # Of a flat table nobody knows by when it is answered.
        scored = replace(scored, predictions=[replace(one, deadline=DUSK) for one in scored.predictions])
    before = await _said_before(turn, question, scored.predictions)
    sides = await registry.champion_sides(turn.tx, question.name)
    grace = timedelta(0) if isinstance(question.when, Once) else question.grace
    await registry.keep(turn.tx, scored.predictions, grace=grace, at=turn.now)
    withdrawn = await _withdraw(turn, question, prepared)
    if isinstance(question.when, At | Every):
        await registry.supersede(turn.tx, question.name)
    await registry.keep_population(turn.tx, question.name, scored.population, at=turn.now)
    first = [p for p in scored.predictions if _asked(p) not in before]
    crossed = [
        p
        for p in scored.predictions
        if _asked(p) in before and _beyond(sides, before[_asked(p)]) != _beyond(sides, p.probability)
    ]
    told = [_told(derived.PREDICTED, p, turn) for p in first] + [_told(derived.CROSSED, p, turn) for p in crossed]
    counts = {"scored": len(scored.predictions), "first": len(first), "crossed": len(crossed), "withdrawn": withdrawn}
    turn.record([*told, *_run(turn, model, counts)])


async def _said_before(turn: Turn, question: Question, predictions: Sequence[Prediction]) -> dict[Asked, float | None]:
    """What was last said of those predicted now. Who is asked on a grid of days was asked before, on another day."""
    if not isinstance(question.when, Every):
        return await registry.said_before(turn.tx, question.name)
    last = await registry.said_last(turn.tx, question.name)
    return {_asked(p): last[p.subject.key] for p in predictions if p.subject.key in last}


def _forecast(model: registry.Model, prepared: Prepared) -> Scored:
    """What the model says; of one that cannot be read only that, so that other questions are not held up by it."""
    from sightline.kernel.predict import engine

    try:
        trained = engine.Trained.load(model.document)
    except Unprovable as error:
        _log.warning("Nothing is forecast for '%s': %s", model.question, error)
        told = engine.standing_document(prepared.question, prepared.population)
        return engine.Scored(predictions=[], population={**told, registry.UNREADABLE: str(error)})
    return engine.score(trained, prepared, usable=model.usable)


async def _withdraw(turn: Turn, question: Question, prepared: Prepared) -> int:
    """Take back what is not settled and not asked any more, whichever model said it, and let stand what is asked again.

    Only a subject that was retracted or has another cutoff now is not asked any more. An answer, however early, is no
    reason, else what is learned would be of those who answer late; nor is a model that may not be used.
    """
    standing, withdrawn = await registry.unsettled(turn.tx, question.name, at=turn.now)
    gone, again = await asyncio.to_thread(_sifted, prepared, standing, withdrawn)
    await registry.let_stand(turn.tx, question.name, again, at=turn.now)
    return await registry.withdraw(turn.tx, question.name, gone, at=turn.now)


def _sifted(
    prepared: Prepared, standing: Sequence[Asked], withdrawn: Sequence[Asked]
) -> tuple[list[Asked], list[Asked]]:
    """Which of those that stand are not asked, and which of those withdrawn are."""
    import polars as pl

    from sightline.kernel.predict.examples import Excluded
    from sightline.kernel.predict.facts import INSTANT

    counts = pl.col("eligible") | (pl.col("reason") == Excluded.ANSWERED)
    asked = prepared.asked.frame.filter(counts, pl.col("cutoff") <= prepared.now)
    columns = {"key": pl.String(), "cutoff": INSTANT}
    # Who is asked on a grid of days is asked between them too, on the day of each scoring: only the subject tells.
    by = ["key"] if isinstance(prepared.question.when, Every) else ["key", "cutoff"]
    gone = pl.DataFrame(standing, columns, orient="row").join(asked, on=by, how="anti")
    again = pl.DataFrame(withdrawn, columns, orient="row").join(asked, on=by, how="semi")
    return gone.rows(), again.rows()


def _beyond(sides: Sequence[Side], probability: float | None) -> str | None:
    """A quantity has no line to cross."""
    return None if probability is None else beyond(sides, probability)


def _asked(prediction: Prediction) -> Asked:
    return prediction.subject.key, prediction.cutoff


def _told(type_: str, prediction: Prediction, turn: Turn) -> Event:
    data: dict[str, Any] = {
        "question": prediction.question,
        "cutoff": prediction.cutoff.isoformat(),
        "deadline": prediction.deadline.isoformat(),
        "probability": prediction.probability,
        "quantity": prediction.quantity,
        "mean": prediction.mean,
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
