"""Which of several facts about the same thing stands, and when: intervals that do not overlap."""

from __future__ import annotations

import heapq
from typing import Any

import polars as pl


def settle(facts: pl.DataFrame, name: str, values: tuple[str, ...]) -> pl.DataFrame:
    """Cut overlapping facts so that at every moment the one known last (by known_from, position) stands.

    `facts`: kind, key, `name`, `values`, position, known_from, known_until (null: current). Nearly all subjects have
    one chain, or chains that follow each other; those take the fast path. Where the standing fact ends before the next
    begins, an older one may come back, which takes a sweep. What is only said again is one fact: it cuts nothing.
    """
    of = ["kind", "key", name]
    columns = [*of, *values, "known_from", "known_until"]
    until, after = pl.col("known_until"), pl.col("_next")
    marked = facts.sort(*of, "known_from", "position").with_columns(_next=pl.col("known_from").shift(-1).over(of))
    gap = (until < after) | (until.is_not_null() & after.is_null())
    marked = marked.with_columns(_back=gap.fill_null(value=False).any().over(of) & (pl.len().over(of) > 1))
    cut = marked.filter(~pl.col("_back")).with_columns(known_until=pl.min_horizontal(until, after))
    swept = _sweep(marked.filter("_back"), of, columns)
    alive = until.is_null() | (until > pl.col("known_from"))
    settled = pl.concat([cut.select(columns), swept]).filter(alive).sort(*of, "known_from")
    return whole(settled, [*of, *values]).select(columns)


def whole(settled: pl.DataFrame, same: list[str]) -> pl.DataFrame:
    """Join what follows at once and is the same: `same`, known_from, known_until; `settled` has one after the other."""
    begins, before = pl.col("known_from"), pl.col("known_until").shift(1)
    goes_on = pl.all_horizontal(begins == before, *(pl.col(name).eq_missing(pl.col(name).shift(1)) for name in same))
    again = settled.with_columns(_again=goes_on.fill_null(value=False))
    if not again["_again"].any():
        return settled
    stints = again.with_columns(_stint=(~pl.col("_again")).cum_sum())
    return stints.group_by(*same, "_stint", maintain_order=True).agg(begins.first(), pl.col("known_until").last())


def _sweep(facts: pl.DataFrame, of: list[str], columns: list[str]) -> pl.DataFrame:
    rows: list[dict[str, Any]] = []
    for group in facts.partition_by(of, maintain_order=True):
        rows += _standing(group.to_dicts())
    return pl.DataFrame(rows, schema={c: facts.schema[c] for c in columns}, orient="row")


def _standing(facts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The winner between each two moments at which something begins or ends; `facts` in the order they became known.

    A winner that stays is one interval: where it is cut must not depend on what else was or became known meanwhile.
    """
    ends = {f["known_until"] for f in facts if f["known_until"] is not None}
    moments = sorted({f["known_from"] for f in facts} | ends)
    found: list[dict[str, Any]] = []
    heap: list[int] = []
    begun, winner = 0, 1
    for at, following in zip(moments, [*moments[1:], None], strict=True):
        while begun < len(facts) and facts[begun]["known_from"] <= at:
            heapq.heappush(heap, -begun)
            begun += 1
        while heap and (end := facts[-heap[0]]["known_until"]) is not None and end <= at:
            heapq.heappop(heap)
        if heap and heap[0] == winner:
            found[-1]["known_until"] = following
        elif heap:
            found.append({**facts[-heap[0]], "known_from": at, "known_until": following})
        winner = heap[0] if heap else 1
    return found
