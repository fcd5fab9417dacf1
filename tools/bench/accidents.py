"""Accepting and reading with a million accidents and three million reports stored."""

import asyncio
import tempfile
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from statistics import median
from time import monotonic
from typing import Any
from urllib.parse import urlencode

from devstack import ports
from devstack.quiet import until_quiet
from kernel import clock
from tools.bench import stored
from tools.bench.figures import Row, Table, paired
from tools.bench.load import Load, request, run_apart
from tools.bench.options import Options
from tools.bench.stack import Stack, stack_in

ACCEPT_TIMES = 1.5
"""How much longer the slowest hundredth of reports may take than with an empty database."""

READ_MS = 150.0
ANALYSIS_MS = 1_000.0
ROLLED_UP_MS = 50.0

REPORTS_A_SECOND = 50.0
_CALM_S = 240.0

_LIST = "/api/v1/incidents/accidents"
_SEARCH = "/api/v1/incidents/accidents/search"
_MAP = "/api/v1/incidents/map"
_ANALYSIS = "/api/v1/incidents/statistics/analysis"

_CITY, _COUNTY, _STREET = (
    "111.4,26.0,113.4,27.5",
    "112.6,26.2,113.1,26.7",
    "112.85,26.4,112.89,26.44",
)


def measure(options: Options, table: Table) -> None:
    """Fill a stack, accept reports into it and into an empty one beside it, then read."""
    with (
        tempfile.TemporaryDirectory(prefix="anlian-bench-") as folder,
        stack_in(Path(folder)) as stack,
    ):
        _warmed_up(stack, options)
        _fill(stack, options, table)
        _compare(stack, options, table)
        for name, asked in _reads(stack).items():
            _read(stack, options, table, name, asked)
        _analyse(stack, options, table)


def _compare(stack: Stack, options: Options, table: Table) -> None:
    """Accept with much stored and with nothing, in turn, so that both are disturbed alike."""
    with (
        tempfile.TemporaryDirectory(prefix="anlian-bench-") as folder,
        stack_in(Path(folder)) as empty,
    ):
        _warmed_up(empty, options)
        with stack.listeners_held(), empty.listeners_held():
            _accepted(stack, options)  # reads its first pages
            pairs = paired(
                lambda: _accepted(stack, options),
                lambda: _accepted(empty, options),
                rounds=options.rounds,
            )
    asyncio.run(_caught_up(stack))
    name = f"report accepted at {REPORTS_A_SECOND:.0f}/s, p99, against an empty database"
    table.ratio(name, pairs, unit="ms", at_most=ACCEPT_TIMES)


def _warmed_up(stack: Stack, options: Options) -> None:
    """The first reports compile what the others use."""
    _accepted(stack, options)
    asyncio.run(_caught_up(stack))


def _accepted(stack: Stack, options: Options) -> float:
    """How long the slowest hundredth of reports takes at least, in milliseconds."""
    seconds = max(5.0, options.seconds)
    load = Load(
        port=stack.port,
        requests=stack.reports(int(REPORTS_A_SECOND * (seconds + 1))),
        connections=8,
        seconds=seconds,
        rate=REPORTS_A_SECOND,
        once=True,
    )
    result = run_apart(load)
    if result.refused:
        raise RuntimeError(f"reports refused: {result.statuses}")
    return result.percentile(99) * 1000


async def _caught_up(stack: Stack) -> None:
    """Wait until every fact was heard: nothing else works on what is about to be measured."""
    await until_quiet(ports.remembered(stack.layout.ports), within=_CALM_S)


def _fill(stack: Stack, options: Options, table: Table) -> None:
    begun = monotonic()
    rows = asyncio.run(stored.load(stack.database("incidents"), options.accidents))
    told = ", ".join(f"{count:,} {name}" for name, count in rows.items())
    table.add(Row(name=f"stored {told}", unit="s", ours=monotonic() - begun))
    begun = monotonic()
    counted = asyncio.run(stored.count_anew(stack.database("incidents")))
    name = f"the roll-up built anew from {counted:,} accidents"
    table.add(Row(name=name, unit="s", ours=monotonic() - begun))


