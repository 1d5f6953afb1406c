"""Every rung of the ladder holds to the laws, for every answer it suits."""

from __future__ import annotations

import pytest

from sightline.kernel.predict import models
from sightline.kernel.predict.models.rung import Rung
from sightline.testing import laws
from sightline.testing import lessons as teach

FORMS = ("happens", "absent", "count", "total", "next", "value")


def _pairs() -> list[tuple[Rung, str]]:
    found = []
    for form in FORMS:
        asked, known = teach.task(form), teach.matrix(600)
        lessons = teach.lessons(asked, known, teach.answers(asked, known))
        found += [(rung, form) for rung in models.ladder(asked, lessons, extras=True)]
    return found


@pytest.mark.parametrize(("rung", "form"), _pairs(), ids=lambda part: part if isinstance(part, str) else part.name)
def test_it_holds_to_the_laws(rung: Rung, form: str) -> None:
    laws.check_rung(rung, form)
