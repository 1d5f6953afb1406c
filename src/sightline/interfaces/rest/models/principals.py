"""The shapes of who there is: sessions, users, keys, the audit trail."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from sightline.foundation.identity import Right, Role, Sort
from sightline.interfaces.rest.models.shape import Page, Shape

DAYS = 3_650
"""A key may last so long at most, where it is to expire at all."""


class Given(BaseModel):
    """A request: strict about names, so that a misspelt one does not pass for absent."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)


class ByPassword(Given):
    """Name and password of a user."""

    name: str = Field(max_length=256)
    password: str = Field(max_length=1_024)


class ByCode(Given):
    """What stands behind `#code=` in a link; it lets in once, within 15 minutes."""

    code: str = Field(max_length=256)


class ByToken(Given):
    """An access token."""

    token: str = Field(max_length=256)


class NewPassword(Given):
    """Another password."""

    current: str | None = Field(default=None, max_length=1_024)
    """Needed where there is one."""
    new: str = Field(max_length=1_024)
    """12 to 256 characters."""


class Workspace(Shape):
    """A workspace the caller is let into."""

    name: str
    role: Role
    now: datetime
    """The present moment there."""
    clock: Literal["running", "standing"]


class Me(Shape):
    """Who is calling."""

    name: str
    sort: Sort
    role: Role
    """In this workspace."""
    rights: list[Right]
    """In this workspace, the scopes of a key considered."""
    workspace: str
    workspaces: list[Workspace]
    has_password: bool


class User(Shape):
    """A person with a role in the workspace."""

    name: str
    role: Role
    created_at: datetime
    seen_at: datetime | None
    """To the minute."""
    disabled: bool
    has_password: bool


class Users(Page):
    """A page of users, by name."""

    items = "users"

    users: list[User]


class NewUser(Given):
    """Somebody to be let in."""

    name: str = Field(max_length=256)
    """a-z, 0-9 and . _ @ + -; an e-mail address will do."""
    role: Role
    password: str | None = Field(default=None, max_length=1_024)
    """Without one, the answer holds a code for a link."""


class UserMade(Shape):
    """A new user."""

    user: User
    code: str | None
    """For the link /sign-in#code=..., once, within 15 minutes; shown this once."""


class ChangedUser(Given):
    """What is to be different; what is left out stays."""

    role: Role | None = None
    disabled: bool | None = None
    password: str | None = Field(default=None, max_length=1_024)


class Key(Shape):
    """An API key; its token is not kept."""

    name: str
    role: Role
    scopes: list[Right] | None
    """Of these rights at most; null: all that the role has."""
    created_at: datetime
    expires_at: datetime | None
    seen_at: datetime | None
    """To the minute."""


class Keys(Page):
    """A page of keys, by name."""

    items = "keys"

    keys: list[Key]


class NewKey(Given):
    """A program to be let in."""

    name: str = Field(max_length=256)
    role: Role
    scopes: list[Right] | None = Field(default=None, max_length=len(Right))
    """Of these rights at most; all of the role when left out."""
    days: int | None = Field(default=None, ge=1, le=DAYS)
    """So long it lasts; until revoked when left out."""


class KeyMade(Shape):
    """A new key."""

    key: Key
    token: str
    """Shown this once."""


class Entry(Shape):
    """Who did or saw what."""

    number: int
    """The later, the higher."""
    at: datetime
    """When it began."""
    who: str
    """Empty for whoever was not known; `workspace/name` for who is at home in another one."""
    sort: str
    """user, key, owner or nobody."""
    what: str
    """The operationId, or a command."""
    target: str
    """The path; persons in it as the ledger has them."""
    status: int | None
    """As it was answered; null: it has begun, and how it ended is not known (yet)."""
    times: int
    """Calls alike within a second; within a minute for recorded events and for those who were not known."""


class Trail(Page):
    """A page of the audit trail, newest first."""

    items = "entries"

    entries: list[Entry]
