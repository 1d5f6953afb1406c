"""Train and prove a question, and put the result on duty."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from sightline.foundation import ledger
from sightline.foundation.db.session import Transaction
from sightline.foundation.tenants import Tenant
from sightline.kernel.desk.desk import Desk
from sightline.kernel.predict import language, registry
from sightline.kernel.predict.known import known
from sightline.kernel.predict.registry import Model, Why
from sightline.kernel.predict.stopping import check
from sightline.language import derived
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
    """Whether it takes the place of the champion; None: it does, unless it may not be used while the champion may, or
    nobody asked for it and it is worse than the champion beyond doubt."""
    admitted: Mapping[str, str] = field(default_factory=dict)
    """Suspicious features to let in, each with the reason. Where nobody asked for the training, those of the champion
    are let in besides, for whoever admitted them said so for the question."""
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
    Raises Cancelled, having stored nothing, when `cancelled()` says so, and Misconfigured where a kind of model is to
    be tried that is not installed.
    """
    catalog = await desk.catalog(tenant)
    now, chosen = desk.now(tenant), desk.settings.predict
    async with desk.db.transaction(tenant.number) as tx:
        facts = [await known(tx, desk.lake, catalog.kinds)]
        position = await ledger.last_position(tx)
        champion = await registry.champion(tx, question)
        done = await _treatment(desk, tx, catalog, question)
    admitted = _admitted(training, champion, now)
    reasons = {one["feature"]: one["reason"] for one in admitted}

    def work() -> Trained:
        from sightline.kernel.predict import engine, models
        from sightline.kernel.predict.teaching import teachable

        if chosen.extras:
            models.check_extras()
        # Popped: the facts are not kept while folds are trained, which is when memory is needed.
        prepared = teachable(
            question, facts.pop(), now, seed=chosen.seed, treatment=done, admitted=reasons, cancelled=cancelled
        )
        return engine.train(
            prepared, chosen.seed, progress, cancelled, promise=chosen.promise, budget=chosen.budget,
            champion=champion.document if champion else None, extras=chosen.extras,
        )  # fmt: skip

    trained = await asyncio.to_thread(work)
    check(cancelled)
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
        admitted=admitted,
        reference=trained.reference.document() if trained.reference else None,
    )
    async with desk.db.transaction(tenant.number) as tx:
        await registry.alone(tx, question.name)
        model = replace(model, kept_back=_kept_back(model, await registry.champion(tx, question), training))
        await registry.store(tx, model, on_duty=not model.kept_back)
        ledger.record(tx, [_told(model)], at=now)
    await desk.go_round(tenant)
    return model


async def _treatment(desk: Desk, tx: Transaction, catalog: Catalog, question: Question) -> Treatment:
    """What was done to the subjects by playbooks that are to change the answer."""
    from sightline.kernel.predict.treatment import changing, recorded

    playbooks = changing(catalog, question)
    return await recorded(tx, question.name, playbooks, hold_out=desk.settings.act.hold_out, kind=question.of)


def _kept_back(model: Model, before: Model | None, training: Training) -> str:
    """Why it does not take the place of the one on duty, in words; empty where it does."""
    if training.on_duty is not None:
        return "" if training.on_duty else "It is kept as a challenger, as it was asked for."
    if before is None or not before.usable or before.document.get("form") != model.document.get("form"):
        return ""
    stays = f"so version '{before.version}' stays on duty; `sightline models {model.question}` shows both."
    if not model.usable:
        return f"It may not be used, {stays}"
    if training.why is not Why.ASKED and (model.proof.get("champion") or {}).get("worse"):
        return f"It is worse than the champion beyond doubt, {stays}"
    return ""


def _admitted(training: Training, champion: Model | None, now: datetime) -> tuple[dict[str, Any], ...]:
    """What is let in: feature, reason, and who said so when."""
    before = champion.admitted if champion and training.why is not Why.ASKED else ()
    said = [
        {"feature": feature, "reason": reason, "by": training.by, "at": now.isoformat()}
        for feature, reason in training.admitted.items()
    ]
    return (*(one for one in before if one["feature"] not in training.admitted), *said)


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
