"""Where chats tell us what was pressed, who is who there, and which of their messages came already."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sightline.foundation import links
from sightline.foundation.db.session import Transaction
from sightline.foundation.vault import Vault
from sightline.language.errors import Invalid, NotFound

PATH = "/v1/chat/slack/"
"""Before an address."""

PURPOSE = "chat"

ID = re.compile(r"[UW][A-Z0-9]{2,30}")
"""How Slack calls people."""

REMEMBERED = timedelta(minutes=15)
"""How long a message is remembered: longer than it is believed."""

_SWEPT = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Who somebody in a chat is here."""

    id: str
    user: str
    made_at: datetime


def new_address(vault: Vault, tenant: int) -> str:
    """A new address of a workspace; nobody can make one, or guess it."""
    return links.made(vault, PURPOSE, tenant, secrets.token_hex(8))


def tenant_of(vault: Vault, address: str) -> int:
    """The workspace that an address was made for. Raises NotFound: for none."""
    found = links.read(vault, address, PURPOSE, tuple[str, int, str])
    if found is None:
        raise unknown()
    return found[1]


def unknown() -> NotFound:
    """There is no chat of this address, or none any more."""
    return NotFound("Nothing is taken here.", hint="Copy the whole address: `sightline destinations list --json`.")


async def know(tx: Transaction, id_: str, user: str) -> Person:
    """Let somebody in a chat be a user of the workspace, in the place of whom they were, of whichever team they come
    from next. Raises Invalid.
    """
    if not ID.fullmatch(id_):
        raise Invalid(f"'{id_[:80]}' is nobody in Slack.", hint="'Copy member ID' in their profile gives U0123456789.")
    await tx.run(
        "insert into sightline.chat_users (tenant, id, name) values (:t, :i, :n)"
        " on conflict (tenant, id) do update set name = excluded.name, team = null, made_at = clock_timestamp()",
        t=tx.tenant, i=id_, n=user,
    )  # fmt: skip
    (found,) = [one for one in await listed(tx) if one.id == id_]
    return found


async def forget(tx: Transaction, id_: str) -> None:
    """Let somebody in a chat be nobody. Raises NotFound."""
    gone = await tx.run("delete from sightline.chat_users where tenant = :t and id = :i", t=tx.tenant, i=id_)
    if not gone:
        raise NotFound.named("person of a chat", id_[:80], [one.id for one in await listed(tx)])


async def listed(tx: Transaction) -> list[Person]:
    """Who is who, by their ids."""
    rows = await tx.rows(
        'select id, name as "user", made_at from sightline.chat_users where tenant = :t order by id', t=tx.tenant
    )
    return [Person(**row) for row in rows]


async def user_of(tx: Transaction, id_: str, team: str) -> str | None:
    """Which user somebody of a team is; None: nobody. Ids tell people apart within a team alone, so whoever is known
    belongs from the first time on to the team that they came from then.
    """
    await tx.run(
        "update sightline.chat_users set team = :m where tenant = :t and id = :i and team is null",
        t=tx.tenant, i=id_, m=team,
    )  # fmt: skip
    name = await tx.value(
        "select name from sightline.chat_users where tenant = :t and id = :i and team = :m",
        t=tx.tenant, i=id_, m=team,
    )  # fmt: skip
    return None if name is None else str(name)


async def first_heard(tx: Transaction, vault: Vault, said: bytes, *, now: datetime) -> bool:
    """Whether a message, all that was signed of it, comes for the first time; it is remembered."""
    await tx.run(
        "delete from sightline.chat_messages where ctid = any(array(select ctid from sightline.chat_messages"
        " where tenant = :t and until < :now limit :most))",
        t=tx.tenant, now=now, most=_SWEPT,
    )  # fmt: skip
    made = await tx.run(
        "insert into sightline.chat_messages (tenant, key, until) values (:t, :k, :u) on conflict do nothing",
        t=tx.tenant, k=vault.fingerprint(tx, b"chat\0" + said), u=now + REMEMBERED,
    )  # fmt: skip
    return bool(made)
