"""What a subject is and what happened to it, as known at its cutoff."""

from __future__ import annotations

import narwhals as nw
import polars as pl

from sightline.kernel.predict._spec import Group, Spec
from sightline.kernel.predict.examples import moments
from sightline.kernel.predict.facts import Facts
from sightline.language.kind import Sort
from sightline.language.question import Question
from sightline.language.time import DAWN

Lazy = nw.LazyFrame[pl.LazyFrame]
Part = tuple[pl.DataFrame, list[Spec]]

_MOMENT = r"^\d{4}-\d{2}-\d{2}"


def standing_at_cutoff(histories: Lazy) -> Lazy:
    """The rows whose interval holds `cutoff`."""
    until = nw.col("known_until")
    return histories.filter((nw.col("known_from") <= nw.col("cutoff")) & (until.is_null() | (until > nw.col("cutoff"))))


def hours_between(later: nw.Expr, earlier: nw.Expr) -> nw.Expr:
    """Whole hours from `earlier` to `later`. Whole numbers are the same on every engine."""
    return ((later - earlier).dt.total_seconds() // 3_600).cast(nw.Float64)


def attributes(question: Question, subjects: Lazy, facts: Facts) -> Part:
    """Numbers and flags as they are, days as the distance from the cutoff in hours, categories and links as text."""
    seen = facts.attributes.filter(pl.col("kind") == question.of).drop("kind")
    texts = seen.select(pl.col("text").unique()).filter(pl.col("text").str.contains(_MOMENT))["text"]
    dates = pl.DataFrame({"text": texts, "moment": moments(texts)})
    known = standing_at_cutoff(
        nw.from_native(seen.lazy())
        .join(subjects.select("key", "cutoff"), on="key", how="inner")
        .join(nw.from_native(dates.lazy()), on="text", how="left")
    ).with_columns(ahead=hours_between(nw.col("moment"), nw.col("cutoff")))
    columns: list[nw.Expr] = []
    specs: list[Spec] = []
    for name in sorted(seen["name"].unique().to_list()):
        for spec, value in _readings(question, facts, name):
            columns.append(nw.when(nw.col("name") == name).then(value).otherwise(None).max().alias(spec.name))
            specs.append(spec)
    frame = known.group_by("key").agg(*columns) if columns else subjects.select("key")
    links, link_specs = _links(question, subjects, facts)
    return frame.collect().to_native().join(links, on="key", how="full", coalesce=True), specs + link_specs


def _readings(question: Question, facts: Facts, name: str) -> list[tuple[Spec, nw.Expr]]:
    """How an attribute enters. Undeclared ones are read value by value: what is a number depends on no other row."""
    kind = facts.kinds.get(question.of)
    declared = kind.attribute(name) if kind else None
    number, text, ahead = nw.col("number"), nw.col("text"), nw.col("ahead")

    def spec(measure: str, *, category: bool = False) -> Spec:
        # The measure stands first: a name may hold dots, so behind it two features could end up with one name.
        full = f"attribute.{name}" if measure == "value" else f"{measure}.{name}"
        return Spec(name=full, group=Group.ATTRIBUTE, of=(name,), measure=measure, category=category)

    if declared is None:
        plain = nw.when(nw.col("moment").is_null()).then(text)
        return [(spec("value"), number), (spec("days"), ahead), (spec("text", category=True), plain)]
    if declared.sort in {Sort.NUMBER, Sort.FLAG}:
        return [(spec("value"), number)]
    if declared.sort in {Sort.DAY, Sort.INSTANT}:
        return [(spec("days"), ahead)]
    return [(spec("text", category=True), nw.when(~text.is_null()).then(text).otherwise(number.cast(nw.String)))]


def _links(question: Question, subjects: Lazy, facts: Facts) -> Part:
    """Where the subject points, as categories."""
    arrows = nw.from_native(facts.links.lazy()).filter(nw.col("kind") == question.of).drop("kind")
    known = standing_at_cutoff(arrows.join(subjects.select("key", "cutoff"), on="key", how="inner"))
    roles = facts.roles(question.of)
    specs = [
        Spec(name=f"link.{role}", group=Group.ATTRIBUTE, of=(role,), measure="target", category=True) for role in roles
    ]
    picks = [
        nw.when(nw.col("role") == role).then(nw.col("to")).otherwise(None).max().alias(spec.name)
        for role, spec in zip(roles, specs, strict=True)
    ]
    frame = known.group_by("key").agg(*picks) if picks else subjects.select("key")
    return frame.collect().to_native(), specs


def happenings(question: Question, subjects: Lazy, facts: Facts) -> Part:
    """Per type of event: how many are known, hours since the last and the first; and the age of the subject.

    An event may be known before it happens (a plan); its distance is then negative. What nothing dates has no distance.
    """
    events = nw.from_native(facts.happenings.lazy()).filter(nw.col("kind") == question.of).drop("kind")
    asked = subjects.select("key", "cutoff")
    known = standing_at_cutoff(events.join(asked, on="key", how="inner"))
    ago = hours_between(nw.col("cutoff"), nw.col("time"))
    known = known.with_columns(ago=nw.when(nw.col("time") > DAWN).then(ago), one=nw.lit(1))
    specs: list[Spec] = []
    columns: list[nw.Expr] = []
    for type_ in facts.event_types(question.of):
        is_type = nw.col("type") == type_
        ago, count = nw.when(is_type).then(nw.col("ago")), nw.when(is_type).then(nw.col("one")).sum()
        for measure, value in (("count", count), ("since_last", ago.min()), ("since_first", ago.max())):
            name = f"own.{type_}.{measure}"
            columns.append(value.cast(nw.Float64).alias(name))
            specs.append(Spec(name=name, group=Group.OWN, of=(type_,), measure=measure))
    frame = known.group_by("key").agg(*columns) if columns else asked.select("key")
    age = nw.when(nw.col("exists_from") > DAWN).then(hours_between(nw.col("cutoff"), nw.col("exists_from")))
    specs.append(Spec(name="own.age", group=Group.OWN, of=("age",), measure="age"))
    return subjects.select("key", age.alias("own.age")).join(frame, on="key", how="left").collect().to_native(), specs


def calendar(subjects: Lazy) -> Part:
    """Where the cutoff and the deadline lie in the year and the week."""
    ahead, cutoff = nw.col("deadline"), nw.col("cutoff")
    parts = {
        "calendar.month": cutoff.dt.month(),
        "calendar.deadline_weekday": ahead.dt.weekday(),
        "calendar.deadline_day": ahead.dt.day(),
        "calendar.time": cutoff.dt.timestamp("ms") // 86_400_000,
    }
    frame = subjects.select("key", *(part.cast(nw.Float64).alias(name) for name, part in parts.items()))
    specs = [Spec(name=n, group=Group.CALENDAR, of=("calendar",), measure=n.split(".")[1]) for n in parts]
    return frame.collect().to_native(), specs
