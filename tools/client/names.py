"""What an operation is called: group and method, from its path and verb, so that a new route has a name at once."""

from __future__ import annotations

import keyword

NAMES = {
    "POST /v1/events": ("events", "record"),
    "GET /v1/status": ("", "status"),
    "GET /v1/metrics": ("", "metrics"),
    "GET /v1/catalog": ("", "catalog"),
    "GET /v1/search": ("", "search"),
    "GET /v1/me": ("me", "get"),
    "POST /v1/session": ("session", "open"),
    "DELETE /v1/session": ("session", "close"),
    "POST /v1/files": ("files", "upload"),
    "POST /v1/imports": ("imports", "start"),
    "POST /v1/questions": ("questions", "ask"),
    "PUT /v1/questions/{name}": ("questions", "declare"),
    "GET /v1/questions/{name}/predictions/{kind}/{key}": ("questions", "prediction"),
    "PUT /v1/contacts/{kind}/{key}": ("contacts", "stop"),
    "DELETE /v1/contacts/{kind}/{key}": ("contacts", "allow"),
    "POST /v1/questions/{name}/rollback": ("questions", "roll_back"),
}
"""Those that read better otherwise. An empty group: a method of the client itself."""

VERBS = {"GET": "get", "POST": "create", "PUT": "set", "PATCH": "update", "DELETE": "delete"}


def name_of(verb: str, path: str, *, page: bool) -> tuple[str, str]:
    """(group, method): `GET /v1/questions/{name}/proof` is `questions.proof`."""
    if f"{verb} {path}" in NAMES:
        return NAMES[f"{verb} {path}"]
    parts = path.removeprefix("/v1/").split("/")
    words = [word.replace("-", "_").replace(".", "_") for word in parts[1:] if not word.startswith("{")]
    group = parts[0].replace("-", "_")
    if not words:
        return group, "list" if verb == "GET" and (page or len(parts) == 1) else VERBS[verb]
    method = "_".join(words)
    return group, method if verb in {"GET", "POST"} else f"{VERBS[verb]}_{method}"


def identifier(name: str) -> str:
    """A name that Python takes."""
    plain = name.replace("-", "_").replace(".", "_")
    return f"{plain}_" if keyword.iskeyword(plain) else plain


def class_name(group: str) -> str:
    """`live_things` is `LiveThings`."""
    return "".join(part.capitalize() for part in group.split("_"))
