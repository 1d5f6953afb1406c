"""Examples of long work, imports and asking: by path, with the method before it where it is not GET."""

from __future__ import annotations

from typing import Any

_LINE = "predict absent line.delivered until promised_on for line before promised_on 30 days grace 21 days worth value"
_OWN = "own.absent_line_delivered_by_promised_on"
_ASKS = "Will this order line be undelivered on the day it was promised?"
_FILE = "4f1b2c3d4e5f60718293a4b5c6d7e8f9"
_BATCH = "20261121-9f86d081"
_TEXT = 'source = "lines"\nkind = "line"\nkey = "ID"\n\n[columns]\n"Value" = { sort = "number", unit = "USD" }\n'
_MAPPING = {"source": "lines", "kind": "line", "key": "ID", "columns": {"Value": {"sort": "number", "unit": "USD"}}}

_COUNTS = {"rows": 10324, "events": 31876, "repeated": 0, "revised": 0, "staged": 12, "quarantined": 1}
_IMPORT: dict[str, Any] = {
    "id": "9f86d081884c7d65",
    "what": "import",
    "about": "lines.csv",
    "state": "done",
    "done": 10324,
    "of": None,
    "note": "10,324 rows, 31,876 events",
    "result": {"batch": _BATCH, **_COUNTS},
    "problem": None,
    "by": "owner",
    "made_at": "2026-11-21T09:30:00Z",
    "started_at": "2026-11-21T09:30:00.021Z",
    "ended_at": "2026-11-21T09:30:09.5Z",
}
_NEW = {"state": "waiting", "done": None, "note": "", "result": None, "started_at": None, "ended_at": None}
_UNDO = {**_IMPORT, **_NEW, "what": "undo", "about": _BATCH}
_REPLAY = {**_IMPORT, **_NEW, "what": "replay", "about": "quarantine 3"}
_TRAIN = {**_IMPORT, **_NEW, "what": "train", "about": _OWN}

_PREVIEW: dict[str, Any] = {
    "mapping": _MAPPING,
    "text": _TEXT,
    "doubts": [],
    "rows": [["82108", "128400"]],
    "events": [
        {
            "type": "line.described",
            "subject": "line/82108",
            "time": "2014-10-02T00:00:00Z",
            "known_at": "2014-10-02T00:00:00Z",
            "data": {"value": 128400.0},
        }
    ],
    "misfits": [{"line": 17, "reason": "Column 'Value': 'a few' is no number."}],
}
_COLUMN = {"filled": 1.0, "distinct": 10324, "why": "no two rows share one"}
_HELD = {
    "number": 3,
    "source": "lines",
    "batch": _BATCH,
    "line": 17,
    "reason": "Column 'Value': 'a few' is no number.",
    "at": "2026-11-21T09:30:04Z",
    "replayed_at": None,
    "discarded_at": None,
}

ANSWERS: dict[str, Any] = {
    "/v1/jobs": {"next": None, "jobs": [_IMPORT]},
    "/v1/jobs/{id}": _IMPORT,
    "POST /v1/jobs/{id}/cancel": {**_IMPORT, "state": "running", "result": None, "ended_at": None},
    "POST /v1/files": {"id": _FILE, "name": "lines.csv", "bytes": 3181284},
    "/v1/files/{id}/proposal": {
        **_PREVIEW,
        "doubts": ["No column dates anything: all of it is assumed known from the start."],
        "columns": [
            {"column": "ID", "role": "key of line", "examples": ["82108"], **_COLUMN},
            {"column": "Value", "role": "number in USD", "examples": ["128400"], **_COLUMN, "why": ""},
        ],
    },
    "POST /v1/files/{id}/preview": _PREVIEW,
    "POST /v1/imports": {**_IMPORT, **_NEW},
    "/v1/imports": {
        "next": None,
        "imports": [
            {
                "id": _BATCH,
                "source": "lines",
                "file": "lines.csv",
                "started_at": "2026-11-21T09:30:00.021Z",
                "finished_at": "2026-11-21T09:30:08.9Z",
                "undone_at": None,
                **_COUNTS,
            }
        ],
    },
    "POST /v1/imports/{batch}/undo": _UNDO,
    "/v1/quarantine": {"next": None, "rows": [_HELD], "total": 1},
    "/v1/quarantine/{number}": {**_HELD, "cells": {"ID": "82110", "Value": "a few"}, "raw": None},
    "POST /v1/quarantine/replay": _REPLAY,
    "POST /v1/quarantine/discard": {"discarded": 1},
    "POST /v1/questions/check": {
        "line": _LINE,
        "of": "line",
        "asks": _ASKS,
        "name": _OWN,
        "form": "chance",
        "unit": None,
        "eligible": 8920,
        "examples": 8122,
        "yes": 1043,
        "open": 98,
        "later": 700,
        "excluded": {"answered_before_cutoff": 841},
        "enough": True,
        "words": "8,122 lines of the past can be learned from, 1,043 of them 'late': that is enough to train a model"
        " and to judge it. 98 would be forecast now, 700 on a later day.",
    },
    "/v1/questions/suggested": {"lines": [_LINE]},
    "POST /v1/questions": _TRAIN,
    "PUT /v1/questions/{name}": {"name": "own.late", "line": _LINE, "of": "line", "asks": _ASKS},
    "POST /v1/questions/{name}/train": _TRAIN,
}

BODIES: dict[str, Any] = {
    "POST /v1/files/{id}/preview": {"mapping": _MAPPING},
    "POST /v1/imports": {"file": _FILE, "text": _TEXT},
    "POST /v1/quarantine/replay": {"numbers": [3], "changes": {"Value": "3"}, "overwrite": False},
    "POST /v1/quarantine/discard": {"numbers": [4, 5]},
    "POST /v1/questions/check": {"line": _LINE},
    "PUT /v1/questions/{name}": {"line": _LINE, "asks": _ASKS, "yes": "late", "no": "on time"},
    "POST /v1/questions": {"line": _LINE, "name": "own.late", "asks": _ASKS, "yes": "late", "no": "on time"},
}
