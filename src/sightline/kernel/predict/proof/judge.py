"""The proof of a model, whatever sort of answer it gives."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

import numpy as np

from sightline.kernel.predict.backtest import Backtest
from sightline.kernel.predict.leaks import audited
from sightline.kernel.predict.models.rung import Fitted
from sightline.kernel.predict.prepare import Prepared
from sightline.kernel.predict.promise import PROMISE, sides
from sightline.kernel.predict.proof import chances, parts, quantities, words
from sightline.kernel.predict.proof.assumed import assumptions, oddities
from sightline.kernel.predict.proof.kept import Kept, kept
from sightline.kernel.predict.proof.rival import rival
from sightline.kernel.predict.proof.segments import features, segments, strongest
from sightline.kernel.predict.proof.view import View
from sightline.language.proof import Proof, Side, Verdict


def judge(
    prepared: Prepared, test: Backtest, fitted: Fitted, version: str, *, seed: int = 0, promise: float = PROMISE
) -> Proof:
    """The proof of `fitted`, by the back-test of its kind of model. Same seed, same figures; nothing raises.

    `promise`: the precision (above .5, below 1) whose lines are looked for.
    """
    rng = np.random.default_rng(seed)
    view = View(test)
    moved = strongest(fitted, prepared.matrix, view.rows, view.weights)
    judged = _chance if test.task.chance else _quantity
    verdict, found, told = judged(prepared, test, view, rng, promise)
    if fitted.name == "prior":
        verdict = Verdict.DO_NOT_USE
    if verdict is Verdict.DO_NOT_USE:
        found = tuple(replace(side, line=None, precision=None, bound=None, coverage=0.0) for side in found)
    document: dict[str, Any] = {
        "question": prepared.question.name,
        "asks": prepared.question.asks,
        "form": "chance" if test.task.chance else "quantity",
        "answer": test.task.form,
        "unit": prepared.question.unit,
        "verdict": verdict.value,
        "headline": "",
        **told,
        "split": parts.split(prepared, test, view),
        "assumptions": assumptions(prepared),
        "notes": oddities(prepared, test),
        "never_acts": [side.called for side in found if side.line is None],
        "sides": [{name: value for name, value in asdict(side).items() if name != "broken"} for side in found],
        "champion": rival(test, rng),
        "segments": segments(view, prepared.matrix, moved, chance=test.task.chance) if view.speaks else [],
        "population": prepared.population.counts(),
        "folds": parts.folds(test),
        "contest": parts.contest(test),
        "features": features(moved, prepared.matrix),
        "leaks": {**audited(prepared, test), "left_out": _left_out(prepared)},
        "model": parts.model(test, fitted, version, len(moved)),
        "data": {
            "rows": prepared.rows,
            "last_position": prepared.last_position,
            "as_of": prepared.now.isoformat(),
        },
    }
    if verdict is Verdict.DO_NOT_USE:
        document["lift"]["claimed"] = False
    document["headline"] = words.headline(prepared, document, found, thin=_thin(test, view))
    return Proof(question=prepared.question.name, model=version, verdict=verdict, sides=found, document=plain(document))


Judged = tuple[Verdict, tuple[Side, ...], dict[str, Any]]


def _chance(prepared: Prepared, test: Backtest, view: View, rng: np.random.Generator, promise: float) -> Judged:
    speaks = view.speaks
    figures = chances.figures(view, rng) if speaks else None
    later = kept(prepared.question, test, promise)
    lines = sides(prepared.question, view.p, view.yes, view.clusters, promise, view.weights)
    found = _held(lines, later, promise)
    verdict = Verdict.DO_NOT_USE if view.thin else chances.verdict(figures, found)
    return verdict, found, {
        **(figures or chances.nothing()),
        "lines": chances.lines(view, promise) if speaks else {},
        "kept": {side: one.document() for side, one in later.items()},
        "money": chances.money(prepared, view) if speaks else None,
        "reliability": chances.reliability(view) if speaks else [],
        "sure_and_wrong": chances.wrong(prepared, view) if speaks else [],
    }  # fmt: skip


def _quantity(prepared: Prepared, test: Backtest, view: View, rng: np.random.Generator, _: float) -> Judged:
    """A quantity keeps its promise case by case, by an interval that is clear of a line: it has no sides."""
    speaks = view.speaks
    figures = quantities.figures(test, view, rng) if speaks else None
    return quantities.verdict(figures, view), (), {
        **(figures or quantities.nothing()),
        "lines": {},
        "kept": {},
        "money": None,
        "reliability": [],
        "calibration": quantities.reliability(view) if speaks else [],
        "sure_and_wrong": [],
        "outside": quantities.wrong(prepared, view) if speaks else [],
    }  # fmt: skip


def _held(found: tuple[Side, ...], later: Mapping[str, Kept], promise: float) -> tuple[Side, ...]:
    """A side whose earlier lines did not keep the promise on later data has no line."""
    return tuple(
        replace(side, line=None, precision=None, bound=None, coverage=0.0) if later[side.side].broken(promise) else side
        for side in found
    )


def _thin(test: Backtest, view: View) -> bool:
    return view.thin if test.task.chance else False


def plain(value: Any) -> Any:
    """JSON has no nan and no infinity."""
    if isinstance(value, dict):
        return {k: plain(v) for k, v in value.items()}
    if isinstance(value, list):
        return [plain(v) for v in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def _left_out(prepared: Prepared) -> list[dict[str, Any]]:
    """What the audit before the training suspected, with its evidence and, where it is admitted, the reason."""
    suspects = prepared.audit["suspects"] if prepared.audit else []
    return [{"feature": one["what"], "evidence": one["evidence"], "admitted": one["admitted"]} for one in suspects]
