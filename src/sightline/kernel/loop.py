"""The loop, on one screen: observe -> know -> predict -> reason -> act -> learn -> (recorded as events) -> observe.

Observing appends facts to the ledger; every stage behind it is a consumer with its own cursor, so a slow one never
holds up intake or its neighbours. What a stage concludes it appends to the ledger, where the next one reads it:
the loop closes through the ledger, never through an import.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass

from sightline.foundation import cursors, ledger
from sightline.foundation.db.session import Database
from sightline.foundation.ledger import Batch, Reads
from sightline.foundation.turn import Turn
from sightline.kernel import act, know, learn, predict, reason
from sightline.kernel.know.archive import EVERYTHING, WRITER
from sightline.language import derived

FACTS = Reads(facts=True)
CHANGES = Reads(facts=True, derived=frozenset({derived.DAY_BEGAN, derived.RETRACTED}))
"""Facts, their retractions, and the passing of days."""
WAKES = Reads(facts=True, derived=frozenset({derived.DAY_BEGAN, derived.PREDICTED, derived.CROSSED, derived.FOUND}))
"""What a playbook can be waiting for."""

VERDICTS = Reads(derived=frozenset({derived.DECIDED, derived.ANSWERED}))
"""What begins a run."""

SIGNALS = Reads(
    facts=True, derived=frozenset({derived.DAY_BEGAN, derived.DONE, derived.DEAD, derived.ANSWERED, derived.RANG})
)  # fmt: skip
"""What a run can be waiting for."""

DAYS = Reads(derived=frozenset({derived.DAY_BEGAN}))

MODELS = Reads(derived=frozenset({derived.TRAINED, derived.PROMOTED}))
"""After these another model is on duty."""

ANSWERS = CHANGES | Reads(derived=frozenset({derived.SCORED}))
"""After these predictions may have met their answers."""

SOON = 0.1
"""Patience, in seconds, of stages whose work nobody sits waiting for."""


@dataclass(frozen=True, slots=True)
class Consumer:
    """One stage's place in the loop."""

    name: str
    reads: Reads
    does: Callable[[Turn], Awaitable[bool | None]]
    """True: something of the batch is left for another turn."""
    span: int = 20_000
    """Positions it takes at most in one turn."""
    after: tuple[str, ...] = ()
    """Consumers whose tables it reads: it goes no further than they have come, lest it judges by what is not in yet."""
    shown: bool = False
    """Whether news waits for it: what it has not taken in is none, what it has is announced. What others conclude comes
    to it as an event like any other.
    """
    patience: float = 0.0
    """Seconds it lets news gather before it begins, so that it stands in nobody's way whom somebody waits for."""


LOOP = (
    Consumer("know", reads=EVERYTHING, does=know.project, shown=True),
    Consumer(WRITER, reads=EVERYTHING, does=know.archive, span=25_000, patience=1.0),
    Consumer("predict", reads=CHANGES | MODELS, does=predict.rescore, span=10**9),
    Consumer("linked", reads=CHANGES | MODELS, does=predict.linked, span=10**9, after=("predict",), patience=SOON),
    Consumer("reason", reads=CHANGES, does=reason.detect, span=10**9, after=("know",), patience=SOON),
    Consumer("decide", reads=WAKES, does=act.decide, after=("know",)),
    Consumer("publish", reads=EVERYTHING, does=act.publish, span=5_000, patience=SOON),
    Consumer("deliver", reads=VERDICTS, does=act.deliver),
    Consumer("run", reads=SIGNALS, does=act.move, span=5_000, after=("know",), patience=SOON),
    Consumer("learn", reads=ANSWERS, does=learn.settle, span=10**9, after=("know", "predict"), patience=SOON),
    Consumer("study", reads=DAYS, does=learn.study, span=10**9, after=("decide", "learn"), patience=1.0),
    Consumer("watch", reads=DAYS, does=learn.watch, span=10**9, after=("decide", "run", "learn"), patience=1.0),
)  # fmt: skip

SHOWN = tuple(one.name for one in LOOP if one.shown)
"""Those that news waits for."""

Seat = Callable[..., Awaitable[Turn]]
"""Makes a Turn for a transaction and a batch: fills in the catalog, the clock, the lake and the vault."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Turned:
    """What came of a turn: true where it took something."""

    batch: Batch | None = None
    left: bool = False
    """Whether another turn is due for what it left."""
    busy: bool = False
    """Whether somebody else was at it."""

    def __bool__(self) -> bool:
        return self.batch is not None


async def take_turn(db: Database, tenant: int, consumer: Consumer, seat: Seat, *, wait: bool = False) -> Turned:
    """Let one consumer do its next batch. When somebody else is at it and we do not `wait`, nothing is taken."""
    async with db.transaction(tenant) as tx:
        after = await cursors.hold(tx, consumer.name, wait=wait)
        if after is None:
            return Turned(busy=True)
        upto = await cursors.reached(tx, consumer.after) if consumer.after else None
        batch = await ledger.next_batch(tx, after=after, upto=upto, limit=consumer.span, reads=consumer.reads)
        if batch is None:
            return Turned()
        left = bool(batch.matched and await consumer.does(await seat(tx=tx, batch=batch, reads=consumer.reads)))
        await cursors.move(tx, consumer.name, after if left else batch.last, announced=consumer.shown)
    return Turned(batch=batch, left=left or batch.full)


def called_by(consumer: Consumer, types: Collection[str]) -> bool:
    """Whether events of these types are any of its business: by themselves, or of those who go no further than it."""
    waiting = [one for one in LOOP if consumer.name in one.after]
    return any(one.reads.wants(name) for one in (consumer, *waiting) for name in types)


async def go_round(db: Database, tenant: int, seat: Seat) -> int:
    """Go round until nobody has anything left to do, here or in a worker; returns how many turns were taken."""
    turns, due = 0, await _due(db, tenant)
    while due:
        before, stood = turns, due
        for consumer in due:
            turned = Turned(left=True)
            while turned.left:
                turned = await take_turn(db, tenant, consumer, seat, wait=True)
                turns += bool(turned)
        due = await _due(db, tenant)
        if turns == before and due == stood:
            break
    return turns


async def _due(db: Database, tenant: int) -> list[Consumer]:
    """Those who have not taken in all that they may, in the order of the loop."""
    async with db.transaction(tenant) as tx:
        stand, last = await cursors.positions(tx), await ledger.last_position(tx)
    return [one for one in LOOP if stand.get(one.name, 0) < min([last, *(stand.get(name, 0) for name in one.after)])]
