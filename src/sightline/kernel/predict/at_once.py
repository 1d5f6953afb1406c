"""Live scoring: an event re-scores its own subject at once, from a book held in memory; linked ones soon after.

What is stored and told is what the bulk run would store and tell. Whoever is linked waits in the process, in the order
of nothing and each once; the cursor of the consumer `linked` stays behind until all of them are scored, and questions
without a book in bulk, so that after a crash this is made up for.

Two consumers write the predictions of a question, so a turn takes the lock of a book before it writes any of them, the
locks in one order, and none after a bulk run: else each could wait for what the other holds until its turn ends.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Any

import msgspec

from sightline.foundation import ledger
from sightline.foundation.clock import monotonic
from sightline.foundation.ledger import Reads
from sightline.foundation.turn import Turn
from sightline.kernel.predict import registry, standing, telling
from sightline.kernel.predict.language import canonical
from sightline.language import derived
from sightline.language.prediction import Prediction
from sightline.language.proof import Side
from sightline.language.question import At, Every, Once, Question

if TYPE_CHECKING:
    import polars as pl

    from sightline.kernel.predict._spec import Spec
    from sightline.kernel.predict.facts import Facts
    from sightline.kernel.predict.live.shelf import Held, Shelf
    from sightline.kernel.predict.prepare import Prepared

_log = logging.getLogger(__name__)

MOST_LIVE = 300
"""Events in a batch beyond which one bulk run is less work than many rows."""

LINKED = "linked"
"""The consumer that scores whoever is linked to what changed."""

MEMORY = "predict.live"
"""Under which name a process keeps its shelf."""

SLICE = 16
"""Linked subjects scored in one turn: whoever an event touches meanwhile waits for it."""

_MODELS = frozenset({derived.TRAINED, derived.PROMOTED})
"""These concern the book of their own question alone, which is another version's then."""

_NEWS = Reads(facts=True, derived=_MODELS | {derived.RETRACTED})


def shelf_of(turn: Turn) -> Shelf | None:
    """The books of this process; None where it holds none."""
    if turn.memory is None:
        return None
    from sightline.kernel.predict.live import shelf

    found: Shelf = turn.memory.setdefault(MEMORY, shelf.Shelf())
    return found


def waiting(memory: Mapping[str, Any]) -> tuple[int, float]:
    """Of all tenants of a process: how many subjects linked to what changed wait to be scored, and for how many seconds
    the one does that waits longest.
    """
    shelf: Shelf | None = memory.get(MEMORY)
    return shelf.waiting() if shelf else (0, 0.0)


def few(turn: Turn) -> bool:
    """Whether a turn concerns so few that they are scored one by one."""
    return turn.batch.matched <= MOST_LIVE


async def at_once(turn: Turn, shelf: Shelf, champions: Mapping[str, tuple[str, bool]]) -> set[str]:
    """Score whom the batch touches, of each of these questions whose book can follow; returns the names of those.

    `champions`: the model on duty of each, as `stored.champions` tells it.
    """
    tenant, done = turn.tx.tenant, set[str]()
    assert tenant is not None, "the loop's turns are a tenant's"
    for name, (version, usable) in sorted(champions.items()):
        question, held = turn.catalog.questions.get(name), await shelf.soon(tenant, name)
        if question is None or held is None:
            continue
        turn.tx.if_undone(partial(shelf.forget, tenant, name))
        usable = usable and not _otherwise(held, question)
        if usable and held.follows(version, turn.batch.after, turn.now) and await _follow(turn, question, held):
            shelf.scored(tenant, name, turn.batch.last)
            done.add(name)
        else:
            shelf.drop(tenant, name)
    return done


def _otherwise(held: Held, question: Question) -> bool:
    """Whether the question is asked otherwise now than when its book was made, of which the model knows nothing."""
    was = held.book.question
    return was != question and canonical(was) != canonical(question)


async def _follow(turn: Turn, question: Question, held: Held) -> bool:
    """Take the batch into a book and score whom it touches; False where that cannot be."""
    behind = replace(turn.batch, after=min(held.position, turn.batch.after))
    news = [one for one in await ledger.read(turn.tx, behind, turn.reads) if (one.position or 0) > held.position]
    if len(news) > MOST_LIVE or any(not _NEWS.wants(one.type) for one in news):
        return False
    async with held.lock:
        moved = held.book.take([one for one in news if one.type not in _MODELS])
        if moved.stale:
            _log.info("The book of '%s' is made anew: %s.", question.name, moved.stale)
            return False
        held.position = max(held.position, turn.batch.last)
        keys = moved.subjects | held.book.ripened(held.at, turn.now)
        held.at = max(held.at, turn.now)
        since = monotonic()
        for key in moved.linked:
            held.waiting.setdefault(key, since)
        await _score(turn, question, held, sorted(keys))
        for key in keys:
            held.waiting.pop(key, None)
    return True


