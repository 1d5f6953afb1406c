"""Keep predictions current: whoever became ripe for a question gets one, as of its own cutoff and never later."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from sightline.foundation import ledger
from sightline.foundation.turn import Turn
from sightline.kernel.know.archive import history
from sightline.kernel.predict import at_once, registry, standing, telling
from sightline.kernel.predict.known import facts_of
from sightline.language import derived
from sightline.language.errors import Unprovable
from sightline.language.prediction import Prediction
from sightline.language.question import At, Every, Once, Question
from sightline.language.time import DUSK

if TYPE_CHECKING:
    import polars as pl

    from sightline.kernel.predict.engine import Scored
    from sightline.kernel.predict.facts import Facts
    from sightline.kernel.predict.live.shelf import Shelf
    from sightline.kernel.predict.prepare import Prepared

_log = logging.getLogger(__name__)


async def rescore(turn: Turn) -> None:
    """Score whom the batch touches from the books held in memory. Questions without a book are left to `linked`, so
    that nobody waits for them.
    """
    from sightline.kernel.predict.live import stored

    shelf = at_once.shelf_of(turn)
    if shelf is not None and at_once.few(turn):
        await at_once.at_once(turn, shelf, await stored.champions(turn.tx))


async def linked(turn: Turn) -> bool:
    """Score what this process has not: a question without a book, or one that another process scored, and then those
    that wait because something linked to them changed. True while more is left.

    After a restart nobody remembers who waits: then everybody is scored.
    """
    from sightline.kernel.predict.live import stored

    shelf, tenant = at_once.shelf_of(turn), turn.tx.tenant
    if shelf is None or tenant is None:
        await bulk(turn, await _on_duty(turn, turn.catalog.questions))
        return False
    left = {name for name in turn.catalog.questions if shelf.forgot(tenant, name, turn.batch.newest)}
    champions = await stored.champions(turn.tx) if left else {}
    asked_of = {name: champions[name] for name in left & champions.keys()}
    if at_once.few(turn) and await at_once.at_once(turn, shelf, asked_of):
        return True
    models = await _on_duty(turn, asked_of)
    idle = await _idle(turn, [question for question, model in models if not model.usable], shelf)
    for name in left:
        shelf.scored(tenant, name, turn.batch.newest)
        turn.tx.if_undone(partial(shelf.forget, tenant, name))
    asked = [(question, model) for question, model in models if question.name not in idle]
    if asked:
        await bulk(turn, asked)
        return True
    return await at_once.linked(turn, shelf)


async def _on_duty(turn: Turn, names: Collection[str]) -> list[tuple[Question, registry.Model]]:
    asked = [question for question in turn.catalog.questions.values() if question.name in names]
    found = [(question, await registry.champion(turn.tx, question)) for question in asked]
    return [(question, model) for question, model in found if model is not None]


async def _idle(turn: Turn, questions: Sequence[Question], shelf: Shelf) -> set[str]:
    """Those of questions whose model forecasts nobody that a few events are no reason to look at: that is done once a
    day, and when a model comes on duty.
    """
    if not questions or not at_once.few(turn):
        return set()
    types = {event.type for event in await ledger.read(turn.tx, turn.batch, turn.reads)}
    if types & {derived.DAY_BEGAN, derived.TRAINED, derived.PROMOTED}:
        return set()
    return {one.name for one in questions if shelf.ever(turn.batch.tenant, one.name)}


async def bulk(turn: Turn, asked: Sequence[tuple[Question, registry.Model]]) -> None:
    """Score the open subjects of these questions, each by its model on duty."""
    standing.after_forecasts(turn.tx, [question.name for question, _ in asked], since=turn.now)
    if not asked:
        return
    frame = await history(turn.tx, turn.lake)
    facts = await facts_of(frame, turn.catalog.kinds)
    for question, model in asked:
        await _score(turn, question, model, facts, frame)


async def _score(turn: Turn, question: Question, model: registry.Model, facts: Facts, frame: pl.DataFrame) -> None:
    from sightline.kernel.predict.prepare import Prepared

    # Whoever is asked again and again is asked now, as between two steps of the grid whoever an event concerns.
    now_too = isinstance(question.when, Every)
    prepared = await asyncio.to_thread(partial(Prepared.of, question, facts, turn.now, also_now=now_too))
    scored = await asyncio.to_thread(_forecast, model, prepared)
    if isinstance(question.when, Once):
        # Of a flat table nobody knows by when it is answered.
        scored = replace(scored, predictions=[replace(one, deadline=DUSK) for one in scored.predictions])
    before = await _said_before(turn, question, scored.predictions)
    sides = await registry.champion_sides(turn.tx, question)
    grace = timedelta(0) if isinstance(question.when, Once) else question.grace
    await registry.keep(turn.tx, scored.predictions, grace=grace, at=turn.now)
    # What is asked of the table next is planned by what it holds now: by less, each row would look through them all.
    await turn.tx.run("select sightline.refresh_statistics('sightline.predictions')")
    withdrawn = await _withdraw(turn, question, prepared)
    if isinstance(question.when, At | Every):
        await registry.supersede(turn.tx, question.name)
    spoke = {**scored.population, registry.SPOKE: model.version}
    await registry.keep_population(turn.tx, question.name, spoke, at=turn.now)
    told = telling.told(turn, scored.predictions, before, sides)
    crossed = sum(one.type == derived.CROSSED for one in told)
    counts = {"scored": len(scored.predictions), "first": len(told) - crossed, "crossed": crossed,
              "withdrawn": withdrawn}  # fmt: skip
    turn.record([*told, *telling.run(turn, question.name, model.version, counts)])
    at_once.remember(turn, question, model, prepared, facts, frame)


async def _said_before(
    turn: Turn, question: Question, predictions: Sequence[Prediction]
) -> dict[telling.Asked, float | None]:
    """What was last said of those predicted now. Who is asked on a grid of days was asked before, on another day."""
    if not isinstance(question.when, Every):
        return await registry.said_before(turn.tx, question)
    last = await registry.said_last(turn.tx, question)
    return {telling.asked(p): last[p.subject.key] for p in predictions if p.subject.key in last}


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
    await registry.let_stand(turn.tx, question, again, at=turn.now)
    await registry.disown(turn.tx, question, at=turn.now)
    return await registry.withdraw(turn.tx, question.name, gone, at=turn.now)


def _sifted(
    prepared: Prepared, standing: Sequence[telling.Asked], withdrawn: Sequence[telling.Asked]
) -> tuple[list[telling.Asked], list[telling.Asked]]:
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
