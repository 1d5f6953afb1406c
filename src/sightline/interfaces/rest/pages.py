"""The web app: one page for every path that is not the interface's, and the files it is made of.

The app is built from `web/` into the folder beside this file (`make web`); released wheels carry it. Its page is
answered anew each time, for the sake of a nonce under which the content security policy accepts its style elements.
"""

from __future__ import annotations

import secrets
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.routing import Match, Route
from starlette.types import Scope

BUILT = Path(__file__).parent / "web"
"""Where the built app stands."""

OURS = ("/v1", "/health", "/metrics", "/openapi.json", "/unsubscribe", "/answer")
"""Paths that belong to the interface, and what stands under them."""

INNER = ("", "index.html", "manifest.json", "proof.html")
"""Files that are answered in another way than as they are, or not at all."""

NONCE = "SIGHTLINE_NONCE"
"""The word in the built page that each answer replaces."""

ENCODINGS = (("br", ".br"), ("gzip", ".gz"))
"""What is stored beside a file, the smallest first."""

FOREVER = "public, max-age=31536000, immutable"
"""For files under /assets: their names change with their content."""

BRIEFLY = "public, max-age=300"
"""For the few files beside the page, such as its icon."""

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-{nonce}'; img-src 'self' data:; connect-src 'self';"
    " font-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
)
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
_UNBUILT = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Sightline</title></head>
<body><h1>Sightline runs; its web app has not been built</h1>
<p>In the folder of the source, run:</p><pre>make web</pre><p>Then load this page again.
The interface for programs is under <a href="/openapi.json">/v1</a>.</p></body></html>
"""


class Pages(Route):
    """All that a browser may ask for besides the interface. Stands after every other route."""

    def __init__(self, built: Path = BUILT) -> None:
        super().__init__("/{page:path}", self.answer, methods=["GET"], include_in_schema=False)
        self._built = built.resolve()

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Leave the interface's own paths alone: what is missing there is a problem document."""
        path: str = scope.get("path", "")
        if any(path == own or path.startswith(f"{own}/") for own in OURS):
            return Match.NONE, {}
        return super().matches(scope)

    async def answer(self, request: Request) -> Response:
        """A file of the app where there is one, else its page, which finds its way by the address."""
        name = request.path_params["page"]
        found = self._file(name)
        if found is not None:
            kept = FOREVER if name.startswith("assets/") else BRIEFLY
            return _encoded(found, request.headers.get("accept-encoding", ""), kept)
        if name.startswith("assets/"):
            raise HTTPException(404)
        return self._page()

    def _page(self) -> Response:
        nonce = secrets.token_urlsafe(16)
        try:
            content = (self._built / "index.html").read_text(encoding="utf-8").replace(NONCE, nonce)
        except FileNotFoundError:
            content = _UNBUILT
        policy = {"Content-Security-Policy": _POLICY.format(nonce=nonce), "Cache-Control": "no-store"}
        return HTMLResponse(content, headers={**_HEADERS, **policy})

    def _file(self, name: str) -> Path | None:
        """The file of that name, where it lies inside the built app and may be shown."""
        if "\0" in name or name in INNER:
            return None
        path = (self._built / name).resolve()
        return path if path.is_relative_to(self._built) and path.is_file() else None


def _encoded(path: Path, accepted: str, kept: str) -> Response:
    """The smallest stored form of a file that the browser takes."""
    headers = {**_HEADERS, "Cache-Control": kept, "Vary": "Accept-Encoding"}
    taken = _accepted(accepted)
    media = _MEDIA.get(path.suffix)
    for coding, ending in ENCODINGS:
        smaller = path.with_name(path.name + ending)
        if coding in taken and smaller.is_file():
            return FileResponse(smaller, headers={**headers, "Content-Encoding": coding}, media_type=media)
    return FileResponse(path, headers=headers, media_type=media)


def _accepted(header: str) -> set[str]:
    """The codings of an Accept-Encoding header, without those it refuses (`q=0`)."""
    asked = (one.partition(";") for one in header.lower().split(","))
    return {name.strip() for name, _, weight in asked if weight.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00")}


_MEDIA = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
}
"""Told by us: what the machine's own table says of them differs from system to system."""
