"""Examples of who in a chat is who: by path, with the method before it where it is not GET."""

from __future__ import annotations

from typing import Any

_ANNA = {"id": "U0123456789", "user": "anna@example.com", "made_at": "2015-01-01T00:00:00Z"}

ANSWERS: dict[str, Any] = {"/v1/chat-users": {"chat_users": [_ANNA]}, "PUT /v1/chat-users/{id}": _ANNA}

BODIES: dict[str, Any] = {"PUT /v1/chat-users/{id}": {"user": "anna@example.com"}}
