"""How users and keys are called."""

from __future__ import annotations

import re

from sightline.foundation.db.session import Transaction
from sightline.language.errors import Conflict, Invalid

OWNER = "owner"
"""The one who holds the installation; nobody else is called so."""

_NAME = re.compile(r"[a-z0-9][a-z0-9._@+-]{0,99}")
"""As the tables' constraints have it; an e-mail address is one."""


def plain(name: str) -> str | None:
    """The name as it is kept, or None where nobody can be called so."""
    lower = name.strip().lower()
    return lower if _NAME.fullmatch(lower) else None


def checked(what: str, name: str) -> str:
    """The name as it is kept. Raises Invalid that says what was allowed."""
    found = plain(name)
    if found is None or found == OWNER:
        raise Invalid(
            f"'{name[:80]}' cannot name a {what}.",
            hint=f"a-z, 0-9 and . _ @ + -, at most 100 characters, not '{OWNER}'. An e-mail address will do.",
        )
    return found


async def alone(tx: Transaction) -> None:
    """Wait until nobody else changes the principals of this tenant, and keep them waiting until the commit."""
    await tx.run("select from sightline.tenants where tenant = :t for no key update", t=tx.tenant)


async def free(tx: Transaction, name: str) -> None:
    """Whether a name is free; call it `alone`. Raises Conflict: the audit trail tells principals apart by name."""
    taken = await tx.value(
        "select 'user' from sightline.users where tenant = :t and name = :n"
        " union all select 'key' from sightline.access_tokens where tenant = :t and name = :n",
        t=tx.tenant, n=name,
    )  # fmt: skip
    if taken:
        raise Conflict(f"There is a {taken} called '{name}' already.", hint="Choose another name, or remove it first.")
