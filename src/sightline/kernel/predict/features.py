"""Features as of each cutoff, made from the facts and the question alone; nobody writes them by hand.

What the subject is (attributes, links, words, and the calendar of its cutoff: the naive baseline knows only these),
what happened to it, the same of what it points at up to two links away, what became of earlier examples linked to the
same things and pairs of things, and the drift of all answers. What is counted and summed over histories is Narwhals
over lazy frames (joins, group-bys, running sums, which every engine has). How histories are cut into moments and what
stands at one (`_streams`, `_moments`, `_pairs`), extremes, gaps and words are Polars and numpy so far: they are what an
engine for a lake too big for one machine will have to be given besides.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

import polars as pl
import polars.selectors as cs

from sightline.kernel.predict._attributes import attributes, calendar, pointed, worded
from sightline.kernel.predict._happenings import age, happenings
from sightline.kernel.predict._linked import BEYOND, EVERYWHERE, ITSELF, histories, spans
from sightline.kernel.predict._moments import standing
from sightline.kernel.predict._queries import Part, targets
from sightline.kernel.predict._spec import Group, Spec
from sightline.kernel.predict.examples import Examples
from sightline.kernel.predict.facts import Facts
from sightline.language.question import Once, Question, Value

__all__ = ["Group", "Spec", "Table", "features"]

MAX_PAIRED = 8
"""Roles that are paired with each other: 28 pairs. More are dropped from pairing (not from single histories)."""

MAX_FAR = 12
"""Roles, and paths of two, whose things are looked at themselves."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One row per eligible example, in (cutoff, key) order; categories as text, everything else f32, missing null.

    In single precision: trees compare, they do not compute, and whole numbers (counts, hours) stay exact up to 2^24.
    """

    frame: pl.DataFrame
    """key, and a column per spec."""
    specs: tuple[Spec, ...]


def features(question: Question, asked: Examples, facts: Facts) -> Table:
    """Every feature of every eligible example as known at its own cutoff.

    Nothing that becomes known after a cutoff changes that example's row. `facts` may be cut at any later moment.
    """
    eligible = asked.eligible
    frames, specs = [eligible.select("key")], []
    for frame, names in _parts(question, asked, facts):
        frames.append(_aligned(frame, eligible["row"]))
        specs += names
    return Table(frame=pl.concat(frames, how="horizontal"), specs=tuple(specs))


def _parts(question: Question, asked: Examples, facts: Facts) -> Iterator[Part]:
    queries = _queries(question, asked, facts)
    # Of a flat table what is asked stands beside what is known; with time it is what it says now.
    flat = isinstance(question.when, Once)
    answer = (question.answer.attribute,) if isinstance(question.answer, Value) and flat else ()
    yield attributes(question.of, queries, facts, leave_out=answer)
    yield pointed(question.of, queries, facts)
    yield worded(question.of, queries, facts)
    yield happenings(question.of, queries, facts)
    yield age(asked.eligible)
    if not flat:
        yield calendar(asked.eligible)
    yield from _far(question.of, queries, facts)
    if not flat:
        yield from _answers(question, asked, facts)


def _queries(question: Question, asked: Examples, facts: Facts) -> pl.DataFrame:
    """row, key, cutoff: what is asked of the facts. A flat table is read as it stands, whenever it was said."""
    queries = asked.eligible.select("row", "key", "cutoff")
    if isinstance(question.when, Once):
        last = facts.seen["known_at"].max()
        queries = queries.with_columns(cutoff=pl.max_horizontal("cutoff", pl.lit(last, queries.schema["cutoff"])))
    return queries


def _far(of: str, queries: pl.DataFrame, facts: Facts) -> Iterator[Part]:
    """What the subject points at: its attributes and happenings, and those of what it points at in turn."""
    kind = facts.kinds.get(of)
    left = MAX_FAR
    for link in kind.links if kind else ():
        at = targets(of, link.name, queries, facts)
        if at.is_empty() or left <= 0:
            continue
        left -= 1
        yield attributes(link.to, at, facts, path=(link.name,))
        yield happenings(link.to, at, facts, path=(link.name,))
        further = facts.kinds.get(link.to)
        for second in further.links if further else ():
            beyond = targets(link.to, second.name, at, facts)
            if beyond.is_empty() or second.to == of or left <= 0:
                continue
            left -= 1
            yield attributes(second.to, beyond, facts, path=(link.name, second.name))
            yield happenings(second.to, beyond, facts, path=(link.name, second.name))


def _answers(question: Question, asked: Examples, facts: Facts) -> Iterator[Part]:
    """What became of earlier examples."""
    found = spans(question, asked, facts)
    roles = _roles_at_cutoff(question, asked, facts)
    pairs = sorted((min(pair), max(pair)) for pair in combinations(roles[:MAX_PAIRED], 2))
    drift = histories(found, EVERYWHERE)
    yield drift
    base = drift[0].select("row", base="drift.share_365")
    paths = sorted(role for role in found.arrows["role"].unique() if BEYOND in role or role == ITSELF)
    for linked in [*((role,) for role in (*sorted(roles), *paths)), *pairs]:
        yield histories(found, linked, base)


def _aligned(part: pl.DataFrame, rows: pl.Series) -> pl.DataFrame:
    """A part's features in the order of `rows`, the row itself dropped."""
    found = rows.to_frame().join(part.cast({cs.float(): pl.Float32}), on="row", how="left", maintain_order="left")
    return found.drop("row")


def _roles_at_cutoff(question: Question, asked: Examples, facts: Facts) -> list[str]:
    """The roles that point somewhere for a subject at its cutoff, by the first such cutoff.

    What comes later comes last, so that it changes no choice made before.
    """
    arrows = facts.links.filter(pl.col("kind") == question.of, pl.col("to").is_not_null())
    known = standing(arrows.join(asked.eligible.select("key", "cutoff"), on="key"), "cutoff")
    first = known.group_by("role").agg(pl.col("cutoff").min()).sort("cutoff", "role")
    return first["role"].to_list()
