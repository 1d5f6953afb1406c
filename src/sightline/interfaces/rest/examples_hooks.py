"""Examples of the endpoints that other systems post to: by path, with the method before it where it is not GET."""

from __future__ import annotations

from typing import Any

_MAPPING = 'source = "shop"\nkind = "order"\nkey = ["data.id"]\n\n[columns]\n"data.total" = { sort = "number" }\n'
_HOOK: dict[str, Any] = {
    "name": "shop",
    "source": "shop",
    "scheme": "standard",
    "options": {
        "signature_header": "webhook-signature",
        "timestamp_header": "webhook-timestamp",
        "id_header": "webhook-id",
        "id_field": "",
        "algorithm": "sha256",
        "encoding": "base64",
        "prefix": "v1,",
        "layout": "{id}.{timestamp}.{body}",
    },
    "address": "https://sightline.example.com/v1/in/" + "kN3w" * 19,
    "mapped": True,
    "each": "",
    "made_at": "2014-12-01T09:00:00Z",
    "disabled_at": None,
    "taken_at": "2015-01-01T00:00:00Z",
    "refused_at": None,
    "refused_why": "",
}
_MADE = {**_HOOK, "taken_at": None, "secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"}
_EVENT = {
    "type": "order.described",
    "subject": "order/17",
    "time": "2015-01-01T00:00:00Z",
    "known_at": "2015-01-01T00:00:00Z",
    "data": {"data_total": 120.5},
}

ANSWERS: dict[str, Any] = {
    "/v1/hooks": {"hooks": [_HOOK]},
    "POST /v1/hooks": _MADE,
    "POST /v1/hooks/{name}/rotate": _MADE,
    "POST /v1/hooks/{name}/test": {"events": [_EVENT], "misfits": []},
}

BODIES: dict[str, Any] = {
    "POST /v1/hooks": {"name": "shop", "scheme": "standard", "mapping": _MAPPING},
    "POST /v1/hooks/{name}/rotate": {},
    "POST /v1/hooks/{name}/switch": {"on": False},
    "POST /v1/hooks/{name}/test": {"body": '{"data": {"id": 17, "total": 120.5}}'},
}
