"""Histories as a good analyst writes them by hand, in Polars, for one data set at a time, honest about when what was
known: running sums per group, read as of each cutoff by as-of joins. What the engine finds by itself is held to these.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path

import polars as pl

from sightline.kernel.predict.facts import INSTANT

DAY = timedelta(days=1)
GRACE = timedelta(days=21)
"""How late a delivery may be recorded."""

PULL = 5
"""A group's rate counts as if so many more had turned out like everybody's."""


def running(
    asked: pl.DataFrame, past: pl.DataFrame, by: Sequence[str], at: str, sums: Mapping[str, pl.Expr], ago: int = 0
) -> pl.DataFrame:
    """What `sums` had come to per group of `by`, of what came by `at`, so many days before each cutoff; 0 without."""
    keys = list(by) or ["all"]
    made = past.with_columns(all=pl.lit(1)).drop_nulls([*keys, at]).sort(at)
    made = made.with_columns(**sums).with_columns(pl.col(name).cum_sum().over(keys) for name in sums)
    made = made.select(*keys, pl.col(at).alias("moment"), *sums)
    moments = asked.with_columns(all=pl.lit(1), moment=pl.col("cutoff") - timedelta(days=ago)).sort("moment")
    found = moments.join_asof(made, on="moment", by=keys, check_sortedness=False).sort("row")
    return found.select(pl.col(name).fill_null(0) for name in sums)


def rates(asked: pl.DataFrame, past: pl.DataFrame, by: Sequence[str], at: str, what: str) -> pl.DataFrame:
    """Count and rate of `what` among those that came by `at`, of all time and of the last 90 and 365 days."""
    sums = {"n": pl.lit(1), "yes": pl.col(what).cast(pl.Float64)}
    whole = running(asked, past, by, at, sums)
    everybody = running(asked, past, (), at, sums)
    usual = everybody["yes"] / everybody["n"].clip(1)
    columns = {"n": whole["n"], "yes": whole["yes"]}
    for ago in (0, 90, 365):
        before = running(asked, past, by, at, sums, ago) if ago else None
        n = whole["n"] - before["n"] if before is not None else whole["n"]
        yes = whole["yes"] - before["yes"] if before is not None else whole["yes"]
        columns |= {f"n_{ago}": n, f"rate_{ago}": (yes + PULL * usual) / (n + PULL)}
    return named(pl.DataFrame(columns), by, what)


def means(asked: pl.DataFrame, past: pl.DataFrame, by: Sequence[str], at: str, what: str) -> pl.DataFrame:
    """The mean of `what`, of its last five and its last, of those that came by `at`."""
    sums = {"n": pl.lit(1), "sum": pl.col(what).cast(pl.Float64)}
    found = running(asked, past, by, at, sums)
    made = past.drop_nulls([*by, at]).sort(at)
    late = made.select(
        *by,
        moment=pl.col(at),
        last=pl.col(what).cast(pl.Float64),
        last_5=pl.col(what).cast(pl.Float64).rolling_mean(5, min_samples=1).over(by),
    )
    moments = asked.with_columns(moment="cutoff").sort("moment")
    lately = moments.join_asof(late, on="moment", by=list(by), check_sortedness=False).sort("row")
    mean = pl.when(pl.col("n") > 0).then(pl.col("sum") / pl.col("n"))
    return named(pl.concat([found.select(mean=mean), lately.select("last", "last_5")], how="horizontal"), by, what)


def overdue(asked: pl.DataFrame, past: pl.DataFrame, by: Sequence[str], due: str, known: str) -> pl.DataFrame:
    """How many were due by the cutoff and not known to be done."""
    one = {"n": pl.lit(1)}
    done = past.with_columns(done=pl.max_horizontal(due, known))
    open_ = running(asked, past, by, due, one)["n"] - running(asked, done, by, "done", one)["n"]
    return named(pl.DataFrame({"overdue": open_}), by, "")


def named(found: pl.DataFrame, by: Sequence[str], what: str) -> pl.DataFrame:
    """Columns told apart by what they are of."""
    return found.rename({name: ".".join(("hand", *by, what, name)) for name in found.columns})


def instant(days: pl.Expr, *, end: bool = False) -> pl.Expr:
    """A day's beginning, or its end."""
    return days.cast(INSTANT) + (DAY if end else timedelta(0))


