"""A workspace whose people are asked in a chat."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import httpx

from sightline.foundation.vault import Personal
from sightline.kernel.act import inbox, outbox
from sightline.kernel.act.inbox import Asked, Item
from sightline.kernel.act.outbox import Delivery
from sightline.language import derived
from sightline.language.ref import Ref
from tests.kernel.act.slack import ANNA, Message, Slack, send

if TYPE_CHECKING:
    from tests.interfaces.rest.conftest import Api

BASE = "https://sightline.example.com"


@dataclass(slots=True)
class Chat:
    """A workspace whose people are asked in a Slack."""

    api: Api
    team: Slack
    anybody: httpx.AsyncClient
    callback: str = ""

    async def ask(self, name: str = "1", **more: Any) -> str:
        """Ask something, and let the courier go; returns its id."""
        async with self.api.desk.db.transaction(self.api.tenant.number) as tx:
            now = await self.api.desk.present(tx)
            asked = Asked(
                **{
                    "key": f"own.warn:line/{name}:x", "playbook": "own.warn", "choice": "tell the buyer",
                    "channel": "paper", "subject": Ref("line", name), "party": Ref("project", "112"),
                    "text": f"About line {name}.", "because": "No line keeps the promise.", "value": 100.0,
                    "worth": 5_000.0, "made_at": now, "due_at": now + timedelta(days=7), "by_default": "drop", **more,
                }
            )  # fmt: skip
            await inbox.put(tx, [asked])
        await self.send()
        return asked.id

    async def send(self) -> None:
        """Let the courier go."""
        await self.api.desk.courier().empty(self.api.tenant.number)

    async def item(self, id_: str) -> Item:
        """What is asked, as it stands."""
        async with self.api.desk.db.transaction(self.api.tenant.number) as tx:
            return await inbox.get(tx, id_)

    async def deliveries(self) -> dict[str, Delivery]:
        """What was sent, by key."""
        async with self.api.desk.db.transaction(self.api.tenant.number) as tx:
            return {one.key: one for one in await outbox.listed(tx)}

    async def press(self, name: str, who: str = ANNA, *, message: Message | None = None, **more: Any) -> httpx.Response:
        """Press something of the last message."""
        payload = self.team.pressed(message or self.team.messages[-1], name, who, **more)
        return await send(self.anybody, self.callback, payload)

    async def answers(self) -> list[dict[str, Any]]:
        """What the ledger tells of answers."""
        async with self.api.desk.db.transaction(self.api.tenant.number) as tx:
            rows = await tx.rows(
                "select data from sightline.ledger where tenant = :t and type = :a order by position",
                t=tx.tenant, a=derived.ANSWERED,
            )  # fmt: skip
        return [row["data"] for row in rows]


async def add(api: Api, name: str, address: str, password: str, **more: Any) -> None:
    body = {"name": name, "address": address, "password": password, **more}
    answer = await api.client.post("/v1/destinations", json=body)
    assert (answer.status_code, answer.json()["secret"]) == (201, None), answer.text


async def asks(api: Api, name: str, status: int = 204, **more: Any) -> httpx.Response:
    answer = await api.client.put(f"/v1/destinations/{name}/asks", json=more)
    assert answer.status_code == status, answer.text
    return answer


async def destinations(api: Api) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await api.client.get("/v1/destinations")).json()["destinations"]
    return found


async def jane(chat: Chat) -> str:
    """The token of Jane Doe."""
    one = Personal(person="person/jane", value="Jane Doe")
    async with chat.api.desk.db.transaction(chat.api.tenant.number) as tx:
        return (await chat.api.desk.vault.tokens(tx, [one]))[one]
