"""Where the HTTP interface of an installation is reached: told by whoever serves, in a file of the home folder."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sightline.foundation.settings import Settings
from sightline.language.errors import Conflict

FILE = "http.address"

_EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 (who listens everywhere is reached from here)


def url(host: str, port: int) -> str:
    """The address to open in a browser on this machine."""
    here = _EVERYWHERE.get(host, host)
    return f"http://[{here}]:{port}" if ":" in here else f"http://{here}:{port}"


@contextmanager
def told(home: Path, address: str) -> Iterator[None]:
    """Tell it for as long as the block lasts; whoever serves last is the one who is found."""
    file = home / FILE
    file.write_text(address + "\n", encoding="utf-8")
    try:
        yield
    finally:
        if file.exists() and file.read_text(encoding="utf-8").strip() == address:
            file.unlink()


def found(settings: Settings) -> str:
    """Where it is served, or would be by the settings. Raises Conflict where any free port would be taken."""
    file = settings.home / FILE
    if file.exists():
        return file.read_text(encoding="utf-8").strip()
    if settings.http.port == 0:
        raise Conflict("Nothing is served, and the port would be any free one.", hint="Run `sightline serve` first.")
    return url(settings.http.host, settings.http.port)
