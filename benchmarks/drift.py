"""Are shifts noticed, and is nothing cried where there is none: `python -m benchmarks.drift [REPLAYS]`.

SCMS deliveries (real) are replayed: three versions of the model (trained once each, as of three folds of the back-test)
go on duty, and the lines asked after that come one after the other, a fifth of the orders left out at random each time.
In as many replays again something shifts at a random moment and stays so: answers (more lines come late), who is asked
(orders of five countries or vendors drawn ten times as often), or what is known of them (a column goes missing, a
quantity comes in another unit). What is shifted are the lines as they were asked: histories of earlier lines are not
made anew, and the model is asked again about what it is shown. Beside it what is usual, by the same looks at the same
features. Rows go to `docs/benchmarks.md`. Ends with 1 when a limit is missed.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy.stats import ks_2samp

from benchmarks.answers import real
from benchmarks.answers.deliveries import DATA
from benchmarks.answers.ours import Ours, ours
from benchmarks.answers.rows import Row, keep, skipped
from sightline.kernel.learn.betting import doubtless, money, of_chances, of_promise, rounds
from sightline.kernel.learn.duty import OFF
from sightline.kernel.learn.moved import moved
from sightline.kernel.predict._matrix import Floats, Matrix, Rows
from sightline.kernel.predict.contest import fit, lessons
from sightline.kernel.predict.promise import sides
from sightline.kernel.predict.proof.segments import strongest
from sightline.kernel.predict.trained import Trained
from sightline.kernel.predict.windows import Asked, Reference, clusters_of, later, reference
from sightline.language.errors import NotFound
from sightline.language.proof import Side
from sightline.packs.supply.predict import ARRIVES_LATE

REPLAYS = 200
FOLDS = (0, 3, 6)
LINES = 1200
"""On duty, at most."""
KEPT = 0.8
"""Of the orders, in each replay."""
EARLIEST, LATEST = 100, 500
"""Lines after which something shifts."""
LOOKS, LAST = 50, 200
"""What is usual looks every so many lines at the last so many."""
OFTEN = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """A model on duty, and the lines it is asked about."""

    trained: Trained
    began: int
    """Microseconds."""
    line: Side
    """Beyond which it may act on "on time"."""
    strongest: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """All lines: what is known of them, what became of them, when that counted."""

    asked: Asked
    came: Floats
    counts: Rows

    def rows(self, rows: Rows) -> World:
        return World(asked=self.asked.rows(rows), came=self.came[rows], counts=self.counts[rows])


Shift = Callable[[World, Rows, np.random.Generator], World]
"""Shifts these of the rows."""


def world(found: Ours) -> World:
    """In the order in which they were asked."""
    eligible, test = found.prepared.asked.eligible, found.test
    rows = np.flatnonzero(~np.isnan(test.truth))
    asked = Asked(
        cutoff=test.clock.cutoff, cluster=clusters_of(eligible), matrix=found.prepared.matrix, said=test.model.value
    )
    counts = eligible["matures_at"].dt.timestamp("us").to_numpy().astype(np.int64)
    return World(asked=asked, came=test.truth, counts=counts).rows(rows)


def versions(found: Ours) -> list[Version]:
    """As of the beginnings of some folds."""
    test, made = found.test, []
    for number in FOLDS:
        fold = test.folds[number]
        train = np.flatnonzero(~np.isnan(test.clock.answers(fold.start).value))
        taught = lessons(test.clock, found.prepared.matrix, fold.start, train)
        model = fit(test.task, taught, test.chosen.rung, test.chosen.ladder)
        trained = Trained(
            question=ARRIVES_LATE.name, version=str(number), document={}, task=test.task, model=model, duty=fold.duty,
            recent=None,
        )  # fmt: skip
        answers = test.clock.answers(fold.start)
        heard = np.flatnonzero(~np.isnan(answers.value) & ~np.isnan(test.model.value))
        told = sides(ARRIVES_LATE, test.model.value[heard], answers.value[heard], test.clusters[heard])
        began = int(fold.start.timestamp() * 1e6)
        moved_by = strongest(model, found.prepared.matrix, train, np.ones(len(train)))
        made.append(Version(trained=trained, began=began, line=told[1], strongest=list(moved_by)[:20]))
    return made


def base_rate(times: float) -> Shift:
    """So many times as many come late."""

    def shift(given: World, rows: Rows, chance: np.random.Generator) -> World:
        came = given.came.copy()
        share = came[rows].mean()
        came[rows] = np.maximum(came[rows], chance.random(len(rows)) < share * (times - 1) / (1 - share))
        return replace(given, came=came)

    return shift


def fewer(part: float) -> Shift:
    """Only such a part of those late still are."""

    def shift(given: World, rows: Rows, chance: np.random.Generator) -> World:
        came = given.came.copy()
        came[rows] *= chance.random(len(rows)) < part
        return replace(given, came=came)

    return shift


def missing(part: float, *beginnings: str) -> Shift:
    """Features whose names begin so are not known any more of a part of the lines."""
    return _values(lambda column, chance: np.where(chance.random(len(column)) < part, np.nan, column), *beginnings)


def scaled(times: float, *beginnings: str) -> Shift:
    """In another unit."""
    return _values(lambda column, _: column * times, *beginnings)


def _values(change: Callable[[Floats, np.random.Generator], Floats], *beginnings: str) -> Shift:
    def shift(given: World, rows: Rows, chance: np.random.Generator) -> World:
        matrix = given.asked.matrix
        values = matrix.values.copy()
        seed = int(chance.integers(2**31))
        for at, spec in enumerate(matrix.specs):
            if spec.name.startswith(beginnings):
                values[rows, at] = change(values[rows, at].astype(np.float64), np.random.default_rng(seed))
        return replace(given, asked=replace(given.asked, matrix=replace(matrix, values=values)))

    return shift


def mix(name: str) -> Shift:
    """Orders of five of its values, drawn at random, come many times as often: as many orders as before in all."""

    def shift(given: World, rows: Rows, chance: np.random.Generator) -> World:
        at = next(place for place, spec in enumerate(given.asked.matrix.specs) if spec.name == name)
        column = given.asked.matrix.values[rows, at]
        chosen = chance.choice(np.unique(column[~np.isnan(column)]), 5, replace=False)
        orders, first, member = np.unique(given.asked.cluster[rows], return_index=True, return_inverse=True)
        weight = np.where(np.isin(column[first], chosen), OFTEN, 1.0)
        drawn = chance.choice(len(orders), len(orders), p=weight / weight.sum())
        parts = [rows[member == order] for order in drawn]
        before = np.setdiff1d(np.arange(len(given.came)), rows)
        whole = given.rows(np.concatenate([before, *parts]))
        # Each drawing is an order of its own.
        own = np.concatenate([np.full(len(part), -1 - number) for number, part in enumerate(parts)])
        cluster = np.concatenate([whole.asked.cluster[: len(before)], own])
        return replace(whole, asked=replace(whole.asked, cluster=cluster))

    return shift


SHIFTS: dict[str, tuple[Shift, bool]] = {
    "late three times as often": (base_rate(3.0), True),
    "late twice as often": (base_rate(2.0), False),
    "late a fifth as often": (fewer(0.2), False),
    "shipment mode missing": (missing(1.0, "text.mode"), True),
    "shipment mode missing of half": (missing(0.5, "text.mode"), False),
    "vendor and its history missing": (missing(1.0, "link.vendor"), True),
    "quantity 20 times as much": (scaled(20.0, "attribute.quantity"), True),
    "quantity 5 times as much": (scaled(5.0, "attribute.quantity"), False),
    "five countries ten times as often": (mix("link.country"), False),
    "five vendors ten times as often": (mix("link.vendor"), False),
}
"""Each with whether it is so large that it must not be missed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What one replay showed: after how many lines each was noticed; None: never."""

    population: int | None
    calibration: int | None
    promise: int | None
    right: float
    """Share of those beyond the line."""
    usual: dict[str, bool]

    @property
    def first(self) -> int | None:
        """Of drift. That a promise was broken is another matter: it may be without any."""
        return min((one for one in (self.population, self.calibration) if one is not None), default=None)


def replay(given: World, version: Version, shift: Shift | None, chance: np.random.Generator) -> tuple[Seen, int]:
    """One version on duty; returns what was seen, and after how many lines something shifted."""
    orders = np.unique(given.asked.cluster)
    kept = np.isin(given.asked.cluster, orders[chance.random(len(orders)) < KEPT])
    here = given.rows(np.flatnonzero(kept))
    order = np.argsort(here.asked.cutoff, kind="stable")
    here = here.rows(order[: int((here.asked.cutoff <= version.began).sum()) + LINES])
    first = int((here.asked.cutoff <= version.began).sum())
    until = np.datetime64(version.began, "us").astype(object)
    kept_with = reference(here.asked, until, version.strongest)
    assert kept_with is not None
    at = int(chance.integers(EARLIEST, LATEST))
    if shift is not None:
        here = shift(here, np.arange(first + at, len(here.came)), chance)
        here = here.rows(np.argsort(here.asked.cutoff, kind="stable"))
    duty = here.rows(np.arange(first, len(here.came)))
    said = version.trained.tell(duty.asked.matrix).value
    duty = replace(duty, asked=replace(duty.asked, said=said))
    beyond = _beyond(version, duty)
    return Seen(
        population=_population(kept_with, duty),
        calibration=_noticed(duty, np.arange(len(said)), of_chances(said, duty.came, OFF)),
        promise=_promise(version, duty, beyond),
        right=float(1 - duty.came[beyond].mean()),
        usual=_usual(here.asked.matrix, first),
    ), at


def _population(kept: Reference, duty: World) -> int | None:
    found, began = later(kept, duty.asked)
    alarm = moved(kept, found).alarm
    if alarm is None:
        return None
    ends = np.append(began[1:], np.iinfo(np.int64).max)[alarm]
    return int((duty.asked.cutoff < ends).sum())


def _noticed(duty: World, rows: Rows, factors: Floats) -> int | None:
    """How many lines had been asked when the answers told."""
    told = rounds(duty.asked.cluster[rows], duty.asked.cutoff[rows], duty.counts[rows])
    path = money(factors, told)
    if not doubtless(path):
        return None
    return int((duty.asked.cutoff <= told[int((path >= np.log(100)).argmax())].at).sum())


def _beyond(version: Version, duty: World) -> Rows:
    assert version.line.line is not None, "of these versions each acts on 'on time'"
    return np.flatnonzero(1 - duty.asked.said >= version.line.line)


def _promise(version: Version, duty: World, rows: Rows) -> int | None:
    return _noticed(duty, rows, of_promise(1 - duty.came[rows], version.line.promise))


def _usual(matrix: Matrix, first: int) -> dict[str, bool]:
    """The features of the last lines against those of the training."""
    values = [matrix.values[:, at] for at, one in enumerate(matrix.specs) if one.group.value == "attribute"]
    numbers = [matrix.values[:, at] for at, one in enumerate(matrix.specs)
               if one.group.value == "attribute" and not one.category]  # fmt: skip
    flagged = dict.fromkeys(("PSI over 0.2", "KS below 0.05"), False)
    for end in range(first + LAST, len(matrix.values) + 1, LOOKS):
        last = slice(end - LAST, end)
        flagged["PSI over 0.2"] |= any(_psi(one[:first], one[last]) > 0.2 for one in values)
        if not flagged["KS below 0.05"]:
            flagged["KS below 0.05"] = any(_ks(one[:first], one[last]) < 0.05 for one in numbers)
    return flagged


def _psi(before: npt.NDArray[np.float32], now: npt.NDArray[np.float32]) -> float:
    known = before[~np.isnan(before)]
    borders = np.unique(np.quantile(known, np.arange(1, 10) / 10)) if len(known) else np.zeros(0)

    def shares(column: npt.NDArray[np.float32]) -> Floats:
        codes = np.where(np.isnan(column), len(borders) + 1, np.searchsorted(borders, column, side="right"))
        return np.asarray(np.maximum(np.bincount(codes, minlength=len(borders) + 2) / len(column), 1e-4))

    p, q = shares(now), shares(before)
    return float(((p - q) * np.log(p / q)).sum())


def _ks(before: npt.NDArray[np.float32], now: npt.NDArray[np.float32]) -> float:
    there = now[~np.isnan(now)]
    return float(ks_2samp(before[~np.isnan(before)], there, method="asymp").pvalue) if len(there) else 0.0


def rows(count: int) -> list[Row]:
    """Replays without a shift, then with each."""
    began = time.perf_counter()
    found = ours(ARRIVES_LATE, real.facts("supply"))
    given, on_duty = world(found), versions(found)
    chance = np.random.default_rng(7)
    trained = time.perf_counter() - began

    def some(shift: Shift | None, many: int) -> list[tuple[Seen, int]]:
        return [replay(given, on_duty[number % len(on_duty)], shift, chance) for number in range(many)]

    still = [seen for seen, _ in some(None, count)]
    made = [_still(still, trained)]
    many = [count // len(SHIFTS) + (number < count % len(SHIFTS)) for number in range(len(SHIFTS))]
    everything: list[tuple[str, bool, list[tuple[Seen, int]]]] = [
        (name, large, some(shift, each)) for (name, (shift, large)), each in zip(SHIFTS.items(), many, strict=True)
    ]
    return [*made, *(_shifted(name, large, seen) for name, large, seen in everything)]


def _share(seen: Sequence[Seen], name: str) -> str:
    return f"{np.mean([getattr(one, name) is not None for one in seen]):.1%}"


def _promised(seen: Sequence[Seen]) -> str:
    """Alarms, and how many were really right where there was one and where there was none."""
    told = []
    for words, these in (
        ("alarms", [one.right for one in seen if one.promise is not None]),
        ("none", [one.right for one in seen if one.promise is None]),
    ):
        right = f", where {min(these):.1%} to {max(these):.1%} were right" if these else ""
        told.append(f"{words} in {len(these) / len(seen):.1%}{right}")
    return "; ".join(told)


def _usual_words(seen: Sequence[Seen]) -> str:
    return ", ".join(f"{name} {np.mean([one.usual[name] for one in seen]):.0%}" for name in seen[0].usual)


def _still(seen: Sequence[Seen], trained: float) -> Row:
    share = float(np.mean([one.first is not None for one in seen]))
    return Row(
        name="drift: nothing shifted",
        data=DATA,
        split=f"{len(seen)} replays of at most {LINES:,} lines on duty",
        peers=f"{_usual_words(seen)} flagged (any attribute, the last {LAST} lines, every {LOOKS})",
        seconds=f"training {trained:.0f}",
        ours=f"{share:.1%} flagged: population {_share(seen, 'population')}, calibration"
        f" {_share(seen, 'calibration')}. Promise of 95%: {_promised(seen)}",
        limit="at most 5% flagged",
        held=share <= 0.05,
    )


def _shifted(name: str, large: bool, both: Sequence[tuple[Seen, int]]) -> Row:
    seen = [one for one, _ in both]
    caught = [one.first - at for one, at in both if one.first is not None and one.first >= at]
    share = len(caught) / len(seen)
    delay = f"after {np.median(caught):.0f} lines (median)" if caught else ""
    return Row(
        name=f"drift: {name}",
        data=DATA,
        split=f"{len(seen)} replays, shifted after {EARLIEST} to {LATEST} lines",
        peers=_usual_words(seen),
        ours=f"{share:.0%} flagged {delay}: population {_share(seen, 'population')}, calibration"
        f" {_share(seen, 'calibration')}. Promise broken: {_share(seen, 'promise')}",
        limit="at least 90% flagged" if large else "-",
        held=share >= 0.9 if large else None,
    )


def main() -> int:
    """Returns 1 when a limit is missed."""
    try:
        made = rows(int(sys.argv[1]) if len(sys.argv) > 1 else REPLAYS)
    except NotFound as absent:
        made = [skipped("drift", DATA, str(absent))]
    print(keep(made, ("drift: nothing", *(f"drift: {name}" for name in SHIFTS)), "drift"))
    return int(any(row.held is False for row in made))


if __name__ == "__main__":
    sys.exit(main())
