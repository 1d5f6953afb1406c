"""Examples of who there is, for the OpenAPI document. The secrets in them are none."""

from __future__ import annotations

from typing import Any

from sightline.foundation.identity import Role

_AT = "2026-11-02T08:00:00Z"

ME = {
    "name": "anna@example.com",
    "sort": "user",
    "role": "operator",
    "rights": ["read", "record", "operate"],
    "workspace": "main",
    "workspaces": [{"name": "main", "role": "operator", "now": "2026-11-02T09:14:03Z", "clock": "running"}],
    "has_password": True,
}

USER = {
    "name": "anna@example.com",
    "role": "operator",
    "created_at": _AT,
    "seen_at": None,
    "disabled": False,
    "has_password": False,
}

KEY = {
    "name": "warehouse",
    "role": "operator",
    "scopes": ["record"],
    "created_at": _AT,
    "expires_at": "2027-11-02T08:00:00Z",
    "seen_at": None,
}

ENTRY = {
    "number": 20417,
    "at": "2026-11-02T09:14:03Z",
    "who": "anna@example.com",
    "sort": "user",
    "what": "get_proof",
    "target": "/v1/questions/supply.arrives_late/proof",
    "status": 200,
    "times": 1,
}

CODE = "slc_..."

ANSWERS: dict[str, Any] = {
    "POST /v1/session": ME,
    "/v1/me": ME,
    "/v1/users": {"users": [USER], "next": None},
    "POST /v1/users": {"user": USER, "code": CODE},
    "POST /v1/users/{name}/code": {"code": CODE},
    "PATCH /v1/users/{name}": {**USER, "role": "viewer"},
    "/v1/keys": {"keys": [KEY], "next": None},
    "POST /v1/keys": {"key": KEY, "token": "slt_..."},
    "/v1/audit": {"entries": [ENTRY], "next": None},
}

_PASSWORD = "correct horse battery staple"  # noqa: S105 (an example of how one looks)

REQUESTS: dict[str, dict[str, Any]] = {
    "POST /v1/session": {
        "password": {"value": {"name": "anna@example.com", "password": _PASSWORD}},
        "link": {"value": {"code": CODE}},
        "token": {"value": {"token": "slt_..."}},
    },
    "PUT /v1/me/password": {"first": {"value": {"new": _PASSWORD}}},
    "POST /v1/users": {
        "link": {"summary": "By a link", "value": {"name": "anna@example.com", "role": Role.OPERATOR.value}}
    },
    "PATCH /v1/users/{name}": {
        "role": {"value": {"role": Role.VIEWER.value}},
        "out": {"summary": "Shut out", "value": {"disabled": True}},
    },
    "POST /v1/keys": {
        "sender": {
            "summary": "A program that only sends events",
            "value": {"name": "warehouse", "role": "operator", "scopes": ["record"], "days": 365},
        }
    },
}
