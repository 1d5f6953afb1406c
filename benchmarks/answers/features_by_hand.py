"""The columns the engine makes of `benchmarks.answers.events`, written by hand in plain Polars for exactly that log.

As somebody would who knows the tables and has no other to serve: one join of the events to the cutoffs of their subject
and one group-by with all windows as conditional sums; running sums and as-of joins for what belongs to regions or to
everybody. Nothing is corrected or taken back in it, so there is nothing to keep apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import polars as pl

from benchmarks.answers.events import TYPES, Log

WINDOWS = (30, 90, 365)
HORIZON, GRACE = timedelta(days=30), timedelta(0)
HOURS = 3_600_000

_CUT = pl.col("cutoff")


def table(log: Log, asked: pl.DataFrame) -> pl.DataFrame:
    """A row per example of `asked` (row, key, cutoff, deadline, exists_from), with the engine's column names."""
    asked = asked.sort("row").join(log.customers, on="key", maintain_order="left")
    parts = [_own(log.events, asked, kind) for kind in TYPES]
    parts += [_region(log, asked, kind) for kind in TYPES]
    answered = _answered(log.events, asked)
    for group in ((), ("region",), ("key",)):
        parts.append(_answers(asked, answered, group))
    return pl.concat([_itself(asked), *parts], how="horizontal")


