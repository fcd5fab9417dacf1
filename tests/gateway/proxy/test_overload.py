"""Under load: reports are accepted when everything else is shed, and floods are slowed."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest

from gateway.proxy.admission import Admission
from gateway.proxy.lanes import Lane, Lanes, Overloaded
from kernel.addresses import network
from kernel.gcra import Rate
from tests.eventually import eventually
from tests.gateway.proxy.peers import REPORTS, Service, gateway

FEW = {"general": 10, "reserved": 2, "per_service": 10}
REPORT = {"kind": "quick"}


@asynccontextmanager
async def loaded(service_url: str, service: Service) -> AsyncIterator[httpx.AsyncClient]:
    """A gateway whose general lanes are all taken by requests that hang."""
    limits = httpx.Limits(max_connections=None)
    async with (
        gateway({"incidents": service_url, "tasks": service_url}, **FEW) as url,
        httpx.AsyncClient(
            base_url=url, headers={"Authorization": "Bearer zhang"}, limits=limits
        ) as client,
        asyncio.TaskGroup() as group,
    ):
        for _ in range(20):
            group.create_task(client.post("/api/v1/incidents/hang"))
        await eventually(lambda: service.arrived == 10)
        yield client
        service.released.set()


async def accepted_under_load(service_url: str, service: Service) -> list[int]:
    async with loaded(service_url, service) as client:
        return [(await client.post(REPORTS, json=REPORT)).status_code for _ in range(20)]


async def test_reports_are_accepted_when_everything_else_is_shed(
    service_url: str, service: Service
) -> None:
    assert await accepted_under_load(service_url, service) == [201] * 20


async def test_losing_the_reserved_lane_is_caught(
    service_url: str, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Admission, "_lane", lambda self, scope: Lane.WRITE)
    assert await accepted_under_load(service_url, service) == [503] * 20


async def test_what_is_shed_is_told_when_to_come_back(service_url: str, service: Service) -> None:
    async with loaded(service_url, service) as client:
        for path in ("/api/v1/tasks/plans", "/api/v1/incidents/accidents"):
            shed = await client.get(path, headers={"Accept-Language": "en"})
            assert (shed.status_code, shed.json()["type"]) == (503, "/problems/overloaded")
            assert int(shed.headers["retry-after"]) > 0
        arrived = service.arrived
        assert arrived == 10


async def test_the_lanes_are_free_again_when_their_requests_have_gone(
    service_url: str, service: Service
) -> None:
    async with loaded(service_url, service) as client:
        service.released.set()

        async def accepted() -> bool:
            return (await client.get("/api/v1/tasks/plans")).status_code == 200

        await eventually(accepted)
        assert all([await accepted() for _ in range(20)])


async def test_a_caller_may_be_given_the_reserved_lane(service_url: str, service: Service) -> None:
    async with loaded(service_url, service) as client:
        urgent = {"Authorization": "Bearer urgent"}
        answer = await client.get("/api/v1/incidents/accidents", headers=urgent)
        assert answer.status_code == 200


def entered(lanes: Lanes, lane: Lane, service: str = "tasks") -> int:
    """How many more requests a lane takes."""
    count = 0
    while True:
        try:
            lanes.enter(lane, service)
        except Overloaded:
            return count
        count += 1


def test_reads_give_way_before_writes_and_reports_to_nobody() -> None:
    lanes = Lanes(general=100, reserved=20, per_service=100)
    assert entered(lanes, Lane.READ) == 80
    assert entered(lanes, Lane.WRITE) == 20
    assert entered(lanes, Lane.RESERVED, "incidents") == 20
    lanes.leave("tasks")
    assert entered(lanes, Lane.WRITE) == 0
    assert entered(lanes, Lane.RESERVED, "incidents") == 1


def test_one_slow_service_does_not_take_the_room_of_the_others() -> None:
    lanes = Lanes(general=100, reserved=20, per_service=60)
    assert entered(lanes, Lane.WRITE, "tasks") == 60
    assert entered(lanes, Lane.WRITE, "inspections") == 40
    assert entered(lanes, Lane.RESERVED, "tasks") == 20


@asynccontextmanager
async def limited(service_url: str, **rates: Rate) -> AsyncIterator[httpx.AsyncClient]:
    async with (
        gateway({"incidents": service_url, "tasks": service_url}, **rates) as url,
        httpx.AsyncClient(base_url=url, headers={"Accept-Language": "en"}) as client,
    ):
        yield client


async def asked(client: httpx.AsyncClient, name: str, times: int, path: str) -> list[int]:
    method = "POST" if path == REPORTS else "GET"
    headers = {"Authorization": f"Bearer {name}"}
    return [(await client.request(method, path, headers=headers)).status_code for _ in range(times)]


async def test_an_account_that_asks_too_often_is_slowed_alone(service_url: str) -> None:
    async with limited(service_url, account_rate=Rate(0.5, 3)) as client:
        path = "/api/v1/tasks/plans"
        assert await asked(client, "zhang", 5, path) == [200, 200, 200, 429, 429]
        assert await asked(client, "li", 3, path) == [200, 200, 200]
        slowed = await client.get(path, headers={"Authorization": "Bearer zhang"})
        assert slowed.headers["retry-after"] == "2"
        assert slowed.json() | {"instance": ""} == {
            "type": "/problems/too-many-requests",
            "title": "Too many requests",
            "status": 429,
            "detail": "Try again in 2 s",
            "per": "account",
            "retry_after": 2,
            "instance": "",
        }


async def test_an_address_that_asks_too_often_is_slowed_before_anybody_is_looked_up(
    service_url: str, service: Service
) -> None:
    async with limited(service_url, address_rate=Rate(0.5, 3)) as client:
        answers = [await client.get("/api/v1/tasks/plans") for _ in range(5)]
        assert [answer.status_code for answer in answers] == [401, 401, 401, 429, 429]
        assert answers[-1].json()["per"] == "address"
    assert service.arrived == 0


async def test_an_account_slowed_elsewhere_still_reports(service_url: str) -> None:
    few = Rate(0.5, 1)
    async with limited(service_url, account_rate=few, address_rate=few) as client:
        assert await asked(client, "zhang", 3, "/api/v1/tasks/plans") == [200, 429, 429]
        assert await asked(client, "zhang", 5, REPORTS) == [201] * 5


async def test_reports_have_a_limit_of_their_own(service_url: str) -> None:
    async with limited(service_url, reserved_rate=Rate(0.5, 2)) as client:
        assert await asked(client, "zhang", 4, REPORTS) == [201, 201, 429, 429]


@pytest.mark.parametrize(
    ("host", "holder"),
    [
        ("10.1.2.3", "10.1.2.3"),
        ("2001:db8:1:2:aaaa::1", "20010db800010002/64"),
        ("2001:db8:1:2:bbbb::2", "20010db800010002/64"),
        ("::ffff:10.1.2.3", "10.1.2.3"),
        ("fe80::1%eth0", "fe80000000000000/64"),
        ("unknown", "unknown"),
    ],
)
def test_an_address_stands_for_its_holder(host: str, holder: str) -> None:
    assert network(host) == holder
