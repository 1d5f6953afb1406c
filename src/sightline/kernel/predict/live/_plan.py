"""What a row is made of: the features a model reads, sorted by where their values come from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from sightline.kernel.predict._happenings import NARROW
from sightline.kernel.predict._matrix import Singles
from sightline.kernel.predict._spec import Group, Spec

Path = tuple[str, ...]

READ = frozenset({"value", "days", "text"})
"""The measures of attributes."""

MEMBERS = ("sum", "mean", "max", "min", "commonest")
"""How the measures begin that are of a member of an event."""

Place = tuple[int, str]
"""Where a value goes, and its measure."""


@dataclass(slots=True)
class Plan:
    """Places by source."""

    specs: tuple[Spec, ...]
    attributes: dict[tuple[Path, str], list[Place]] = field(default_factory=dict)
    """Path and attribute."""
    pointed: dict[str, int] = field(default_factory=dict)
    words: dict[str, list[tuple[int, int]]] = field(default_factory=dict)
    """Attribute to places and buckets."""
    calendar: list[Place] = field(default_factory=list)
    age: list[int] = field(default_factory=list)
    happened: dict[tuple[Path, str], list[tuple[int, str, str]]] = field(default_factory=dict)
    """Path and event to places, members and measures."""
    linked: dict[Path, list[Place]] = field(default_factory=dict)

    @classmethod
    def of(cls, specs: Sequence[Spec]) -> Plan:
        """Of the features in this order."""
        plan = cls(tuple(specs))
        for place, spec in enumerate(specs):
            plan._put(place, spec)
        return plan

    def _put(self, place: int, spec: Spec) -> None:
        measure = spec.measure
        if spec.group in {Group.LINK, Group.PAIR, Group.DRIFT}:
            self.linked.setdefault(spec.of, []).append((place, measure))
        elif spec.group is Group.CALENDAR:
            self.calendar.append((place, measure))
        elif spec.group is Group.OWN and measure == "age":
            self.age.append(place)
        elif spec.group is Group.OWN or (spec.group is Group.FAR and measure in NARROW):
            self._put_happened(place, spec)
        elif measure == "target":
            self.pointed[spec.of[0]] = place
        elif measure in {"word", "words"}:
            self.words.setdefault(spec.of[0], []).append((place, int(spec.name.rpartition(".")[2])))
        elif measure in READ:
            self.attributes.setdefault((spec.of[:-1], spec.of[-1]), []).append((place, measure))

    def _put_happened(self, place: int, spec: Spec) -> None:
        member = spec.of[-1] if spec.measure.startswith(MEMBERS) else ""
        *path, event = spec.of[:-1] if member else spec.of
        self.happened.setdefault((tuple(path), event), []).append((place, member, spec.measure))

    @property
    def paths(self) -> set[Path]:
        """The links that anything is read over."""
        return {path for path, _ in (*self.attributes, *self.happened) if path}

    def members(self, path: Path, event: str) -> dict[str, bool]:
        """The members of an event that are read, and whether as categories."""
        found = self.happened[path, event]
        return {member: measure == "commonest" for _, member, measure in found if member}


@dataclass(frozen=True, slots=True)
class Coder:
    """Values as numbers, categories by their vocabulary; unknown is nan."""

    codes: Mapping[int, Mapping[str, int]]
    """Place of a category to its values' numbers."""

    @classmethod
    def of(cls, specs: Sequence[Spec], vocabulary: Mapping[str, Sequence[str]]) -> Coder:
        """`vocabulary`: per category feature, its values in the order of their numbers."""
        named = ((at, spec.name) for at, spec in enumerate(specs) if spec.category)
        return cls({at: {word: code for code, word in enumerate(vocabulary.get(name, ()))} for at, name in named})

    def __call__(self, values: Sequence[float | str | None]) -> Singles:
        """One row."""
        codes = self.codes
        plain = [
            (codes[at].get(value) if at in codes else None) if isinstance(value, str) else value
            for at, value in enumerate(values)
        ]
        return np.array([np.nan if value is None else value for value in plain], np.float32)
