"""Lots: drawn by hash, so that they need no table, stay the same for ever and can be drawn again by anybody."""

from __future__ import annotations

import hashlib

from sightline.language.experiment import Experiment
from sightline.language.ref import Ref


def lot(name: str, party: Ref | str) -> float:
    """Between 0 and 1: the same for ever, uniform over parties, and unrelated between names. A party is in the hold-out
    of a playbook of that name where this lies below the share held out.
    """
    digest = hashlib.sha256(f"{name}\0{party}".encode()).digest()
    return int.from_bytes(digest[:8], "big") / 2**64


def assigned(experiment: Experiment, party: Ref) -> str:
    """The arm of a party; pure, and the same for ever."""
    drawn, until = lot(experiment.name, party), 0.0
    for arm, share in zip(experiment.arms, experiment.shares, strict=True):
        until += share
        if drawn < until:
            return arm
    return experiment.arms[-1]
