"""When a call is tried again, and after how long.

Full jitter after M. Brooker, "Exponential backoff and jitter" (AWS, 2015): many clients that failed together must not
come back together.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

import httpx2

__all__ = ["Retries", "Tries"]

AGAIN = frozenset({429, 502, 503, 504})
"""Statuses that say: not now. 502 and 504 come from what stands before the server."""

NOT_SENT = (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout)
BROKEN = (*NOT_SENT, httpx2.NetworkError, httpx2.RemoteProtocolError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Retries:
    """How patient a client is. A read that times out is not repeated: it would be as slow again."""

    tries: int = 5
    """All of them, the first included; 1 never repeats."""
    first: float = 0.5
    """Seconds waited at most before the second try; doubled before each further one."""
    longest: float = 30.0
    """Seconds waited at most. A server that asks for more (`Retry-After`) is believed: its error is raised."""

    def backoff(self, tried: int) -> float:
        """Seconds before the next try, drawn anew each time."""
        return random.uniform(0, min(self.longest, self.first * 2 ** (tried - 1)))  # noqa: S311 no secret


class Tries:
    """The tries of one call. `repeatable`: the request may arrive twice without harm, and can be sent twice."""

    def __init__(self, retries: Retries, *, repeatable: bool) -> None:
        self._retries = retries
        self._repeatable = repeatable
        self.made = 0

    def after_error(self, error: httpx2.RequestError) -> float | None:
        """Seconds until the next try; None when there is none."""
        return self._next() if isinstance(error, BROKEN) else None

    def after_answer(self, response: httpx2.Response) -> float | None:
        """The same, for what was answered."""
        # An earlier try of ours that lost its connection may still be at work under the same key.
        at_work = response.status_code == 409 and self.made > 0 and "retry-after" in response.headers
        if response.status_code not in AGAIN and not at_work:
            return None
        asked = retry_after(response)
        if asked is not None and asked > self._retries.longest:
            return None
        wait = self._next()
        return wait if wait is None or asked is None else asked + min(wait, self._retries.first)

    def _next(self) -> float | None:
        self.made += 1
        if not self._repeatable or self.made >= self._retries.tries:
            return None
        return self._retries.backoff(self.made)


def retry_after(response: httpx2.Response) -> float | None:
    """Seconds that the server asks to wait; a date counts from the answer's own, so that no clock here matters."""
    said = response.headers.get("retry-after", "").strip()
    if said.isdigit():
        return float(said)
    try:
        until, sent = parsedate_to_datetime(said), parsedate_to_datetime(response.headers.get("date", ""))
        return max(0.0, (until - sent).total_seconds())
    except (TypeError, ValueError):
        return None
