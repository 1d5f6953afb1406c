"""A small HTTP server that answers as it is told: real sockets, real bytes, one answer after the other."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

CLOSE = "close"
"""Instead of an answer: the connection ends."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A request as it arrived."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Says:
    """An answer."""

    status: int = 200
    body: Any = None
    """Bytes as they are; anything else as JSON."""
    headers: dict[str, str] = field(default_factory=dict)


Answer = Says | str
Script = Callable[[Seen], Answer]


@dataclass(slots=True)
class Server:
    """What it heard, and what it says next. The last answer is repeated."""

    url: str
    script: list[Answer] | Script = field(default_factory=list)
    heard: list[Seen] = field(default_factory=list)

    def next(self, seen: Seen) -> Answer:
        """The answer to a request."""
        self.heard.append(seen)
        if callable(self.script):
            return self.script(seen)
        return self.script[min(len(self.heard), len(self.script)) - 1]


def refusal(status: int, code: str, **headers: str) -> Says:
    """A problem document."""
    body = {"type": f"urn:sightline:error:{code}", "title": "No", "status": status, "detail": f"It is {code}.",
            "code": code, "hint": "Do otherwise.", "instance": "/v1/x"}  # fmt: skip
    told = {name.replace("_", "-"): value for name, value in headers.items()}
    return Says(status=status, body=body, headers={"Content-Type": "application/problem+json", **told})


@contextmanager
def serving() -> Iterator[Server]:
    """The server, as long as the block lasts."""
    door = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    door.daemon_threads = True
    server = Server(f"http://127.0.0.1:{door.server_address[1]}")
    door.said = server  # type: ignore[attr-defined]
    thread = Thread(target=door.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield server
    finally:
        door.shutdown()
        thread.join()
        door.server_close()


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"

    def _answer(self) -> None:
        body = self._chunks() if self.headers.get("Transfer-Encoding") else self._counted()
        seen = Seen(method=self.command, path=self.path, headers={k.lower(): v for k, v in self.headers.items()},
                    body=body)  # fmt: skip
        said = self.server.said.next(seen)  # type: ignore[attr-defined]
        if isinstance(said, str):
            self.close_connection = True
            return
        content = said.body if isinstance(said.body, bytes) else json.dumps(said.body).encode()
        content = b"" if said.body is None else content
        self.send_response(said.status)
        kind = {"Content-Type": "application/json", "Content-Length": str(len(content))}
        for name, value in {**kind, **said.headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def _counted(self) -> bytes:
        return self.rfile.read(int(self.headers.get("Content-Length") or 0))

    def _chunks(self) -> bytes:
        whole = b""
        while size := int(self.rfile.readline(), 16):
            whole += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return whole

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _answer  # noqa: N815

    def log_message(self, *_: Any) -> None:
        """Not a word beside the tests' own."""
