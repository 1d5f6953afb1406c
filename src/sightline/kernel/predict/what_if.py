"""What would be told of a subject if some of its attributes were others; its histories stay as they are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta

import numpy as np

from sightline.kernel.predict._attributes import bucketed
from sightline.kernel.predict._linked import BEYOND
from sightline.kernel.predict._matrix import Matrix
from sightline.kernel.predict._spec import Group, Spec
from sightline.kernel.predict.duty import Told
from sightline.kernel.predict.prepare import Prepared
from sightline.kernel.predict.trained import Trained
from sightline.language.errors import Invalid, NotFound
from sightline.language.time import is_moment, start_of

UNDECLARED = {"value", "days", "text"}
"""The measures of an attribute of which no sort is declared."""

Choice = str | float | bool | None
"""None: not known."""


def what_if(trained: Trained, prepared: Prepared, row: int, changes: Mapping[str, Choice]) -> Told:
    """What is told of the eligible subject at position `row` with these attributes (or links, as `kind/key`) instead.

    One row. Raises NotFound for a name that no feature reads, Invalid for a value of another sort.
    """
    return trained.tell(altered(prepared, row, changes))


def altered(prepared: Prepared, row: int, changes: Mapping[str, Choice]) -> Matrix:
    """The features of one subject with changed attributes. Unseen categories are what they would be in a new row."""
    whole, cutoff = prepared.matrix, prepared.asked.eligible["cutoff"][row]
    values, vocabulary = whole.values[[row]].copy(), dict(whole.vocabulary)
    at = {spec.name: place for place, spec in enumerate(whole.specs)}
    for name, value in changes.items():
        specs = changed(whole, name)
        if not specs:
            known = {spec.of[0] for spec in whole.specs if spec.group is Group.ATTRIBUTE}
            raise NotFound.named("attribute to change", name, known)
        for spec in specs:
            read = _read(spec, value, cutoff, alone=not {one.measure for one in specs} >= UNDECLARED)
            if isinstance(read, str):
                words = vocabulary[spec.name]
                if read not in words:
                    vocabulary[spec.name] = words = [*words, read]
                read = float(words.index(read))
            values[0, at[spec.name]] = read
    return Matrix(specs=whole.specs, values=values, vocabulary=vocabulary)


def notes(trained: Trained, prepared: Prepared, names: Iterable[str]) -> tuple[str, ...]:
    """What to know of an answer in which these attributes or links are others: which of them the model does not read,
    and of which links what it reads is still that of where they pointed before.
    """
    read = {spec for spec in prepared.matrix.specs if spec.name in set(trained.document.get("features", ()))}
    found = []
    for name in names:
        said = _called(prepared, name)
        if not read & set(changed(prepared.matrix, name)):
            found.append(f"The model on duty does not read {said}: another one by itself changes nothing.")
        if any(_along(spec, name) for spec in read):
            found.append(
                f"What the model reads of the past of its {said}, and of whatever else that is linked to, is still that"
                " of the one as it is."
            )
    return tuple(found)


def _along(spec: Spec, link: str) -> bool:
    """Whether a feature is made of what lies behind a link of the subject."""
    roles = spec.of[:1] if spec.group is Group.FAR else spec.of
    return spec.group in {Group.LINK, Group.PAIR, Group.FAR} and link in {role.partition(BEYOND)[0] for role in roles}


def _called(prepared: Prepared, name: str) -> str:
    kind = prepared.kind
    called = {} if kind is None else {one.name: one.words for one in kind.links}
    called |= {} if kind is None else {one.name: one.words for one in kind.attributes}
    return called.get(name, name.replace("_", " "))


def changed(matrix: Matrix, name: str) -> tuple[Spec, ...]:
    """The features that read an attribute or a link of the subject itself."""
    return tuple(spec for spec in matrix.specs if spec.group is Group.ATTRIBUTE and spec.of == (name,))


def value_of(matrix: Matrix, row: int, name: str) -> Choice:
    """What stands there now, as far as features tell; None where nothing is known."""
    for place, spec in enumerate(matrix.specs):
        value = matrix.values[row, place]
        if spec.group is Group.ATTRIBUTE and spec.of == (name,) and not np.isnan(value):
            return matrix.vocabulary[spec.name][int(value)] if spec.category else float(value)
    return None


def _read(spec: Spec, value: Choice, cutoff: datetime, *, alone: bool) -> float | str:
    """A value as the feature reads it (see `_attributes`). Of an attribute that is not declared (not `alone`) one of
    its features reads it, by the sort of the value.
    """
    if value is None:
        return float("nan")
    if spec.measure in {"word", "words"}:
        return bucketed(str(value), spec.name)
    dated = isinstance(value, str) and is_moment(value)
    fits = {"days": dated, "value": not isinstance(value, str)}.get(spec.measure, alone or isinstance(value, str))
    if not fits or (not alone and spec.measure == "text" and dated):
        if not alone:
            return float("nan")
        allowed = "a day, such as 2015-01-31" if spec.measure == "days" else "a number, or true or false"
        raise Invalid(f"'{spec.of[0]}' cannot be {value!r}.", hint=f"Give {allowed}.")
    if spec.measure == "days":
        return float((start_of(str(value)) - cutoff.astimezone(UTC)) // timedelta(hours=1))
    return float(value) if spec.measure == "value" else str(value)
