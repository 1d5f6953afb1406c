"""Watch over the models on duty, once a day: the promise, what they say, who is asked, and another version beside them.

What is beyond doubt is an alarm, kept and told once (see `alarms`); what a version does better on duty than the one
there changes their places. The answers are counted in the database at each look, so that a corrected answer corrects
what is concluded; of features only what the training looked like is kept.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

import msgspec

from sightline.foundation.db.session import Transaction
from sightline.foundation.turn import Turn
from sightline.kernel.learn import rivals
from sightline.kernel.learn.rivals import Rival
from sightline.kernel.predict import alarms, registry
from sightline.kernel.predict.alarms import CALIBRATION, POPULATION, PROMISE, Alarm
from sightline.kernel.predict.known import known
from sightline.kernel.predict.language import canonical
from sightline.kernel.predict.registry import Model, Version
from sightline.language import derived
from sightline.language.errors import Unprovable
from sightline.language.event import Event
from sightline.language.proof import Verdict
from sightline.language.question import Every, Once, Question
from sightline.language.ref import Ref

if TYPE_CHECKING:
    from sightline.kernel.learn.duty import Watched
    from sightline.kernel.learn.population import Compared
    from sightline.kernel.predict.facts import Facts
    from sightline.kernel.predict.prepare import Prepared
    from sightline.kernel.predict.trained import Trained

RIVAL = "rival"
"""The name under which another version is watched."""

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Known:
    """All that is known, read when the first asks for it."""

    turn: Turn
    facts: Facts | None = None

    async def prepared(self, question: Question, at: datetime) -> Prepared:
        """A question as it stands at a moment, as scoring sees it."""
        from functools import partial

        from sightline.kernel.predict.prepare import Prepared

        if self.facts is None:
            self.facts = (await known(self.turn.tx, self.turn.lake, self.turn.catalog.kinds)).until(self.turn.now)
        also = isinstance(question.when, Every)
        return await asyncio.to_thread(partial(Prepared.of, question, self.facts, at, also_now=also))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Look:
    """One question's model on duty, as it is looked at."""

    turn: Turn
    question: Question
    on_duty: Version
    rival: Rival | None
    upto: datetime
    """When the day began that is looked at: what counted by then was read before (see `settle`)."""
    lifted: dict[str, datetime] = field(default_factory=dict)


async def watch_models(turn: Turn) -> None:
    """Look at the model on duty of every question that has one that may be used."""
    everything, upto = _Known(turn), max(event.time for event in await turn.events())
    for question in turn.catalog.questions.values():
        versions = await registry.versions(turn.tx, question.name)
        on_duty = next((one for one in versions if one.state == registry.State.CHAMPION), None)
        if on_duty is None or on_duty.line != canonical(question) or on_duty.verdict == Verdict.DO_NOT_USE.value:
            continue
        rival = rivals.rival_of(question, versions, on_duty, turn.now)
        lifted = await alarms.lifted(turn.tx, question.name, on_duty.version)
        look = _Look(turn=turn, question=question, on_duty=on_duty, rival=rival, upto=upto, lifted=lifted)
        await _look(look, everything)


async def _look(look: _Look, everything: _Known) -> None:
    try:
        await _ask_rival(look, everything)
        compared, upto = await _population(look, everything)
    except Unprovable as error:
        _log.warning("Not watched: '%s': %s", look.question.name, error)
        return
    watched = await _answers(look)
    found = [one for one in (*map(_alarm_of, [look] * len(watched), watched), _moved(look, compared)) if one]
    for one in found:
        if await alarms.raise_(look.turn.tx, one):
            _log.warning("%s: %s", one.question, one.words)
            look.turn.record([_told(look, one)])
    await _keep(look, watched, compared, upto)
    await _change(look, watched)


