"""Movement is told from a shift by how windows moved before; clusters count once, however large."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from sightline.kernel.learn.moved import Moved, moved, said
from sightline.kernel.predict._matrix import Matrix
from sightline.kernel.predict._spec import Group, Spec
from sightline.kernel.predict.clock import microseconds
from sightline.kernel.predict.windows import Asked, Reference, later, reference

BEGIN = datetime(2020, 1, 1, tzinfo=UTC)
TRAINED, ALL = 1500, 2100
"""Clusters, one an hour: before the training, and in all."""
SPECS = (
    Spec(name="attribute.size", group=Group.ATTRIBUTE, of=("size",), measure="value"),
    Spec(name="text.colour", group=Group.ATTRIBUTE, of=("colour",), measure="text", category=True),
    Spec(name="link.order", group=Group.ATTRIBUTE, of=("order",), measure="target", category=True),
)
COLOURS = ["blue", "green", "red"]
REPLAYS = 40


def world(seed: int) -> Asked:
    """Clusters of one to thirty that share their values; the mean size is another every ten hours."""
    chance = np.random.default_rng(seed)
    members = chance.choice([1, 2, 30], ALL, p=[0.6, 0.35, 0.05])
    cluster = np.repeat(np.arange(ALL), members)
    wanders = chance.normal(size=ALL // 10 + 1)[np.arange(ALL) // 10]
    size = (chance.normal(size=ALL) + 0.5 * wanders)[cluster]
    colour = chance.choice(3, ALL, p=[0.6, 0.3, 0.1]).astype(float)[cluster]
    values = np.column_stack([size, colour, cluster.astype(float)]).astype(np.float32)
    orders = [f"order/{number:04d}" for number in range(ALL)]
    began = microseconds(BEGIN)
    return Asked(
        cutoff=began + cluster * 3_600_000_000,
        cluster=cluster,
        matrix=Matrix(specs=SPECS, values=values, vocabulary={"text.colour": COLOURS, "link.order": orders}),
        said=1 / (1 + np.exp(-size.astype(np.float64))),
    )


def compared(asked: Asked) -> tuple[Reference, Moved, list[np.ndarray]]:
    kept = reference(asked, BEGIN + timedelta(hours=TRAINED), ["attribute.size"])
    assert kept is not None
    kept = Reference.read(json.loads(json.dumps(kept.document())))
    found, _ = later(kept, asked)
    return kept, moved(kept, found), found


def shifted(asked: Asked, column: int, values: float, since: int = TRAINED + 100) -> Asked:
    changed = asked.matrix.values.copy()
    changed[asked.cluster >= since, column] = values
    return replace(asked, matrix=replace(asked.matrix, values=changed))


def test_what_moves_as_before_raises_no_alarm_and_a_shift_does() -> None:
    still = [compared(world(seed))[1] for seed in range(REPLAYS)]
    assert sum(one.alarm is not None for one in still) <= 0.1 * REPLAYS
    gone = [compared(shifted(world(seed), 1, np.nan))[1] for seed in range(10)]
    assert all(one.alarm is not None for one in gone)
    assert {one.strongest(one.alarm or 0)[0] for one in gone} == {"text.colour"}


def test_what_moved_is_told_in_words_with_its_beginning() -> None:
    kept, told, found = compared(shifted(world(1), 0, 40.0))
    assert told.alarm is not None
    assert told.strongest(told.alarm)[0] == "attribute.size"
    first = told.since("attribute.size", told.alarm)
    assert abs(first - 100 // kept.clusters) <= 1
    series = kept.series[0]
    words = said(series, series.past.sum(axis=0), found[0][first : told.alarm + 1].sum(axis=0))
    part, _, share = words.removesuffix("% instead of 19%").rpartition(" of ")
    assert part == "0.9494 or more"
    assert int(share) >= 80


def test_a_large_cluster_counts_as_one() -> None:
    asked = world(2)
    kept, _, found = compared(asked)
    assert kept.series[0].past.sum(axis=1) == pytest.approx(np.full(len(kept.series[0].past), kept.clusters))
    assert found[0].sum(axis=1) == pytest.approx(np.full(len(found[0]), kept.clusters))


def test_categories_that_nearly_all_differ_and_short_histories_are_left_out() -> None:
    asked = world(3)
    assert [one.name for one in compared(asked)[0].series] == ["attribute.size", "text.colour", "said"]
    few = asked.rows(np.flatnonzero(asked.cluster < 90))
    assert reference(few, BEGIN + timedelta(hours=TRAINED), []) is None


def test_what_is_not_made_any_more_is_missing() -> None:
    asked = world(4)
    kept, _, _ = compared(asked)
    narrow = replace(asked, matrix=asked.matrix.only(SPECS[:1]))
    found, _ = later(kept, narrow)
    assert found[1][:, -1] == pytest.approx(np.full(len(found[1]), kept.clusters))
