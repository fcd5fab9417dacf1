"""Opening a year's duties for a whole city, against COPY of the same rows, and beside requests."""

import asyncio
import multiprocessing
import resource
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from statistics import median
from time import monotonic
from urllib.parse import urlencode

import asyncpg

from devstack import ports
from devstack.quiet import until_quiet
from kernel import calendar, clock, outbox
from kernel.db import connect
from kernel.timers import TimerWorker, when
from services.tasks import timers
from services.tasks.openings.operations import BEGINS
from tools.bench import duties
from tools.bench.figures import Pairs, Row, Table
from tools.bench.load import Load, request, run_apart
from tools.bench.options import Options
from tools.bench.stack import Stack, stack_in

OF_COPY = 0.5
REQUEST_TIMES = 1.5
MEMORY_MB = 300.0
LIST_MS = 100.0

_CALM_S = 240.0
_READS_A_SECOND = 20.0
_READING_S = 20.0
"""Of four hundred questions the slowest hundredth are four: of fewer it would be one."""
_LIST = "/api/v1/tasks/obligations"
_COLUMNS = (
    "id, kind, status, origin, cause, duty, subject, unit, enterprise_uscc, region_code, rule,"
    " due_at, opened_at, duty_kind, plan_version, period_from, period_to, least, credited, waiting"
)


@dataclass(frozen=True, kw_only=True)
class Opened:
    """What one process opened."""

    rows: int
    seconds: float
    megabytes: float
    """The most memory it ever held."""


def measure(options: Options, table: Table) -> None:
    """Open next year's duties quarter by quarter, copy the same rows, and ask lists meanwhile."""
    year = clock.wall().year + 1
    with (
        tempfile.TemporaryDirectory(prefix="anlian-bench-") as folder,
        stack_in(Path(folder)) as stack,
    ):
        asyncio.run(duties.fill(stack, options.enterprises))
        asyncio.run(duties.issue(stack, year))
        asyncio.run(until_quiet(ports.remembered(stack.layout.ports), within=_CALM_S))
        _open_the_year(stack, table, year)
        asyncio.run(_multiply(stack, options.obligations))
        _list(stack, options, table)


def _open_the_year(stack: Stack, table: Table, year: int) -> None:
    asks = _requests(stack)
    _p99(stack, asks)  # compiles what the others use
    opened: list[Opened] = []
    speeds, delays = list[tuple[float, float]](), list[tuple[float, float]]()
    for first in _quarters(year):
        quiet = _p99(stack, asks)
        with _opening(stack, first) as work:
            busy = _p99(stack, asks)
            found = work.result()
        delays.append((busy, quiet))
        opened.append(found)
        copied = asyncio.run(_copied(stack, year))
        speeds.append((found.rows / found.seconds, copied))
    rows, most = sum(one.rows for one in opened), max(one.megabytes for one in opened)
    name = f"obligations opened, of {rows:,} in {sum(one.seconds for one in opened):.0f} s"
    table.ratio(name, _pairs(speeds), unit="/s", at_least=OF_COPY)
    table.ratio(
        "list p99 while duties are opened", _pairs(delays), unit="ms", at_most=REQUEST_TIMES
    )
    name = "most memory of the process that opens them"
    table.add(Row(name=name, unit="MB", ours=most, figure=most, at_most=MEMORY_MB))


def _pairs(taken: Sequence[tuple[float, float]]) -> Pairs:
    return Pairs(tuple(a for a, _ in taken), tuple(b for _, b in taken))


def _quarters(year: int) -> Iterator[datetime]:
    """The last days of the quarters: by then every period that begins in them has."""
    for month in (3, 6, 9, 12):
        yield calendar.closes_at(calendar.add_days(date(year, month, 1), 27))