async def _score(turn: Turn, question: Question, held: Held, keys: Sequence[str]) -> None:
    """Forecast these anew where they are open, and take back what is not asked of them any more."""
    from sightline.kernel.predict.live import stored
    from sightline.kernel.predict.live.speaking import forecast

    if not keys:
        return
    current = (held.book.current(key, turn.now) for key in keys)
    kind = turn.catalog.kinds.get(question.of)
    predictions = forecast(held.trained, held.book, kind, [one for one in current if one is not None])
    said = await stored.said(turn.tx, question, keys, at=turn.now, version=held.trained.version)
    await registry.keep(turn.tx, predictions, grace=question.grace, at=turn.now)
    gone = [(key, at) for key, at, _, stands, _ in said if stands and not held.book.stands(key, at)]
    again = [(key, at) for key, at, _, _, withdrawn in said if withdrawn and held.book.stands(key, at)]
    if again:
        await registry.let_stand(turn.tx, question, again, at=turn.now)
    if gone:
        withdrawn = await registry.withdraw(turn.tx, question.name, gone, at=turn.now)
        standing.after_answers(turn.tx, [question.name])
        counts = {"scored": len(predictions), "first": 0, "crossed": 0, "withdrawn": withdrawn}
        turn.record(telling.run(turn, question.name, held.trained.version, counts))
    if isinstance(question.when, At | Every):
        await stored.supersede(turn.tx, question.name, keys)
    before = _before(question, said, predictions)
    turn.record(telling.told(turn, predictions, before, held.sides))


def _before(
    question: Question, said: Iterable[tuple[str, datetime, float | None, bool, bool]], now: Sequence[Prediction]
) -> dict[telling.Asked, float | None]:
    """What was last said of those predicted now; of who is asked again and again, at whatever cutoff."""
    if not isinstance(question.when, Every):
        return {(key, cutoff): probability for key, cutoff, probability, *_ in said}
    last = {key: probability for key, _, probability, *_ in said}
    return {telling.asked(one): last[one.subject.key] for one in now if one.subject.key in last}


async def linked(turn: Turn, shelf: Shelf) -> bool:
    """Score some of those that wait, of one question; True while more do."""
    tenant = turn.tx.tenant
    assert tenant is not None, "the loop's turns are a tenant's"
    for question in turn.catalog.questions.values():
        held = shelf.book(tenant, question.name)
        if held is None or not held.waiting:
            continue
        if _otherwise(held, question):
            shelf.drop(tenant, question.name)
        else:
            turn.tx.if_undone(partial(shelf.forget, tenant, question.name))
            await _some(turn, question, held)
        return True
    return False


async def _some(turn: Turn, question: Question, held: Held) -> None:
    async with held.lock:
        keys = list(islice(held.waiting, SLICE))
        if held.book.stale is None:
            await _score(turn, question, held, keys)
        for key in keys:
            del held.waiting[key]


def remember(
    turn: Turn, question: Question, model: registry.Model, prepared: Prepared, facts: Facts, frame: pl.DataFrame
) -> None:
    """After a bulk run: have the book made anew from what it read, so that the next events are scored at once.

    Of a flat table there is none, nor of more subjects than the settings allow.
    """
    shelf, tenant = shelf_of(turn), turn.tx.tenant
    if shelf is None or tenant is None:
        return
    turn.tx.if_undone(partial(shelf.forget, tenant, question.name))
    shelf.scored(tenant, question.name, max(turn.batch.last, prepared.last_position))
    subjects = prepared.asked.frame["key"].n_unique()
    most = turn.settings.predict.live
    if subjects > most > 0:
        _log.info("'%s' has %d subjects, more than the %d kept live: scored in bulk.", question.name, subjects, most)
    if isinstance(question.when, Once) or subjects > most or not model.usable:
        shelf.drop(tenant, question.name)
        return
    shelf.make(tenant, question.name, partial(_held, question, model, prepared, facts, frame))


def _held(question: Question, model: registry.Model, prepared: Prepared, facts: Facts, frame: pl.DataFrame) -> Held:
    """Runs in a thread."""
    from sightline.kernel.predict.live.book import Book
    from sightline.kernel.predict.live.shelf import Held
    from sightline.kernel.predict.trained import Trained

    trained = Trained.load(model.document)
    specs = read_by(model.document, prepared.matrix.specs)
    book = Book.of(question, frame, facts, prepared.now, specs, prepared.matrix.vocabulary)
    book.warm(prepared.now)
    sides = tuple(msgspec.convert(one, Side) for one in model.proof["sides"])
    at = prepared.last_position
    return Held(book=book, trained=trained, sides=sides, made=at, position=at, at=prepared.now)


def read_by(document: Mapping[str, Any], specs: Sequence[Spec]) -> list[Spec]:
    """The features a model reads, of those there are; all where its document names others."""
    named = set(document.get("features", ()))
    if not named <= {one.name for one in specs}:
        return list(specs)
    # What happened to the subject itself is read by some rungs besides.
    return [one for one in specs if one.name in named or one.group == "own history"]


__all__ = ["LINKED", "MOST_LIVE", "at_once", "few", "linked", "remember", "shelf_of", "waiting"]
