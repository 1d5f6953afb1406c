"""The evidence that a model answers its question, from its back-test: figures, baselines, promise, assumptions."""

from __future__ import annotations

import math
from dataclasses import asdict, replace
from datetime import timedelta
from typing import Any

import numpy as np

from sightline.kernel.predict import metrics
from sightline.kernel.predict._matrix import Floats, Rows
from sightline.kernel.predict.backtest import BURN_IN, STEP, Backtest
from sightline.kernel.predict.leaks import audited
from sightline.kernel.predict.limits import MIN_CLASS, MIN_JUDGED, MIN_ROWS, ORIGIN
from sightline.kernel.predict.model import Model
from sightline.kernel.predict.money import caught
from sightline.kernel.predict.prepare import Prepared
from sightline.kernel.predict.promise import PROMISE, sides, tails
from sightline.language.kind import Attribute, Link
from sightline.language.proof import Proof, Side, Verdict
from sightline.language.time import DAWN

WRONG = 10
"""How many of the surest wrong predictions are shown."""


def judge(
    prepared: Prepared, test: Backtest, model: Model, version: str, *, seed: int = 0, promise: float = PROMISE
) -> Proof:
    """The proof of `model`, by the back-test of its kind of model. Same seed, same figures.

    `promise`: the precision (above .5, below 1) whose lines are looked for.
    """
    rng = np.random.default_rng(seed)
    rows = test.judged
    view = _View(test, rows)
    speaks = view.speaks and not model.is_prior
    figures = _figures(view, rng) if speaks else None
    found = sides(prepared.question, view.p, view.yes, view.clusters, promise)
    verdict = Verdict.DO_NOT_USE if view.thin else _verdict(figures, found)
    if verdict is Verdict.DO_NOT_USE:
        found = tuple(replace(side, line=None, precision=None, bound=None, coverage=0.0) for side in found)
    document: dict[str, Any] = {
        "question": prepared.question.name,
        "asks": prepared.question.asks,
        "verdict": verdict.value,
        "headline": "",
        **(figures or _nothing()),
        "split": _split(prepared, test, view),
        "assumptions": assumptions(prepared),
        "never_acts": [side.called for side in found if side.line is None],
        "sides": [asdict(side) for side in found],
        "lines": _lines(view, promise) if speaks else {},
        "money": _money(prepared, view) if speaks else None,
        "population": prepared.population.counts(),
        "folds": _folds(test),
        "reliability": _reliability(view) if speaks else [],
        "sure_and_wrong": _wrong(prepared, view) if speaks else [],
        "leaks": audited(prepared, test),
        "model": _model(model, version),
        "data": {
            "rows": prepared.rows,
            "last_position": prepared.last_position,
            "as_of": prepared.now.isoformat(),
        },
    }
    document["headline"] = headline(prepared, document, found, thin=view.thin)
    return Proof(
        question=prepared.question.name, model=version, verdict=verdict, sides=found, document=_plain(document)
    )


class _View:
    """The judged subjects of a back-test, as aligned arrays."""

    def __init__(self, test: Backtest, rows: Rows) -> None:
        self.rows = rows
        self.yes: Floats = test.yes[rows]
        self.p: Floats = test.model.probability[rows]
        self.attributes: Floats = test.attributes.probability[rows]
        self.base: Floats = test.base_rate[rows]
        self.clusters: Rows = test.clusters[rows]

    @property
    def speaks(self) -> bool:
        """Whether there is anything to measure: both answers occur."""
        return bool(0 < self.yes.sum() < len(self.yes))

    @property
    def thin(self) -> bool:
        """Whether too few independent answers of one kind were judged for a verdict other than no."""
        return min(len(np.unique(self.clusters[self.yes == answer])) for answer in (0, 1)) < MIN_JUDGED


def _scores(p: Floats, yes: Floats) -> dict[str, float]:
    return {
        "auc": metrics.auc(p, yes),
        "average_precision": metrics.average_precision(p, yes),
        "brier": metrics.brier(p, yes),
        "log_loss": float(metrics.log_losses(p, yes).mean()),
        "calibration_error": metrics.calibration_error(p, yes),
    }


