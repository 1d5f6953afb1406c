"""The one error tree. Whether to retry is a type; what an interface shows is an attribute.

SightlineError
├── Terminal                 trying again changes nothing
│   ├── Invalid              the input is wrong; the message says what was allowed        400
│   │   └── Unparsable       a text does not follow its grammar; points at the word       400
│   ├── Unauthenticated      no token, or not one of ours                                 401
│   │   └── Stale                signed by who may, too long ago or too far ahead             401
│   ├── Forbidden            known, but not allowed                                       403
│   ├── NotFound             no such thing; the message names near misses                 404
│   ├── Conflict             it exists already with another content                       409
│   ├── Cancelled            somebody asked the work to stop before its end               409
│   ├── TooLarge             more than the stated limit                                   413
│   ├── IdempotencyKeyReused a key of a call that belongs to another request              422
│   ├── NotEnough            too little history to answer; says how much there is         422
│   ├── Unprovable           the model on file does not fit its question any more         422
│   ├── Undeliverable        a destination will never take what was sent to it            422
│   └── Misconfigured        the installation must be changed by a person                 500
└── Transient                the same call may succeed later
    ├── TooManyRequests      more often than is allowed; says when to come back           429
    ├── Unavailable          a service we need does not answer                            503
    ├── Held                 it waits for an hour, or for a person; nothing has failed         409
    ├── UnderWay             the first call under the same Idempotency-Key is not done    409
    └── Busy                 somebody else holds what we need                             503
"""

from __future__ import annotations

import difflib
import math
from collections.abc import Iterable, Sequence
from datetime import datetime


class SightlineError(Exception):
    """Base of all errors Sightline raises on purpose. `str(error)` is fit to be shown to a user."""

    status = 500
    """HTTP status an interface answers with."""

    code = "error"
    """Stable machine-readable name, part of the public contract."""

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        """The command or change to try next, if there is one."""

    def __str__(self) -> str:
        return f"{self.message} {self.hint}" if self.hint else self.message


class Terminal(SightlineError):
    """Trying again changes nothing."""


class Transient(SightlineError):
    """The same call may succeed later."""

    status = 503


class Invalid(Terminal):
    """The input is wrong."""

    status = 400
    code = "invalid"


class Unparsable(Invalid):
    """A text does not follow its grammar."""

    code = "unparsable"

    def __init__(
        self, message: str, *, hint: str | None = None, at: int = 0, length: int = 0, allowed: Sequence[str] = ()
    ) -> None:
        super().__init__(message, hint=hint)
        self.at = at
        """Where the word that does not fit begins: characters from the start of the text as it was given."""
        self.length = length
        """Characters of that word; 0 where the text ends too early."""
        self.allowed = tuple(allowed)
        """What might stand there, in words."""


class Unauthenticated(Terminal):
    """The caller is not known."""

    status = 401
    code = "unauthenticated"


class Stale(Unauthenticated):
    """It was signed by who may, and too long ago (or too far ahead) to be believed."""

    code = "stale"


class Forbidden(Terminal):
    """The caller is known, and not allowed."""

    status = 403
    code = "forbidden"


class NotFound(Terminal):
    """There is no such thing."""

    status = 404
    code = "not_found"

    @classmethod
    def named(cls, what: str, name: str, known: Iterable[str], *, hint: str | None = None) -> NotFound:
        """An error that names the value, the nearest known one, and the first few that exist."""
        names = sorted(known)
        near = difflib.get_close_matches(name, names, n=1)
        guess = f" Did you mean '{near[0]}'?" if near else ""
        shown = ", ".join(names[:8]) + (" ..." if len(names) > 8 else "")
        return cls(f"No {what} '{name}'.{guess} Known: {shown or 'none yet'}.", hint=hint)


class Conflict(Terminal):
    """It exists already, with another content."""

    status = 409
    code = "conflict"


class Cancelled(Terminal):
    """Somebody asked the work to stop before its end; what it had done by then stands."""

    status = 409
    code = "cancelled"


class TooLarge(Terminal):
    """More than the stated limit."""

    status = 413
    code = "too_large"


class IdempotencyKeyReused(Terminal):
    """An Idempotency-Key that belongs to another request."""

    status = 422
    code = "idempotency_key_reused"


class NotEnough(Terminal):
    """Too little history to answer."""

    status = 422
    code = "not_enough"


class Unprovable(Terminal):
    """The model on file does not fit its question any more."""

    status = 422
    code = "unprovable"


class Undeliverable(Terminal):
    """A destination will never take what was sent to it as it is."""

    status = 422
    code = "undeliverable"

    def __init__(self, message: str, *, hint: str | None = None, gone: bool = False, asked: bool = True) -> None:
        super().__init__(message, hint=hint)
        self.gone = gone
        """Whether the destination wants nothing more at all."""
        self.asked = asked
        """Whether it was asked at all; otherwise this says nothing of how it fares."""


class Misconfigured(Terminal):
    """The installation must be changed by a person."""

    status = 500
    code = "misconfigured"


class TooManyRequests(Transient):
    """More often than is allowed."""

    status = 429
    code = "too_many_requests"

    def __init__(self, message: str, *, after: float = 1.0, hint: str | None = None) -> None:
        super().__init__(message, hint=hint)
        self.after = math.ceil(after)
        """Whole seconds after which the same call will pass."""


class Unavailable(Transient):
    """A service we need does not answer."""

    code = "unavailable"

    def __init__(self, message: str, *, after: float = 0.0, hint: str | None = None) -> None:
        super().__init__(message, hint=hint)
        self.after = after
        """Seconds before which it need not be asked again, where it said so."""


class Held(Transient):
    """What is to be sent waits; nothing has failed."""

    status = 409
    code = "held"

    def __init__(self, message: str, *, until: datetime | None = None, hint: str | None = None) -> None:
        super().__init__(message, hint=hint)
        self.until = until
        """When it may be tried; None: when a person releases it."""


class UnderWay(Transient):
    """The first call under the same Idempotency-Key is not answered yet."""

    status = 409
    code = "under_way"


class Busy(Transient):
    """Somebody else holds what we need."""

    code = "busy"
