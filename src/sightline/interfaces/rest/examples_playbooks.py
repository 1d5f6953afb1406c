"""Examples of playbooks, runs and the inbox: by path, with the method before it where it is not GET."""

from __future__ import annotations

from typing import Any

_KEY = "own.warn:line/40963:2014-12-15T00:00:00+00:00"

_OUTCOME: dict[str, Any] = {
    "state": "settled",
    "arm": "treated",
    "success": True,
    "answer": False,
    "called": "on time",
    "happened": True,
    "happened_at": "2015-01-09T00:00:00Z",
    "decided_at": "2015-01-01T00:00:00Z",
    "within": None,
    "closes_at": "2015-01-14T23:59:59.999999Z",
    "counts_at": "2015-02-04T23:59:59.999999Z",
    "settled_at": "2015-02-05T00:00:00Z",
    "corrected_at": None,
    "words": "Success: it happened on 09 Jan 2015, within its time.",
}
_OPEN: dict[str, Any] = {
    **dict.fromkeys(("success", "answer", "happened", "happened_at", "within", "settled_at", "corrected_at")),
    **{name: _OUTCOME[name] for name in ("arm", "decided_at", "closes_at", "counts_at")},
    "state": "open",
    "called": "",
    "words": "Open: what happens until 14 Jan 2015 counts.",
}

_ITEM: dict[str, Any] = {
    "id": "ask_5f0c7c2f6b0e4b1f9d8e7a6b5c4d3e2f",
    "key": _KEY,
    "run": None,
    "playbook": "own.warn",
    "version": "2",
    "choice": "tell the buyer",
    "channel": "crm",
    "subject": "line/40963",
    "party": "project/112-ZA-T30",
    "question": "supply.arrives_late",
    "cutoff": "2014-12-15T00:00:00Z",
    "probability": 0.71,
    "text": "line/40963 is promised for 14 Jan 2015 and is 71% likely to be late.",
    "because": "71% is below 88%, the line that keeps the promise.",
    "reasons": ["3 of this vendor's last 5 lines were late"],
    "value": 812.5,
    "worth": 57_600.0,
    "made_at": "2015-01-01T00:00:00Z",
    "due_at": "2015-01-08T00:00:00Z",
    "by_default": "drop",
    "state": "open",
    "snoozed_until": None,
    "assignee": None,
    "ended_at": None,
    "ended_by": None,
    "why": "",
    "outcome": _OPEN,
}
_APPROVED = {**_ITEM, "state": "approved", "ended_at": "2015-01-02T08:00:00Z", "ended_by": "ada"}
_REJECTED = {**_APPROVED, "state": "rejected", "why": "They told us already."}

_RUN: dict[str, Any] = {
    "id": "run_5f0c7c2f6b0e4b1f9d8e7a6b5c4d3e2f",
    "key": _KEY,
    "playbook": "own.warn",
    "version": "2",
    "subject": "line/40963",
    "party": "project/112-ZA-T30",
    "question": "supply.arrives_late",
    "choice": "tell the buyer",
    "state": "running",
    "step": "a week",
    "attempt": 1,
    "listens": ["line.delivered"],
    "due_at": "2015-01-09T08:00:02Z",
    "began_at": "2015-01-02T08:00:00Z",
    "ended_at": None,
    "why": "",
    "outcome": _OPEN,
}
_STEPS = [
    {"number": 1, "step": "act", "what": "sends", "at": "2015-01-02T08:00:00Z", "detail": "to crm"},
    {"number": 2, "step": "act", "what": "delivered", "at": "2015-01-02T08:00:02Z", "detail": ""},
    {
        "number": 3,
        "step": "a week",
        "what": "waits",
        "at": "2015-01-02T08:00:02Z",
        "detail": "until 2015-01-09 08:00 unless line.delivered",
    },
]

_DECISION: dict[str, Any] = {
    **{name: _ITEM[name] for name in ("key", "playbook", "version", "choice", "channel", "subject", "party")},
    "verb": "ask",
    "arm": "treated",
    **{name: _ITEM[name] for name in ("because", "value", "worth", "question", "cutoff", "probability")},
    "channel_propensity": None,
    "experiment": None,
    "at": "2015-01-01T00:00:00Z",
    "outcome": _OUTCOME,
}

