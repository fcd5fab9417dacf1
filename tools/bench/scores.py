"""Ranking with ten million duties and twenty million score lines stored.

The ranking is read from the roll-up, and counted anew: from the lines, all of them, and from the
duties themselves. Lines are those of made-up units beside the city's own, ten years of them in
every rhythm; the server makes the rows itself, which is faster than sending them.
"""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import date, timedelta
from pathlib import Path
from time import monotonic
from urllib.parse import urlencode

import asyncpg

from devstack import ports
from devstack.quiet import until_quiet
from kernel import calendar, clock
from kernel.access import SYSTEM
from kernel.calendar import Cadence
from kernel.db import Database, connect, unit_of_work
from services.tasks.indicators.domain import Period, period_of
from services.tasks.scores import operations_recount, operations_runs, queries
from tools.bench.figures import Row, Table
from tools.bench.load import Load, request, run_apart
from tools.bench.options import Options
from tools.bench.stack import Stack, stack_in

ROLLED_UP_MS = 50.0
RECOUNT_S = 60.0
YEARS = 10

_CALM_S = 240.0
_INDICATORS = 9
_GROUPS = ("counties", "parks", "departments", "townships")
_SUMS = "/api/v1/tasks/scores/sums"

_QUICK = (
    "SET session_replication_role = replica; SET synchronous_commit = off;"
    "SET maintenance_work_mem = '512MB'"
)
_INDEXES = """
    SELECT i.relname AS name, pg_get_indexdef(i.oid) AS definition
    FROM pg_index JOIN pg_class AS i ON i.oid = indexrelid
    WHERE indrelid = $1::regclass
        AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)
"""

_OBLIGATIONS = """
    INSERT INTO obligation (id, kind, cause, status, origin, duty, subject, unit, region_code,
        rule, due_at, opened_at, overdue_at, closed_at)
    SELECT lpad(to_hex(n), 32, '0')::uuid, 'plan', 'grade',
        CASE WHEN n % 50 = 0 THEN 'open' ELSE 'accepted' END,
        lpad(to_hex(n), 32, '0')::uuid, '2023/9.2', u.code, u.code, u.region_code, 'bench',
        due, due - interval '20 days',
        CASE WHEN n % 10 = 0 THEN due END,
        CASE WHEN n % 50 = 0 THEN NULL
             WHEN n % 10 = 0 THEN due + interval '3 days'
             ELSE due - interval '1 day' END
    FROM generate_series($1::bigint, $2::bigint) AS n
    JOIN (
        SELECT row_number() OVER (ORDER BY code) - 1 AS place, code, region_code
        FROM unit WHERE effective_to IS NULL AND region_code LIKE '4304%'
    ) AS u ON u.place = n % $3::bigint
    CROSS JOIN LATERAL (
        SELECT $4::timestamptz - $5::interval * (((n * 7919) % 1000003) / 1000003.0) AS due
    ) AS spread
"""

_LINES = """
    INSERT INTO score_line (id, group_code, subject, region_code, cadence, first, last, indicator,
        rule, sequence, kind, sign, numerator, denominator, value, points, weight, arithmetic,
        evidence, as_of, written_at, written_by)
    SELECT lpad(to_hex($9::bigint + s * $7::int + i), 32, '0')::uuid,
        $1, format('430481.bench%s_government', s), '430481',
        $2, $3, $4, 'bench_' || i, 'platform scoring@2017-01-01', 1, 'counted', 1,
        n, 20, CASE WHEN n > 0 THEN n * 5 END,
        CASE WHEN n > 0 THEN CASE WHEN i < 3 THEN n * 3 ELSE -n END END,
        CASE WHEN n > 0 AND i < 3 THEN 0.30 END,
        format('%s ÷ 20 = %s.00 %%; %s.00 × 0.30 = %s.00', n, n * 5, n * 5, n * 3),
        '{"figure": "obligations_in_time", "costly": [], "digest": null}', $5, $5, 'bench'
    FROM generate_series(1, $6::int) AS s, generate_series(1, $7::int) AS i
    CROSS JOIN LATERAL (SELECT ((s * 31 + i * 17 + $8::int) % 21) AS n) AS figure
"""

