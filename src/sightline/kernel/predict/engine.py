"""The face of the prediction engine: train a question, prove it, score whoever is open."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import Any

import msgspec
import numpy as np
import polars as pl

from sightline.kernel.predict.backtest import Backtest, Progress, Stopping, backtest
from sightline.kernel.predict.examples import Population
from sightline.kernel.predict.language import canonical
from sightline.kernel.predict.model import Model, fit
from sightline.kernel.predict.prepare import Prepared
from sightline.kernel.predict.promise import PROMISE
from sightline.kernel.predict.proof import judge
from sightline.kernel.predict.reasons import reasons
from sightline.kernel.predict.spread import Recent
from sightline.language.errors import Unprovable
from sightline.language.prediction import Prediction, Reason
from sightline.language.proof import Proof
from sightline.language.question import Question
from sightline.language.ref import Ref

FORM = 2
"""Version of the model document; another form is not read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trained:
    """A model version, ready to be stored and to score."""

    question: str
    version: str
    document: dict[str, Any]
    """JSON-ready; `load` reads it back. Loading runs no code."""
    model: Model
    recent: Recent
    """What intervals are read from."""
    proof: Proof | None = None
    """With `train`; None after `load`, since proofs are stored apart."""

    @classmethod
    def load(cls, document: dict[str, Any]) -> Trained:
        """The model of a stored document. Raises Unprovable when it is of another form."""
        if document.get("form") != FORM:
            raise Unprovable(
                f"The model on file has form {document.get('form')!r}, this version reads {FORM}.",
                hint="Train the question again.",
            )
        return cls(
            question=document["question"],
            version=document["version"],
            document=document,
            model=Model.read(document["model"]),
            recent=Recent.read(document["recent"]),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """What is forecast at one moment, and where everybody else stands."""

    predictions: list[Prediction]
    population: dict[str, Any]
    """JSON-ready: now, counts, later and overdue (subjects with their days), excluded."""


def train(
    prepared: Prepared,
    seed: int = 0,
    progress: Progress | None = None,
    cancelled: Stopping | None = None,
    *,
    promise: float = PROMISE,
) -> Trained:
    """Back-test, fit on everything mature by then, calibrate on the back-test's last year, and prove.

    `promise`: the precision (above .5, below 1) from which on acting by itself is allowed; the proof finds its lines.
    `progress(done, total)` is called after each fold. Raises Cancelled when `cancelled()` says so. With too little
    history the model is the prior and its proof says so; nothing raises.
    """
    question, now = prepared.question, prepared.now
    test = backtest(prepared.asked, prepared.matrix, now, seed=seed, progress=progress, cancelled=cancelled)
    rows = np.flatnonzero(~np.isnan(test.yes))
    model = replace(fit(prepared.matrix, rows, test.yes[rows], seed=seed), calibration=test.final)
    recent = _recent(test)
    document: dict[str, Any] = {
        "form": FORM,
        "question": question.name,
        "line": canonical(question),
        "as_of": now.isoformat(),
        "position": prepared.last_position,
        "model": model.document(),
        "recent": recent.document(),
    }
    document["version"] = hashlib.sha256(msgspec.json.encode(document)).hexdigest()[:16]
    proof = judge(prepared, test, model, document["version"], seed=seed, promise=promise)
    return Trained(
        question=question.name, version=document["version"], document=document, model=model, recent=recent, proof=proof
    )


def score(
    trained: Trained,
    prepared: Prepared,
    *,
    usable: bool = True,
    reasons_for_top: int | None = None,
) -> Scored:
    """Predict every open subject as of its own cutoff; the most expected loss first.

    `usable`: whether the proof lets the model be used; if not, nobody is forecast and only the population is told.
    `reasons_for_top`: explain only so many of the first; all by default.
    """
    question = prepared.question
    told = standing_document(question, prepared.population)
    if not usable or not prepared.population.open.height:
        return Scored(predictions=[], population=told)
    where = prepared.asked.eligible.select("key").with_row_index("row")
    rows = where.join(prepared.population.open.select("key"), on="key", how="semi")["row"].to_numpy().astype(np.int64)
    subjects = prepared.asked.eligible[rows]
    matrix = prepared.matrix.rows(rows)
    probability = trained.model.probability(matrix)
    low, high = trained.recent.interval(probability)
    worth = subjects["worth"].to_list()
    loss = [-float(p) * (w if w is not None else 0.0) for p, w in zip(probability, worth, strict=True)]
    order = sorted(range(len(rows)), key=lambda i: (loss[i], -probability[i], subjects["key"][i]))
    explained = order if reasons_for_top is None else order[:reasons_for_top]
    why = _explain(trained, prepared, matrix.rows(np.array(explained, np.int64)), explained)
    predictions = [
        Prediction(
            question=question.name,
            subject=Ref(question.of, subjects["key"][i]),
            cutoff=subjects["cutoff"][i],
            deadline=subjects["deadline"][i],
            probability=float(probability[i]),
            low=float(low[i]),
            high=float(high[i]),
            worth=worth[i],
            expected_loss=float(probability[i]) * worth[i] if worth[i] is not None else None,
            model=trained.version,
            reasons=why.get(i, ()),
        )
        for i in order
    ]
    return Scored(predictions=predictions, population=told)


def _explain(trained: Trained, prepared: Prepared, matrix: Any, explained: list[int]) -> dict[int, tuple[Reason, ...]]:
    model, question = trained.model, prepared.question
    if model.is_prior:
        text = (
            f"{model.yes:,} of {model.rows:,} earlier {question.of}s were {question.yes};"
            " that is too little to tell them apart."
        )
        return {i: (Reason(text=text, contribution=model.prior),) for i in explained}
    shares = model.contributions(matrix)
    told = reasons(question, prepared.kind, model.encoder, matrix, shares)
    return dict(zip(explained, told, strict=True))


def _recent(test: Backtest) -> Recent:
    """The calibrating predictions, calibrated by themselves."""
    rows = test.recent
    return Recent.of(test.final(test.model.log_odds[rows]), test.yes[rows], test.clusters[rows])


def standing_document(question: Question, population: Population) -> dict[str, Any]:
    """Where everybody stands who is not forecast, as JSON."""

    def told(frame: pl.DataFrame) -> list[dict[str, Any]]:
        columns = ("key", "cutoff", "deadline", "worth")
        return [
            {
                "subject": f"{question.of}/{key}",
                "cutoff": cutoff.isoformat(),
                "deadline": deadline.isoformat(),
                "worth": worth,
            }
            for key, cutoff, deadline, worth in frame.select(columns).iter_rows()
        ]

    return {
        "now": population.now.isoformat(),
        "counts": population.counts(),
        "later": told(population.later),
        "overdue": told(population.overdue),
    }
