"""What became of earlier examples linked to the same things: histories as sums that stand at each cutoff.

Every measure is a weight on an interval of time in which it counts ("mature and read as yes, over the last 365 days").
An interval is two steps, +weight at its beginning and -weight at its end, cut to the time in which the link itself is
known. One cumulative sum per group over the union of all steps and all cutoffs then answers every cutoff at once: no
as-of join, and nothing known after a cutoff can reach it. A late record, which changes how an old answer reads, is
two more steps. Weights are whole numbers, so that sums are exact and depend on no order.

A history tells what happened, with our own acting (`treatment`) in it: an answer that a playbook turned is counted as
it came, and who was kept back counts once. Where acting turns most answers of a group, its history says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import narwhals as nw
import polars as pl

from sightline.kernel.predict._intervals import whole
from sightline.kernel.predict._queries import SCALE, Lazy, Part, scaled
from sightline.kernel.predict._spec import Group, Spec
from sightline.kernel.predict.examples import Examples
from sightline.kernel.predict.facts import NEVER, Facts
from sightline.kernel.predict.readings import awaited
from sightline.language.question import Absent, At, Every, Happens, Next, Question

EVERYWHERE: tuple[str, ...] = ()
"""No role: the history of all subjects together."""

ITSELF = "itself"
"""The role in which a subject that is asked again and again points at itself: its own earlier answers."""

BEYOND = ">"
"""Between two links of a path: a line's vendor's country is `vendor>country`."""

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
"""All sums. Of a quantity `yes` is the sum of its answers, in 1/10,000."""

WIDE = frozenset({"yes", "yes_90", "yes_365", "delay"})
"""Sums that need a whole word."""

NO_HOUR = -(1 << 40)
"""Before any hour."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spans:
    """When each example counts in each measure; made once for all links."""

    chance: bool
    """Whether the answers are yes or no."""
    steps: pl.DataFrame
    """row, at, and one whole-number column per measure: by how much it changes at `at`."""
    yes: pl.DataFrame
    """row, since, until, value: while the mature answer reads that (of a chance: yes)."""
    examples: pl.DataFrame
    """row, key, cutoff, deadline, matures_at of those eligible; mine: 1 where it is itself open at its cutoff."""
    arrows: pl.DataFrame
    """row, role, to (a whole number per target), since, until: the links of those eligible, of paths of two links and
    of who is asked repeatedly."""


def spans(question: Question, asked: Examples, facts: Facts) -> Spans:
    """Cut everything known of the examples' answers and links into steps."""
    columns = ["row", "key", "cutoff", "deadline", "matures_at"]
    subjects = asked.eligible.select(columns)
    readings = asked.readings.join(subjects, on="row")
    if isinstance(question.answer, Next):
        # Of who had to be waited for longer only the whole time is known.
        whole = (pl.col("deadline") - pl.col("cutoff")).dt.total_microseconds() / 86_400_000_000
        readings = readings.with_columns(pl.col("value").fill_null(whole))
    readings = readings.select(*columns, "answered", "value", **_interval())
    answered = nw.from_native(readings.lazy()).with_columns(whole=_whole(question))
    all_spans = [*_asked(nw.from_native(subjects.lazy())), *_answered(answered)]
    if question.deadline is not None and isinstance(question.answer, Absent | Happens):
        occurred = awaited(question, facts).with_columns(pl.col("until").fill_null(NEVER))
        occurred = occurred.join(subjects, on="key").select("row", "time", "deadline", "matures_at", "since", "until")
        all_spans += _delays(nw.from_native(occurred.lazy()))
    # What is unknown is no whole number: it is neither yes nor a quantity, but it is still waited for.
    counting = answered.filter(nw.col("whole") != 0)
    mature = _cut(counting, "matures_at").select("row", "since", "until", value=nw.col("whole"))
    return Spans(
        chance=question.chance,
        steps=_stepped(all_spans).collect().to_native(),
        yes=mature.collect().to_native(),
        examples=subjects.join(_mine(readings), on="row", how="left").with_columns(pl.col("mine").fill_null(0)),
        arrows=_arrows(question, subjects, facts),
    )


