"""Everything that can go wrong, as one tree.

SightlineError
├── Problem answers: ApiError (status, code, detail, hint, problem)
│   ├── BadRequest 400    ├── Unauthenticated 401   ├── Forbidden 403    ├── NotFound 404    ├── Conflict 409
│   ├── TooLarge 413      ├── Unprocessable 422     ├── TooManyRequests 429   └── ServerError 5xx
├── Unreachable           nothing answered
│   └── TimedOut          not in time
├── UnexpectedAnswer      something answered, but not Sightline's interface
├── Misused               the client was given something it cannot use
├── JobFailed             a job that was waited for failed or was cancelled
└── StillRunning          a job that was waited for is not done in time
"""

from __future__ import annotations

from typing import Any

__all__ = [
    "ApiError", "BadRequest", "Conflict", "Forbidden", "JobFailed", "Misused", "NotFound", "ServerError",
    "SightlineError", "StillRunning", "TimedOut", "TooLarge", "TooManyRequests", "Unauthenticated", "UnexpectedAnswer",
    "Unprocessable", "Unreachable",
]  # fmt: skip


class SightlineError(Exception):
    """The root. `detail` says what is wrong, `hint` what to try next."""

    def __init__(self, detail: str, *, hint: str | None = None) -> None:
        super().__init__(f"{detail} {hint}" if hint else detail)
        self.detail = detail
        self.hint = hint


class ApiError(SightlineError):
    """The server refused: its problem document (RFC 9457) as it came."""

    def __init__(self, status: int, problem: dict[str, Any]) -> None:
        super().__init__(str(problem.get("detail") or f"Status {status}."), hint=problem.get("hint"))
        self.status = status
        self.problem = problem
        self.code = str(problem.get("code", ""))
        """Stable name of the error; see docs/errors.md of Sightline."""


class BadRequest(ApiError):
    """400: the input is wrong."""


class Unauthenticated(ApiError):
    """401: no token, or not a valid one."""


class Forbidden(ApiError):
    """403: known, but not allowed."""


class NotFound(ApiError):
    """404: there is no such thing."""


class Conflict(ApiError):
    """409: it does not fit the present state."""


class TooLarge(ApiError):
    """413: more than the stated limit."""


class Unprocessable(ApiError):
    """422: understood, but it cannot be answered."""


class TooManyRequests(ApiError):
    """429: more than the rate limit, after all tries."""


class ServerError(ApiError):
    """5xx: the server's fault, after all tries where a repeat was safe."""


class Unreachable(SightlineError):
    """Nothing answered, or the connection broke, after all tries where a repeat was safe."""


class TimedOut(Unreachable):
    """No answer in time."""


class UnexpectedAnswer(SightlineError):
    """What answered does not speak Sightline's interface, or a newer one."""


class Misused(SightlineError):
    """The client was given something it cannot use."""


class JobFailed(SightlineError):
    """A job ended without a result; `job` is its last state."""

    def __init__(self, detail: str, job: Any, *, hint: str | None = None) -> None:
        super().__init__(detail, hint=hint)
        self.job = job


class StillRunning(SightlineError):
    """A job is not done in time; it goes on, and `job` is its last known state."""

    def __init__(self, detail: str, job: Any) -> None:
        super().__init__(detail, hint="It goes on; wait for it again.")
        self.job = job


BY_STATUS: dict[int, type[ApiError]] = {
    400: BadRequest, 401: Unauthenticated, 403: Forbidden, 404: NotFound, 409: Conflict, 413: TooLarge,
    422: Unprocessable, 429: TooManyRequests,
}  # fmt: skip


def refused(status: int, problem: dict[str, Any]) -> ApiError:
    """The error of a status."""
    return BY_STATUS.get(status, ServerError if status >= 500 else ApiError)(status, problem)
