"""What a person set aside: seen, and not to be shown again for this subject at this cutoff, until it is taken up."""

from __future__ import annotations

import secrets
from datetime import datetime

from sightline.foundation import ledger
from sightline.foundation.db.session import Transaction
from sightline.language import derived
from sightline.language.errors import NotFound
from sightline.language.event import Event
from sightline.language.ref import Ref


async def set_aside(tx: Transaction, question: str, subject: Ref, cutoff: datetime, *, by: str, now: datetime) -> str:
    """Set the prediction about a subject at a cutoff aside; returns under which id.

    What is aside already stays under its id. Raises NotFound where nothing was predicted.
    """
    these = {"t": tx.tenant, "q": question, "kind": subject.kind, "key": subject.key, "cutoff": cutoff}
    said = await tx.value(
        "select count(*) from sightline.predictions where tenant = :t and question = :q and kind = :kind"
        " and key = :key and cutoff = :cutoff and withdrawn_at is null",
        **these,
    )
    if not said:
        raise NotFound(
            f"'{question}' predicts nothing about {subject} as of {cutoff.isoformat()}.",
            hint="Take subject and cutoff from a prediction, as GET /v1/predictions has them.",
        )
    made = await tx.value(
        "insert into sightline.asides (tenant, id, question, kind, key, cutoff, by, at)"
        " values (:t, :id, :q, :kind, :key, :cutoff, :by, :at) on conflict do nothing returning id",
        id=secrets.token_hex(8), by=by, at=now, **these,
    )  # fmt: skip
    if made:
        _tell(tx, derived.SET_ASIDE, str(made), question, subject, cutoff, now)
        return str(made)
    return str(
        await tx.value(
            "select id from sightline.asides where tenant = :t and question = :q and kind = :kind and key = :key"
            " and cutoff = :cutoff",
            **these,
        )
    )


async def take_up(tx: Transaction, id_: str, *, now: datetime) -> None:
    """Let what was set aside under an id be shown again. Raises NotFound."""
    row = await tx.row(
        "delete from sightline.asides where tenant = :t and id = :id returning question, kind, key, cutoff",
        t=tx.tenant, id=id_,
    )  # fmt: skip
    if row is None:
        raise NotFound(
            f"Nothing is set aside under '{id_[:80]}'.", hint="GET /v1/predictions?aside=true lists what is."
        )
    subject = Ref(row["kind"], row["key"])
    _tell(tx, derived.TAKEN_UP, id_, row["question"], subject, row["cutoff"], now)


def _tell(
    tx: Transaction, type_: str, id_: str, question: str, subject: Ref, cutoff: datetime, now: datetime
) -> None:  # fmt: skip
    event = Event(
        id=f"{type_.removeprefix('sightline.')}:{id_}",
        source=derived.SOURCE,
        type=type_,
        subject=subject,
        time=now,
        known_at=now,
        data={"question": question, "cutoff": cutoff.isoformat(), "aside": id_},
    )
    ledger.record(tx, [event], at=now)
