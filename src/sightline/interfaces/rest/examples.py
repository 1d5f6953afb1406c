"""Examples shown in the OpenAPI document, in the words of the supply pack.

Packs are not imported here; a test holds what is written below against their declarations.
"""

from __future__ import annotations

from typing import Any

import msgspec

from sightline.interfaces.rest import (
    examples_chat,
    examples_contacts,
    examples_deliveries,
    examples_experiments,
    examples_hooks,
    examples_jobs,
    examples_playbooks,
    examples_principals,
    examples_proof,
    examples_routes,
    examples_versions,
    examples_watch,
)

EVENT: dict[str, Any] = {
    "specversion": "1.0",
    "id": "82108-delivered",
    "source": "warehouse",
    "type": "line.delivered",
    "subject": "line/82108",
    "time": "2015-01-05T00:00:00Z",
    "data": {"weight": 1240.5, "freight": 310.0, "links": {"shipment": "shipment/ASN-28542"}},
}

CORRECTION: dict[str, Any] = {
    **EVENT,
    "id": "82108-delivered-2",
    "revises": "82108-delivered",
    "data": {"weight": 1204.5, "freight": 310.0, "links": {"shipment": "shipment/ASN-28542"}},
}

BATCH = [EVENT, CORRECTION]

LINES = "".join(msgspec.json.encode(event).decode() + "\n" for event in BATCH)

QUESTION = (
    "predict absent line.delivered until promised_on for line before promised_on 30 days"
    " grace 21 days worth value together order"
)

RECORDED = {"recorded": 2, "repeated": 0, "position": 41322}

_PREDICTION: dict[str, Any] = {
    "question": "supply.arrives_late",
    "yes": "late",
    "no": "on time",
    "subject": "line/82108",
    "cutoff": "2014-12-15T00:00:00Z",
    "deadline": "2015-01-14T23:59:59.999999Z",
    "form": "chance",
    "probability": 0.31,
    "quantity": None,
    "mean": None,
    "unit": None,
    "low": 0.22,
    "high": 0.41,
    "worth": 128400.0,
    "expected_loss": 39804.0,
    "reasons": [{"text": "3 of this vendor's last 5 lines were late", "contribution": 0.62, "features": []}],
    "model": "b2d4c1",
    "made_at": "2015-01-01T00:00:00Z",
    "outcome": None,
    "censored": False,
    "settled": False,
    "decision": {
        "verb": "ask",
        "because": "No line keeps the promised precision on 'late', so a person decides.",
        "arm": "treated",
        "playbook": "supply.warn_buyer",
    },
    "aside": None,
}

_NEXT = "WyItMzk4MDQuMCIsIi0wLjMxIl0"

_PAGE: dict[str, Any] = {"predictions": [_PREDICTION], "next": _NEXT}

_THING: dict[str, Any] = {
    "ref": "line/82108",
    "exists_from": "2014-10-02T00:00:00Z",
    "attributes": {"promised_on": "2015-01-14", "value": 128400.0},
    "links": {"vendor": "vendor/SCMS from RDC"},
}

