"""Bets against what was said gain nothing where it is right, however often they are looked at; and much where not."""

from __future__ import annotations

import numpy as np
import pytest

from sightline.kernel.learn.betting import (
    Floats,
    Rows,
    doubtless,
    money,
    of_chances,
    of_promise,
    of_two,
    rounds,
)

REPLAYS, ANSWERS, TOGETHER = 100, 300, 3
RARE = 4 / REPLAYS
"""More replays than that with an alarm would be chance less than once in twenty, at one in a hundred each."""


def world(seed: int) -> tuple[Floats, Floats, Rows, Rows]:
    """Probabilities, the lots that decide, clusters of three (of which half share their lot), and days."""
    chance = np.random.default_rng(seed)
    cluster = np.arange(ANSWERS) // TOGETHER
    lots = np.where(
        chance.random(ANSWERS) < 0.5, chance.random(ANSWERS)[cluster * TOGETHER], chance.random(ANSWERS)
    )  # fmt: skip
    return chance.beta(1, 4, ANSWERS), lots, cluster, cluster.astype(np.int64)


def noticed(factors: Floats, cluster: Rows, day: Rows) -> bool:
    return doubtless(money(factors, rounds(cluster, day, day)))


@pytest.mark.parametrize(("shift", "least", "most"), [(0.0, 0.0, RARE), (1.0, 0.9, 1.0), (-2.0, 0.9, 1.0)])
def test_probabilities(shift: float, least: float, most: float) -> None:
    alarms = 0
    for seed in range(REPLAYS):
        said, lots, cluster, day = world(seed)
        true = 1 / (1 + np.exp(-np.log(said / (1 - said)) - shift))
        alarms += noticed(of_chances(said, (lots < true).astype(float)), cluster, day)
    assert least <= alarms / REPLAYS <= most


@pytest.mark.parametrize(("right", "least", "most"), [(0.95, 0.0, RARE), (0.97, 0.0, 0.0), (0.75, 0.9, 1.0)])
def test_promises(right: float, least: float, most: float) -> None:
    alarms = 0
    for seed in range(REPLAYS):
        _, lots, cluster, day = world(seed)
        alarms += noticed(of_promise((lots < right).astype(float), 0.95), cluster, day)
    assert least <= alarms / REPLAYS <= most


@pytest.mark.parametrize(("worse", "least", "most"), [(0.1, 0.0, RARE), (2.5, 0.9, 1.0)])
def test_two_that_forecast(worse: float, least: float, most: float) -> None:
    """Equally good ones, and one that errs much more."""
    alarms = 0
    for seed in range(REPLAYS):
        said, lots, cluster, day = world(seed)
        came = (lots < said).astype(float)
        errs = np.random.default_rng(seed + 1000)
        odds = np.log(said / (1 - said))
        first, second = (
            1 / (1 + np.exp(-odds - by * errs.normal(size=ANSWERS))) for by in (worse, 0.1)
        )  # fmt: skip
        largest = np.maximum(np.abs(first**2 - second**2), np.abs((1 - first) ** 2 - (1 - second) ** 2))
        alarms += noticed(of_two((first - came) ** 2 - (second - came) ** 2, largest), cluster, day)
    assert least <= alarms / REPLAYS <= most


def test_what_lies_within_the_allowance_is_right_enough() -> None:
    said, lots, cluster, day = world(1)
    came = (lots < 1 / (1 + np.exp(-np.log(said / (1 - said)) - 0.2))).astype(float)
    strict, lenient = (money(of_chances(said, came, off), rounds(cluster, day, day)) for off in (0.0, 0.2))
    assert lenient.max() < strict.max()


def test_a_good_year_need_not_be_lost_again() -> None:
    """Three hundred right ones, then one in four wrong: noticed within the next hundred and fifty."""
    right = np.ones(450)
    right[300::4] = 0
    at = np.arange(450)
    path = money(of_promise(right, 0.95), rounds(at, at, at))
    assert path[:300].max() < 0.1
    assert doubtless(path)


def test_who_shares_a_fate_is_one_answer() -> None:
    """Thirty lines of one order are wrong at once: as one that stands alone."""
    day = np.zeros(30, np.int64)
    factors = of_promise(np.zeros(30), 0.95)
    together, alone = (money(factors, rounds(cluster, day, day)) for cluster in (day, np.arange(30)))
    assert together[-1] < 2 < 20 < alone[-1]


def test_a_cluster_is_heard_again_only_of_what_was_asked_after_its_last_answer() -> None:
    asked, counts = np.array([0, 1, 10, 11, 0]), np.array([10, 11, 20, 21, 11])
    told = rounds(np.array([7, 7, 7, 7, 8]), asked, counts)
    assert [(one.at, one.members.tolist()) for one in told] == [(10, [0]), (11, [4]), (20, [2])]
