"""What is known, and since when: the ledger's rows read into histories with two clocks.

Each row of the lake is one event of a chain (same source, same root). Within a chain the versions follow each other by
(known_at, position), so a version is known in the half-open interval [known_from, known_until): until the next version
corrects it. Retractions end the version before them and carry nothing; versions replaced the moment they became known
(an import undone) carry nothing either. Everything that predicts reads these intervals, and only these.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

import msgspec
import polars as pl

from sightline.kernel.predict._intervals import settle
from sightline.language.event import DERIVED, LINKS
from sightline.language.kind import Kind

CHUNK = 50_000
"""Rows whose JSON is decoded at a time: bounds the Python objects alive at once to some tens of MB."""

DESCRIBED = ".described"
"""How the types of events end that say what a thing is, not what happened to it."""

INSTANT = pl.Datetime("us", "UTC")

NEVER = datetime(2262, 1, 1, tzinfo=UTC)
"""The end of an interval that has none."""

_MEMBERS = {"row": pl.UInt32, "name": pl.String, "number": pl.Float64, "text": pl.String}
_ARROWS = {"row": pl.UInt32, "role": pl.String, "to": pl.String}


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Histories of happenings, attributes and links, each fact with the interval in which it is known."""

    kinds: Mapping[str, Kind] = field(default_factory=dict)
    happenings: pl.DataFrame
    """position, kind, key, type, time, known_from, known_until (null: current)."""
    said: pl.DataFrame
    """position, name, number (f64), text (str): what each of the happenings says itself, descriptions apart. It is
    known while the happening of that position is.
    """
    attributes: pl.DataFrame
    """kind, key, name, number (f64, numbers and flags), text (str, everything else), known_from, known_until.
    The intervals of one attribute of one subject do not overlap."""
    links: pl.DataFrame
    """kind, key, role, to (`kind/key`), known_from, known_until; intervals of one role do not overlap."""
    born: pl.DataFrame
    """kind, key, exists_from: since when anything is known of a subject, or points at it."""
    seen: pl.DataFrame
    """position, known_at of every ledger row read, retractions too: the fingerprint of what a model could know."""

    @classmethod
    def of(cls, frame: pl.DataFrame, kinds: Mapping[str, Kind]) -> Facts:
        """Read the lake's columns (position, source, id, root, type, kind, key, time, known_at, retracted, data).

        The order of the rows does not matter. About 10 s and 1 GB for a million events: the JSON is read a stretch of
        subjects at a time, so that only what it says is held whole.
        """
        versions = _versions(frame)
        parts = [_settled(part) for part in _stretches(versions)]
        shown = ["kind", "key", "type", "time", "known_from", "known_until"]
        links = pl.concat([part.links for part in parts])
        return cls(
            kinds=dict(kinds),
            happenings=versions.select("position", *shown).sort(*shown[:-1], "position"),
            attributes=pl.concat([part.attributes for part in parts]),
            links=links,
            said=pl.concat([part.said for part in parts]),
            born=_born(versions, links),
            seen=frame.select("position", "known_at").sort("position"),
        )

    def until(self, now: datetime) -> Facts:
        """The same facts as a reader at `now` has them: nothing known later, nothing corrected later."""
        happenings = _known_by(self.happenings, now)
        return Facts(
            kinds=self.kinds,
            happenings=happenings,
            said=_of_these(self.said, happenings),
            attributes=_known_by(self.attributes, now),
            links=_known_by(self.links, now),
            born=self.born.filter(pl.col("exists_from") <= now),
            seen=self.seen.filter(pl.col("known_at") <= now),
        )

    @property
    def rows(self) -> int:
        """Ledger rows read."""
        return self.seen.height

    @property
    def last_position(self) -> int:
        """The position of the last of them; 0 without any."""
        return int(self.seen["position"][-1]) if self.rows else 0

    def roles(self, kind: str) -> list[str]:
        """The roles in which subjects of `kind` point at others, declared or seen, sorted."""
        seen = self.links.lazy().filter(pl.col("kind") == kind).select(pl.col("role").unique()).collect()
        return sorted(seen["role"].to_list())

    def event_types(self, kind: str) -> list[str]:
        """The types of what happened to subjects of `kind`, sorted."""
        seen = self.happenings.lazy().filter(pl.col("kind") == kind).select(pl.col("type").unique()).collect()
        return sorted(seen["type"].to_list())


