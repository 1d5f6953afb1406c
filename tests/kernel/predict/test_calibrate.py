"""Calibration: stiff where nothing drifts, quick where the base rate does."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import expit

from sightline.kernel.predict.calibrate import Calibration, calibrate

N = 4000


def test_without_answers_nothing_is_changed() -> None:
    assert calibrate(np.zeros(0), np.zeros(0)) == Calibration()


def test_a_calibrated_model_is_left_as_it_is() -> None:
    chance = np.random.default_rng(1)
    said = chance.normal(-1, 1, N)
    yes = (chance.random(N) < expit(said)).astype(np.float64)
    found = calibrate(said, yes)
    assert (found.slope, found.shift) == (pytest.approx(1.0, abs=0.06), pytest.approx(0.0, abs=0.12))
    assert found.rows == N


def test_a_base_rate_that_jumped_is_followed() -> None:
    """In the last third of the window yes became far more common; the stiff prior alone would not believe it."""
    chance = np.random.default_rng(2)
    said = chance.normal(-2.5, 0.5, N)
    jump = np.where(np.arange(N) > 2 * N // 3, 2.0, 0.0)
    yes = (chance.random(N) < expit(said + jump)).astype(np.float64)
    assert calibrate(said, yes)(np.array([-2.5]))[0] == pytest.approx(float(expit(-0.5)), abs=0.08)


def test_few_independent_answers_change_little() -> None:
    chance = np.random.default_rng(3)
    said = np.full(400, -1.0)
    yes = (chance.random(400) < 0.6).astype(np.float64)
    assert abs(calibrate(said, yes, effective=5).shift) < 0.05
