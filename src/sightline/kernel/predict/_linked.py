"""What became of earlier subjects linked to the same things: histories as sums that stand at each cutoff.

Every measure is a weight on an interval of time in which it counts ("mature and read as yes, over the last 365 days").
An interval is two steps, +weight at its beginning and -weight at its end, cut to the time in which the link itself is
known. One cumulative sum per group over the union of all steps and all cutoffs then answers every cutoff at once: no
as-of join, and nothing known after a cutoff can reach it. A late record, which changes how an old answer reads, is
two more steps. Weights are whole numbers, so that sums are exact and depend on no order.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import narwhals as nw
import polars as pl

from sightline.kernel.predict._own import Lazy, Part
from sightline.kernel.predict._spec import Group, Spec
from sightline.kernel.predict.examples import Examples, yes_expression
from sightline.kernel.predict.facts import Facts
from sightline.language.question import Question

EVERYWHERE: tuple[str, ...] = ()
"""No role: the history of all subjects together."""

NEVER = datetime(2262, 1, 1, tzinfo=UTC)
"""The end of an interval that has none."""

WINDOWS = (90, 365)
"""Days over which mature answers are counted, beside all time."""

DUE = 90
"""Days after its deadline during which a subject counts as lately due."""

MONTH = 30
"""Days during which a subject counts as lately asked."""

LAST = (5, 20)
"""How many of the last mature answers are looked at."""

SHRINK = 5
"""A group's share of yes counts as if this many more answers had turned out like everybody's of late."""

MAX_DELAY = 60
"""Days: the distance of an answer event from its deadline is cut here, so that one forgotten record moves no mean."""


PAIRED = ("share_365", "yes_last_5", "siblings", "n")
"""The features kept for pairs: there are many pairs, each thinner than a link, and more of them only add noise."""

NARROW = ("asked", "asked_lately", "open", "n", "n_365", "yes", "yes_365")
"""The sums needed for them."""

MEASURES = (*NARROW, "overdue", "due", "overdue_lately", "n_90", "yes_90", "delay", "delays")
"""All sums."""

NO_HOUR = -(1 << 40)
"""Before any hour."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spans:
    """When each subject counts in each measure; made once for all links."""

    steps: pl.DataFrame
    """key, at, and one whole-number column per measure: by how much it changes at `at`."""
    yes: pl.DataFrame
    """key, since, until: while the mature answer reads yes."""
    subjects: pl.DataFrame
    """key, cutoff, deadline, matures_at of those eligible."""
    arrows: pl.DataFrame
    """key, role, to (a whole number per target), since, until: the links of those eligible."""


def spans(question: Question, asked: Examples, facts: Facts) -> Spans:
    """Cut everything known of the subjects' answers and links into steps."""
    subjects = asked.eligible.select("key", "cutoff", "deadline", "matures_at")
    readings = asked.readings.join(subjects, on="key").select(
        "key", "cutoff", "deadline", "matures_at", "answered", yes_expression(question), **_interval()
    )
    occurred = facts.happenings.filter(pl.col("kind") == question.of, pl.col("type") == question.answer.event)
    occurred = occurred.join(subjects, on="key").select("key", "time", "deadline", "matures_at", **_interval())
    targets = facts.links.filter(pl.col("kind") == question.of, pl.col("to").is_not_null())
    codes = targets.select(pl.col("to").unique().sort()).with_row_index("code").cast({"code": pl.Int64})
    arrows = targets.join(subjects.select("key"), on="key").join(codes, on="to")
    answered = nw.from_native(readings.lazy())
    all_spans = [
        *_asked(nw.from_native(subjects.lazy())),
        *_answered(answered),
        *_delays(nw.from_native(occurred.lazy())),
    ]
    return Spans(
        steps=_stepped(all_spans).collect().to_native(),
        yes=_cut(answered.filter("yes"), "matures_at").select("key", "since", "until").collect().to_native(),
        subjects=subjects,
        arrows=arrows.select("key", "role", to="code", **_interval()),
    )


