"""Move what was begun when what it waits for comes, one step at a time.

Each step is part of the transaction that moves the cursor of this stage: what is sent goes through the outbox, waits
stand in the table of timers, questions in the inbox. Nothing of a run sleeps in a process.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from enum import StrEnum

from sightline.foundation import ledger, timers
from sightline.foundation.ledger import Reads
from sightline.foundation.turn import Turn
from sightline.kernel.act import figures, inbox, outbox, playbooks, routing, runs
from sightline.kernel.act.moment import Moment
from sightline.kernel.act.runs import FIRST, Run
from sightline.kernel.act.waking import situation_of
from sightline.language import derived
from sightline.language.action import Action
from sightline.language.errors import Conflict, Invalid, NotFound
from sightline.language.event import Event
from sightline.language.playbook import END, Ask, Playbook, Situation, Step, Wait
from sightline.language.ref import Ref

TIMER = "run:"
"""What the timers of runs begin with; the run, its step and the attempt follow."""


class Signal(StrEnum):
    """What a run may be waiting for."""

    DONE = "done"
    """Its message was delivered."""
    YES = "yes"
    NO = "no"
    RANG = "rang"
    """Its wait is over."""
    HAPPENED = "happened"
    """What was to end its wait."""


WAKES = Reads(derived=frozenset({derived.DONE, derived.DEAD, derived.ANSWERED, derived.RANG, derived.DAY_BEGAN}))


async def move(turn: Turn) -> None:
    """Give runs what they wait for, and let what people were asked come to its end in time."""
    here = Moment.of(turn)
    events = await ledger.read(turn.tx, turn.batch, WAKES)
    await _ring(here, [one.data["timer"] for one in events if one.type == derived.RANG])
    await _delivered(here, [one.data["key"] for one in events if one.type == derived.DONE])
    await _dead(here, {one.data["key"]: one.data.get("delivery", "") for one in events if one.type == derived.DEAD})
    answers = {one.data["key"]: _answer(one) for one in events if one.type == derived.ANSWERED and one.data["run"]}
    for one in await runs.these(turn.tx, "waits_for", list(answers)):
        await signal(here, one, answers[one.waits_for or ""])
    for one in await _listening(turn):
        await signal(here, one, Signal.HAPPENED)
    if any(one.type == derived.DAY_BEGAN for one in events):
        await inbox.overtake(turn.tx, turn.now, here.awaited)
        kept = turn.now - timedelta(days=turn.settings.act.keep_runs_days)
        await runs.forget(turn.tx, kept)
        await inbox.forget(turn.tx, kept)
        await outbox.forget(turn.tx, turn.settings.act.keep_told_days)


async def _delivered(here: Moment, keys: Sequence[str]) -> None:
    """Give runs the receipts of their messages; those that have nothing left to do are ended together."""
    if not keys:
        return
    over: list[str] = []
    for one in await runs.these(here.tx, "waits_for", keys):
        playbook = await playbooks.of_run(here.tx, here.catalog, one)
        if one.state == "running" and one.step == FIRST and playbook and playbook.after(None) == END:
            over.append(one.id)
        else:
            await signal(here, one, Signal.DONE)
    if over:
        await runs.finish(here.tx, over, at=here.now, why=_OVER)


async def _dead(here: Moment, letters: Mapping[str, str]) -> None:
    """Runs whose message is a dead letter wait for somebody to see to it; sent again, they go on."""
    for one in await runs.these(here.tx, "waits_for", list(letters)) if letters else ():
        if one.state in {"running", "paused"}:
            why = "Its message is a dead letter. Mend it (`sightline deliveries list --state dead`), then it goes on."
            await runs.end(here.tx, one.id, "stuck", at=here.now, why=why)


def _answer(event: Event) -> Signal:
    return Signal.YES if event.data["answer"] == "approved" else Signal.NO


async def _ring(here: Moment, names: Sequence[str]) -> None:
    over, back = _ids(names, inbox.TIMER), _ids(names, inbox.SNOOZE)
    if over:
        await inbox.expire(here.tx, over, now=here.now, awaited=here.awaited, limit=here.limit)
    if back:
        await inbox.wake(here.tx, back)
    rang = {name.split(":")[1]: name for name in names if name.startswith(TIMER)}
    for one in await runs.these(here.tx, "id", list(rang)):
        # A timer of a step that was left meanwhile moves nothing.
        if rang[one.id] == _timer(one):
            await signal(here, one, Signal.RANG)


def _ids(names: Sequence[str], prefix: str) -> list[str]:
    return [name.removeprefix(prefix) for name in names if name.startswith(prefix)]


_HEARD = """
select id, array_agg(distinct type) as types from (
  select r.id, l.type from sightline.ledger l join sightline.runs r on r.tenant = l.tenant and r.kind = l.kind
    and r.subject = l.key and r.listens is not null and r.ended_at is null and l.known_at >= r.decided_at
    and l.type = any(r.listens)
  where l.tenant = :t and l.position > :after and l.position <= :last
  union all
  select r.id, l.type from sightline.ledger l join sightline.runs r on r.tenant = l.tenant
    and r.party = l.kind || '/' || l.key and r.listens is not null and r.ended_at is null
    and l.known_at >= r.decided_at and l.type = any(r.listens)
  where l.tenant = :t and l.position > :after and l.position <= :last) s
