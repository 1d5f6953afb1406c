"""Sorts of things and sorts of happenings: what packs and imports declare."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sightline.language.time import is_moment


class Sort(StrEnum):
    """What the values of an attribute are."""

    NUMBER = "number"
    CATEGORY = "category"
    TEXT = "text"
    DAY = "day"
    INSTANT = "instant"
    FLAG = "flag"

    def holds(self, value: Any) -> bool:
        """Whether a recorded value is of this sort. None, which says that nothing is known, always is."""
        if value is None or self in {Sort.CATEGORY, Sort.TEXT}:
            return True
        if self is Sort.FLAG:
            return isinstance(value, bool)
        if self is Sort.NUMBER:
            return isinstance(value, int | float) and not isinstance(value, bool)
        return isinstance(value, str) and is_moment(value)

    @property
    def form(self) -> str:
        """How a value of this sort is written."""
        return _FORMS[self]


_FORMS = {
    Sort.NUMBER: "a number, such as 1250.5",
    Sort.CATEGORY: "a text",
    Sort.TEXT: "a text",
    Sort.DAY: "a day, such as 2015-01-31",
    Sort.INSTANT: "a moment, such as 2015-01-31T09:30:00Z",
    Sort.FLAG: "true or false",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribute:
    """A property of a thing."""

    name: str
    sort: Sort
    label: str = ""
    """How a person calls it; the name with spaces when empty."""
    unit: str | None = None
    """Currency (ISO 4217) or unit, for display."""
    personal: bool = False
    """Whether it is personal data: its value is then replaced by a token at intake."""
    assumed: bool = False
    """Whether the moment it became known is an assumption rather than a record; every proof lists these."""
    known_by: str | None = None
    """The event that makes it known, when there is one."""
    actionable: bool | tuple[str | float | bool, ...] = False
    """Whether we can choose it, and between which values, where not all that were seen: forecasts then hint at what
    another choice would do."""

    @property
    def words(self) -> str:
        """The label a person reads."""
        return self.label or self.name.replace("_", " ")


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A named arrow from a thing to another, such as a line's vendor."""

    name: str
    to: str
    """The kind pointed at."""
    label: str = ""
    assumed: bool = False
    known_by: str | None = None

    @property
    def words(self) -> str:
        """The label a person reads."""
        return self.label or self.name.replace("_", " ")


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A sort of thing."""

    name: str
    label: str = ""
    attributes: tuple[Attribute, ...] = ()
    links: tuple[Link, ...] = ()
    person: bool = False
    """Whether each thing of this kind is a natural person: then its key is personal too."""
    taken: tuple[str, ...] = ()
    """What is taken for granted of when things happened to it, in sentences; every proof lists these."""

    @property
    def words(self) -> str:
        """The label a person reads."""
        return self.label or self.name.replace("_", " ")

    def attribute(self, name: str) -> Attribute | None:
        """The attribute of that name, if declared."""
        return next((a for a in self.attributes if a.name == name), None)

    def readable(self, attributes: Mapping[str, Any]) -> dict[str, Any]:
        """Those of `attributes` that are of their declared sort, and all that are not declared."""
        sorts = {one.name: one.sort for one in self.attributes}
        return {name: value for name, value in attributes.items() if name not in sorts or sorts[name].holds(value)}

    def link(self, name: str) -> Link | None:
        """The link of that name, if declared."""
        return next((one for one in self.links if one.name == name), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class EventKind:
    """A sort of happening, such as `line.delivered`."""

    name: str
    of: str
    """The kind it happens to."""
    label: str = ""

    @property
    def words(self) -> str:
        """The label a person reads."""
        return self.label or self.name.split(".")[-1].replace("_", " ")
