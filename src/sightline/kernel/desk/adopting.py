"""Make the winner of an experiment the usual choice of its playbook, or look what that would change."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sightline.foundation.db.session import Transaction
from sightline.foundation.tenants import Tenant
from sightline.kernel.act import adopting, trials
from sightline.kernel.act.trials import Trial
from sightline.kernel.desk import playing
from sightline.kernel.desk.desk import Desk
from sightline.kernel.learn.standing import against, stand
from sightline.language.errors import Invalid
from sightline.language.playbook import Playbook

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
    """Decisions within LATELY by which something was done, or a person asked; the newest MOST at most."""
    otherwise: int
    """For how many of them the usual choice would have been another."""
    done: bool
    """False: it was only looked."""
    against: str = ""
    """What the guards that stopped it measured, in whole sentences; empty where none did."""

    @property
    def newest(self) -> bool:
        """Whether there may be more decisions than were looked at."""
        return self.lately >= adopting.MOST

    @property
    def words(self) -> str:
        """What changes, in a sentence or two."""
        if self.choice is None:
            return (
                f"'{self.playbook}' makes the choice with the most expected value again, and no more '{self.before}'."
            )
        place = f" in the place of '{self.before}'" if self.before else ""
        seen = (
            f" For {self.otherwise:,} of {'the newest ' if self.newest else ''}{self.lately:,} decisions of the last"
            f" {LATELY.days} days the usual choice would have been another."
        )
        stopped = f" A guard stopped '{self.choice}'. {self.against}"
        return (
            f"'{self.playbook}' makes the choice '{self.choice}'{place} wherever that is expected to bring something;"
            f" elsewhere the one with the most expected value.{seen if self.lately else ''}"
            f"{stopped if self.against else ''}"
        )


async def adopt(
    desk: Desk, tenant: Tenant, id_: str, *, by: str, arm: str | None = None, why: str = "", check: bool = False,
    anyway: bool = False,
) -> Adoption:  # fmt: skip
    """Make the winner (or `arm`) the usual choice; `check`: only tell what changes, and what speaks against it. Who is
    decided about from now on is concerned, and nobody before.

    Raises NotFound, Invalid (none won and none is named, or a guard stopped it and it is not meant `anyway`) and
    Conflict (it goes on, or stands so already).
    """
    async with desk.db.transaction(tenant.number) as tx:
        trial = await trials.get(tx, id_)
    playbook = await playing.playbook(desk, tenant, trial.playbook)
    async with desk.db.transaction(tenant.number) as tx:
        now = await desk.present(tx)
        choice = adopting.meant(trial, playbook, arm)
        said = await _against(desk, tx, trial, playbook, choice)
        if said and not (check or anyway):
            raise Invalid(f"A guard stopped '{choice}'. {said}", hint="Say `anyway` (`--anyway`) to adopt it still.")
        before = (await adopting.adopted(tx)).get(trial.playbook)
        lately, otherwise = await adopting.changes(tx, playbook, choice, since=now - LATELY)
        if not check:
            await adopting.adopt(tx, trial, choice, by=by, why=why, now=now, against=said)
    return Adoption(
        playbook=trial.playbook, choice=choice, before=before, done=not check, lately=lately, otherwise=otherwise,
        against=said,
    )  # fmt: skip


async def _against(desk: Desk, tx: Transaction, trial: Trial, playbook: Playbook, choice: str) -> str:
    """What its guards say against a choice."""
    success = (await desk.declared(tx)).successes.get(playbook.name)
    found = await stand(tx, trial, success, playbook, now=await desk.present(tx)) if success else None
    return against(trial, found, choice)


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
