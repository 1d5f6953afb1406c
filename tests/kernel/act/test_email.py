"""Mail arrives as text and HTML, encrypted, under one name; what a server answers means what it should."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sightline.foundation.clock import FixedClock
from sightline.foundation.outbound import Allowed, Outbound
from sightline.kernel.act.channels import Email, email
from sightline.kernel.act.channels.email import Mailing, mailbox
from sightline.kernel.act.outbox import LEASE_SECONDS
from sightline.language.action import Action, Destination, Party
from sightline.language.errors import Forbidden, Invalid, Misconfigured, SightlineError, Unavailable, Undeliverable
from sightline.language.ref import Ref
from sightline.testing import laws, make
from tests.kernel.act.mailer import PASSWORD, USER, Mailer, certificate, mailing, text_of

FROM = "from=S%C3%ADghtline%20%3Cus%40example.com%3E"
NOON = FixedClock(datetime(2026, 3, 1, 12, tzinfo=UTC))


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ssl.SSLContext]:
    """The server's certificate."""
    return certificate(tmp_path_factory.mktemp("certificates"))


@pytest.fixture
async def out(shown: tuple[Path, ssl.SSLContext]) -> AsyncIterator[Outbound]:
    """May reach loopback, and believes the server."""
    opened = Outbound(Allowed.of(["127.0.0.0/8"]), shown[0])
    yield opened
    await opened.close()


@pytest.fixture
async def server(shown: tuple[Path, ssl.SSLContext]) -> AsyncIterator[Mailer]:
    """One that speaks TLS from the first word on."""
    async with mailing(shown[1], tls=True) as found:
        yield found


def at(other: Mailer, scheme: str = "smtps", user: str = f"{USER}@", **more: str) -> Destination:
    address = f"{scheme}://{user}localhost:{other.port}/?{FROM}" + "".join(f"&{n}={v}" for n, v in more.items())
    return Destination(name="mail", channel="email", address=address, secrets=(PASSWORD,) if user else (), reveal=True)


def action(key: str = "k", *, text: str = "Please look.", email: str | None = "jane@example.org") -> Action:
    party = Party(ref=Ref("team", "one"), attributes={"email": email} if email else {})
    return replace(make.action(key, text=text), party=party)


class Known(Email):
    """To whom the law's messages go."""

    async def send(self, action: Action, to: Destination, *, at: datetime):  # type: ignore[no-untyped-def]
        return await super().send(replace(action, party=Party(attributes={"email": "a@b.example"})), to, at=at)


async def test_mail_keeps_the_law(out: Outbound, server: Mailer) -> None:
    await laws.channel(lambda: Known(out), at(server), server.arrived)
    assert server.got[0]["Message-ID"] == server.got[1]["Message-ID"] == f"<{make.action('law:1').id}@example.com>"


