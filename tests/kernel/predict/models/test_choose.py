"""Which rung is chosen: the simplest that is not worse beyond noise, on the same examples."""

from __future__ import annotations

import numpy as np
import pytest

from sightline.kernel.predict.models.choose import chance_losses, choose, paired, quantity_losses
from sightline.kernel.predict.models.rung import Said

N = 2000


def test_the_simplest_within_noise_is_chosen() -> None:
    chance = np.random.default_rng(1)
    hard = chance.exponential(size=N)
    simple = hard + chance.normal(0, 0.5, N)
    choice = choose({"prior": hard + 0.3, "simple": simple, "clever": hard}, np.arange(N))
    assert choice.rung == "simple"
    assert [one.within for one in choice.contest] == [False, True, True]


def test_a_small_gain_on_every_example_is_no_noise() -> None:
    """The losses themselves vary a hundred times more; paired, the difference is beyond doubt."""
    chance = np.random.default_rng(2)
    hard = chance.exponential(size=N)
    choice = choose({"simple": hard + 0.01 + chance.normal(0, 0.05, N), "clever": hard}, np.arange(N))
    assert (choice.rung, choice.best) == ("clever", "clever")


def test_examples_that_share_their_fate_count_as_one() -> None:
    chance = np.random.default_rng(3)
    fates = np.repeat(chance.normal(0.1, 1.0, 50), 40)
    assert paired(fates, np.arange(2000))[1] < 0.03
    assert paired(fates, np.repeat(np.arange(50), 40))[1] == pytest.approx(fates.std() / np.sqrt(50), rel=0.05)


def test_where_nothing_was_said_nothing_is_compared() -> None:
    silent = np.full(N, np.nan)
    assert choose({"prior": silent, "other": silent}, np.arange(N)).rung == "prior"
    assert choose({"prior": np.ones(N), "silent": silent}, np.arange(N)).rung == "prior"
    half = np.where(np.arange(N) < N // 2, np.nan, 0.5)
    choice = choose({"prior": np.ones(N), "late": half}, np.arange(N))
    assert (choice.rung, choice.contest[0].examples) == ("late", N // 2)


def test_losses_of_chances_and_quantities() -> None:
    assert chance_losses(np.array([0.5, 1.0, 0.2]), np.array([1.0, 0.0, np.nan])) == pytest.approx(
        [np.log(2), -np.log(1e-4), np.nan], nan_ok=True
    )
    answers = np.random.default_rng(4).gamma(2.0, 10.0, N)
    low, median, high = (np.full(N, q) for q in np.quantile(answers, (0.05, 0.5, 0.95)))
    usual = Said(score=np.full(N, answers.mean()), low=low, median=median, high=high)
    assert quantity_losses(usual, answers).mean() == pytest.approx(1.0)
    exact = Said(score=answers, low=answers, median=answers, high=answers)
    assert quantity_losses(exact, answers).mean() == pytest.approx(0.0)
