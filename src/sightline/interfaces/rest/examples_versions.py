"""Examples of versions, schedules and what-if."""

from __future__ import annotations

from typing import Any

_NAME = "supply.arrives_late"
_VERSION: dict[str, Any] = {
    "version": "9f86d081884c7d65",
    "state": "champion",
    "trained_at": "2015-01-01T00:00:00Z",
    "as_of": "2015-01-01T00:00:00Z",
    "on_duty_since": "2015-01-01T00:00:00Z",
    "took_over_from": "b2d4c1a07e55f310",
    "why": "asked",
    "reason": "Three vendors have changed hands.",
    "admitted": [],
    "verdict": "use_above",
    "headline": "Ranks late lines well (AUC .83); never acts by itself on late.",
    "figures": {"auc": 0.83, "brier": 0.08},
    "line": "predict absent line.delivered until promised_on for line before promised_on 30 days",
}
_VERSIONS = {
    "question": _NAME,
    "versions": [
        _VERSION,
        {
            **_VERSION,
            "version": "b2d4c1a07e55f310",
            "state": "retired",
            "trained_at": "2014-12-01T00:00:00Z",
            "as_of": "2014-12-01T00:00:00Z",
            "on_duty_since": "2014-12-01T00:00:00Z",
            "took_over_from": None,
            "why": "schedule",
            "reason": "",
        },
    ],
    "schedule": {
        "every_days": 30,
        "on_drift": True,
        "by": "owner",
        "at": "2014-11-01T00:00:00Z",
        "tried_at": "2014-12-01T00:00:00Z",
        "last_trained": "2015-01-01T00:00:00Z",
    },
}
_SAID: dict[str, Any] = {
    "cutoff": "2014-12-15T00:00:00Z",
    "deadline": "2015-01-14T23:59:59.999999Z",
    "probability": 0.31,
    "quantity": None,
    "mean": None,
    "low": 0.22,
    "high": 0.41,
    "reasons": [{"text": "3 of this vendor's last 5 lines were late", "contribution": 0.62, "features": []}],
}

ANSWERS: dict[str, Any] = {
    "/v1/questions/{name}/versions": _VERSIONS,
    "PUT /v1/questions/{name}/schedule": _VERSIONS,
    "POST /v1/questions/{name}/promote": {"question": _NAME, "version": "9f86d081884c7d65"},
    "POST /v1/questions/{name}/rollback": {"question": _NAME, "version": "b2d4c1a07e55f310"},
    "POST /v1/questions/{name}/what-if": {
        "question": _NAME,
        "form": "chance",
        "unit": None,
        "subject": "line/82108",
        "changes": {"mode": "Air"},
        "now": _SAID,
        "then": {**_SAID, "probability": 0.12, "low": 0.07, "high": 0.2},
        "hints": [
            {
                "attribute": "mode",
                "value": "Air",
                "before": 0.31,
                "after": 0.12,
                "text": "With shipment mode Air instead of Ocean the chance of 'late' would be 12 % instead of 31 %.",
            }
        ],
        "notes": [],
    },
}

BODIES: dict[str, Any] = {
    "POST /v1/questions/{name}/train": {"reason": "Three vendors have changed hands.", "on_duty": False},
    "POST /v1/questions/{name}/promote": {"version": "9f86d081884c7d65"},
    "PUT /v1/questions/{name}/schedule": {"every_days": 30, "on_drift": True},
    "POST /v1/questions/{name}/what-if": {"subject": "line/82108", "changes": {"mode": "Air"}},
}
