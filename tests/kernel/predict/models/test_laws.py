"""Every rung of the ladder holds to the laws, for every answer it suits."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from sightline.kernel.predict import models
from sightline.kernel.predict.models.rung import Rung
from sightline.testing import laws
from sightline.testing import lessons as teach

FORMS = ("happens", "absent", "count", "total", "next", "value")


QUICK = {"prior", "logistic", "boosted small", "survival", "buy till you die"}
"""The others take up to half a minute each: thorough."""

SHOWN = {
    "explainable": {"happens", "count", "total", "value", "next"},
    "catboost": {"happens", "value", "next"},
    "blend": {"happens", "count"},
}
"""Of the slowest rungs the forms that each learns in a way of its own. All learn `absent` like `happens`; of quantities
one has an objective for each, one the same for all but `next`; a blend blends chances, and it blends quantities."""


def _pairs() -> list[Any]:
    found: list[tuple[Rung, str]] = []
    for form in FORMS:
        asked, known = teach.task(form), teach.matrix(600)
        lessons = teach.lessons(asked, known, teach.answers(asked, known))
        ladder = models.ladder(replace(asked, extras=True), lessons)
        found += [(rung, form) for rung in ladder if form in SHOWN.get(rung.name, FORMS)]
    return [
        pytest.param(rung, form, id=f"{rung.name}, {form}", marks=() if rung.name in QUICK else pytest.mark.slow)
        for rung, form in found
    ]


@pytest.mark.parametrize(("rung", "form"), _pairs())
def test_it_holds_to_the_laws(rung: Rung, form: str) -> None:
    assert laws.rung(rung, form).name == rung.name
