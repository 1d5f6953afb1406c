"""Whom facts would have woken since a day, read from histories: what happened, and what a detector would have found.

As on duty (see `waking` and `reason.detect`): an event wakes when it first becomes known, and a finding when it first
appears. What only corrects an event wakes nobody.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import polars as pl

from sightline.kernel.know.situations import deadline_of, readable, worth_of
from sightline.kernel.predict._moments import history, moments
from sightline.kernel.predict.as_if import AsIf, attributes_then, links_then
from sightline.kernel.predict.facts import INSTANT, NEVER, Facts
from sightline.language import derived
from sightline.language.catalog import Catalog
from sightline.language.event import Event
from sightline.language.playbook import Detector, Playbook, Situation
from sightline.language.question import Question, Value
from sightline.language.ref import Ref

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Calls:
    """Whom facts woke, by moment; aligned."""

    situations: list[Situation]
    events: list[Event]


def calls(playbook: Playbook, catalog: Catalog, facts: Facts, since: datetime, now: datetime) -> Calls:
    """Whom facts would have woken after `since` and until `now`, each as it was known at that moment."""
    question = catalog.question(playbook.question)
    detector = catalog.detectors.get(playbook.wakes_on)
    if detector is not None:
        about = catalog.question(detector.question)
        waited = catalog.events.get(about.event or "")
        own = waited is None or waited.of == about.of
        found = _found(detector, about, catalog, facts, stretches(about, facts, since, now), now) if own else []
    else:
        asked = happened(facts, question.of, playbook.wakes_on, since, now)
        found = situations(question, catalog, facts, asked)
    found.sort(key=lambda one: (one.now, one.subject.key))
    return Calls(situations=found, events=[_event(row, playbook, one) for row, one in enumerate(found)])


def happened(facts: Facts, kind: str, event: str, since: datetime, now: datetime) -> pl.DataFrame:
    """key, cutoff: when each event of this sort first became known."""
    versions = facts.happenings.filter(pl.col("kind") == kind, pl.col("type") == event)
    before = versions.select("key", known_from="known_until").drop_nulls().unique()
    first = versions.join(before, on=["key", "known_from"], how="anti")
    first = first.filter(pl.col("known_from") > since, pl.col("known_from") <= now)
    return first.select("key", cutoff="known_from").sort("cutoff", "key")


def stretches(question: Question, facts: Facts, since: datetime, now: datetime) -> pl.DataFrame:
    """key, begins, ends: while a deadline has passed and what was awaited by then is not known; of those that begin
    after `since` and until `now`. Nobody is overdue by a question whose deadline no attribute names, or that waits for
    no event, or not for every event of its sort.
    """
    nobody = pl.DataFrame(schema={"key": pl.String, "begins": INSTANT, "ends": INSTANT})
    if question.deadline is None or isinstance(question.answer, Value) or question.answer.where:
        return nobody
    due = _due(question, facts)
    came = facts.happenings.filter(pl.col("kind") == question.of, pl.col("type") == question.answer.event)
    came = came.select("key", "known_from", gone=pl.col("known_until").fill_null(NEVER))
    # What was known to have come and is taken back is awaited again.
    again = due.join(came, on="key").filter(pl.col("gone") > pl.col("begins"), pl.col("gone") < pl.col("ends"))
    all_of_them = pl.concat([due, again.select("key", begins="gone", ends="ends")]).unique()
    both = all_of_them.join(came, on="key", how="left")
    known = (pl.col("known_from") <= pl.col("begins")) & (pl.col("gone") > pl.col("begins"))
    later = pl.when(pl.col("known_from") > pl.col("begins")).then("known_from")
    open_ = both.group_by("key", "begins", "ends").agg(known=known.any(), came=later.min())
    open_ = open_.filter(~pl.col("known").fill_null(value=False))
    open_ = open_.with_columns(ends=pl.min_horizontal("ends", "came")).drop("known", "came").sort("key", "begins")
    # What was overdue until then, by another day, is found already.
    stood = pl.col("begins") <= pl.col("ends").shift(1).over("key")
    fresh = open_.filter(~stood.fill_null(value=False))
    return fresh.filter(pl.col("begins") > since, pl.col("begins") <= now) if fresh.height else nobody


def _due(question: Question, facts: Facts) -> pl.DataFrame:
    """key, begins, ends: from the day after each deadline on, or since it is known, while it is what is known."""
    versions = history(facts, question.of, question.deadline or "")
    passed = moments(versions["text"], end=True).dt.truncate("1d") + DAY
    found = versions.with_columns(passed=passed).filter(pl.col("passed").is_not_null())
    found = found.select(
        "key", begins=pl.max_horizontal("passed", "known_from"), ends=pl.col("known_until").fill_null(NEVER)
    )
    return found.filter(pl.col("begins") < pl.col("ends"))


def _found(
    detector: Detector, question: Question, catalog: Catalog, facts: Facts, open_: pl.DataFrame, now: datetime
) -> list[Situation]:  # fmt: skip
    """What a detector finds, looking on each day of each stretch until it does; then it has found it."""
    found: list[Situation] = []
    while open_.height:
        asked = open_.select("key", cutoff="begins")
        looked = situations(question, catalog, facts, asked)
        seen = [detector.look(one) for one in looked]
        found += [replace(one, finding=it.text) for one, it in zip(looked, seen, strict=True) if it]
        later = open_.filter(pl.Series([it is None for it in seen], dtype=pl.Boolean))
        later = later.with_columns(begins=pl.col("begins").dt.truncate("1d") + DAY)
        open_ = later.filter(pl.col("begins") < pl.min_horizontal("ends", pl.lit(now, INSTANT)))
    return found


def situations(question: Question, catalog: Catalog, facts: Facts, asked: pl.DataFrame) -> list[Situation]:
    """Each of `asked` (key, cutoff) by plain facts, as they were known then."""
    kind, of = catalog.kinds.get(question.of), question.of
    names = sorted(facts.attributes.filter(pl.col("kind") == of)["name"].unique().to_list())
    said = [readable(kind, one) for one in attributes_then(facts, question, asked, names)]
    roles = {role: links_then(facts, question, asked, role) for role in facts.roles(of)}
    return [
        Situation(
            subject=Ref(of, key), now=at, deadline=deadline_of(question, said[row]), attributes=said[row],
            links={role: to for role, ends in roles.items() if (to := ends[row])}, worth=worth_of(question, said[row]),
        )
        for row, (key, at) in enumerate(asked.select("key", "cutoff").iter_rows())
    ]  # fmt: skip


def foreseen(called: Calls, said: AsIf) -> tuple[Calls, dict[int, int]]:
    """The same with what stood forecast of each at its moment, where anything did, and that forecast's row by theirs.

    That is what was said as of its last cutoff, of those whose answer was not known by then.
    """
    moments_ = [(row, one.subject.key, one.now) for row, one in enumerate(called.situations)]
    asked = pl.DataFrame(moments_, schema={"place": pl.UInt32, "key": pl.String, "at": INSTANT}, orient="row")
    told = said.asked.select("key", "cutoff").with_row_index("row").with_columns(met=said.met)
    both = asked.join(told, on="key").filter(pl.col("cutoff") <= pl.col("at"), pl.col("met") > pl.col("at"))
    rows = dict(both.sort("cutoff").group_by("place").agg(pl.col("row").last()).iter_rows())
    known = [
        replace(one, **said.forecast(rows[place])) if place in rows else one
        for place, one in enumerate(called.situations)
    ]
    return replace(called, situations=known), rows


def _event(row: int, playbook: Playbook, situation: Situation) -> Event:
    """What would have told of it."""
    found = situation.finding is not None
    return Event(
        id=f"as-if:{row}", source=derived.SOURCE, type=derived.FOUND if found else playbook.wakes_on,
        subject=situation.subject, time=situation.now, known_at=situation.now,
        data={"detector": playbook.wakes_on, "text": situation.finding} if found else {},
    )  # fmt: skip
