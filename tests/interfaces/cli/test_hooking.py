"""From a hook that is made by a command to messages that are posted to a server, refused, mended and replayed."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx

from tests.interfaces.rest.test_hooks import MAPPING, order
from tests.kernel.observe.signers import stripe
from tests.main.commands import Commands
from tests.main.served import serving

SECRET = "whsec_made_by_the_sender_4f1b2c3d"


async def test_a_hook_is_made_tried_posted_to_and_removed(house: Path, commands: Commands, tmp_path: Path) -> None:
    async def run(*words: str, fails: int = 0, said: str = "") -> str:
        done = await asyncio.to_thread(commands.run, house, *words, folder=tmp_path, said=said)
        assert done.returncode == fails, done.stderr
        assert SECRET not in done.stderr
        return done.stdout if not fails else done.stderr

    (tmp_path / "shop.toml").write_text(MAPPING, encoding="utf-8")
    (tmp_path / "good.json").write_text(json.dumps(order()), encoding="utf-8")
    (tmp_path / "bad.json").write_text(json.dumps(order(total="a few")), encoding="utf-8")
    adding = ("hooks", "add", "shop", "--scheme", "stripe", "--mapping", "shop.toml", "--secret")
    address, shown = (await run(*adding, said=f"{SECRET}\n")).split()
    assert (shown, address[:7]) == (SECRET, "/v1/in/")
    assert "already" in await run(*adding, said=f"{SECRET}\n", fails=2)
    assert "no secret" in await run("hooks", "rotate", "shop", "--secret", said="short\n", fails=2)
    assert "no file" in await run("hooks", "test", "shop", "gone.json", fails=2)
    assert "order.placed" in await run("hooks", "test", "shop", "good.json")
    assert "holds 'a few'" in await run("hooks", "test", "shop", "bad.json")
    assert json.loads(await run("hooks", "test", "shop", "-", "--json", said="[]")) == {"events": [], "misfits": []}

    with serving(house) as server:

        async def post(body: dict[str, Any], secret: str = SECRET) -> tuple[int, dict[str, Any]]:
            content = json.dumps(body).encode()
            async with httpx.AsyncClient(base_url=server.client.base_url) as client:
                headers = stripe(secret, "", datetime.now(UTC), content)
                answer = await client.post(address, content=content, headers=headers)
            return answer.status_code, answer.json()

        assert await post(order()) == (200, {"events": 2, "quarantined": 0, "repeated": False})
        assert await post(order()) == (200, {"events": 0, "quarantined": 0, "repeated": True})
        assert (await post(order(18), "whsec_of_somebody_else_1234"))[0] == 401
        assert (await post(order(18, "x" * 2_000_000)))[0] == 413
        assert await post(order(18, "a few")) == (200, {"events": 0, "quarantined": 1, "repeated": False})
        (held,) = json.loads(await run("quarantine", "list", "--json"))["quarantine"]
        assert "a few" in await run("quarantine", "show", str(held["number"]))
        await run("quarantine", "replay", str(held["number"]), "--set", "data.total=3")
        assert server.client.get("/v1/entities/order/18").json()["attributes"]["total"] == 3
        fresh = json.loads(await run("hooks", "rotate", "shop", "--json"))["secret"]
        assert [(await post(order(19, n), one))[0] for n, one in enumerate((SECRET, fresh))] == [200, 200]
        await run("hooks", "off", "shop")
        assert (await post(order(20), fresh))[0] == 404
        await run("hooks", "on", "shop")
        assert (await post(order(20), fresh))[0] == 200
        (listed,) = json.loads(await run("hooks", "list", "--json"))["hooks"]
        assert (listed["name"], listed["refused_why"]) == ("shop", "Its signature is none of ours.")
        told = await run("hooks", "list") + await run("hooks", "list", "--csv")
        assert fresh not in told
        await run("hooks", "remove", "shop")
        assert (await post(order(21), fresh))[0] == 404
    assert "No hooks yet" in await run("hooks", "list")
