"""Something worth a look, with its evidence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from sightline.language.ref import Ref


class Severity(StrEnum):
    """How soon somebody should look."""

    INFO = "info"
    WARNING = "warning"
    URGENT = "urgent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A fact, a change or a risk, never a forecast."""

    detector: str
    subject: Ref
    severity: Severity
    text: str
    """One sentence in plain words; every figure in it stands in `evidence`."""
    at: datetime
    evidence: Mapping[str, Any] = field(default_factory=dict)
