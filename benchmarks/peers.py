"""One peer on the folds it was given: `.venv-bench/bin/python benchmarks/peers.py FOLDER PEER`.

Runs in an environment of its own (requirements/bench.lock) and knows nothing of Sightline. FOLDER holds what everybody
gets alike, see `benchmarks.answers.race`: `table.parquet` (a row per example; texts are categories), `folds.npz` (per
fold the rows to learn from, their answers, and the rows to be asked) and `task.json`. Writes `PEER.npz`: what was said
of each example (nan: not asked) and seconds. Defaults throughout, seeded; categories natively where the peer has them.
"""

from __future__ import annotations

import json
import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

Said = Any
Fit = Callable[[dict[str, Any], pd.DataFrame, Any, pd.DataFrame], Said]


def _said(model: Any, asked: Any, task: dict[str, Any]) -> Said:
    return model.predict(asked) if task["quantity"] else model.predict_proba(asked)[:, 1]


def lightgbm(task: dict[str, Any], table: pd.DataFrame, answers: Any, asked: pd.DataFrame) -> Said:
    """Default gradient boosting; texts as its own categories."""
    import lightgbm as lgb

    made = lgb.LGBMRegressor if task["quantity"] else lgb.LGBMClassifier
    model = made(random_state=task["seed"], n_jobs=task["threads"], verbose=-1)
    return _said(model.fit(table, answers), asked, task)


def catboost(task: dict[str, Any], table: pd.DataFrame, answers: Any, asked: pd.DataFrame) -> Said:
    """Default CatBoost; texts as its own categories, missing ones a word of their own."""
    import catboost as cb

    texts = [name for name in table if isinstance(table[name].dtype, pd.CategoricalDtype)]

    def worded(frame: pd.DataFrame) -> pd.DataFrame:
        return frame.assign(**{name: frame[name].astype(object).fillna("(none)").astype(str) for name in texts})

    made = cb.CatBoostRegressor if task["quantity"] else cb.CatBoostClassifier
    model = made(
        random_seed=task["seed"], thread_count=task["threads"], cat_features=texts, verbose=False,
        allow_writing_files=False,
    )  # fmt: skip
    return _said(model.fit(worded(table), answers), worded(asked), task)


def logistic(task: dict[str, Any], table: pd.DataFrame, answers: Any, asked: pd.DataFrame) -> Said:
    """Logistic (of a quantity: ridge) regression on one column per category and standardised numbers."""
    from sklearn.compose import ColumnTransformer
    from sklearn.impute import SimpleImputer
    from sklearn.linear_model import LogisticRegression, Ridge
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import OneHotEncoder, StandardScaler

    texts = [name for name in table if isinstance(table[name].dtype, pd.CategoricalDtype)]
    numbers = [name for name in table if name not in texts and table[name].notna().any()]
    seen = make_pipeline(
        ColumnTransformer(
            [
                ("texts", OneHotEncoder(handle_unknown="ignore", min_frequency=5), texts),
                ("numbers", make_pipeline(SimpleImputer(strategy="median"), StandardScaler()), numbers),
            ]
        ),
        Ridge() if task["quantity"] else LogisticRegression(max_iter=2000),
    )
    worded = {name: "object" for name in texts}
    known, unknown = table.astype(worded).fillna(dict.fromkeys(texts, "(none)")), asked.astype(worded)
    return _said(seen.fit(known, answers), unknown.fillna(dict.fromkeys(texts, "(none)")), task)


def explainable(task: dict[str, Any], table: pd.DataFrame, answers: Any, asked: pd.DataFrame, **settings: Any) -> Said:
    """Default explainable boosting machine; numbers that are missing everywhere are no features to it."""
    from interpret.glassbox import ExplainableBoostingClassifier, ExplainableBoostingRegressor

    there = [name for name in table if table[name].notna().any()]
    kinds = ["nominal" if isinstance(table[name].dtype, pd.CategoricalDtype) else "continuous" for name in there]

    def plain(frame: pd.DataFrame) -> pd.DataFrame:
        texts = [name for name, kind in zip(there, kinds, strict=True) if kind == "nominal"]
        return frame[there].astype(dict.fromkeys(texts, "object"))

    made = ExplainableBoostingRegressor if task["quantity"] else ExplainableBoostingClassifier
    model = made(feature_types=kinds, random_state=task["seed"], n_jobs=task["threads"], **settings)
    return _said(model.fit(plain(table), answers), plain(asked), task)


def light(task: dict[str, Any], table: pd.DataFrame, answers: Any, asked: pd.DataFrame) -> Said:
    """Explainable boosting with the settings Sightline's own rung has, where its defaults take hours."""
    return explainable(
        task, table, answers, asked, outer_bags=4, interactions=6, learning_rate=0.06, max_rounds=4000
    )  # fmt: skip


def flaml(task: dict[str, Any], table: pd.DataFrame, answers: Any, asked: pd.DataFrame) -> Said:
    """FLAML's own search, for as many seconds a fold as Sightline took."""
    from flaml import AutoML

    model = AutoML()
    kind, aim = ("regression", "mae") if task["quantity"] else ("classification", "roc_auc")
    model.fit(
        table, answers, task=kind, metric=aim, time_budget=task["seconds"], seed=task["seed"], n_jobs=task["threads"],
        verbose=0,
    )  # fmt: skip
    return _said(model, asked, task)


PEERS: dict[str, Fit] = {
    "LightGBM": lightgbm,
    "CatBoost": catboost,
    "logistic": logistic,
    "explainable boosting": explainable,
    "light explainable boosting": light,
    "FLAML": flaml,
}


def table_of(folder: Path) -> pd.DataFrame:
    """Texts as categories, everything else as numbers."""
    table = pd.read_parquet(folder / "table.parquet")
    texts = [name for name in table if not pd.api.types.is_numeric_dtype(table[name].dtype)]
    return table.astype(dict.fromkeys(texts, "category"))


def main() -> int:
    """Fit and ask, fold by fold."""
    warnings.filterwarnings("ignore")
    folder, peer = Path(sys.argv[1]), sys.argv[2]
    task = json.loads((folder / "task.json").read_text())
    table, folds = table_of(folder), np.load(folder / "folds.npz")
    said = np.full(len(table), np.nan)
    began, spent = time.perf_counter(), time.process_time()
    for fold in range(task["folds"]):
        train, asked = folds[f"train_{fold}"], folds[f"asked_{fold}"]
        answers = folds[f"answers_{fold}"]
        said[asked] = PEERS[peer](task, table.iloc[train], answers, table.iloc[asked])
        print(f"    {peer}, fold {fold + 1} of {task['folds']}: {time.perf_counter() - began:.0f} s", flush=True)
    seconds = (time.perf_counter() - began, time.process_time() - spent)
    np.savez(folder / f"{peer}.npz", said=said, seconds=np.array(seconds))
    return 0


if __name__ == "__main__":
    sys.exit(main())
