"""The promise: which line keeps it, and that the installation's own is the one looked for."""

from __future__ import annotations

import math
import random
from collections import Counter
from dataclasses import asdict, replace
from datetime import datetime

import numpy as np
import pytest

from sightline.foundation import ledger
from sightline.foundation.tenants import Tenant
from sightline.kernel.desk import Desk, training
from sightline.kernel.predict import engine, registry
from sightline.kernel.predict.calibrate import Calibration
from sightline.kernel.predict.duty import Duty
from sightline.kernel.predict.language import canonical
from sightline.kernel.predict.models.prior import Usual
from sightline.kernel.predict.models.rung import Task
from sightline.kernel.predict.promise import sides
from sightline.kernel.predict.scaling import Scaling
from sightline.kernel.predict.trained import DIGEST, digest
from sightline.language import derived
from sightline.language.proof import Side
from sightline.language.question import Question
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


def test_one_miss_among_the_strictest_few_does_not_end_the_search() -> None:
    """Where a single miss would break the promise there are too few to say anything, and a wider line is tried."""
    probability = np.linspace(0.99, 0.6, 400)
    yes = np.ones(400)
    yes[[5, 399]] = 0.0
    found = sides(ARRIVES_LATE, probability, yes, np.arange(400), 0.95)[0]
    assert found.line is not None
    assert found.coverage == 1.0
    alone = sides(ARRIVES_LATE, probability[:60], np.ones(60), np.arange(60), 0.95)[0]
    assert alone.line is None


@pytest.mark.usefixtures("short")
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


async def test_the_ledger_tells_of_each_run_and_of_whoever_crossed_a_line(desk: Desk, standing: Tenant) -> None:
    """A champion is replaced by one that says something else of everybody."""
    events = [
        make.event(f"line/{number}", type="line.described", on=10, promised_on=f"{make.day(1015 + number):%Y-%m-%d}")
        for number in range(9)
    ]
    async with desk.db.transaction(standing.number) as tx:
        ledger.record(tx, events, at=desk.now(standing))
    for share, at in ((0.9, 1), (0.1, 2)):
        await on_duty(desk, standing, share, at=make.day(at))
    async with desk.db.transaction(standing.number) as tx:
        rows = await tx.rows(
            "select type, data from sightline.ledger where tenant = :t and type = any(:types) order by position",
            t=tx.tenant, types=[derived.PREDICTED, derived.CROSSED, derived.SCORED],
        )  # fmt: skip
    told = Counter(row["type"] for row in rows)
    assert told == {derived.PREDICTED: 9, derived.CROSSED: 9, derived.SCORED: 2}
    runs = [row["data"] for row in rows if row["type"] == derived.SCORED]
    assert [(run["scored"], run["first"], run["crossed"]) for run in runs] == [(9, 9, 0), (9, 0, 9)]


async def on_duty(desk: Desk, tenant: Tenant, share: float, *, at: datetime, question: Question = ARRIVES_LATE) -> None:
    """Put a model that knows only a share of yes on duty, with lines at .8, and let the loop score with it."""
    odds = math.log(share / (1 - share))
    duty = Duty(chance=Calibration(), mean=Scaling(), spread=None, bounds=(None, None))
    version = f"says {share}"
    document = {
        "form": engine.FORM, "question": question.name, "version": version,
        "task": asdict(Task(chance=True, form="absent")), "trained_on": 10, "yes": 5,
        "model": Usual(score=odds, median=None, low=odds - 1, high=odds + 1).document(),
        "calibration": duty.document(), "recent": [[0.1, 0.9], [0.0, 1.0], [0, 1]],
    }  # fmt: skip
    document[DIGEST] = digest(document)
    lines = [
        Side(side=side, called=called, promise=0.8, line=0.8, precision=0.9, bound=0.85, coverage=0.5)
        for side, called in (("yes", "late"), ("no", "on time"))
    ]
    stored = registry.Model(
        question=question.name, version=version, line=canonical(question), document=document, trained_at=at,
        as_of=at, position=1, proof={"verdict": "use", "headline": "made", "sides": [asdict(side) for side in lines]},
    )  # fmt: skip
    async with desk.db.transaction(tenant.number) as tx:
        await registry.store(tx, stored)
        event = make.event("workspace/models", type=derived.TRAINED, source=derived.SOURCE, question=question.name)
        ledger.record(tx, [event], at=desk.now(tenant))
    await desk.go_round(tenant)
