"""What answers say about the model on duty: what is exact raises nothing, what is not does."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy.stats import poisson

from sightline.kernel.learn import duty
from sightline.kernel.learn.came import Came, Floats
from sightline.language.proof import Side

DAY = 86_400_000_000
REPLAYS, ANSWERS, WAITED = 10, 600, 90.0


def answers(said: Floats, came: Floats, *, low: Floats | float, high: Floats | float, **more: Any) -> Came:
    """One a day, of clusters of their own, counting thirty days later."""
    count = len(came)
    at, nothing = np.arange(count) * DAY, np.zeros(count, np.bool_)
    given = {"beyond": nothing, "treated": nothing, "held": nothing, **more}
    return Came(
        cluster=np.arange(count), asked=at, counts=at + 30 * DAY, said=said, low=np.full(count, low),
        high=np.full(count, high), came=came, rival=np.full(count, np.nan), **given,
    )  # fmt: skip


def counted(mean: float, chance: np.random.Generator, *, said: float | None = None) -> Came:
    """Whole numbers, and what is exact about them; `said`: about such a mean instead."""
    low, median, high = poisson.ppf([0.05, 0.5, 0.95], mean if said is None else said)
    came = chance.poisson(mean, ANSWERS).astype(np.float64)
    return answers(np.full(ANSWERS, median), came, low=low, high=high)


def waited(mean: float, chance: np.random.Generator, *, ceiling: float = WAITED) -> Came:
    """Days that are waited for at most so long, and what is exact about them, told up to a ceiling."""
    days = chance.exponential(mean, ANSWERS)
    low, median, high = np.minimum(-mean * np.log(1 - np.array([0.05, 0.5, 0.95])), ceiling)
    came, beyond = np.minimum(days, WAITED), days > WAITED
    return answers(np.full(ANSWERS, median), came, low=low, high=high, beyond=beyond)


def alarms(*found: Came) -> int:
    return sum(duty.calibration(one, what="calibration", chance=False).alarm for one in found)


@pytest.mark.parametrize("mean", [0.1, 0.35, 0.6, 1.5, 8.0])
def test_whole_numbers_that_are_forecast_exactly_raise_nothing(mean: float) -> None:
    chance = np.random.default_rng(0)
    assert alarms(*(counted(mean, chance) for _ in range(REPLAYS))) == 0


@pytest.mark.parametrize("ceiling", [WAITED, 1000.0])
def test_what_lies_beyond_the_time_waited_for_raises_nothing(ceiling: float) -> None:
    """It lies as far beyond as was said, whether or not that was told."""
    chance = np.random.default_rng(0)
    assert alarms(*(waited(250, chance, ceiling=ceiling) for _ in range(REPLAYS))) == 0


def test_quantities_that_are_not_as_said_raise_an_alarm() -> None:
    """More than were said, fewer, intervals too narrow, and more that are not heard of within the time."""
    chance = np.random.default_rng(0)
    more, fewer = (counted(3, chance, said=said) for said in (2, 5))
    narrow = answers(np.zeros(ANSWERS), chance.normal(size=ANSWERS), low=-1.0, high=1.0)
    days = chance.exponential(250, ANSWERS)
    late = answers(np.full(ANSWERS, 20.0), np.minimum(days, WAITED), low=0.0, high=WAITED, beyond=days > WAITED)
    assert [alarms(one) for one in (more, fewer, narrow, late)] == [1, 1, 1, 1]


def test_who_was_kept_back_and_acted_upon_by_others_tells_nothing_of_the_promise() -> None:
    """Forty kept back are all right; of forty more something was done, and none are."""
    held, treated = np.repeat([True, True, False], 40), np.repeat([False, True, False], 40)
    came = np.repeat([1.0, 0.0, 0.0], 40)
    found = answers(np.full(120, 0.9), came, low=0.0, high=1.0, held=held, treated=treated)
    side = Side(side="yes", called="late", promise=0.8, line=0.8, precision=0.9, bound=0.85, coverage=0.5)
    told = duty.promise(side, found, what="promise:yes", held_back=True)
    assert (told.answers, told.came, told.alarm) == (40, 1.0, False)
    assert duty.promise(side, found, what="promise:yes", held_back=False).alarm
