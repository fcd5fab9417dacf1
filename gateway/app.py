"""Wires the gateway: its own routes, and everything else to the services.

What belongs to a service goes to the forward path before any framework sees it, so that the
path most requests take stays short.
"""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final

from fastapi import FastAPI
from starlette.types import ASGIApp, Receive, Scope, Send

from gateway.documentation import api as documentation
from gateway.documentation.interface import Interface
from gateway.identity import administration, sessions
from gateway.identity import api as identity
from gateway.identity.callers import Callers
from gateway.identity.clients import Clients
from gateway.identity.directory import Directory
from gateway.identity.passwords import Hasher
from gateway.identity.signin import SignIn
from gateway.identity.tokens import AccessTokens
from gateway.own import OwnHealth, OwnRuntime, application
from gateway.policies import POLICIES
from gateway.proxy.caller import Caller, Sign
from gateway.proxy.protocol import GuardedProtocol
from gateway.proxy.proxy import Proxy
from gateway.proxy.settings import ProxySettings
from gateway.settings import Settings
from kernel import clock, keyring, logs, telemetry
from kernel.access import SYSTEM
from kernel.actor import ActorSigner
from kernel.audit import Sealer
from kernel.db import Database, let_go_of_idle, unit_of_work
from kernel.gcra import Limiter
from kernel.observed import Observed
from kernel.settings import ProcessRole
from kernel.web import Service, anchors, open_database, running

NAME: Final = "gateway"
_FORWARDED: Final = "/api/v1/"
_OWN: Final = ("/api/v1/auth/", "/api/v1/identity/", "/api/v1/dictionaries")

SERVED_BY: Final = {"exchange": "incidents"}
"""Outside names of rooms that stand in a service of another name."""

_TIDY_S = 60.0


def service() -> Service:
    """What the gateway itself is made of."""
    return Service(
        name=NAME,
        title="安链网关 Anlian gateway",
        routers=(identity.router, administration.router, documentation.router),
        policies=POLICIES,
    )


def build() -> ASGIApp:
    """The gateway, configured by the environment."""
    return assemble(Settings())


class Gateway:
    """Sends a request to the gateway's own routes or on to a service."""

    def __init__(
        self,
        own: FastAPI,
        forward: Proxy,
        *,
        spans: bool = False,
        http_protocol: type[GuardedProtocol] = GuardedProtocol,
    ) -> None:
        self.own = own
        self.http_protocol = http_protocol
        self.forward: ASGIApp = Observed(forward) if spans else forward

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            path: str = scope["path"]
            if path.startswith(_FORWARDED) and not path.startswith(_OWN):
                await self.forward(scope, receive, send)
                return
        await self.own(scope, receive, send)


@dataclass(kw_only=True)
class Parts:
    """What the gateway's requests share."""

    database: Database
    directory: Directory
    sign_in: SignIn
    callers: Callers


def assemble(settings: Settings) -> Gateway:
    """The gateway with given settings. Nothing is connected before it starts."""
    settings.refuse_unsafe()
    logs.configure(service=NAME, level=settings.log_level, mode=settings.mode)
    clock.follow(settings.clock_file)
    if settings.keys_file is not None:
        keyring.use(keyring.KeyRing.from_file(settings.keys_file))
    limits = ProxySettings(hosts=settings.hosts).with_rates_times(settings.limits_times)
    parts = _parts(settings, limits)
    upstreams = settings.upstreams | _aliases(settings.upstreams)
    forward = Proxy(upstreams, parts.callers.authenticate, _signing(settings), limits)
    own = application(service(), limits, _lifespan(settings, parts, forward))
    own.state.interface = Interface(settings.upstreams, own.openapi)
    own.state.sign_in = parts.sign_in
    own.state.sign_in_limiter = Limiter(settings.sign_in_rate)
    own.state.health = OwnHealth(parts.directory)
    own.state.runtime = OwnRuntime(
        name=NAME,
        database=parts.database,
        policies=POLICIES,
        verifier=None,
        callers=parts.callers,
    )
    return Gateway(
        own,
        forward,
        spans=settings.otlp_endpoint is not None,
        http_protocol=GuardedProtocol.behind(settings.ingresses),
    )


def _aliases(upstreams: dict[str, str]) -> dict[str, str]:
    return {name: upstreams[held] for name, held in SERVED_BY.items() if held in upstreams}


def _parts(settings: Settings, limits: ProxySettings) -> Parts:
    database = open_database(settings, name=NAME)
    directory = Directory(database)
    tokens = (
        AccessTokens.from_file(settings.token_key_file)
        if settings.token_key_file
        else AccessTokens.with_fresh_key()
    )
    return Parts(
        database=database,
        directory=directory,
        sign_in=SignIn(
            database=database,
            hasher=Hasher(threads=settings.hashing_threads),
            tokens=tokens,
            directory=directory,
        ),
        callers=Callers(
            tokens,
            directory,
            Clients(database),
            reserved=limits.reserved_routes,
            public=limits.public_routes,
        ),
    )


def _signing(settings: Settings) -> Sign:
    signer = ActorSigner.from_file(settings.actor_key_file)

    def sign(caller: Caller, name: str) -> str:
        audience = SERVED_BY.get(name, name)
        return signer.sign(caller.principal, audience=audience, now=clock.wall())

    return sign


def _lifespan(settings: Settings, parts: Parts, forward: Proxy) -> Any:
    @asynccontextmanager
    async def lifespan(own: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            stack.callback(telemetry.configure(service=NAME, endpoint=settings.otlp_endpoint))
            stack.push_async_callback(parts.database.close)
            stack.callback(parts.sign_in.hasher.close)
            stack.push_async_callback(forward.close)
            stack.push_async_callback(own.state.interface.close)
            await parts.directory.look()
            await stack.enter_async_context(running(_loops(settings, parts)))
            yield

    return lifespan


def _loops(settings: Settings, parts: Parts) -> list[Coroutine[Any, Any, None]]:
    loops = [parts.directory.run(), let_go_of_idle(parts.database)]
    if settings.role is not ProcessRole.API:
        sealer = Sealer(parts.database, anchors=anchors(settings, service=NAME))
        loops += [sealer.run(), _tidy(parts)]
    return loops


async def _tidy(parts: Parts) -> None:
    """Delete old nonces and sessions, once a minute."""
    while True:
        await asyncio.sleep(_TIDY_S)
        if parts.directory.reachable:
            async with unit_of_work(parts.database, SYSTEM) as session:
                await sessions.forget_old(session, now=clock.wall())
