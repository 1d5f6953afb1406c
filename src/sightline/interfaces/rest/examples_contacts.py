"""Examples of who is not to be contacted: by path, with the method before it where it is not GET."""

from __future__ import annotations

from typing import Any

_CONTACT = {"ref": "customer/17", "at": "2015-01-01T00:00:00Z", "by": "anna@example.com"}

ANSWERS: dict[str, Any] = {
    "/v1/contacts": {"next": None, "contacts": [_CONTACT]},
    "PUT /v1/contacts/{kind}/{key}": _CONTACT,
}
