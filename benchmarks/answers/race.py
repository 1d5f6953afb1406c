"""Peers on the very same folds: each learns from the rows whose answers counted at the fold's start, as they read then.

They run in an environment of their own. What a peer said is kept under `.bench`, by a fingerprint of all it was given,
since it does not change when Sightline does; FLAML, whose time depends on ours, runs anew when that differs.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from benchmarks.answers.ours import Ours
from sightline.kernel.predict import metrics
from sightline.kernel.predict._matrix import Floats
from sightline.kernel.predict._spec import Group, Spec

ROOT = Path(__file__).parents[2]
KEPT = ROOT / ".bench"
SEED = 0
ALL = ("LightGBM", "CatBoost", "logistic", "explainable boosting")


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """What a peer said of all examples; nan where it was not asked."""

    name: str
    said: Floats
    wall: float
    spent: float

    @property
    def seconds(self) -> str:
        """Of wall clock, and of computing in brackets."""
        return f"{self.name} {self.wall:.0f} ({self.spent:.0f})"


def python() -> Path:
    """The peers' interpreter. Raises SystemExit saying how to get it."""
    found = ROOT / ".venv-bench" / "bin" / "python"
    if not found.exists():
        raise SystemExit(f"The peers need {found}; `make bench` installs it.")
    return found


def plain(found: Ours, groups: Sequence[Group] = (Group.ATTRIBUTE, Group.CALENDAR)) -> pl.DataFrame:
    """The examples' own attributes, as they were known at the cutoff: a column per spec, texts as categories."""
    matrix = found.whole
    kept = [(at, spec) for at, spec in enumerate(matrix.specs) if spec.group in groups]
    return pl.DataFrame([_column(spec, matrix.values[:, at], matrix.vocabulary) for at, spec in kept])


def _column(spec: Spec, values: Any, vocabulary: dict[str, list[str]]) -> pl.Series:
    if not spec.category:
        return pl.Series(spec.name, values, dtype=pl.Float32).fill_nan(None)
    words = pl.Series(vocabulary[spec.name], dtype=pl.String)
    codes = pl.Series(values, dtype=pl.Float64).fill_nan(None).cast(pl.UInt32)
    return words.gather(codes).alias(spec.name)


def race(
    found: Ours, table: pl.DataFrame, peers: Sequence[str], *, called: str = "", seconds: float | None = None,
    threads: int = 1,
) -> list[Peer]:  # fmt: skip
    """What `peers` make of `table`, whose rows are the eligible examples in order.

    `called`: what is said of the table behind the peers' names. `seconds`: FLAML's, for all folds together.
    """
    folds = _folds(found)
    task = {
        "quantity": not found.test.task.chance, "seed": SEED, "threads": threads, "folds": len(found.test.folds),
    }  # fmt: skip
    ran = []
    for peer in peers:
        own = {**task, "seconds": round(max(2.0, (seconds or 0) / len(found.test.folds)))} if peer == "FLAML" else task
        said, wall, spent = _kept(table, folds, own, peer)
        ran.append(Peer(name=f"{peer}{called}", said=said, wall=wall, spent=spent))
    return ran


def _folds(found: Ours) -> dict[str, Any]:
    """Per fold the rows to learn from, their answers as they read at its start, and the rows to be asked."""
    folds: dict[str, Any] = {}
    clock, timeless = found.test.clock, found.test.timeless
    for number, fold in enumerate(found.test.folds):
        answers = clock.answers(fold.start).value
        known = ~np.isnan(answers)
        if timeless:
            known[fold.rows] = False
        train = np.flatnonzero(known)
        assert len(train) == fold.trained_on, "the peers learn from the very same rows"
        folds |= {f"train_{number}": train, f"answers_{number}": answers[train], f"asked_{number}": fold.rows}
    return folds


def _kept(table: pl.DataFrame, folds: dict[str, Any], task: dict[str, Any], peer: str) -> tuple[Floats, float, float]:
    folder = KEPT / _fingerprint(table, folds, task)
    told = folder / f"{peer}.npz"
    if not told.exists():
        folder.mkdir(parents=True, exist_ok=True)
        table.write_parquet(folder / "table.parquet")
        np.savez(folder / "folds.npz", **folds)
        (folder / "task.json").write_text(json.dumps(task))
        subprocess.run([python(), ROOT / "benchmarks" / "peers.py", folder, peer], check=True, cwd=folder)
    with np.load(told) as kept:
        return kept["said"], float(kept["seconds"][0]), float(kept["seconds"][1])


def _fingerprint(table: pl.DataFrame, folds: dict[str, Any], task: dict[str, Any]) -> str:
    digest = hashlib.sha256(json.dumps([table.columns, task]).encode())
    digest.update((ROOT / "benchmarks" / "peers.py").read_bytes())
    digest.update(table.hash_rows(seed=0).to_numpy().tobytes())
    for name in sorted(folds):
        digest.update(np.ascontiguousarray(folds[name]).tobytes())
    return digest.hexdigest()[:16]


def seconds(found: Ours, peers: Sequence[Peer]) -> str:
    """Ours, then theirs."""
    return "; ".join((f"ours {found.seconds}", *(peer.seconds for peer in peers)))


def rng() -> np.random.Generator:
    """The same for every interval."""
    return np.random.default_rng(SEED)


def auc(found: Ours, said: Floats) -> float:
    """Over all judged."""
    return metrics.auc(said[found.rows], found.yes)


def difference(found: Ours, said: Floats) -> tuple[float, tuple[float, float]]:
    """Of the AUC, ours less theirs, paired, and its interval."""
    own = found.test.model.value
    scores = (own[found.rows], said[found.rows])
    interval = metrics.auc_intervals(scores, found.yes, found.clusters, rng())["difference"]
    return auc(found, own) - auc(found, said), interval


def shown(paired: tuple[float, tuple[float, float]]) -> str:
    """With signs."""
    return f"{paired[0]:+.4f} ({paired[1][0]:+.3f} to {paired[1][1]:+.3f})"
