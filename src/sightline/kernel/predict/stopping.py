"""Somebody may want a training to stop: it is looked for between its steps."""

from __future__ import annotations

from collections.abc import Callable

from sightline.language.errors import Cancelled

Stopping = Callable[[], bool]
"""Whether somebody wants it to stop."""


def check(cancelled: Stopping | None) -> None:
    """Raises Cancelled when somebody wants it to stop."""
    if cancelled is not None and cancelled():
        raise Cancelled("It was cancelled; what is on duty is unchanged.")
