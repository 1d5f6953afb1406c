"""Since when anything is known of a subject: its own first word, or the first arrow at it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

from sightline.kernel.predict.facts import Facts
from sightline.kernel.predict.live._strands import Touched
from sightline.kernel.predict.live._things import Thing


@dataclass(frozen=True, slots=True)
class Pointers:
    """Which things point at each subject, since when."""

    of: str
    _frame: pl.DataFrame
    """kind, key, since; by the subject pointed at."""
    _place: dict[str, tuple[int, int]]

    @classmethod
    def of_facts(cls, of: str, facts: Facts) -> Pointers:
        """At subjects of the kind `of`."""
        found = facts.links.filter(pl.col("to").str.starts_with(f"{of}/")).select(
            "kind", "key", subject=pl.col("to").str.slice(len(of) + 1), since=pl.col("known_from").dt.timestamp("us")
        )  # fmt: skip
        found = found.sort("subject", "since")
        groups = found.with_row_index("at").group_by("subject", maintain_order=True).agg(
            pl.col("at").first(), many=pl.len()
        )  # fmt: skip
        return cls(of, found, {key: (at, at + many) for key, at, many in groups.iter_rows()})

    def born(self, key: str, touched: Touched, thing: Callable[[str, str], Thing]) -> int:
        """Since when a subject is known; END where nothing is."""
        found, target = thing(self.of, key).since, f"{self.of}/{key}"
        for other in touched.pointing.get((self.of, key), ()):
            for stretches in thing(*other).links.values():
                found = min([found, *(one[0] for one in stretches if one[2] == target)])
        start, end = self._place.get(key, (0, 0))
        for kind, other_key, _, since in self._frame[start:end].iter_rows() if end > start else ():
            if since >= found:
                break
            if (kind, other_key) not in touched.things:
                return int(since)
        return found