async def _answers(look: _Look) -> list[Watched]:
    from sightline.kernel.learn import duty
    from sightline.kernel.learn.came import came
    from sightline.kernel.predict.clock import microseconds
    from sightline.kernel.predict.treatment import changing

    turn, question = look.turn, look.question
    changes = changing(turn.catalog, question)
    found = await came(
        turn.tx, question.name, look.on_duty.version, since=look.on_duty.as_of, upto=look.upto,
        changing=changes, rival=look.rival.version if look.rival else None,
    )  # fmt: skip

    def anew(what: str) -> Any:
        return found.where(found.counts > microseconds(look.lifted[what])) if what in look.lifted else found

    watched = []
    for side in await registry.champion_sides(turn.tx, question):
        what = f"{PROMISE}{side.side}"
        if side.line is not None:
            watched.append(duty.promise(side, anew(what), what=what, held_back=bool(changes)))
    watched.append(duty.calibration(anew(CALIBRATION), what=CALIBRATION, chance=question.chance))
    if look.rival is not None:
        news = found.where(found.asked > microseconds(look.rival.since))
        watched.append(duty.rival(news, what=RIVAL, chance=question.chance))
    return watched


async def _ask_rival(look: _Look, everything: _Known) -> None:
    """Let the other version say what it would have said of whom the one on duty spoke."""
    tx, question, rival = look.turn.tx, look.question, look.rival
    asked = await rivals.unheard(tx, question.name, look.on_duty.version, rival, look.turn.now) if rival else []
    if rival is None or not asked:
        return
    trained = await _load(tx, question, rival.version)
    moments = [look.turn.now]
    if isinstance(question.when, Every):
        moments = sorted({cutoff for _, cutoff in asked}, reverse=True)[: rivals.MOST_DAYS]
    for moment in moments:
        prepared = await everything.prepared(question, moment)
        told = await asyncio.to_thread(rivals.speak, trained, prepared, asked)
        await rivals.keep(tx, question.name, rival, told, at=look.turn.now)


async def _population(look: _Look, everything: _Known) -> tuple[dict[str, Any] | None, datetime | None]:
    """Who is asked beside who was, anew where a whole window has come together since the last look."""
    turn, question, version = look.turn, look.question, look.on_duty.version
    kept = None if isinstance(question.when, Once) else await registry.reference_of(turn.tx, question.name, version)
    if kept is None:
        return None, None
    row = await turn.tx.row(
        "select upto, document -> 'population' as population from sightline.watched where tenant = :t"
        " and question = :q and version = :v",
        t=turn.tx.tenant, q=question.name, v=version,
    )  # fmt: skip
    upto: datetime | None = row["upto"] if row else None
    fresh = await turn.tx.value(
        "select count(distinct (key, cutoff)) from sightline.predictions where tenant = :t and question = :q"
        " and cutoff > :upto and withdrawn_at is null",
        t=turn.tx.tenant, q=question.name, upto=max(upto or look.on_duty.as_of, look.on_duty.as_of),
    )  # fmt: skip
    accepted = look.lifted.get(POPULATION)
    if fresh < kept["clusters"] and not (accepted and upto and accepted > upto):
        return (row["population"] if row else None), upto
    found = await _compared(look, everything, kept, accepted)
    return msgspec.to_builtins(found), turn.now


async def _compared(
    look: _Look, everything: _Known, kept: dict[str, Any], accepted: datetime | None
) -> Compared:  # fmt: skip
    from sightline.kernel.learn import population
    from sightline.kernel.predict.phrases import Words
    from sightline.kernel.predict.windows import Reference

    kind = look.turn.catalog.kinds.get(look.question.of)
    words = Words(look.question, kind) if kind else None
    trained = await _load(look.turn.tx, look.question, look.on_duty.version)
    prepared = await everything.prepared(look.question, look.turn.now)
    return await asyncio.to_thread(
        population.compare, trained, Reference.read(kept), prepared, words, accepted
    )  # fmt: skip


async def _load(tx: Transaction, question: Question, version: str) -> Trained:
    from sightline.kernel.predict.trained import Trained

    model: Model = await registry.version(tx, question.name, version)
    return await asyncio.to_thread(Trained.load, model.document)


