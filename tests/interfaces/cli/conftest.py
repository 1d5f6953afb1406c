"""A home whose PostgreSQL runs on while commands come and go: starting and stopping it takes longer than most do."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from sightline.foundation.settings import Settings
from tests.conftest import in_thread


@pytest.fixture(scope="module")
def house() -> Iterator[Path]:
    """One for all tests of a module."""
    folder = Path(tempfile.mkdtemp(prefix="sightline-cli-", dir="/var/tmp"))
    folder.chmod(0o711)
    server = in_thread(Settings(home=folder / "home"))
    yield folder / "home"
    server.close()
    shutil.rmtree(folder)
