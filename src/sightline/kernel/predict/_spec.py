"""What a feature is: its name, the family it belongs to, and the parts its words are made of."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Group(StrEnum):
    """The families of features. The naive baseline model sees the first two."""

    ATTRIBUTE = "attribute"
    CALENDAR = "calendar"
    OWN = "own history"
    LINK = "history of a link"
    PAIR = "history of a pair"
    DRIFT = "drift"
    FAR = "what is linked"
    """Attributes and happenings of the things the subject points at, up to two links away."""


SUBJECT = (Group.ATTRIBUTE, Group.CALENDAR)
"""What the subject itself is: the attributes-only model."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spec:
    """One feature."""

    name: str
    group: Group
    of: tuple[str, ...]
    """The attribute, the event type, or the roles it is about."""
    measure: str
    """What is measured of them: a key of the phrase book in `reasons`."""
    category: bool = False

    @property
    def topic(self) -> str:
        """Features of one topic are one reason."""
        return f"{self.group.value}:{'+'.join(self.of)}"

    def document(self) -> dict[str, Any]:
        """JSON-ready."""
        return {
            "name": self.name,
            "group": self.group.value,
            "of": list(self.of),
            "measure": self.measure,
            "category": self.category,
        }

    @classmethod
    def read(cls, document: dict[str, Any]) -> Spec:
        """The spec of `document`."""
        return cls(
            name=document["name"],
            group=Group(document["group"]),
            of=tuple(document["of"]),
            measure=document["measure"],
            category=document["category"],
        )
