"""Keeps the embedded server up while we use it: one that died is started again; one stopped on purpose is left."""

from __future__ import annotations

import logging
import threading

from sightline.foundation.postgres.cluster import Cluster
from sightline.foundation.postgres.leases import exclusive
from sightline.language.errors import SightlineError

LOOK_SECONDS = 0.5
LONGEST_WAIT = 30.0
"""Between two attempts to start a server that will not start."""

_log = logging.getLogger(__name__)


class Watch:
    """A thread that looks after the server until it is ended."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._look, name="sightline-postgres-watch", daemon=True)
        self._thread.start()

    def end(self) -> None:
        """Stop looking; returns when the thread has ended."""
        self._ended.set()
        self._thread.join()

    def _look(self) -> None:
        wait = LOOK_SECONDS
        while not self._ended.wait(wait):
            wait = LOOK_SECONDS if revive(self._cluster) else min(LONGEST_WAIT, wait * 2)


def revive(cluster: Cluster) -> bool:
    """Start the server again if it has died; False when that failed, which is logged."""
    if not cluster.crashed():
        return True
    try:
        with exclusive(cluster.folder.lock):
            if cluster.crashed():
                _log.warning("The embedded database died; it is started again.")
                cluster.ensure()
    except (SightlineError, OSError) as error:
        _log.error("The embedded database could not be started again: %s", error)
        return False
    return True