group by id
"""


async def _listening(turn: Turn) -> list[Run]:
    """Runs that an event of this batch happened for which they listen for, still, now that they are held."""
    rows = await turn.tx.rows(_HEARD, t=turn.tx.tenant, after=turn.batch.after, last=turn.batch.last)
    heard = {row["id"]: set(row["types"]) for row in rows}
    held = await runs.these(turn.tx, "id", list(heard)) if heard else []
    return [one for one in held if heard[one.id] & set(one.listens)]


async def act(here: Moment, run: Run, *, channel: str, text: str) -> None:
    """Do once more what was decided: the first step of a run, which had nowhere to go."""
    await _send(here, run, FIRST, run.key, channel, text)


async def signal(here: Moment, run: Run, given: Signal) -> None:
    """Give a held run what it waited for. A run that has ended, or waits for something else, is left as it is."""
    if run.state == "paused":
        await runs.remember(here.tx, run.id, given)
        return
    if run.state == "stuck" and given is not Signal.DONE:
        return
    if run.ended_at is not None or run.step is None:
        return
    playbook = await playbooks.of_run(here.tx, here.catalog, run)
    if playbook is None or (run.step != FIRST and playbook.step(run.step) is None):
        await runs.end(here.tx, run.id, "stuck", at=here.now, why=_gone(run))
        return
    here_ = playbook.step(run.step)
    if given not in _suits(here_):
        return
    await runs.note(here.tx, run.id, run.step, _SAID[given], at=here.now, detail=_detail(run, given))
    await enter(here, run, playbook, _next(playbook, run, here_, given), because=given)


def _suits(step: Step | None) -> set[Signal]:
    """What a run may be given at a step; None: the first."""
    if isinstance(step, Wait):
        return {Signal.RANG, Signal.HAPPENED}
    return {Signal.YES, Signal.NO} if isinstance(step, Ask) else {Signal.DONE}


_SAID: Mapping[Signal, str] = {
    Signal.DONE: "delivered", Signal.YES: "approved", Signal.NO: "rejected", Signal.RANG: "waited",
    Signal.HAPPENED: "happened",
}  # fmt: skip


def _detail(run: Run, given: Signal) -> str:
    return ", ".join(run.listens) if given is Signal.HAPPENED else ""


def _next(playbook: Playbook, run: Run, step: Step | None, given: Signal) -> str:
    if step is None:
        return playbook.after(None)
    if (isinstance(step, Wait) and given is Signal.HAPPENED) or (isinstance(step, Ask) and given is Signal.NO):
        return step.otherwise
    return playbook.after(step.name)


def _gone(run: Run) -> str:
    return f"Its playbook has no step '{run.step}' any more. Cancel it, or let it go on from another step."


async def enter(here: Moment, run: Run, playbook: Playbook, name: str, *, because: Signal | None = None) -> None:
    """Put a held run at a step of its playbook, and do what stands there."""
    if name == END:
        await _leave(here, run)
        await runs.end(here.tx, run.id, "ended", at=here.now, why=_ENDS.get(because, _OVER))
        return
    step = playbook.step(name)
    if step is None:
        raise NotFound.named("step", name, [one.name for one in playbook.follow])
    await _leave(here, run)
    if isinstance(step, Wait):
        await _wait(here, run, playbook, step)
        return
    situation = await situation_of(here, playbook, run.question or playbook.question, Ref.parse(run.subject))
    try:
        text = step.write(situation)
    except Invalid as error:
        await runs.stand(here.tx, run.id, step.name)
        await runs.end(here.tx, run.id, "stuck", at=here.now, why=error.message)
        return
    if isinstance(step, Ask):
        await _ask(here, run, playbook, step, text, situation)
        return
    stands = figures.check(text, figures.facts(situation, step.write))
    channel = step.channel or await _first_channel(here, run)
    if stands.strange is None and channel is not None:
        await _send(here, run, step.name, _key(run, step), channel, text, facts=stands.facts)
        return
    await runs.stand(here.tx, run.id, step.name)
    why = _NOWHERE if stands.strange is None else _STRANGE.format(stands.strange)
    await runs.end(here.tx, run.id, "stuck", at=here.now, why=why)


_OVER = "Nothing is left to do."

_ENDS: Mapping[Signal | None, str] = {
    Signal.HAPPENED: "What it waited for happened.",
    Signal.NO: "Somebody said no.",
}


_STRANGE = "Its text tells '{}', which is none of its facts. Cancel it, or let it go on from another step."

_NOWHERE = (
    "Where its first message went is not known: its decision is gone, and this step names no channel."
    " Cancel it, or let it go on from another step."
)


async def _leave(here: Moment, run: Run) -> None:
    if run.due_at is not None:
        await timers.stop(here.tx, [_timer(run)])
    await inbox.leave(here.tx, now=here.now, run=run.id)


def _timer(run: Run) -> str:
    return f"{TIMER}{run.id}:{run.step}:{run.attempt}"


def _key(run: Run, step: Step) -> str:
    return f"{run.key}#{step.name}" + (f"~{run.attempt}" if run.attempt > 1 else "")


async def _wait(here: Moment, run: Run, playbook: Playbook, step: Wait) -> None:
    due = here.now + step.span
    stands = replace(run, step=step.name, listens=step.unless, due_at=due)
    await runs.stand(here.tx, run.id, step.name, listens=step.unless, due_at=due)
    await runs.note(here.tx, run.id, step.name, "waits", at=here.now, detail=_until(step, stands))
    if step.unless and await _happened_since(here, run, step.unless):
        await signal(here, stands, Signal.HAPPENED)
        return
    await timers.put(here.tx, {_timer(stands): due})


def _until(step: Wait, run: Run) -> str:
    return f"until {run.due_at:%Y-%m-%d %H:%M}" + (f" unless {', '.join(step.unless)}" if step.unless else "")


async def _happened_since(here: Moment, run: Run, events: Sequence[str]) -> bool:
    """Whether one of them became known, of the subject or of whoever is contacted, since it was decided."""
    party = Ref.parse(run.party)
    subject = Ref.parse(run.subject)
    found = await here.tx.value(
        "select count(*) from sightline.occurrences where tenant = :t and type = any(:e) and known_until is null"
        " and known_at >= :since and (kind = :kind and key = :key or kind = :of and key = :who)",
        t=here.tx.tenant, e=list(events), since=run.decided_at, kind=subject.kind, key=subject.key, of=party.kind,
        who=party.key,
    )  # fmt: skip
    return bool(found)


async def _send(
    here: Moment, run: Run, step: str, key: str, channel: str, text: str, *, facts: tuple[str, ...] | None = None
) -> None:
    action = Action(
        key=key, destination=channel, to=Ref.parse(run.party), subject=Ref.parse(run.subject), text=text, facts=facts
    )
    await runs.stand(here.tx, run.id, step, waits_for=key)
    if await outbox.missing(here.tx, {channel}):
        await runs.end(here.tx, run.id, "stuck", at=here.now, why=runs.nowhere(channel))
        return
    await outbox.put(here.tx, [action])
    await runs.note(here.tx, run.id, step, "sends", at=here.now, detail=f"to {channel}")


async def _first_channel(here: Moment, run: Run) -> str | None:
    """Where what was said first went; a dead letter may have been sent elsewhere than was decided. None: not known."""
    found: str | None = await here.tx.value(
        "select coalesce((select destination from sightline.deliveries where tenant = :t and key = :k),"
        " (select channel from sightline.decisions where tenant = :t and key = :k))",
        t=here.tx.tenant, k=run.key,
    )  # fmt: skip
    return found


async def _ask(here: Moment, run: Run, playbook: Playbook, step: Ask, text: str, situation: Situation) -> None:
    key = _key(run, step)
    asked = inbox.Asked(
        key=key, run=run.id, playbook=run.playbook, choice=step.name, channel="inbox", subject=Ref.parse(run.subject),
        party=Ref.parse(run.party), question=run.question, text=text,
        because=f"The playbook asks before it goes on ('{step.name}').", value=0.0, worth=situation.worth,
        made_at=here.now, due_at=here.now + playbook.answer_within, by_default=playbook.by_default,
    )  # fmt: skip
    await routing.put(here, [(asked, situation)])
    await runs.stand(here.tx, run.id, step.name, waits_for=key)
    await runs.note(here.tx, run.id, step.name, "asks", at=here.now)


async def resume(here: Moment, id_: str) -> Run:
    """Let a paused run go on, with what came meanwhile. Raises NotFound and Conflict."""
    found = await runs.get(here.tx, id_, hold=True)
    if found.state != "paused":
        raise Conflict(f"Only what is paused can go on; this run is {found.state}.")
    going = replace(found, state="running", pending=None)
    await here.tx.run(
        "update sightline.runs set state = 'running', pending = null where tenant = :t and id = :id",
        t=here.tx.tenant, id=id_,
    )  # fmt: skip
    if found.pending:
        await signal(here, going, Signal(found.pending))
    return await runs.get(here.tx, id_)


async def cancel(here: Moment, id_: str, *, by: str) -> Run:
    """End a run; what it has sent stays sent. Raises NotFound and Conflict."""
    found = await runs.get(here.tx, id_, hold=True)
    if found.ended_at is not None:
        raise Conflict(f"This run is {found.state} already.")
    await _leave(here, found)
    await runs.note(here.tx, id_, found.step or FIRST, "cancelled", at=here.now, detail=f"by {by}")
    await runs.end(here.tx, id_, "cancelled", at=here.now, why=f"{by} cancelled it.")
    return await runs.get(here.tx, id_)


async def again(here: Moment, id_: str, step: str | None, *, by: str) -> Run:
    """Let a run do a step again (that in which it stands, or another one), under a key of its own.

    Raises NotFound for the run or the step, and Conflict where its playbook is gone or the step is its first.
    """
    found = await runs.get(here.tx, id_, hold=True)
    playbook = await playbooks.of_run(here.tx, here.catalog, found)
    if playbook is None:
        raise Conflict(f"The playbook '{found.playbook}' is gone.", hint="A run cannot go on without it.")
    name = step or found.step or FIRST
    if name == FIRST and found.state != "stuck":
        raise Conflict("What was decided is done once.", hint="A dead letter can be sent again by itself.")
    await runs.note(here.tx, id_, name, "again", at=here.now, detail=f"by {by}")
    await _leave(here, found)
    await here.tx.run(
        "update sightline.runs set attempt = attempt + 1, ended_at = null where tenant = :t and id = :id",
        t=here.tx.tenant, id=id_,
    )  # fmt: skip
    held = await runs.get(here.tx, id_, hold=True)
    if name == FIRST:
        await _first_again(here, held)
    else:
        await enter(here, held, playbook, name)
    return await runs.get(here.tx, id_)


async def _first_again(here: Moment, run: Run) -> None:
    """What was decided could not even be put into the outbox: nothing was done under its key."""
    row = await here.tx.row(
        "select channel, coalesce((select i.text from sightline.inbox i where i.tenant = d.tenant and i.key = d.key),"
        " d.text) as text from sightline.decisions d where tenant = :t and key = :k",
        t=here.tx.tenant, k=run.key,
    )  # fmt: skip
    if row is not None:
        await act(here, run, channel=row["channel"], text=row["text"])
