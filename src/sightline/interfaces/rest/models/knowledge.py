"""What is known: things, and what is worth a look about them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sightline.interfaces.rest.models.shape import Shape


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

    ref: str
    as_of: datetime
    exists_from: datetime
    attributes: dict[str, Any]
    links: dict[str, str]
    """Role to reference."""
    linked_from: dict[str, int]
    """Kind to how many things of it point here."""
    timeline: list[Occurrence]


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

    findings: list[Finding]
