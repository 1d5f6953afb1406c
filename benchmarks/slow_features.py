"""Featuretools with cutoff times: `.venv-bench/bin/python benchmarks/slow_features.py FOLDER`.

Runs in the peers' environment. FOLDER holds `events.parquet`, `customers.parquet` and `asked.parquet` (key, cutoff).
Deep feature synthesis as it comes, of all time and of three windows before each cutoff; writes `slow.json`: columns and
seconds, of wall clock and of computing.
"""

from __future__ import annotations

import json
import sys
import time
import warnings
from pathlib import Path
from typing import Any

import pandas as pd

WINDOWS = (None, "30 days", "90 days", "365 days")
WHOLE = ["count", "sum", "mean", "max", "min", "std", "mode", "time_since_last", "avg_time_between", "trend"]
RECENT = ["count", "sum", "mean"]


def entities(folder: Path) -> Any:
    """Customers, and a table per kind of event."""
    import featuretools as ft

    found = ft.EntitySet("log")
    customers = pd.read_parquet(folder / "customers.parquet")
    found = found.add_dataframe(dataframe_name="customers", dataframe=customers, index="key")
    events = pd.read_parquet(folder / "events.parquet").assign(time=lambda frame: frame["time"].dt.tz_localize(None))
    for kind, some in events.groupby("type"):
        name = str(kind).replace(".", "_")
        plain = some.drop(columns="type").dropna(axis=1, how="all")
        found = found.add_dataframe(dataframe_name=name, dataframe=plain, index="position", time_index="time")
        found = found.add_relationship("customers", "key", name, "key")
    return found


def main() -> int:
    """Four passes: the whole past, then each window."""
    warnings.filterwarnings("ignore")
    import featuretools as ft

    folder = Path(sys.argv[1])
    log = entities(folder)
    asked = pd.read_parquet(folder / "asked.parquet")
    asked = pd.DataFrame({"key": asked["key"], "time": asked["cutoff"].dt.tz_localize(None)})
    began, spent, columns = time.perf_counter(), time.process_time(), 0
    for window in WINDOWS:
        made, _ = ft.dfs(
            entityset=log, target_dataframe_name="customers", cutoff_time=asked, training_window=window, max_depth=1,
            agg_primitives=RECENT if window else WHOLE, trans_primitives=[], verbose=False,
        )  # fmt: skip
        columns += made.shape[1]
    seconds = {"columns": columns, "wall": time.perf_counter() - began, "spent": time.process_time() - spent}
    (folder / "slow.json").write_text(json.dumps(seconds))
    return 0


if __name__ == "__main__":
    sys.exit(main())
