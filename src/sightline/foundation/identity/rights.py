"""Who there is, and what each may do."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from sightline.language.errors import Invalid

SEEN_EVERY = timedelta(minutes=1)
"""A last-seen time is written so often at most: reading must not become writing."""


class Role(StrEnum):
    """What a principal may do, each including the one before."""

    VIEWER = "viewer"
    OPERATOR = "operator"
    OWNER = "owner"


class Right(StrEnum):
    """What an operation needs."""

    READ = "read"
    RECORD = "record"
    """Send events."""
    OPERATE = "operate"
    """Import, ask, train, set aside, mend, undo."""
    ADMINISTER = "administer"
    """Users, keys, the audit trail."""


class Sort(StrEnum):
    """What kind of principal it is."""

    USER = "user"
    KEY = "key"
    OWNER = "owner"
    """Whoever can read the home folder: the installation is theirs."""


RIGHTS = {
    Role.VIEWER: frozenset({Right.READ}),
    Role.OPERATOR: frozenset({Right.READ, Right.RECORD, Right.OPERATE}),
    Role.OWNER: frozenset(Right),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Principal:
    """Somebody (or a program) at home in one tenant."""

    tenant: int
    home: str
    """The name of that tenant."""
    name: str
    role: Role
    sort: Sort
    scopes: frozenset[Right] | None = None
    """Of these rights at most; None: all that the role has."""

    def rights(self, role: Role | None = None) -> frozenset[Right]:
        """What it may do under a role (its own when left out), its scopes considered."""
        given = RIGHTS[role or self.role]
        return given if self.scopes is None else given & self.scopes


def scopes_of(names: Collection[str] | None, role: Role) -> frozenset[Right] | None:
    """Scopes by their names; None stays None. Raises Invalid for one that is unknown or beyond the role."""
    if names is None:
        return None
    allowed = sorted(RIGHTS[role])
    wrong = sorted(set(names) - set(allowed))
    if wrong or not names:
        said = f"'{wrong[0][:80]}' is no right of a role '{role}'." if wrong else "A key without rights opens nothing."
        raise Invalid(said, hint=f"Choose of: {', '.join(allowed)}; or leave scopes out for all of them.")
    return frozenset(map(Right, names))