def _interval() -> dict[str, pl.Expr]:
    return {"since": pl.col("known_from"), "until": pl.col("known_until").fill_null(NEVER)}


def _cut(frame: Lazy, begin: str, window: int | None = None, end: str | None = None) -> Lazy:
    """The part of [since, until) that lies after `begin` and before `end`, or within `window` days of `begin`."""
    since = nw.max_horizontal("since", begin)
    until = nw.col("until")
    if window is not None:
        until = nw.min_horizontal(until, nw.col(begin) + timedelta(days=window))
    elif end is not None:
        until = nw.min_horizontal("until", end)
    cut = frame.with_columns(since=since, until=until)
    return cut.filter(nw.col("since") < nw.col("until"))


def _weighed(frame: Lazy, measure: str, weight: nw.Expr | None = None) -> Lazy:
    value = nw.lit(1) if weight is None else weight
    return frame.select("key", "since", "until", nw.lit(measure).alias("measure"), value.cast(nw.Int32).alias("weight"))


def _asked(subjects: Lazy) -> list[Lazy]:
    """What the calendar alone decides: asked, lately asked, lately due, mature."""
    always = subjects.with_columns(since=nw.col("cutoff"), until=nw.lit(NEVER))
    mature = [_weighed(_cut(always, "matures_at", w), _windowed("n", w)) for w in (None, *WINDOWS)]
    return [
        _weighed(always, "asked"),
        _weighed(_cut(always, "cutoff", MONTH), "asked_lately"),
        _weighed(_cut(always, "deadline", DUE), "due"),
        *mature,
    ]


def _answered(readings: Lazy) -> list[Lazy]:
    """What is known of the answers: open, overdue, mature and yes."""
    silent = readings.filter(~nw.col("answered"))
    yes = readings.filter("yes")
    return [
        _weighed(_cut(silent, "cutoff", end="deadline"), "open"),
        _weighed(_cut(silent, "deadline"), "overdue"),
        _weighed(_cut(silent, "deadline", DUE), "overdue_lately"),
        *(_weighed(_cut(yes, "matures_at", w), _windowed("yes", w)) for w in (None, *WINDOWS)),
    ]


def _delays(occurred: Lazy) -> list[Lazy]:
    """How far from the deadline the answer event lay, in hours, over the last year of mature subjects."""
    hours = (nw.col("time") - nw.col("deadline")).dt.total_seconds() // 3_600
    limit = MAX_DELAY * 24
    cut = _cut(occurred.with_columns(hours=hours.clip(-limit, limit)), "matures_at", 365)
    return [_weighed(cut, "delay", nw.col("hours")), _weighed(cut, "delays")]


def _summed(measure: str) -> nw.Expr:
    """Sums of counts have room in half a word, sums of hours do not."""
    whole = nw.when(nw.col("measure") == measure).then(nw.col("weight")).otherwise(0).sum()
    return whole.cast(nw.Int64 if measure == "delay" else nw.Int32)


def _windowed(name: str, window: int | None) -> str:
    return name if window is None else f"{name}_{window}"


def _stepped(found: list[Lazy]) -> Lazy:
    """Intervals to steps, one column per measure, one row per subject and moment."""
    both = nw.concat(found)
    begins = both.select("key", "measure", "weight", at=nw.col("since"))
    # Ends at NEVER are kept: where a link ends first, they are moved to its end and close what stood until then.
    ends = both.select("key", "measure", (-nw.col("weight")).alias("weight"), at=nw.col("until"))
    columns = [_summed(m).alias(m) for m in MEASURES]
    return nw.concat([begins, ends]).group_by("key", "at").agg(*columns)


