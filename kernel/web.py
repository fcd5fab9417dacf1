"""One call makes a service: routes, transactions, delivery, timers, health, metrics, problems."""

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import httpx
import structlog
from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import DBAPIError
from starlette.exceptions import HTTPException

from kernel import clock, health, keyring, logs, outbox, telemetry
from kernel.access import Policies
from kernel.actor import ActorVerifier
from kernel.audit import Sealer
from kernel.broker import Broker
from kernel.chain import Anchors
from kernel.consumer import Consumer, is_outage
from kernel.db import Database, DatabaseUnavailable, connect, let_go_of_idle
from kernel.files import Objects
from kernel.idempotency import TwinInProgress
from kernel.inbox import Subscription
from kernel.observed import Observed
from kernel.problems import Problem, catalogue
from kernel.relay import Reconciler, Relay
from kernel.rendering import render
from kernel.settings import ProcessRole, ServiceSettings
from kernel.timers import TimerKind, TimerWorker
from kernel.transactions import Runtime, TransactionalRoute
from kernel.validation import invalid

log = structlog.get_logger(__name__)

Worker = Callable[[Database, Broker], Coroutine[Any, Any, None]]
Again = Callable[[Database, bytes], Coroutine[Any, Any, None]]

_LOCK_NOT_AVAILABLE = "55P03"


@dataclass(frozen=True, kw_only=True)
class Service:
    """Everything a service is made of, on one page."""

    name: str
    title: str
    routers: Sequence[APIRouter]
    policies: Policies
    subscriptions: Sequence[Subscription] = ()
    timers: Sequence[TimerKind] = ()
    workers: Sequence[Worker] = field(default=())
    """Loops of the service's own: a spool to drain, letters to send."""
    letters: Mapping[str, Again] = field(default_factory=dict)
    """How that is done once more which the service itself set aside, by where it came from;
    a dead fact of another service goes to the subscriptions."""


def rooms(prefix: str, tag: str) -> APIRouter:
    """A router below `/api/v1` whose routes are transactions."""
    return APIRouter(prefix=f"/api/v1{prefix}", tags=[tag], route_class=TransactionalRoute)


class Application(FastAPI):
    """An application that also tells what it may refuse with."""

    def openapi(self) -> dict[str, Any]:
        """The interface; the gateway merges those of all services into one document."""
        return super().openapi() | {"x-problems": catalogue()}


def build(service: Service, settings: ServiceSettings) -> FastAPI:
    """Make the application of a service. Nothing is connected before it starts."""
    settings.refuse_unsafe()
    logs.configure(service=service.name, level=settings.log_level, mode=settings.mode)
    clock.follow(settings.clock_file)
    if settings.keys_file is not None:
        keyring.use(keyring.KeyRing.from_file(settings.keys_file))
    application = Application(
        title=service.title,
        version="1",
        openapi_url=f"/api/v1/{service.name}/openapi.json",
        docs_url=None,
        redoc_url=None,
        lifespan=_lifespan(service, settings),
    )
    for router in service.routers:
        application.include_router(router)
    health.add_routes(application)
    add_problem_handlers(application)
    application.add_middleware(Observed)
    return application


