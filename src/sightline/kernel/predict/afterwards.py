"""What a question's answer comes to within a time after any moment, as if it had been asked then for so long.

It is read as answers are read (see `readings`): with conditions on events, events of what is linked to the subject,
amounts, and what late records corrected.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from sightline.language.question import Absent, Happens, Question

if TYPE_CHECKING:
    from sightline.kernel.predict.facts import Facts

Span = tuple[str, datetime, datetime]
"""A subject's key, a moment, and the end of the time after it."""


def afterwards(question: Question, facts: Facts, spans: Sequence[Span], now: datetime) -> list[float | None]:
    """The answer within each span as known at `now`, aligned with them: 1 or 0, a quantity, or days until (None: it did
    not happen in it).

    `question` waits for an event. `facts` are as known at `now`.
    """
    import polars as pl

    from sightline.kernel.predict.facts import INSTANT
    from sightline.kernel.predict.readings import readings

    asked = pl.DataFrame(
        [(row, key, begins, ends, ends) for row, (key, begins, ends) in enumerate(spans)],
        schema={"row": pl.UInt32, "key": pl.String, "cutoff": INSTANT, "deadline": INSTANT, "matures_at": INSTANT},
        orient="row",
    )
    until = pl.col("known_until")
    found = readings(_within(question), asked, facts)
    found = found.filter(pl.col("known_from") <= now, until.is_null() | (until > now))
    read = dict(found.select("row", "value").iter_rows())
    return [read.get(row) for row in range(len(spans))]


def _within(question: Question) -> Question:
    """The same, asking for what happens within a span, whatever day its own answer waits until."""
    answer = question.answer
    if isinstance(answer, Absent):
        return replace(question, answer=replace(answer, until=None))
    return replace(question, answer=replace(answer, by=None)) if isinstance(answer, Happens) else question
