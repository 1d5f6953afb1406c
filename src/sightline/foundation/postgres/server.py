"""The server a process works with: joined when it runs, started when not, stopped by the last one out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from sightline.foundation.postgres import external, roles
from sightline.foundation.postgres.cluster import OWNER, Cluster
from sightline.foundation.postgres.folder import prepared
from sightline.foundation.postgres.leases import Lease, exclusive
from sightline.foundation.postgres.postmaster import Postmaster, find
from sightline.foundation.postgres.programs import programs
from sightline.foundation.postgres.watch import Watch
from sightline.foundation.settings import Settings


@dataclass(frozen=True, slots=True)
class Server:
    """How to reach the database in its two roles."""

    owner_url: str = field(repr=False)
    app_url: str = field(repr=False)
    embedded: bool
    close: Callable[[], None]
    """Give up our share; the embedded server stops with the last one. Calling it again does nothing. Blocking."""
    pid: int | None = None
    """The embedded server's process when we joined; it changes when the server is started again after a crash."""
    port: int | None = None
    """The embedded server's port on loopback."""
    socket: Path | None = None
    """Folder of the embedded server's Unix socket, where its path is short enough."""


def open_server(settings: Settings) -> Server:
    """The server the settings name. Blocking, up to minutes after a crash: call it in a thread without a loop.

    Raises Misconfigured when a person must change something, Unavailable when it may work later.
    """
    if settings.database.url is not None:
        owner, app = roles.run(external.urls(settings.database))
        return Server(owner, app, embedded=False, close=lambda: None)
    return _embedded(settings.home, settings.database.port)


def running(home: Path) -> Postmaster | None:
    """The embedded server below `home` if it runs; nothing is started or made."""
    return find(home.resolve() / "pg" / "data")


def _embedded(home: Path, fixed: int | None) -> Server:
    folder = prepared(home)
    with exclusive(folder.lock):
        cluster = Cluster(folder, programs(folder.path, folder.account), fixed)
        process = cluster.ensure()
        passwords = cluster.secrets()
        lease = Lease(folder.shares)
        try:
            roles.run(roles.make(process.port, passwords))
        except BaseException:
            lease.release()
            raise
    watch = Watch(cluster)

    def close() -> None:
        watch.end()
        with exclusive(folder.lock):
            if lease.release():
                cluster.stop()

    return Server(
        roles.embedded_url(OWNER, passwords.owner, process.port),
        roles.embedded_url(roles.APP, passwords.app, process.port),
        embedded=True,
        close=close,
        pid=process.pid,
        port=process.port,
        socket=folder.run if folder.socket_fits() else None,
    )
