"""The stack as a whole: how soon an alarm follows a report, what it weighs, how fast it starts."""

import asyncio
import tempfile
from datetime import datetime
from pathlib import Path
from statistics import median
from time import monotonic, sleep

import asyncpg

from devstack import ports
from devstack.quiet import until_quiet
from tools.bench.figures import Row, Table
from tools.bench.load import Load, run_apart
from tools.bench.options import Options
from tools.bench.stack import Stack, stack_in

REPORTS_A_SECOND = 20.0
ALARM_MS = 150.0
MEGABYTES = 900.0
START_S = 15.0
_COLD_S = 5.0
_CALM_S = 60.0
RESTING_S = 45.0
"""After so long without work a stack is idle: pools have let go of what they do not need."""

_MB = 2**20

_ALARMS = """
    SELECT origin, min(pg_xact_commit_timestamp(xmin)) FROM message
    WHERE kind = 'incidents.accident.reported' GROUP BY origin
"""
_COMMITS = """
    SELECT aggregate_id, pg_xact_commit_timestamp(xmin) FROM event_log
    WHERE subject = 'incidents.accident.reported.v1' AND pg_xact_commit_timestamp(xmin) > $1
"""


def measure(options: Options, table: Table) -> None:
    """Start, rest, then work."""
    with (
        tempfile.TemporaryDirectory(prefix="anlian-bench-") as folder,
        stack_in(Path(folder)) as stack,
    ):
        asyncio.run(_time_commits(stack))
        _starts(stack, options, table)
        _memory(stack, table)
        _alarms(stack, options, table)


async def _time_commits(stack: Stack) -> None:
    """Have the server remember when each transaction committed, from its next start on."""
    administrator = await asyncpg.connect(stack.database("incidents"))
    await administrator.execute("ALTER SYSTEM SET track_commit_timestamp = on")
    await administrator.close()


def _starts(stack: Stack, options: Options, table: Table) -> None:
    taken = []
    for _ in range(options.rounds):
        stack.command("down")
        begun = monotonic()
        stack.command("up")
        taken.append(monotonic() - begun)
    table.add(
        Row(
            name="make up, warm, until healthy",
            unit="s",
            ours=median(taken),
            figure=median(taken),
            at_most=START_S,
        )
    )


def _memory(stack: Stack, table: Table) -> None:
    sleep(RESTING_S)
    processes = [process for _, process in stack.processes()]
    resident = sum(process.memory_info().rss for process in processes) / _MB
    shared = sum(process.memory_full_info().pss for process in processes) / _MB
    table.add(
        Row(
            name="idle stack, resident (shared pages counted once a process)",
            unit="MB",
            ours=resident,
            figure=resident,
            at_most=MEGABYTES,
        )
    )
    table.add(Row(name="idle stack, shared pages counted once", unit="MB", ours=shared))


def _alarms(stack: Stack, options: Options, table: Table) -> None:
    """The first reports after a start compile what the others use: they have a row of their own."""
    cold = _alarmed(stack, seconds=_COLD_S)
    asyncio.run(until_quiet(ports.remembered(stack.layout.ports), within=_CALM_S))
    waits = _alarmed(stack, seconds=max(20.0, options.seconds))
    name = f"report committed to alarm in the inbox at {REPORTS_A_SECOND:.0f}/s"
    table.add(Row(name=f"{name}, median", unit="ms", ours=median(waits)))
    p99 = waits[int(len(waits) * 0.99)]
    table.add(Row(name=f"{name}, p99", unit="ms", ours=p99, figure=p99, at_most=ALARM_MS))
    first = f"{name}, the slowest of the first {len(cold)} after a start"
    table.add(Row(name=first, unit="ms", ours=cold[-1]))


def _alarmed(stack: Stack, *, seconds: float) -> list[float]:
    """Milliseconds from each report's commit to its first alarm's commit, ascending."""
    begun = asyncio.run(_now(stack))
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
    return asyncio.run(_waits(stack, since=begun))


async def _now(stack: Stack) -> datetime:
    """The server's instant, which its commits are stamped with."""
    server = await asyncpg.connect(stack.database("incidents"))
    told: datetime = await server.fetchval("SELECT clock_timestamp()")
    await server.close()
    return told


async def _waits(stack: Stack, *, since: datetime) -> list[float]:
    incidents = await asyncpg.connect(stack.database("incidents"))
    notifications = await asyncpg.connect(stack.database("notifications"))
    deadline = monotonic() + 60
    while True:
        commits = {str(row[0]): row[1] for row in await incidents.fetch(_COMMITS, since)}
        alarms = {str(row[0]): row[1] for row in await notifications.fetch(_ALARMS)}
        if commits.keys() <= alarms.keys() or monotonic() > deadline:
            break
        await asyncio.sleep(0.5)
    await incidents.close()
    await notifications.close()
    return sorted((alarms[key] - told).total_seconds() * 1000 for key, told in commits.items())