def deliveries(path: Path, eligible: pl.DataFrame) -> pl.DataFrame:
    """Mature late rates, delays and overdue counts of vendor, country, product, site, mode, order, and of pairs."""
    read = pl.read_csv(path, infer_schema=False)
    missing = pl.col("PO Sent to Vendor Date").str.to_date("%Y-%m-%d", strict=False)
    past = read.select(
        key="ID", vendor="Vendor", country="Country", product="Item Description", site="Manufacturing Site",
        mode="Shipment Mode", project="Project Code", order="PO / SO #",
        due=instant(pl.col("Scheduled Delivery Date").str.to_date(), end=True),
        came=instant(pl.col("Delivered to Client Date").str.to_date()),
        recorded=instant(pl.col("Delivery Recorded Date").str.to_date()),
        ordered=instant(missing),
    )  # fmt: skip
    past = past.with_columns(known=pl.max_horizontal("came", "recorded"), mature=pl.col("due") + GRACE)
    in_time = (pl.col("came") < pl.col("due")) & (pl.col("known") <= pl.col("mature"))
    delay = (pl.col("came") - pl.col("due")).dt.total_days().clip(-60, 60)
    past = past.with_columns(late=~in_time, delay=delay, settled=pl.max_horizontal("known", "mature"))
    groups = ["vendor", "country", "product", "site", "mode", "project", "order"]
    asked = eligible.select("row", "key", "cutoff").join(past.select("key", *groups), on="key", maintain_order="left")
    parts = [rates(asked, past, (), "mature", "late"), overdue(asked, past, (), "due", "known")]
    for by in (*((one,) for one in groups), ("vendor", "country"), ("vendor", "product"), ("country", "mode")):
        parts += [rates(asked, past, by, "mature", "late"), overdue(asked, past, by, "due", "known")]
        parts.append(means(asked, past, by, "settled", "delay"))
    return pl.concat(parts, how="horizontal")


def invoices(path: Path, eligible: pl.DataFrame) -> pl.DataFrame:
    """What each customer had paid by then, how late and how fast, what it owes and what is overdue."""
    read = pl.read_csv(path, infer_schema=False)
    past = read.select(
        key="invoiceNumber", customer="customerID", country="countryCode",
        issued=instant(pl.col("InvoiceDate").str.to_date("%m/%d/%Y")),
        due=instant(pl.col("DueDate").str.to_date("%m/%d/%Y"), end=True),
        settled=instant(pl.col("SettledDate").str.to_date("%m/%d/%Y")),
        amount=pl.col("InvoiceAmount").cast(pl.Float64),
    )  # fmt: skip
    past = past.with_columns(
        late=pl.col("settled") >= pl.col("due"),
        days=(pl.col("settled") - pl.col("issued")).dt.total_days(),
        beyond=(pl.col("settled") - pl.col("due")).dt.total_days().clip(0),
    )
    asked = eligible.select("row", "key", "cutoff")
    asked = asked.join(past.select("key", "customer", "country"), on="key", maintain_order="left")
    parts = [rates(asked, past, (), "settled", "late"), overdue(asked, past, (), "due", "settled")]
    for by in (("customer",), ("country",)):
        parts += [rates(asked, past, by, "settled", "late"), overdue(asked, past, by, "due", "settled")]
        parts += [means(asked, past, by, "settled", what) for what in ("days", "beyond", "amount")]
        sums = {"n": pl.lit(1), "amount": pl.col("amount")}
        owed, paid = running(asked, past, by, "issued", sums), running(asked, past, by, "settled", sums)
        parts.append(named(owed - paid, by, "open"))
    return pl.concat(parts, how="horizontal")
