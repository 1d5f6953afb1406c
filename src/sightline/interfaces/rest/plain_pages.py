"""Pages without any script, for those who come by a link from a message. Nobody else is let in by one."""

from __future__ import annotations

from html import escape

from fastapi.responses import HTMLResponse

_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}
_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{title}</title>
</head><body><h1>{title}</h1>{body}</body></html>
"""


def page(title: str, body: str, status: int = 200) -> HTMLResponse:
    """A page of this title; `body` is HTML."""
    return HTMLResponse(_PAGE.format(title=escape(title), body=body), status, _HEADERS)


def paragraph(*texts: str) -> str:
    """A paragraph of these lines, whatever stands in them."""
    return f"<p>{'<br>'.join(escape(line) for text in texts for line in text.splitlines())}</p>"


def unusable(why: str, status: int) -> HTMLResponse:
    """A link that leads to nothing."""
    return page("This link cannot be used", paragraph(why), status)
