"""How often somebody may: never more than the allowance in any minute, and never refused below it."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from sightline.foundation import limiting
from sightline.foundation.limiting import Limit


@dataclass
class Moment:
    """A clock that is moved by hand."""

    at: float = 1_000.0

    def __call__(self) -> float:
        return self.at


@given(st.integers(1, 20), st.lists(st.floats(0, 90), max_size=100))
def test_a_bucket_of_tokens_agrees(per_minute: int, gaps: list[float]) -> None:
    moment = Moment()
    limit = Limit(per_minute, clock=moment)
    left = float(per_minute)
    for gap in gaps:
        moment.at += gap
        left = min(per_minute, left + gap * per_minute / 60)
        wait = limit.wait("anna")
        if abs(left - 1) > 1e-6:
            assert (wait == 0) == (left >= 1)
        left -= wait == 0


@given(st.integers(1, 50))
def test_whoever_waits_as_told_passes_and_others_never_wait(per_minute: int) -> None:
    moment = Moment()
    limit = Limit(per_minute, clock=moment)
    assert [limit.wait("anna") for _ in range(per_minute)] == [0] * per_minute
    wait = limit.wait("anna")
    assert 0 < wait <= 60 / per_minute + 1e-9
    assert limit.wait("otto") == 0
    moment.at += wait
    assert limit.wait("anna") == 0


def test_names_that_come_in_floods_do_not_fill_the_memory() -> None:
    moment = Moment()
    limit = Limit(60, clock=moment)
    for number in range(limiting.MOST_NAMES):
        limit.wait(f"n{number}")
    moment.at += 60
    for _ in range(2):
        assert limit.wait("anna") == 0
    assert len(limit._free_at) < 10
