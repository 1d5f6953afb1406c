"""Predict: answers about the future, with their proof."""

from sightline.kernel.predict.rescore import rescore

__all__ = ["rescore"]