def _figures(view: _View, rng: np.random.Generator) -> dict[str, Any]:
    intervals = metrics.auc_intervals((view.p, view.attributes), view.yes, view.clusters, rng)
    own, naive, base = (_scores(p, view.yes) for p in (view.p, view.attributes, view.base))
    alone, shared = metrics.calibration_floor(view.p, view.clusters, rng)
    gain = metrics.log_losses(view.base, view.yes) - metrics.log_losses(view.p, view.yes)
    low, high = intervals["difference"]
    return {
        "metrics": {
            **own,
            "auc_interval": list(intervals["auc"]),
            "calibration_floor": shared,
            "calibration_floor_if_independent": alone,
        },
        "baseline": {
            **naive,
            "what": "a model of the subject's own attributes under the same retraining",
            "base_rate": base,
        },
        "lift": {
            "over": "attributes only",
            "difference": own["auc"] - naive["auc"],
            "interval": [low, high],
            "claimed": low > 0,
            "log_loss_over_base_rate": float(gain.mean()),
            "log_loss_over_base_rate_interval": list(metrics.mean_interval(gain, view.clusters, rng)),
        },
    }


def _nothing() -> dict[str, Any]:
    names = ("auc", "average_precision", "brier", "log_loss", "calibration_error")
    empty = dict.fromkeys(names)
    return {
        "metrics": {**empty, "auc_interval": None, "calibration_floor": None},
        "baseline": {**empty, "base_rate": empty},
        "lift": {"over": "attributes only", "difference": None, "interval": None, "claimed": False},
    }


def _verdict(figures: dict[str, Any] | None, found: tuple[Side, ...]) -> Verdict:
    """No use without a ranking better than chance and a log-loss better than the base rate's, both beyond doubt."""
    if figures is None:
        return Verdict.DO_NOT_USE
    ranks = figures["metrics"]["auc_interval"][0] > 0.5
    knows = figures["lift"]["log_loss_over_base_rate_interval"][0] > 0
    if not (ranks and knows):
        return Verdict.DO_NOT_USE
    return Verdict.USE if all(side.line is not None for side in found) else Verdict.USE_ABOVE


def _split(prepared: Prepared, test: Backtest, view: _View) -> dict[str, Any]:
    return {
        "how": f"rolling origin from the {ORIGIN:.0%} quantile of cutoffs, retrained every {STEP.days} days on what was"
        f" known and mature then; {BURN_IN} folds before it only calibrate",
        "origin": test.origin.isoformat(),
        "until": prepared.now.isoformat(),
        "folds": len(test.folds),
        "judged": len(view.rows),
        "judged_yes": int(view.yes.sum()),
        "clusters": len(np.unique(view.clusters)),
        "together": prepared.question.together,
        "trained_on": int((~np.isnan(test.yes)).sum()),
    }


def assumptions(prepared: Prepared) -> list[str]:
    """What nobody recorded and the proof takes for granted, in sentences."""
    kind = prepared.kind
    parts: dict[str | None, list[str]] = {}
    declared: list[Attribute | Link] = [*kind.attributes, *kind.links] if kind else []
    for one in declared:
        if one.assumed:
            parts.setdefault(one.known_by, []).append(one.words)
    found = [*kind.taken] if kind else []
    for event, names in parts.items():
        since = f"Known from {event} on; where nothing dates that, assumed" if event else "Assumed"
        found.append(f"{since} to have been known from the start: {', '.join(names)}.")
    undated = prepared.population.undated
    if undated:
        total = prepared.asked.eligible.height
        found.append(
            f"{undated:,} of {total:,} subjects have no dated beginning: assumed to have existed from the start"
            f" ({DAWN.date()})."
        )
    return found


def _money(prepared: Prepared, view: _View) -> dict[str, Any] | None:
    if prepared.question.worth is None:
        return None
    worth = prepared.asked.eligible["worth"].fill_null(float("nan")).to_numpy()[view.rows]
    return caught(view.p, view.yes, worth)


def _lines(view: _View, promise: float) -> dict[str, list[dict[str, Any]]]:
    """Every line tried on either side, so that a person sees how near the promise was."""
    tried = tails(view.p, view.yes, view.clusters, promise)
    return {side: [asdict(tail) for tail in found] for side, found in tried.items()}


