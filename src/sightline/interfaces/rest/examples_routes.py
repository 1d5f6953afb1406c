"""Examples of who is asked what: by path, with the method before it where it is not GET."""

from __future__ import annotations

from typing import Any

_ROUTE = {
    "name": "heavy",
    "playbook": "supply.warn_buyer",
    "whom": "weight above 1000",
    "to": ["anna@example.com", "ben@example.com"],
    "made_at": "2015-01-01T00:00:00Z",
    "by": "owner",
    "gone": [],
    "stopped": "",
}

ANSWERS: dict[str, Any] = {
    "/v1/routes": {"routes": [_ROUTE]},
    "PUT /v1/routes/{name}": {
        "route": _ROUTE,
        "waiting": 12,
        "goes": {"anna@example.com": 4, "ben@example.com": 3},
        "nobody": 0,
    },
}

BODIES: dict[str, Any] = {
    "PUT /v1/routes/{name}": {
        "playbook": "supply.warn_buyer",
        "whom": "weight above 1000",
        "to": ["anna@example.com", "ben@example.com"],
    },
}
