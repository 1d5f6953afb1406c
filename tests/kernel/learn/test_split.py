"""A broken split is told beyond doubt, a sound one left alone however often it is looked at."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sightline.kernel.learn.split import split


def test_a_split_that_is_off_is_broken_and_one_that_is_right_is_not() -> None:
    assert not split((900, 100), (0.9, 0.1)).broken
    assert not split((920, 80), (0.9, 0.1)).broken
    assert split((960, 40), (0.9, 0.1)).broken
    assert split((440, 280, 280), (1 / 3, 1 / 3, 1 / 3)).broken


def test_looked_at_after_every_party_a_sound_split_is_never_called_broken() -> None:
    drawn = np.cumsum(np.random.default_rng(3).random((200, 400)) < 0.1, axis=1)
    called = [
        any(split((number + 1 - int(kept), int(kept)), (0.9, 0.1)).broken for number, kept in enumerate(row))
        for row in drawn
    ]
    assert sum(called) <= 1


@given(st.integers(0, 50), st.integers(0, 50))
def test_nobody_and_few_are_no_evidence(one: int, other: int) -> None:
    assert split((0, 0), (0.5, 0.5)).evidence == 0
    assert math.isfinite(split((one, other), (0.9, 0.1)).evidence)


def test_who_was_drawn_against_a_share_of_nothing_is_evidence_enough() -> None:
    assert split((10, 1), (1.0, 0.0)).broken
    assert not split((10, 0), (1.0, 0.0)).broken


def test_counts_need_a_share_each() -> None:
    with pytest.raises(ValueError, match="one share each"):
        split((1, 2), (0.5, 0.6))
