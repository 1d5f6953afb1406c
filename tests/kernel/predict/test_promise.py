"""The promise: which line keeps it, and that the installation's own is the one looked for."""

from __future__ import annotations

import random
from dataclasses import replace

import numpy as np

from sightline.foundation import ledger
from sightline.foundation.tenants import Tenant
from sightline.kernel.desk import Desk, training
from sightline.kernel.predict.promise import sides
from sightline.packs.supply.predict import ARRIVES_LATE
from sightline.testing import make


def test_the_promise_decides_where_the_line_is() -> None:
    """Three of four are right wherever .75 is said."""
    probability = np.repeat([0.75, 0.25], 400)
    yes = np.tile([1.0, 1.0, 1.0, 0.0], 200)
    yes[400:] = 1 - yes[400:]
    strict, easy = (sides(ARRIVES_LATE, probability, yes, np.arange(800), promise) for promise in (0.8, 0.7))
    assert [side.line for side in strict] == [None, None]
    assert [side.line for side in easy] == [0.75, 0.75]
    assert [(side.promise, side.coverage) for side in easy] == [(0.7, 0.5), (0.7, 0.5)]


async def test_a_proof_keeps_the_promise_that_was_set(desk: Desk, standing: Tenant) -> None:
    """One vendor's lines nearly all come late: enough for .6; but 180 judged lines are too few to prove .99."""
    chance, events = random.Random(5), []
    for number in range(600):
        promised, slow = 100 + number, number % 2 == 0
        late = slow and chance.random() < 0.97
        links = {"vendor": f"vendor/{'slow' if slow else 'quick'}", "order": f"order/{number}"}
        events.append(make.event(f"line/{number}", type="line.described", on=10, links=links, value=100,
                                 promised_on=f"{make.day(promised):%Y-%m-%d}"))  # fmt: skip
        events.append(make.event(f"line/{number}", type="line.delivered", on=promised + (5 if late else -2)))
    async with desk.db.transaction(standing.number) as tx:
        ledger.record(tx, events, at=desk.now(standing))
    await desk.go_round(standing)
    for promise in (0.99, 0.6):
        chosen = desk.settings.predict.model_copy(update={"promise": promise})
        asked = replace(desk, settings=desk.settings.model_copy(update={"predict": chosen}))
        model = await training.train(asked, standing, ARRIVES_LATE)
        late, on_time = model.proof["sides"]
        assert (late["promise"], on_time["promise"]) == (promise, promise)
        assert [side["line"] is None for side in (late, on_time)] == [promise == 0.99] * 2
