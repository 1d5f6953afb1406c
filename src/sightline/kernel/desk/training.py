"""Train and prove a question, and put the result on duty."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sightline.foundation import ledger
from sightline.foundation.db.session import Transaction
from sightline.foundation.tenants import Tenant
from sightline.kernel.desk.desk import Desk
from sightline.kernel.predict import language, registry
from sightline.kernel.predict.known import known
from sightline.kernel.predict.registry import Model, Why
from sightline.language import derived
from sightline.language.errors import Cancelled
from sightline.language.event import Event
from sightline.language.question import Question
from sightline.language.ref import Ref

if TYPE_CHECKING:
    from datetime import datetime

    from sightline.kernel.predict.engine import Trained
    from sightline.kernel.predict.treatment import Treatment
    from sightline.language.catalog import Catalog


@dataclass(frozen=True, slots=True, kw_only=True)
class Training:
    """Why a question is trained, and what is to become of the model."""

    why: Why = Why.ASKED
    reason: str = ""
    """What somebody wrote to it."""
    on_duty: bool | None = None
    """Whether it takes the place of the champion; None: it does, except where it was not asked for and may not be used
    while the champion may."""
    admitted: Mapping[str, str] = field(default_factory=dict)
    """Suspicious features to let in, each with the reason."""
    by: str = ""
    """Who said so."""


USUAL = Training()


async def train(
    desk: Desk,
    tenant: Tenant,
    question: Question,
    *,
    progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] = lambda: False,
    training: Training = USUAL,
) -> Model:
    """Train on all that is known, prove it out of time, store it, and let the loop score with what is on duty then.

    `progress` hears (folds done, folds in all). What is on duty stays there until the new model is stored.
    Raises Cancelled, having stored nothing, when `cancelled()` says so.
    """
    catalog = await desk.catalog(tenant)
    now, chosen = desk.now(tenant), desk.settings.predict
    async with desk.db.transaction(tenant.number) as tx:
        facts = [await known(tx, desk.lake, catalog.kinds)]
        position = await ledger.last_position(tx)
        champion = await registry.champion(tx, question)
        done = await _treatment(desk, tx, catalog, question)

    def work() -> Trained:
        from sightline.kernel.predict import engine
        from sightline.kernel.predict.teaching import teachable

        # Popped: the facts are not kept while folds are trained, which is when memory is needed.
        prepared = teachable(question, facts.pop(), now, seed=chosen.seed, treatment=done, admitted=training.admitted)
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
        why=training.why,
        reason=training.reason,
        admitted=_admitted(training, now),
    )
    async with desk.db.transaction(tenant.number) as tx:
        on_duty = await _takes_over(tx, question, model, training)
        await registry.store(tx, model, on_duty=on_duty)
        ledger.record(tx, [_told(model)], at=now)
    await desk.go_round(tenant)
    return model


async def _treatment(desk: Desk, tx: Transaction, catalog: Catalog, question: Question) -> Treatment:
    """What was done to the subjects by playbooks that are to change the answer: those that call one of them success."""
    from sightline.kernel.predict.treatment import recorded

    changing = [
        name
        for name in catalog.successes
        if name in catalog.playbooks and catalog.playbooks[name].question == question.name
    ]
    return await recorded(tx, question.name, changing, hold_out=desk.settings.act.hold_out)


async def _takes_over(tx: Transaction, question: Question, model: Model, training: Training) -> bool:
    if training.on_duty is not None:
        return training.on_duty
    before = await registry.champion(tx, question)
    return training.why is Why.ASKED or before is None or model.usable or not before.usable


def _admitted(training: Training, now: datetime) -> tuple[dict[str, Any], ...]:
    return tuple(
        {"feature": feature, "reason": reason, "by": training.by, "at": now.isoformat()}
        for feature, reason in training.admitted.items()
    )


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
