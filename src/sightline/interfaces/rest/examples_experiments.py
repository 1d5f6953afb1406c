"""Examples of effects and experiments: by path, with the method before it where it is not GET."""

from __future__ import annotations

from typing import Any

_ID = "exp_5f0c7c2f6b0e4b1f9d8e7a6b5c4d3e2f"

_PLAN: dict[str, Any] = {
    "parties": 1206,
    "per_arm": {"a note": 603, "a call": 603},
    "weeks": 8,
    "base": 0.71,
    "least": 0.1,
    "size": 1.4,
    "alike": 0.3,
    "per_week": 160.0,
    "rests_on": "decisions",
}

_ONE: dict[str, Any] = {
    "id": _ID,
    "playbook": "own.warn",
    "name": "spring",
    "arms": ["a note", "a call"],
    "shares": [0.5, 0.5],
    "least": 0.1,
    "why": "A call brings more lines in time.",
    "guards": [{"question": "supply.arrives_late", "event": None, "good": False, "within_days": 30.0, "margin": 0.01}],
    "state": "running",
    "began_at": "2014-11-03T00:00:00Z",
    "until": "2015-01-26T00:00:00Z",
    "ended_at": None,
    "looked_at": "2015-01-01T00:00:00Z",
    "by": "ada",
    "verdict": None,
    "winner": None,
    "said": "",
    "adopted": None,
    "adopted_at": None,
    "adopted_by": None,
    "plan": _PLAN,
}

_SPAN = {"low": -0.02, "high": 0.14}
_PAIR: dict[str, Any] = {
    "arm": "a call",
    "difference": 0.06,
    "interval": _SPAN,
    "verdict": "open",
}

_WHOLE: dict[str, Any] = {
    **_ONE,
    "stand": {
        "words": "Nothing can be told apart yet.",
        "arms": [
            {"name": "a note", "share": 0.5, "parties": 402, "settled": 511, "settled_parties": 370, "rate": 0.71},
            {"name": "a call", "share": 0.5, "parties": 395, "settled": 498, "settled_parties": 361, "rate": 0.77},
        ],
        "pairs": [_PAIR],
        "split": {"counts": [402, 395], "shares": [0.5, 0.5], "broken": False},
        "stopped": {},
        "guards": [
            {
                "name": "supply.arrives_late",
                "margin": 0.01,
                "more_is_better": True,
                "counted": 940,
                "pairs": [{**_PAIR, "difference": 0.002, "interval": {"low": -0.01, "high": 0.02}}],
            }
        ],
        "unsettled": 96,
    },
    "path": [{"at": "2015-01-01T00:00:00Z", "arm": "a call", "difference": 0.06, "interval": _SPAN}],
    "for_whom": [
        {
            "arm": "a call",
            "words": "Not enough evidence that it works better for some than for others.",
            "parties": 731,
            "effect": 0.06,
            "differs": False,
            "segments": [
                {
                    "name": "mode",
                    "test": "is",
                    "value": "Air",
                    "parties": 412,
                    "effect": 0.08,
                    "low": -0.05,
                    "high": 0.21,
                    "verdict": "open",
                }
            ],
        }
    ],
}

_EFFECT: dict[str, Any] = {
    "choice": None,
    "words": "Success changed by +9% (95 % interval +2% to +16%), worth 48,200 after its cost (9,100 to 88,400).",
    "treated": 1009,
    "control": 118,
    "treated_parties": 731,
    "control_parties": 84,
    "treated_rate": 0.74,
    "control_rate": 0.65,
    "difference": 0.09,
    "sequence": {"low": 0.02, "high": 0.16},
    "weeks": None,
    "money": {"gained": 48_200.0, "interval": {"low": 9_100.0, "high": 88_400.0}, "cost": 5_045.0},
    "split": {"counts": [797, 91], "shares": [0.9, 0.1], "broken": False},
    "decided": 1240,
    "due": None,
    "choices": [],
}


def _point(day: str, treated: int, control: int, difference: float, sequence: list[float]) -> dict[str, Any]:
    low, high = sequence
    told = {"treated": treated, "control": control, "difference": difference, "sequence": {"low": low, "high": high}}
    return {"at": f"{day}T00:00:00Z", **told}