@pytest.mark.parametrize("scheme", ["smtps", "smtp"])
async def test_a_message_says_all_that_it_should(
    out: Outbound, shown: tuple[Path, ssl.SSLContext], scheme: str
) -> None:
    link = "https://sightline.example.com/unsubscribe/" + "x" * 300
    async with mailing(shown[1], tls=scheme == "smtps") as other:
        channel = Email(out, NOON, leave=lambda party, address: link)
        said = "Grüße <b>an</b> Jane & Söhne.\nZweite Zeile.\n\nZweiter Absatz."
        receipt = await channel.send(action(text=said, email="jane@exämple.org"), at(other, scheme), at=make.day(0))
    (got,) = other.got
    assert other.to == ["jane@xn--exmple-cua.org"]
    assert receipt.reference == f"{make.action('k').id}@example.com"
    assert str(got["From"]) == "Síghtline <us@example.com>"
    assert got["Subject"] == "Grüße <b>an</b> Jane & Söhne. Zweite Zeile. Zweiter Absatz."
    assert got["Date"].datetime == NOON.now()
    assert got["Auto-Submitted"] == "auto-generated"
    assert got["List-Unsubscribe"] == f"<{link}>"
    assert got["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert got.get_content_type() == "multipart/alternative"
    assert text_of(got).startswith(said)
    assert link in text_of(got)
    html = text_of(got, "html")
    assert "<p>Grüße &lt;b&gt;an&lt;/b&gt; Jane &amp; Söhne.<br>Zweite Zeile.</p>" in html
    assert f'<a href="{link}">' in html
    assert all(len(line) <= 1_000 for line in got.as_bytes().splitlines())


async def test_without_a_public_address_one_answers(out: Outbound, server: Mailer) -> None:
    await Email(out).send(action(), at(server), at=make.day(0))
    assert server.got[0]["List-Unsubscribe"] == "<mailto:us@example.com?subject=unsubscribe>"
    assert server.got[0]["List-Unsubscribe-Post"] is None
    assert "answer this one" in text_of(server.got[0])


ANSWERS: list[tuple[str, str, type[SightlineError]]] = [
    ("RCPT", "550 5.1.1 no such user", Undeliverable), ("RCPT", "450 4.2.1 later", Unavailable),
    ("RCPT", "421 4.3.2 closing", Unavailable), ("DATA", "554 5.6.0 spam", Undeliverable),
    ("DATA", "452 4.3.1 full", Unavailable), ("MAIL", "553 5.7.1 not you", Misconfigured),
    ("MAIL", "451 4.3.0 busy", Unavailable),
]  # fmt: skip


@pytest.mark.parametrize(("step", "answer", "raised"), ANSWERS)
async def test_what_an_answer_means(
    out: Outbound, server: Mailer, step: str, answer: str, raised: type[SightlineError]
) -> None:  # fmt: skip
    server.answers[step] = answer
    with pytest.raises(raised, match=f"'mail' answered {answer[:3]}: {answer[4:9]}") as caught:
        await Email(out).send(action(), at(server), at=make.day(0))
    assert type(caught.value) is raised
    assert getattr(caught.value, "asked", True)
    assert server.got == []


async def test_a_wrong_password_is_for_a_person_to_mend_and_is_not_told(out: Outbound, server: Mailer) -> None:
    with pytest.raises(Misconfigured, match="does not take its user's password") as caught:
        await Email(out).send(action(), replace(at(server), secrets=("hidden",)), at=make.day(0))
    assert "hidden" not in str(caught.value)
    assert "hidden" not in repr(at(server))


async def test_what_is_not_encrypted_is_sent_within_a_network_of_our_own_only(out: Outbound) -> None:
    async with mailing(None, auth=False) as other:
        await Email(out).send(action(), at(other, "smtp", user=""), at=make.day(0))
        assert len(other.got) == 1
        with pytest.raises(Forbidden, match="no public address"):
            await Email(Outbound()).send(action(), at(other, "smtp", user=""), at=make.day(0))
        public = Outbound(_Public())
        with pytest.raises(Misconfigured, match="STARTTLS"):
            await Email(public).send(action(), at(other, "smtp", user=""), at=make.day(0))
        assert len(other.got) == 1


class _Public(Allowed):
    """As if loopback were everybody's."""

    def __init__(self) -> None:
        super().__init__(())

    async def reached(self, host: str, port: int) -> list[str]:
        return ["127.0.0.1"]


async def test_who_is_not_who_they_say_they_are_is_told_nothing(
    out: Outbound, server: Mailer, tmp_path: Path
) -> None:  # fmt: skip
    stranger = Outbound(Allowed.of(["127.0.0.0/8"]))
    with pytest.raises(Unavailable, match="certificate verify failed"):
        await Email(stranger).send(action(), at(server), at=make.day(0))
    _, elsewhere = certificate(tmp_path, "elsewhere.example")
    async with mailing(elsewhere) as other:
        with pytest.raises(Unavailable):
            await Email(out).send(action(), at(other, "smtp"), at=make.day(0))
        assert other.got == server.got == []
    with pytest.raises(Misconfigured, match="no certificates"):
        Outbound(trusted=tmp_path / "nothing.pem").context()


async def test_who_is_away_or_slow_is_asked_again(
    out: Outbound, server: Mailer, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    gone = replace(at(server), address=f"smtps://localhost:9/?{FROM}", secrets=())
    with pytest.raises(Unavailable, match="'mail' does not answer"):
        await Email(out).send(action(), gone, at=make.day(0))
    server.slow = 60.0
    monkeypatch.setattr(email, "SECONDS", 0.3)
    with pytest.raises(Unavailable, match="'mail' does not answer"):
        await Email(out).send(action(), at(server), at=make.day(0))


def test_a_session_ends_before_another_courier_takes_over() -> None:
    assert email.SECONDS + email.LAST_SECONDS < LEASE_SECONDS - 10


NO_ADDRESS = [None, "", "jane", "jane@", "@example.org", "j ane@example.org", "jane@example.org\r\nBcc: x@y.example",
              "jane@exa..mple.org", "Jane <jane@example.org>", "a@b.example,c@d.example", "a@b@c.example"]  # fmt: skip


@pytest.mark.parametrize("said", NO_ADDRESS)
async def test_who_has_no_address_gets_nothing(out: Outbound, server: Mailer, said: str | None) -> None:
    with pytest.raises(Undeliverable, match="team/one has") as caught:
        await Email(out).send(action(email=said), at(server), at=make.day(0))
    assert "attribute 'email'" in str(caught.value.hint)
    assert not caught.value.asked
    assert server.got == []


async def test_a_destination_may_name_another_attribute(out: Outbound, server: Mailer) -> None:
    party = Party(attributes={"contact_email": "jörg@example.org"})
    to = at(server, attribute="contact_email")
    await Email(out).send(replace(make.action(), party=party), to, at=make.day(0))
    await Email(out).send(replace(make.action(), to=Ref("contact", "k@example.org")), to, at=make.day(0))
    assert server.to == ["jörg@example.org", "k@example.org"]


async def test_a_text_adds_no_header_and_ends_no_message(out: Outbound, server: Mailer) -> None:
    said = "Look\r\nBcc: thief@example.com\r\n.\r\nMAIL FROM:<x@y.example>\r\n\x85\u2028To: all@example.com"
    await Email(out).send(action(text=said), at(server), at=make.day(0))
    (got,) = server.got
    assert got["Bcc"] is None
    assert server.to == ["jane@example.org"]
    assert got["Subject"].startswith("Look Bcc: thief@example.com . MAIL")
    assert "MAIL FROM:<x@y.example>" in text_of(got)


@given(st.text(), st.text(min_size=1))
@example("", "0@\U00018cd6")
def test_no_text_breaks_a_message(text: str, name: str) -> None:
    text = text.encode("utf-8", "replace").decode()
    sending = Mailing.of(f"smtps://localhost/?{FROM}")
    receiver = mailbox("jane@example.org")
    assert receiver
    letter = Email(Outbound(), NOON).letter(action(text=text), sending, receiver)
    head = letter.as_bytes().partition(b"\r\n\r\n")[0].decode("ascii")
    names = [line.partition(":")[0] for line in head.split("\r\n") if line[:1] not in " \t"]
    assert sorted(names) == sorted(set(letter.keys()))
    found = mailbox(name)
    assert found is None or name.isprintable()


BAD = [
    ("smtps://us:secret@localhost/?from=a@b.example", "password"), ("smtps://localhost/", "nobody whom"),
    ("smtps://localhost/?from=x", "nobody whom"), ("smtps://localhost/?form=a@b.example", "'form' is nothing"),
    ("smtps://localhost/?from=a@b.example&from=c@d.example", "twice"),
    ("smtps://localhost/in?from=a@b.example", "only"),
    ("smtps://localhost/?from=a%0Ab%20%3Ca@b.example%3E", "nobody whom"), ("smtps:///?from=a@b.example", "no address"),
    ("smtps://localhost:0/?from=a@b.example", "no address"), ("imaps://localhost/?from=a@b.example", "no address"),
]  # fmt: skip


@pytest.mark.parametrize(("address", "why"), BAD)
def test_an_address_that_is_none_is_refused(address: str, why: str) -> None:
    with pytest.raises(Invalid, match=why) as caught:
        Mailing.of(address)
    assert "secret" not in str(caught.value)


def test_an_address_says_how_a_server_is_used() -> None:
    found = Mailing.of("smtp://us%40example.com@mail.example.com")
    assert (found.host, found.port, found.tls, found.user) == ("mail.example.com", 587, False, "us@example.com")
    assert found.sender.addr_spec == "us@example.com"
    assert Mailing.of(f"smtps://mail.example.com?{FROM}").port == 465


async def test_many_at_once_arrive(out: Outbound, server: Mailer) -> None:
    sending = [Email(out).send(action(f"k{n}"), at(server), at=make.day(0)) for n in range(20)]
    await asyncio.gather(*sending)
    assert len({name for name, _ in server.arrived()}) == 20
