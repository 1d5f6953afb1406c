"""A proof as one HTML file: the web app's own page of it, built as a single file, with the document put inside."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import msgspec

from sightline.interfaces.rest.pages import BUILT
from sightline.language.errors import Misconfigured

NAME = "proof.html"
"""What `make web` calls the file that waits for a proof."""

PLACE = '<script type="application/json" id="proof">null</script>'
"""Where the proof goes."""

_POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">')
_ALONE = "frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
"""What a file cannot say of itself."""


def policy(page: str) -> str:
    """For a browser that is answered with the file: what it allows itself, which is one script by its digest."""
    found = _POLICY.search(page)
    return f"{found[1]}; {_ALONE}" if found else f"default-src 'none'; {_ALONE}"


def html(document: dict[str, Any], unit: str | None, built: Path | None = None) -> str:
    """The file of a proof; `unit` is that of the money at stake. Raises Misconfigured when the app was not built."""
    try:
        page = ((built or BUILT) / NAME).read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise Misconfigured(
            "A proof as a file needs the web app, which has not been built.",
            hint="In the folder of the source, run `make web`; released wheels carry it.",
        ) from error
    before, place, after = page.partition(PLACE)
    if not place:
        raise Misconfigured(f"The built {NAME} has no place for a proof.", hint="Build the web app anew: `make web`.")
    return f"{before}{place.replace('null', _inside({'proof': document, 'unit': unit}))}{after}"


def _inside(value: Any) -> str:
    """JSON that cannot end the element it stands in, nor begin a comment there."""
    return msgspec.json.encode(value, enc_hook=str).decode().replace("<", "\\u003c")