def _reads(stack: Stack) -> Mapping[str, Sequence[bytes]]:
    """What is asked, by people of the city, of a county and of an enterprise."""
    year = (clock.wall() - timedelta(days=365)).isoformat()
    month = (clock.wall() - timedelta(days=31)).isoformat()
    everybody = ("city_duty_desk", "county_duty_desk", "enterprise")
    uscc = stack.told["accounts"]["enterprise"]["uscc"]
    lists: list[dict[str, Any]] = [
        {},
        {"limit": 200},
        {"grade": "extraordinary"},
        {"grade": "larger", "since": year},
        {"level": "national"},
        {"accident_type": "roof_fall"},
        {"industry": "coal_mining"},
        {"late": "true"},
        {"region": "430481", "before": year},
        {"region": "430471"},
        {"enterprise": uscc},
        {"sort": "-received_at"},
    ]
    words = (
        "爆炸",
        "透水 采煤",
        "解放路128号",
        "煤矿 触电",
        "H2S中毒",
        "矿",
        "蒸湘路 违规作业",
        "从未发生",
    )
    maps: list[dict[str, Any]] = [
        {"bbox": _CITY},
        {"bbox": _CITY, "since": year},
        {"bbox": _CITY, "since": month},
        {"bbox": _CITY, "grade": "extraordinary"},
        {"bbox": _COUNTY},
        {"bbox": _COUNTY, "since": year},
        {"bbox": _STREET},
        {"bbox": "108.8,24.6,114.3,30.1", "grade": "larger"},
    ]
    return {
        "list": _requests(stack, everybody, _LIST, lists),
        "search": _requests(stack, everybody, _SEARCH, [{"q": word} for word in words]),
        "map": _requests(stack, everybody, _MAP, maps),
    }


def _requests(
    stack: Stack, accounts: Sequence[str], path: str, asked: Sequence[Mapping[str, Any]]
) -> Sequence[bytes]:
    tokens = [stack.token(account) for account in accounts]
    return [
        request("GET", f"{path}?{urlencode(query)}", headers={"Authorization": f"Bearer {token}"})
        for query in asked
        for token in tokens
    ]


def _read(stack: Stack, options: Options, table: Table, name: str, asked: Sequence[bytes]) -> None:
    """The slowest twentieth of all, and the slowest single question beside it."""
    slowest = max(asked, key=lambda one: _p95(stack, [one], seconds=0.5))
    p95 = median(
        _p95(stack, asked, seconds=max(5.0, options.seconds)) for _ in range(options.rounds)
    )
    table.add(Row(name=f"{name}, p95", unit="ms", ours=p95, figure=p95, at_most=READ_MS))
    path = slowest.split(b" ", 2)[1].decode()
    alone = _p95(stack, [slowest], seconds=1)
    table.add(Row(name=f"{name}, slowest question, p95: {path}", unit="ms", ours=alone))


def _p95(stack: Stack, asked: Sequence[bytes], *, seconds: float) -> float:
    load = Load(port=stack.port, requests=asked, connections=1, seconds=seconds)
    result = run_apart(load)
    if result.refused:
        raise RuntimeError(f"{asked[0].split(b' ', 2)[1]!r} refused: {result.statuses}")
    return result.percentile(95) * 1000


def _analyse(stack: Stack, options: Options, table: Table) -> None:
    """The monthly analysis, counted from the accidents and from its roll-up."""
    month = {"month": f"{clock.wall() - timedelta(days=31):%Y-%m}"}
    [recount, rolled_up] = _requests(
        stack, ("committee_office",), _ANALYSIS, [{**month, "basis": "recount"}, month]
    )
    cold = _once(stack, recount)
    table.add(
        Row(name="monthly analysis, cold", unit="ms", ours=cold, figure=cold, at_most=ANALYSIS_MS)
    )
    p95 = _p95(stack, [rolled_up], seconds=options.seconds)
    name = "monthly analysis, from its roll-up, p95"
    table.add(Row(name=name, unit="ms", ours=p95, figure=p95, at_most=ROLLED_UP_MS))


def _once(stack: Stack, asked: bytes) -> float:
    load = Load(port=stack.port, requests=[asked], connections=1, seconds=30, warm_up=0, once=True)
    result = run_apart(load)
    if result.refused:
        raise RuntimeError(f"the analysis was refused: {result.statuses}")
    return result.latencies[0] * 1000
