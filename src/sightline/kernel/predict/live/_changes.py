"""Whom an event concerns: whose questions are asked anew, and who shares a thing with them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from sightline.kernel.predict._linked import BEYOND
from sightline.kernel.predict.live._arrows import Arrows, Links
from sightline.kernel.predict.live._ledger import Name
from sightline.kernel.predict.live._things import Stretch, Thing

Look = Callable[[str, str], Thing]


@dataclass(frozen=True, slots=True)
class Changes:
    """What one event changed."""

    subjects: set[str]
    """Those of the question it happened to, that its thing points at, or that point beyond it."""
    things: set[Name]
    """Its things, and those they point at: what happened to them is another."""

    @classmethod
    def of(
        cls, of: str, middles: Collection[str], old: Mapping[Name, Thing], new: Mapping[Name, Thing], arrows: Arrows,
        keys: list[str],
    ) -> Changes:  # fmt: skip
        """`old` and `new`: the touched things as they were and as they are. `keys`: of subjects by number."""
        things = set(old)
        for thing in (*old.values(), *new.values()):
            things |= {named(to) for stretches in thing.links.values() for _, _, to in stretches}
        subjects = {key for kind, key in things if kind == of}
        for name in old:
            if name[0] in middles and old[name].links != new[name].links:
                pointing = (arrows.held((role, "/".join(name))) for role in arrows.roles)
                subjects |= {keys[number] for held in pointing for number in held.subject.tolist()}
        return cls(subjects, things)


def named(to: str) -> Name:
    """The kind and key of a target."""
    kind, _, key = to.partition("/")
    return kind, key


def links_of(thing: Thing, middles: Collection[str], look: Look) -> Links:
    """Where a subject points, directly and over one more link, each role or path with its stretches."""
    found: dict[str, list[Stretch]] = {role: list(stretches) for role, stretches in thing.links.items() if stretches}
    for role, stretches in thing.links.items():
        for path, stretch in _beyond(role, stretches, middles, look):
            found.setdefault(path, []).append(stretch)
    return found


def _beyond(
    role: str, stretches: Iterable[Stretch], middles: Collection[str], look: Look
) -> Iterator[tuple[str, Stretch]]:
    for since, until, to in stretches:
        kind, key = named(to)
        for second, further in look(kind, key).links.items() if kind in middles else ():
            for begins, ends, beyond in further:
                cut = (max(since, begins), min(until, ends), beyond)
                if cut[0] < cut[1]:
                    yield role + BEYOND + second, cut
