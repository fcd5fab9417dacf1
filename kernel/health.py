"""Whether a process lives, whether it can work, and its figures."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson
import structlog
from fastapi import FastAPI, Request, Response
from sqlalchemy import text

from kernel import telemetry
from kernel.access import SYSTEM
from kernel.broker import Broker, stream_name
from kernel.db import Database, unit_of_work

log = structlog.get_logger(__name__)

LAG_ALLOWED_S = 60.0
MEASURE_S = 5.0

# What is told again after a loss of the broker is old, but nobody waits for it first.
_OUTBOX = text(
    "SELECT count(*), coalesce(extract(epoch FROM clock_timestamp() -"
    " min(e.recorded_at) FILTER (WHERE NOT o.again)), 0)"
    " FROM outbox o JOIN event_log e USING (event_id)"
)


@dataclass(kw_only=True)
class Health:
    """What readiness looks at."""

    database: Database
    broker: Broker

    async def state(self) -> dict[str, Any]:
        """Each dependency's state; `ready` is true when all of them serve."""
        depth, lag = await self._untold()
        parts = {
            "database": lag is not None,
            "broker": self.broker.connected,
            "relay": lag is not None and lag < LAG_ALLOWED_S,
        }
        return {"ready": all(parts.values()), **parts, "relay_lag_seconds": lag, "untold": depth}

    async def _untold(self) -> tuple[int | None, float | None]:
        """How many facts wait to be published, and since when the oldest new one does."""
        try:
            async with asyncio.timeout(2), unit_of_work(self.database, SYSTEM) as session:
                depth, lag = (await session.execute(_OUTBOX)).one()
        except Exception:
            return None, None
        telemetry.OUTBOX_DEPTH.set(depth)
        telemetry.RELAY_LAG.set(float(lag))
        return depth, round(float(lag), 3)


def add_routes(application: FastAPI) -> None:
    """`/healthz` (alive), `/readyz` (database, broker, relay lag) and `/metrics`."""

    async def alive(_: Request) -> Response:
        return Response(b'{"alive":true}', media_type="application/json")

    async def ready(request: Request) -> Response:
        state = await request.app.state.health.state()
        status = 200 if state["ready"] else 503
        return Response(orjson.dumps(state), status_code=status, media_type="application/json")

    async def metrics(_: Request) -> Response:
        body, media_type = telemetry.metrics_endpoint()
        return Response(body, headers={"content-type": media_type})

    application.add_route("/healthz", alive)
    application.add_route("/readyz", ready)
    application.add_route("/metrics", metrics)


async def measure(
    database: Database, broker: Broker, *, service: str, publishers: Sequence[str]
) -> None:
    """Keep the gauges true: outbox depth, relay lag, what waits to be handled here."""
    stream = await broker.ready()
    health = Health(database=database, broker=broker)
    while True:
        await asyncio.sleep(MEASURE_S)
        await health.state()
        for publisher in publishers:
            try:
                info = await stream.consumer_info(stream_name(publisher), service)
            except Exception as reason:
                log.debug("lag.unknown", publisher=publisher, reason=repr(reason))
                continue
            telemetry.CONSUMER_LAG.labels(publisher).set(info.num_pending or 0)