@contextmanager
def _opening(stack: Stack, until: datetime) -> Iterator["Future[Opened]"]:
    """Open, in a process of its own, whatever begins until an instant."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context) as pool:
        yield pool.submit(open_until, duties.address(stack), until)


def open_until(database: str, until: datetime) -> Opened:
    """Fire the timers of a tasks database that open periods until an instant."""
    return asyncio.run(_open_until(database, until))


async def _open_until(address: str, until: datetime) -> Opened:
    database = connect(address, name="bench")
    database.before_commit.append(outbox.record)
    worker = TimerWorker(database, [when(BEGINS, timers.open_some_when_duty_period_begins)])
    connection = await asyncpg.connect(address.replace("+asyncpg", ""))
    before = await connection.fetchval("SELECT coalesce(sum(opened), 0) FROM opening")
    begun = monotonic()
    while await worker.fire_next(until):
        pass
    seconds = monotonic() - begun
    after = await connection.fetchval("SELECT coalesce(sum(opened), 0) FROM opening")
    await connection.close()
    await database.close()
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Opened(rows=int(after - before), seconds=seconds, megabytes=most)


async def _copied(stack: Stack, year: int) -> float:
    """How many rows a second COPY puts into a table like it: those just opened, once more."""
    connection = await asyncpg.connect(stack.database("tasks"))
    await connection.execute("CREATE TABLE IF NOT EXISTS copied (LIKE obligation INCLUDING ALL)")
    newest = await connection.fetchval("SELECT max(period_from) FROM copied")
    since = newest or date(year, 1, 1)
    sign = ">" if newest else ">="
    rows = (
        f"SELECT {_COLUMNS} FROM obligation WHERE cause = 'period' AND period_from {sign}"  # noqa: S608
        f" DATE '{since.isoformat()}' ORDER BY opened_at, id"
    )
    with tempfile.NamedTemporaryFile() as file:
        await connection.copy_from_query(rows, output=file.name)
        begun = monotonic()
        told = await connection.copy_to_table(
            "copied", source=file.name, columns=_COLUMNS.split(", ")
        )
        seconds = monotonic() - begun
    await connection.close()
    return int(told.split()[-1]) / seconds


async def _multiply(stack: Stack, count: int) -> None:
    """The same obligations as of earlier years, until there are so many."""
    connection = await asyncpg.connect(stack.database("tasks"))
    await connection.execute("DROP TABLE copied")
    await connection.execute("SET synchronous_commit = off")
    back = 0
    while (stored := await connection.fetchval("SELECT count(*) FROM obligation")) < count:
        back += 1
        await connection.execute(_EARLIER, back, count - stored, timeout=None)
    await connection.execute("VACUUM ANALYZE obligation", timeout=None)
    await connection.close()


_EARLIER = f"""
    INSERT INTO obligation ({_COLUMNS}, closed_at)
    SELECT gen_random_uuid(), kind, 'accepted', md5(origin::text || $1::int)::uuid, cause, duty,
           subject, unit, enterprise_uscc, region_code, rule,
           due_at - make_interval(years => $1::int), opened_at - make_interval(years => $1::int),
           duty_kind, plan_version, period_from - 365 * $1::int, period_to - 365 * $1::int,
           least, coalesce(least, 0), 0, due_at - make_interval(years => $1::int, days => 3)
    FROM obligation WHERE cause = 'period' AND plan_version IS NOT NULL AND status = 'open'
    LIMIT $2::int
"""  # noqa: S608 -- a constant


def _requests(stack: Stack) -> Sequence[bytes]:
    """What people ask for first in the morning: what they have to do."""
    uscc = stack.told["accounts"]["enterprise"]["uscc"]
    lists = {
        "committee_office": ({}, {"overdue": "false"}, {"status": "open"}, {"region": "430481"}),
        "county_duty_desk": ({}, {"status": "open"}, {"kind": "plan"}),
        "inspector": ({}, {"sort": "-due_at"}),
        "enterprise": ({}, {"enterprise": uscc}),
    }
    asked = []
    for account, queries in lists.items():
        headers = {"Authorization": f"Bearer {stack.token(account)}"}
        asked += [request("GET", f"{_LIST}?{urlencode(one)}", headers=headers) for one in queries]
    return asked


def _p99(stack: Stack, asked: Sequence[bytes]) -> float:
    load = Load(
        port=stack.port,
        requests=asked,
        connections=4,
        seconds=_READING_S,
        rate=_READS_A_SECOND,
    )
    result = run_apart(load)
    if result.refused:
        raise RuntimeError(f"lists refused: {result.statuses}")
    return result.percentile(99) * 1000


def _list(stack: Stack, options: Options, table: Table) -> None:
    """Each question by itself, so that the worst is seen, and all of them."""
    asked = _requests(stack)
    taken = [_p95(stack, asked, max(5.0, options.seconds)) for _ in range(options.rounds)]
    p95 = median(taken)
    name = f"my list with {options.obligations:,} obligations, p95"
    table.add(Row(name=name, unit="ms", ours=p95, figure=p95, at_most=LIST_MS))
    slowest = max(asked, key=lambda one: _p95(stack, [one], 0.5))
    path = slowest.split(b" ", 2)[1].decode()
    alone = _p95(stack, [slowest], 1.0)
    table.add(Row(name=f"slowest list, p95: {path}", unit="ms", ours=alone))


def _p95(stack: Stack, asked: Sequence[bytes], seconds: float) -> float:
    result = run_apart(Load(port=stack.port, requests=asked, connections=1, seconds=seconds))
    if result.refused:
        raise RuntimeError(f"{asked[0].split(b' ', 2)[1]!r} refused: {result.statuses}")
    return result.percentile(95) * 1000
