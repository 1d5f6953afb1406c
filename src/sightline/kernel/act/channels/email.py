"""Mail out, by SMTP over TLS (RFC 5321, 8314): as text and as HTML, under a `Message-ID` that stays the same however
often it is sent.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime, parseaddr
from pathlib import Path
from textwrap import shorten
from typing import Any
from urllib.parse import parse_qsl, unquote

from aiosmtplib import (
    SMTP,
    SMTPAuthenticationError,
    SMTPDataError,
    SMTPException,
    SMTPNotSupported,
    SMTPRecipientRefused,
    SMTPRecipientsRefused,
    SMTPResponseException,
    SMTPSenderRefused,
)
from jinja2 import FileSystemLoader, StrictUndefined, select_autoescape
from jinja2.sandbox import SandboxedEnvironment

from sightline.foundation.clock import Clock, SystemClock
from sightline.foundation.outbound import Outbound, parted
from sightline.language.action import Action, Destination, Party, Receipt
from sightline.language.derived import SELF
from sightline.language.errors import Invalid, Misconfigured, SightlineError, Unavailable, Undeliverable

SECONDS, EACH_SECONDS, LAST_SECONDS = 40.0, 15.0, 2.0
"""For all of a session, for one answer in it, and for its good-bye: less than a courier has (LEASE_SECONDS)."""

SCHEMES = {"smtps": 465, "smtp": 587}
"""How addresses of mail servers begin, and the port where none is named."""

ATTRIBUTE = "email"
"""Of whom it is for: the name of the attribute that holds the address, unless a destination names another."""

MAILBOX = re.compile(r'[^\s\x00-\x20\x7f"(),:;<>@\[\]\\]{1,64}@[^\s\x00-\x20\x7f"(),:;<>@\[\]\\]{1,255}')
"""What mail is sent to: without the quotes, comments and routes that RFC 5322 allows and nobody has."""

SUBJECT = 69
"""Characters of a subject, which so stays in one line (RFC 5322, section 2.1.1: 78 with its name)."""

WHOLE = frozenset({"List-Unsubscribe", "Message-ID"})
"""Headers of one long word each: broken or encoded, they are read by nobody."""

HINT = (
    "Write it as smtps://user@mail.example.com/?from=Us%20%3Cus@example.com%3E (smtp:// for STARTTLS), with"
    " &attribute=NAME where the attribute with the address is not called 'email'."
)

Leave = Callable[[Party, str], str | None]
"""Where somebody, by an address, says that they want no more: a link; None where there is no such place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailing:
    """A mail server, and how it is used."""

    host: str
    port: int
    tls: bool
    """Whether it speaks TLS from the first word on; otherwise it is asked to (STARTTLS)."""
    user: str
    sender: Address
    attribute: str

    @classmethod
    def of(cls, address: str) -> Mailing:
        """Read an address such as `smtps://user@host:465/?from=...`. Raises Invalid."""
        parts = parted(address, SCHEMES, HINT)
        if parts.password is not None:
            raise Invalid(
                f"The address of {parts.hostname} holds a password, which would be seen in lists.",
                hint="Give it apart: the command asks for it.",
            )
        if parts.path not in ("", "/") or parts.fragment:
            raise Invalid("Behind a mail server's name only ?from= and &attribute= may stand.", hint=HINT)
        given, user = _parameters(parts.query), unquote(parts.username or "")
        return cls(
            host=parts.hostname or "", port=parts.port or SCHEMES[parts.scheme], tls=parts.scheme == "smtps",
            user=user, sender=_sender(given.get("from") or user), attribute=given.get("attribute") or ATTRIBUTE,
        )  # fmt: skip


def _parameters(query: str) -> dict[str, str]:
    found = parse_qsl(query, keep_blank_values=True)
    given = dict(found)
    wrong = sorted(given.keys() - {"from", "attribute"})
    if wrong or len(given) < len(found):
        told = f"'{wrong[0][:80]}' is nothing that a mail server is told." if wrong else "Something is said twice."
        raise Invalid(told, hint=HINT)
    return given


def _sender(text: str) -> Address:
    name, address = parseaddr(text)
    found = mailbox(address)
    if found is None or not found.addr_spec.isascii() or not text.isprintable():
        raise Invalid(f"'{text[:80]}' is nobody whom mail can come from.", hint=HINT)
    return Address(name, found.username, found.domain)


def mailbox(text: str) -> Address | None:
    """An address that mail can be sent to, its domain in the xn-- form; None: it is none."""
    if not (MAILBOX.fullmatch(text) and text.isprintable()):
        return None
    name, _, domain = text.rpartition("@")
    try:
        return Address("", name, domain.encode("idna").decode())
    except (UnicodeError, ValueError):
        return None


class _Policy(EmailPolicy):
    """Folds headers at 78 characters, except those that must stay whole."""

    def fold_binary(self, name: str, value: Any) -> bytes:
        if name in WHOLE:
            return f"{name}: {value}\r\n".encode()
        return super().fold_binary(name, value)


_POLICY = _Policy(linesep="\r\n")
_TEMPLATES = SandboxedEnvironment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=select_autoescape(["html"]),
    undefined=StrictUndefined,
    trim_blocks=True,
)