def _mine(readings: pl.DataFrame) -> pl.DataFrame:
    """row, mine: who is open at its own cutoff. What is planned, or said already, is answered from the start."""
    stood = readings.filter(pl.col("since") <= pl.col("cutoff"), pl.col("until") > pl.col("cutoff"))
    is_open = ~pl.col("answered") & (pl.col("deadline") > pl.col("cutoff"))
    return stood.select("row", mine=is_open.cast(pl.Int64))


def _whole(question: Question) -> nw.Expr:
    """Of a chance 1 or 0; of a quantity whole numbers of 1/10,000."""
    return nw.col("value").cast(nw.Int64) if question.chance else scaled(nw.col("value"))


def _arrows(question: Question, subjects: pl.DataFrame, facts: Facts) -> pl.DataFrame:
    """The links of the examples' subjects, one more step from there, and repeated subjects to themselves."""
    own = facts.links.filter(pl.col("kind") == question.of, pl.col("to").is_not_null())
    own = own.select("key", "role", "to", **_interval())
    found = pl.concat([own, _further(question.of, own, facts)])
    codes = found.select(pl.col("to").unique().sort()).with_row_index("code").cast({"code": pl.Int64})
    arrows = found.join(codes, on="to").join(subjects.select("row", "key"), on="key")
    columns = ["row", "role", "code", "since", "until"]
    parts = [arrows.select(columns)]
    if isinstance(question.when, At | Every):
        again = subjects.select("row", "cutoff", code=pl.col("key").rank("dense").cast(pl.Int64))
        parts.append(again.select("row", "code", role=pl.lit(ITSELF), since="cutoff", until=_NEVER).select(columns))
    return pl.concat(parts).rename({"code": "to"})


def _further(of: str, own: pl.DataFrame, facts: Facts) -> pl.DataFrame:
    """Paths of two links, while both are known."""
    kind = facts.kinds.get(of)
    kinds = {link.name: link.to for link in kind.links} if kind else {}
    seconds = facts.links.filter(pl.col("to").is_not_null(), pl.col("kind").is_in(sorted(set(kinds.values()))))
    seconds = seconds.select(
        middle=pl.format("{}/{}", "kind", "key"), second="role", to_2="to", since_2="known_from",
        until_2=pl.col("known_until").fill_null(NEVER),
    )  # fmt: skip
    joined = own.join(seconds, left_on="to", right_on="middle").with_columns(
        since=pl.max_horizontal("since", "since_2"), until=pl.min_horizontal("until", "until_2")
    )
    paths = joined.filter(pl.col("since") < pl.col("until")).select(
        "key",
        role=pl.format("{}" + BEYOND + "{}", "role", "second"),
        to="to_2",
        known_from="since",
        known_until="until",
    )
    # Another vendor of the same country is the same country.
    same = ["key", "role", "to"]
    return whole(paths.sort(*same, "known_from"), same).select(*same, since="known_from", until="known_until")


