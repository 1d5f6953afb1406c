"""What a proof takes for granted, and what is odd about what it was given, in plain sentences."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import numpy as np

from sightline.kernel.predict.backtest import Backtest
from sightline.kernel.predict.leaks import UNMOVED
from sightline.kernel.predict.limits import MIN_JUDGED
from sightline.kernel.predict.models.choose import PRIOR
from sightline.kernel.predict.prepare import Prepared
from sightline.language.kind import Attribute, Link
from sightline.language.question import Once, Value
from sightline.language.time import DAWN

HANDFUL = 50
"""Answers below which it is said how little a forecast from them means."""

CONTINUED = ("count", "total", "next")
"""Forms of answers that the subject's own past could go on to (`naive.own_rate`)."""

ANSWERED = "answered_before_cutoff"
"""The reason not to ask a subject whose answer is known (`examples.Excluded`)."""


def assumptions(prepared: Prepared) -> list[str]:
    """What nobody recorded and the proof takes for granted, in sentences."""
    kind = prepared.kind
    parts: dict[str | None, list[str]] = {}
    declared: list[Attribute | Link] = [*kind.attributes, *kind.links] if kind else []
    for one in declared:
        if one.assumed:
            parts.setdefault(one.known_by, []).append(one.words)
    found = [*kind.taken] if kind else []
    for event, names in parts.items():
        since = f"Known from {event} on; where nothing dates that, assumed" if event else "Assumed"
        found.append(f"{since} to have been known from the start: {', '.join(names)}.")
    undated = prepared.population.undated
    if undated:
        total = prepared.asked.eligible.height
        found.append(
            f"{undated:,} of {total:,} subjects have no dated beginning: assumed to have existed from the start"
            f" ({DAWN.date()})."
        )
    return found


def oddities(prepared: Prepared, test: Backtest) -> list[str]:
    """Why little or nothing can be learned or judged here; empty where nothing is odd."""
    return [*_asked(prepared), *_answers(prepared, test), *_features(prepared), *_judging(test), *_past(test)]


def _asked(prepared: Prepared) -> Iterator[str]:
    excluded, eligible = prepared.population.excluded, prepared.asked.eligible.height
    answered, all_ = excluded.get(ANSWERED, 0), eligible + sum(excluded.values())
    many = f"{prepared.question.of.replace('_', ' ')}s"
    if not all_:
        yield f"No {many} are known: there is nobody to ask."
    elif answered and answered >= 0.9 * all_:
        yield (
            f"Of {answered:,} of {all_:,} {many} the answer is known before they are asked: that is no forecast."
            " Ask earlier."
        )
    elif not eligible:
        reason, count = max(excluded.items(), key=lambda item: item[1])
        yield f"None of {all_:,} {many} can be asked; {count:,} because of: {reason.replace('_', ' ')}."


def _said_already(prepared: Prepared, test: Backtest) -> Iterator[str]:
    question = prepared.question
    rows = np.flatnonzero(~np.isnan(test.truth))
    if not isinstance(question.answer, Value) or isinstance(question.when, Once) or not len(rows):
        return
    share = prepared.asked.unmoved(rows, test.truth[rows])
    if share >= UNMOVED:
        yield (
            f"For {share:.0%} of {len(rows):,} answers {question.answer.attribute} said at the cutoff already what it"
            " says in the end: that is no forecast. Ask earlier, or say by what event it becomes known."
        )


def _answers(prepared: Prepared, test: Backtest) -> Iterator[str]:
    eligible, known = prepared.asked.eligible, test.truth[~np.isnan(test.truth)]
    if eligible.height and not len(known):
        yield _too_long(prepared)
    elif 0 < len(known) < HANDFUL:
        yield f"Only {len(known):,} answers are known: what is usual among so few says little, and intervals are wide."
    yield from _said_already(prepared, test)
    if len(known) and known.min() == known.max():
        told = f"{known[0]:g}"
        if test.task.chance:
            told = f"'{prepared.question.yes if known[0] else prepared.question.no}'"
        yield f"All {len(known):,} answers known are the same, {told}: there is nothing to tell apart."
    censored = int((~test.observed & ~np.isnan(test.truth)).sum())
    if censored:
        yield f"Of {len(known):,} answers {censored:,} are only known to lie beyond the time waited for."


def _too_long(prepared: Prepared) -> str:
    eligible = prepared.asked.eligible
    ahead = eligible.filter(eligible["matures_at"] > prepared.now)["matures_at"].min()
    first = f" The first counts on {ahead:%Y-%m-%d}." if isinstance(ahead, datetime) else ""
    spans = (eligible["matures_at"] - eligible["cutoff"]).drop_nulls()
    reach = prepared.now - eligible["cutoff"].min()  # type: ignore[operator]
    longest = spans.min()
    if isinstance(longest, timedelta) and isinstance(reach, timedelta) and longest > reach:
        return (
            f"No answer is in yet: it is waited for {longest.days:,} days, and the history of those asked reaches back"
            f" {reach.days:,} days.{first}"
        )
    return f"No answer is in yet.{first}"


def _features(prepared: Prepared) -> Iterator[str]:
    if prepared.asked.eligible.height and np.isnan(prepared.matrix.values).all():
        yield "Nothing is known of those asked by the time they are: all features are missing."


def _judging(test: Backtest) -> Iterator[str]:
    if test.timeless:
        yield "The subjects have no time: they are judged in random parts, which says nothing of how things change."
    if test.thinned:
        yield f"The time did not suffice for more than {len(test.folds)} folds."
    if test.chosen.untried and test.chosen.choice is not None:
        yield f"The time did not suffice to try: {', '.join(test.chosen.untried)}."
    if test.folds and len(np.unique(test.clusters[test.judged])) < MIN_JUDGED:
        yield f"Fewer than {MIN_JUDGED} independent subjects were judged."


def _past(test: Backtest) -> Iterator[str]:
    """A baseline that is missing is said, lest the model seem to have been held against it."""
    compared = test.folds and test.chosen.rung != PRIOR and test.task.form in CONTINUED
    if compared and np.isnan(test.own[test.judged]).all():
        why = "it is counted without the filter of the answer" if test.task.filtered else "no feature tells of it"
        yield f"What the subjects' own past goes on to is not among what the model is held against: {why}."
