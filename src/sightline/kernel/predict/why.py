"""Why something was said, of whom nobody had asked yet: from what was known at the cutoff, kept beside the prediction.

It takes as long as to make the features of everybody: what is linked to a subject is no other way to be had.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING

from sightline.foundation.db.session import Transaction
from sightline.foundation.lake import Lake
from sightline.kernel.predict import registry
from sightline.kernel.predict.known import known
from sightline.language.catalog import Catalog
from sightline.language.errors import Unprovable
from sightline.language.kind import Kind
from sightline.language.prediction import Reason
from sightline.language.question import Every, Question

if TYPE_CHECKING:
    from sightline.kernel.predict.facts import Facts

Asked = tuple[str, datetime]
"""A subject's key and its cutoff."""

MOST_DAYS = 3
"""Cutoffs of a question asked again and again that are explained at once: the features are made for each."""

_log = logging.getLogger(__name__)


async def explain(
    tx: Transaction, lake: Lake, catalog: Catalog, question: Question, asked: Collection[Asked], now: datetime
) -> dict[Asked, tuple[Reason, ...]]:
    """The reasons of what the model on duty said of these, which are kept; nothing for what it would not say now."""
    model = await registry.champion(tx, question) if asked else None
    if model is None or not model.usable:
        return {}
    facts = await known(tx, lake, catalog.kinds)
    found = await asyncio.to_thread(_explained, question, catalog.kinds.get(question.of), model, facts, asked, now)
    await registry.keep_reasons(tx, question, model.version, found)
    return found


def _explained(
    question: Question, kind: Kind | None, model: registry.Model, facts: Facts, asked: Collection[Asked], now: datetime
) -> dict[Asked, tuple[Reason, ...]]:
    import numpy as np

    from sightline.kernel.predict.explain import explain as explain_rows
    from sightline.kernel.predict.prepare import Prepared
    from sightline.kernel.predict.trained import Trained

    try:
        trained = Trained.load(model.document)
    except Unprovable as error:
        _log.warning("Nothing is explained of '%s': %s", question.name, error)
        return {}
    again = isinstance(question.when, Every)
    moments = sorted({cutoff for _, cutoff in asked}, reverse=True)[:MOST_DAYS] if again else [now]
    found: dict[Asked, tuple[Reason, ...]] = {}
    for moment in moments:
        prepared = Prepared.of(question, facts, moment, also_now=again)
        eligible = prepared.asked.eligible
        rows = {one: row for row, one in enumerate(zip(eligible["key"], eligible["cutoff"], strict=True))}
        these = [one for one in asked if one in rows and (not again or one[1] == moment)]
        matrix = prepared.matrix.rows(np.array([rows[one] for one in these], np.int64))
        found |= dict(zip(these, explain_rows(trained, question, kind, matrix), strict=True))
    return found