_BATCH = 500_000


def measure(options: Options, table: Table) -> None:
    """Fill a stack, then rank from the roll-up, from the lines and from the duties."""
    with (
        tempfile.TemporaryDirectory(prefix="anlian-bench-") as folder,
        stack_in(Path(folder)) as stack,
    ):
        asyncio.run(until_quiet(ports.remembered(stack.layout.ports), within=_CALM_S))
        asyncio.run(_fill(stack, options, table))
        quarter = period_of(calendar.day_of(clock.wall()) - timedelta(days=92), Cadence.QUARTER)
        asyncio.run(_recount(stack, table, quarter))
        _rank(stack, options, table, quarter)


async def _fill(stack: Stack, options: Options, table: Table) -> None:
    connection = await asyncpg.connect(stack.database("tasks"))
    await connection.execute(_QUICK)
    begun = monotonic()
    async with _indexed_afterwards(connection, "obligation"):
        await _store_obligations(connection, options.obligations)
    name = f"stored {options.obligations:,} obligations"
    table.add(Row(name=name, unit="s", ours=monotonic() - begun))
    begun = monotonic()
    async with _indexed_afterwards(connection, "score_line"):
        lines = await _store_lines(connection, options.lines)
    table.add(Row(name=f"stored {lines:,} score lines", unit="s", ours=monotonic() - begun))
    await connection.execute("VACUUM ANALYZE obligation", timeout=None)
    await connection.execute("VACUUM ANALYZE score_line", timeout=None)
    await connection.close()


@asynccontextmanager
async def _indexed_afterwards(connection: asyncpg.Connection, table: str) -> AsyncIterator[None]:
    """Make the indexes of a table once it is full: a row at a time takes ten times as long."""
    indexes = await connection.fetch(_INDEXES, table)
    for index in indexes:
        await connection.execute(f"DROP INDEX {index['name']}")
    yield
    for index in indexes:
        await connection.execute(index["definition"], timeout=None)


async def _store_obligations(connection: asyncpg.Connection, count: int) -> None:
    of_city = "SELECT count(*) FROM unit WHERE effective_to IS NULL AND region_code LIKE '4304%'"
    units = await connection.fetchval(of_city)
    span = timedelta(days=365.25 * YEARS)
    for first in range(1, count + 1, _BATCH):
        last = min(first + _BATCH - 1, count)
        values = (first, last, units, clock.wall(), span)
        await connection.execute(_OBLIGATIONS, *values, timeout=None)


