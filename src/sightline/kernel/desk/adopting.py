"""Make the winner of an experiment the usual choice of its playbook, or look what that would change."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sightline.foundation.tenants import Tenant
from sightline.kernel.act import adopting, trials
from sightline.kernel.desk import playing
from sightline.kernel.desk.desk import Desk

LATELY = timedelta(days=30)
"""So far back it is looked what would have been chosen otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Adoption:
    """What changes, or changed."""

    playbook: str
    choice: str | None
    """The usual choice from now on; None: the one with the most expected value again."""
    before: str | None
    """What was adopted before."""
    lately: int
    """What its playbook decided within LATELY."""
    otherwise: int
    """Of that, how often by another choice."""
    done: bool
    """False: it was only looked."""

    @property
    def words(self) -> str:
        """What changes, in a sentence or two."""
        if self.choice is None:
            return (
                f"'{self.playbook}' makes the choice with the most expected value again, and no more '{self.before}'."
            )
        place = f" in the place of '{self.before}'" if self.before else ""
        seen = f" Of {self.lately:,} it decided in the last {LATELY.days} days {self.otherwise:,} were another."
        return (
            f"'{self.playbook}' makes the choice '{self.choice}'{place} wherever that is expected to bring something;"
            f" elsewhere the one with the most expected value.{seen if self.lately else ''}"
        )


async def adopt(
    desk: Desk, tenant: Tenant, id_: str, *, by: str, arm: str | None = None, why: str = "", check: bool = False
) -> Adoption:  # fmt: skip
    """Make the winner (or `arm`) the usual choice; `check`: only tell what changes. Who is decided about from now on is
    concerned, and nobody before.

    Raises NotFound, Invalid (none won and none is named) and Conflict (it goes on, or stands so already).
    """
    async with desk.db.transaction(tenant.number) as tx:
        trial = await trials.get(tx, id_)
    playbook = await playing.playbook(desk, tenant, trial.playbook)
    async with desk.db.transaction(tenant.number) as tx:
        now = await desk.present(tx)
        choice = adopting.meant(trial, playbook, arm)
        before = (await adopting.adopted(tx)).get(trial.playbook)
        rows = await tx.rows(
            "select choice, count(*) as n from sightline.decisions where tenant = :t and playbook = :p and at >= :since"
            " and verb in ('act', 'ask', 'hold') group by choice",
            t=tx.tenant, p=trial.playbook, since=now - LATELY,
        )  # fmt: skip
        if not check:
            await adopting.adopt(tx, trial, choice, by=by, why=why, now=now)
    return Adoption(
        playbook=trial.playbook, choice=choice, before=before, done=not check, lately=sum(row["n"] for row in rows),
        otherwise=sum(row["n"] for row in rows if row["choice"] != choice),
    )  # fmt: skip


async def give_up(desk: Desk, tenant: Tenant, id_: str, *, by: str, why: str = "", check: bool = False) -> Adoption:
    """Take it back: the choice with the most expected value is made again; `check`: only tell what changes.

    Raises NotFound, and Conflict where nothing of it is adopted.
    """
    async with desk.db.transaction(tenant.number) as tx:
        trial = await trials.get(tx, id_)
        adopting.must_be_adopted(trial)
        if not check:
            await adopting.give_up(tx, trial, by=by, why=why, now=await desk.present(tx))
    return Adoption(playbook=trial.playbook, choice=None, before=trial.adopted, lately=0, otherwise=0, done=not check)
