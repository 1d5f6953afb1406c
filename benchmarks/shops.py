"""A made-up business for benchmarks of scoring: customers in regions of at most a hundred, who order now and then."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime, timedelta

import numpy as np

from sightline.foundation.clock import SystemClock
from sightline.kernel.predict.calibrate import Calibration
from sightline.kernel.predict.clock import Clock
from sightline.kernel.predict.contest import lessons
from sightline.kernel.predict.duty import Duty
from sightline.kernel.predict.engine import FORM, task_of
from sightline.kernel.predict.language import canonical
from sightline.kernel.predict.models.boosted import RUNGS
from sightline.kernel.predict.prepare import Prepared
from sightline.kernel.predict.registry import Model
from sightline.kernel.predict.scaling import Scaling
from sightline.kernel.predict.trained import DIGEST, digest
from sightline.language.event import Event
from sightline.language.ref import Ref

A_REGION = 100
"""Customers that share a region: whoever orders touches at most so many."""

ORDERS = 5
"""A customer, on average."""

SPAN = timedelta(days=150)
LEARNED = 20_000
"""Rows the model is fitted on, of the boosted rung's usual size."""


def events(customers: int, now: datetime, seed: int = 1) -> Iterator[Event]:
    """Each customer's description, then its orders, all before `now`, in no order of time."""
    chance = np.random.default_rng(seed)
    begin = now - SPAN
    for number in range(customers):
        key = Ref("customer", f"{number:07}")
        data = {"segment": f"s{number % 7}", "links": {"region": f"region/{number // A_REGION}"}}
        yield Event(id=f"c{number}", source="bench", type="customer.described", subject=key, time=begin,
                    known_at=begin, data=data)  # fmt: skip
        often = chance.poisson(ORDERS * (0.4 + (number % 5) * 0.3))
        for order, share in enumerate(chance.random(often)):
            at = (begin + SPAN * float(share)).replace(microsecond=0)
            said = {"amount": round(float(chance.gamma(2.0, 20.0)), 2), "quantity": int(chance.integers(1, 5))}
            yield Event(id=f"o{number}.{order}", source="bench", type="order.placed", subject=key, time=at,
                        known_at=at, data=said)  # fmt: skip


def order(number: int, key: str, at: datetime) -> dict[str, object]:
    """One more order, as it is posted."""
    return {"specversion": "1.0", "id": f"live{number}", "source": "bench", "type": "order.placed",
            "subject": f"customer/{key}", "time": at.isoformat(),
            "data": {"amount": 20 + number % 50, "quantity": 1 + number % 4}}  # fmt: skip


def model(prepared: Prepared) -> Model:
    """Boosted trees as a training would fit them, not proved: a benchmark of scoring needs no proof."""
    question, now = prepared.question, prepared.now
    clock = Clock.of(prepared.asked)
    rows = np.flatnonzero(~np.isnan(clock.answers(now).value))[-LEARNED:]
    task = task_of(question)
    fitted = RUNGS[0].fit(task, lessons(clock, prepared.matrix, now, rows))
    duty = Duty(chance=Calibration(), mean=Scaling(), spread=None, bounds=(None, None))
    version = "benchmark"
    share = float(np.nanmean(clock.answers(now).value))
    document = {
        "form": FORM, "question": question.name, "version": version, "task": asdict(task), "trained_on": len(rows),
        "yes": int(share * len(rows)), "model": fitted.document(), "calibration": duty.document(),
        "features": [spec.name for spec in fitted.encoder.specs],
        "recent": [[math.floor(share * 100) / 100] * 2, [0.0, 1.0], [0, 1]],
    }  # fmt: skip
    document[DIGEST] = digest(document)
    return Model(
        question=question.name, version=version, line=canonical(question), document=document, trained_at=now, as_of=now,
        position=prepared.last_position, proof={"verdict": "use", "headline": "made for a benchmark", "sides": []},
    )  # fmt: skip


def present() -> datetime:
    """Now, whole seconds."""
    return SystemClock().now().replace(microsecond=0)
