"""What happened to a thing by a moment: how often, how lately, how regularly, and what it added up to.

Every measure is a running sum, maximum or minimum over the union of what happened and what is asked: no as-of join on
any engine. What an event says counts from the moment it is known until it is corrected or taken back. A window is the
difference of two running sums: by how much more is known than at its beginning. So a late report counts when it comes
in, a correction as what it changes, and more taken back than reported is less than nothing. Whole numbers are added
up, so that a sum depends on no order.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import narwhals as nw
import polars as pl

from sightline.kernel.predict._pairs import pairs
from sightline.kernel.predict._queries import SCALE, Lazy, Part, hours_between, scaled
from sightline.kernel.predict._spec import Group, Spec
from sightline.kernel.predict._streams import Stream, members, occurrences, read_of, streams
from sightline.kernel.predict.facts import Facts
from sightline.language.time import DAWN

WINDOWS = (30, 90, 365)
"""Days, beside all time."""

MOST_NUMBERS, MOST_CATEGORIES = 4, 3
"""Members of an event that are read: those known first."""

NEVER_SEEN = -(1 << 62)
"""Before any moment, in hours or as a packed count."""

CODES = 1 << 30
"""How many categories a packed count has room for."""

NARROW = frozenset({"count", "count_30", "count_365", "since_last", "sum_365", "mean"})
"""What is kept of things that are linked: there are many, and each tells less."""


@dataclass(frozen=True, slots=True)
class _Read:
    """One stream, ready to be added up."""

    stream: Stream
    steps: Lazy
    """key, at, n, hours and what is added up: of what begins and what ends to be known."""
    numbers: tuple[str, ...]
    categories: tuple[tuple[str, tuple[str, ...]], ...]
    """Name and its values, by code."""
    ended: dict[str, pl.DataFrame]
    """By number, key, since, until, whole of what ended to be known: extremes read it apart. Hours under no name."""


def happenings(
    kind: str, queries: pl.DataFrame, facts: Facts, *, path: Sequence[str] = (), leave_out: Sequence[str] = ()
) -> Part:
    """Of every stream of `kind`: counts, recency, gaps, sums, extremes, the commonest category.

    `queries`: row, key, cutoff. `path`: the links that lead there from the example; then only the narrow measures.
    """
    frame, specs = queries.select("row"), []
    for one in streams(kind, facts):
        if one.event in leave_out:
            continue
        made, named = _of_stream(one, queries, facts, tuple(path))
        frame = frame.join(made, on="row", how="left", maintain_order="left")
        specs += named
    return frame, specs


def age(subjects: pl.DataFrame) -> Part:
    """For how long the subject is known; what nothing dates has no age."""
    lazy = nw.from_native(subjects.lazy())
    known = nw.when(nw.col("exists_from") > DAWN).then(hours_between(nw.col("cutoff"), nw.col("exists_from")))
    spec = Spec(name="own.age", group=Group.OWN, of=("age",), measure="age")
    return lazy.select("row", known.alias("own.age")).collect().to_native(), [spec]


def _of_stream(one: Stream, queries: pl.DataFrame, facts: Facts, path: tuple[str, ...]) -> Part:
    read = _read(one, queries, facts, narrow=bool(path))
    stood = _stood(read, queries, (30, 365) if path else WINDOWS)
    extremes = _ended_extremes(read, queries)
    lazy = nw.from_native(stood.join(extremes, on="row", how="left").lazy())
    measures = _measures(read, narrow=bool(path))
    prefix, group = (".".join(("far", *path)), Group.FAR) if path else ("own", Group.OWN)
    columns, specs = [], []
    for (measure, member), (value, category) in measures.items():
        name = ".".join((prefix, one.event, *((member,) if member else ()), measure))
        columns.append(value.alias(name))
        of = (*path, one.event, *((member,) if member else ()))
        specs.append(Spec(name=name, group=group, of=of, measure=measure, category=category))
    return lazy.select("row", *columns).collect().to_native(), specs


def _read(one: Stream, queries: pl.DataFrame, facts: Facts, *, narrow: bool) -> _Read:
    found = occurrences(one, facts).join(queries.select(pl.col("key").unique()), on="key", how="semi")
    numbers, categories = members(one, facts)
    numbers, categories = numbers[: 1 if narrow else MOST_NUMBERS], () if narrow else categories[:MOST_CATEGORIES]
    whole = _gaps(found)
    parts, words = [_counted(whole)], []
    ended = {"": _ended(whole.with_columns(whole="hours"))}
    for name in numbers:
        told = _whole(read_of(found, one, name, facts))
        parts.append(_amounts(told, name))
        ended[name] = _ended(told)
    for name in categories:
        step, known = _commonest(read_of(found, one, name, facts), name)
        parts.append(step)
        words.append((name, known))
    steps = nw.concat([nw.from_native(part.lazy()) for part in parts], how="diagonal")
    return _Read(one, steps, numbers, tuple(words), ended)


def _ended(found: pl.DataFrame) -> pl.DataFrame:
    return found.filter(pl.col("until").is_not_null()).select("key", "since", "until", "whole")


_HOURS = pl.col("time").dt.timestamp("ms") // 3_600_000


def _gaps(found: pl.DataFrame) -> pl.DataFrame:
    """With `gap`: hours between an occurrence and the one that became known before it; null for the first of a key.

    A gap is taken when an occurrence becomes known and stays as it was taken: what is reported out of order is not put
    in its place among the others, and a corrected occurrence is one more, as far from the old word as it moved. To
    know better would take all pairs of what happened and what is asked.
    """
    dated = pl.when(pl.col("time") > DAWN).then(_HOURS)
    ordered = found.sort("key", "since", "time", "position", "until", nulls_last=True).with_columns(hours=dated)
    return ordered.with_columns(gap=(pl.col("hours") - pl.col("hours").shift(1).over("key")).abs())


def _counted(whole: pl.DataFrame) -> pl.DataFrame:
    """Steps of how many are known, of the gaps between them, and the hour of those that stand for good."""
    stays = pl.col("until").is_null()
    begins = whole.select(
        "key", at="since", n=pl.lit(1, pl.Int64), gaps=pl.col("gap").is_not_null().cast(pl.Int64),
        gap=pl.col("gap").fill_null(0), square=pl.col("gap").fill_null(0).clip(0, 1_000_000) ** 2,
        last=pl.when(stays).then("hours"), first=pl.when(stays).then("hours"), longest=pl.col("gap"),
    )  # fmt: skip
    ends = whole.filter(~stays).select(
        "key", at="until", n=pl.lit(-1, pl.Int64), gaps=-pl.col("gap").is_not_null().cast(pl.Int64),
        gap=-pl.col("gap").fill_null(0), square=-(pl.col("gap").fill_null(0).clip(0, 1_000_000) ** 2),
    )  # fmt: skip
    return pl.concat([begins, ends], how="diagonal")


def _whole(told: pl.DataFrame) -> pl.DataFrame:
    lazy = nw.from_native(told.drop_nulls("number").lazy())
    whole: pl.DataFrame = lazy.with_columns(whole=scaled(nw.col("number"))).collect().to_native()
    return whole


def _amounts(told: pl.DataFrame, name: str) -> pl.DataFrame:
    """Steps of what one member adds up to, and its value where it stands for good."""
    stays = pl.when(pl.col("until").is_null()).then("whole")
    begins = told.select(
        "key", pl.col("whole").alias(f"sum:{name}"), stays.alias(f"max:{name}"), stays.alias(f"min:{name}"), at="since"
    ).with_columns(pl.lit(1, pl.Int64).alias(f"said:{name}"))
    ends = told.filter(pl.col("until").is_not_null()).select(
        "key", (-pl.col("whole")).alias(f"sum:{name}"), pl.lit(-1, pl.Int64).alias(f"said:{name}"), at="until"
    )
    return pl.concat([begins, ends], how="diagonal")


def _commonest(told: pl.DataFrame, name: str) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """Steps of how often the category had been said by then, packed with its code: the running maximum is the
    commonest so far, the first in order of text among equals, whoever else is asked about. What was taken back had
    been said, and what is corrected is said again: a running maximum forgets nothing.
    """
    said = told.drop_nulls("text").sort("since", "text", "key", "position")
    known = tuple(said["text"].unique().sort().to_list())
    codes = pl.DataFrame({"text": known, "code": range(len(known))}, schema={"text": pl.String, "code": pl.Int64})
    coded = said.join(codes, on="text", maintain_order="left")
    often = pl.col("code").cum_count().over("key", "code").cast(pl.Int64)
    return coded.select("key", (often * CODES + CODES - 1 - pl.col("code")).alias(f"top:{name}"), at="since"), known


def _stood(read: _Read, queries: pl.DataFrame, windows: Sequence[int]) -> pl.DataFrame:
    """row, cutoff and what everything had come to by the cutoff, and by the beginnings of the windows."""
    asked = nw.from_native(queries.lazy())
    asks = [
        asked.select("row", "key", "cutoff", at=nw.col("cutoff") - timedelta(days=w), window=nw.lit(w), order=nw.lit(1))
        for w in (0, *windows)
    ]
    sums = ["n", "gaps", "gap", "square", *(f"{what}:{n}" for n in read.numbers for what in ("sum", "said"))]
    highs = ["last", "longest", *(f"max:{n}" for n in read.numbers), *(f"top:{n}" for n, _ in read.categories)]
    lows = ["first", *(f"min:{n}" for n in read.numbers)]
    union = nw.concat([read.steps, *asks], how="diagonal").with_columns(
        nw.col("order").fill_null(0),
        *(nw.col(name).fill_null(0) for name in sums),
        *(nw.col(name).fill_null(NEVER_SEEN) for name in highs),
        *(nw.col(name).fill_null(-NEVER_SEEN) for name in lows),
    )
    run: dict[str, list[str]] = {"order_by": ["at", "order"]}
    running = union.with_columns(
        *(nw.col(name).cum_sum().over("key", **run) for name in sums),
        *(nw.col(name).cum_max().over("key", **run) for name in highs),
        *(nw.col(name).cum_min().over("key", **run) for name in lows),
    )
    told: pl.DataFrame = running.filter(nw.col("order") == 1).collect().to_native()
    found = told.filter(pl.col("window") == 0).select("row", "cutoff", *sums, *highs, *lows)
    windowed = ["n", *(f"{what}:{n}" for n in read.numbers for what in ("sum", "said"))]
    for window in windows:
        begun = told.filter(pl.col("window") == window).select(
            "row", *(pl.col(name).alias(f"{name}@{window}") for name in windowed)
        )
        found = found.join(begun, on="row")
    return found


def _ended_extremes(read: _Read, queries: pl.DataFrame) -> pl.DataFrame:
    """row, `max_too:` and `min_too:` of each number: of what was corrected or taken back later, but stood then."""
    spans = queries.select("row", "key", low=pl.lit(None, queries.schema["cutoff"]), high="cutoff")
    found = queries.select("row")
    for name, ended in read.ended.items():
        # By when it was known: the moment `pairs` looks at.
        begun = pairs(spans, ended.rename({"since": "time"})).join(queries.select("row", "cutoff"), on="row")
        stood = begun.filter(pl.col("until") > pl.col("cutoff")).group_by("row")
        extremes = stood.agg(
            pl.col("whole").max().alias(f"max_too:{name}"), pl.col("whole").min().alias(f"min_too:{name}")
        )
        found = found.join(extremes, on="row", how="left", maintain_order="left")
    return found


_Named = dict[tuple[str, str], tuple[nw.Expr, bool]]


def _measures(read: _Read, *, narrow: bool) -> _Named:
    """(measure, member) to its expression and whether it is a category."""
    windows = (30, 365) if narrow else WINDOWS
    n = nw.col("n")
    now = nw.col("cutoff").dt.timestamp("ms") // 3_600_000
    last = nw.max_horizontal("last", "max_too:")
    first = nw.min_horizontal("first", "min_too:")
    seen = last > NEVER_SEEN
    recency = nw.when(seen).then(now - last)
    span = nw.when(seen & (n > 1)).then((last - first) / (n - 1))
    found: dict[tuple[str, str], nw.Expr] = {("count", ""): n, ("since_last", ""): recency}
    found |= {(f"count_{w}", ""): n - nw.col(f"n@{w}") for w in windows}
    found[("since_first", "")] = nw.when(seen).then(now - first)
    found[("gap_mean", "")] = span
    found[("gap_longest", "")] = nw.when(nw.col("longest") > NEVER_SEEN).then(nw.col("longest"))
    found[("gap_spread", "")] = _spread()
    found[("lateness", "")] = nw.when(span > 0).then((now - last) / span)
    if not narrow:
        found[("trend", "")] = nw.when(n > nw.col("n@365")).then(
            (n - nw.col("n@90")).cast(nw.Float64) / (n - nw.col("n@365"))
        )
    for name in read.numbers:
        found |= {(measure, name): value for measure, value in _amount_measures(name, windows).items()}
    plain: _Named = {
        key: (value.cast(nw.Float64), False) for key, value in found.items() if not narrow or key[0] in NARROW
    }
    for name, known in () if narrow else read.categories:
        plain[("commonest", name)] = (_category(name, known), True)
    return plain


def _spread() -> nw.Expr:
    """The standard deviation of the gaps, in hours."""
    many, mean = nw.col("gaps"), nw.col("gap").cast(nw.Float64) / nw.col("gaps")
    variance = nw.col("square").cast(nw.Float64) / many - mean * mean
    return nw.when(many > 1).then(variance.clip(0.0, None).sqrt())


def _amount_measures(name: str, windows: Sequence[int]) -> dict[str, nw.Expr]:
    sum_, said = nw.col(f"sum:{name}"), nw.col(f"said:{name}")

    def money(whole: nw.Expr) -> nw.Expr:
        return whole.cast(nw.Float64) / SCALE

    high = nw.max_horizontal(f"max:{name}", f"max_too:{name}")
    low = nw.min_horizontal(f"min:{name}", f"min_too:{name}")
    found = {"sum": money(sum_), "mean": nw.when(said > 0).then(money(sum_) / said)}
    found |= {f"sum_{w}": money(sum_ - nw.col(f"sum:{name}@{w}")) for w in windows}
    found["max"] = nw.when(high > NEVER_SEEN).then(money(high))
    found["min"] = nw.when(low < -NEVER_SEEN).then(money(low))
    lately = said - nw.col(f"said:{name}@365")
    found["mean_365"] = nw.when(lately > 0).then(money(sum_ - nw.col(f"sum:{name}@365")) / lately)
    return found


def _category(name: str, known: tuple[str, ...]) -> nw.Expr:
    top = nw.col(f"top:{name}")
    code = nw.when(top > NEVER_SEEN).then(CODES - 1 - top % CODES)
    if not known:
        return code.cast(nw.String)
    return code.replace_strict(list(range(len(known))), list(known), default=None, return_dtype=nw.String)