async def _store_lines(connection: asyncpg.Connection, count: int) -> int:
    """As many subjects of each group as the number asks for; how many lines they have."""
    periods = list(_periods())
    subjects = max(1, count // (len(periods) * len(_GROUPS) * _INDICATORS))
    stored = 0
    for number, period in enumerate(periods):
        for group in _GROUPS:
            days = (str(period.cadence), period.first, period.last, period.ends_at)
            values = (group, *days, subjects, _INDICATORS, number, stored)
            await connection.execute(_LINES, *values, timeout=None)
            stored += subjects * _INDICATORS + _INDICATORS
    return len(periods) * len(_GROUPS) * subjects * _INDICATORS


def _periods() -> Sequence[Period]:
    """Every period of every rhythm of some years, up to today."""
    today = calendar.day_of(clock.wall())
    since = date(today.year - YEARS, 1, 1)
    found = []
    for cadence in (c for c in Cadence if c is not Cadence.HALF_YEAR):
        period = period_of(today, cadence)
        while period.first >= since:
            found.append(period)
            period = period.before
    return found


async def _recount(stack: Stack, table: Table, quarter: Period) -> None:
    """All sums from all lines, then a quarter and a year of scores from the duties."""
    address = stack.database("tasks").replace("postgresql", "postgresql+asyncpg")
    database = connect(address, pool_size=2, name="bench")
    try:
        begun = monotonic()
        made, _ = await _sums(database, quarter.year)
        name = f"the roll-up of all years made from the lines, {made:,} sums"
        table.add(Row(name=name, unit="s", ours=monotonic() - begun))
        await _look_anew(stack)
        begun = monotonic()
        await _compare(database, quarter)
        name = "ranking of a quarter counted anew from the lines, equal to the roll-up"
        _bounded(table, name, monotonic() - begun)
        begun = monotonic()
        again, slowest = await _sums(database, quarter.year)
        if again or not made:
            raise RuntimeError(f"{again} sums of {made} were wrong though nothing has changed")
        _bounded(table, "roll-up of all years counted anew", monotonic() - begun)
        _bounded(table, "roll-up of the slowest year counted anew", slowest)
        for period in (quarter, period_of(quarter.first, Cadence.YEAR)):
            begun = monotonic()
            subjects = await _facts(database, period)
            name = f"{period.cadence} of {subjects} units counted from the obligations"
            _bounded(table, name, monotonic() - begun)
    finally:
        await database.close()


async def _sums(database: Database, year: int) -> tuple[int, float]:
    """Count every year's sums anew, each a piece of work of its own.

    How many were written, and the seconds that the slowest year took.
    """
    written, slowest = 0, 0.0
    for one in range(year - YEARS - 1, year + 2):
        begun = monotonic()
        async with unit_of_work(database, SYSTEM) as session:
            written += await operations_recount.count_year_anew(session, year=one)
        slowest = max(slowest, monotonic() - begun)
    return written, slowest


async def _look_anew(stack: Stack) -> None:
    """Have the planner know the roll-up as it does soon after rows came into it."""
    connection = await asyncpg.connect(stack.database("tasks"))
    await connection.execute("VACUUM ANALYZE score_sum", timeout=None)
    await connection.close()


def _bounded(table: Table, name: str, seconds: float) -> None:
    table.add(Row(name=name, unit="s", ours=seconds, figure=seconds, at_most=RECOUNT_S))


async def _facts(database: Database, period: Period) -> int:
    """What a run would compute, without writing it; of how many units."""
    as_of = clock.wall()
    async with unit_of_work(database, SYSTEM) as session:
        subjects = await operations_runs.everybody(session, period, as_of=as_of)
    for group in _GROUPS:
        piece = [one for one in subjects if one.group == group]
        async with unit_of_work(database, SYSTEM) as session:
            await operations_runs.computed(session, piece, period=period, as_of=as_of)
    return len(subjects)


async def _compare(database: Database, period: Period) -> None:
    """The roll-up has to be what the lines come to."""
    for group in _GROUPS:
        async with unit_of_work(database, SYSTEM) as session:
            rolled = await queries.sums(session, group=group, period=period)
            counted = await queries.recounted(session, group=group, period=period)
        if rolled != counted or not rolled:
            raise RuntimeError(f"the roll-up of {group} is not what its lines come to")


def _rank(stack: Stack, options: Options, table: Table, quarter: Period) -> None:
    """The sums and scores of a group, as its ranking is made of them."""
    token = stack.token("committee_office")
    asked = [
        request(
            "GET",
            f"{_SUMS}?{urlencode({'group': group, 'cadence': 'quarter', 'day': quarter.first})}",
            headers={"Authorization": f"Bearer {token}"},
        )
        for group in _GROUPS
    ]
    load = Load(port=stack.port, requests=asked, connections=1, seconds=max(2.0, options.seconds))
    result = run_apart(load)
    if result.refused:
        raise RuntimeError(f"the ranking was refused: {result.statuses}")
    p95 = result.percentile(95) * 1000
    name = "ranking of a quarter, from the roll-up, p95"
    table.add(Row(name=name, unit="ms", ours=p95, figure=p95, at_most=ROLLED_UP_MS))
