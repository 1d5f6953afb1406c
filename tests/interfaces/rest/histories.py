"""Predictions that nobody made: rows as the engine keeps them, for what only reads them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import msgspec

from sightline.foundation.db.session import Transaction
from sightline.interfaces.rest.examples_proof import PROOF
from sightline.kernel.predict import registry, standing
from sightline.kernel.predict.language import canonical
from sightline.language.prediction import Prediction
from sightline.language.ref import Ref
from sightline.packs.supply.predict import ARRIVES_LATE

NAME = ARRIVES_LATE.name


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A prediction and what became of it; days from the present moment."""

    key: str
    probability: float
    worth: float | None
    deadline: int
    outcome: float | None = None
    verb: str | None = None
    withdrawn: bool = False
    model: str = "m1"
    quantity: float | None = None
    """Said in the place of the probability."""


async def put_on_duty(tx: Transaction, version: str, *, now: datetime) -> None:
    """A champion that has a proof and no model."""
    model = registry.Model(
        question=NAME, version=version, line=canonical(ARRIVES_LATE), document={}, trained_at=now, as_of=now,
        position=0, proof={**PROOF, "question": NAME, "verdict": "use", "headline": "Made up.", "sides": []},
    )  # fmt: skip
    await registry.store(tx, model)


async def keep(tx: Transaction, made: list[Made], *, now: datetime, question: str = NAME) -> None:
    """Keep them as the engine does, decided and settled as they say."""
    said = [
        Prediction(
            question=question, subject=Ref("line", one.key), cutoff=cutoff_of(one, now), deadline=_deadline(one, now),
            probability=one.probability if one.quantity is None else None, quantity=one.quantity, mean=one.quantity,
            low=0.0, high=1.0, worth=one.worth,
            expected_loss=None if one.worth is None else one.probability * one.worth, model=one.model,
        )
        for one in made
    ]  # fmt: skip
    await tx.run(
        "insert into sightline.entities (tenant, kind, key, exists_from, attributes, links)"
        " select :t, 'line', key, :now, '{}', '{}' from unnest(cast(:keys as text[])) as k(key) on conflict do nothing",
        t=tx.tenant, now=now, keys=[one.key for one in made],
    )  # fmt: skip
    await registry.keep(tx, said, grace=timedelta(days=21), at=now)
    for one in made:
        these: dict[str, Any] = {"t": tx.tenant, "q": question, "key": one.key, "cutoff": cutoff_of(one, now)}
        await tx.run(
            "update sightline.predictions set outcome = :outcome, withdrawn_at = :gone where tenant = :t"
            " and question = :q and key = :key and cutoff = :cutoff and model = :model",
            outcome=None if one.outcome is None else float(one.outcome), gone=now if one.withdrawn else None,
            model=one.model, **these,
        )  # fmt: skip
        if one.verb:
            await tx.run(
                "insert into sightline.decisions (tenant, key, playbook, choice, kind, subject, party, verb, arm,"
                " because, value, text, question, cutoff, at) values (:t, :id, 'p', 'c', 'line', :key, 'a/b', :verb,"
                " 'treated', 'so', 1, 'x', :q, :cutoff, :now) on conflict do nothing",
                id=f"{question}:{one.key}", verb=one.verb, now=now, **these,
            )  # fmt: skip
    standing.after_decisions(tx, [f"{question}:{one.key}" for one in made])
    standing.after_answers(tx, [question])


def cutoff_of(one: Made, now: datetime) -> datetime:
    """Ten days before its deadline."""
    return _deadline(one, now) - timedelta(days=10)


def _deadline(one: Made, now: datetime) -> datetime:
    return now + timedelta(days=one.deadline)


def plain(value: Any) -> Any:
    """As JSON has it."""
    return msgspec.json.decode(msgspec.json.encode(value))
