"""A proxy before one service that tells what reached it. Both run once for all tests."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field

import httpx
import pytest
from starlette.types import Receive, Scope, Send

from tests.gateway.proxy.peers import Service, gateway, served


@dataclass
class Stage:
    """Two servers that outlast a test, and the service that stands in for it."""

    service: Service = field(default_factory=Service)
    service_url: str = ""
    gateway_url: str = ""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.service(scope, receive, send)


@pytest.fixture(scope="session")
async def stage() -> AsyncIterator[Stage]:
    made = Stage()
    async with served(made) as made.service_url:
        upstreams = {"incidents": made.service_url, "tasks": made.service_url}
        async with gateway(upstreams) as made.gateway_url:
            yield made


@pytest.fixture
def service(stage: Stage) -> Iterator[Service]:
    stage.service = Service()
    yield stage.service
    stage.service.released.set()


@pytest.fixture
def service_url(stage: Stage, service: Service) -> str:
    return stage.service_url


@pytest.fixture
def url(stage: Stage, service: Service) -> str:
    return stage.gateway_url


@pytest.fixture
async def client(url: str) -> AsyncIterator[httpx.AsyncClient]:
    """A caller with an account."""
    headers = {"Authorization": "Bearer zhang"}
    async with httpx.AsyncClient(base_url=url, headers=headers) as made:
        yield made
