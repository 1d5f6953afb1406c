"""Whether the process runs, whether it can serve, and its figures."""

from __future__ import annotations

import asyncio

from fastapi.responses import Response

from sightline.foundation import cursors
from sightline.foundation.telemetry import workspace_text
from sightline.interfaces.rest import models
from sightline.interfaces.rest.context import Rest
from sightline.interfaces.rest.needs import Reader, RestDep, room
from sightline.kernel.observe import quarantine, staging
from sightline.language.errors import Unavailable

ANSWER_SECONDS = 2.0
"""A database that needs longer for nothing at all is not ready."""

LATEST_SECONDS = 5.0
"""An event loop that wakes up later than this is not fit to take requests."""

METRICS = "text/plain; version=0.0.4; charset=utf-8"

health = room("operation", prefix="")
metrics = room("operation", prefix="")


@health.get("/live")
async def get_live() -> models.Live:
    """The process runs; nothing else is looked at. Open to everybody."""
    return models.Live(status="live")


@health.get("/ready")
async def get_ready(rest: RestDep) -> models.Ready:
    """The database answers, it has the shape this version needs, the event loop is awake. Open to everybody."""
    schema = await _schema(rest)
    lag = rest.loop_lag()
    if lag > LATEST_SECONDS:
        raise Unavailable(f"The event loop woke up {lag:.1f} s late.", hint="Try again in a moment.")
    return models.Ready(status="ready", schema_version=schema, loop_lag_seconds=round(lag, 4))


@metrics.get("/metrics", response_class=Response, responses={200: {"content": {METRICS: {}}}})
async def get_metrics(rest: RestDep, caller: Reader) -> Response:
    """Figures for Prometheus: of this process, and of the caller's workspace."""
    async with rest.desk.db.transaction(caller.tenant.number) as tx:
        staged, _ = await staging.waiting(tx)
        waiting = await quarantine.count(tx)
        lags = await cursors.lags(tx)
    own = workspace_text(caller.tenant.name, lags=lags, staged=staged, quarantined=waiting)
    return Response(rest.telemetry.text() + own, media_type=METRICS)


async def _schema(rest: Rest) -> str:
    try:
        async with asyncio.timeout(ANSWER_SECONDS), rest.desk.owner.transaction(None) as tx:
            return str(await tx.value("select version_num from sightline.alembic_version"))
    except TimeoutError:
        raise Unavailable("The database does not answer in time.", hint="Run `sightline doctor`.") from None
