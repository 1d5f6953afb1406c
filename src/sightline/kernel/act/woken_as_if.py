"""Whom facts would have woken since a day, read from histories: what happened, and what a detector would have found.

As on duty (see `waking` and `reason.detect`): an event wakes when it first becomes known, and a finding when it first
appears. What only corrects an event wakes nobody.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import polars as pl

from sightline.kernel.know.situations import deadline_of, readable, worth_of
from sightline.kernel.predict._moments import history, moments
from sightline.kernel.predict.as_if import AsIf, attributes_then, links_then
from sightline.kernel.predict.facts import INSTANT, NEVER, Facts
from sightline.kernel.predict.stopping import Stopping, check
from sightline.language import derived
from sightline.language.catalog import Catalog
from sightline.language.event import Event
from sightline.language.playbook import Detector, Playbook, Situation
from sightline.language.question import Question
from sightline.language.ref import Ref

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Calls:
    """Whom facts woke, by moment; aligned."""

    situations: list[Situation]
    events: list[Event]


def calls(
    playbook: Playbook, catalog: Catalog, facts: Facts, since: datetime, now: datetime, *,
    corrections: Sequence[int] = (), cancelled: Stopping | None = None,
) -> Calls:  # fmt: skip
    """Whom facts would have woken after `since` and until `now`, each as it was known at that moment.

    `corrections`: positions of events that only correct others. Raises Cancelled.
    """
    question = catalog.question(playbook.question)
    detector = catalog.detectors.get(playbook.wakes_on)
    if detector is None:
        asked = happened(facts, question.of, playbook.wakes_on, since, now, corrections)
        found = situations(question, catalog, facts, asked)
    else:
        looked = _found(detector, catalog, facts, now, cancelled)
        found = [_of(question, one) for one in looked if one.now > since]
    found.sort(key=lambda one: (one.now, one.subject.key))
    return Calls(situations=found, events=[_event(row, playbook, one) for row, one in enumerate(found)])


def happened(
    facts: Facts, kind: str, event: str, since: datetime, now: datetime, corrections: Sequence[int] = ()
) -> pl.DataFrame:  # fmt: skip
    """key, cutoff: when each event of this sort first became known."""
    known = pl.col("known_from")
    found = facts.happenings.filter(
        pl.col("kind") == kind, pl.col("type") == event, known > since, known <= now,
        ~pl.col("position").is_in(list(corrections)),
    )  # fmt: skip
    return found.select("key", cutoff="known_from").sort("cutoff", "key")


def stretches(question: Question, facts: Facts, now: datetime) -> pl.DataFrame:
    """key, begins, ends: while a deadline has passed and what was awaited by then is not known, of those that begin
    until `now`. `question`: one by which something can be overdue (see `Catalog`).
    """
    due = _due(question, facts)
    came = facts.happenings.filter(pl.col("kind") == question.of, pl.col("type") == question.event)
    came = came.select("key", "known_from", gone=pl.col("known_until").fill_null(NEVER))
    # What was known to have come and is taken back is awaited again.
    again = due.join(came, on="key").filter(pl.col("gone") > pl.col("begins"), pl.col("gone") < pl.col("ends"))
    both = pl.concat([due, again.select("key", begins="gone", ends="ends")]).unique()
    both = both.join(came, on="key", how="left")
    known = (pl.col("known_from") <= pl.col("begins")) & (pl.col("gone") > pl.col("begins"))
    later = pl.when(pl.col("known_from") > pl.col("begins")).then("known_from")
    open_ = both.group_by("key", "begins", "ends").agg(known=known.any(), came=later.min())
    open_ = open_.filter(~pl.col("known").fill_null(value=False), pl.col("begins") <= now)
    return _joined(open_.select("key", "begins", ends=pl.min_horizontal("ends", "came")))


def _joined(open_: pl.DataFrame) -> pl.DataFrame:
    """One stretch where one ends as the next begins: overdue by another day, but overdue."""
    ordered = open_.sort("key", "begins")
    apart = pl.col("begins") > pl.col("ends").cum_max().shift(1).over("key")
    stints = ordered.with_columns(stint=apart.fill_null(value=True).cum_sum().over("key"))
    joined = stints.group_by("key", "stint").agg(pl.col("begins").min(), pl.col("ends").max())
    return joined.drop("stint").sort("key", "begins")


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
    detector: Detector, catalog: Catalog, facts: Facts, now: datetime, cancelled: Stopping | None
) -> list[Situation]:  # fmt: skip
    """What a detector would ever have found, looking on each day of each stretch until it finds something."""
    question = catalog.question(detector.question)
    if not catalog.can_be_overdue(question):
        return []
    found: list[Situation] = []
    open_ = stretches(question, facts, now)
    while open_.height:
        check(cancelled)
        looked = situations(question, catalog, facts, open_.select("key", cutoff="begins"))
        seen = [detector.look(one) if one.deadline else None for one in looked]
        found += [replace(one, finding=it.text) for one, it in zip(looked, seen, strict=True) if it]
        wait = [it is None and one.deadline is not None for one, it in zip(looked, seen, strict=True)]
        later = open_.filter(pl.Series(wait, dtype=pl.Boolean))
        later = later.with_columns(begins=pl.col("begins").dt.truncate("1d") + DAY)
        open_ = later.filter(pl.col("begins") < pl.min_horizontal("ends", pl.lit(now, INSTANT)))
    return found


def _of(question: Question, found: Situation) -> Situation:
    """What was found, as a playbook's own question has its deadline and what is at stake."""
    said = found.attributes
    return replace(found, deadline=deadline_of(question, said), worth=worth_of(question, said))


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

    That is what was said as of its last cutoff by then, unless its answer was known before.
    """
    moments_ = [(row, one.subject.key, one.now) for row, one in enumerate(called.situations)]
    asked = pl.DataFrame(moments_, schema={"place": pl.UInt32, "key": pl.String, "at": INSTANT}, orient="row")
    told = said.asked.select("key", "cutoff").with_row_index("row").with_columns(met=said.met)
    both = asked.join(told, on="key").filter(pl.col("cutoff") <= pl.col("at")).sort("cutoff")
    last = both.group_by("place").agg(pl.col("row", "at", "met").last())
    rows = dict(last.filter(pl.col("met") >= pl.col("at")).select("place", "row").iter_rows())
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
