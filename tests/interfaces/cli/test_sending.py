"""From a destination that is added by a command to a greeting that arrives there, and a dead letter that is mended."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.responses import Response

from sightline.foundation.settings import Settings
from sightline.kernel.desk.delivering import GREETING
from tests.conftest import in_thread
from tests.kernel.act.receiver import receiving
from tests.kernel.act.slack import ANNA, SIGNING, TOKEN, slacking
from tests.main.commands import Commands
from tests.main.served import serving

LOOPBACK = '[act]\nallow_networks = ["127.0.0.0/8"]\n'


@pytest.fixture
def near(home: Path) -> Iterator[Path]:
    """A home whose webhooks may go to loopback."""
    home.mkdir()
    (home / "sightline.toml").write_text(LOOPBACK, encoding="utf-8")
    server = in_thread(Settings(home=home))
    yield home
    server.close()


async def test_a_greeting_arrives_and_a_dead_letter_is_mended(near: Path, commands: Commands, tmp_path: Path) -> None:
    async def run(*words: str, fails: int = 0) -> str:
        done = await asyncio.to_thread(commands.run, near, *words, folder=tmp_path)
        assert done.returncode == fails, done.stderr
        return done.stdout if not fails else done.stderr

    async def ended(id_: str) -> dict[str, Any]:
        for _ in range(300):
            found: dict[str, Any] = json.loads(await run("deliveries", "show", id_, "--json"))
            if found["state"] in {"done", "dead"}:
                return found
            await asyncio.sleep(0.1)
        raise AssertionError(found)

    async with receiving() as other:
        other.secret = (await run("destinations", "add", "crm", other.url)).strip()
        assert "already" in await run("destinations", "add", "crm", other.url, fails=2)
        assert other.secret not in await run("destinations", "list")
        sent = json.loads(await run("destinations", "test", "crm", "--json"))
        assert sent["state"] == "waiting"
        assert "`sightline serve` sends it" in await run("deliveries", "show", sent["id"])
        with serving(near):
            assert (await ended(sent["id"]))["state"] == "done"
            assert other.arrived() == [(sent["id"], GREETING)]
            other.answer = lambda got: Response("say less", status_code=400 if got.data["text"] == GREETING else 200)
            dead = json.loads(await run("destinations", "test", "crm", "--json"))["id"]
            assert "say less" in (await ended(dead))["problem"]
            assert dead in await run("deliveries", "list", "--state", "dead", "--csv")
            await run("deliveries", "again", dead, "--text", "Hello.")
            assert (await ended(dead))["state"] == "done"
        assert other.arrived()[-1] == (dead, "Hello.")
        assert "no dead letter" in await run("deliveries", "again", dead, fails=2)
    await run("destinations", "guard", "crm", "--approve", "--per-day", "3", "--quiet", "20:00-08:00", "--only", "a/b")
    (known,) = json.loads(await run("destinations", "list", "--json"))["destinations"]
    assert (known["guards"]["approve"], known["guards"]["per_day"], known["guards"]["only"]) == (True, 3, ["a/b"])
    assert "quiet 20:00-08:00 UTC; only to a/b" in await run("destinations", "list", "--csv")
    assert "no time zone" in await run("destinations", "guard", "crm", "--zone", "Mars", fails=2)
    assert "it is done" in await run("deliveries", "release", dead, fails=2)
    assert "told of sightline.*" in await run("destinations", "subscribe", "crm", "--event", "sightline.*")
    assert "sightline.*" in await run("destinations", "list", "--csv")
    assert "Known: " in await run("destinations", "subscribe", "crm", "--event", "sightline.x", fails=2)
    dry = json.loads(await run("destinations", "replay", "crm", "--since", "9d", "--dry-run", "--json"))
    again = ("destinations", "replay", "crm", "--since", "9d")
    told = await run(*again, "--event", "sightline.day.began", "--dry-run")
    assert dry["events"] >= 1
    assert told.rstrip().endswith("would be told again.")
    other = await run(*again, "--event", "sightline.day.began", "--about", "moon", "--dry-run", fails=2)
    assert "no subjects of the kind 'moon'" in other
    assert "no span of time" in await run("destinations", "replay", "crm", "--since", "soon", fails=2)
    await run("destinations", "off", "crm")
    assert "switched it off" in await run("destinations", "list")
    await run("destinations", "remove", "crm")
    assert "No destinations yet" in await run("destinations", "list")


async def test_a_mail_server_is_added_by_a_password_that_nobody_sees(
    near: Path, commands: Commands, tmp_path: Path
) -> None:  # fmt: skip
    address = "smtps://us@127.0.0.1:9/?from=us@example.com"

    def run(*words: str, given: str = "") -> str:
        done = commands.run(near, *words, folder=tmp_path, said=given)
        assert done.returncode == 0, done.stderr
        return done.stdout + done.stderr

    added = await asyncio.to_thread(run, "destinations", "add", "mail", address, given="open sesame\n")
    renewed = await asyncio.to_thread(run, "destinations", "rotate", "mail", "--password", given="another\n")
    listed = await asyncio.to_thread(run, "destinations", "list", "--json")
    assert json.loads(listed)["destinations"][0]["channel"] == "email"
    assert not any(word in added + renewed + listed for word in ("sesame", "another"))


async def test_a_chat_is_added_by_a_token_that_nobody_sees_and_asks(
    near: Path, commands: Commands, tmp_path: Path
) -> None:  # fmt: skip
    async def run(*words: str, given: str = "", fails: int = 0) -> str:
        done = await asyncio.to_thread(commands.run, near, *words, folder=tmp_path, said=given)
        assert done.returncode == fails, done.stderr
        return done.stdout + done.stderr

    async with slacking() as team:
        keys = f"{TOKEN}\n{SIGNING}\n"
        added = await run("destinations", "add", "team", team.address, given=keys)
        callback = re.search(r"request URL .*: (/v1/chat/slack/\S+)", added)
        assert callback
        assert "without a token" in await run("destinations", "add", "other", "slack:C0123456789", fails=2)
        renewed = await run("destinations", "rotate", "team", "--password", given=f"\n{'s' * 32}\n")
        asked = await run("destinations", "asks", "team", "--above", "10000", "--playbook", "supply.warn_buyer")
        assert "is asked by 'team' too" in asked
        listed = await run("destinations", "list", "--json")
        (known,) = json.loads(listed)["destinations"]
        assert (known["channel"], known["asks"]["above"], known["callback"]) == ("slack", 10_000, callback[1])
        sent = json.loads(await run("destinations", "test", "team", "--json"))
        with serving(near):
            for _ in range(60):
                told = await run("deliveries", "show", sent["id"])
                if told.startswith(f"{sent['id']} to team: done"):
                    break
        assert told.startswith(f"{sent['id']} to team: done")
        assert [one.text for one in team.messages] == [GREETING]
        assert "Nothing is asked by 'team'." in await run("destinations", "asks", "team", "--off")
    assert not any(one in added + renewed + listed for one in (TOKEN, SIGNING, "s" * 32))
    await run("users", "add", "anna", "--role", "operator", "--password", given="seven green bicycles\n")
    assert "Nobody yet" in await run("chat", "list")
    assert "answers as 'anna'" in await run("chat", "link", ANNA, "anna")
    assert f"{ANNA},anna" in await run("chat", "list", "--csv")
    await run("chat", "unlink", ANNA)
    assert "No person" in await run("chat", "unlink", ANNA, fails=2)


async def test_somebody_is_contacted_no_more_and_then_again(near: Path, commands: Commands, tmp_path: Path) -> None:
    async def run(*words: str) -> str:
        done = await asyncio.to_thread(commands.run, near, "contacts", *words, folder=tmp_path)
        assert done.returncode == 0, done.stderr
        return done.stdout

    assert "Everybody" in await run("list")
    await run("stop", "team/one")
    assert "team/one" in await run("list", "--csv")
    await run("allow", "team/one")
    assert "Everybody" in await run("list")
