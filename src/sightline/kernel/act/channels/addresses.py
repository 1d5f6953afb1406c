"""What addresses of destinations say: by which channel they are reached, and what is kept secret of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from sightline.foundation import outbound
from sightline.kernel.act.channels import slack, teams
from sightline.kernel.act.channels.email import HINT, SCHEMES, Email, Mailing
from sightline.kernel.act.channels.slack import Slack
from sightline.kernel.act.channels.teams import Teams
from sightline.kernel.act.channels.webhook import Webhook
from sightline.kernel.observe import signatures
from sightline.language.errors import Invalid

MOST_SECRETS = 2
"""Of webhooks in use at once: the new one and the one before."""

CHATS = (Slack.name, Teams.name)
"""Channels to people who work here: they may be asked there."""

_SCHEMES = {**dict.fromkeys(SCHEMES, Email.name), slack.SCHEME: Slack.name, "teams": Teams.name}


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What somebody gives who adds a destination, or gives it something new."""

    password: str | None = field(default=None, repr=False)
    """Of a mail server's user; a chat's token, or the address that its messages are posted to."""
    signing: str | None = field(default=None, repr=False)
    """What a chat signs its own messages with."""


def channel_of(address: str) -> str:
    """By which channel an address is reached."""
    return _SCHEMES.get(address.partition(":")[0].lower(), Webhook.name)


def secrets_of(address: str, given: Given, before: Sequence[str] | None = None) -> tuple[list[str], str | None]:
    """What is kept of a destination, and the secret that is told once, where one is made. `before`: what was kept until
    now. Raises Invalid.
    """
    channel, known = channel_of(address), before or ()
    if channel == Slack.name:
        return slack.secrets_of(address, given.password, given.signing, known), None
    if channel == Teams.name:
        return teams.secrets_of(address, given.password, given.signing, known), None
    if given.signing is not None:
        raise Invalid("Only Slack has a signing secret that is given.")
    if channel == Email.name:
        return _of_mail(Mailing.of(address), given.password), None
    outbound.check(address)
    if given.password:
        raise Invalid("A destination of webhooks has no password, but a secret that is made for it.")
    secret = signatures.new_secret("standard")
    return [secret, *known][:MOST_SECRETS], secret


def _of_mail(mailing: Mailing, password: str | None) -> list[str]:
    if bool(mailing.user) != bool(password):
        told = "has a user, whose password is missing" if mailing.user else "has a password, and no user whose it is"
        raise Invalid(f"{mailing.host} {told}.", hint=HINT)
    return [password] if password else []
