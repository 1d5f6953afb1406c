"""Features as of each cutoff, made from the facts and the question alone; nobody writes them by hand.

Four families: what the subject is (attributes, links and the calendar of its cutoff: the naive baseline knows only
these), what happened to it, what became of earlier subjects linked to the same things and pairs of things, and the
drift of all answers. All expressions are Narwhals over lazy frames: joins, group-bys and cumulative sums.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain, combinations

import narwhals as nw
import polars as pl
import polars.selectors as cs

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
    """One row per eligible subject, in (cutoff, key) order; categories as text, everything else f32, missing null.

    In single precision: trees compare, they do not compute, and whole numbers (counts, hours) stay exact up to 2^24.
    """

    frame: pl.DataFrame
    specs: tuple[Spec, ...]


def features(question: Question, asked: Examples, facts: Facts) -> Table:
    """Every feature of every eligible subject as known at its own cutoff.

    Nothing that becomes known after a cutoff changes that subject's row. `facts` may be cut at any later moment.
    """
    eligible = asked.eligible
    subjects = nw.from_native(eligible.lazy()).select("key", "cutoff", "deadline", "exists_from")
    roles = _roles_at_cutoff(question, asked, facts)
    pairs = sorted((min(pair), max(pair)) for pair in combinations(roles[:MAX_PAIRED], 2))
    found = spans(question, asked, facts)
    drift = histories(found, EVERYWHERE)
    base = drift[0].select("key", base="drift.share_365")
    made = chain(
        (part(question, subjects, facts) for part in (attributes, happenings)),
        (calendar(subjects), drift),
        (histories(found, linked, base) for linked in [*((role,) for role in sorted(roles)), *pairs]),
    )
    frames, specs = [eligible.select("key")], []
    for frame, names in made:
        frames.append(_aligned(frame, eligible["key"]))
        specs += names
    return Table(frame=pl.concat(frames, how="horizontal"), specs=tuple(specs))


def _aligned(part: pl.DataFrame, keys: pl.Series) -> pl.DataFrame:
    """A part's features in the order of `keys`, the key itself dropped."""
    found = keys.to_frame().join(part.cast({cs.float(): pl.Float32}), on="key", how="left", maintain_order="left")
    return found.drop("key")


def _roles_at_cutoff(question: Question, asked: Examples, facts: Facts) -> list[str]:
    """The roles that point somewhere for a subject at its cutoff, by the first such cutoff.

    What comes later comes last, so that it changes no choice made before.
    """
    arrows = facts.links.filter(pl.col("kind") == question.of, pl.col("to").is_not_null())
    known = standing(arrows.join(asked.eligible.select("key", "cutoff"), on="key"), "cutoff")
    first = known.group_by("role").agg(pl.col("cutoff").min()).sort("cutoff", "role")
    return first["role"].to_list()
