"""The one question whether somebody may. Every route, the stream and every command pass here."""

from __future__ import annotations

from dataclasses import dataclass

from sightline.foundation.db.session import Database
from sightline.foundation.identity.names import OWNER
from sightline.foundation.identity.rights import RIGHTS, Principal, Right, Role, Sort
from sightline.foundation.tenants import Tenant
from sightline.language.errors import Forbidden


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What a principal is in a workspace."""

    role: Role
    rights: frozenset[Right]


async def authorize(db: Database, principal: Principal, right: Right | None, tenant: Tenant) -> Standing:
    """Let a principal use a right in a tenant: its own by role, one below by explicit grant.

    `right` None: whatever only concerns the principal itself, and so needs no more than to belong there. Raises
    Forbidden.
    """
    role: Role | None = principal.role
    if principal.tenant != tenant.number:
        role = await _granted(db, principal, tenant)
    rights = principal.rights(role) if role else frozenset()
    if role is None or (right is not None and right not in rights):
        raise refusal(principal, right, tenant.name)
    return Standing(role=role, rights=rights)


def refusal(principal: Principal, right: Right | None, workspace: str) -> Forbidden:
    """The same words for a workspace that is closed and for one that is none: names of others are not told."""
    return Forbidden(
        f"'{principal.name}' may not {right or 'be'} in workspace '{workspace[:80]}'.",
        hint="Check the header 'Sightline-Workspace', and the role and the scopes of whoever asks.",
    )


def hands_out(standing: Standing, role: Role, scopes: frozenset[Right] | None = None) -> None:
    """Nobody gives more than they have. Raises Forbidden."""
    given = RIGHTS[role] if scopes is None else RIGHTS[role] & scopes
    if beyond := sorted(given - standing.rights):
        raise Forbidden(
            f"This would hand out the right to {beyond[0]}, which whoever asks does not have.",
            hint="Hand out less, or ask an owner.",
        )


def local_owner(tenant: Tenant) -> Principal:
    """Whoever runs commands: they can read the home folder, and with it every key and every row. It is theirs."""
    return Principal(tenant=tenant.number, home=tenant.name, name=OWNER, role=Role.OWNER, sort=Sort.OWNER)


async def workspaces(db: Database, principal: Principal) -> list[tuple[Tenant, Role]]:
    """The workspaces a principal is let into, its own first, and in which role."""
    async with db.transaction(None) as tx:
        rows = await tx.rows(
            "select tenant, name, clock_at, role from sightline.workspaces_of(:p)"
            " order by tenant <> :p, name", p=principal.tenant,
        )  # fmt: skip
    return [
        (
            Tenant(number=row["tenant"], name=row["name"], clock_at=row["clock_at"]),
            _lesser(principal.role, row["role"]),
        )
        for row in rows
    ]


async def _granted(db: Database, principal: Principal, tenant: Tenant) -> Role | None:
    async with db.transaction(None) as tx:
        found = await tx.value("select sightline.grant_of(:t, :p)", t=tenant.number, p=principal.tenant)
    return _lesser(principal.role, found) if found else None


def _lesser(own: Role, granted: str | None) -> Role:
    """A grant never lifts a role."""
    return min(own, Role(granted), key=list(Role).index) if granted else own
