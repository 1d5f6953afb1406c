"""What every way out does."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from sightline.language.action import Action, Destination, Receipt


class Channel(Protocol):
    """A way out. Sending twice under one key does it once, or tells the other side the same key twice."""

    name: str

    async def send(self, action: Action, to: Destination, *, at: datetime) -> Receipt:
        """Do it once. `at`: the present moment of the workspace.

        Raises Transient when it may be tried again (Unavailable may say after how long), Undeliverable when trying
        again changes nothing, and Forbidden or Invalid where the destination is not one that may be used.
        """
