"""Slack and Teams are spoken to as they have it, within their limits, and their answers read for what they mean."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some
from slack_sdk.models.views import View
from starlette.responses import JSONResponse, PlainTextResponse, Response

from sightline.foundation.outbound import Outbound
from sightline.kernel.act.channels import Slack, Teams, blocks, cards, cases
from sightline.kernel.act.channels.addresses import Given, channel_of, secrets_of
from sightline.kernel.act.channels.cases import Ways
from sightline.language.action import Action, Case, Destination
from sightline.language.errors import (
    Forbidden,
    Held,
    Invalid,
    Misconfigured,
    SightlineError,
    Unavailable,
    Undeliverable,
)
from sightline.testing import laws, make
from tests.kernel.act import slack as double
from tests.kernel.act import teams as flow
from tests.kernel.act.slack import CHANNEL, SIGNING, TOKEN, slacking
from tests.kernel.act.teams import Workflow, flowing

WAYS = Ways(page="https://us.example.com/inbox", yes="https://us.example.com/yes", no="https://us.example.com/no")

CASE = Case(
    id="ask_" + "9f" * 16, workspace="demo", state="open", playbook="own.warn", choice="tell the buyer", channel="mail",
    subject="line/82108", party="project/112", text="Dear all,\n<line 82108> & its *friends* are late.", draft="1",
    because="No line keeps the promise.", reasons=("3 of the last 5 were late",), probability=0.91, value=1_234.0,
    worth=56_789.0, due_at=make.day(7), by_default="drop",
)  # fmt: skip
ENDED = replace(
    CASE, state="rejected", ended_by="anna", why="They told us.", changes=True, message=f"{CHANNEL}:1700000000.000000"
)


@pytest.fixture
async def team() -> AsyncIterator[double.Slack]:
    async with slacking() as found:
        yield found


@pytest.fixture
async def workflow() -> AsyncIterator[Workflow]:
    async with flowing() as found:
        yield found


def by_token(team: double.Slack, **more: Any) -> Destination:
    return replace(Destination(name="team", channel="slack", address=team.address, secrets=(TOKEN,)), **more)


def by_hook(team: double.Slack, **more: Any) -> Destination:
    return replace(Destination(name="team", channel="slack", address="slack:", secrets=(team.hook,)), **more)


def asks(case: Case) -> Action:
    return replace(make.action("ask:team:1"), case=case)


async def test_slack_keeps_the_law_and_posts_once_under_one_identifier(team: double.Slack, out: Outbound) -> None:
    def told() -> list[tuple[str, str]]:
        return [(body["client_msg_id"], body["text"]) for _, body, _ in team.calls]

    await laws.channel(lambda: Slack(out), by_token(team), told)
    assert [one.text for one in team.messages] == ["one", "two"]


async def test_an_incoming_webhook_and_a_workflow_keep_it_as_far_as_they_can(
    team: double.Slack, workflow: Workflow, out: Outbound
) -> None:
    await laws.channel(lambda: Slack(out), by_hook(team), lambda: [(one.text, one.text) for one in team.messages])
    assert [one.text for one in team.messages] == ["one", "one", "two"]
    to = Destination(name="flow", channel="teams", address="teams:", secrets=(workflow.url,))
    texts = [("", "one"), ("", "two")]
    await laws.channel(
        lambda: Teams(out), to, lambda: [one for card in workflow.cards for one in texts if one[1] in flow.words(card)]
    )


async def test_what_others_wrote_is_no_markup(team: double.Slack, workflow: Workflow, out: Outbound) -> None:
    action = make.action("a", text="<!channel> & <https://evil.example|click> *b*")
    await Slack(out).send(action, by_token(team), at=make.day(0))
    (message,) = team.messages
    assert message.text == "&lt;!channel&gt; &amp; &lt;https://evil.example|click&gt; *b*"
    assert message.blocks[0]["text"] == {"type": "plain_text", "text": message.text, "emoji": False}
    to = Destination(name="flow", channel="teams", address="teams:", secrets=(workflow.url,))
    await Teams(out).send(action, to, at=make.day(0))
    assert workflow.cards[0]["body"] == [
        {"type": "RichTextBlock", "inlines": [{"type": "TextRun", "text": action.text}]}
    ]


async def test_what_is_asked_holds_all_that_is_needed_and_buttons(team: double.Slack, out: Outbound) -> None:
    told = (
        *("tell the buyer: line/82108", "Expected: 1,234", "At stake: 56,789", "Likely: 91%", "To project/112"),
        *("3 of the last 5", "&lt;line 82108&gt;", "nothing is done", f"<!date^{int(make.day(7).timestamp())}^"),
    )
    for n, secrets in enumerate(((TOKEN, SIGNING), (TOKEN,))):
        action = replace(asks(CASE), id=f"msg_{n}" + "0" * 31)
        await Slack(out, ways=lambda *_: WAYS).send(action, by_token(team, secrets=secrets), at=make.day(0))
        assert [one for one in told if one not in team.messages[n].words()] == []
        elements = team.messages[n].blocks[-1]["elements"]
        assert [one["action_id"] for one in elements] == ["approve", "reject", "open"]
    assert team.messages[0].button("approve")[1]["value"] == CASE.id
    assert team.messages[0].button("approve")[0] == f"team:{CASE.id}"
    assert team.messages[1].button("approve")[1]["url"] == WAYS.yes
    await Slack(out).send(asks(CASE), by_token(team), at=make.day(0))
    assert team.messages[-1].blocks[-1]["type"] == "context"


async def test_a_message_is_changed_once_what_it_asked_has_ended(team: double.Slack, out: Outbound) -> None:
    to = by_token(team, secrets=(TOKEN, SIGNING))
    receipt = await Slack(out).send(asks(CASE), to, at=make.day(0))
    assert receipt.reference == ENDED.message
    ended = replace(asks(ENDED), key="ask:team:1#ended")
    await Slack(out).send(ended, to, at=make.day(0))
    (message,) = team.messages
    assert "Rejected by anna. They told us." in message.words()
    assert [one["type"] for one in message.blocks].count("actions") == 0
    # Who is sent again what was asked, and has ended since, posts nothing that Slack knows already.
    await Slack(out).send(asks(replace(ENDED, changes=False)), to, at=make.day(0))
    assert len(team.messages) == 1
    with pytest.raises(Held):
        await Slack(out).send(replace(ended, case=replace(ENDED, under_way=True)), to, at=make.day(0))
    for gone in (None, f"{CHANNEL}:1"):
        with pytest.raises(Undeliverable):
            await Slack(out).send(replace(ended, case=replace(ENDED, message=gone)), to, at=make.day(0))


FATES = [
    *[(JSONResponse({"ok": False, "error": one}), Unavailable) for one in ("ratelimited", "internal_error")],
    *[(JSONResponse({"ok": False, "error": one}), Undeliverable) for one in ("msg_too_long", "invalid_blocks")],
    *[
        (JSONResponse({"ok": False, "error": one}), Misconfigured)
        for one in ("invalid_auth", "not_in_channel", "new_one")
    ],
    (JSONResponse({"ok": False, "error": TOKEN}), Misconfigured),
    (JSONResponse({"ok": False}), Misconfigured),
    (JSONResponse([TOKEN]), Unavailable),
    (Response("<html>"), Unavailable),
    (Response(TOKEN, 503), Unavailable),
    (Response("", 302, {"location": "https://elsewhere.example"}), Unavailable),
]


@pytest.mark.parametrize(("said", "fate"), FATES)
async def test_an_answer_of_slack_means_what_its_words_say(
    team: double.Slack, out: Outbound, said: Response, fate: type[SightlineError]
) -> None:
    team.answer = lambda: said
    with pytest.raises(SightlineError) as raised:
        await Slack(out).send(make.action("a"), by_token(team), at=make.day(0))
    assert type(raised.value) is fate
    assert TOKEN not in str(raised.value)


async def test_slack_is_waited_for_as_long_as_it_asks(team: double.Slack, out: Outbound) -> None:
    team.answer = lambda: JSONResponse({"ok": False, "error": "ratelimited"}, 429, {"retry-after": "30"})
    for to in (by_token(team), by_hook(team)):
        with pytest.raises(Unavailable) as raised:
            await Slack(out).send(make.action("a"), to, at=make.day(0))
        assert raised.value.after == 30.0


@pytest.mark.parametrize(
    ("status", "said", "fate"),
    [
        (403, "invalid_token", Misconfigured), (404, "no_service", Misconfigured), (404, double.HOOK, Misconfigured),
        (400, "invalid_payload", Undeliverable), (410, "channel_is_archived", Undeliverable),
        (500, "rollup_error", Unavailable),
    ],
)  # fmt: skip
async def test_an_answer_of_an_incoming_webhook_is_read_too(
    team: double.Slack, out: Outbound, status: int, said: str, fate: type[SightlineError]
) -> None:
    team.answer = lambda: PlainTextResponse(said, status)
    with pytest.raises(SightlineError) as raised:
        await Slack(out).send(make.action("a"), by_hook(team), at=make.day(0))
    assert type(raised.value) is fate
    assert (said in raised.value.message) == ("/" not in said)
    assert getattr(raised.value, "gone", False) == (status == 410)


@pytest.mark.parametrize(
    ("status", "fate"),
    [
        (400, Undeliverable), (401, Misconfigured), (404, Misconfigured), (413, Undeliverable), (429, Unavailable),
        (502, Unavailable),
    ],
)  # fmt: skip
async def test_an_answer_of_a_workflow_is_read_and_its_address_told_to_nobody(
    workflow: Workflow, out: Outbound, status: int, fate: type[SightlineError]
) -> None:
    error = {"code": "WorkflowNotFound", "message": f"No {workflow.url}"}
    workflow.answer = lambda: JSONResponse({"error": error}, status, {"retry-after": "7"})
    to = Destination(name="flow", channel="teams", address="teams:", secrets=(workflow.url,))
    with pytest.raises(SightlineError) as raised:
        await Teams(out).send(make.action("a"), to, at=make.day(0))
    assert type(raised.value) is fate
    assert "WorkflowNotFound" in raised.value.message
    assert flow.SIGNATURE not in f"{raised.value} {to!r}"


async def test_no_secret_leaves_our_networks_in_the_clear() -> None:
    out = Outbound()
    for channel, address, secret in (
        (Slack(out), f"slack:{CHANNEL}?api=http://93.184.216.34/api/", TOKEN), (Slack(out), "slack:", "http://93.184.216.34/x"),
        (Teams(out), "teams:", "http://93.184.216.34/x"),
    ):  # fmt: skip
        to = Destination(name="x", channel=channel.name, address=address, secrets=(secret,))
        with pytest.raises(Forbidden, match="not encrypted"):
            await channel.send(make.action("a"), to, at=make.day(0))
    await out.close()


@given(some.text(max_size=9_000), some.sampled_from([TEXT := "line/&<>" * 900, "", "x", "🦊" * 4_000, "\n" * 9_000]))
def test_whatever_is_written_stays_within_the_limits(one: str, other: str) -> None:
    written = one + other
    case = replace(CASE, choice=written, text=written, reasons=(written,) * 3, party=written, because=written)
    for window in (True, False):
        shown = blocks.asked(case, WAYS, "team:1", buttons=True, window=window)
        assert double.fits({"blocks": shown, "text": blocks.fallback(cases.plain(case))})
    ended = replace(case, state="rejected", why=written)
    assert double.fits({"blocks": blocks.ended(ended), "text": blocks.fallback(cases.plain(ended))})
    assert double.fits({"blocks": blocks.said(written), "text": blocks.fallback(written)})
    View(**blocks.window(written, "[]")).validate_json()
    for body in (cards.asked(case, WAYS), cards.said(written)):
        assert 2 * cases.units(body.decode()) <= cards.MOST
        flow.check(json.loads(body)["attachments"][0]["content"])


def test_a_long_text_is_parted_at_ends_of_lines_and_cut_at_its_end() -> None:
    assert cases.parts("one\ntwo\nthree", 5, 3) == ["one\n", "two\n", "three"]
    assert cases.parts("one two three", 5, 2) == ["one t", "wo t…"]
    assert cases.parts("", 5, 2) == [""]
    assert cases.cut("&&&", 10, blocks.size) == "&…"
    assert cases.cut("🦊🦊", 4) == "🦊🦊"


@pytest.mark.parametrize(
    ("address", "password", "signing", "told"),
    [
        ("slack:ops", TOKEN, None, "no address of Slack"), ("slack://C0123456789", TOKEN, None, "no address of Slack"),
        ("slack:C0123456789?x=1", TOKEN, None, "no address of Slack"),
        ("slack:C0123456789", None, None, "without a token"),
        ("slack:C0123456789", "xoxp-1234567890-abc", None, "no bot token"), ("slack:", TOKEN, None, "no address"),
        ("slack:C0123456789", TOKEN, "short", "no signing secret"),
        ("slack:C0123456789?api=ftp://x", TOKEN, None, "no address"),
        ("teams:x", "https://x.example", None, "no address of Teams"), ("teams:", None, None, "missing"),
        ("teams:", "https://x.example", SIGNING, "signs nothing"), ("https://x.example", None, SIGNING, "Only Slack"),
    ],
)  # fmt: skip
def test_an_address_that_is_none_is_refused_without_a_word_of_its_secrets(
    address: str, password: str | None, signing: str | None, told: str
) -> None:
    with pytest.raises(Invalid, match=told) as raised:
        secrets_of(address, Given(password=password, signing=signing))
    assert not any(one and one in str(raised.value) for one in (password, signing))


def test_what_is_not_given_anew_stays_and_two_signing_secrets_are_believed() -> None:
    address = f"slack:{CHANNEL}"
    first, _ = secrets_of(address, Given(password=TOKEN, signing="s" * 32))
    second, _ = secrets_of(address, Given(signing="t" * 32), first)
    third, _ = secrets_of(address, Given(password=TOKEN + "x", signing="u" * 32), second)
    assert (first, second) == ([TOKEN, "s" * 32], [TOKEN, "t" * 32, "s" * 32])
    assert third == [TOKEN + "x", "u" * 32, "t" * 32]
    channels = {"slack": address, "teams": "teams:", "email": "smtps://x", "webhook": "https://x"}
    assert {channel_of(one): one for one in channels.values()} == channels
