"""Experiments that run or ran: rows, and the few steps that one of them goes through."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import msgspec

from sightline.foundation import ledger
from sightline.foundation.db.session import Transaction
from sightline.language import derived
from sightline.language.errors import Conflict, NotFound
from sightline.language.event import Event
from sightline.language.experiment import Experiment
from sightline.language.ref import Ref

DECLARED = "its declaration"
"""Who began an experiment that stands in the playbook."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """An experiment as it stands."""

    id: str
    playbook: str
    experiment: Experiment
    state: str
    """`running`: parties are drawn; `waiting`: for the outcomes of those that were; `ended`."""
    began_at: datetime
    until: datetime
    """When nobody is drawn any more."""
    closed_at: datetime | None
    ended_at: datetime | None
    looked_at: datetime | None
    by: str
    verdict: str | None
    """`decided`, `guarded` (a guard stopped it), `broken` (parties were not split as declared), `over`, `stopped` (by
    somebody) or `changed` (its choices are gone). None: not yet.
    """
    winner: str | None
    """The arm that is better than the others beyond doubt, where one is."""
    why: str
    stopped: Mapping[str, Sequence[str]]
    """By arm: the guards that stopped it."""
    plan: Mapping[str, Any] | None
    """What it takes to find a difference, as it was told at the start."""
    adopted: str | None = None
    """The arm that is the usual choice of its playbook now, where one is."""
    adopted_at: datetime | None = None
    adopted_by: str | None = None


def id_of(tenant: int | None, playbook: str, name: str) -> str:
    """The same wherever it is asked for."""
    return "exp_" + hashlib.sha256(f"{tenant}\0{playbook}\0{name}".encode()).hexdigest()[:32]


async def begin(
    tx: Transaction, playbook: str, experiment: Experiment, *, by: str, now: datetime,
    plan: Mapping[str, Any] | None = None,
) -> str:  # fmt: skip
    """Draw parties from now on. Raises Conflict where another of the playbook runs, or one had this name."""
    rows = await tx.rows(
        "select name, state from sightline.experiments where tenant = :t and playbook = :p", t=tx.tenant, p=playbook
    )
    _must_be_free(playbook, experiment, {row["name"]: row["state"] for row in rows})
    id_ = id_of(tx.tenant, playbook, experiment.name)
    added = await tx.run(
        "insert into sightline.experiments (tenant, id, playbook, name, declared, plan, began_at, until, by)"
        " values (:t, :id, :p, :n, cast(:declared as jsonb), cast(:plan as jsonb), :now, :until, :by)"
        " on conflict do nothing",
        t=tx.tenant, id=id_, p=playbook, n=experiment.name, declared=_text(asdict(experiment)), plan=_text(plan),
        now=now, until=now + experiment.span, by=by,
    )  # fmt: skip
    if not added:
        raise Conflict(f"An experiment of '{playbook}' began at the same moment.", hint="Look again.")
    told = {"arms": ", ".join(experiment.arms), "by": by, "why": experiment.why}
    tell(tx, derived.BEGAN, id_, playbook, experiment.name, told, now=now)
    return id_


def _must_be_free(playbook: str, experiment: Experiment, known: Mapping[str, str]) -> None:
    going = [name for name, state in known.items() if state == "running"]
    if going:
        raise Conflict(
            f"'{going[0]}' runs on '{playbook}' already.", hint="One at a time: stop it, or wait for its end."
        )
    if experiment.name in known:
        raise Conflict(
            f"'{playbook}' had an experiment '{experiment.name}'.", hint="A new one draws anew: give it a new name."
        )


async def close(tx: Transaction, trial: Trial, *, now: datetime) -> None:
    """Draw nobody any more; what was decided waits for its outcomes."""
    await tx.run(
        "update sightline.experiments set state = 'waiting', closed_at = :now where tenant = :t and id = :id"
        " and state = 'running'",
        t=tx.tenant, id=trial.id, now=now,
    )  # fmt: skip
    tell(tx, derived.CLOSED, trial.id, trial.playbook, trial.experiment.name, {}, now=now)


async def end(
    tx: Transaction, trial: Trial, verdict: str, why: str, *, now: datetime, winner: str | None = None,
    stopped: Mapping[str, Sequence[str]] | None = None,
) -> None:  # fmt: skip
    """It is over, and why. `stopped`: the guards that stopped it, by arm."""
    await tx.run(
        "update sightline.experiments set state = 'ended', closed_at = coalesce(closed_at, :now), ended_at = :now,"
        " verdict = :v, winner = :w, why = :why, stopped = cast(:stopped as jsonb)"
        " where tenant = :t and id = :id and state <> 'ended'",
        t=tx.tenant, id=trial.id, now=now, v=verdict, w=winner, why=why, stopped=_text(stopped or None),
    )  # fmt: skip
    told = {"verdict": verdict, "winner": winner, "why": why}
    tell(tx, derived.ENDED, trial.id, trial.playbook, trial.experiment.name, told, now=now)


async def looked(tx: Transaction, trial: Trial, plan: Mapping[str, Any] | None, *, now: datetime) -> None:
    """Remember when it was looked at last, and its plan where it had none."""
    await tx.run(
        "update sightline.experiments set looked_at = :now, plan = coalesce(plan, cast(:plan as jsonb))"
        " where tenant = :t and id = :id",
        t=tx.tenant, id=trial.id, now=now, plan=_text(plan),
    )  # fmt: skip


_ALL = "select * from sightline.experiments where tenant = :t"


async def listed(
    tx: Transaction, *, playbook: str | None = None, states: Collection[str] = ("running", "waiting", "ended")
) -> list[Trial]:
    """Those of a playbook, or all, newest first."""
    rows = await tx.rows(
        f"{_ALL} and (cast(:p as text) is null or playbook = :p) and state = any(:states) order by began_at desc, id",
        t=tx.tenant, p=playbook, states=sorted(states),
    )  # fmt: skip
    return [_read(row) for row in rows]


async def get(tx: Transaction, id_: str) -> Trial:
    """One of them. Raises NotFound."""
    row = await tx.row(f"{_ALL} and id = :id", t=tx.tenant, id=id_)
    if row is None:
        raise NotFound(f"There is no experiment '{id_}'.", hint="`sightline experiments list` shows them.")
    return _read(row)


async def began(tx: Transaction, playbooks: Sequence[str]) -> dict[str, set[str]]:
    """The names of all experiments that these playbooks ever had."""
    found: dict[str, set[str]] = {name: set() for name in playbooks}
    rows = await tx.rows(
        "select playbook, name from sightline.experiments where tenant = :t and playbook = any(:p)",
        t=tx.tenant, p=list(playbooks),
    )  # fmt: skip
    for row in rows:
        found[row["playbook"]].add(row["name"])
    return found


def _read(row: Any) -> Trial:
    names = (
        "id", "playbook", "state", "began_at", "until", "closed_at", "ended_at", "looked_at", "by", "verdict",
        "adopted", "adopted_at", "adopted_by",
    )  # fmt: skip
    return Trial(
        experiment=experiment_of(row["declared"]), winner=row["winner"], why=row["why"], plan=row["plan"],
        stopped=row["stopped"] or {},
        **{name: row[name] for name in names},
    )  # fmt: skip


def experiment_of(told: Mapping[str, Any]) -> Experiment:
    """Back from JSON."""
    return msgspec.convert(told, Experiment)


def _text(told: Mapping[str, Any] | None) -> str | None:
    return None if told is None else msgspec.json.encode(told).decode()


def tell(
    tx: Transaction, type_: str, id_: str, playbook: str, name: str, told: Mapping[str, Any], *, now: datetime
) -> None:  # fmt: skip
    """Record a step as an event."""
    event = Event(
        id=f"{type_.removeprefix('sightline.')}:{id_}:{now.isoformat()}", source=derived.SOURCE, type=type_,
        subject=Ref(derived.SELF, "today"), time=now, known_at=now,
        data={"id": id_, "playbook": playbook, "name": name, **told},
    )  # fmt: skip
    ledger.record(tx, [event], at=now)
