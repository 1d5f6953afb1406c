"""What happens to things, by thing: as read in bulk, less what was touched since, with what is so now.

A strand is one stream (or what its events say of one member) cut up by the thing it concerns. In bulk it is made by
the very functions that the bulk features use; of things that an event touched since it is read from their own words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from sightline.kernel.predict._streams import Stream
from sightline.kernel.predict.live._things import Thing
from sightline.kernel.predict.live._time import END
from sightline.language.question import Where

Whole = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

Told = tuple[int, int, int, int, float | None, str | None]
"""position, time, since, until, number, text."""

Tell = Callable[[Thing, str], list[Told]]
"""What a thing's words tell of the thing with a key."""


@dataclass(slots=True)
class Occurrences:
    """Some occurrences of one stream, aligned."""

    position: Whole
    time: Whole
    since: Whole
    until: Whole
    """END: still."""
    number: Floats
    text: list[str | None]

    @classmethod
    def of(cls, told: Sequence[Told]) -> Occurrences:
        """From rows."""
        position, time, since, until, number, text = zip(*told, strict=True) if told else ((),) * 6
        whole = [np.array(part, np.int64) for part in (position, time, since, until)]
        return cls(whole[0], whole[1], whole[2], whole[3], np.array(number, np.float64), list(text))

    def rows(self) -> list[Told]:
        """As rows; a missing number is None."""
        numbers = [None if number != number else number for number in self.number.tolist()]
        parts = (self.position.tolist(), self.time.tolist(), self.since.tolist(), self.until.tolist(), numbers)
        return list(zip(*parts, self.text, strict=True))

    def only(self, kept: npt.NDArray[np.bool_]) -> Occurrences:
        """Those where `kept` is true."""
        text = [one for one, stays in zip(self.text, kept.tolist(), strict=True) if stays]
        return Occurrences(
            self.position[kept], self.time[kept], self.since[kept], self.until[kept], self.number[kept], text
        )

    def also(self, told: Sequence[Told]) -> Occurrences:
        """With these too."""
        more = Occurrences.of(told)
        names = ("position", "time", "since", "until", "number")
        parts = {name: np.concatenate([getattr(self, name), getattr(more, name)]) for name in names}
        return replace(self, **parts, text=self.text + more.text)


@dataclass(slots=True)
class Touched:
    """Which things changed since the bulk read, and whom their words concern now."""

    positions: set[int] = field(default_factory=set)
    """Rows of the bulk read that belong to them."""
    things: set[tuple[str, str]] = field(default_factory=set)
    pointing: dict[tuple[str, str], set[tuple[str, str]]] = field(default_factory=dict)
    """A thing to those of `things` that point at it, or did."""


@dataclass(slots=True)
class Strand:
    """One stream, cut up by the thing it concerns."""

    stream: Stream
    tell: Tell
    _frame: pl.DataFrame
    """position, time, since, until, number, text; by key."""
    _place: dict[str, tuple[int, int]]

    @classmethod
    def of(cls, stream: Stream, found: pl.DataFrame, tell: Tell) -> Strand:
        """`found`: position, key, time, since, until and perhaps number and text."""
        columns = {name: pl.lit(None, kind) for name, kind in (("number", pl.Float64), ("text", pl.String))}
        missing = [value.alias(name) for name, value in columns.items() if name not in found.columns]
        rows = found.with_columns(*missing).sort("key", "position", "since")
        rows = rows.with_columns(pl.col("time", "since", "until").dt.timestamp("us"))
        rows = rows.with_columns(pl.col("until").fill_null(END))
        things = rows.with_row_index("at").group_by("key", maintain_order=True).agg(pl.col("at").first(), many=pl.len())
        place = {key: (at, at + many) for key, at, many in things.iter_rows()}
        kept = rows.select("position", "time", "since", "until", "number", "text")
        return cls(stream, tell, kept.rechunk(), place)

    def of_thing(self, key: str, touched: Touched, thing: Callable[[str, str], Thing]) -> Occurrences:
        """What concerns one thing, as it is known now."""
        name = (self.stream.of, key)
        if not self.stream.roles:
            if name in touched.things:
                return Occurrences.of(self.tell(thing(*name), key))
            return self._read(key)
        found = self._read(key)
        others = [one for one in touched.pointing.get(name, ()) if one[0] == self.stream.kind]
        if not others:
            return found
        if len(found.position):
            gone = [position not in touched.positions for position in found.position.tolist()]
            found = found.only(np.array(gone, np.bool_))
        told = [row for kind, other in sorted(others) for row in self.tell(thing(kind, other), key)]
        return found.also(told)

    def _read(self, key: str) -> Occurrences:
        start, end = self._place.get(key, (0, 0))
        if end == start:
            return Occurrences.of(())
        part = self._frame[start:end]
        whole = [part[name].to_numpy().astype(np.int64) for name in ("position", "time", "since", "until")]
        number = part["number"].fill_null(float("nan")).to_numpy()
        return Occurrences(whole[0], whole[1], whole[2], whole[3], number, part["text"].to_list())


def occurring(stream: Stream) -> Tell:
    """Tells of all occurrences of a stream."""

    def tell(thing: Thing, key: str) -> list[Told]:
        own = [(w.position, w.time, w.since, w.until) for w in thing.words if w.type == stream.event]
        if not stream.roles:
            return [(*one, None, None) for one in own]
        target = f"{stream.of}/{key}"
        arrows = joined(one[:2] for role in stream.roles for one in thing.links.get(role, ()) if one[2] == target)
        cut = [(position, time, max(since, begins), min(until, ends))
               for position, time, since, until in own for begins, ends in arrows]  # fmt: skip
        return [(*one, None, None) for one in cut if one[2] < one[3]]

    return tell


def joined(intervals: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """One interval where several overlap or touch."""
    found: list[tuple[int, int]] = []
    for begins, ends in sorted(intervals):
        if found and begins <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], ends))
        else:
            found.append((begins, ends))
    return found


def saying(before: Tell, name: str, *, owned: bool = True) -> Tell:
    """Tells of those occurrences what they say under `name`; `owned`: or what was known of what they happened to."""

    def tell(thing: Thing, key: str) -> list[Told]:
        words = {word.position: word for word in thing.words}
        found: list[Told] = []
        for position, time, since, until, _, _ in before(thing, key):
            said = words[position].says(name)
            if said is not None:
                found.append((position, time, since, until, *said))
                continue
            for begins, ends, value in thing.attributes.get(name, ()) if owned else ():
                cut = (position, time, max(since, begins), min(until, ends), *value)
                if cut[2] < cut[3]:
                    found.append(cut)
        return found

    return tell


def meeting(before: Tell, conditions: Iterable[Where]) -> Tell:
    """Tells of those occurrences that meet all conditions, while they do."""
    for condition in conditions:
        before = _meeting(before, condition)
    return before


def _meeting(before: Tell, condition: Where) -> Tell:
    told = saying(before, condition.name)

    def tell(thing: Thing, key: str) -> list[Told]:
        return [(*one[:4], None, None) for one in told(thing, key) if meets(condition, one[4], one[5])]

    return tell


def meets(condition: Where, number: float | None, text: str | None) -> bool:
    """Whether a value meets a condition; what is unknown does not."""
    value: Any = condition.value
    if condition.test == "above":
        return number is not None and number > value
    if condition.test == "below":
        return number is not None and number < value
    same = text == value if isinstance(value, str) else number is not None and number == float(value)
    if condition.test == "is":
        return same
    return (number is not None or text is not None) and not same
