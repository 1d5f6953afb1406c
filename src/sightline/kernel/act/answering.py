"""Links by which somebody answers what is asked in a chat that signs nothing of its own.

What stands in one is sealed under the installation's key: what it answers, where it was sent to, as which user, until
when. It is good for one item with the draft that was read, whose answer ends it; and it is followed to a page that asks
once more, since programs follow links too.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from sightline.foundation import links
from sightline.foundation.vault import Vault
from sightline.language.action import Case, Destination
from sightline.language.errors import NotFound

PATH = "/answer/"
PURPOSE = "answer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """What a link answers."""

    tenant: int
    item: str
    chat: str
    """The destination it was sent to."""
    user: str
    """As whom."""
    yes: bool
    until: datetime
    draft: str
    """What tells the draft that was read from any other."""


def link(vault: Vault, base: str, tenant: int, case: Case, to: Destination, *, yes: bool) -> str | None:
    """A link that answers a case as whom a chat answers as; None: as nobody."""
    if to.answers_as is None:
        return None
    said = (tenant, case.id, to.name, to.answers_as, int(yes), int(case.due_at.timestamp()), case.draft)
    return base + PATH + links.made(vault, PURPOSE, *said)


def read(vault: Vault, word: str) -> Link:
    """What a link answers. Raises NotFound: nothing of ours."""
    found = links.read(vault, word, PURPOSE, tuple[str, int, str, str, str, int, int, str])
    if found is None:
        raise NotFound("This link is none of ours.", hint="Copy it whole, as it stands in the message.")
    _, tenant, item, chat, user, yes, until, draft = found
    return Link(
        tenant=tenant, item=item, chat=chat, user=user, yes=bool(yes), until=datetime.fromtimestamp(until, UTC),
        draft=draft,
    )  # fmt: skip
