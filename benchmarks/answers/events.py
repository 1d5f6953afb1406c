"""Made-up events of any number, as facts: three kinds of them, amounts and channels, customers of fifty regions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
import polars as pl

from sightline.kernel.predict.facts import INSTANT, Facts
from sightline.language.kind import Attribute, Kind, Link, Sort
from sightline.language.question import Question, absent, days, every, happened, total

BEGIN = datetime(2021, 1, 1, tzinfo=UTC)
SPAN = 3 * 365 * 86_400
TYPES, SHARES = ("order.placed", "page.seen", "ticket.opened"), (0.4, 0.4, 0.2)
CHANNELS = ("web", "shop", "phone", "agent")
REGIONS = 50

KINDS = {
    "customer": Kind(
        name="customer",
        attributes=(
            Attribute(name="size", sort=Sort.NUMBER),
            Attribute(name="amount", sort=Sort.NUMBER),
            Attribute(name="channel", sort=Sort.CATEGORY),
        ),
        links=(Link(name="region", to="region"),),
    ),
    "region": Kind(name="region"),
}
QUESTION = Question(
    name="own.stops", of="customer", asks="Will this customer place no order in the next 30 days?",
    when=every(days(180), active=happened("order.placed", within=days(180))),
    answer=absent("order.placed", within=days(30)),
    worth=total("order.placed", "amount", past=days(365)),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Log:
    """The same events twice: as facts, and as the flat tables somebody would write features from by hand."""

    facts: Facts
    events: pl.DataFrame
    """position, key, type, time, amount (orders), channel (orders and tickets)."""
    customers: pl.DataFrame
    """key, size, region."""


def log(events: int, customers: int, seed: int = 0) -> Log:
    """So many events of so many customers, spread evenly over three years."""
    rng = np.random.default_rng(seed)
    keys = pl.Series("key", np.arange(customers)).cast(pl.String)
    kinds = rng.choice(len(TYPES), events, p=SHARES)
    moments = (rng.integers(0, SPAN, events) + int(BEGIN.timestamp())) * 1_000_000
    flat = pl.DataFrame(
        {
            "position": np.arange(events) + 1 + customers,
            "key": keys[rng.integers(0, customers, events)],
            "type": pl.Series(TYPES)[kinds],
            "time": pl.Series(moments).cast(INSTANT),
            "amount": rng.gamma(2, 50, events).round(2),
            "channel": pl.Series(CHANNELS)[rng.integers(0, len(CHANNELS), events)],
        }
    ).with_columns(
        amount=pl.when(pl.col("type") == "order.placed").then("amount"),
        channel=pl.when(pl.col("type") != "page.seen").then("channel"),
    )
    who = pl.DataFrame(
        {
            "key": keys,
            "size": rng.integers(1, 9, customers).astype(float),
            "region": rng.integers(0, REGIONS, customers),
        }
    )
    return Log(facts=_facts(flat, who), events=flat, customers=who)


def _facts(flat: pl.DataFrame, who: pl.DataFrame) -> Facts:
    always = {"known_from": pl.lit(BEGIN, INSTANT), "known_until": pl.lit(None, INSTANT)}
    order = ["kind", "key", "type", "time", "known_from"]
    happenings = flat.select(
        "position", "key", "type", "time", kind=pl.lit("customer"), known_from="time", known_until=always["known_until"]
    ).select("position", *order, "known_until")
    amounts = flat.drop_nulls("amount").select(
        "position", name=pl.lit("amount"), number="amount", text=pl.lit(None, pl.String)
    )
    channels = flat.drop_nulls("channel").select(
        "position", name=pl.lit("channel"), number=pl.lit(None, pl.Float64), text="channel"
    )
    named = who.select(kind=pl.lit("customer"), key="key")
    return Facts(
        kinds=KINDS,
        happenings=happenings.sort(*order, "position"),
        said=pl.concat([amounts, channels]).sort("position", "name"),
        attributes=named.with_columns(name=pl.lit("size"), number=who["size"], text=pl.lit(None, pl.String), **always),
        links=named.with_columns(
            role=pl.lit("region"), to=pl.format("region/{}", who["region"].cast(pl.String)), **always
        ),
        born=named.with_columns(exists_from=pl.lit(BEGIN, INSTANT)).sort("kind", "key"),
        seen=happenings.select("position", known_at="known_from").sort("position"),
    )
