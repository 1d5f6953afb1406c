"""What was decided, and what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sightline.foundation.db.session import Transaction
from sightline.foundation.tenants import Tenant
from sightline.kernel.act import decided, outcomes
from sightline.kernel.act.decided import Decided
from sightline.kernel.act.outcomes import Outcome
from sightline.kernel.desk.desk import Desk
from sightline.kernel.observe.personal import token_ref, unveiled
from sightline.language.errors import NotFound
from sightline.language.ref import Ref


async def list_decisions(
    desk: Desk, tenant: Tenant, *, subject: Ref | None = None, playbook: str | None = None, verb: str | None = None,
    after: tuple[datetime, str] | None = None, limit: int,
) -> list[Decided]:  # fmt: skip
    """Decisions, newest first, with persons by their names; `subject` as a user writes it.

    Raises NotFound for a playbook that there is none of, and that never decided anything.
    """
    async with desk.db.transaction(tenant.number) as tx:
        if subject is not None:
            subject = await token_ref(tx, desk.vault, subject, (await desk.declared(tx)).kinds)
        found = await decided.listed(tx, subject=subject, playbook=playbook, verb=verb, after=after, limit=limit)
        if playbook is not None and not found:
            await _must_be_known(desk, tx, playbook)
        said = await unveiled(tx, desk.vault, [(one.subject, one.party, one.because) for one in found])
    return [
        replace(one, subject=about, party=party, because=because)
        for one, (about, party, because) in zip(found, said, strict=True)
    ]


async def _must_be_known(desk: Desk, tx: Transaction, playbook: str) -> None:
    """One that was dropped is known by what it decided."""
    catalog = await desk.declared(tx)
    known = {*catalog.playbooks, *catalog.stopped}
    if playbook not in known and not await decided.any_of(tx, playbook):
        raise NotFound.named("playbook", playbook, known, hint="`sightline playbook list` shows them.")


async def outcomes_of(desk: Desk, tenant: Tenant, keys: Sequence[str]) -> dict[str, Outcome]:
    """What came of the decisions that things go by: a decision's own key, or that of a step which followed it."""
    before = {key: [key[:at] for at in range(len(key), 0, -1) if f"{key}#"[at] == "#"] for key in keys}
    async with desk.db.transaction(tenant.number) as tx:
        catalog, now = await desk.declared(tx), await desk.present(tx)
        found = await outcomes.told(tx, catalog, [one for some in before.values() for one in some], now=now)
    told = {key: next((found[one] for one in some if one in found), None) for key, some in before.items()}
    return {key: outcome for key, outcome in told.items() if outcome}
