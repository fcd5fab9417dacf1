"""What the measurements are made with: ratios of pairs, and the load generator."""

import asyncio
import itertools
from collections.abc import AsyncIterator

import pytest

from tests.gateway.proxy.peers import Service, served
from tools.bench.figures import Row, Table, paired
from tools.bench.load import Load, Result, request, run


@pytest.fixture
async def port() -> AsyncIterator[int]:
    async with served(Service()) as url:
        yield int(url.rpartition(":")[2])


async def asked(**load: object) -> Result:
    return await asyncio.to_thread(run, Load(**{"seconds": 0.5, "warm_up": 0.1} | load))  # type: ignore[arg-type]


async def test_a_server_is_asked_as_fast_as_it_answers(port: int) -> None:
    result = await asked(port=port, requests=(request("GET", "/any"),), connections=4)
    assert set(result.statuses) == {200}
    assert result.per_second > 100
    assert result.refused == 0
    assert 0 < result.percentile(50) <= result.percentile(99) < 0.5


async def test_a_steady_rate_is_kept(port: int) -> None:
    result = await asked(port=port, requests=(request("GET", "/any"),), rate=100, seconds=1)
    assert 80 <= result.per_second <= 120


async def test_requests_may_be_used_up(port: int) -> None:
    requests = tuple(request("POST", f"/reports/{number}", body=b"{}") for number in range(25))
    result = await asked(port=port, requests=requests, once=True, seconds=5, warm_up=0)
    assert dict(result.statuses) == {201: 25}


async def test_a_steady_run_ends_when_its_requests_are_used_up(port: int) -> None:
    requests = tuple(request("POST", f"/reports/{number}", body=b"{}") for number in range(25))
    result = await asked(port=port, requests=requests, once=True, seconds=5, warm_up=0, rate=100)
    assert dict(result.statuses) == {201: 25}
    assert result.seconds < 2


async def test_an_answer_in_pieces_is_read_to_its_end(port: int) -> None:
    asking = (request("GET", "/large?pieces=4"), request("GET", "/any"))
    result = await asked(port=port, requests=asking, connections=2)
    assert set(result.statuses) == {200}
    assert result.broken == 0


async def test_refusals_are_counted(port: int) -> None:
    result = await asked(port=port, requests=(request("GET", "/refusing"),), connections=2)
    assert result.refused == len(result.latencies) > 0


@pytest.mark.parametrize(
    ("bound", "kept"), [({"connections": 10_000}, False), ({"seconds": 9_999}, False), ({}, True)]
)
def test_a_load_is_bounded(bound: dict[str, int], kept: bool) -> None:
    try:
        Load(port=1, requests=(b"",), **bound)  # type: ignore[arg-type]
    except ValueError:
        assert not kept
    else:
        assert kept


def test_a_ratio_is_the_median_of_the_rounds_and_not_the_ratio_of_medians() -> None:
    ours, reference = itertools.cycle([50.0, 1.0, 55.0]), itertools.cycle([100.0, 2.0, 100.0])
    pairs = paired(lambda: next(ours), lambda: next(reference), rounds=3)
    assert pairs.ratio == 0.5


def test_who_goes_first_alternates() -> None:
    order: list[str] = []

    def note(name: str) -> float:
        order.append(name)
        return 1.0

    paired(lambda: note("ours"), lambda: note("reference"), rounds=4)
    assert order == ["ours", "reference", "reference", "ours"] * 2


def test_a_table_tells_which_bounds_were_missed(capsys: pytest.CaptureFixture[str]) -> None:
    table = Table()
    table.add(Row(name="kept", figure=0.3, at_least=0.25))
    table.add(Row(name="informs", figure=7))
    table.add(Row(name="absent", skipped="nginx is not installed"))
    assert not table.missed
    table.add(Row(name="slow", figure=3.1, at_most=3))
    assert table.missed
    lines = str(table).splitlines()
    assert lines[1].endswith("kept")
    assert lines[3].endswith("skipped: nginx is not installed")
    assert lines[4].endswith("MISSED")
    capsys.readouterr()
