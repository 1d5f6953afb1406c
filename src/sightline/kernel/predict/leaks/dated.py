"""Filled in afterwards: what time itself says about attributes nobody dates.

An attribute that names the very day of an event that comes later; one that is there for those answered and not for
those still open; one that changes when the answer becomes known; one that goes by a link known only later.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import numpy as np
import polars as pl

from sightline.kernel.predict._matrix import Floats, Rows
from sightline.kernel.predict._moments import history, moments
from sightline.kernel.predict.leaks.case import Case, Topic, lateness
from sightline.kernel.predict.leaks.suspect import Finding, Kind
from sightline.language.question import Once

FEWEST = 20
"""Examples, groups or pairs below which nothing is said."""

SAME = 0.95
"""The share of days that must agree; a promised day was the day of delivery in seven of ten real deliveries."""

APART = 0.5
"""By how much the shares of those it is there for must differ between open and answered examples."""

ALIKE = 0.95
"""The share of the open that must hold one value, where at most half of those answered do."""

MOVED = 0.2
"""The share of the answered examples whose attribute must change when the answer becomes known."""

NEAR = timedelta(hours=25)
"""Less before or after is the same day: a day, and the hour that clocks are turned by."""

RARELY = 0.1
"""Pairs with both filled, as a share of how many chance would fill."""


def dated(case: Case, topic: Topic) -> Iterator[Finding]:
    """What is suspicious of an attribute or a link by when it is there."""
    if not topic.raw:
        return
    yield from _while_open(case, topic)
    if topic.kind != case.question.of or isinstance(case.question.when, Once):
        return
    yield from _moment(case, topic)
    if topic.undated:
        yield from _changes(case, topic)
        yield from _later(case, topic)


def _examples(case: Case) -> pl.DataFrame:
    """row, key, cutoff of the answered examples."""
    return case.asked.eligible.select("row", "key", "cutoff")[case.rows]


def _moment(case: Case, topic: Topic) -> Iterator[Finding]:
    """Whether it names the day of something that happens later."""
    known = _said(case, topic)
    known = (
        known.with_columns(moment=moments(known["text"])).drop_nulls("moment").select("row", "key", "cutoff", "moment")
    )
    if known.height < FEWEST:
        return
    events = case.facts.happenings.filter(pl.col("kind") == topic.kind, pl.col("known_from") <= case.at)
    day = pl.col("moment").dt.date()
    same = (pl.col("time").dt.date() == day) | (pl.col("known_from").dt.date() == day)
    found: list[tuple[float, str, int]] = []
    for (event,), part in sorted(events.select("type", "key", "time", "known_from").group_by("type")):
        later = first_after(known, part, "cutoff").with_columns(same=same)
        if later.height >= FEWEST:
            found.append((int(later["same"].sum()) / later.height, event, later.height))
    alike = sorted((one for one in found if one[0] >= SAME), key=lambda one: (-one[0], one[1]))
    for share, event, many in alike[:1]:
        clause = f"names the day of `{event}`, which comes after the cutoff, for {share:.0%} of {many:,} examples"
        yield Finding(test=Kind.MOMENT, clause=clause, figures={"same_day": share})


def _said(case: Case, topic: Topic) -> pl.DataFrame:
    """row, key, cutoff, text: what it says at the cutoff of each answered example, where anything is known of it.

    Its intervals do not overlap: the last that began is the only one that may hold the cutoff.
    """
    versions = history(case.facts, topic.kind, topic.name).with_columns(began="known_from").sort("known_from")
    last = _examples(case).sort("cutoff").join_asof(
        versions, left_on="cutoff", right_on="known_from", by="key", check_sortedness=False
    )  # fmt: skip
    until = pl.col("known_until")
    return last.filter(pl.col("began").is_not_null(), until.is_null() | (until > pl.col("cutoff")))


def first_after(asked: pl.DataFrame, found: pl.DataFrame, after: str) -> pl.DataFrame:
    """Each of `asked` (key, ...) with the first of `found` (key, known_from, ...) of its key that becomes known after
    the moment in column `after`; without those that have none. Of several at once it is the first in `found`.

    Costs as many rows as are asked: subjects of many events that are asked again and again have a hundred times as many
    pairs.
    """
    later = found.with_columns(begins="known_from").sort("begins", maintain_order=True)
    return asked.sort(after).join_asof(
        later, left_on=after, right_on="begins", by="key", strategy="forward", allow_exact_matches=False,
        check_sortedness=False,
    ).drop_nulls("known_from")  # fmt: skip


def _while_open(case: Case, topic: Topic) -> Iterator[Finding]:
    """Whether it is there for those answered and not for those still open, or says one thing until answered."""
    still, recent = still_open(case), case.rows[-max(FEWEST, len(case.rows) // 4) :]
    if len(still) < FEWEST or len(recent) < FEWEST:
        return
    told, open_ = case.there(topic, recent).mean(), case.there(topic, still).mean()
    things = f"{case.question.of}s"
    if told - open_ >= APART or open_ - told >= APART:
        clause = f"is missing for {1 - open_:.0%} of the open {things} and for {1 - told:.0%} of those answered"
        yield Finding(test=Kind.OPEN, clause=clause, figures={"there_open": open_, "there_answered": told})
        return
    for at in topic.columns:
        waits, after = _waiting(case, case.matrix.values[:, at].astype(np.float64), still)
        if waits >= ALIKE and after <= 1 - APART:
            clause = f"says one and the same for {waits:.0%} of the open {things} and for {after:.0%} of those answered"
            yield Finding(test=Kind.OPEN, clause=clause, figures={"same_open": waits, "same_answered": after})
            return


def still_open(case: Case) -> Rows:
    """Positions of the examples to which, at `now`, nothing has happened yet that comes after a cutoff: none of them is
    judged.
    """
    if isinstance(case.question.when, Once):
        return np.flatnonzero(np.isnan(case.asked.answers(case.now).value))
    begun = case.asked.eligible.filter(pl.col("cutoff") <= case.now, pl.col("deadline") >= case.now)
    silent = case.asked.answer(case.now).filter(~pl.col("answered"))
    moved = case.facts.happenings.filter(
        pl.col("kind") == case.question.of, pl.col("type").is_in(case.late), pl.col("known_from") <= case.now
    )
    waiting = begun.join(silent, on="row", how="semi").join(moved.select("key"), on="key", how="anti")
    return waiting["row"].to_numpy().astype(np.int64)


def _waiting(case: Case, values: Floats, still: Rows) -> tuple[float, float]:
    """The share of the commonest value of the open among them, and among those answered.

    It must have stood at all times: what holds for everybody of late is the time's, not the waiting's.
    """
    seen, often = np.unique(values[still], return_counts=True)
    if not len(seen) or np.isnan(seen[often.argmax()]):
        return 0.0, 1.0
    same = values[case.rows] == seen[often.argmax()]
    ever = min(float(part.mean()) for part in np.array_split(same, 4))
    return (float(often.max() / len(still)), float(same.mean())) if ever >= 0.01 else (0.0, 1.0)


def _changes(case: Case, topic: Topic) -> Iterator[Finding]:
    """Whether new values begin on the day on which the answer becomes known."""
    versions = history(case.facts, topic.kind, topic.name).sort("key", "known_from")
    same = pl.all_horizontal(pl.col(one).eq_missing(pl.col(one).shift(1).over("key")) for one in ("number", "text"))
    versions = versions.filter(~same, pl.col("known_from") <= case.at).select("key", "known_from")
    answered = case.asked.readings.filter("answered").group_by("row").agg(told=pl.col("known_from").min())
    asked = _examples(case).join(answered, on="row").filter(pl.col("told") > pl.col("cutoff"))
    if asked.height < FEWEST:
        return
    moved = first_after(asked, versions, "cutoff").height
    near = asked.with_columns(since=pl.max_horizontal("cutoff", pl.col("told") - NEAR))
    with_answer = first_after(near, versions, "since").filter(pl.col("known_from") < pl.col("told") + NEAR).height
    share, of_all = with_answer / asked.height, with_answer / max(1, moved)
    if with_answer >= FEWEST and share >= MOVED and of_all >= 0.5:
        clause = f"changes on the day the answer becomes known for {share:.0%} of {asked.height:,} examples"
        yield Finding(test=Kind.CHANGES, clause=clause, figures={"changed": share})


def _later(case: Case, topic: Topic) -> Iterator[Finding]:
    """Whether it is filled once for all that share something known only later: a shipment's weight, on one line."""
    there = case.there(topic, case.rows)
    if not 0.05 < there.mean() < 0.95:
        return
    examples = _examples(case).with_columns(there=pl.Series(there))
    arrows = case.facts.links.filter(
        pl.col("kind") == topic.kind, pl.col("to").is_not_null(), pl.col("known_from") <= case.at
    )
    late = {role for role, share in lateness(arrows, examples, by="role").items() if share > SAME}
    # As with clusters, the link as known last says who shares it.
    last = arrows.sort("known_from", "to").unique(["key", "role"], keep="last", maintain_order=True)
    for (role,), part in sorted(last.filter(pl.col("role").is_in(late)).group_by("role")):
        joined = examples.join(part.select("key", "to"), on="key")
        groups = joined.group_by("to").agg(many=pl.len().cast(pl.Float64), filled=pl.col("there").sum())
        groups = groups.filter(pl.col("many") > 1)
        if groups.height < FEWEST:
            continue
        many, filled = groups["many"].to_numpy(), groups["filled"].to_numpy()
        rate = filled.sum() / many.sum()
        chance, both = rate**2 * (many * (many - 1) / 2).sum(), (filled * (filled - 1) / 2).sum()
        if chance >= FEWEST and both <= RARELY * chance:
            once = float((filled <= 1).mean())
            clause = (
                f"is filled for one at most of those that share a `{role}`, which is known only after the cutoff"
                f" ({once:.0%} of {groups.height:,})"
            )
            yield Finding(test=Kind.LATER, clause=clause, figures={"at_most_one": once})
