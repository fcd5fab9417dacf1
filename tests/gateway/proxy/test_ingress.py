"""Whose word is taken for the client's address."""

from ipaddress import ip_network

import httpx
import pytest

from gateway.proxy.ingress import client_of
from kernel.gcra import Rate
from tests.gateway.proxy.peers import Service, gateway

PATH = "/api/v1/tasks/plans"
OURS = (ip_network("10.0.0.0/8"), ip_network("fd00::/8"))
HERE = (ip_network("127.0.0.0/8"),)


@pytest.mark.parametrize(
    ("said", "client"),
    [
        (["8.8.8.8"], "8.8.8.8"),
        (["1.2.3.4, 8.8.8.8"], "8.8.8.8"),
        (["1.2.3.4", "8.8.8.8, 10.0.0.7"], "8.8.8.8"),
        (["8.8.8.8, 10.0.0.7, fd00::1"], "8.8.8.8"),
        (["2001:db8::7"], "2001:db8::7"),
        (["10.0.0.7"], None),
        (["8.8.8.8, somebody"], None),
        ([""], None),
        ([], None),
    ],
)
def test_the_nearest_address_that_is_not_ours_is_the_clients(
    said: list[str], client: str | None
) -> None:
    headers = [(b"x-forwarded-for", each.encode()) for each in said]
    assert client_of(headers, OURS) == client


async def statuses(url: str, addresses: list[str]) -> list[int]:
    async with httpx.AsyncClient(base_url=url, headers={"Authorization": "Bearer li"}) as client:
        return [
            (await client.get(PATH, headers={"X-Forwarded-For": each})).status_code
            for each in addresses
        ]


async def test_a_claimed_address_does_not_escape_the_limit(service_url: str) -> None:
    async with gateway({"tasks": service_url}, address_rate=Rate(0.01, 2)) as url:
        assert await statuses(url, ["1.1.1.1", "2.2.2.2", "3.3.3.3"]) == [200, 200, 429]


async def test_behind_our_own_proxy_each_client_has_its_own_limit(
    service_url: str, service: Service
) -> None:
    few = Rate(0.01, 1)
    async with gateway({"tasks": service_url}, ingresses=HERE, address_rate=few) as url:
        assert await statuses(url, ["1.1.1.1", "2.2.2.2", "9.9.9.9, 2.2.2.2"]) == [200, 200, 429]
    told = dict(map(tuple, service.seen[-1]["headers"]))
    assert told["x-forwarded-for"] == "2.2.2.2"


async def test_our_own_proxy_tells_the_scheme(service_url: str, service: Service) -> None:
    async with gateway({"tasks": service_url}, ingresses=HERE) as url:
        headers = {"Authorization": "Bearer li", "X-Forwarded-Proto": "https"}
        async with httpx.AsyncClient(base_url=url, headers=headers) as client:
            await client.get(PATH)
    assert ["x-forwarded-proto", "https"] in service.seen[-1]["headers"]
