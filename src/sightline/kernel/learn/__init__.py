"""Learn: what then happened, and what our acting changed."""

from sightline.kernel.learn.settle import settle

__all__ = ["settle"]
