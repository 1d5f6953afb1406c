"""By which of several channels somebody is reached best: by what came of what went by each so far (see `advice`). Pure.

The first that is named is the usual one, and another takes its place where it is better beyond doubt. Each other is
tried one time in twenty, lest nothing is ever learned of it. Only what reaches somebody is meant: what is switched off,
lacks their address, or may not speak to them is left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from sightline.kernel.act.advice import Advice, Counts
from sightline.kernel.act.lots import lot
from sightline.kernel.act.spoken import Spoken
from sightline.kernel.predict.chooser import floored, pick
from sightline.language.playbook import Choice
from sightline.language.ref import Ref


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """A channel, and why it is this one."""

    channel: str
    because: str
    propensity: float = 1.0
    """The chance there was of this channel."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reaching:
    """What is known of how the parties of one playbook are reached."""

    counts: Mapping[str, Counts] = field(default_factory=dict)
    """By choice: its messages by its channels, in their order."""
    reached: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """By party: the destinations by which it can be reached; who is not in it, by all."""
    shut: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """By party of whom nothing was decided before: the destinations that do not reach it, in use or not."""

    def unreached(self, choices: Iterable[Choice], party: Ref) -> str:
        """Why nothing is said to a party by one of these choices: none of its channels reaches it. Else empty."""
        shut = self.shut.get(str(party), frozenset())
        for one in choices:
            if one.channels and shut.issuperset(one.channels):
                return f"None of its channels reaches {party}: {_listed(one.channels)}."
        return ""

    def way(self, playbook: str, choice: Choice, party: Ref, key: str) -> Way | None:
        """The channel of a choice for one party; `key` of the decision. None where it goes by one alone."""
        names = choice.channels
        if not names:
            return None
        reaching = self.reached.get(str(party), frozenset(names))
        some = [place for place, name in enumerate(names) if name in reaching]
        if not some:
            return Way(channel=names[0], because=f"None of {_listed(names)} reaches {party} now.")
        if len(some) == 1:
            return Way(
                channel=names[some[0]], because=f"It goes by '{names[some[0]]}': no other of its channels reaches them."
            )
        counts = self.counts.get(choice.name)
        told = counts.advised(str(party), some) if counts else None
        best = told.place if told else some[0]
        chances = floored(some.index(best), len(some))
        drawn = pick(chances, lot(f"{playbook}/channel", key))
        name = names[some[drawn]]
        because = _as_told(told) if some[drawn] == best else ", which is tried now and then."
        return Way(channel=name, because=f"It goes by '{name}'{because}", propensity=float(chances[drawn]))


def by_channel(choice: Choice, told: Iterable[Spoken]) -> Counts:
    """Messages and successes of one choice by its channels, of everybody and of each party."""
    own = (one for one in told if one.choice == choice.name)
    return Counts.of(choice.channels, ((one.party, one.channel, one.day, one.hit) for one in own))


def _as_told(told: Advice | None) -> str:
    """Why the best is taken, behind its name."""
    if told is None:
        return ", as usual: no other was better beyond doubt."
    if told.by_own:
        return f": {told.rate:.0%} of theirs by it succeeded, where {told.usual:.0%} of theirs by all channels did."
    rate = f"{told.rate:.0%} of what goes by it to them is expected to succeed"
    return f": {rate}, where {told.usual:.0%} of {told.seen:,} messages by all channels did."


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"'{one}'" for one in names)
