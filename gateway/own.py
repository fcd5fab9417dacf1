"""The gateway's own routes as an application: identity, documentation, health, figures."""

from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gateway.identity.callers import Callers
from gateway.identity.directory import Directory
from gateway.proxy.bodies import ClientGone, collect, refuse_larger
from gateway.proxy.heads import screen
from gateway.proxy.settings import ProxySettings
from kernel import health
from kernel.access import Principal
from kernel.observed import Observed
from kernel.problems import Problem
from kernel.rendering import render
from kernel.transactions import Runtime
from kernel.web import Service, add_problem_handlers

BODY_LIMIT = 65_536


@dataclass(kw_only=True)
class OwnRuntime(Runtime):
    """Knows actors by their own proof instead of by a statement of the gateway's."""

    callers: Callers

    async def identify(self, request: Request) -> Principal:
        """The caller, or a refusal."""
        body = await request.body()
        caller = await self.callers.authenticate(request.scope, request.headers, body)
        return caller.principal


@dataclass(frozen=True)
class OwnHealth:
    """What the gateway's readiness looks at: the database. It tells no events yet."""

    directory: Directory

    async def state(self) -> dict[str, Any]:
        """Whether the database answers; reports are taken even while it does not."""
        await self.directory.look()
        reachable = self.directory.reachable
        return {"ready": reachable, "database": reachable}


class Guarded:
    """Holds the gateway's own routes to what the forward path asks of heads and bodies."""

    def __init__(self, app: ASGIApp, settings: ProxySettings) -> None:
        self._app = app
        self._settings = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        try:
            body = await self._screened(scope, receive)
        except Problem as problem:
            await _refuse(problem, scope, receive, send)
        except ClientGone:
            return
        else:
            await self._app(scope, _given(body, receive), send)

    async def _screened(self, scope: Scope, receive: Receive) -> bytes:
        target = len(scope["raw_path"]) + len(scope["query_string"])
        head = screen(scope["method"], target, list(scope["headers"]), self._settings)
        refuse_larger(head.length, BODY_LIMIT)
        if not head.has_body:
            return b""
        return await collect(receive, limit=BODY_LIMIT, within=self._settings.body_within)


async def _refuse(problem: Problem, scope: Scope, receive: Receive, send: Send) -> None:
    language = dict(scope["headers"]).get(b"accept-language", b"").decode("latin-1")
    status, headers, body = render(problem, language, scope["path"])
    await Response(body, status, headers)(scope, receive, send)


def _given(body: bytes, receive: Receive) -> Receive:
    """A body that was received already, and after it whatever else comes."""
    told = False

    async def again() -> Message:
        nonlocal told
        if told:
            return await receive()
        told = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again


def application(service: Service, settings: ProxySettings, lifespan: Any) -> FastAPI:
    """The application; nothing is connected before it starts."""
    own = FastAPI(
        title=service.title,
        version="1",
        openapi_url=None,  # the merged document holds it
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
    )
    for router in service.routers:
        own.include_router(router)
    health.add_routes(own)
    add_problem_handlers(own)
    own.add_middleware(Guarded, settings=settings)
    own.add_middleware(Observed)
    return own
