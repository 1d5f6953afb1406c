"""Predict: answers about the future, with their proof."""

from sightline.kernel.predict.at_once import waiting
from sightline.kernel.predict.rescore import linked, rescore

__all__ = ["linked", "rescore", "waiting"]
