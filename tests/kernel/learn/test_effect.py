"""An effect rests on parties: what is counted, when it is claimed, and how wide its interval is."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sightline.kernel.learn.effect import MIN_PARTIES, Z80, Party, Tally, compare, measured
from sightline.testing import make

SIZES = st.integers(1, 40).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n)))
ARM = st.lists(SIZES, min_size=MIN_PARTIES, max_size=30)
ALONE = st.lists(st.tuples(st.just(1), st.integers(0, 1)), min_size=MIN_PARTIES, max_size=60)


def interval(treated: Sequence[Party], control: Sequence[Party]) -> tuple[float, float]:
    found = compare("p", treated, control).interval
    assert found is not None
    return found


def alone(subjects: int, successes: int) -> list[Party]:
    """Parties of one subject each."""
    return [(1, 1)] * successes + [(1, 0)] * (subjects - successes)


def test_an_effect_is_claimed_only_where_its_interval_is_clear_of_zero() -> None:
    assert "No effect" in compare("p", alone(20, 11), alone(20, 10)).words
    strong = compare("p", alone(400, 300), alone(400, 200))
    assert strong.difference == pytest.approx(0.25)
    assert "Success changed by +25%" in strong.words


def test_too_few_parties_are_not_enough_however_many_subjects() -> None:
    found = compare("p", [(1000, 900)] * (MIN_PARTIES - 1), [(1, 0)] * 50)
    assert found.words == (
        "Not enough evidence yet: 4,000 decisions about 4 parties treated and 50 decisions about 50 parties held back"
        " have an outcome; 5 parties of each are needed."
    )
    assert found.difference is found.interval is None
    assert found.treated_rate == 0.9
    assert compare("p", [], []).control_rate is None
    assert compare("p", alone(MIN_PARTIES, 3), alone(MIN_PARTIES, 2)).interval is not None


def test_many_subjects_of_few_parties_claim_no_more_than_their_parties() -> None:
    treated, control = [(100, 100)] * 3 + [(100, 0)] * 3, [(100, 100)] * 2 + [(100, 0)] * 4
    assert "No effect" in compare("p", treated, control).words
    assert "Success changed" in compare("p", alone(600, 300), alone(600, 200)).words


@given(ARM, ARM, st.integers(2, 1000))
def test_subjects_split_into_identical_ones_change_nothing(
    treated: list[Party], control: list[Party], times: int
) -> None:
    split = [[(n * times, hits * times) for n, hits in arm] for arm in (treated, control)]
    assert interval(*split) == pytest.approx(interval(treated, control))


@given(ALONE, ALONE)
def test_parties_of_one_subject_are_read_as_agresti_and_caffo_read_them(
    treated: list[Party], control: list[Party]
) -> None:
    low, high = interval(treated, control)
    shares = [((sum(hits for _, hits in arm) + 1) / (len(arm) + 2), len(arm)) for arm in (treated, control)]
    middle = shares[0][0] - shares[1][0]
    half = Z80 * math.sqrt(sum(p * (1 - p) / (n + 2) for p, n in shares))
    difference = sum(hits for _, hits in treated) / len(treated) - sum(hits for _, hits in control) / len(control)
    slack = half * (math.sqrt((MIN_PARTIES + 2) / (MIN_PARTIES + 1)) - 1) + 1e-9
    assert low == pytest.approx(max(-1.0, min(middle - half, difference)), abs=slack)
    assert high == pytest.approx(min(1.0, max(middle + half, difference)), abs=slack)


@given(ARM, ARM)
def test_an_interval_holds_its_difference_and_turns_with_the_arms(treated: list[Party], control: list[Party]) -> None:
    found = compare("p", treated, control)
    low, high = interval(treated, control)
    assert found.difference is not None
    assert -1 <= low <= found.difference <= high <= 1
    assert interval(control, treated) == pytest.approx((-high, -low))


def test_four_of_five_intervals_hold_the_truth_where_parties_differ() -> None:
    """Parties of uneven size, each with a share of its own; a tenth held back, no effect."""
    chance = random.Random(7)

    def party() -> Party:
        n = math.ceil(math.exp(chance.gauss(1, 1)))
        share = chance.betavariate(0.5, 0.5)
        return n, sum(chance.random() < share for _ in range(n))

    intervals = [interval([party() for _ in range(90)], [party() for _ in range(10)]) for _ in range(400)]
    assert 0.76 <= sum(low <= 0 <= high for low, high in intervals) / len(intervals) <= 0.92


def tallies(
    parties: int, *, success: tuple[float, float] = (0.7, 0.4), weeks: float = 10, seed: int = 1
) -> list[Tally]:
    """Parties of two subjects with 100 at stake each, a fifth held back; success among treated and held back."""
    chance = random.Random(seed)
    made = []
    for number in range(parties):
        control = number % 5 == 0
        hits = sum(chance.random() < success[control] for _ in range(2))
        at = make.day(7 * weeks * number / parties)
        made.append(
            Tally(party=f"p/{number}", arm="control" if control else "treated", choice="call", settled=2, hits=hits,
                  said=chance.random(), worth=200.0, worth_hits=100.0 * hits, used=0 if control else 2, first=at,
                  last=at)
        )  # fmt: skip
    return made


def test_money_is_the_difference_times_what_is_at_stake_less_what_acting_cost() -> None:
    found = measured("p", tallies(1000), costs={"call": 3.0})
    assert found.money is not None
    assert found.difference is not None
    assert found.money.cost == 3.0 * 1600
    assert found.money.gained == pytest.approx(found.difference * 160_000 - 4800)
    assert found.money.interval[0] < found.money.gained < found.money.interval[1]
    assert found.weeks is None
    assert "worth" in found.words


def test_where_nothing_is_at_stake_no_money_is_told() -> None:
    found = measured("p", [replace(one, worth=0.0, worth_hits=0.0) for one in tallies(500)])
    assert found.money is None
    assert "worth" not in found.words


def test_it_is_told_how_many_more_weeks_would_tell() -> None:
    found = measured("p", tallies(60, success=(0.8, 0.4)))
    assert found.weeks is not None
    assert f"about {found.weeks} more weeks where things go on as so far" in found.words
    longer = measured("p", tallies(60, success=(0.8, 0.4), weeks=20))
    assert longer.weeks == pytest.approx(2 * found.weeks, abs=1)
    few = measured("p", tallies(20))
    assert "5 parties of each are needed; about 3 more weeks where things go on as so far." in few.words
    assert measured("p", tallies(60, success=(0.8, 0.4), weeks=0.5)).weeks is None


def test_each_choice_stands_beside_the_controls_it_was_meant_for() -> None:
    mixed = [*tallies(400, success=(0.9, 0.3)), *(replace(one, choice="write") for one in tallies(400, seed=2))]
    found = measured("p", mixed)
    call, write = found.choices
    assert (call.choice, write.choice) == ("call", "write")
    assert call.treated + write.treated == found.treated
    assert found.treated_parties == call.treated_parties == 320
    assert call.difference is not None
    assert write.difference is not None
    assert write.difference < call.difference


def test_a_broken_split_is_told_instead_of_an_effect() -> None:
    sound, broken = (measured("p", tallies(1000), hold_out=share) for share in (0.2, 0.1))
    assert "Success changed" in sound.words
    assert broken.words == (
        "The split is broken, so no effect can be read: 800 parties treated and 200 held back, where 10% are to be held"
        " back."
    )


def test_whoever_has_no_outcome_yet_counts_for_the_split_alone() -> None:
    waiting = [
        replace(one, settled=0, hits=0, said=None, used=0, first=None, last=None, decided=2) for one in tallies(50)
    ]
    found = measured("p", waiting, hold_out=0.2)
    assert found.split is not None
    assert found.split.counts == (40, 10)
    assert (found.treated, found.control, found.weeks, found.money) == (0, 0, None, None)
    said = "Not enough evidence yet: 100 decisions were made, and none has an outcome"
    assert found.words == f"{said}."
    assert replace(found, due=make.day(30)).words == f"{said}; the first outcomes come in on {make.day(30):%Y-%m-%d}."
    assert measured("p", []).words == "Not enough evidence yet: nothing was decided so far."