_NEVER = pl.lit(NEVER).cast(pl.Datetime("us", "UTC"))


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
    return frame.select("row", "since", "until", nw.lit(measure).alias("measure"), value.cast(nw.Int64).alias("weight"))


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
    yes, whole = readings.filter(nw.col("whole") != 0), nw.col("whole")
    return [
        _weighed(_cut(silent, "cutoff", end="deadline"), "open"),
        _weighed(_cut(silent, "deadline"), "overdue"),
        _weighed(_cut(silent, "deadline", DUE), "overdue_lately"),
        *(_weighed(_cut(yes, "matures_at", w), _windowed("yes", w), whole) for w in (None, *WINDOWS)),
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
    return whole.cast(nw.Int64 if measure in WIDE else nw.Int32)


def _windowed(name: str, window: int | None) -> str:
    return name if window is None else f"{name}_{window}"


def _stepped(found: list[Lazy]) -> Lazy:
    """Intervals to steps, one column per measure, one row per subject and moment."""
    both = nw.concat(found)
    begins = both.select("row", "measure", "weight", at=nw.col("since"))
    # Ends at NEVER are kept: where a link ends first, they are moved to its end and close what stood until then.
    ends = both.select("row", "measure", (-nw.col("weight")).alias("weight"), at=nw.col("until"))
    columns = [_summed(m).alias(m) for m in MEASURES]
    return nw.concat([begins, ends]).group_by("row", "at").agg(*columns)


def histories(found: Spans, roles: tuple[str, ...], base: pl.DataFrame | None = None) -> Part:
    """The features of one link, of a pair of links, or (no role) of all subjects, at each eligible example's cutoff.

    `base`: row, base: the share of yes (the mean answer) among all of late, toward which small groups are shrunk.
    """
    group = {0: Group.DRIFT, 1: Group.LINK, 2: Group.PAIR}[len(roles)]
    narrow = len(roles) == 2 or any(BEYOND in role for role in roles)
    sums = _sums(found, _linked(found, roles), NARROW if narrow else MEASURES)
    if base is not None:
        sums = sums.join(nw.from_native(base.lazy()), on="row", how="left")
    measures = _measures(found, roles, narrow=narrow)
    prefix = f"{group.name.lower()}.{'+'.join(roles)}".rstrip(".")
    frame = sums.select("row", *(value.cast(nw.Float64).alias(f"{prefix}.{m}") for m, value in measures.items()))
    specs = [Spec(name=f"{prefix}.{m}", group=group, of=roles, measure=m) for m in measures]
    return frame.collect().to_native(), specs


def _linked(found: Spans, roles: tuple[str, ...]) -> Lazy:
    """row, group (a whole number), since, until: who belongs to which group while."""
    if not roles:
        everyone = nw.from_native(found.examples.lazy())
        return everyone.select("row", group=nw.lit(0).cast(nw.Int64), since=nw.col("cutoff"), until=nw.lit(NEVER))
    arrows = nw.from_native(found.arrows.lazy())
    one = arrows.filter(nw.col("role") == roles[0]).select("row", "since", "until", group=nw.col("to"))
    if len(roles) == 1:
        return one
    two = arrows.filter(nw.col("role") == roles[1]).select(
        "row", "to", since_2=nw.col("since"), until_2=nw.col("until")
    )
    return (
        one.join(two, on="row", how="inner")
        .select(
            "row",
            group=nw.col("group") * (1 << 32) + nw.col("to"),
            since=nw.max_horizontal("since", "since_2"),
            until=nw.min_horizontal("until", "until_2"),
        )
        .filter(nw.col("since") < nw.col("until"))
    )


def _sums(found: Spans, linked: Lazy, measures: tuple[str, ...]) -> Lazy:
    """The measures of its group at each example's cutoff, itself left out: row, cutoff and the measures."""
    subjects = nw.from_native(found.examples.lazy()).drop("key")
    steps = nw.from_native(found.steps.lazy()).select("row", "at", *measures).join(linked, on="row", how="inner")
    at = nw.min_horizontal(nw.max_horizontal("at", "since"), "until")
    # A step that came before the link counts from when the link began, even where it had been taken back by then.
    became_yes = (nw.col("yes") > 0) & (nw.col("at") < nw.col("until"))
    yes_at = nw.when(became_yes).then(_epoch_hours(nw.max_horizontal("at", "since"))).otherwise(NO_HOUR)
    moved = steps.with_columns(at=at, yes_at=yes_at).filter(nw.col("at") < NEVER)
    rows = [moved.select("group", "at", *measures, "yes_at")]
    rows += [_last(found, linked, k) for k in LAST]
    known = subjects.join(linked, on="row", how="inner")
    asks = known.filter((nw.col("since") <= nw.col("cutoff")) & (nw.col("until") > nw.col("cutoff")))
    queries = asks.select("row", "group", "cutoff", "deadline", "mine", at=nw.col("cutoff"), order=nw.lit(1))
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
    mature = nw.from_native(found.examples.lazy()).drop("key").join(linked, on="row", how="inner")
    entry = nw.max_horizontal("matures_at", "since")
    entries = mature.select("row", "group", "until", entry=entry).filter(nw.col("entry") < nw.col("until"))
    leaves = nw.col("entry").shift(-k).over("group", order_by=["entry", "row"]).fill_null(NEVER)
    stays = entries.with_columns(leaves=leaves).select(
        "row", "group", enters=nw.col("entry"), leaves=nw.min_horizontal("leaves", "until")
    )
    read = nw.from_native(found.yes.lazy()).join(stays, on="row", how="inner")
    cut = _cut(read, "enters", end="leaves")
    name = f"yes_last_{k}"
    begins = cut.select("group", nw.col("value").alias(name), at=nw.col("since"))
    ends = cut.filter(nw.col("until") < NEVER).select("group", (-nw.col("value")).alias(name), at=nw.col("until"))
    return nw.concat([begins, ends])


def _siblings(queries: Lazy) -> Lazy:
    """row, siblings: others with the very same deadline asked by the cutoff, each of the group when it was asked."""
    of = ["group", "deadline", "cutoff"]
    counted = queries.group_by(*of).agg(asked=nw.col("row").count().cast(nw.Int64))
    counted = counted.with_columns(nw.col("asked").cum_sum().over("group", "deadline", order_by="cutoff"))
    return queries.join(counted, on=of, how="inner").select("row", siblings=nw.col("asked") - 1)


def _without_self(stood: Lazy, siblings: Lazy) -> Lazy:
    """An example is asked at its own cutoff, and mostly open; it is no history of itself."""
    mine = {
        "asked": nw.col("asked") - 1,
        "asked_lately": nw.col("asked_lately") - 1,
        "open": nw.col("open") - nw.col("mine"),
    }
    return stood.with_columns(**mine).join(siblings, on="row", how="inner")


def _measures(found: Spans, roles: tuple[str, ...], *, narrow: bool) -> dict[str, nw.Expr]:
    """The features, from the sums. Shares (means) of few are drawn toward the share among all of late."""
    base = nw.col("base") if roles else nw.lit(0.5)
    weight = SHRINK if roles else 1
    scale = 1.0 if found.chance else float(SCALE)
    plain = found.chance or bool(roles)

    def share(yes: str, n: str) -> nw.Expr:
        if not plain:
            return nw.when(nw.col(n) > 0).then(nw.col(yes).cast(nw.Float64) / scale / nw.col(n))
        return (nw.col(yes).cast(nw.Float64) / scale + base * weight) / (nw.col(n) + weight)

    def amount(name: str) -> nw.Expr:
        return nw.col(name).cast(nw.Float64) / scale

    told = {"n": nw.col("n"), "share_365": share("yes_365", "n_365"), "yes_last_5": amount("yes_last_5")}
    if roles and ITSELF not in roles:
        told["siblings"] = nw.col("siblings")
    if narrow:
        return {name: told[name] for name in PAIRED if name in told}
    since_yes = _epoch_hours(nw.col("cutoff")) - nw.col("yes_at")
    return told | {
        "asked": nw.col("asked"),
        "asked_lately": nw.col("asked_lately"),
        "open": nw.col("open"),
        "overdue": nw.col("overdue"),
        "overdue_share": nw.when(nw.col("due") > 0).then(nw.col("overdue_lately").cast(nw.Float64) / nw.col("due")),
        "yes": amount("yes"),
        "share": share("yes", "n"),
        "n_90": nw.col("n_90"),
        "share_90": share("yes_90", "n_90"),
        "n_365": nw.col("n_365"),
        "yes_last_20": amount("yes_last_20"),
        "since_yes": nw.when(nw.col("yes_at") > NO_HOUR).then(since_yes),
        "delay": nw.when(nw.col("delays") > 0).then(nw.col("delay").cast(nw.Float64) / nw.col("delays")),
    }
