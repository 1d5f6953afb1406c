"""Delays grow, spread, and end; a destination that fails again and again is left alone, and asked again by one."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from sightline.kernel.act.pacing import DELAYS, FAILURES, JITTER, LONGEST_REST, Breaker, delay


@given(attempts=st.integers(1, 30), drawn=st.floats(0, 1), asked=st.floats(0, 90_000))
def test_a_delay_is_near_its_place_in_the_row_and_as_long_as_asked_for(
    attempts: int, drawn: float, asked: float
) -> None:  # fmt: skip
    found = delay(attempts, asked=asked, drawn=lambda: drawn)
    if attempts > len(DELAYS):
        assert found is None
        return
    usual = DELAYS[attempts - 1]
    assert found is not None
    assert found >= asked
    assert usual * (1 - JITTER) - 1e-9 <= found <= max(asked, usual * (1 + JITTER) + 1e-9)


def test_the_last_attempt_is_three_days_after_the_first() -> None:
    assert list(DELAYS) == sorted(DELAYS)
    assert 2 * 86_400 < sum(DELAYS) < 4 * 86_400


@dataclass
class _Time:
    now: float = 0.0


class Breaking(RuleBasedStateMachine):
    """However sendings begin and end: none goes out while it rests, and one at most to see."""

    def __init__(self) -> None:
        super().__init__()
        self.time = _Time()
        self.breaker = Breaker(clock=lambda: self.time.now)
        self.failed_in_a_row, self.under_way = 0, 0

    @rule(seconds=st.floats(0, 2 * LONGEST_REST))
    def pass_time(self, seconds: float) -> None:
        self.time.now += seconds

    @precondition(lambda self: self.breaker.room(1))
    @rule()
    def begin(self) -> None:
        self.breaker.begun()
        self.under_way += 1

    @precondition(lambda self: self.under_way)
    @rule()
    def end_well(self) -> None:
        self.breaker.went_well()
        self.under_way -= 1
        self.failed_in_a_row = 0
        assert self.breaker.room(8) == 8

    @precondition(lambda self: self.under_way)
    @rule()
    def end_otherwise(self) -> None:
        self.breaker.ended()
        self.under_way -= 1

    @precondition(lambda self: self.under_way)
    @rule()
    def fail(self) -> None:
        self.breaker.failed()
        self.under_way -= 1
        self.failed_in_a_row += 1
        if self.failed_in_a_row >= FAILURES:
            assert self.breaker.room(8) == 0
            assert 0 < (self.breaker.waits or 0) <= LONGEST_REST

    @invariant()
    def one_to_see_at_most(self) -> None:
        if self.failed_in_a_row >= FAILURES:
            assert self.breaker.room(8) <= 1
        else:
            assert self.breaker.room(8) == 8

    @invariant()
    def it_is_asked_again_in_the_end(self) -> None:
        if not self.under_way:
            kept = self.time.now
            self.time.now += LONGEST_REST
            assert self.breaker.room(8) >= 1
            self.time.now = kept


TestBreaking = Breaking.TestCase
