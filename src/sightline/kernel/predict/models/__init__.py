"""The ladder of models, simplest first."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from typing import Any

from sightline.kernel.predict.models import blend
from sightline.kernel.predict.models.blend import Blend
from sightline.kernel.predict.models.boosted import RUNGS as BOOSTED
from sightline.kernel.predict.models.boosted import Trees
from sightline.kernel.predict.models.catboosted import Catboosted, Oblivious
from sightline.kernel.predict.models.dying import Alive, Dying
from sightline.kernel.predict.models.explainable import Curves, Explainable
from sightline.kernel.predict.models.linear import Line, Linear
from sightline.kernel.predict.models.prior import Prior, Usual
from sightline.kernel.predict.models.rung import Fitted, Lessons, Rung, Task
from sightline.kernel.predict.models.survival import Hazards, Survival
from sightline.language.errors import Misconfigured, Unprovable

BLENDED: tuple[Rung, ...] = (Linear(), Dying(), Explainable(), *BOOSTED, Survival())
"""The rungs a blend is made of, as far as they suit."""

LADDER: tuple[Rung, ...] = (Prior(), *BLENDED, Blend(of=BLENDED))
"""All rungs, simplest first."""

EXTRAS: tuple[Rung, ...] = (Catboosted(),)
"""Tried only when asked for."""


def ladder(task: Task, lessons: Lessons) -> list[Rung]:
    """The rungs that can be tried here, simplest first; the prior always can. Where the task wants `extras` also
    CatBoost, where it is installed: it takes as long as all others together.
    """
    return [rung for rung in (*LADDER, *(EXTRAS if task.extras else ())) if rung.suits(task, lessons)]


def check_extras() -> None:
    """Raises Misconfigured where what is tried only when asked for is not installed."""
    if importlib.util.find_spec("catboost") is None:
        raise Misconfigured(
            "`predict.extras` has CatBoost tried, which is not installed.",
            hint="Install it: pip install 'sightline[catboost]'. Or set predict.extras to false.",
        )


def read(document: dict[str, Any]) -> Fitted:
    """What a rung's `document` gave. Raises Unprovable when it was damaged or written by another version."""
    try:
        return READERS[document["rung"]](document)
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        raise Unprovable(f"The model on file cannot be read ({error}).", hint="Train the question again.") from None


READERS: dict[str, Callable[[dict[str, Any]], Fitted]] = {
    "prior": Usual.read,
    "logistic": Line.read,
    "buy till you die": Alive.read,
    "explainable": Curves.read,
    "boosted small": Trees.read,
    "boosted": Trees.read,
    "catboost": Oblivious.read,
    "survival": Hazards.read,
    "blend": blend.reader(read),
}
