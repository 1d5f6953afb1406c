"""Examples of the watch over models on duty."""

from __future__ import annotations

from typing import Any

_NAME = "supply.arrives_late"
_ALARM: dict[str, Any] = {
    "id": "alarm_0b7c2f", "question": _NAME, "version": "9f86d081884c7d65", "what": "promise:no",
    "words": "88% were right of 214 beyond the line on duty, where 95% was promised: that is beyond chance.",
    "advice": "Nothing is done by itself on this side until the question is trained again or somebody lifts this.",
    "since": "2014-11-03T00:00:00Z", "raised_at": "2015-01-01T00:00:00Z", "lifted_at": None, "lifted_by": None,
    "why": "",
}  # fmt: skip
_PATH = [{"at": "2014-11-03T00:00:00Z", "evidence": 0.8}, {"at": "2014-12-30T00:00:00Z", "evidence": 131.0}]
_WATCHED: dict[str, Any] = {
    "what": "promise:no", "answers": 214, "clusters": 97, "said": 0.95, "came": 0.88, "evidence": 131.0,
    "alarm": True, "since": "2014-11-03T00:00:00Z", "path": _PATH,
}  # fmt: skip
_SHIFT = {
    "feature": "text.mode", "called": "mode", "how": "not known of 41% instead of 2%", "since": "2014-12-01T00:00:00Z",
    "evidence": 3.1,
}  # fmt: skip
_POPULATION = {"clusters": 20, "before": 180, "windows": _PATH, "alarm": False, "shifts": [_SHIFT]}

ANSWERS: dict[str, Any] = {
    "/v1/questions/{name}/watch": {
        "question": _NAME, "version": "9f86d081884c7d65", "at": "2015-01-01T00:00:00Z", "needed": 100.0,
        "watched": [_WATCHED], "population": _POPULATION,
        "rival": {"version": "b2d4c1a07e55f310", "waits": True}, "alarms": [_ALARM],
    },
    "/v1/alarms": {"alarms": [_ALARM]},
    "POST /v1/alarms/{id}/lift": {
        **_ALARM, "lifted_at": "2015-01-02T00:00:00Z", "lifted_by": "owner", "why": "The carrier was on strike.",
    },
}  # fmt: skip
BODIES: dict[str, Any] = {"POST /v1/alarms/{id}/lift": {"why": "The carrier was on strike."}}