def _lifespan(service: Service, settings: ServiceSettings) -> Any:
    @asynccontextmanager
    async def lifespan(application: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            stop_traces = telemetry.configure(service=service.name, endpoint=settings.otlp_endpoint)
            stack.callback(stop_traces)
            database = open_database(settings, name=service.name)
            stack.push_async_callback(database.close)
            broker = Broker(
                settings.nats_url.get_secret_value(),
                name=service.name,
                replicas=settings.nats_replicas,
                monitor_url=None if settings.development else settings.nats_monitor_url,
            )
            stack.push_async_callback(broker.close)
            with suppress(httpx.HTTPError):  # one that is away is asked again before it is used
                await broker.refuse_unsafe()
            application.state.runtime = _runtime(service, settings, database)
            application.state.health = health.Health(database=database, broker=broker)
            await stack.enter_async_context(running(_loops(service, settings, database, broker)))
            yield

    return lifespan


def open_database(settings: ServiceSettings, *, name: str) -> Database:
    """The service's database, writing told facts before each commit."""
    database = connect(
        settings.database_url.get_secret_value(), pool_size=settings.pool_size, name=name
    )
    database.before_commit.append(outbox.record)
    return database


def _runtime(service: Service, settings: ServiceSettings, database: Database) -> Runtime:
    keys = settings.actor_jwks_file
    verifier = ActorVerifier.from_file(keys, audience=service.name) if keys else None
    return Runtime(
        name=service.name,
        database=database,
        policies=service.policies,
        verifier=verifier,
        objects=Objects.at(settings.objects_url) if settings.objects_url else None,
    )


def _loops(
    service: Service, settings: ServiceSettings, database: Database, broker: Broker
) -> list[Coroutine[Any, Any, None]]:
    """What runs beside the requests, by the role of this process."""
    loops = [
        broker.run(),
        Relay(database, broker, service=service.name).run(),
        let_go_of_idle(database),
    ]
    if settings.role is ProcessRole.API:
        return [*loops, *(worker(database, broker) for worker in service.workers)]
    return [
        *loops,
        Reconciler(database, broker, service=service.name).run(),
        TimerWorker(database, service.timers).run(),
        Sealer(database, anchors=anchors(settings, service=service.name)).run(),
        health.measure(database, broker, service=service.name, publishers=_publishers(service)),
        *(worker(database, broker) for worker in service.workers),
        *(consumer.run() for consumer in _consumers(service, database, broker)),
    ]


def anchors(settings: ServiceSettings, *, service: str) -> Anchors | None:
    """Where the heads of a service's audit chain are kept, if an object store is named."""
    return (
        Anchors(Objects.at(settings.objects_url), service=service) if settings.objects_url else None
    )


def _consumers(service: Service, database: Database, broker: Broker) -> list[Consumer]:
    turn = asyncio.Lock()
    return [
        Consumer(
            database,
            broker,
            service=service.name,
            publisher=publisher,
            subscriptions=[s for s in service.subscriptions if s.publisher == publisher],
            turn=turn,
        )
        for publisher in _publishers(service)
    ]


def _publishers(service: Service) -> list[str]:
    return sorted({subscription.publisher for subscription in service.subscriptions})


@asynccontextmanager
async def running(loops: Sequence[Coroutine[Any, Any, None]]) -> AsyncIterator[None]:
    """Run loops beside the application; one that ends by a fault takes the process down.

    A half-alive process would pass for a healthy one; its supervisor starts a whole one.
    """
    tasks = [asyncio.create_task(loop) for loop in loops]
    for task in tasks:
        task.add_done_callback(_fall_with)
    try:
        yield
    finally:
        for task in tasks:
            task.remove_done_callback(_fall_with)
            task.cancel()
        await asyncio.wait(tasks, timeout=5)


def _fall_with(task: asyncio.Task[None]) -> None:
    reason = None if task.cancelled() else task.exception()
    if reason is not None:
        log.critical("loop.failed", loop=task.get_coro().__qualname__, exc_info=reason)  # type: ignore[union-attr]  # a task made from a coroutine has one
        os._exit(70)


def add_problem_handlers(application: FastAPI) -> None:
    """Answer every refusal as a problem, and the unexpected as a bare 500."""

    async def on_problem(request: Request, reason: Exception) -> Response:
        return _answer(request, reason if isinstance(reason, Problem) else Problem())

    async def on_invalid(request: Request, reason: Exception) -> Response:
        assert isinstance(reason, RequestValidationError)
        return _answer(request, invalid(reason.errors()))

    async def on_status(request: Request, reason: Exception) -> Response:
        assert isinstance(reason, HTTPException)
        return _answer(request, _PLAIN.get(reason.status_code, Problem)())

    async def on_database(request: Request, reason: Exception) -> Response:
        return _answer(request, _database_problem(reason))

    application.add_exception_handler(Problem, on_problem)
    application.add_exception_handler(RequestValidationError, on_invalid)
    application.add_exception_handler(HTTPException, on_status)
    application.add_exception_handler(DBAPIError, on_database)
    application.add_exception_handler(OSError, on_database)
    application.add_exception_handler(Exception, on_problem)


def _database_problem(reason: Exception) -> Problem:
    original = getattr(reason, "orig", None)
    if getattr(original, "sqlstate", None) == _LOCK_NOT_AVAILABLE:
        twin = TwinInProgress()
        twin.headers["retry-after"] = "1"
        return twin
    if is_outage(reason):
        log.warning("database.unavailable", reason=repr(original or reason))
        return DatabaseUnavailable()
    log.error("request.failed", exc_info=reason)
    return Problem()


def _answer(request: Request, problem: Problem) -> Response:
    status, headers, body = render(
        problem, request.headers.get("accept-language"), request.scope["path"]
    )
    return Response(content=body, status_code=status, headers=headers)


class RouteNotFound(Problem):
    """There is no such path."""

    status = 404
    title_zh = "没有这个地址"
    title_en = "There is no such path"


class MethodNotAllowed(Problem):
    """The path exists, the method does not."""

    status = 405
    title_zh = "该地址不支持此方法"
    title_en = "The path does not take this method"


class MalformedRequest(Problem):
    """The request cannot be read."""

    status = 400
    title_zh = "请求无法解析"
    title_en = "The request cannot be read"


_PLAIN: dict[int, type[Problem]] = {
    400: MalformedRequest,
    404: RouteNotFound,
    405: MethodNotAllowed,
}
