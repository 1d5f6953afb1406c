"""Learn: what then happened, what our acting changed, and whether what is on duty still holds."""

from sightline.foundation.turn import Turn
from sightline.kernel.learn import invariants
from sightline.kernel.learn.settle import settle
from sightline.kernel.learn.study import study
from sightline.kernel.learn.watching import watch_models

__all__ = ["settle", "study", "watch"]


async def watch(turn: Turn) -> None:
    """Look at what must always be true, and at the models on duty."""
    await invariants.watch(turn)
    await watch_models(turn)
