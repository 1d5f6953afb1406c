"""Too good alone: what tells the answer by itself is more often a leak than a discovery.

Each feature is looked at by its value, and apart from that by whether it is there at all: what is filled in only once
the answer is known gives itself away by that. Histories of answers are made here, of what was mature, and not asked.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from sightline.kernel.predict._matrix import Floats
from sightline.kernel.predict.leaks.case import Case, Topic
from sightline.kernel.predict.leaks.suspect import Finding, Kind

SUSPICIOUS = 0.95
"""A strength alone from which on a feature is named; on five businesses no honest attribute came above .74."""

TELLING = 0.8
"""The same of its presence; the highest honest one was .69, of an order's quote that three in eight orders lack."""

FEWEST = 10
"""Examples with either answer, or with and without a value, below which nothing is said."""

SURE, RARE, TRACES = 0.99, 0.6, 20
"""An answer that at most `RARE` of all have must be that of `SURE` of those with a value, in so many clusters."""


def alone(case: Case, topic: Topic) -> tuple[list[Finding], list[tuple[str, float]]]:
    """What is suspicious of a topic, and the strength of each of its features."""
    strengths = [(case.matrix.specs[at].name, by_value(case, case.column(at))) for at in topic.columns]
    best = max((value for _, value in strengths), default=0.0)
    found = []
    if best >= SUSPICIOUS:
        clause = f"alone tells the answer ({case.figure} {best:.3f})"
        found.append(Finding(test=Kind.ALONE, clause=clause, figures={"alone": best}))
    if topic.raw:
        found += _present(case, topic)
    if topic.undated:
        found += _certain(case, topic)
    return found, strengths


def by_value(case: Case, values: Floats) -> float:
    """The strength of the values that are there; 0 with too few of either answer."""
    there = ~np.isnan(values)
    told = case.answers[there]
    if case.question.chance and min(told.sum(), len(told) - told.sum()) < FEWEST:
        return 0.0
    return case.strength(values[there], told) if len(told) >= 2 * FEWEST else 0.0


def _present(case: Case, topic: Topic) -> Iterator[Finding]:
    there = case.there(topic, case.rows)
    if min(there.sum(), len(there) - there.sum()) < FEWEST:
        return
    found = case.strength(there, case.answers)
    if found >= TELLING:
        clause = f"tells the answer by being there or not ({case.figure} {found:.3f})"
        yield Finding(test=Kind.PRESENCE, clause=clause, figures={"presence": found})


def _certain(case: Case, topic: Topic) -> Iterator[Finding]:
    """Whether the answer is always the same for those that do not hold the commonest value: few, so that it does not
    show in any figure over all.
    """
    if not case.question.chance or topic.link:
        return
    for at in topic.columns:
        values = np.nan_to_num(case.matrix.values[case.rows, at].astype(np.float64), nan=-np.inf)
        seen, often = np.unique(values, return_counts=True)
        differs = values != seen[often.argmax()]
        if not 2 * FEWEST <= differs.sum() <= len(values) / 2 or _clusters(case, differs) < TRACES:
            continue
        share, base = float(case.answers[differs].mean()), float(case.answers.mean())
        for word, here, all_ in ((case.question.yes, share, base), (case.question.no, 1 - share, 1 - base)):
            if here >= SURE and all_ <= RARE:
                clause = (
                    f"makes the answer '{word}' for {here:.0%} of the {differs.sum():,} it sets apart,"
                    f" {all_:.0%} of all"
                )
                yield Finding(test=Kind.CERTAIN, clause=clause, figures={"certain": here, "of_all": all_})
                return


def _clusters(case: Case, chosen: npt.NDArray[np.bool_]) -> int:
    return case.asked.eligible["cluster"][case.rows[chosen]].n_unique()
