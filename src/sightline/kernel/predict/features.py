"""Features as of each cutoff, made from the facts and the question alone; nobody writes them by hand.

Four families: what the subject is (attributes, links and the calendar of its cutoff: the naive baseline knows only
these), what happened to it, what became of earlier subjects linked to the same things and pairs of things, and the
drift of all answers. All expressions are Narwhals over lazy frames: joins, group-bys and cumulative sums.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from itertools import combinations

import narwhals as nw
import polars as pl

from sightline.kernel.predict._linked import EVERYWHERE, histories, spans
from sightline.kernel.predict._own import attributes, calendar, happenings
from sightline.kernel.predict._spec import Group, Spec
from sightline.kernel.predict.examples import Examples, standing
from sightline.kernel.predict.facts import Facts
from sightline.language.question import Question

__all__ = ["Group", "Spec", "Table", "features"]

MAX_PAIRED = 8
"""Roles that are paired with each other: 28 pairs. More are dropped from pairing (not from single histories)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One row per eligible subject, in (cutoff, key) order; categories as text, everything else f64, missing null."""

    frame: pl.DataFrame
    specs: tuple[Spec, ...]

    def of_groups(self, *groups: Group) -> tuple[Spec, ...]:
        """The features of these groups."""
        return tuple(s for s in self.specs if s.group in groups)


def features(question: Question, asked: Examples, facts: Facts) -> Table:
    """Every feature of every eligible subject as known at its own cutoff.

    Nothing that becomes known after a cutoff changes that subject's row. `facts` may be cut at any later moment.
    """
    eligible = asked.eligible
    subjects = nw.from_native(eligible.lazy()).select("key", "cutoff", "deadline", "exists_from")
    parts = [attributes(question, subjects, facts), happenings(question, subjects, facts), calendar(subjects)]
    roles = _roles_at_cutoff(question, asked, facts)
    pairs = sorted((min(pair), max(pair)) for pair in combinations(roles[:MAX_PAIRED], 2))
    roles = sorted(roles)
    found = spans(question, asked, facts)
    drift = histories(found, EVERYWHERE)
    base = drift[0].select("key", base="drift.share_365")
    parts.append(drift)
    parts += [histories(found, linked, base) for linked in [*((role,) for role in roles), *pairs]]
    frame = reduce(
        lambda left, right: left.join(right, on="key", how="left"), (p[0] for p in parts), eligible.select("key")
    )
    return Table(frame=frame, specs=tuple(s for p in parts for s in p[1]))


def _roles_at_cutoff(question: Question, asked: Examples, facts: Facts) -> list[str]:
    """The roles that point somewhere for a subject at its cutoff, by the first such cutoff.

    What comes later comes last, so that it changes no choice made before.
    """
    arrows = facts.links.filter(pl.col("kind") == question.of, pl.col("to").is_not_null())
    known = standing(arrows.join(asked.eligible.select("key", "cutoff"), on="key"), "cutoff")
    first = known.group_by("role").agg(pl.col("cutoff").min()).sort("cutoff", "role")
    return first["role"].to_list()
