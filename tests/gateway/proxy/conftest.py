"""A proxy before one service that tells what reached it."""

from collections.abc import AsyncIterator

import httpx
import pytest

from tests.gateway.proxy.peers import Service, gateway, served


@pytest.fixture
def service() -> Service:
    return Service()


@pytest.fixture
async def service_url(service: Service) -> AsyncIterator[str]:
    async with served(service) as url:
        yield url
        service.released.set()


@pytest.fixture
async def url(service_url: str) -> AsyncIterator[str]:
    async with gateway({"incidents": service_url, "tasks": service_url}) as address:
        yield address


@pytest.fixture
async def client(url: str) -> AsyncIterator[httpx.AsyncClient]:
    """A caller with an account."""
    headers = {"Authorization": "Bearer zhang"}
    async with httpx.AsyncClient(base_url=url, headers=headers) as made:
        yield made
