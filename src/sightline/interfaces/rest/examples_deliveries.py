"""Examples of what is sent: by path, with the method before it where it is not GET."""

from __future__ import annotations

from typing import Any

_DELIVERY: dict[str, Any] = {
    "id": "msg_5f0c7c2f6b0e4b1f9d8e7a6b5c4d3e2f",
    "key": "supply.warn_buyer:line/82108:2014-12-15T00:00:00+00:00",
    "destination": "crm",
    "receiver": "project/112-ZA-T30",
    "subject": "line/82108",
    "text": "line/82108 is promised for 14 Jan 2015 and is 91% likely to be late.",
    "event": None,
    "state": "dead",
    "made_at": "2015-01-01T00:00:00Z",
    "not_before": "2015-01-01T00:00:00Z",
    "attempts": 1,
    "taken_over": 0,
    "sent_again": 0,
    "released_at": None,
    "released_by": None,
    "ended_at": "2015-01-01T00:00:01Z",
    "reference": None,
    "repeated": False,
    "problem": "'crm' answered 400 Bad Request: text is too long.",
    "hint": "Mend the message or the destination, then send it again.",
}
_WAITING = {**_DELIVERY, "state": "waiting", "attempts": 0, "ended_at": None, "problem": "", "hint": ""}
_GUARDS = {"approve": False, "per_day": 3, "quiet": "20:00-08:00", "consent": "marketing_ok"}
_SECRET = {"name": "crm", "secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"}

ANSWERS: dict[str, Any] = {
    "/v1/deliveries": {"next": None, "deliveries": [_DELIVERY]},
    "/v1/deliveries/{id}": _DELIVERY,
    "POST /v1/deliveries/{id}/send-again": {**_WAITING, "sent_again": 1, "text": "Late: line/82108."},
    "POST /v1/deliveries/{id}/release": {
        **_WAITING,
        "released_at": "2015-01-01T00:00:02Z",
        "released_by": "anna@example.com",
    },
    "/v1/destinations": {
        "destinations": [
            {
                "name": "crm",
                "channel": "webhook",
                "address": "https://crm.example.com/sightline",
                "reveal": False,
                "guards": {**_GUARDS, "zone": "UTC", "only": []},
                "events": ["line.*", "sightline.decided"],
                "about": [],
                "asks": None,
                "callback": None,
                "made_at": "2014-12-01T09:00:00Z",
                "failing_since": None,
                "disabled_at": None,
                "disabled_why": "",
                "waiting": 0,
                "held": 0,
                "dead": 1,
            }
        ]
    },
    "POST /v1/destinations": _SECRET,
    "POST /v1/destinations/{name}/rotate": _SECRET,
    "POST /v1/destinations/{name}/test": _WAITING,
    "POST /v1/destinations/{name}/replay": {
        "events": 128,
        "first": "2014-12-30T08:02:11Z",
        "last": "2014-12-31T17:45:02Z",
    },
}

BODIES: dict[str, Any] = {
    "POST /v1/deliveries/{id}/send-again": {"text": "Late: line/82108."},
    "POST /v1/destinations": {"name": "crm", "address": "https://crm.example.com/sightline"},
    "PUT /v1/destinations/{name}/asks": {"playbooks": ["own.warn"], "above": 10_000, "by": "anna@example.com"},
    "PUT /v1/destinations/{name}/guards": {**_GUARDS, "zone": "Europe/Berlin", "only": ["customer/17"]},
    "PUT /v1/destinations/{name}/subscription": {"events": ["line.*", "sightline.decided"]},
    "POST /v1/destinations/{name}/replay": {"since": "2d", "dry_run": True},
    "POST /v1/destinations/{name}/rotate": {},
    "POST /v1/destinations/{name}/switch": {"on": False},
}
