"""Guards let through what they have nothing against, hold what may go later, and refuse the rest for good."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sightline.kernel.act.channels import Paper
from sightline.kernel.act.channels.guards import MOMENT, guarded
from sightline.kernel.act.channels.policy import Hours, check, day_began, day_ends, kept, policy_of
from sightline.language.action import Action, Destination, Party, Policy, Receipt
from sightline.language.errors import Held, Invalid, Undeliverable
from sightline.language.ref import Ref
from sightline.testing import laws, make

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Apia")
FULL = Policy(
    approve=True, per_day=2, quiet="20:00-08:00", zone="Europe/Berlin", consent="marketing_ok", only=("team/one",)
)
FINE = Party(
    ref=Ref("team", "one"), attributes={"marketing_ok": True}, known_as=frozenset({"team/one"}), released=True
)  # fmt: skip


class Open:
    """A channel that takes everything."""

    name = "open"

    def __init__(self) -> None:
        self.got: list[Action] = []

    async def send(self, action: Action, to: Destination, *, at: datetime) -> Receipt:
        self.got.append(action)
        return Receipt(key=action.key, channel=self.name, at=at, reference=action.key)


async def sent(policy: Policy, party: Party, at: datetime = NOON) -> Held | Undeliverable | None:
    """What stands against it; None: it was sent."""
    channel = Open()
    way = guarded(channel, policy)
    assert way.name == channel.name
    try:
        await way.send(replace(make.action(), party=party), Destination(name="mail", channel="open"), at=at)
    except (Held, Undeliverable) as error:
        assert not channel.got
        return error
    assert len(channel.got) == 1
    return None


async def test_what_nothing_stands_against_is_sent() -> None:
    assert await sent(FULL, FINE) is None
    assert await sent(Policy(), Party(ref=Ref("team", "one"))) is None


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"stopped": True}, "not to be contacted"),
    ({"known_as": frozenset({"team/two"})}, "being tried out"),
    ({"attributes": {}}, "'marketing_ok' is unknown"),
    ({"attributes": {"marketing_ok": False}}, "'marketing_ok' is not true"),
    ({"attributes": {"marketing_ok": "no"}}, "'marketing_ok' is not true"),
]


@pytest.mark.parametrize(("other", "why"), REFUSED)
async def test_what_is_refused_says_why_and_nothing_of_the_destination(other: dict[str, Any], why: str) -> None:
    """Before anybody is asked to release it."""
    error = await sent(FULL, replace(FINE, released=False, **other))
    assert isinstance(error, Undeliverable)
    assert why in error.message
    assert error.hint
    assert not error.asked


HELD: list[tuple[dict[str, Any], datetime, datetime | None]] = [
    ({"released": False}, NOON, None),
    ({"sent_today": 2}, NOON, datetime(2026, 3, 2, 23, tzinfo=UTC)),
    ({"sent_today": 1, "under_way": 1}, NOON, NOON + MOMENT),
    ({}, datetime(2026, 3, 2, 19, tzinfo=UTC), datetime(2026, 3, 3, 7, tzinfo=UTC)),
    ({"attributes": {"marketing_ok": "yes", "time_zone": "Asia/Tokyo"}}, NOON, datetime(2026, 3, 2, 23, tzinfo=UTC)),
    ({"attributes": {"marketing_ok": "1", "time_zone": "Nowhere"}, "sent_today": 9},
     datetime(2026, 3, 2, 22, 30, tzinfo=UTC), datetime(2026, 3, 3, 7, tzinfo=UTC)),
]  # fmt: skip


@pytest.mark.parametrize(("other", "at", "until"), HELD)
async def test_what_is_held_says_until_when(other: dict[str, Any], at: datetime, until: datetime | None) -> None:
    error = await sent(FULL, replace(FINE, **other), at)
    assert isinstance(error, Held)
    assert error.until == until
    assert bool(error.hint) == (until is None)


async def test_addresses_may_be_named_in_any_case() -> None:
    party = Party(ref=Ref("team", "one"), known_as=frozenset({"team/one", "Jane@Example.org"}))
    assert await sent(Policy(only=("jane@example.org",)), party) is None
    assert isinstance(await sent(Policy(only=("joe@example.org",)), party), Undeliverable)


async def test_the_dry_run_is_behind_no_list_and_a_guarded_channel_keeps_the_law(tmp_path: Path) -> None:
    paper = Destination(name="paper", channel="paper")
    stopped = replace(make.action(), party=replace(FINE, stopped=True))
    assert (await guarded(Paper(tmp_path / "a"), FULL).send(stopped, paper, at=NOON)).reference
    folder = tmp_path / "b"
    await laws.channel(
        lambda: guarded(Paper(folder), Policy(per_day=3, quiet="01:00-01:01")), paper,
        lambda: [(path.name, path.read_text().split('"text": "')[1][:3]) for path in folder.glob("*.json")],
    )  # fmt: skip


CLOCKS = st.times().map(lambda one: one.replace(second=0, microsecond=0))


@given(
    at=st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)),
    start=CLOCKS, end=CLOCKS, zone=st.sampled_from(ZONES),
)  # fmt: skip
def test_quiet_hours_end_soon_and_then_it_is_not_quiet(at: datetime, start: time, end: time, zone: str) -> None:
    if start == end:
        return
    hours, there = Hours(start, end), ZoneInfo(zone)
    until, clock = hours.until(at, there), at.astimezone(there).time()
    inside = start <= clock < end if start < end else clock >= start or clock < end
    assert (until is not None) == inside
    if until:
        assert at < until <= at + timedelta(hours=26)
        # Set back from within the hours, a clock may show them again.
        assert hours.until(until, there) is None or hours.until(until, there) <= until + timedelta(hours=2)


@given(at=st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)), zone=st.sampled_from(ZONES))
def test_a_day_lies_around_its_moment(at: datetime, zone: str) -> None:
    policy = Policy(zone=zone)
    assert day_began(at, policy) <= at < day_ends(at, policy)
    assert day_ends(at, policy) - day_began(at, policy) <= timedelta(hours=25)


@pytest.mark.parametrize("policy", [Policy(), FULL, Policy(only=("a/b", "c@d.example")), Policy(per_day=1)])
def test_a_policy_is_kept_as_it_is(policy: Policy) -> None:
    check(policy)
    assert policy_of(kept(policy)) == policy
    assert len(kept(policy)) <= 6


BAD: list[tuple[dict[str, Any], str]] = [
    ({"per_day": 0}, "0 a day"), ({"quiet": "8-20"}, "'8-20' are no hours"), ({"quiet": "08:00-08:00"}, "no hours"),
    ({"quiet": "24:00-08:00"}, "no hours"), ({"zone": "Mars/Base"}, "'Mars/Base' is no time zone"),
    ({"zone": "../../etc/passwd"}, "no time zone"), ({"zone": ""}, "no time zone"), ({"consent": ""}, "no name"),
    ({"only": ("jane",)}, "neither a party nor an address"), ({"only": ("Team/one",)}, "not a reference"),
]  # fmt: skip


@pytest.mark.parametrize(("given", "why"), BAD)
def test_a_policy_that_nobody_can_hold_to_is_refused_at_the_door(given: dict[str, Any], why: str) -> None:
    with pytest.raises(Invalid, match=why) as caught:
        check(Policy(**given))
    assert caught.value.hint
