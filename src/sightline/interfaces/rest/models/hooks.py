"""The endpoints that other systems post to."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from sightline.interfaces.rest.models.imports import Happened, Misfit
from sightline.interfaces.rest.models.principals import Given
from sightline.interfaces.rest.models.shape import Shape, Text, Word

Scheme = Literal["standard", "hmac", "stripe", "github", "token"]
Some = Annotated[Word, Field(max_length=200)]
Known = Annotated[Word, Field(max_length=512)]


class HookOptions(Shape):
    """How a sender signs; what its scheme leaves to be chosen (docs/hooks.md)."""

    signature_header: str
    """Where the signature stands, or the token."""
    timestamp_header: str
    """Where seconds since 1970 stand; empty: messages are not dated, or by another header."""
    id_header: str
    """Where the name of a message stands; empty: in the body, or nowhere."""
    id_field: str
    """Dotted path to its name in the body."""
    algorithm: str
    encoding: str
    prefix: str
    """What stands before the signature or the token."""
    layout: str
    """What is signed."""


class NewHookOptions(Given):
    """How a sender signs, where it is not as usual; each scheme leaves other things to be chosen (docs/hooks.md)."""

    signature_header: Some | None = None
    timestamp_header: Some | None = None
    id_header: Some | None = None
    id_field: Some | None = None
    algorithm: Literal["sha256", "sha512"] | None = None
    encoding: Literal["hex", "base64"] | None = None
    prefix: Some | None = None
    layout: Some | None = None
    """What is signed, of `{timestamp}`, `{id}` and `{body}`."""


class Hook(Shape):
    """An endpoint that another system posts to."""

    name: str
    source: str
    """What its events have as their source."""
    scheme: Scheme
    options: HookOptions
    address: str
    """Where to post: a whole URL where `http.public_url` is set, else its path."""
    mapped: bool
    """Whether a mapping reads its bodies; otherwise they are CloudEvents."""
    each: str
    """Path to the list in a body whose objects are the rows; empty: the body is the row."""
    made_at: datetime
    disabled_at: datetime | None
    """Since when it is switched off."""
    taken_at: datetime | None
    """When the last message that is remembered was taken."""
    refused_at: datetime | None
    """When one was refused, to the minute."""
    refused_why: str


class Hooks(Shape):
    """All of a workspace, by name."""

    hooks: list[Hook]


class NewHook(Given):
    """An endpoint for another system."""

    name: Some
    scheme: Scheme = "standard"
    options: NewHookOptions = Field(default=NewHookOptions())
    source: Annotated[Word, Field(min_length=1, max_length=100)] | None = None
    """Of CloudEvents, which may come from it and from what is under it; its name when absent. A mapping has its own."""
    mapping: Text | None = None
    """TOML, as imports have it; the columns are dotted paths. Without it bodies are CloudEvents."""
    each: Some = ""
    secret: Known | None = None
    """The one the sender has made; otherwise one is made here."""


class RotateHook(Given):
    """The secret that the sender has made; otherwise one is made here."""

    secret: Known | None = None


class MadeHook(Hook):
    """A hook and its secret, which is in this answer and nowhere else."""

    secret: str


class TryHook(Given):
    """A body as it would be posted."""

    body: Annotated[Text, Field(max_length=1_048_576)]


class TriedHook(Shape):
    """What would become of a body."""

    events: list[Happened]
    misfits: list[Misfit]
    """What would go to quarantine."""
