"""A short ladder, for tests that are not about which models there are."""

from __future__ import annotations

import pytest

from sightline.kernel.predict import models
from sightline.kernel.predict.models.rung import Lessons, Rung, Task

SHORT = ("prior", "logistic")


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the quick rungs are tried."""
    whole = models.ladder

    def ladder(task: Task, lessons: Lessons) -> list[Rung]:
        return [rung for rung in whole(task, lessons) if rung.name in SHORT]

    monkeypatch.setattr(models, "ladder", ladder)
