"""One thing as its own events tell it: attributes and links as they stood, and what happened to it.

The same readings as `facts.Facts`, of one thing, in plain Python.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from typing import Any

import msgspec

from sightline.kernel.predict.facts import DESCRIBED
from sightline.kernel.predict.live._time import END
from sightline.language.event import DERIVED, LINKS

Value = tuple[float | None, str | None]
"""A number or a text, as the facts keep them."""

Stretch = tuple[int, int, Any]
"""since, until (END: still), what stands."""

_decode = msgspec.json.Decoder(dict[str, Any]).decode


@dataclass(frozen=True, slots=True)
class Word:
    """What one event says, while it is the last of its chain."""

    position: int
    type: str
    time: int
    since: int
    until: int
    members: Mapping[str, Value]
    arrows: Mapping[str, str | None]

    def says(self, name: str) -> Value | None:
        """What the event itself says of a member; descriptions say what a thing is, not what happened."""
        found = self.members.get(name)
        if found is None or found == (None, None) or self.type.endswith(DESCRIBED):
            return None
        return found


@dataclass(frozen=True, slots=True)
class Thing:
    """All that is known of one thing by itself."""

    words: tuple[Word, ...]
    """In the order of their positions."""
    attributes: Mapping[str, Sequence[Stretch]]
    """Name to stretches of `Value`."""
    links: Mapping[str, Sequence[Stretch]]
    """Role to stretches of targets (`kind/key`)."""

    @classmethod
    def of(cls, words: Iterable[Word]) -> Thing:
        """From the words of its events."""
        ordered = tuple(sorted(words, key=lambda word: word.position))
        members: dict[str, list[tuple[int, int, int, Any]]] = {}
        arrows: dict[str, list[tuple[int, int, int, Any]]] = {}
        for word in ordered:
            for name, value in word.members.items():
                members.setdefault(name, []).append((word.since, word.position, word.until, value))
            for role, to in word.arrows.items():
                arrows.setdefault(role, []).append((word.since, word.position, word.until, to))
        links = {role: [one for one in settled(facts) if one[2] is not None] for role, facts in arrows.items()}
        return cls(ordered, {name: settled(facts) for name, facts in members.items()}, links)

    def attribute(self, name: str, at: int) -> Value | None:
        """What stands of an attribute at a moment."""
        found: Value | None = _standing(self.attributes.get(name, ()), at)
        return found

    def link(self, role: str, at: int) -> str | None:
        """Where it points at a moment."""
        found: str | None = _standing(self.links.get(role, ()), at)
        return found

    @property
    def since(self) -> int:
        """Since when anything is known of it; END where nothing is."""
        return min((word.since for word in self.words), default=END)


NOTHING = Thing((), {}, {})


def word(position: int, type_: str, time: int, since: int, until: int, data: str | Mapping[str, Any]) -> Word | None:
    """The word of one row of the ledger; None where it carries no facts (derived, or replaced at once)."""
    if type_.startswith(DERIVED) or until <= since:
        return None
    said = _decode(data or "{}") if isinstance(data, str) else data
    members: dict[str, Value] = {}
    arrows: dict[str, str | None] = {}
    for name, value in said.items():
        if name == LINKS:
            if isinstance(value, Mapping):
                arrows = {role: to for role, to in value.items() if to is None or isinstance(to, str)}
        elif isinstance(value, str):
            members[name] = (None, value)
        elif value is None:
            members[name] = (None, None)
        elif isinstance(value, bool | int | float):
            members[name] = (float(value), None)
    return Word(position, type_, time, since, until, members, arrows)


def settled(facts: list[tuple[int, int, int, Any]]) -> list[Stretch]:
    """Cut overlapping facts (since, position, until, value) so that at every moment the one known last stands.

    What is only said again is one fact.
    """
    facts.sort(key=lambda fact: fact[:2])
    follow = [*(fact[0] for fact in facts[1:]), END]
    if len(facts) > 1 and any(fact[2] < after for fact, after in zip(facts, follow, strict=True)):
        return _whole(_swept(facts))
    cut = [(fact[0], min(fact[2], after), fact[3]) for fact, after in zip(facts, follow, strict=True)]
    return _whole([one for one in cut if one[0] < one[1]])


def _whole(stretches: list[Stretch]) -> list[Stretch]:
    found: list[Stretch] = []
    for since, until, value in stretches:
        if found and found[-1][1] == since and found[-1][2] == value:
            found[-1] = (found[-1][0], until, value)
        else:
            found.append((since, until, value))
    return found


def _swept(facts: list[tuple[int, int, int, Any]]) -> list[Stretch]:
    """As `_intervals.settle` does where an older fact may come back: the last begun that stands, moment by moment."""
    moments = sorted({fact[0] for fact in facts} | {fact[2] for fact in facts if fact[2] < END})
    found: list[list[Any]] = []
    heap: list[int] = []
    begun, winner = 0, 1
    for at, following in zip(moments, [*moments[1:], END], strict=True):
        while begun < len(facts) and facts[begun][0] <= at:
            heappush(heap, -begun)
            begun += 1
        while heap and facts[-heap[0]][2] <= at:
            heappop(heap)
        if heap and heap[0] == winner:
            found[-1][1] = following
        elif heap:
            found.append([at, following, facts[-heap[0]][3]])
        winner = heap[0] if heap else 1
    return [(one[0], one[1], one[2]) for one in found]


def _standing(stretches: Sequence[Stretch], at: int) -> Any:
    for since, until, value in reversed(stretches):
        if since <= at < until:
            return value
    return None
