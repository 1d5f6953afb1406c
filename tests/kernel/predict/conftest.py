"""A short ladder, for tests that are not about which models there are."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from sightline.kernel.predict import models
from sightline.kernel.predict.models.rung import Lessons, Rung, Task

SHORT = ("prior", "logistic")


@pytest.fixture(scope="module")
def short() -> Iterator[None]:
    """Only the quick rungs are tried."""
    whole = models.ladder

    def ladder(task: Task, lessons: Lessons) -> list[Rung]:
        return [rung for rung in whole(task, lessons) if rung.name in SHORT]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(models, "ladder", ladder)
        yield
