"""The audit before every training: what seems to know the answer is left out, unless somebody admitted it.

Nothing that is judged is looked at: every figure is from examples that were answered before the back-test's origin; of
a flat table, which has no order, from all, each read by what the others say.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from sightline.kernel.predict._matrix import Matrix
from sightline.kernel.predict.examples import Examples
from sightline.kernel.predict.facts import Facts
from sightline.kernel.predict.leaks.alone import alone
from sightline.kernel.predict.leaks.averages import averages
from sightline.kernel.predict.leaks.case import Case, Topic
from sightline.kernel.predict.leaks.dated import dated
from sightline.kernel.predict.leaks.eras import eras, twins
from sightline.kernel.predict.leaks.lift import lifts
from sightline.kernel.predict.leaks.suspect import Audit, Finding, Suspect
from sightline.language.question import Question, Value

ROUNDS = 3
"""How often the rest is looked at again after what brought too much was left out."""

UNMOVED = 0.99
"""The share of the answers that an attribute said at the cutoff already, from which on it is the answer."""

SHOWN = 5
"""The strongest that are shown beside."""


def audit(
    question: Question,
    asked: Examples,
    matrix: Matrix,
    facts: Facts,
    now: datetime,
    admitted: Mapping[str, str] | None = None,
    *,
    seed: int = 0,
    at: datetime | None = None,
) -> Audit:
    """Who is suspected before `question` is trained on `matrix` (a row per eligible example of `asked`).

    `facts`: those `asked` and `matrix` were made of, as known at `now`. `admitted`: reason by the name of a suspect or
    of one of its features; those are named with it and not left out. `at`: the origin, where it is not the usual one.
    Deterministic by `seed`.
    """
    case = Case.of(question, asked, matrix, facts, now, seed, at)
    case = replace(case, topics=tuple(one for one in case.topics if not _moves(case, one)))
    if not len(case.rows):
        return Audit(checked=len(matrix.specs), examples=0, suspects=())
    found: dict[str, list[Finding]] = {}
    strongest: list[tuple[str, float]] = []
    for topic in case.topics:
        findings, strengths = alone(case, topic)
        strongest += strengths
        for one in (*findings, *dated(case, topic), *averages(case, topic), *eras(case, topic)):
            found.setdefault(topic.what, []).append(one)
    for topic, one in _lifted(case, set(found), seed):
        found.setdefault(topic.what, []).append(one)
    suspects = list(_suspects(case, found, admitted or {}))
    left = frozenset(name for one in suspects if one.admitted is None for name in one.features)
    same = twins(case, left)
    if same is not None:
        suspects.append(Suspect.of("twins", (), [same], (admitted or {}).get("twins")))
    strongest.sort(key=lambda one: (-one[1], one[0]))
    return Audit(
        checked=len(matrix.specs), examples=len(case.rows), suspects=tuple(suspects), strongest=tuple(strongest[:SHOWN])
    )


def _moves(case: Case, topic: Topic) -> bool:
    """Whether it is the attribute asked about, as it stands: that is no answer where it changes until the deadline."""
    answer = case.question.answer
    if not isinstance(answer, Value) or (topic.kind, topic.name) != (case.question.of, answer.attribute):
        return False
    return topic.raw and case.asked.unmoved(case.rows, case.answers) < UNMOVED


def _lifted(case: Case, suspected: set[str], seed: int) -> Iterator[tuple[Topic, Finding]]:
    """Until nothing more is found: two that know the same hide each other only from a single look."""
    for _ in range(ROUNDS):
        left = {name for one in case.topics if one.what in suspected for name in one.reads}
        names = [spec.name for spec in case.matrix.specs if spec.name not in left]
        found = list(lifts(case, names, seed))
        yield from found
        if not found:
            return
        suspected |= {topic.what for topic, _ in found}


def _suspects(case: Case, found: Mapping[str, list[Finding]], admitted: Mapping[str, str]) -> Iterator[Suspect]:
    """In the order of the matrix."""
    for topic in case.topics:
        if topic.what in found:
            reasons = [admitted[name] for name in (topic.what, topic.name, *topic.reads) if name in admitted]
            yield Suspect.of(topic.what, topic.reads, found[topic.what], reasons[0] if reasons else None)