def _alarm_of(look: _Look, one: Watched) -> Alarm | None:
    if not one.alarm or one.what == RIVAL or one.said is None or one.came is None:
        return None
    if one.what == CALIBRATION:
        said = f"{one.said:.0%} were said and {one.came:.0%} came"
        if not look.question.chance:
            said = (
                f"At most {one.said:.0%} were said to lie outside their intervals and at most half on either side of"
                f" their median; {one.came:.0%} came outside"
            )
        words = f"{said}, of {one.answers:,} on duty: that is beyond chance."
        advice = f"Train it again: sightline ask {look.question.name}"
    else:
        words = (
            f"{one.came:.0%} were right of {one.answers:,} beyond the line on duty, where {one.said:.0%} was promised:"
            " that is beyond chance."
        )
        advice = "Nothing is done by itself on this side until the question is trained again or somebody lifts this."
    return _alarm(look, one.what, words, advice, one.since)


def _moved(look: _Look, compared: dict[str, Any] | None) -> Alarm | None:
    if not compared or not compared["alarm"] or not compared["shifts"]:
        return None
    shifts = compared["shifts"]
    told = "; ".join(f"of {one['called']}, {one['how']} of those asked" for one in shifts[:2])
    since = min(datetime.fromisoformat(one["since"]) for one in shifts[:2])
    return _alarm(
        look, POPULATION, f"Who is asked moved more than it ever did before the training: {told}.",
        "Where the data are right, train it again; where they are not, mend them. Lift this where it is as it should"
        " be.", since,
    )  # fmt: skip


def _alarm(look: _Look, what: str, words: str, advice: str, since: datetime | None) -> Alarm:
    return Alarm(
        id="", question=look.question.name, version=look.on_duty.version, what=what, words=words, advice=advice,
        since=since, raised_at=look.turn.now, lifted_at=None, lifted_by=None, why="",
    )  # fmt: skip


async def _change(look: _Look, watched: Sequence[Watched]) -> None:
    """Let two versions change places where the other did better beyond doubt."""
    rival, found = look.rival, next((one for one in watched if one.what == RIVAL), None)
    if rival is None or found is None or not found.alarm:
        return
    turn, name = look.turn, look.question.name
    await rivals.change(turn.tx, name, rival, at=turn.now)
    reason = (
        f"It was nearer to what came than version '{look.on_duty.version}' on {found.answers:,} answers that came while"
        f" both spoke ({found.came:.4g} off instead of {found.said:.4g}): that is beyond chance."
    )
    _log.warning("%s: version '%s' is on duty. %s", name, rival.version, reason)
    data = {"question": name, "version": rival.version, "before": look.on_duty.version, "reason": reason,
            "by": "itself", "back": not rival.waits}  # fmt: skip
    turn.record([
        Event(
            id=f"promoted:{name}:{rival.version}:{turn.now.isoformat()}", source=derived.SOURCE,
            type=derived.PROMOTED, subject=Ref(derived.SELF, "models"), time=turn.now, known_at=turn.now, data=data,
        )
    ])  # fmt: skip


async def _keep(look: _Look, watched: Sequence[Watched], compared: Any, upto: datetime | None) -> None:
    rival = {"version": look.rival.version, "waits": look.rival.waits} if look.rival else None
    document = {"watched": msgspec.to_builtins(list(watched)), "population": compared, "rival": rival}
    await look.turn.tx.run(
        "insert into sightline.watched (tenant, question, version, at, upto, document)"
        " values (:t, :q, :v, :at, :upto, :d) on conflict (tenant, question) do update set version = excluded.version,"
        " at = excluded.at, upto = excluded.upto, document = excluded.document",
        t=look.turn.tx.tenant, q=look.question.name, v=look.on_duty.version, at=look.turn.now, upto=upto,
        d=msgspec.json.encode(document).decode(),
    )  # fmt: skip


def _told(look: _Look, alarm: Alarm) -> Event:
    now = look.turn.now
    return Event(
        id=f"alarmed:{alarm.question}:{alarm.version}:{alarm.what}:{now.isoformat()}",
        source=derived.SOURCE,
        type=derived.ALARMED,
        subject=Ref(derived.SELF, "models"),
        time=now,
        known_at=now,
        data={
            "question": alarm.question, "version": alarm.version, "what": alarm.what, "words": alarm.words,
            "advice": alarm.advice, "since": alarm.since.isoformat() if alarm.since else None,
        },
    )  # fmt: skip
