"""Train and prove a question, and put the result on duty."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

from sightline.foundation import ledger
from sightline.foundation.tenants import Tenant
from sightline.kernel.desk.desk import Desk
from sightline.kernel.predict import language, registry
from sightline.kernel.predict.known import known
from sightline.kernel.predict.registry import Model
from sightline.language import derived
from sightline.language.errors import Cancelled
from sightline.language.event import Event
from sightline.language.question import Question
from sightline.language.ref import Ref

if TYPE_CHECKING:
    from sightline.kernel.predict.engine import Trained


async def train(
    desk: Desk,
    tenant: Tenant,
    question: Question,
    *,
    progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Model:
    """Train on all that is known, prove it out of time, store it as champion, and let the loop score with it.

    `progress` hears (folds done, folds in all). What is on duty stays there until the new model is stored.
    Raises Cancelled, having stored nothing, when `cancelled()` says so.
    """
    catalog = await desk.catalog(tenant)
    now, chosen = desk.now(tenant), desk.settings.predict
    async with desk.db.transaction(tenant.number) as tx:
        facts = [await known(tx, desk.lake, catalog.kinds)]
        position = await ledger.last_position(tx)
        champion = await registry.champion(tx, question.name)

    def work() -> Trained:
        from sightline.kernel.predict import engine
        from sightline.kernel.predict.prepare import Prepared

        # Popped: the facts are not kept while folds are trained, which is when memory is needed.
        prepared = Prepared.of(question, facts.pop(), now)
        return engine.train(
            prepared, chosen.seed, progress, cancelled, promise=chosen.promise, budget=chosen.budget,
            champion=champion.document if champion else None,
        )  # fmt: skip

    trained = await asyncio.to_thread(work)
    if cancelled():
        raise Cancelled("Training was cancelled; the model on duty is unchanged.")
    model = Model(
        question=question.name,
        version=trained.version,
        line=language.canonical(question),
        document=trained.document,
        proof=trained.proof.document if trained.proof else {},
        trained_at=desk.clock.now(),
        as_of=now,
        position=position,
    )
    async with desk.db.transaction(tenant.number) as tx:
        await registry.store(tx, model)
        ledger.record(tx, [_told(model)], at=now)
    await desk.go_round(tenant)
    return model


def _told(model: Model) -> Event:
    return Event(
        id=f"trained:{model.question}:{model.version}:{model.trained_at.isoformat()}",
        source=derived.SOURCE,
        type=derived.TRAINED,
        subject=Ref(derived.SELF, "models"),
        time=model.as_of,
        known_at=model.as_of,
        data={"question": model.question, "version": model.version, "verdict": model.proof["verdict"]},
    )
