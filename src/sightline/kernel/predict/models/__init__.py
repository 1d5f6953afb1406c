"""The ladder of models, simplest first."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sightline.kernel.predict.models.boosted import RUNGS as BOOSTED
from sightline.kernel.predict.models.boosted import Trees
from sightline.kernel.predict.models.explainable import Curves, Explainable
from sightline.kernel.predict.models.linear import Line, Linear
from sightline.kernel.predict.models.prior import Prior, Usual
from sightline.kernel.predict.models.rung import Fitted, Lessons, Rung, Task
from sightline.language.errors import Unprovable

LADDER: tuple[Rung, ...] = (Prior(), Linear(), Explainable(), *BOOSTED)
"""All rungs, simplest first."""

READERS: dict[str, Callable[[dict[str, Any]], Fitted]] = {
    "prior": Usual.read,
    "logistic": Line.read,
    "explainable": Curves.read,
    "boosted small": Trees.read,
    "boosted": Trees.read,
}


def ladder(task: Task, lessons: Lessons) -> list[Rung]:
    """The rungs that can be tried here, simplest first; the prior always can."""
    return [rung for rung in LADDER if rung.suits(task, lessons)]


def read(document: dict[str, Any]) -> Fitted:
    """What a rung's `document` gave. Raises Unprovable when it was damaged or written by another version."""
    try:
        return READERS[document["rung"]](document)
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        raise Unprovable(f"The model on file cannot be read ({error}).", hint="Train the question again.") from None
