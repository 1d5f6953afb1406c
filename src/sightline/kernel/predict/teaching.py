"""What a question is trained on: everything known that no audit suspects, and of that what is worth keeping."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from sightline.kernel.predict.facts import Facts
from sightline.kernel.predict.leaks import audit
from sightline.kernel.predict.limits import decided
from sightline.kernel.predict.prepare import Prepared
from sightline.kernel.predict.prune import learnable, prune
from sightline.kernel.predict.stopping import Stopping, check
from sightline.kernel.predict.tasks import task_of
from sightline.kernel.predict.treatment import Treatment
from sightline.language.question import Question


def teachable(
    question: Question,
    facts: Facts,
    now: datetime,
    *,
    seed: int = 0,
    treatment: Treatment | None = None,
    admitted: Mapping[str, str] | None = None,
    origin: datetime | None = None,
    cancelled: Stopping | None = None,
) -> Prepared:
    """The question prepared for training at `now`, with its audit.

    `admitted`: of what the audit suspects (an attribute, a link, an event, or a feature), what is used nevertheless,
    each with the reason. `origin`: from when on it will be judged; the usual one by default (`limits.decided`). Nothing
    of the judged part is looked at. Deterministic by `seed`. Raises Cancelled when `cancelled()` says so.
    """
    known = facts.until(now)
    prepared = Prepared.of(question, known, now, treatment=treatment)
    check(cancelled)
    at = origin or decided(prepared.asked, now)
    found = audit(question, prepared.asked, prepared.matrix, known, now, admitted, seed=seed, at=at)
    check(cancelled)
    clean = prepared.matrix.only([spec for spec in prepared.matrix.specs if spec.name not in found.left_out])
    rows, answers = learnable(prepared.asked, at)
    kept = prune(clean, rows, answers, task_of(question, seed))
    return replace(prepared, matrix=kept, whole=prepared.matrix, audit=found.document(), decided=at)