def histories(found: Spans, roles: tuple[str, ...], base: pl.DataFrame | None = None) -> Part:
    """The features of one link, of a pair of links, or (no role) of all subjects, at each eligible subject's cutoff.

    `base`: key, base: the share of yes among all of late, toward which small groups are shrunk.
    """
    group = {0: Group.DRIFT, 1: Group.LINK, 2: Group.PAIR}[len(roles)]
    linked = _linked(found, roles)
    sums = _sums(found, linked, MEASURES if len(roles) < 2 else NARROW)
    if base is not None:
        sums = sums.join(nw.from_native(base.lazy()), on="key", how="left")
    measures = _measures(len(roles))
    prefix = f"{group.name.lower()}.{'+'.join(roles)}".rstrip(".")
    frame = sums.select("key", *(value.cast(nw.Float64).alias(f"{prefix}.{m}") for m, value in measures.items()))
    specs = [Spec(name=f"{prefix}.{m}", group=group, of=roles, measure=m) for m in measures]
    return frame.collect().to_native(), specs


def _linked(found: Spans, roles: tuple[str, ...]) -> Lazy:
    """key, group (a whole number), since, until: who belongs to which group while."""
    if not roles:
        everyone = nw.from_native(found.subjects.lazy())
        return everyone.select("key", group=nw.lit(0).cast(nw.Int64), since=nw.col("cutoff"), until=nw.lit(NEVER))
    arrows = nw.from_native(found.arrows.lazy())
    one = arrows.filter(nw.col("role") == roles[0]).select("key", "since", "until", group=nw.col("to"))
    if len(roles) == 1:
        return one
    two = arrows.filter(nw.col("role") == roles[1]).select(
        "key", "to", since_2=nw.col("since"), until_2=nw.col("until")
    )
    return (
        one.join(two, on="key", how="inner")
        .select(
            "key",
            group=nw.col("group") * (1 << 32) + nw.col("to"),
            since=nw.max_horizontal("since", "since_2"),
            until=nw.min_horizontal("until", "until_2"),
        )
        .filter(nw.col("since") < nw.col("until"))
    )


def _sums(found: Spans, linked: Lazy, measures: tuple[str, ...]) -> Lazy:
    """The measures of its group at each subject's cutoff, the subject itself left out: key, cutoff and the measures."""
    subjects = nw.from_native(found.subjects.lazy())
    steps = nw.from_native(found.steps.lazy()).select("key", "at", *measures).join(linked, on="key", how="inner")
    at = nw.min_horizontal(nw.max_horizontal("at", "since"), "until")
    became_yes = (nw.col("yes") > 0) & (nw.col("at") < nw.col("until"))
    yes_at = nw.when(became_yes).then(_epoch_hours(nw.max_horizontal("at", "since"))).otherwise(NO_HOUR)
    moved = steps.with_columns(at=at, yes_at=yes_at).filter(nw.col("at") < NEVER)
    rows = [moved.select("group", "at", *measures, "yes_at")]
    rows += [_last(found, linked, k) for k in LAST]
    known = subjects.join(linked, on="key", how="inner")
    asks = known.filter((nw.col("since") <= nw.col("cutoff")) & (nw.col("until") > nw.col("cutoff")))
    queries = asks.select("key", "group", "cutoff", "deadline", at=nw.col("cutoff"), order=nw.lit(1))
    union = nw.concat([*rows, queries], how="diagonal")
    summed = (*measures, *(f"yes_last_{k}" for k in LAST))
    union = union.with_columns(
        *(nw.col(m).fill_null(0) for m in summed), nw.col("order").fill_null(0), nw.col("yes_at").fill_null(NO_HOUR)
    )
    over = {"order_by": ["at", "order"]}
    stood = union.with_columns(
        *(nw.col(m).cum_sum().over("group", **over) for m in summed), nw.col("yes_at").cum_max().over("group", **over)
    ).filter(nw.col("order") == 1)
    return _without_self(stood, _siblings(queries))


