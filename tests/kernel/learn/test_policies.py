"""Another policy's value from a log: right on average, with intervals that hold it, by parties."""

from __future__ import annotations

import math

import numpy as np
import pytest

from sightline.kernel.learn.policies import Floats, Log, doubly_robust, ips, snips

RATES = np.array([0.1, 0.3, 0.5])
LOGGED = np.array([0.6, 0.3, 0.1])
OTHER = np.array([0.1, 0.2, 0.7])


def logged(seed: int, parties: int = 400, each: int = 1) -> tuple[Log, Floats]:
    """Parties, each with some decisions and a fate of its own; and the other policy."""
    chance = np.random.default_rng(seed)
    party = np.repeat(np.arange(parties), each)
    choice = chance.choice(3, parties, p=LOGGED)[party] if each > 1 else chance.choice(3, parties, p=LOGGED)
    fate = chance.random(parties)[party]
    reward = (fate < RATES[choice]).astype(float)
    log = Log(party=party, choice=choice, propensity=LOGGED[choice], reward=reward)
    return log, np.tile(OTHER, (len(choice), 1))


TRUTH = float(OTHER @ RATES)


@pytest.mark.parametrize("each", [1, 5])
def test_intervals_hold_the_value_also_where_parties_come_again(each: int) -> None:
    held, values = [], []
    for seed in range(300):
        log, policy = logged(seed, each=each)
        expected = np.tile(RATES + 0.1, (len(log.choice), 1))
        for found in (ips(log, policy), snips(log, policy), doubly_robust(log, policy, expected)):
            low, high = found.interval
            held.append(low <= TRUTH <= high)
            values.append(found.value)
    assert 0.9 <= np.mean(held) <= 0.98
    assert np.mean(values) == pytest.approx(TRUTH, abs=0.01)


def test_a_model_of_the_rewards_narrows_and_a_wrong_one_does_not_bias() -> None:
    right, wrong, plain = [], [], []
    for seed in range(200):
        log, policy = logged(seed)
        right.append(doubly_robust(log, policy, np.tile(RATES, (400, 1))).value)
        wrong.append(doubly_robust(log, policy, np.tile(1 - RATES, (400, 1))).value)
        plain.append(ips(log, policy).value)
    assert np.std(right) < np.std(plain)
    assert np.mean(wrong) == pytest.approx(TRUTH, abs=0.02)


def test_the_policy_on_duty_is_worth_what_it_brought() -> None:
    log, _ = logged(3)
    same = np.tile(LOGGED, (400, 1))
    for found in (ips(log, same), snips(log, same)):
        assert found.value == pytest.approx(log.reward.mean())
        assert found.effective == pytest.approx(400)


def test_one_party_tells_nothing_of_the_others() -> None:
    log = Log(party=np.zeros(3), choice=np.array([0, 1, 2]), propensity=LOGGED, reward=np.ones(3))
    assert ips(log, np.tile(OTHER, (3, 1))).error == math.inf


def test_what_was_never_logged_cannot_be_told() -> None:
    log = Log(party=np.arange(2), choice=np.zeros(2, int), propensity=np.ones(2), reward=np.ones(2))
    never = np.array([[0.0, 1.0]] * 2)
    assert ips(log, never).value == 0
    with pytest.raises(ValueError, match="never makes a choice"):
        snips(log, never)
    with pytest.raises(ValueError, match="propensity above 0"):
        Log(party=np.arange(1), choice=np.zeros(1, int), propensity=np.zeros(1), reward=np.ones(1))


def test_where_rewards_are_rare_and_some_weights_large_intervals_do_not_flatter() -> None:
    held = []
    for seed in range(300):
        chance = np.random.default_rng(seed)
        propensity = np.minimum(0.003 + chance.pareto(1.0, 3000) / 60, 0.9)
        choice = (chance.random(3000) < propensity).astype(int)
        logged = np.where(choice == 1, propensity, 1 - propensity)
        reward = (chance.random(3000) < 0.005).astype(float)
        log = Log(party=np.arange(3000), choice=choice, propensity=logged, reward=reward)
        policy = np.tile([0.2, 0.8], (3000, 1))
        held.append([low <= 0.005 <= high for low, high in (ips(log, policy).interval, snips(log, policy).interval)])
    assert (np.mean(held, axis=0) >= 0.93).all()