def _born(versions: pl.DataFrame, links: pl.DataFrame) -> pl.DataFrame:
    own = versions.select("kind", "key", "known_from")
    ends = pl.col("to").str.splitn("/", 2).struct
    pointed = links.drop_nulls("to").select("known_from", kind=ends.field("field_0"), key=ends.field("field_1"))
    both = pl.concat([own, pointed.drop_nulls("key").select(own.columns)])
    return both.group_by("kind", "key").agg(exists_from=pl.col("known_from").min()).sort("kind", "key")


def _of_these(said: pl.DataFrame, happenings: pl.DataFrame) -> pl.DataFrame:
    return said.join(happenings.select("position"), on="position", how="semi", maintain_order="left")


def _known_by(frame: pl.DataFrame, now: datetime) -> pl.DataFrame:
    until = pl.col("known_until")
    last = frame.select(pl.max_horizontal(pl.col("known_from").max(), until.max())).item()
    if last is None or last <= now:
        return frame
    return frame.filter(pl.col("known_from") <= now).with_columns(
        known_until=pl.when(until <= now).then(until).otherwise(None)
    )


def _versions(frame: pl.DataFrame) -> pl.DataFrame:
    """Each event that carries facts, with the interval in which it is the last word of its chain; by subject."""
    chain = ["source", "root"]
    ordered = frame.lazy().sort("source", "root", "known_at", "position")
    return (
        ordered.with_columns(known_from=pl.col("known_at"), known_until=pl.col("known_at").shift(-1).over(chain))
        .filter(~pl.col("retracted"), ~pl.col("type").str.starts_with(DERIVED))
        .filter(pl.col("known_until").is_null() | (pl.col("known_until") > pl.col("known_from")))
        .select("position", "type", "kind", "key", "time", "known_from", "known_until", "data")
        .sort("kind", "key", "position")
        .collect()
    )


def _stretches(versions: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """About `CHUNK` rows at a time, no subject in two of them; one stretch without rows when there are none."""
    kind, key = pl.col("kind"), pl.col("key")
    begins = versions.select((kind.ne_missing(kind.shift()) | key.ne_missing(key.shift())).arg_true()).to_series()
    starts = [0]
    for begin in begins:
        if begin - starts[-1] >= CHUNK:
            starts.append(begin)
    yield from (versions[start:end] for start, end in pairwise([*starts, versions.height]))


@dataclass(frozen=True, slots=True)
class _Part:
    """What some subjects' events say."""

    attributes: pl.DataFrame
    links: pl.DataFrame
    said: pl.DataFrame


def _settled(part: pl.DataFrame) -> _Part:
    """The histories of the attributes and of the links of some subjects, and what each event said."""
    scalars, links = _decode(part["data"])
    stem = part.select("kind", "key", "position", "type", "known_from", "known_until").with_row_index("row")
    members = pl.DataFrame(scalars, schema=_MEMBERS, orient="row").join(stem, on="row").drop("row")
    arrows = pl.DataFrame(links, schema=_ARROWS, orient="row").join(stem, on="row").drop("row")
    there = pl.col("number").is_not_null() | pl.col("text").is_not_null()
    said = members.filter(there, ~pl.col("type").str.ends_with(DESCRIBED))
    return _Part(
        attributes=settle(members, "name", ("number", "text")),
        links=settle(arrows, "role", ("to",)),
        said=said.select("position", "name", "number", "text").sort("position", "name"),
    )


def _decode(texts: Iterable[str]) -> tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]:
    """The scalar members and the links of each row, one row each. msgspec beats the engines' JSON functions here."""
    read = msgspec.json.Decoder(dict[str, Any]).decode
    scalars: list[tuple[Any, ...]] = []
    links: list[tuple[Any, ...]] = []
    for row, text in enumerate(texts):
        for name, value in read(text or "{}").items():
            if name == LINKS:
                links += [(row, role, to) for role, to in _arrows(value)]
            elif isinstance(value, str):
                scalars.append((row, name, None, value))
            elif isinstance(value, (bool, int, float)):
                scalars.append((row, name, float(value), None))
            elif value is None:
                scalars.append((row, name, None, None))
    return scalars, links


def _arrows(value: Any) -> Iterator[tuple[str, str | None]]:
    if isinstance(value, dict):
        for role, to in value.items():
            if to is None or isinstance(to, str):
                yield role, to
