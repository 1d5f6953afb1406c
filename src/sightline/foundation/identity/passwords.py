"""Passwords: what is accepted, and how they are kept (Argon2id, RFC 9106, the second recommended choice).

One takes about a fifth of a second and 64 MiB on purpose, so it runs in threads, and few at once.
"""

from __future__ import annotations

import asyncio
import base64
import secrets
import unicodedata
from concurrent.futures import ThreadPoolExecutor

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

from sightline.language.errors import Busy, Invalid

SHORTEST, LONGEST = 12, 256
"""Characters of a password (NIST SP 800-63B: length is what counts, and no rules about signs)."""

FEWEST = 5
"""Different characters it must have at least."""

AT_ONCE = 2
"""Hashed at the same time in a process: what a flood of sign-ins may take of the processors and of the memory."""

MOST_WAITING = 64
"""Further ones are told to come back."""

_hasher = PasswordHasher()
_threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="sightline-password")
_waiting = 0


def _nobodys() -> str:
    """A hash that no password has, as costly to compare as any other."""
    salt, value = (
        base64.b64encode(secrets.token_bytes(n)).rstrip(b"=").decode() for n in (_hasher.salt_len, _hasher.hash_len)
    )
    cost = f"m={_hasher.memory_cost},t={_hasher.time_cost},p={_hasher.parallelism}"
    return f"$argon2id$v=19${cost}${salt}${value}"


NOBODYS = _nobodys()


async def hashed(password: str, *, name: str) -> str:
    """What is kept of a new password of that user. Raises Invalid that says what was allowed."""
    _check(password, name)
    return await _in_thread(password, None) or ""


async def fits(password: str, kept: str | None) -> bool:
    """Whether a password is the kept one. It takes as long where there is none. Raises Busy."""
    return await _in_thread(password, kept or NOBODYS) is not None


async def _in_thread(password: str, kept: str | None) -> str | None:
    """The hash of a password; with `kept`, only if it is the same password."""
    global _waiting
    if _waiting >= MOST_WAITING:
        raise Busy("Too many sign in at this moment.", hint="Try again in a few seconds.")
    _waiting += 1
    try:
        return await asyncio.get_running_loop().run_in_executor(_threads, _worked, _spelled(password), kept)
    finally:
        _waiting -= 1


def _worked(password: bytes, kept: str | None) -> str | None:
    if kept is None:
        return _hasher.hash(password)
    try:
        _hasher.verify(kept, password)
    except VerificationError:
        return None
    return kept


def _spelled(password: str) -> bytes:
    """The same bytes on every keyboard (NFKC), and bounded work whatever is sent."""
    return unicodedata.normalize("NFKC", password[: LONGEST + 1]).encode("utf-8", "replace")


def _check(password: str, name: str) -> None:
    """Raises Invalid without ever telling the password."""
    wrong = None
    if not SHORTEST <= len(password) <= LONGEST:
        wrong = f"A password has {SHORTEST} to {LONGEST} characters; this one has {len(password)}."
    elif len(set(password)) < FEWEST:
        wrong = f"This password has fewer than {FEWEST} different characters."
    elif password.lower() in (name, name * 2):
        wrong = "This password is the name of its user."
    if wrong:
        raise Invalid(wrong, hint="Four or five words that have nothing to do with each other make a good one.")
