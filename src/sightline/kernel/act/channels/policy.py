"""What is held to before anything is sent to a destination, as it is told: checked at the door, kept as JSON."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sightline.kernel.act.channels.email import mailbox
from sightline.language.action import Policy
from sightline.language.errors import Invalid
from sightline.language.ref import Ref

HOURS = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)")
ATTRIBUTE = re.compile(r"[^\x00-\x1f\x7f]{1,200}")

MOST_ONLY = 1_000
"""Parties that may be told apart from all others while something is tried out."""


@dataclass(frozen=True, slots=True)
class Hours:
    """When nobody is to be disturbed, on the clock of whoever it concerns."""

    start: time
    end: time

    @classmethod
    def parse(cls, text: str) -> Hours:
        """Read `20:00-08:00`; an end before the start is that of the next day. Raises Invalid."""
        found = HOURS.fullmatch(text)
        if not found or (found[1], found[2]) == (found[3], found[4]):
            raise Invalid(
                f"'{text[:80]}' are no hours.",
                hint="Write them as 20:00-08:00; `sightline destinations off` sends nothing at all.",
            )
        start, end = (time(int(found[n]), int(found[n + 1])) for n in (1, 3))
        return cls(start, end)

    def until(self, at: datetime, zone: ZoneInfo) -> datetime | None:
        """When the hours end in which a moment falls, in a zone; None: it falls into none."""
        local = at.astimezone(zone)
        clock, over = local.time(), self.end <= self.start
        if not (clock >= self.start or clock < self.end if over else self.start <= clock < self.end):
            return None
        day = local.date() + timedelta(days=int(over and clock >= self.start))
        # Where clocks are set back the end may come twice: the first may be over.
        return next((found for fold in (0, 1) if (found := self._ended(day, zone, fold)) > at), None)

    def _ended(self, day: date, zone: ZoneInfo, fold: int) -> datetime:
        end = datetime.combine(day, self.end.replace(fold=fold), tzinfo=zone)
        return end.astimezone(UTC)


def policy_of(kept: Mapping[str, Any]) -> Policy:
    """As it is kept."""
    return Policy(**{**kept, "only": tuple(kept.get("only", ()))})


def kept(policy: Policy) -> dict[str, Any]:
    """To be kept: only what it says."""
    usual = asdict(Policy())
    return {name: value for name, value in asdict(policy).items() if value != usual[name]}


def check(policy: Policy) -> None:
    """Raises Invalid where something in it cannot be held to."""
    if policy.per_day is not None and policy.per_day < 1:
        raise Invalid(
            f"{policy.per_day} a day is no number of messages.",
            hint="1 or more; `sightline destinations off` sends nothing.",
        )
    if policy.quiet is not None:
        Hours.parse(policy.quiet)
    if zone_of(policy.zone) is None:
        raise Invalid(f"'{policy.zone[:80]}' is no time zone.", hint="Write it as Europe/Berlin, or UTC.")
    if policy.consent is not None and not ATTRIBUTE.fullmatch(policy.consent):
        raise Invalid("This is no name of an attribute.", hint="Name the one that says who agreed: marketing_ok.")
    if len(policy.only) > MOST_ONLY:
        raise Invalid(f"At most {MOST_ONLY:,} parties may be named, not {len(policy.only):,}.")
    for one in policy.only:
        if "/" in one:
            Ref.parse(one)
        elif mailbox(one) is None:
            raise Invalid(
                f"'{one[:80]}' is neither a party nor an address.", hint="Write customer/17, or jane@example.com."
            )


def zone_of(name: str) -> ZoneInfo | None:
    """A time zone by its name in the IANA's list; None: there is none of that name."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def day_began(at: datetime, policy: Policy) -> datetime:
    """When the day of a moment began, in the zone of a policy."""
    return _midnight(at, policy, 0)


def day_ends(at: datetime, policy: Policy) -> datetime:
    """When it ends."""
    return _midnight(at, policy, 1)


def _midnight(at: datetime, policy: Policy, days: int) -> datetime:
    zone = zone_of(policy.zone) or UTC
    day = at.astimezone(zone).date() + timedelta(days=days)
    return datetime.combine(day, time(), tzinfo=zone).astimezone(UTC)
