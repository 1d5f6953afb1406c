"""Who is asked now, in windows beside those of the training, in words. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import numpy as np
import numpy.typing as npt

from sightline.kernel.learn.moved import Moved, moved, said
from sightline.kernel.predict._spec import Group, Spec
from sightline.kernel.predict.clock import Clock, microseconds
from sightline.kernel.predict.phrases import Words, of_roles
from sightline.kernel.predict.prepare import Prepared
from sightline.kernel.predict.trained import Trained
from sightline.kernel.predict.windows import Asked, Reference, clusters_of, later

Floats = npt.NDArray[np.float64]

SHOWN = 5
"""Series that are told of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """How one series moved."""

    feature: str
    called: str
    """In words."""
    how: str
    """Part of a sentence: which part of its range, and how many more or fewer."""
    since: datetime
    evidence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """How clear a movement was at the end of a window."""

    at: datetime
    """When its first was asked."""
    evidence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """Who was asked since the training, beside who was asked before."""

    clusters: int
    """In a window."""
    before: int
    """Windows of the training."""
    windows: tuple[Window, ...]
    """Since then."""
    alarm: bool
    shifts: tuple[Shift, ...]
    """The clearest series, where any tells anything."""


def compare(
    trained: Trained, kept: Reference, prepared: Prepared, words: Words | None, accepted: datetime | None = None
) -> Compared:
    """The windows since the training.

    Args: `prepared` all that is known by now; `accepted` by when somebody said that it is well as it is: what was
    asked until then is as usual as what was asked before the training.
    """
    found, began = later(kept, _asked(trained, prepared, kept.until))
    if accepted is not None:
        usual = int((began <= microseconds(accepted)).sum())
        series = [
            replace(one, past=np.concatenate([one.past, new[:usual]]))
            for one, new in zip(kept.series, found, strict=True)
        ]
        kept, found, began = replace(kept, series=tuple(series)), [new[usual:] for new in found], began[usual:]
    begins = [datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=int(at)) for at in began]
    result = moved(kept, found)
    last = result.alarm if result.alarm is not None else len(begins) - 1
    return Compared(
        clusters=kept.clusters,
        before=max((len(one.past) for one in kept.series), default=0),
        windows=tuple(
            Window(at=at, evidence=float(np.exp(min(told, 100.0))))
            for at, told in zip(begins, result.evidence, strict=True)
        ),
        alarm=result.alarm is not None,
        shifts=tuple(
            _shift(name, kept, found, result, last, begins, words)
            for name in (result.strongest(last)[:SHOWN] if last >= 0 else ())
        ),
    )


def _asked(trained: Trained, prepared: Prepared, until: datetime) -> Asked:
    """Whoever was asked since, with what the model says of them."""
    cutoff = Clock.of(prepared.asked).cutoff
    rows = np.flatnonzero((cutoff > microseconds(until)) & (cutoff <= microseconds(prepared.now)))
    matrix = prepared.matrix.rows(rows)
    told = trained.tell(matrix).value if len(rows) else np.zeros(0)
    return Asked(cutoff=cutoff[rows], cluster=clusters_of(prepared.asked.eligible)[rows], matrix=matrix, said=told)


def _shift(
    name: str, kept: Reference, found: Sequence[Floats], result: Moved, last: int, begins: Sequence[datetime],
    words: Words | None,
) -> Shift:  # fmt: skip
    place = next(at for at, one in enumerate(kept.series) if one.name == name)
    series, first = kept.series[place], result.since(name, last)
    return Shift(
        feature=name,
        called=called(series.spec, words),
        how=said(series, series.past.sum(axis=0), found[place][first : last + 1].sum(axis=0)),
        since=begins[first],
        evidence=float(np.exp(min(float(result.accounts[result.names.index(name), last]), 100.0))),
    )


def called(spec: Spec | None, words: Words | None) -> str:
    """A series as a person calls it; `spec`: None of what is said."""
    if spec is None:
        return "what is forecast"
    if words is None:
        return spec.name
    if spec.group is Group.ATTRIBUTE:
        return words.link(spec.of[0]) if spec.measure == "target" else words.attribute(spec.of[0])
    measure = spec.measure.replace("_", " ")
    if spec.group in {Group.LINK, Group.PAIR, Group.DRIFT}:
        return f"what became of earlier ones {of_roles(words, spec.of)} ({measure})"
    return f"what is known of {' and '.join(one.replace('_', ' ') for one in spec.of)} ({measure})"
