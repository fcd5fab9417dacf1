"""The gateway with all its checks, against one nginx worker before the same service."""

import asyncio
import json
import tempfile
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from kernel.ids import uuid7
from tools.bench import nginx, upstream
from tools.bench.figures import Row, Table, paired
from tools.bench.house import gateway_before
from tools.bench.load import Load, Result, request, run_apart
from tools.bench.options import Options
from tools.bench.processes import free_port, python, serving

AT_LEAST = 0.25
"""Of nginx's answers a second."""
AT_MOST = 3.0
"""Times nginx's 99th percentile: at half the gateway's peak, and each at half its own."""

_REPORTS = "/api/v1/incidents/reports"


@dataclass(frozen=True)
class _Case:
    """One kind of request, through the gateway and through nginx."""

    name: str
    asked: bytes
    gateway: int
    nginx: int | None
    options: Options

    def peak(self, port: int) -> float:
        """Answers a second as fast as they are given."""
        return self._checked(port, None).per_second

    def p99(self, port: int, rate: float) -> float:
        """The 99th percentile at a steady rate, in milliseconds."""
        return self._checked(port, rate).percentile(99) * 1_000

    def _checked(self, port: int, rate: float | None) -> Result:
        load = Load(port=port, requests=(self.asked,), seconds=self.options.seconds, rate=rate)
        result = run_apart(load)
        if result.refused or not result.latencies:
            raise RuntimeError(f"{self.name}: {result.statuses}, {result.broken} broken")
        return result


def measure(options: Options, table: Table) -> None:
    """Peak and tail of a read and of an accident report, forwarded."""
    with tempfile.TemporaryDirectory(prefix="anlian-bench-") as folder:
        asyncio.run(_measure(options, table, Path(folder)))


async def _measure(options: Options, table: Table, folder: Path) -> None:
    async with AsyncExitStack() as stack:
        service = stack.enter_context(_service(folder))
        before = {"incidents": f"http://127.0.0.1:{service}"}
        gateway, token = await stack.enter_async_context(gateway_before(before, folder))
        beside = None
        if nginx.program():
            beside = stack.enter_context(nginx.forwarding(service, folder))
        for name, asked in _requests(token).items():
            case = _Case(name, asked, gateway, beside, options)
            await asyncio.to_thread(_compare, case, table)


@contextmanager
def _service(folder: Path) -> Iterator[int]:
    """The service behind both; the port it listens on."""
    if nginx.program():
        with nginx.answering(upstream.BODY.decode(), folder) as port:
            yield port
        return
    port = free_port()
    command = python("tools.bench.upstream", str(port))
    with serving(command, port=port, log=folder / "upstream.log"):
        yield port


def _compare(case: _Case, table: Table) -> None:
    if case.nginx is None:
        _alone(case, table)
        return
    reference = case.nginx
    peaks = paired(
        lambda: case.peak(case.gateway),
        lambda: case.peak(reference),
        rounds=case.options.rounds,
    )
    table.ratio(f"gateway forwards: {case.name}", peaks, unit="answers/s", at_least=AT_LEAST)
    half = median(peaks.ours) / 2
    for rate in (half, median(peaks.reference) / 2):
        _compare_tails(case, table, half=half, reference=reference, rate=rate)


def _compare_tails(case: _Case, table: Table, *, half: float, reference: int, rate: float) -> None:
    tails = paired(
        lambda: case.p99(case.gateway, half),
        lambda: case.p99(reference, rate),
        rounds=case.options.rounds,
    )
    name = f"gateway forwards: {case.name}, p99 at {half:,.0f}/s, of nginx at {rate:,.0f}/s"
    table.ratio(name, tails, unit="ms", at_most=AT_MOST)


def _alone(case: _Case, table: Table) -> None:
    """Without nginx there is no ratio; the gateway's own figures are told all the same."""
    peak = median(case.peak(case.gateway) for _ in range(case.options.rounds))
    table.add(
        Row(
            name=f"gateway forwards: {case.name}",
            unit="answers/s",
            ours=peak,
            skipped=nginx.MISSING,
        )
    )


def _requests(token: str) -> dict[str, bytes]:
    """What real clients send, headers and all."""
    headers = {
        "Authorization": f"Bearer {token}",
        "User-Agent": "anlian-bench/1",
        "Accept": "application/json",
        "Accept-Language": "zh-CN",
    }
    written = headers | {"Content-Type": "application/json", "Idempotency-Key": str(uuid7())}
    report = json.dumps(_REPORT, ensure_ascii=False).encode()
    return {
        "a read": request("GET", "/api/v1/incidents/accidents?limit=12", headers=headers),
        "an accident report": request("POST", _REPORTS, headers=written, body=report),
    }


_REPORT = {
    "report_id": str(uuid7()),
    "kind": "quick",
    "enterprise_uscc": "91430400MA4L0000XX",
    "occurred_at": "2020-11-29T11:30:00+08:00",
    "known_at": "2020-11-29T11:40:00+08:00",
    "region_code": "430481",
    "place": "导子镇源江山煤矿",
    "location": {"lon": 112.85, "lat": 26.42},
    "industry": "B06",
    "accident_type": "flooding",
    "casualties": {
        "deaths": 5,
        "missing": 8,
        "serious_injuries": 0,
        "minor_injuries": 0,
        "trapped": 8,
        "evacuated": 0,
    },
    "missing_presumed_dead": False,
    "direct_loss_wan": "3484.03",
    "summary": "井下发生透水，五人遇难，八人失联。" * 4,
    "measures": "已停产撤人，救护队正在排水。" * 3,
}
