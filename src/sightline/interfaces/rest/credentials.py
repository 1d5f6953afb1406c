"""What a request says about who is calling: a token or a cookie, the workspace, and where it comes from."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.requests import HTTPConnection
from starlette.responses import Response

from sightline.foundation.identity.sessions import LONGEST
from sightline.language.errors import Forbidden

WORKSPACE = "sightline-workspace"
"""Header that names the workspace."""

COOKIE = "sightline_session"

STREAM = "/v1/stream"
"""Opened by browsers that cannot send headers with it: `?workspace=` is read there, and nowhere else."""

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True, slots=True)
class Credential:
    """A secret and how it came. The header wins: it is sent on purpose, a cookie comes along by itself."""

    secret: str
    cookie: bool

    @classmethod
    def of(cls, request: HTTPConnection) -> Credential:
        """What a request carries; an empty secret where it carries none."""
        given = request.headers.get("authorization")
        if given is not None:
            scheme, _, token = given.partition(" ")
            return cls(token.strip() if scheme.lower() == "bearer" else "", cookie=False)
        return cls(request.cookies.get(COOKIE, ""), cookie=COOKIE in request.cookies)


def workspace_of(request: HTTPConnection) -> str | None:
    """The workspace a request names, or None."""
    named = request.headers.get(WORKSPACE)
    if not named and request.scope["path"] == STREAM:
        named = request.query_params.get("workspace")
    return named or None


def check_origin(request: HTTPConnection, *, needed: bool = True) -> None:
    """Another site may not act with the cookie of ours. Raises Forbidden.

    `needed`: the request must prove where it comes from (browsers do); otherwise only what is said must be right.
    """
    origin, site = request.headers.get("origin"), request.headers.get("sec-fetch-site")
    if origin is not None:
        ours = urlsplit(origin).netloc.lower() == request.headers.get("host", "").lower() != ""
    else:
        ours = site == "same-origin" or (site is None and not needed)
    if not ours:
        raise Forbidden(
            "This request comes from another site than the session does, or does not say from where.",
            hint="Programs send 'Authorization: Bearer TOKEN' instead of the cookie. A proxy must pass 'Host' on.",
        )


def keep(request: HTTPConnection, response: Response, secret: str) -> None:
    """Have the browser keep a session."""
    response.set_cookie(
        COOKIE, secret, max_age=int(LONGEST.total_seconds()), path="/", httponly=True, samesite="strict",
        secure=_by_https(request),
    )  # fmt: skip


def drop(request: HTTPConnection, response: Response) -> None:
    """Have the browser forget its session."""
    response.delete_cookie(COOKIE, path="/", httponly=True, samesite="strict", secure=_by_https(request))


def _by_https(request: HTTPConnection) -> bool:
    # What a proxy says is believed here: whoever lies about it only keeps their own cookie from being sent.
    return request.url.scheme == "https" or request.headers.get("x-forwarded-proto") == "https"