_TEXT = """\
[own.warn]
question = "supply.arrives_late"
wakes_on = "every day"
party = "project"
whom = "probability above 0.5 and value above 10000"
capacity = 20

[[own.warn.choices]]
name = "tell the buyer"
channel = "paper"
cost = 5
saves = 0.02
text = "{{ subject }} is {{ probability | percent }} likely to miss {{ deadline | day }}."

[[own.warn.follow]]
name = "a week"
wait = "7 days"
unless = "line.delivered"

[[own.warn.follow]]
name = "once more"
ask = "{{ subject }} has not come. Shall we go on?"
"""

_JOB = {
    "id": "9f8e7d6c5b4a39281706f5e4d3c2b1a0",
    "what": "rehearse",
    "about": "own.warn",
    "state": "waiting",
    "done": None,
    "of": None,
    "note": "",
    "result": None,
    "problem": None,
    "by": "ada",
    "made_at": "2015-01-01T00:00:00Z",
    "started_at": None,
    "ended_at": None,
}

ANSWERS: dict[str, Any] = {
    "POST /v1/playbooks/{name}/rehearse": _JOB,
    "/v1/decisions": {"next": None, "decisions": [_DECISION]},
    "/v1/inbox": {"next": None, "count": 1, "asked": [_ITEM]},
    "/v1/inbox/{id}": _ITEM,
    "POST /v1/inbox/{id}/approve": _APPROVED,
    "POST /v1/inbox/{id}/reject": _REJECTED,
    "POST /v1/inbox/{id}/snooze": {**_ITEM, "state": "snoozed", "snoozed_until": "2015-01-03T08:00:00Z"},
    "POST /v1/inbox/{id}/delegate": {**_ITEM, "assignee": "grace"},
    "POST /v1/inbox/answers": {
        "taken": [_REJECTED],
        "refused": [{"id": "ask_" + "0" * 32, "problem": "It is approved already by ada.", "hint": None}],
    },
    "/v1/playbooks": {
        "playbooks": [
            {
                "name": "own.warn",
                "question": "supply.arrives_late",
                "wakes_on": "every day",
                "party": "project",
                "choices": [
                    {
                        "name": "tell the buyer",
                        "channel": "paper",
                        "channels": [],
                        "cost": 5.0,
                        "saves": 0.02,
                        "gains": 0.0,
                    }
                ],
                "follow": ["a week: wait 7 days unless line.delivered", "once more: ask a person"],
                "capacity": 20,
                "priority": 0,
                "asks_first": False,
                "attribution": None,
                "choose": "value",
                "usual": "",
                "version": "2",
                "stopped": "",
                "decisions": {"ask": 17, "hold": 3},
                "running": 1,
            }
        ],
        "text": _TEXT,
    },
    "POST /v1/playbooks": {"versions": {"own.warn": 2}},
    "/v1/runs": {"next": None, "runs": [_RUN]},
    "/v1/runs/{id}": {**_RUN, "steps": _STEPS},
    "POST /v1/runs/{id}/change": {**_RUN, "state": "paused", "steps": _STEPS},
}

BODIES: dict[str, Any] = {
    "POST /v1/playbooks/{name}/rehearse": {"since": "90d"},
    "POST /v1/inbox/{id}/approve": {"text": "line/40963 will probably be late; please plan for it."},
    "POST /v1/inbox/{id}/reject": {"why": "They told us already."},
    "POST /v1/inbox/{id}/snooze": {"until": "2015-01-03T08:00:00Z"},
    "POST /v1/inbox/{id}/delegate": {"to": "grace"},
    "POST /v1/inbox/answers": {"ids": [_ITEM["id"]], "yes": False, "why": "They told us already."},
    "POST /v1/playbooks": {"text": _TEXT},
    "POST /v1/runs/{id}/change": {"what": "pause"},
}
