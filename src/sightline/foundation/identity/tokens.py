"""Secrets made at random: shown once, kept as a hash.

All of them hold 256 random bits, so one round of SHA-256 is enough (there is no dictionary to try).
"""

from __future__ import annotations

import hashlib
import secrets

PREFIX = "slt_"
"""Access tokens are recognisable, so that scanners find leaked ones."""

SESSION = "sls_"
"""Begins what the cookie of a session holds."""

CODE = "slc_"
"""Begins a one-time code."""


def fresh(prefix: str) -> str:
    """A new secret nobody can guess."""
    return prefix + secrets.token_urlsafe(32)


def digest(secret: str) -> bytes:
    """What is kept of a secret. Whatever the text, it has one: what is none of ours matches nothing."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()
