"""A yes-or-no question beside its peers, as one row of the table."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from benchmarks.answers import race
from benchmarks.answers.ours import Ours, calibration
from benchmarks.answers.race import Peer
from benchmarks.answers.rows import Row
from sightline.kernel.predict import metrics
from sightline.kernel.predict._matrix import Floats

Figure = Callable[[Ours, Floats], float]

RIGHT = 0.95
"""Of those on whom a side was sure, so many must be right later."""


def chances(
    name: str, data: str, found: Ours, peers: Sequence[Peer], *, short: float | None = None, least: float | None = None,
    error: float | None = None, note: str = "",
) -> Row:  # fmt: skip
    """`short`: by how much the AUC may lie below the best peer's, if that is asked; `least`: that it must reach;
    `error`: the most the calibration error may be.
    """
    own = race.auc(found, found.test.model.value)
    figures = {peer.name: race.auc(found, peer.said) for peer in peers}
    best = max(peers, key=lambda peer: figures[peer.name])
    paired = race.difference(found, best.said)
    is_error = float(found.proof["metrics"]["calibration_error"])
    limits, holds = list[str](), list[bool]()
    if short is not None:
        limits.append(f"not below the best peer by more than {short:g}")
        holds.append(paired[0] >= -short)
    if least is not None:
        limits.append(f"AUC at least {least:g}")
        holds.append(own >= least)
    if error is not None:
        limits.append(f"calibration error at most {error:g}")
        holds.append(is_error <= error)
    low, high = found.proof["metrics"]["auc_interval"]
    return Row(
        name=name,
        data=data,
        split=found.split,
        peers=", ".join(f"{peer} {figure:.4f}" for peer, figure in figures.items()) + note,
        seconds=race.seconds(found, peers),
        ours=f"AUC {own:.4f} ({low:.3f} to {high:.3f}), {found.test.chosen.rung}; {calibration(found)}",
        best=f"{best.name} {figures[best.name]:.4f}",
        difference=race.shown(paired),
        limit="; ".join(limits),
        held=all(holds),
    )


def promise(name: str, data: str, found: Ours) -> Row:
    """Per side: where it may act, on how many, and what share was right on later data wherever it was sure."""
    told, holds = [], list[bool]()
    for side in found.proof["sides"]:
        line = side["line"]
        acts = f"acts from {line:.3f} on {side['coverage']:.1%}" if line is not None else "never acts"
        later = found.proof["kept"].get(side["side"], {})
        share = later.get("precision")
        if share is None:
            told.append(f"{side['called']}: {acts}; was sure of nobody later")
            continue
        low, high = later["interval"]
        told.append(f"{side['called']}: {acts}; later right {share:.1%} of {later['subjects']:,}"
                    f" ({later['coverage']:.1%} of all, 90 % interval {low:.3f} to {high:.3f})")  # fmt: skip
        holds.append(share >= RIGHT)
    return Row(
        name=f"{name}: promise", data=data, split=found.split, ours="; ".join(told),
        limit=f"wherever a side was sure, at least {RIGHT:.0%} right later", held=all(holds) if holds else None,
    )  # fmt: skip


def spread(found: Ours, peers: Sequence[Peer]) -> str:
    """Mean AUC of the folds, and how far they lie apart."""

    def told(said: Floats) -> str:
        each = [metrics.auc(said[fold.rows], found.test.truth[fold.rows]) for fold in found.test.folds]
        return f"{np.nanmean(each):.3f} ({np.nanmin(each):.2f} to {np.nanmax(each):.2f})"

    others = ", ".join(f"{peer.name} {told(peer.said)}" for peer in peers)
    return f"; mean of the folds: ours {told(found.test.model.value)}, {others}"
