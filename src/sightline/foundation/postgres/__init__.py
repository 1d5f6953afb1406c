"""PostgreSQL: an embedded server under our own supervision, or any other by URL."""

from sightline.foundation.postgres.server import Server, open_server, running

__all__ = ["Server", "open_server", "running"]