_HOURS: dict[str, Any] = {
    "words": "The best hour is 09:00: 79% (74% to 84%), where 71% of all succeeded; for 31 of 402 parties it is"
    " another.",
    "choice": None,
    "places": [
        {"name": "08:00", "seen": 310, "rate": 0.68, "low": 0.60, "high": 0.75},
        {"name": "09:00", "seen": 402, "rate": 0.79, "low": 0.74, "high": 0.84},
        {"name": "15:00", "seen": 297, "rate": 0.65, "low": 0.57, "high": 0.73},
    ],
    "seen": 1009,
    "needed": 50,
    "usual": 0.71,
    "best": "09:00",
    "others": 31,
    "parties": 402,
}

_CHANNELS: dict[str, Any] = {
    "words": "Not enough yet: 38 of 50 messages have an outcome.",
    "choice": "a note",
    "places": [
        {"name": "mail", "seen": 35, "rate": 0.7, "low": 0.52, "high": 0.85},
        {"name": "team", "seen": 3, "rate": 0.7, "low": 0.52, "high": 0.85},
    ],
    "seen": 38,
    "needed": 50,
    "usual": 0.7,
    "best": None,
    "others": 0,
    "parties": 22,
}

ANSWERS: dict[str, Any] = {
    "/v1/playbooks/{name}/effect": {
        "playbook": "own.warn",
        "question": "supply.arrives_late",
        "success": False,
        "called": "on time",
        "hold_out": 0.1,
        "effect": _EFFECT,
        "path": [
            {
                "at": "2014-12-01T00:00:00Z",
                "treated": 410,
                "control": 45,
                "difference": 0.11,
                "sequence": {"low": -0.03, "high": 0.25},
            },
            {
                "at": "2015-01-01T00:00:00Z",
                "treated": 1009,
                "control": 118,
                "difference": 0.09,
                "sequence": {"low": 0.02, "high": 0.16},
            },
        ],
        "choose": "learned",
        "learned": {
            "loose": True,
            "since": "2014-12-20T00:00:00Z",
            "version": 31,
            "fitted_at": "2015-01-01T00:00:00Z",
            "judged": {
                "words": "What was learned is not worse than the usual choice: +0.041 successes a decision (+0.004 to"
                " +0.078).",
                "seen": 1009,
                "effective": 214.0,
                "usual": {"value": 0.71, "low": 0.67, "high": 0.75},
                "learned": {
                    "ips": {"value": 0.76, "low": 0.66, "high": 0.86},
                    "snips": {"value": 0.75, "low": 0.69, "high": 0.81},
                    "dr": {"value": 0.751, "low": 0.71, "high": 0.79},
                },
                "difference": {"value": 0.041, "low": 0.004, "high": 0.078},
                "on_duty": None,
                "shares": {"a note": 0.58, "a call": 0.42},
                "unit": 12_400.0,
            },
        },
        "hours": _HOURS,
        "channels": [_CHANNELS],
    },
    "/v1/experiments": {"experiments": [_ONE]},
    "/v1/experiments/{id}": _WHOLE,
    "POST /v1/experiments": {
        "id": _ID,
        "plan": _PLAN,
        "words": "To find a change of 10.0% from 71% it takes 1,206 parties, about 8 weeks at the present rate.",
    },
    "POST /v1/experiments/{id}/stop": {
        **_WHOLE,
        "state": "ended",
        "ended_at": "2015-01-01T00:00:00Z",
        "verdict": "stopped",
        "said": "ada stopped it: the season is over",
    },
    "POST /v1/experiments/{id}/adopt": {
        "playbook": "own.warn",
        "choice": "a call",
        "before": None,
        "lately": 412,
        "newest": False,
        "otherwise": 207,
        "done": False,
        "against": "",
        "words": "'own.warn' makes the choice 'a call' wherever that is expected to bring something; elsewhere the one"
        " with the most expected value. For 207 of 412 decisions of the last 30 days the usual choice would have been"
        " another.",
    },
}

BODIES: dict[str, Any] = {
    "POST /v1/experiments": {
        "playbook": "own.warn",
        "name": "spring",
        "arms": ["a note", "a call"],
        "least": 0.1,
        "guards": [{"event": "sightline.contact.stopped", "within": "14 days"}],
        "check": True,
    },
    "POST /v1/experiments/{id}/stop": {"why": "the season is over"},
    "POST /v1/experiments/{id}/adopt": {"check": True},
}
