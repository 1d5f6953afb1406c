"""Whoever does not have the secret is refused, whatever they change; whoever has it is taken."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sightline.kernel.observe import signatures
from sightline.kernel.observe.signatures import Signed, new_secret, verify
from sightline.language.errors import Invalid, Stale, Unauthenticated
from tests.kernel.observe.signers import SENDERS, Sender, github, standard, stripe

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
BODY = b'{"id": "evt_1", "data": {"n": 1}}'

ALL = pytest.mark.parametrize("name", SENDERS)
SIGNING = pytest.mark.parametrize("name", [name for name, one in SENDERS.items() if one.signs_body])
DATED = pytest.mark.parametrize("name", [name for name, one in SENDERS.items() if one.dated])


def seen(sender: Sender, secret: str, headers: dict[str, str], body: bytes = BODY, *, now: datetime = NOW) -> Signed:
    return verify(sender.scheme, sender.options, [secret], headers, body, now=now)


@ALL
def test_who_has_the_secret_is_taken(name: str) -> None:
    sender, secret = SENDERS[name], new_secret(SENDERS[name].scheme)
    found = seen(sender, secret, sender.sign(secret, "msg_1", NOW, BODY))
    assert found.at == (NOW if sender.dated else None)
    assert found.id == ("msg_1" if sender.options.id_header else None)


@ALL
def test_who_has_another_or_none_is_not(name: str) -> None:
    sender, secret = SENDERS[name], new_secret(SENDERS[name].scheme)
    signed = sender.sign(new_secret(sender.scheme), "msg_1", NOW, BODY)
    with pytest.raises(Unauthenticated, match="none of ours") as refused:
        seen(sender, secret, signed)
    assert secret not in str(refused.value)
    with pytest.raises(Unauthenticated, match="not signed"):
        seen(sender, secret, {})
    header = sender.options.signature_header
    for other in ("", "x", "é\xff", "v1,", "t=,v1=", "sha256=", "Bearer", "Bearer ", signed[header].swapcase()):
        with pytest.raises(Unauthenticated):
            seen(sender, secret, {**signed, header: other})


@SIGNING
@given(body=st.binary(min_size=1, max_size=200).filter(lambda one: b"\0" not in one), data=st.data())
def test_any_byte_of_the_body_that_is_another_is_refused(name: str, body: bytes, data: Any) -> None:
    if name == "standard":
        # Its library signs texts.
        body = base64.b64encode(body)
    sender, secret = SENDERS[name], new_secret(SENDERS[name].scheme)
    headers = sender.sign(secret, "msg_1", NOW, body)
    seen(sender, secret, headers, body)
    at = data.draw(st.integers(0, len(body) - 1))
    other = body[:at] + bytes([body[at] ^ data.draw(st.integers(1, 255))]) + body[at + 1 :]
    for changed in (other, body[:at] + body[at + 1 :], body + b" ", body[:at] + b" " + body[at:]):
        if changed != body:
            with pytest.raises(Unauthenticated):
                seen(sender, secret, headers, changed)


@ALL
@given(data=st.data())
def test_any_character_of_what_proves_it_that_is_another_is_refused(name: str, data: Any) -> None:
    sender, secret = SENDERS[name], new_secret(SENDERS[name].scheme)
    headers = sender.sign(secret, "msg_1", NOW, BODY)
    signed = [sender.options.signature_header, sender.options.timestamp_header]
    signed += [sender.options.id_header] if "{id}" in sender.options.layout else []
    header = data.draw(st.sampled_from([one for one in signed if one]))
    text = headers[header]
    # Behind the signature that counts Stripe names one of an older scheme, which nobody reads.
    at = data.draw(st.integers(0, (text.index(",v0") if ",v0" in text else len(text)) - 1))
    other = data.draw(st.characters(min_codepoint=33, max_codepoint=255).filter(lambda one: one != text[at]))
    with pytest.raises(Unauthenticated):
        seen(sender, secret, {**headers, header: text[:at] + other + text[at + 1 :]})


@DATED
@pytest.mark.parametrize("seconds", [-300, 0, 300])
def test_five_minutes_are_near_enough(name: str, seconds: int) -> None:
    sender, secret = SENDERS[name], new_secret(SENDERS[name].scheme)
    at = NOW + timedelta(seconds=seconds)
    assert seen(sender, secret, sender.sign(secret, "msg_1", at, BODY)).at == at


@DATED
@pytest.mark.parametrize("seconds", [-301, 301, -86_400, 10**9])
def test_more_are_stale_for_who_signed_it_and_nothing_for_others(name: str, seconds: int) -> None:
    sender, secret = SENDERS[name], new_secret(SENDERS[name].scheme)
    headers = sender.sign(secret, "msg_1", NOW + timedelta(seconds=seconds), BODY)
    with pytest.raises(Stale):
        seen(sender, secret, headers)
    with pytest.raises(Unauthenticated) as refused:
        seen(sender, new_secret(sender.scheme), headers)
    assert not isinstance(refused.value, Stale)


@ALL
def test_two_secrets_are_good_while_one_takes_the_place_of_the_other(name: str) -> None:
    sender = SENDERS[name]
    old, new, other = (new_secret(sender.scheme) for _ in range(3))
    for secret in (old, new):
        headers = sender.sign(secret, "msg_1", NOW, BODY)
        assert verify(sender.scheme, sender.options, [new, old], headers, BODY, now=NOW)
    with pytest.raises(Unauthenticated):
        verify(sender.scheme, sender.options, [new, old], sender.sign(other, "m", NOW, BODY), BODY, now=NOW)


def test_one_good_signature_among_several_is_enough() -> None:
    secret = new_secret("standard")
    good = standard(secret, "m", NOW, BODY)
    others = [standard(new_secret("standard"), "m", NOW, BODY)["webhook-signature"] for _ in range(2)]
    many = " ".join(["v1a,asymmetric", others[0], good["webhook-signature"], others[1]])
    assert seen(SENDERS["standard"], secret, {**good, "webhook-signature": many}).id == "m"
    mine = new_secret("stripe")
    two = stripe(mine, "", NOW, BODY)["stripe-signature"] + ",v1=" + "0" * 64
    assert seen(SENDERS["stripe"], mine, {"stripe-signature": two}).at == NOW


@pytest.mark.parametrize("sent", ["", "now", "-1", "1e9", "１７００００００００", "9" * 13, " 1700000000"])
def test_what_is_no_timestamp_is_refused(sent: str) -> None:
    secret = new_secret("standard")
    headers = {**standard(secret, "m", NOW, BODY), "webhook-timestamp": sent}
    with pytest.raises(Unauthenticated):
        seen(SENDERS["standard"], secret, headers)


@pytest.mark.parametrize("id_", ["", "x" * 257])
def test_a_message_needs_a_name_where_a_header_has_it(id_: str) -> None:
    secret = new_secret("github")
    with pytest.raises(Unauthenticated, match="no name"):
        seen(SENDERS["github"], secret, github(secret, id_, NOW, BODY))


@pytest.mark.parametrize(
    ("scheme", "given_", "said"),
    [
        ("smoke", {}, "no scheme"),
        ("standard", {"id_header": "x-id"}, "not to be chosen"),
        ("stripe", {"layout": "{body}"}, "not to be chosen"),
        ("hmac", {"layout": "{timestamp}"}, "hold {body}"),
        ("hmac", {"layout": "{body}{body}"}, "hold {body}"),
        ("hmac", {"layout": "{body}"}, "timestamp must be signed"),
        ("hmac", {"timestamp_header": "", "layout": "{timestamp}{body}"}, "no header is named"),
        ("hmac", {"layout": "{id}{timestamp}{body}"}, "no header is named"),
        ("hmac", {"signature_header": ""}, "no name of a header"),
        ("hmac", {"signature_header": "x y"}, "no name of a header"),
        ("hmac", {"algorithm": "md5"}, "not known"),
        ("hmac", {"encoding": "rot13"}, "not known"),
    ],
)
def test_options_that_do_not_fit_are_refused(scheme: str, given_: dict[str, str | None], said: str) -> None:
    with pytest.raises(Invalid, match=said):
        signatures.of(scheme, given_)


@pytest.mark.parametrize("scheme", signatures.SCHEMES)
def test_what_is_no_secret_is_refused_without_a_word_of_it(scheme: str) -> None:
    signatures.check_secret(scheme, new_secret(scheme))
    for bad in ("short", "ümlaute-sind-keine-geheimnisse!", "x" * 1_000, "whsec_####"):
        with pytest.raises(Invalid) as refused:
            signatures.check_secret(scheme, bad)
        assert bad not in str(refused.value)
