"""What a thing is, as known at a moment: attributes, links, words of texts, and the calendar."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

import narwhals as nw
import polars as pl

from sightline.kernel.predict._moments import moments
from sightline.kernel.predict._queries import Lazy, Part, hours_between, standing_at_cutoff
from sightline.kernel.predict._spec import Group, Spec
from sightline.kernel.predict.facts import Facts
from sightline.language.kind import Sort

_MOMENT = r"^\d{4}-\d{2}-\d{2}"

OFTEN = 4
"""An attribute with more versions than this per thing is looked up version by version, not joined whole."""

BUCKETS = 16
"""Into how many numbers the words of a text are hashed."""


def attributes(
    kind: str, queries: pl.DataFrame, facts: Facts, *, path: Sequence[str] = (), leave_out: Sequence[str] = ()
) -> Part:
    """Numbers and flags as they are, days as the distance from the cutoff in hours, categories as text.

    `queries`: row, key, cutoff. `path`: the links that lead there from the example; none for its own attributes.
    """
    seen = facts.attributes.filter(pl.col("kind") == kind, ~pl.col("name").is_in(list(leave_out))).drop("kind")
    texts = seen.select(pl.col("text").unique()).filter(pl.col("text").str.contains(_MOMENT))["text"]
    dates = pl.DataFrame({"text": texts, "moment": moments(texts)})
    stands = nw.from_native(_standing(seen, queries).lazy())
    known = stands.join(nw.from_native(dates.lazy()), on="text", how="left")
    known = known.with_columns(ahead=hours_between(nw.col("moment"), nw.col("cutoff")))
    columns: list[nw.Expr] = []
    specs: list[Spec] = []
    for name in sorted(seen["name"].unique().to_list()):
        for spec, value in _readings(kind, facts, name, tuple(path)):
            columns.append(nw.when(nw.col("name") == name).then(value).otherwise(None).max().alias(spec.name))
            specs.append(spec)
    if not columns:
        return queries.select("row"), []
    return known.group_by("row").agg(*columns).collect().to_native(), specs


def _standing(seen: pl.DataFrame, queries: pl.DataFrame) -> pl.DataFrame:
    """row, cutoff, name, number, text: the versions that stand at each cutoff."""
    counts = seen.group_by("name").agg(many=pl.len(), things=pl.col("key").n_unique())
    often = counts.filter(pl.col("many") > OFTEN * pl.col("things"))["name"].to_list()
    plain = seen.filter(~pl.col("name").is_in(often))
    asked = nw.from_native(queries.lazy())
    joined = standing_at_cutoff(nw.from_native(plain.lazy()).join(asked, on="key", how="inner"))
    columns = ["row", "cutoff", "name", "number", "text"]
    found: list[pl.DataFrame] = [joined.select(*columns).collect().to_native()]
    for name in often:
        versions = seen.filter(pl.col("name") == name)
        found.append(standing_at_cutoff(last_begun(versions, queries)).select(*columns).collect().to_native())
    return pl.concat(found)


def last_begun(versions: pl.DataFrame, queries: pl.DataFrame) -> Lazy:
    """`queries` (row, key, cutoff) with the version (key, known_from, ...) of its key that began last by its cutoff.

    A running maximum of places over the union of both: no as-of join. Keys without any are left out.
    """
    placed = nw.from_native(versions.sort("key", "known_from").with_row_index("place").lazy())
    placed = placed.with_columns(nw.col("place").cast(nw.Int64))
    begins = placed.select("key", "place", at=nw.col("known_from"), order=nw.lit(0))
    asked = nw.from_native(queries.lazy()).with_columns(at=nw.col("cutoff"), order=nw.lit(1))
    union = nw.concat([begins, asked], how="diagonal").with_columns(nw.col("place").fill_null(-1))
    last = union.with_columns(nw.col("place").cum_max().over("key", order_by=["at", "order"]))
    asks = last.filter(nw.col("order") == 1).select("row", "cutoff", "place")
    return asks.join(placed, on="place", how="inner")


def _readings(kind: str, facts: Facts, name: str, path: tuple[str, ...]) -> list[tuple[Spec, nw.Expr]]:
    """How an attribute enters. Undeclared ones are read value by value: what is a number depends on no other row."""
    found = facts.kinds.get(kind)
    declared = found.attribute(name) if found else None
    number, text, ahead = nw.col("number"), nw.col("text"), nw.col("ahead")
    at = ".".join((*path, ""))

    def spec(measure: str, *, category: bool = False) -> Spec:
        # The measure stands first: a name may hold dots, so behind it two features could end up with one name.
        full = f"attribute.{at}{name}" if measure == "value" else f"{measure}.{at}{name}"
        group = Group.FAR if path else Group.ATTRIBUTE
        return Spec(name=full, group=group, of=(*path, name), measure=measure, category=category)

    if declared is None:
        plain = nw.when(nw.col("moment").is_null()).then(text)
        return [(spec("value"), number), (spec("days"), ahead), (spec("text", category=True), plain)]
    if declared.sort in {Sort.NUMBER, Sort.FLAG}:
        return [(spec("value"), number)]
    if declared.sort in {Sort.DAY, Sort.INSTANT}:
        return [(spec("days"), ahead)]
    return [(spec("text", category=True), nw.when(~text.is_null()).then(text).otherwise(number.cast(nw.String)))]


def pointed(kind: str, queries: pl.DataFrame, facts: Facts) -> Part:
    """Where the subject points, as categories."""
    roles = facts.roles(kind)
    if not roles:
        return queries.select("row"), []
    arrows = nw.from_native(facts.links.lazy()).filter(nw.col("kind") == kind).drop("kind")
    known = standing_at_cutoff(arrows.join(nw.from_native(queries.lazy()), on="key", how="inner"))
    specs = [
        Spec(name=f"link.{role}", group=Group.ATTRIBUTE, of=(role,), measure="target", category=True) for role in roles
    ]
    picks = [
        nw.when(nw.col("role") == role).then(nw.col("to")).otherwise(None).max().alias(spec.name)
        for role, spec in zip(roles, specs, strict=True)
    ]
    return known.group_by("row").agg(*picks).collect().to_native(), specs


def worded(kind: str, queries: pl.DataFrame, facts: Facts) -> Part:
    """The words of declared texts, counted in hashed buckets (Weinberger et al. 2009), and how many there are."""
    found = facts.kinds.get(kind)
    names = [a.name for a in found.attributes if a.sort is Sort.TEXT and not a.personal] if found else []
    frame, specs = queries.select("row"), []
    for name in names:
        seen = facts.attributes.filter(pl.col("kind") == kind, pl.col("name") == name).drop("kind")
        known = _standing(seen, queries).select("row", "text").drop_nulls()
        table = known.select(pl.col("text").unique()).with_columns(words=pl.col("text").map_elements(_buckets, _COUNTS))
        spread = table.select(
            "text", *(pl.col("words").list.get(i).alias(f"word.{name}.{i}") for i in range(BUCKETS + 1))
        )
        specs += [
            Spec(
                name=f"word.{name}.{i}", group=Group.ATTRIBUTE, of=(name,), measure="words" if i == BUCKETS else "word"
            )
            for i in range(BUCKETS + 1)
        ]
        frame = frame.join(known.join(spread, on="text").drop("text"), on="row", how="left")
    return frame, specs


_COUNTS = pl.List(pl.Float64)


def bucketed(text: str, name: str) -> float:
    """What `text` counts in the feature of that name (`worded`)."""
    return _buckets(text)[int(name.rpartition(".")[2])]


def _buckets(text: str) -> list[float]:
    counts = [0.0] * (BUCKETS + 1)
    for word in text.lower().split():
        counts[zlib.crc32(word.encode()) % BUCKETS] += 1
        counts[BUCKETS] += 1
    return counts


def calendar(subjects: pl.DataFrame) -> Part:
    """Where the cutoff and the deadline lie in the year and the week."""
    lazy = nw.from_native(subjects.lazy())
    ahead, cutoff = nw.col("deadline"), nw.col("cutoff")
    parts = {
        "calendar.month": cutoff.dt.month(),
        "calendar.weekday": cutoff.dt.weekday(),
        "calendar.deadline_weekday": ahead.dt.weekday(),
        "calendar.deadline_day": ahead.dt.day(),
        "calendar.time": cutoff.dt.timestamp("ms") // 86_400_000,
        "calendar.ahead": hours_between(ahead, cutoff),
    }
    frame = lazy.select("row", *(part.cast(nw.Float64).alias(name) for name, part in parts.items()))
    specs = [Spec(name=n, group=Group.CALENDAR, of=("calendar",), measure=n.split(".")[1]) for n in parts]
    return frame.collect().to_native(), specs