class Email:
    """Mails each action to whom it is for. Who gets a key twice knows it by its `Message-ID`."""

    name = "email"

    def __init__(self, out: Outbound, clock: Clock | None = None, *, leave: Leave | None = None) -> None:
        self._out, self._clock, self._leave = out, clock or SystemClock(), leave

    async def send(self, action: Action, to: Destination, *, at: datetime) -> Receipt:
        """Write and hand it over. Raises Unavailable, Undeliverable, Misconfigured, Forbidden and Invalid."""
        mailing = Mailing.of(to.address)
        receiver = _receiver(action, mailing)
        letter = self.letter(action, mailing, receiver)
        try:
            async with asyncio.timeout(SECONDS):
                client = await self._opened(mailing, to.secrets)
                await _handed_over(client, mailing, receiver, letter)
        except (SMTPException, OSError) as error:
            raise _meant(error, to) from None
        # It is taken: whatever happens now, it is not sent again.
        with suppress(SMTPException, OSError):
            await client.quit(timeout=LAST_SECONDS)
        client.close()
        return Receipt(key=action.key, channel=self.name, at=at, reference=letter["Message-ID"].strip("<>"))

    def letter(self, action: Action, mailing: Mailing, receiver: Address) -> EmailMessage:
        """What is sent: text and HTML, with all that programs of receivers ask for."""
        leave = self._leave(action.party, receiver.addr_spec) if self._leave else None
        subject = shorten(_plain(action.text), SUBJECT, placeholder="…") or "Sightline"
        letter = EmailMessage(_POLICY)
        letter["From"] = mailing.sender
        letter["To"] = receiver
        letter["Subject"] = subject
        letter["Date"] = format_datetime(self._clock.now())
        letter["Message-ID"] = f"<{action.id}@{mailing.sender.domain}>"
        letter["Auto-Submitted"] = "auto-generated"
        letter["List-Unsubscribe"] = f"<{leave or f'mailto:{mailing.sender.addr_spec}?subject=unsubscribe'}>"
        if leave:
            letter["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        said = {"subject": subject, "text": action.text.strip(), "parts": _parts(action.text), "leave": leave}
        letter.set_content(_TEMPLATES.get_template("message.txt").render(said), cte="quoted-printable")
        html = _TEMPLATES.get_template("message.html").render(said)
        letter.add_alternative(html, subtype="html", cte="quoted-printable")
        return letter

    async def _opened(self, mailing: Mailing, secrets: Sequence[str]) -> SMTP:
        """A session with the mail server, signed in. Within a network of our own it need not be encrypted."""
        line = await self._out.line(mailing.host, mailing.port)
        client = SMTP(
            hostname=mailing.host, sock=line.socket, timeout=EACH_SECONDS, local_hostname=mailing.sender.domain,
            use_tls=mailing.tls, start_tls=False if mailing.tls else None if line.own else True,
            tls_context=self._out.context(), username=mailing.user or None, password=secrets[0] if secrets else None,
        )  # fmt: skip
        await client.connect()
        return client


def _receiver(action: Action, mailing: Mailing) -> Address:
    """The address of whom it is for. Raises Undeliverable."""
    if action.to.kind == SELF:
        # A greeting: to whoever sends.
        return mailing.sender
    said = address_of(action, mailing)
    found = mailbox(said) if said else None
    if found is None:
        told = "has no e-mail address" if said is None else "has an e-mail address that is none"
        raise Undeliverable(
            f"{action.party.ref or action.to} {told}.",
            hint=f"Import one into its attribute '{mailing.attribute}', then send it again; '&attribute=NAME' in the"
            " destination's address names another attribute.",
            asked=False,
        )
    return found


def address_of(action: Action, mailing: Mailing) -> str | None:
    """What is known of where to write to: the attribute, or the key where that is an address."""
    said = action.party.attributes.get(mailing.attribute)
    return str(said) if said else action.to.key if "@" in action.to.key else None


def _plain(text: str) -> str:
    """In one line, without letters that nobody sees."""
    return " ".join("".join(one if one.isprintable() else " " for one in text).split())


def _parts(text: str) -> list[list[str]]:
    """Paragraphs, as their lines."""
    return [part.splitlines() for part in re.split(r"\n\s*\n", text.strip())]


async def _handed_over(client: SMTP, mailing: Mailing, receiver: Address, letter: EmailMessage) -> None:
    options, policy = ([], _POLICY) if receiver.username.isascii() else (["SMTPUTF8"], _POLICY.clone(utf8=True))
    try:
        await client.sendmail(
            mailing.sender.addr_spec, receiver.addr_spec, letter.as_bytes(policy=policy), mail_options=options
        )
    except BaseException:
        client.close()
        raise


def _meant(error: SMTPException | OSError, to: Destination) -> SightlineError:
    """What an error of a session means: of the message, of the destination, or of the moment."""
    one = error.recipients[0] if isinstance(error, SMTPRecipientsRefused) else error
    if isinstance(one, SMTPResponseException):
        return _answered(one, to)
    if isinstance(one, SMTPNotSupported):
        return Undeliverable(f"'{to.name}' takes no address with such letters.", hint="Give another address.")
    if isinstance(one, SMTPException) and not isinstance(one, OSError):
        return Misconfigured(f"'{to.name}' cannot be used: {one.message}", hint="See its address, above all its port.")
    return Unavailable(f"'{to.name}' does not answer ({str(one) or type(one).__name__}).")


def _answered(error: SMTPResponseException, to: Destination) -> SightlineError:
    said = _plain(error.message)
    told = f"'{to.name}' answered {error.code}" + (f": {said}" if said else "") + "."
    if isinstance(error, SMTPAuthenticationError) and error.code >= 500:
        # Without its words: some repeat what they were told.
        return Misconfigured(
            f"'{to.name}' does not take its user's password ({error.code}).",
            hint=f"Give it the right one: sightline destinations rotate {to.name} --password; then send it again.",
        )
    if isinstance(error, SMTPSenderRefused) and error.code >= 500:
        return Misconfigured(told, hint="It takes no mail from this sender: see '?from=' in its address.")
    if isinstance(error, SMTPDataError | SMTPRecipientRefused) and error.code >= 500:
        return Undeliverable(told, hint="Mend the message or the address it is for, then send it again.")
    return Unavailable(told)