def _itself(asked: pl.DataFrame) -> pl.DataFrame:
    ahead = pl.col("deadline")
    return asked.select(
        pl.col("size").alias("attribute.size"),
        pl.format("region/{}", "region").alias("link.region"),
        (_CUT - pl.col("exists_from")).dt.total_hours().alias("own.age"),
        _CUT.dt.month().alias("calendar.month"),
        _CUT.dt.weekday().alias("calendar.weekday"),
        ahead.dt.weekday().alias("calendar.deadline_weekday"),
        ahead.dt.day().alias("calendar.deadline_day"),
        (_CUT.dt.timestamp("ms") // (24 * HOURS)).alias("calendar.time"),
        (ahead - _CUT).dt.total_hours().alias("calendar.ahead"),
    )


def _own(events: pl.DataFrame, asked: pl.DataFrame, kind: str) -> pl.DataFrame:
    """Counts, recency, gaps, sums and the commonest channel of one kind of event."""
    amounts, channels = kind == "order.placed", kind != "page.seen"
    hours = pl.col("time").dt.timestamp("ms") // HOURS
    some = events.filter(pl.col("type") == kind).sort("key", "time").select(
        "key", "time", *(["amount"] if amounts else []), hours=hours, gap=(hours - hours.shift(1)).over("key")
    )  # fmt: skip
    pairs = some.lazy().join(asked.lazy().select("row", "key", "cutoff"), on="key").filter(pl.col("time") <= _CUT)
    within = {w: pl.col("time") > _CUT - timedelta(days=w) for w in WINDOWS}
    made = [
        pl.len().alias("count"),
        *(within[w].sum().alias(f"count_{w}") for w in WINDOWS),
        pl.col("hours").max().alias("last"), pl.col("hours").min().alias("first"),
        pl.col("gap").max().alias("gap_longest"), pl.col("gap").std(ddof=0).alias("gap_spread"),
        (pl.col("time") > _CUT - timedelta(days=90)).sum().alias("lately"), _CUT.first(),
    ]  # fmt: skip
    if amounts:
        amount = pl.col("amount")
        made += [amount.sum().alias("sum"), amount.mean().alias("mean"), amount.max().alias("max")]
        made += [amount.min().alias("min"), amount.filter(within[365]).mean().alias("mean_365")]
        made += [amount.filter(within[w]).sum().alias(f"sum_{w}") for w in WINDOWS]
    found = pairs.group_by("row").agg(made).collect()
    now = _CUT.dt.timestamp("ms") // HOURS
    span = pl.when(pl.col("count") > 1).then((pl.col("last") - pl.col("first")) / (pl.col("count") - 1))
    measures = {
        "count": pl.col("count"), "since_last": now - pl.col("last"),
        **{f"count_{w}": pl.col(f"count_{w}") for w in WINDOWS},
        "since_first": now - pl.col("first"), "gap_mean": span, "gap_longest": pl.col("gap_longest"),
        "gap_spread": pl.when(pl.col("count") > 2).then("gap_spread"),
        "lateness": pl.when(span > 0).then((now - pl.col("last")) / span),
        "trend": pl.when(pl.col("count_365") > 0).then(pl.col("count_90") / pl.col("count_365")),
    }  # fmt: skip
    columns = [value.alias(f"own.{kind}.{name}") for name, value in measures.items()]
    if amounts:
        columns += [
            pl.col(name).alias(f"own.{kind}.amount.{name}")
            for name in ("sum", "mean", *(f"sum_{w}" for w in WINDOWS), "max", "min", "mean_365")
        ]
    told = asked.select("row").join(found.select("row", *columns), on="row", how="left", maintain_order="left")
    counts = [f"own.{kind}.count", *(f"own.{kind}.count_{w}" for w in WINDOWS)]
    told = told.with_columns(pl.col(counts).fill_null(0))
    if channels:
        told = told.with_columns(_commonest(events, asked, kind).alias(f"own.{kind}.channel.commonest"))
    return told.drop("row")


def _commonest(events: pl.DataFrame, asked: pl.DataFrame, kind: str) -> pl.Series:
    said = events.filter(pl.col("type") == kind).select("key", "time", "channel")
    pairs = said.lazy().join(asked.lazy().select("row", "key", "cutoff"), on="key").filter(pl.col("time") <= _CUT)
    often = pairs.group_by("row", "channel").agg(n=pl.len())
    top = often.group_by("row").agg(pl.col("channel").sort_by("n", descending=True).first()).collect()
    return asked.select("row").join(top, on="row", how="left", maintain_order="left")["channel"]


def _as_of(asked: pl.DataFrame, steps: pl.DataFrame, by: Sequence[str], ago: int = 0) -> pl.DataFrame:
    """`steps` (by, at, sums so far) as they stood so many days before each cutoff."""
    moments = asked.select("row", *by, at=_CUT - timedelta(days=ago)).sort("at")
    found = moments.join_asof(steps, on="at", by=list(by) or None, check_sortedness=False)
    return found.sort("row").drop("row", "at", *by)


def _region(log: Log, asked: pl.DataFrame, kind: str) -> pl.DataFrame:
    """Of one kind of event, all that happened to customers of the same region."""
    amounts = kind == "order.placed"
    some = log.events.filter(pl.col("type") == kind).join(log.customers.select("key", "region"), on="key")
    steps = some.sort("time").select(
        "region", at="time",
        n=pl.int_range(1, pl.len() + 1).over("region"),
        last=pl.col("time").dt.timestamp("ms") // HOURS,
        total=(pl.col("amount") if amounts else pl.lit(0.0)).cum_sum().over("region"),
    )  # fmt: skip
    now = _as_of(asked, steps, ("region",))
    before = {w: _as_of(asked, steps, ("region",), w) for w in (30, 365)}
    n = now["n"].fill_null(0)
    prefix = f"far.region.{kind}"
    columns = {
        f"{prefix}.count": n,
        f"{prefix}.since_last": asked["cutoff"].dt.timestamp("ms") // HOURS - now["last"],
        **{f"{prefix}.count_{w}": n - before[w]["n"].fill_null(0) for w in before},
    }
    nothing = pl.repeat(None, asked.height, dtype=pl.Float64, eager=True)
    columns[f"{prefix}.amount.mean"] = now["total"] / n if amounts else nothing
    year = now["total"].fill_null(0) - before[365]["total"].fill_null(0)
    columns[f"{prefix}.amount.sum_365"] = year if amounts else pl.repeat(0.0, asked.height, eager=True)
    return pl.DataFrame(columns)


def _answered(events: pl.DataFrame, asked: pl.DataFrame) -> pl.DataFrame:
    """With `came` (the first order after the cutoff, by the deadline), `yes` and when the answer is mature."""
    orders = events.filter(pl.col("type") == "order.placed").select("key", came="time").sort("came")
    moments = asked.sort("cutoff").with_columns(at=_CUT + timedelta(microseconds=1))
    found = moments.join_asof(
        orders, left_on="at", right_on="came", by="key", strategy="forward", check_sortedness=False, coalesce=False
    )
    came = pl.when(pl.col("came") <= pl.col("deadline")).then("came")
    return found.with_columns(came=came, matures_at=pl.col("deadline") + GRACE).with_columns(
        yes=pl.col("came").is_null().cast(pl.Int64)
    )


def _stepped(found: pl.DataFrame, by: Sequence[str], at: str, **sums: pl.Expr) -> pl.DataFrame:
    steps = found.drop_nulls(at).sort(at).select(*by, pl.col(at).alias("at"), **sums)
    return steps.with_columns(pl.col(name).cum_sum().over(by) if by else pl.col(name).cum_sum() for name in sums)


def _answers(asked: pl.DataFrame, answered: pl.DataFrame, by: Sequence[str]) -> pl.DataFrame:
    """What became of earlier examples of the same region, of the same customer, or of all."""
    one, yes = pl.lit(1, pl.Int64), pl.col("yes")
    # Closed: the answer came, or the deadline passed.
    closes = answered.with_columns(closes=pl.min_horizontal("came", "deadline"))
    begun = _stepped(answered, by, "cutoff", asked=one)
    closed = _as_of(asked, _stepped(closes, by, "closes", n=one), by)["n"].fill_null(0)
    due, silent = _stepped(answered, by, "deadline", due=one), _stepped(answered, by, "deadline", silent=yes)
    mature = _stepped(answered, by, "matures_at", n=one, yes=yes)
    lasts = answered.sort("matures_at", "row").select(
        *by, at="matures_at",
        **{f"last_{k}": yes.rolling_sum(k, min_samples=1).over(by) if by else yes.rolling_sum(k, min_samples=1)
           for k in (5, 20)},
    )  # fmt: skip
    hours = pl.col("matures_at").dt.timestamp("ms") // HOURS
    was = answered.filter(yes == 1).sort("matures_at").select(*by, at="matures_at", hours=hours)
    now, lately = _as_of(asked, mature, by), _as_of(asked, lasts, by)
    before = {w: _as_of(asked, mature, by, w) for w in (90, 365)}
    begun_now, begun_then = (_as_of(asked, begun, by, ago)["asked"].fill_null(0) for ago in (0, 30))
    n, good = now["n"].fill_null(0), now["yes"].fill_null(0)
    many = {w: n - before[w]["n"].fill_null(0) for w in before}
    right = {w: good - before[w]["yes"].fill_null(0) for w in before}
    was_due = [_as_of(asked, due, by, ago)["due"].fill_null(0) for ago in (0, 90)]
    was_silent = [_as_of(asked, silent, by, ago)["silent"].fill_null(0) for ago in (0, 90)]
    base, weight = (_base(asked, answered), 5) if by else (0.5, 1)
    columns = {
        "n": n, "share_365": (right[365] + base * weight) / (many[365] + weight),
        "yes_last_5": lately["last_5"].fill_null(0),
        "asked": begun_now - 1, "asked_lately": begun_now - begun_then - 1, "open": begun_now - closed - 1,
        "overdue": was_silent[0], "overdue_share": (was_silent[0] - was_silent[1]) / (was_due[0] - was_due[1]),
        "yes": good, "share": (good + base * weight) / (n + weight), "n_90": many[90],
        "share_90": (right[90] + base * weight) / (many[90] + weight), "n_365": many[365],
        "yes_last_20": lately["last_20"].fill_null(0),
        "since_yes": asked["cutoff"].dt.timestamp("ms") // HOURS - _as_of(asked, was, by)["hours"],
        "delay": pl.repeat(None, asked.height, dtype=pl.Float64, eager=True),
    }  # fmt: skip
    prefix = {(): "drift", ("region",): "link.region", ("key",): "link.itself"}[tuple(by)]
    if by == ("region",):
        columns["siblings"] = asked.select(pl.len().over("region", "deadline", "cutoff") - 1).to_series()
    return pl.DataFrame({f"{prefix}.{name}": value for name, value in columns.items()})


def _base(asked: pl.DataFrame, answered: pl.DataFrame) -> pl.Series:
    steps = _stepped(answered, (), "matures_at", n=pl.lit(1, pl.Int64), yes=pl.col("yes"))
    now, before = _as_of(asked, steps, ()), _as_of(asked, steps, (), 365)
    n = now["n"].fill_null(0) - before["n"].fill_null(0)
    return (now["yes"].fill_null(0) - before["yes"].fill_null(0) + 0.5) / (n + 1)