ANSWERS: dict[str, Any] = {
    "/v1/catalog": {
        "kinds": [
            {
                "name": "line",
                "label": "order line",
                "person": False,
                "attributes": [{"name": "value", "label": "value", "sort": "number", "unit": "USD", "personal": False}],
                "links": [{"name": "vendor", "label": "vendor", "to": "vendor"}],
            }
        ],
        "events": [{"name": "line.delivered", "label": "delivered", "of": "line"}],
        "forms": ["predict absent EVENT until ATTRIBUTE for KIND before ATTRIBUTE N days"],
        "words": ["absent", "before", "days", "for", "predict", "until"],
    },
    "/v1/search": {"found": [{"ref": "line/82108", "kind": "line", "key": "82108"}]},
    "/v1/entities/{kind}": {"entities": [_THING], "next": "WyI4MjEwOCJd"},
    "/v1/entities/{kind}/{key}": {
        **_THING,
        "as_of": "2015-01-10T00:00:00Z",
        "linked_from": {},
        "labels": {"vendor": "vendor", "promised_on": "promised day", "value": "value"},
        "units": {"value": "USD"},
        "first_known": "2014-10-02T00:00:00Z",
        "last_known": "2015-01-05T00:00:00Z",
        "timeline": [
            {
                "position": 41321,
                "type": "line.delivered",
                "time": "2015-01-05T00:00:00Z",
                "known_at": "2015-01-05T00:00:00Z",
                "source": "warehouse",
                "id": "82108-delivered",
                "data": EVENT["data"],
            }
        ],
    },
    "/v1/questions": {
        "questions": [
            {
                "name": "supply.arrives_late",
                "asks": "Will this order line be undelivered on the day it was promised?",
                "of": "line",
                "line": QUESTION,
                "verdict": "use_above",
                "headline": "Ranks late lines well (AUC .83); never acts by itself on late.",
                "yes": "late",
                "no": "on time",
                "form": "chance",
                "unit": None,
                "worth_unit": "USD",
                "predictions": {"open": 98, "yes": 0, "no": 0, "awaited": 0, "measured": 0},
                "decided": {"ask": 98},
                "money": {"open_expected_loss": 1204300.0},
            }
        ],
        "broken": [],
    },
    "/v1/predictions": _PAGE,
    "/v1/questions/{name}/predictions": _PAGE,
    "/v1/questions/{name}/predictions/{kind}/{key}": _PREDICTION,
    "PUT /v1/asides": {"id": "5f2c9a1be07d3c44"},
    "/v1/questions/{name}/population": {
        "counts": {"open": 98, "later": 700, "overdue": 6, "excluded": {"answered_before_cutoff": 841}},
        "later": [
            {
                "subject": "line/86822",
                "cutoff": "2015-01-03T00:00:00Z",
                "deadline": "2015-01-17T23:59:59.999999Z",
                "worth": 91200.0,
            }
        ],
        "overdue": [
            {
                "subject": "line/82108",
                "cutoff": "2014-12-12T00:00:00Z",
                "deadline": "2014-12-26T23:59:59.999999Z",
                "worth": 128400.0,
            }
        ],
    },
    "/v1/questions/{name}/proof": examples_proof.PROOF,
    "/v1/findings": {
        "findings": [
            {
                "detector": "supply.overdue",
                "subject": "line/82108",
                "severity": "warning",
                "text": "Promised for 26 Dec 2014, not recorded as delivered 6 days after.",
                "evidence": {"days": 6, "promised_on": "2014-12-26", "value": 128400.0},
                "at": "2015-01-01T00:00:00Z",
            }
        ]
    },
    "/v1/invariants": {
        "invariants": [
            {
                "name": "runs_move",
                "says": "Every run moved when its time had come.",
                "broken": 0,
                "example": "",
                "checked_at": "2015-01-01T00:00:00Z",
                "broken_since": None,
            }
        ]
    },
    "/v1/status": {
        "workspace": "main",
        "now": "2015-01-01T00:00:00Z",
        "clock": "standing",
        "events": 41322,
        "position": 41322,
        "lags": {"know": 0, "archive": 0},
        "staged": 0,
        "next_known_at": None,
        "quarantined": 0,
        "batches": [],
        "decisions": {"ask": 98},
    },
    "/v1/health/live": {"status": "live"},
    "/v1/health/ready": {"status": "ready", "schema_version": "0005", "loop_lag_seconds": 0.0004},
    **examples_versions.ANSWERS,
    **examples_watch.ANSWERS,
    **examples_jobs.ANSWERS,
    **examples_principals.ANSWERS,
    **examples_chat.ANSWERS,
    **examples_contacts.ANSWERS,
    **examples_deliveries.ANSWERS,
    **examples_hooks.ANSWERS,
    **examples_playbooks.ANSWERS,
    **examples_routes.ANSWERS,
    **examples_experiments.ANSWERS,
}

BODIES: dict[str, Any] = {
    **{
        key: {"example": {"value": body}}
        for key, body in {
            **examples_jobs.BODIES,
            **examples_versions.BODIES,
            **examples_chat.BODIES,
            **examples_watch.BODIES,
            **examples_deliveries.BODIES,
            **examples_hooks.BODIES,
            **examples_playbooks.BODIES,
            **examples_routes.BODIES,
            **examples_experiments.BODIES,
        }.items()
    },
    "PUT /v1/asides": {
        "example": {
            "value": {
                "question": "supply.arrives_late",
                "subject": "line/82108",
                "cutoff": "2014-12-15T00:00:00Z",
            }
        }
    },
    **examples_principals.REQUESTS,
}
"""Of what is sent, by method and path."""


def _example(status: int, title: str, code: str, detail: str, **more: Any) -> dict[str, Any]:
    kind = {"type": f"urn:sightline:error:{code}", "title": title, "status": status, "detail": detail, "code": code}
    return {**kind, "instance": "/v1/events", **more}


PROBLEMS: dict[str, Any] = {
    "400": _example(400, "Bad Request", "invalid", "Event at index 3: 'lines' is not a reference.",
                    hint="Write kind/key, for example line/4712 (kind in a-z).", index=3),
    "401": _example(401, "Unauthorized", "unauthenticated", "This needs a valid token.",
                    hint="Send 'Authorization: Bearer TOKEN'; `sightline token` shows the owner's."),
    "503": _example(503, "Service Unavailable", "unavailable", "The database does not answer.",
                    hint="Run `sightline doctor`."),
}  # fmt: skip