def _epoch_hours(at: nw.Expr) -> nw.Expr:
    return at.dt.timestamp("ms") // 3_600_000


def _last(found: Spans, linked: Lazy, k: int) -> Lazy:
    """Steps of the yes among a group's last `k` mature answers: one leaves when the k-th after it enters."""
    mature = nw.from_native(found.subjects.lazy()).join(linked, on="key", how="inner")
    entry = nw.max_horizontal("matures_at", "since")
    entries = mature.select("key", "group", "until", entry=entry).filter(nw.col("entry") < nw.col("until"))
    leaves = nw.col("entry").shift(-k).over("group", order_by=["entry", "key"]).fill_null(NEVER)
    stays = entries.with_columns(leaves=leaves).select(
        "key", "group", enters=nw.col("entry"), leaves=nw.min_horizontal("leaves", "until")
    )
    read = nw.from_native(found.yes.lazy()).join(stays, on="key", how="inner")
    cut = _cut(read, "enters", end="leaves")
    name = f"yes_last_{k}"
    begins = cut.select("group", nw.lit(1).cast(nw.Int32).alias(name), at=nw.col("since"))
    ends = cut.filter(nw.col("until") < NEVER).select(
        "group", nw.lit(-1).cast(nw.Int32).alias(name), at=nw.col("until")
    )
    return nw.concat([begins, ends])


def _siblings(queries: Lazy) -> Lazy:
    """key, siblings: others of the group with the very same deadline asked by the cutoff."""
    of = ["group", "deadline", "cutoff"]
    counted = queries.group_by(*of).agg(asked=nw.col("key").count().cast(nw.Int64))
    counted = counted.with_columns(nw.col("asked").cum_sum().over("group", "deadline", order_by="cutoff"))
    return queries.join(counted, on=of, how="inner").select("key", siblings=nw.col("asked") - 1)


def _without_self(stood: Lazy, siblings: Lazy) -> Lazy:
    """A subject is asked and open at its own cutoff; it is no history of itself."""
    is_open = (nw.col("deadline") > nw.col("cutoff")).cast(nw.Int64)
    mine = {"asked": nw.col("asked") - 1, "asked_lately": nw.col("asked_lately") - 1, "open": nw.col("open") - is_open}
    return stood.with_columns(**mine).join(siblings, on="key", how="inner")


def _measures(roles: int) -> dict[str, nw.Expr]:
    """The features, from the sums. Shares of few are drawn toward the share among all of late."""
    base, weight = (nw.col("base"), SHRINK) if roles else (nw.lit(0.5), 1)

    def share(yes: str, n: str) -> nw.Expr:
        return (nw.col(yes) + base * weight) / (nw.col(n) + weight)

    found = {"n": nw.col("n"), "share_365": share("yes_365", "n_365"), "yes_last_5": nw.col("yes_last_5")}
    if roles:
        found["siblings"] = nw.col("siblings")
    if roles == 2:
        return {name: found[name] for name in PAIRED}
    since_yes = _epoch_hours(nw.col("cutoff")) - nw.col("yes_at")
    return found | {
        "asked": nw.col("asked"),
        "asked_lately": nw.col("asked_lately"),
        "open": nw.col("open"),
        "overdue": nw.col("overdue"),
        "overdue_share": nw.when(nw.col("due") > 0).then(nw.col("overdue_lately").cast(nw.Float64) / nw.col("due")),
        "yes": nw.col("yes"),
        "share": share("yes", "n"),
        "n_90": nw.col("n_90"),
        "share_90": share("yes_90", "n_90"),
        "n_365": nw.col("n_365"),
        "yes_last_20": nw.col("yes_last_20"),
        "since_yes": nw.when(nw.col("yes_at") > NO_HOUR).then(since_yes),
        "delay": nw.when(nw.col("delays") > 0).then(nw.col("delay").cast(nw.Float64) / nw.col("delays")),
    }
