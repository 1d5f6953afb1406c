"""A destination that fails: it refuses some of what comes the first time, takes some without ever answering, and keeps
the rest of the connections open. What it took it remembers, by the name that each message was sent under.
"""

from __future__ import annotations

import json
import threading
import zlib
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

REFUSED, SILENT = {0, 1}, {2}
"""Of ten messages two are refused the first time, and one is taken without an answer the first time."""


@dataclass(slots=True)
class Taken:
    """What a destination took."""

    messages: dict[str, dict[str, Any]] = field(default_factory=dict)
    """By the name they were sent under: `key` and `about`."""
    times: Counter[str] = field(default_factory=Counter)
    """Name to how often it was taken."""
    refused: int = 0

    @property
    def repeated(self) -> int:
        """How many came again after they had been taken, under the same name."""
        return sum(times - 1 for times in self.times.values())


@contextmanager
def flaky() -> Iterator[tuple[str, Taken]]:
    """Such a destination on loopback, as long as the block lasts; gives its address and what it takes."""
    taken, tried, lock = Taken(), set[str](), threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            data = json.loads(self.rfile.read(int(self.headers["content-length"])))["data"]
            name = self.headers["webhook-id"]
            with lock:
                mood = None if name in tried else zlib.crc32(name.encode()) % 10
                tried.add(name)
                if mood in REFUSED:
                    taken.refused += 1
                else:
                    taken.messages[name] = {"key": data["key"], "about": data["about"]}
                    taken.times[name] += 1
            if mood in SILENT:
                self.close_connection = True
                return
            self.send_response(500 if mood in REFUSED else 200)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_said: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/", taken
    finally:
        server.shutdown()
        server.server_close()
