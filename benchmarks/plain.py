"""The framework alone: a route that answers fixed bytes (from standard input). `python -m benchmarks.plain PORT`.

What `benchmarks.reads` holds itself against: no other limit of this machine is as near.
"""

from __future__ import annotations

import sys

import uvicorn
from fastapi import FastAPI
from starlette.responses import Response


def main() -> int:
    """Serve until stopped; what is answered comes on standard input."""
    body = sys.stdin.buffer.read()
    app = FastAPI()

    @app.get("/v1/questions/{name}/predictions/{kind}/{key}")
    async def one(name: str, kind: str, key: str) -> Response:
        return Response(body, media_type="application/json")

    uvicorn.run(
        app, host="127.0.0.1", port=int(sys.argv[1]), http="httptools", log_level="error", access_log=False,
        lifespan="off", server_header=False,
    )  # fmt: skip
    return 0


if __name__ == "__main__":
    sys.exit(main())
