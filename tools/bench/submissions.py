"""Evidence handed in by many enterprises in the shape of the hour before a deadline.

A hundred thousand pieces are an hour at full length; fewer keep the rate and take less time.
Each enterprise signs in and hands in one piece for each thing that it owes.
"""

import asyncio
import json
import secrets
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import count, islice
from pathlib import Path
from typing import Any

import asyncpg

from devstack import ports
from devstack.config import StackConfig
from devstack.keys import ring_file
from devstack.quiet import until_quiet
from gateway.identity import seeding
from kernel import calendar, clock
from tools.bench import duties
from tools.bench.figures import Row, Table
from tools.bench.load import Load, Result, request, run_apart
from tools.bench.options import Options
from tools.bench.stack import Stack, stack_in

SHARES = (3, 3, 4, 4, 5, 5, 6, 7, 9, 12, 17, 25)
"""Per cent of the hour's pieces in each of its twelve parts: most wait for the last minutes."""
WHOLE_HOUR = 100_000

_HOUR_S = 3600.0
_OWED_BY_ONE = 5
"""About: for some enterprises more duties open than for others."""
_CONNECTIONS = 32
_AT_A_TIME_S = 60.0
_SPARE_S = 20.0
_CALM_S = 240.0
_REPEAT = 0.5
_MISSING = """
    SELECT id::text, enterprise_uscc FROM obligation
    WHERE status = 'open' AND cause = 'period' AND least IS NOT NULL
      AND enterprise_uscc = ANY($1)
    ORDER BY id
"""

_UNOPENED = """
    SELECT count(*) = 0
        OR bool_or(status = 'opening' OR (status = 'waiting' AND period_from <= $1))
    FROM opening
"""


@dataclass(kw_only=True)
class Enterprise:
    """Somebody who hands in, and what they owe."""

    uscc: str
    password: str
    owes: tuple[str, ...] = ()

    @property
    def username(self) -> str:
        """How its account signs in."""
        return self.uscc.lower()

    @property
    def account(self) -> dict[str, str]:
        """As accounts are seeded in development."""
        said = {"username": self.username, "password": self.password, "uscc": self.uscc}
        return said | {"role": "enterprise", "region": self.uscc[2:8], "zh": "企业", "en": "Firm"}


