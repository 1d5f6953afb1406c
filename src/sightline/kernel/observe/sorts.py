"""Values that live events bring must be of the sort they are declared to be: refused while the sender can mend them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sightline.kernel.observe.cloudevents import InvalidEvent
from sightline.language.event import Event
from sightline.language.kind import Kind, Sort

_LOOSE = frozenset((Sort.CATEGORY, Sort.TEXT))
"""Sorts that every scalar fits."""


def sorts_of(kinds: Mapping[str, Kind]) -> dict[str, dict[str, Sort]]:
    """Kind to attribute to sort, where there is something to check."""
    found = {kind.name: {a.name: a.sort for a in kind.attributes if a.sort not in _LOOSE} for kind in kinds.values()}
    return {name: sorts for name, sorts in found.items() if sorts}


def check(events: Sequence[Event], sorts: Mapping[str, Mapping[str, Sort]]) -> None:
    """Raises InvalidEvent with the place of the first event that holds a value of another sort than declared."""
    for index, event in enumerate(events):
        declared = sorts.get(event.subject.kind)
        if declared is None:
            continue
        for name, value in event.data.items():
            sort = declared.get(name)
            if sort is not None and not sort.holds(value):
                raise InvalidEvent(index, f"'{name}' of a {event.subject.kind} must be {sort.form}.")
