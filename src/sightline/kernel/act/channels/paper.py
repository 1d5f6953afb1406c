"""The paper channel: the dry run that every action can be sent through."""

from __future__ import annotations

import asyncio
import hashlib
import os
from datetime import datetime
from pathlib import Path

import msgspec

from sightline.language.action import Action, Destination, Receipt


class Paper:
    """Writes each action to a file of its own: real, durable, done once per key, and seen by nobody outside."""

    name = "paper"

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def send(self, action: Action, to: Destination, *, at: datetime) -> Receipt:
        """Write the action as JSON, once per key; a crash in the middle leaves nothing behind that counts."""
        return await asyncio.to_thread(self._write, action, at)

    def _write(self, action: Action, at: datetime) -> Receipt:
        self._folder.mkdir(parents=True, exist_ok=True)
        name = hashlib.sha256(action.key.encode()).hexdigest()[:24] + ".json"
        path, beside = self._folder / name, self._folder / f".{name}.{os.urandom(6).hex()}"
        with beside.open("wb") as handle:
            handle.write(msgspec.json.format(msgspec.json.encode(_letter(action, at)), indent=2))
            handle.flush()
            os.fsync(handle.fileno())
        try:
            os.link(beside, path)
            repeated = False
        except FileExistsError:
            repeated = True
        finally:
            beside.unlink()
        return Receipt(key=action.key, channel=self.name, at=at, reference=name, repeated=repeated)


def _letter(action: Action, at: datetime) -> dict[str, str]:
    return {
        "key": action.key,
        "at": at.isoformat(),
        "to": str(action.to),
        "about": str(action.subject),
        "text": action.text,
    }
