"""A mail server: a real one on a real socket, with TLS by a certificate of its own, which answers as it is told."""

from __future__ import annotations

import asyncio
import ipaddress
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

USER, PASSWORD = "us", "open sesame"


@dataclass(slots=True)
class Mailer:
    """What arrived, in order, and what it answers with at each step."""

    port: int = 0
    got: list[EmailMessage] = field(default_factory=list)
    to: list[str] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)
    """By step (`MAIL`, `RCPT`, `DATA`)."""
    slow: float = 0.0

    async def handle_MAIL(self, _s: SMTP, _session: Session, envelope: Envelope, address: str, options: Any) -> str:  # noqa: N802
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return self.answers.get("MAIL", "250 OK")

    async def handle_RCPT(self, _s: SMTP, _session: Session, envelope: Envelope, address: str, _o: Any) -> str:  # noqa: N802
        envelope.rcpt_tos.append(address)
        return self.answers.get("RCPT", "250 OK")

    async def handle_DATA(self, _s: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        await asyncio.sleep(self.slow)
        if "DATA" in self.answers:
            return self.answers["DATA"]
        found = message_from_bytes(envelope.original_content or b"", EmailMessage, policy=policy.SMTP)
        self.got.append(found)
        self.to += envelope.rcpt_tos
        return "250 taken"

    def arrived(self) -> list[tuple[str, str]]:
        """The names and first lines of what arrived."""
        return [(one["Message-ID"], text_of(one).splitlines()[0]) for one in self.got]


def text_of(one: EmailMessage, sort: str = "plain") -> str:
    """The part of a message that is text, or HTML."""
    part = one.get_body((sort,))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def certificate(folder: Path, name: str = "localhost") -> tuple[Path, ssl.SSLContext]:
    """A certificate that `name` made for itself: its file, and what a server shows it by."""
    key = ec.generate_private_key(ec.SECP256R1())
    called = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    names = [x509.DNSName(name), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder().subject_name(called).issuer_name(called).public_key(key.public_key())
        .serial_number(x509.random_serial_number()).not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1)).add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    shown, secret = folder / f"{name}.pem", folder / f"{name}.key"
    shown.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    secret.write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(shown, secret)
    return shown, context


def _known(_s: SMTP, _session: Session, _e: Envelope, _how: str, given: Any) -> AuthResult:
    assert isinstance(given, LoginPassword)
    right = (given.login, given.password) == (USER.encode(), PASSWORD.encode())
    return AuthResult(success=right, handled=False)


@asynccontextmanager
async def mailing(context: ssl.SSLContext | None, *, tls: bool = False, auth: bool = True) -> AsyncIterator[Mailer]:
    """A mail server on a free port of loopback. `tls`: from the first word on; else by STARTTLS, where it can."""
    found = Mailer()

    def one() -> SMTP:
        return SMTP(
            found, hostname="localhost", tls_context=None if tls else context, require_starttls=False,
            authenticator=_known, auth_require_tls=not tls and context is not None, auth_exclude_mechanism=None,
            enable_SMTPUTF8=True, loop=asyncio.get_running_loop(),
        ) if auth else SMTP(found, hostname="localhost", loop=asyncio.get_running_loop())  # fmt: skip

    server = await asyncio.get_running_loop().create_server(one, "127.0.0.1", 0, ssl=context if tls else None)
    async with server:
        found.port = server.sockets[0].getsockname()[1]
        yield found
