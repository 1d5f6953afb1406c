"""Every channel keeps the law of channels, whoever dies or hurries."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from starlette.responses import Response

from sightline.foundation.outbound import Allowed, Outbound
from sightline.kernel.act.channels import Paper, Webhook
from sightline.kernel.act.channels.webhook import asked_to_wait, signature
from sightline.kernel.observe.signatures import MOST_SECRET, new_secret
from sightline.language.action import Destination
from sightline.language.errors import Forbidden, Invalid, Unavailable, Undeliverable
from sightline.testing import laws, make
from tests.kernel.act.receiver import receiving

PAPER = Destination(name="paper", channel="paper")


@pytest.fixture
async def out() -> AsyncIterator[Outbound]:
    """May reach loopback."""
    opened = Outbound(Allowed.of(["127.0.0.0/8"]))
    yield opened
    await opened.close()


def letters(folder: Path) -> list[tuple[str, str]]:
    return [(path.name, json.loads(path.read_text())["text"]) for path in folder.glob("*.json")]


async def test_paper_keeps_the_law(tmp_path: Path) -> None:
    await laws.channel(lambda: Paper(tmp_path / "out"), PAPER, lambda: letters(tmp_path / "out"))
    assert not list((tmp_path / "out").glob(".*"))


async def test_of_many_who_send_at_once_one_does_it(tmp_path: Path) -> None:
    sending = [Paper(tmp_path).send(make.action("k"), PAPER, at=make.day(0)) for _ in range(40)]
    receipts = await asyncio.gather(*sending)
    assert sum(not one.repeated for one in receipts) == 1
    assert len(letters(tmp_path)) == 1


async def test_what_a_crash_left_half_written_does_not_count(tmp_path: Path) -> None:
    paper = Paper(tmp_path)
    reference = (await paper.send(make.action("k", text="whole"), PAPER, at=make.day(0))).reference
    (tmp_path / reference).unlink()
    (tmp_path / f".{reference}.1").write_text('{"text": "ha')
    assert not (await paper.send(make.action("k", text="whole"), PAPER, at=make.day(0))).repeated
    assert [text for _, text in letters(tmp_path)] == ["whole"]


async def test_webhooks_keep_the_law_and_the_standard(out: Outbound) -> None:
    async with receiving() as other:
        other.secret = new_secret("standard")
        to = Destination(name="crm", channel="webhook", address=other.url, secrets=(other.secret,))
        await laws.channel(lambda: Webhook(out), to, other.arrived)
        first = other.got[0]
    assert first.name == make.action("law:1").id
    assert first.data == {"key": "law:1", "destination": "paper", "to": "team/one", "about": "thing/1", "text": "one"}


async def test_while_one_secret_takes_over_from_another_both_sign(out: Outbound) -> None:
    async with receiving() as other:
        old, new = new_secret("standard"), new_secret("standard")
        to = Destination(name="crm", channel="webhook", address=other.url, secrets=(new, old))
        for other.secret in (old, new):
            await Webhook(out).send(make.action(), to, at=make.day(0))
        assert len(other.got) == 2
        assert repr(to).find(new) < 0


def test_the_signature_is_the_standard_s_own_example() -> None:
    """From the specification, section "Verifying signatures"."""
    secret, name, sent = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330"
    assert signature(secret, name, sent, b'{"test": 2432232314}') == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


ANSWERS = [
    (200, None), (204, None), (400, Undeliverable), (422, Undeliverable), (410, Undeliverable), (404, Unavailable),
    (429, Unavailable), (500, Unavailable), (503, Unavailable), (302, Unavailable), (599, Unavailable),
]  # fmt: skip


@pytest.mark.parametrize(("status", "raised"), ANSWERS)
async def test_what_an_answer_means(out: Outbound, status: int, raised: type[Exception] | None) -> None:
    async with receiving() as other:
        other.secret = new_secret("standard")
        headers = {"location": other.url + "/elsewhere", "retry-after": "120"}
        other.answer = lambda got: Response("no, thank you", status_code=status, headers=headers)
        to = Destination(name="crm", channel="webhook", address=other.url, secrets=(other.secret,))
        sending = Webhook(out).send(make.action(), to, at=make.day(0))
        if raised is None:
            assert (await sending).reference == make.action().id
            return
        with pytest.raises(raised, match=str(status)) as caught:
            await sending
        assert getattr(caught.value, "after", 120) == 120
        assert getattr(caught.value, "gone", status == 410) == (status == 410)
        assert len(other.got) == 1


WAITS = [
    ("120", 120.0), ("Wed, 01 Jan 2020 00:01:00 GMT", 60.0), ("soon", 0.0), ("99999999", 86_400.0),
    ("-5", 0.0), ("", 0.0),
]  # fmt: skip


@pytest.mark.parametrize(("said", "seconds"), WAITS)
def test_how_long_a_destination_asks_us_to_wait(said: str, seconds: float) -> None:
    assert asked_to_wait(said, datetime(2020, 1, 1, tzinfo=UTC)) == seconds


@pytest.mark.parametrize("secret", ["", "whsec_", "whsec_short", "whsec_" + "A" * 4 * MOST_SECRET, "whsec_???"])
async def test_a_secret_that_is_none_signs_nothing(out: Outbound, secret: str) -> None:
    to = Destination(name="crm", channel="webhook", address="https://example.com", secrets=(secret,) if secret else ())
    with pytest.raises(Invalid, match="secret") as caught:
        await Webhook(out).send(make.action(), to, at=make.day(0))
    assert "short" not in str(caught.value)


async def test_nobody_inside_is_reached_unless_allowed() -> None:
    async with receiving() as other:
        to = Destination(name="crm", channel="webhook", address=other.url, secrets=(new_secret("standard"),))
        with pytest.raises(Forbidden, match=r"127\.0\.0\.1, which is no public address"):
            await Webhook(Outbound()).send(make.action(), to, at=make.day(0))
        assert other.got == []
