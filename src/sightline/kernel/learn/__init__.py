"""Learn: what then happened, and what our acting changed."""

from sightline.kernel.learn.invariants import watch
from sightline.kernel.learn.settle import settle
from sightline.kernel.learn.study import study

__all__ = ["settle", "study", "watch"]
