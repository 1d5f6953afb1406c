"""Reason: what is worth a look."""

from sightline.kernel.reason.detect import detect

__all__ = ["detect"]
