"""Guards: each stands around a channel, or around another guard, and lets through what it has nothing against.

What is known of whom an action is for stands in the action while it is sent (`Action.party`), so that a guard asks
nobody. One that wants to wait raises Held; one that refuses for good raises Undeliverable: a dead letter, which says of
the destination nothing.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sightline.kernel.act.channels.channel import Channel
from sightline.kernel.act.channels.paper import Paper
from sightline.kernel.act.channels.policy import Hours, day_ends, zone_of
from sightline.language.action import Action, Destination, Party, Policy, Receipt
from sightline.language.errors import Held, Undeliverable

TIME_ZONE = "time_zone"
"""Of whom it is for: the attribute with the name of the zone they live by."""

MOMENT = timedelta(seconds=60)
"""Until it is known how what is under way went."""

YES = frozenset({"true", "yes", "1"})
"""How files say that something is so."""


@dataclass(slots=True)
class Guard(ABC):
    """A channel around a channel."""

    inner: Channel
    name: str = field(init=False)

    def __post_init__(self) -> None:
        """Go by the name of what it stands around."""
        self.name = self.inner.name

    async def send(self, action: Action, to: Destination, *, at: datetime) -> Receipt:
        """Send it where nothing stands against it. Raises Held and Undeliverable besides."""
        self.check(action, to, at)
        return await self.inner.send(action, to, at=at)

    @abstractmethod
    def check(self, action: Action, to: Destination, at: datetime) -> None:
        """Raises Held or Undeliverable where something stands against it."""


@dataclass(slots=True)
class Approved(Guard):
    """Nothing is sent that no person released."""

    def check(self, action: Action, to: Destination, at: datetime) -> None:
        """Raises Held until somebody releases it."""
        if not action.party.released:
            raise Held(
                f"'{to.name}' sends only what a person released.",
                hint=f"Read it, then: sightline deliveries release {action.id}",
            )


@dataclass(slots=True)
class Capped(Guard):
    """Nobody gets more than so many a day."""

    policy: Policy
    per_day: int

    def check(self, action: Action, to: Destination, at: datetime) -> None:
        """Raises Held until tomorrow; until a moment later where what is under way may use up the rest of today."""
        known = action.party
        if known.sent_today >= self.per_day:
            raise Held(
                f"{known.ref} was sent {known.sent_today} by '{to.name}' today, of {self.per_day} a day.",
                until=day_ends(at, self.policy),
            )
        if known.sent_today + known.under_way >= self.per_day:
            raise Held(f"{known.ref} is just being sent what is left of {self.per_day} a day.", until=at + MOMENT)


@dataclass(slots=True)
class Quiet(Guard):
    """Nobody is disturbed in quiet hours, on their own clock."""

    hours: Hours
    zone: ZoneInfo
    """Of those of whom no zone is known."""

    def check(self, action: Action, to: Destination, at: datetime) -> None:
        """Raises Held until the hours are over."""
        zone = zone_of(str(action.party.attributes.get(TIME_ZONE) or "")) or self.zone
        until = self.hours.until(at, zone)
        if until is not None:
            raise Held(f"It is {at.astimezone(zone):%H:%M} in {zone.key}, within quiet hours.", until=until)


@dataclass(slots=True)
class Consenting(Guard):
    """Nobody is sent anything who did not agree."""

    attribute: str

    def check(self, action: Action, to: Destination, at: datetime) -> None:
        """Raises Undeliverable."""
        if not agreed(action.party, self.attribute):
            said = action.party.attributes.get(self.attribute)
            raise Undeliverable(
                f"{action.party.ref} did not agree: '{self.attribute}' is {'unknown' if said is None else 'not true'}.",
                hint=f"Once '{self.attribute}' is recorded as true, send it again.",
                asked=False,
            )


@dataclass(slots=True)
class Wanted(Guard):
    """Nobody is sent anything who wants nothing."""

    def check(self, action: Action, to: Destination, at: datetime) -> None:
        """Raises Undeliverable."""
        if action.party.stopped:
            raise Undeliverable(
                f"{action.party.ref} is not to be contacted.",
                hint="`sightline contacts list` says since when; `sightline contacts allow` takes it back.",
                asked=False,
            )


@dataclass(slots=True)
class Listed(Guard):
    """While something is tried out, only those named are sent anything."""

    only: frozenset[str]

    def check(self, action: Action, to: Destination, at: datetime) -> None:
        """Raises Undeliverable."""
        if not named(action.party, self.only):
            raise Undeliverable(
                f"'{to.name}' is being tried out: {action.party.ref} is none of those it sends to.",
                hint=f"Name it with `sightline destinations guard {to.name} --only`, then send it again.",
                asked=False,
            )


def agreed(party: Party, attribute: str) -> bool:
    """Whether an attribute of somebody says that they agreed."""
    said = party.attributes.get(attribute)
    return said is True or str(said).strip().lower() in YES


def named(party: Party, only: Collection[str]) -> bool:
    """Whether somebody is one of those named, by reference or address."""
    return bool({one.lower() for one in party.known_as} & {one.lower() for one in only})


def guarded(channel: Channel, policy: Policy) -> Channel:
    """A channel behind all that a policy asks for. What refuses for good comes first: nobody is asked about that."""
    if policy.per_day is not None:
        channel = Capped(channel, policy, policy.per_day)
    channel = unless_quiet(channel, policy)
    if policy.approve:
        channel = Approved(channel)
    if policy.consent is not None:
        channel = Consenting(channel, policy.consent)
    if policy.only:
        channel = Listed(channel, frozenset(policy.only))
    return channel if channel.name == Paper.name else Wanted(channel)


def unless_quiet(channel: Channel, policy: Policy) -> Channel:
    """A channel in whose quiet hours nobody is disturbed: all that holds for what people who work here are asked."""
    if policy.quiet is None:
        return channel
    return Quiet(channel, Hours.parse(policy.quiet), zone_of(policy.zone) or ZoneInfo("UTC"))