def measure(options: Options, table: Table) -> None:
    """Open this year's duties, and hand evidence in for them as the deadline comes nearer."""
    wanted = options.submissions // 100 * 100
    with (
        tempfile.TemporaryDirectory(prefix="anlian-bench-") as folder,
        stack_in(Path(folder)) as stack,
    ):
        people = asyncio.run(_people(stack, max(1, wanted // _OWED_BY_ONE)))
        results = list(_hour(stack, people, wanted))
        stored = asyncio.run(_stored(stack))
    _tell(table, results, stored, wanted)


def _tell(table: Table, results: Sequence[Result], stored: int, wanted: int) -> None:
    sent = sum(len(one.latencies) + one.broken for one in results)
    accepted = sent - sum(one.refused for one in results)
    # What a broken connection had carried may be stored: that is refused, and lost by nobody.
    amiss = _answers(results) + Counter({"not sent": wanted - sent, "lost": accepted - stored})
    why = "".join(f", {count} {what}" for what, count in sorted(amiss.items()))
    took = sum(one.seconds for one in results)
    name = f"refused or missing, of {wanted:,} pieces of evidence in {took:.0f} s{why}"
    refused = float(sum(amiss.values()))
    table.add(Row(name=name, unit="pieces", ours=refused, figure=refused, at_most=0.0))
    last = results[-1]
    name = f"evidence taken in the last minutes, at {last.per_second:.0f}/s, p99"
    table.add(Row(name=name, unit="ms", ours=last.percentile(99) * 1000))


def _answers(results: Sequence[Result]) -> Counter[str]:
    """How often what came back was no success: the status, or a broken connection."""
    answers = Counter({"broken": sum(one.broken for one in results)})
    for one in results:
        answers.update({str(status): n for status, n in one.statuses.items() if status >= 300})
    return +answers


async def _people(stack: Stack, count: int) -> Sequence[Enterprise]:
    """Enterprises with an account each, for whom the year's plan has opened what they owe."""
    await duties.fill(stack, count)
    await duties.issue(stack, calendar.day_of(clock.wall()).year)
    connection = await asyncpg.connect(stack.database("tasks"))
    codes = await connection.fetch("SELECT uscc FROM enterprise WHERE name ~ '^企业[0-9]+$'")
    people = [Enterprise(uscc=row[0], password=secrets.token_urlsafe()) for row in codes]
    await _account(stack, people)
    await _opened(connection)
    await until_quiet(ports.remembered(stack.layout.ports), within=_CALM_S)
    owed = await connection.fetch(_MISSING, [one.uscc for one in people])
    await connection.close()
    by_code = {one.uscc: one for one in people}
    for number, code in owed:
        by_code[code].owes += (number,)
    return people


async def _account(stack: Stack, people: Sequence[Enterprise]) -> None:
    config = StackConfig.of_running(stack.layout)
    await seeding.seed(
        database_url=config.databases["gateway"].owner,
        keys_file=ring_file(stack.layout, "gateway"),
        accounts={one.uscc: one.account for one in people},
        clients={},
    )


async def _opened(connection: "asyncpg.Connection[Any]") -> None:
    """Wait for the service's own timers to open whatever has begun."""
    today = calendar.day_of(clock.wall())
    async with asyncio.timeout(_CALM_S):
        while True:
            if not await connection.fetchval(_UNOPENED, today):
                return
            await asyncio.sleep(_REPEAT)


def _hour(stack: Stack, people: Sequence[Enterprise], wanted: int) -> Iterator[Result]:
    """The hour's parts one after the other, each at its own rate, in loads of a minute or so.

    Those of the next minute sign in while this one's hand in: the hour has no pauses, and no
    token is old before it is used.
    """
    pieces = _pieces(stack, people)
    parts = _parts(wanted)
    with ThreadPoolExecutor(1) as beside:
        coming = [beside.submit(_load, stack, pieces, *part) for part in islice(parts, 1)]
        while coming:
            load = coming.pop().result()
            coming = [beside.submit(_load, stack, pieces, *part) for part in islice(parts, 1)]
            yield run_apart(load)


def _parts(wanted: int) -> Iterator[tuple[int, float]]:
    """How many pieces go in one load, and how many a second."""
    for share in SHARES:
        rate = WHOLE_HOUR * share / 100 / (_HOUR_S / len(SHARES))
        left = wanted * share // 100
        while left:
            some = min(left, int(rate * _AT_A_TIME_S))
            left -= some
            yield some, rate


def _load(stack: Stack, pieces: Iterator[bytes], some: int, rate: float) -> Load:
    return Load(
        port=stack.port,
        requests=list(islice(pieces, some)),
        connections=_CONNECTIONS,
        seconds=some / rate + _SPARE_S,
        warm_up=0.0,
        rate=rate,
        once=True,
    )


def _pieces(stack: Stack, people: Sequence[Enterprise]) -> Iterator[bytes]:
    """One request for each thing that each owes; again from the first when all are through."""
    for number in count():
        for one in people:
            token = stack.signed_in(one.username, one.password) if one.owes else ""
            yield from (_request(obligation, number, token) for obligation in one.owes)


def _request(obligation: str, number: int, token: str) -> bytes:
    body = {
        "note": f"主要负责人带队检查第{number + 1}次：现场查出的问题已当场整改。",
        "happened_on": calendar.day_of(clock.wall()).isoformat(),
        "activity": "led_inspection",
    }
    headers = {
        "Authorization": f"Bearer {token}",
        "Content-Type": "application/json",
        "Accept-Language": "zh-CN",
    }
    path = f"/api/v1/tasks/obligations/{obligation}/evidence"
    return request("POST", path, headers=headers, body=json.dumps(body).encode())


async def _stored(stack: Stack) -> int:
    connection = await asyncpg.connect(stack.database("tasks"))
    count = int(await connection.fetchval("SELECT count(*) FROM evidence"))
    await connection.close()
    return count
