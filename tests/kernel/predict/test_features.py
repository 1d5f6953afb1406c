"""The histories against a plain reading, subject by subject, of what was known at each cutoff."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import polars as pl
from hypothesis import given, settings

from sightline.kernel.predict.examples import Examples, examples
from sightline.kernel.predict.facts import Facts
from sightline.kernel.predict.features import features
from tests.kernel.predict.histories import DONE, KINDS, Row, day, due, frame, histories


def _standing(history: pl.DataFrame, at: datetime) -> list[dict[str, Any]]:
    until = pl.col("known_until")
    return history.filter(pl.col("known_from") <= at, until.is_null() | (until > at)).to_dicts()


def _target(facts: Facts, key: str, role: str, at: datetime) -> str | None:
    own = facts.links.filter(pl.col("key") == key, pl.col("role") == role)
    found = _standing(own, at)
    return found[0]["to"] if found else None


def _plain(asked: Examples, facts: Facts, one: dict[str, Any], role: str) -> dict[str, float]:
    """What an honest clerk would have counted on the day."""
    at = one["cutoff"]
    group = _target(facts, one["key"], role, at)
    keys = asked.eligible.select("row", "key")
    answers = {r["key"]: r for r in asked.answer(at).join(keys, on="row").to_dicts()}
    peers = [
        p
        for p in asked.eligible.to_dicts()
        if p["key"] != one["key"] and p["cutoff"] <= at and _target(facts, p["key"], role, at) == group
    ]
    mature = [p for p in peers if p["matures_at"] <= at]
    late = [p for p in mature if p["matures_at"] + timedelta(days=90) > at]
    silent = [p for p in peers if not answers[p["key"]]["answered"]]
    return {
        "asked": len(peers),
        "asked_lately": sum(p["cutoff"] + timedelta(days=30) > at for p in peers),
        "open": sum(p["deadline"] > at for p in silent),
        "overdue": sum(p["deadline"] <= at for p in silent),
        "n": len(mature),
        "yes": sum(answers[p["key"]]["value"] for p in mature),
        "n_90": len(late),
        "siblings": sum(p["deadline"] == one["deadline"] for p in peers),
    }


@settings(max_examples=12, deadline=None)
@given(histories())
def test_histories_count_what_was_known(rows: list[Row]) -> None:
    facts = Facts.of(frame(rows), KINDS)
    asked = examples(DONE, facts)
    table = features(DONE, asked, facts).frame
    for one in asked.eligible.to_dicts():
        told = table.row(by_predicate=pl.col("key") == one["key"], named=True)
        for role in ("maker", "place"):
            if _target(facts, one["key"], role, one["cutoff"]) is None:
                continue
            for measure, value in _plain(asked, facts, one, role).items():
                assert told[f"link.{role}.{measure}"] == value, (one["key"], role, measure)


def _told(key: str, due: int, known: int = 0) -> Row:
    return Row(
        f"{key}.0",
        f"{key}.0",
        "thing.described",
        key,
        known,
        known,
        (("due", str(day(due).date())),),
        (("maker", "a"),),
    )


def _done(key: str, time: int, known: int) -> Row:
    return Row(f"{key}.done", f"{key}.done", "thing.done", key, time, known)


def test_the_last_five_are_the_last_five_to_become_mature() -> None:
    """Seven mature, of which the first two and the last one were late."""
    rows = [_told(f"t{i}", 20 + i) for i in range(7)] + [_told("me", 60)]
    rows += [_done(f"t{i}", 19, 20) for i in range(2, 6)]
    facts = Facts.of(frame(rows), KINDS)
    asked = examples(DONE, facts)
    told = features(DONE, asked, facts).frame.row(by_predicate=pl.col("key") == "me", named=True)
    assert (told["link.maker.n"], told["link.maker.yes"], told["link.maker.yes_last_5"]) == (7, 3, 1)
    assert told["link.maker.delay"] == -24 * sum(i + 2 for i in range(2, 6)) / 4


def test_a_late_record_corrects_how_an_old_answer_reads() -> None:
    rows = [_told("old", 20), _told("before", 45), _told("after", 65), _done("old", 20, 50)]
    facts = Facts.of(frame(rows), KINDS)
    asked = examples(DONE, facts)
    table = features(DONE, asked, facts).frame
    counted = {key: (n, yes) for key, n, yes in table.select("key", "link.maker.n", "link.maker.yes").iter_rows()}
    assert counted == {"old": (0, 0), "before": (1, 1), "after": (2, 1)}
    for moment, reads in ((49, True), (50, False)):
        assert asked.labelled(day(moment)).filter(pl.col("key") == "old")["value"].to_list() == [reads]


def test_names_with_dots_are_names_like_others() -> None:
    said = (("due", due(60)), ("mood", "2020-03-01"), ("mood.days", 7), ("days.mood", 8), ("mood.text", "well"))
    facts = Facts.of(frame([Row("a", "a", "thing.described", "t1", 0, 0, said)]), KINDS)
    table = features(DONE, examples(DONE, facts), facts)
    names = [spec.name for spec in table.specs]
    assert len(names) == len(set(names))
    one = table.frame.row(0, named=True)
    assert one["days.mood"] == 24 * (60 - 50)
    assert (one["attribute.mood.days"], one["attribute.days.mood"]) == (7, 8)
