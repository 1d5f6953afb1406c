"""What is known: things, and what is worth a look about them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sightline.interfaces.rest.models.shape import Page, Scalar, Shape


class Occurrence(Shape):
    """One line of a timeline."""

    position: int
    type: str
    time: datetime
    """When it happened."""
    known_at: datetime
    """When the business could have known it."""
    source: str
    id: str
    data: dict[str, Any]


class Entity(Shape):
    """A thing as it was known at one moment."""

    passing = frozenset({"as_of"})

    ref: str
    as_of: datetime
    exists_from: datetime
    attributes: dict[str, Scalar]
    links: dict[str, str]
    """Role to reference."""
    linked_from: dict[str, int]
    """Kind to how many things of it point here."""
    labels: dict[str, str]
    """Attribute, or role of a link, to how people call it."""
    units: dict[str, str]
    """Attribute to its currency (ISO 4217) or unit."""
    first_known: datetime
    """From then on something was known of it."""
    last_known: datetime
    """Since then nothing new became known of it."""
    timeline: list[Occurrence]


class Thing(Shape):
    """A thing as it stands now, in a list."""

    ref: str
    exists_from: datetime
    attributes: dict[str, Scalar]
    links: dict[str, str]
    """Role to reference."""


class Things(Page):
    """A page of things of one kind, by key."""

    items = "entities"

    entities: list[Thing]


class Found(Shape):
    """Something that goes by the text that was searched for."""

    ref: str
    kind: str
    key: str


class Finds(Shape):
    """What a search found, the likeliest first."""

    items = "found"

    found: list[Found]


class DeclaredAttribute(Shape):
    """A property of a kind."""

    name: str
    label: str
    sort: str
    """`number`, `category`, `text`, `day`, `instant` or `flag`."""
    unit: str | None
    personal: bool


class DeclaredLink(Shape):
    """A named arrow from things of a kind to others."""

    name: str
    label: str
    to: str
    """The kind pointed at."""


class DeclaredKind(Shape):
    """A sort of thing."""

    name: str
    label: str
    person: bool
    """Whether each thing of it is a natural person: its key is then personal too."""
    attributes: list[DeclaredAttribute]
    links: list[DeclaredLink]


class DeclaredEvent(Shape):
    """A sort of happening."""

    name: str
    label: str
    of: str
    """The kind it happens to."""


class Catalog(Shape):
    """All that is declared in a workspace, and how a question is asked."""

    kinds: list[DeclaredKind]
    events: list[DeclaredEvent]
    forms: list[str]
    """The accepted forms of a question; what is in capitals is filled in."""
    words: list[str]
    """The words of the forms."""


class Finding(Shape):
    """Something worth a look."""

    detector: str
    subject: str
    severity: str
    text: str
    evidence: Any
    at: datetime


class Findings(Shape):
    """Standing findings, the most pressing first."""

    items = "findings"

    findings: list[Finding]
