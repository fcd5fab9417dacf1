"""Accident reports accepted through the gateway, against bare asyncpg on the same server."""

import asyncio
import multiprocessing
import tempfile
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from tools.bench import bare
from tools.bench.figures import Row, Table, paired
from tools.bench.load import Load, run_apart
from tools.bench.options import Options
from tools.bench.stack import Stack, stack_in

AT_LEAST = 0.4
"""Of the transactions a second that bare asyncpg commits."""

CONNECTIONS = 16
MOST_A_SECOND = 2_500
"""More reports than any machine of this size accepts: each is sent once."""


def measure(options: Options, table: Table) -> None:
    """Accepting alone, then with every service answering."""
    with (
        tempfile.TemporaryDirectory(prefix="anlian-bench-") as folder,
        stack_in(Path(folder)) as stack,
    ):
        _accepted(stack, 1)  # from the first fact on there is somebody to hold
        with stack.listeners_held():
            _compare(stack, options, table)
        answered = Row(
            name="reports accepted while all services answer them",
            unit="reports/s",
            ours=_accepted(stack, options.seconds),
        )
        table.add(answered)


def _compare(stack: Stack, options: Options, table: Table) -> None:
    _accepted(stack, options.seconds)
    statements = asyncio.run(bare.rows_of_newest_report(stack.database("incidents")))
    beside = asyncio.run(bare.empty_copy(stack))
    pairs = paired(
        lambda: _accepted(stack, options.seconds),
        lambda: _bare(beside, statements, options.seconds),
        rounds=options.rounds,
    )
    table.ratio("reports accepted", pairs, unit="commits/s", at_least=AT_LEAST)


def _accepted(stack: Stack, seconds: float) -> float:
    requests = stack.reports(int(MOST_A_SECOND * seconds))
    load = Load(
        port=stack.port, requests=requests, connections=CONNECTIONS, seconds=seconds, once=True
    )
    result = run_apart(load)
    if result.refused:
        raise RuntimeError(f"reports refused: {result.statuses}, {result.broken} broken")
    return result.per_second


def _bare(database: str, statements: list[bare.Statement], seconds: float) -> float:
    arguments = {
        "database": database,
        "statements": statements,
        "connections": CONNECTIONS,
        "seconds": seconds,
    }
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context) as pool:
        return pool.submit(bare.run, arguments).result(timeout=seconds + 60)