def _folds(test: Backtest) -> list[dict[str, Any]]:
    found = []
    for fold in test.folds:
        yes, p = test.yes[fold.rows], test.model.probability[fold.rows]
        naive = test.attributes.probability[fold.rows]
        found.append(
            {
                "from": fold.start.isoformat(),
                "until": (fold.start + STEP - timedelta(microseconds=1)).isoformat(),
                "trained_on": fold.trained_on,
                "asked": len(fold.rows),
                "yes": int(yes.sum()),
                "mean_probability": float(p.mean()),
                "auc": metrics.auc(p, yes),
                "auc_attributes": metrics.auc(naive, yes),
                "rounds": list(fold.rounds),
                "calibration": fold.calibration.document(),
            }
        )
    return found


def _reliability(view: _View) -> list[dict[str, Any]]:
    return [
        {
            "from": float(view.p[b].min()),
            "to": float(view.p[b].max()),
            "mean_probability": float(view.p[b].mean()),
            "share_yes": float(view.yes[b].mean()),
            "subjects": len(b),
        }
        for b in metrics.bins(view.p)
    ]


def _wrong(prepared: Prepared, view: _View) -> list[dict[str, Any]]:
    """The surest predictions that came out otherwise."""
    eligible = prepared.asked.eligible
    far = np.argsort(-np.abs(view.p - view.yes), kind="stable")[:WRONG]
    found = []
    for i in far:
        row = eligible.row(int(view.rows[i]), named=True)
        answer = prepared.question.yes if view.yes[i] > 0 else prepared.question.no
        found.append(
            {
                "subject": f"{prepared.question.of}/{row['key']}",
                "cutoff": row["cutoff"].isoformat(),
                "probability": float(view.p[i]),
                "answer": answer,
                "worth": row["worth"],
            }
        )
    return found


def _model(model: Model, version: str) -> dict[str, Any]:
    return {
        "version": version,
        "rung": "prior" if model.is_prior else "boosted trees",
        "trained_on": model.rows,
        "yes": model.yes,
        "rounds": model.rounds,
        "boosters": len(model.boosters),
        "features": len(model.encoder.specs),
        "calibration": model.calibration.document(),
    }


def headline(prepared: Prepared, document: dict[str, Any], found: tuple[Side, ...], *, thin: bool) -> str:
    """The proof in a few plain sentences."""
    model, figures, lift = document["model"], document["metrics"], document["lift"]
    if model["rung"] == "prior":
        return (
            f"Too little to learn from: {model['trained_on']:,} mature answers, {model['yes']:,} of them"
            f" '{prepared.question.yes}' ({MIN_ROWS} and {MIN_CLASS} of each are needed). Only the base rate is known."
        )
    if figures["auc"] is None:
        return "The answers since the origin are all the same or missing: nothing can be proved yet."
    low, high = figures["auc_interval"]
    parts = [f"AUC {figures['auc']:.3f} ({low:.3f} to {high:.3f}) on {document['split']['judged']:,} later subjects."]
    if thin:
        return " ".join([*parts, f"Fewer than {MIN_JUDGED} independent answers of one kind: do not use it yet."])
    if document["verdict"] == Verdict.DO_NOT_USE.value:
        return " ".join([*parts, "That is no lift over the base rate beyond doubt: do not use it."])
    parts.append(_lift_words(lift))
    parts.append(
        f"Calibration error {figures['calibration_error']:.3f} (a perfect model would show about"
        f" {figures['calibration_floor']:.3f})."
    )
    if document["money"]:
        money = document["money"]
        parts.append(
            f"The top tenth holds {money['by_expected_loss']:.0%} of the money in '{prepared.question.yes}'"
            f" ({money['by_worth']:.0%} by worth alone)."
        )
    return " ".join([*parts, *(_side_words(side) for side in found)])


def _lift_words(lift: dict[str, Any]) -> str:
    low, high = lift["interval"]
    figure = f"{lift['difference']:+.3f} ({low:+.3f} to {high:+.3f})"
    if lift["claimed"]:
        return f"Histories add {figure} to a model of the subject's own attributes."
    return f"No lift is claimed over a model of the subject's own attributes: {figure} includes zero or worse."


def _side_words(side: Side) -> str:
    if side.line is None:
        return f"It never acts by itself on '{side.called}': no line keeps {side.promise:.0%}."
    return (
        f"On '{side.called}' it keeps {side.promise:.0%} from probability {side.line:.2f} on, for"
        f" {side.coverage:.0%} of the subjects."
    )


def _plain(value: Any) -> Any:
    """JSON has no nan and no infinity."""
    if isinstance(value, dict):
        return {k: _plain(v) for k, v in value.items()}
    if isinstance(value, list):
        return [_plain(v) for v in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
