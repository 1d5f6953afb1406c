"""The face of the prediction engine: train a question, prove it, score whoever is open."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

import msgspec
import numpy as np
from threadpoolctl import threadpool_limits

from sightline.kernel.predict._matrix import Matrix
from sightline.kernel.predict.backtest import BUDGET, Backtest, Champion, backtest
from sightline.kernel.predict.contest import Progress, fit, lessons
from sightline.kernel.predict.explain import explain, hints, shares
from sightline.kernel.predict.folds import Schedule
from sightline.kernel.predict.language import canonical
from sightline.kernel.predict.models.rung import Fitted, Task
from sightline.kernel.predict.prepare import Prepared
from sightline.kernel.predict.promise import PROMISE
from sightline.kernel.predict.proof.judge import judge
from sightline.kernel.predict.scoring import Scored, score, standing_document
from sightline.kernel.predict.spread import Recent
from sightline.kernel.predict.stopping import Stopping
from sightline.kernel.predict.tasks import task_of
from sightline.kernel.predict.trained import DIGEST, FORM, Trained, digest
from sightline.kernel.predict.what_if import what_if
from sightline.kernel.predict.windows import Asked, Reference, clusters_of, reference
from sightline.language.errors import Unprovable

__all__ = [
    "FORM",
    "Scored",
    "Trained",
    "explain",
    "hints",
    "score",
    "shares",
    "standing_document",
    "task_of",
    "train",
    "what_if",
]


def train(
    prepared: Prepared,
    seed: int = 0,
    progress: Progress | None = None,
    cancelled: Stopping | None = None,
    *,
    promise: float = PROMISE,
    budget: float = BUDGET,
    champion: Mapping[str, Any] | None = None,
    schedule: Schedule | None = None,
    extras: bool = False,
) -> Trained:
    """Back-test, fit what won on everything that counts by then, calibrate on the back-test's last year, and prove.

    `promise`: the precision (above .5, below 1) from which on acting by itself is allowed; the proof finds its lines.
    `progress(done, total)` is called after each fold. Raises Cancelled when `cancelled()` says so. With too little
    history the model is the prior and its proof says so; nothing raises. `budget`: seconds of two cores; where they do
    not suffice fewer folds and rungs are tried. `champion`: the document of the model on duty, to compare with; one
    that cannot be read is left out. `schedule`: where the back-test begins and how often it trains again; raises
    ValueError where it judges what decided the features. `extras`: try the rungs too that take as long as all others
    together, where they are installed.
    """
    question, now = prepared.question, prepared.now
    _judged_later(prepared, schedule or Schedule())
    task = task_of(question, seed, extras=extras)
    whole = prepared.whole or prepared.matrix
    test = backtest(
        prepared.asked, prepared.matrix, now, task=task, whole=whole, schedule=schedule, budget=budget,
        champion=_champion(champion, task, whole), progress=progress, cancelled=cancelled,
    )  # fmt: skip
    model = _final(prepared, test)
    recent = _recent(test) if task.chance else None
    document: dict[str, Any] = {
        "form": FORM,
        "question": question.name,
        "line": canonical(question),
        "as_of": now.isoformat(),
        "position": prepared.last_position,
        "task": asdict(task),
        "trained_on": int((~np.isnan(test.truth)).sum()),
        "yes": int(np.nansum(test.truth)) if task.chance else 0,
        "fingerprint": fingerprint(prepared, test),
        "features": sorted(_features(model, prepared.matrix)),
        "model": model.document(),
        "calibration": test.final.document(),
        "recent": recent.document() if recent else None,
    }
    document["version"] = hashlib.sha256(msgspec.json.encode(document)).hexdigest()[:16]
    document[DIGEST] = digest(document)
    proof = judge(prepared, test, model, document["version"], seed=seed, promise=promise)
    return Trained(
        question=question.name,
        version=document["version"],
        document=document,
        task=task,
        model=model,
        duty=test.final,
        recent=recent,
        proof=proof,
        reference=_reference(prepared, test, [one["feature"] for one in proof.document["features"]["strongest"]]),
    )


def _reference(prepared: Prepared, test: Backtest, strongest: list[str]) -> Reference | None:
    """What was asked, window after window; of a flat table nothing, since nobody there is asked after another."""
    if test.timeless:
        return None
    asked = Asked(
        cutoff=test.clock.cutoff,
        cluster=clusters_of(prepared.asked.eligible),
        matrix=prepared.matrix,
        said=test.model.value,
    )
    return reference(asked, prepared.now, strongest)


def _judged_later(prepared: Prepared, schedule: Schedule) -> None:
    begins = schedule.starts[0] if schedule.starts else schedule.origin
    if begins is not None and prepared.decided is not None and begins < prepared.decided:
        raise ValueError(f"Features were chosen by answers known by {prepared.decided}: tell `teachable` the origin.")


def fingerprint(prepared: Prepared, test: Backtest) -> str:
    """Of the data a model was trained on: the same when every feature and answer was."""
    digest = hashlib.sha256(repr([spec.name for spec in prepared.matrix.specs]).encode())
    for part in (prepared.matrix.values, test.truth, test.clock.cutoff, test.observed):
        digest.update(np.ascontiguousarray(part).tobytes())
    digest.update(msgspec.json.encode(prepared.matrix.vocabulary))
    return digest.hexdigest()[:16]


def _final(prepared: Prepared, test: Backtest) -> Fitted:
    rows = np.flatnonzero(~np.isnan(test.truth))
    taught = lessons(test.clock, prepared.matrix, prepared.now, rows)
    with threadpool_limits(1):
        return fit(test.task, taught, test.chosen.rung, test.chosen.ladder)


def _recent(test: Backtest) -> Recent:
    """The calibrating predictions, calibrated by themselves."""
    rows = test.recent
    assert test.final.chance is not None
    told = test.final.chance(test.said.score[rows])
    return Recent.of(told, test.truth[rows], test.clusters[rows], test.weights[rows])


def _features(model: Fitted, matrix: Matrix) -> set[str]:
    return set(model.contributions(matrix.rows(np.arange(min(1, len(matrix.values)))))[0])


def _champion(document: Mapping[str, Any] | None, task: Task, matrix: Matrix) -> Champion | None:
    """The model on duty, to be compared with; None where it cannot be read, or answers in another way."""
    if document is None:
        return None
    try:
        found = Trained.load(dict(document))
        as_of = datetime.fromisoformat(document["as_of"])
    except (Unprovable, KeyError, ValueError):
        return None
    if (found.task.chance, found.task.form) != (task.chance, task.form):
        return None
    return Champion(version=found.version, as_of=as_of, tell=lambda rows: found.tell(matrix.rows(rows)))
