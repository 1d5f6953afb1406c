"""Whom a playbook concerns: conditions on what is known of a subject, and on what is forecast of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sightline.kernel.predict import language
from sightline.language.kind import Attribute, Kind, Sort
from sightline.language.playbook import Situation
from sightline.language.question import Where

FORECAST = ("probability", "quantity", "worth")
"""What a condition may name beside the attributes of the subject."""

_TESTS: Mapping[str, Callable[[Any, Any], bool]] = {
    "is": lambda said, than: bool(said == than),
    "is not": lambda said, than: bool(said != than),
    "above": lambda said, than: bool(said > than),
    "below": lambda said, than: bool(said < than),
}


def read(text: str, kind: Kind) -> tuple[Where, ...]:
    """The conditions that a text like `probability above 0.6 and mode is Air` states of a subject of a kind.

    Raises Unparsable, pointing at the word that does not fit, and NotFound for an attribute that is not declared.
    """
    told = tuple(Attribute(name=name, sort=Sort.NUMBER) for name in FORECAST if kind.attribute(name) is None)
    return language.conditions(text, replace(kind, attributes=(*kind.attributes, *told)))


def meets(conditions: Sequence[Where], situation: Situation) -> bool:
    """Whether all conditions hold; what is unknown meets none."""
    return all(_holds(one, situation) for one in conditions)


def _holds(one: Where, situation: Situation) -> bool:
    said = getattr(situation, one.name) if one.name in FORECAST else situation.attributes.get(one.name)
    if said is None or isinstance(said, str) != isinstance(one.value, str):
        return False
    return _TESTS[one.test](said, one.value)
