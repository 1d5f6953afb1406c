"""CDNOW, all customers: orders in the 39 weeks after the first 39: `python -m benchmarks.answers customers`.

Asked at one moment, of whom no answer was ever known: nothing is old enough. As wherever these purchases are forecast,
what one customer buys on one day is one order.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import polars as pl
from scipy.optimize import minimize
from scipy.special import gammaln, hyp2f1

from benchmarks.answers import real
from benchmarks.answers.race import rng
from benchmarks.answers.rows import Row, hand_over
from sightline.kernel.predict import engine, metrics
from sightline.kernel.predict._matrix import Floats
from sightline.kernel.predict.facts import Facts
from sightline.kernel.predict.prepare import Prepared
from sightline.language.question import count, days, every, happened
from sightline.packs.customers.predict import ORDERS

NOW = datetime(1997, 9, 30, tzinfo=UTC)
"""The last day that is known: orders are dated by the day, at its beginning."""

AHEAD = days(273)
QUESTION = replace(
    ORDERS,
    name="customers.orders_39_weeks",
    asks="How many orders will this customer place in the next 39 weeks?",
    when=every(days(91), active=happened("order.placed", within=days(365))),
    answer=count("order.placed", within=AHEAD),
)
PUBLISHED = (0.243, 4.414, 0.793, 2.426)
"""r, alpha, a, b of BG/NBD as published for a tenth of these customers (Fader, Hardie and Lee 2005), in weeks."""

WEEK = 7 * 86_400
DATA = "CDNOW (real, academic), 69,659 purchases of 23,570 customers, those of one day as one order"
NAME = "customers: orders in 39 weeks"
TOTAL, MEDIAN_ERROR, EVERYBODY = 0.06, 0.80, 23_570


def fitted(x: Floats, last: Floats, age: Floats) -> tuple[float, ...]:
    """r, alpha, a, b of greatest likelihood (equation 6) for these customers."""

    def loss(logarithms: Floats) -> float:
        r, alpha, a, b = np.exp(logarithms)
        same = gammaln(r + x) - gammaln(r) + r * np.log(alpha)
        same += gammaln(a + b) + gammaln(b + x) - gammaln(b) - gammaln(a + b + x)
        goes = np.log(a) - np.log(b + np.maximum(x, 1) - 1) - (r + x) * np.log(alpha + last)
        each = same + np.logaddexp(-(r + x) * np.log(alpha + age), np.where(x > 0, goes, -np.inf))
        return -float(each.mean())

    found = minimize(loss, np.log(PUBLISHED), method="Nelder-Mead", options={"maxiter": 3000, "fatol": 1e-9})
    return tuple(np.exp(found.x).tolist())


def bg_nbd(of: Sequence[float], x: Floats, last: Floats, age: Floats, ahead: float) -> Floats:
    """Expected repeat purchases in the `ahead` weeks to come (equation 10): from how many there were (`x`), when the
    last was, and for how long the customer is known.
    """
    r, alpha, a, b = of
    z = ahead / (alpha + age + ahead)
    gone = ((alpha + age) / (alpha + age + ahead)) ** (r + x) * hyp2f1(r + x, b + x, a + b + x - 1, z)
    first = (a + b + x - 1) / (a - 1) * (1 - gone)
    alive = 1 + np.where(x > 0, a / (b + np.maximum(x, 1) - 1) * ((alpha + age) / (alpha + last)) ** (r + x), 0.0)
    found: Floats = first / alive
    return found


def daily(path: Path, folder: Path) -> Path:
    """The same file with one row per customer and day."""
    lines = [line.split() for line in path.read_text(encoding="utf-8").splitlines()[1:]]
    frame = pl.DataFrame(lines, schema=["customer_id", "date", "number_of_cds", "dollar_value"], orient="row")
    sums = frame.group_by("customer_id", "date", maintain_order=True).agg(
        pl.col("number_of_cds").cast(pl.Int64).sum(), pl.col("dollar_value").cast(pl.Float64).sum().round(2)
    )
    found = folder / path.name
    sums.write_csv(found, separator=" ")
    return found


def histories(facts: Facts) -> pl.DataFrame:
    """key, x, last, age, truth, rate: repeat purchases by the day and weeks, and the orders of the hold-out."""
    placed = facts.happenings.filter(pl.col("type") == "order.placed").select("key", "time")
    known = placed.filter(pl.col("time") <= NOW)
    first, seconds = pl.col("time").min(), pl.duration(seconds=WEEK)
    found = known.group_by("key").agg(
        x=pl.col("time").n_unique() - 1.0,
        last=(pl.col("time").max() - first) / seconds,
        age=(pl.lit(NOW) - first) / seconds,
        orders=pl.len(),
    )
    later = placed.filter(pl.col("time") > NOW, pl.col("time") <= NOW + AHEAD).group_by("key").agg(truth=pl.len())
    weeks = AHEAD.total_seconds() / WEEK
    rate = (pl.col("orders") - 1.0) / pl.col("age").clip(1) * weeks
    return found.join(later, on="key", how="left").with_columns(pl.col("truth").fill_null(0), rate=rate).sort("key")


def rows() -> list[Row]:
    """Beside BG/NBD, nothing at all, and everybody going on as so far."""
    with tempfile.TemporaryDirectory(prefix="cdnow-") as folder:
        facts = real.facts("customers", "cdnow", rewrite=lambda path: daily(path, Path(folder)))
    began, spent = time.perf_counter(), time.process_time()
    prepared = Prepared.of(QUESTION, facts, NOW, also_now=True)
    trained = engine.train(prepared)
    asked = prepared.asked.eligible.with_row_index("at").filter(pl.col("cutoff") == NOW)
    told = trained.tell(prepared.matrix.rows(asked["at"].to_numpy().astype(np.int64)))
    seconds = f"ours {time.perf_counter() - began:.0f} ({time.process_time() - spent:.0f})"
    frame = asked.select("key", mean=told.value, median=told.median, low=told.low, high=told.high)
    frame = frame.join(histories(facts), on="key").sort("key")
    return [_row(frame, trained.model.name, seconds)]


def _row(frame: pl.DataFrame, rung: str, seconds: str) -> Row:
    truth, mean, median, low, high = (
        frame[name].to_numpy().astype(np.float64) for name in ("truth", "mean", "median", "low", "high")
    )
    x, last, age, rate = (frame[name].to_numpy().astype(np.float64) for name in ("x", "last", "age", "rate"))
    peers = {
        "BG/NBD as published": bg_nbd(PUBLISHED, x, last, age, AHEAD.total_seconds() / WEEK),
        "BG/NBD fitted": bg_nbd(fitted(x, last, age), x, last, age, AHEAD.total_seconds() / WEEK),
        "zero": np.zeros(len(truth)),
        "last rate": rate,
    }
    best = min((name for name in peers if name.startswith("BG/NBD")), key=lambda name: _root(peers[name], truth))
    squared = (mean - truth) ** 2 - (peers[best] - truth) ** 2
    between = metrics.mean_interval(squared, np.arange(len(truth)), rng())
    off, error = float(mean.sum() / truth.sum() - 1), float(np.abs(median - truth).mean())
    root, other = _root(mean, truth), _root(peers[best], truth)
    active = (truth > 0).astype(np.float64)
    held = float(((truth >= low) & (truth <= high)).mean())
    return Row(
        name=NAME, data=DATA, split=f"known by {NOW:%Y-%m-%d}, {len(truth):,} asked, hold-out 39 weeks",
        peers=", ".join(
            f"{name} total {said.sum() / truth.sum() - 1:+.1%} RMSE {_root(said, truth):.3f}"
            f" MAE {np.abs(said - truth).mean():.3f} AUC {metrics.auc(said, active):.3f}"
            for name, said in peers.items()
        ),
        seconds=seconds,
        ours=f"total {off:+.1%} of {truth.sum():,.0f}, RMSE {root:.3f}, MAE of the median {error:.3f}"
             f" (of the mean {np.abs(mean - truth).mean():.3f}), AUC of active {metrics.auc(mean, active):.3f},"
             f" intervals hold {held:.3f}; {rung}",
        best=f"{best} RMSE {other:.3f}",
        difference=f"squared error {squared.mean():+.3f} ({between[0]:+.3f} to {between[1]:+.3f})",
        limit=f"all {EVERYBODY:,} asked; total within {TOTAL:.0%}; RMSE below BG/NBD's; MAE of the median below"
              f" {MEDIAN_ERROR:.2f}",
        held=len(truth) == EVERYBODY and abs(off) <= TOTAL and root < other and error < MEDIAN_ERROR,
    )  # fmt: skip


def _root(said: Floats, truth: Floats) -> float:
    return float(np.sqrt(((said - truth) ** 2).mean()))


if __name__ == "__main__":
    sys.exit(hand_over(rows, NAME, DATA))
