"""Follows one inbox: what is new, as soon as it is committed."""

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import timedelta
from uuid import UUID

from kernel import clock
from kernel.access import Principal
from kernel.db import Database, unit_of_work
from kernel.problems import Problem
from kernel.waiting import wait_for_either
from services.notifications.arrivals.domain import ARRIVALS
from services.notifications.inbox import queries
from services.notifications.messages.tables import Delivery

MOST = 400
"""Streams that one process keeps open."""

MOST_EACH = 5
"""Streams that one account keeps open."""

POLL_S = 2.0
BATCH = 100

LOOK_BACK = timedelta(seconds=60)
"""A row may be committed after one with a younger id; so far back late ones are looked for."""


class TooManyStreams(Problem):
    """No further live connection is taken now."""

    status = 429
    title_zh = "实时连接过多"
    title_en = "Too many live connections"


class Places:
    """Counts open streams, so that no account and no crowd can use a process up."""

    def __init__(self) -> None:
        self._open: dict[str, int] = {}

    def require_one(self, account: str) -> None:
        """Refuse when there is no place."""
        if sum(self._open.values()) >= MOST or self._open.get(account, 0) >= MOST_EACH:
            problem = TooManyStreams()
            problem.headers["retry-after"] = "30"
            raise problem

    @contextmanager
    def taken(self, account: str) -> Iterator[None]:
        """A place for as long as a stream is open."""
        self.require_one(account)
        self._open[account] = self._open.get(account, 0) + 1
        try:
            yield
        finally:
            self._open[account] -= 1
            if not self._open[account]:
                del self._open[account]


PLACES = Places()
"""This process's own."""


async def follow(
    database: Database, *, by: Principal, last: UUID | None
) -> AsyncIterator[Delivery]:
    """Every inbox row of the actor after `last`, or from now on; never ends.

    A client that comes back may be told a few it knows: they carry the same id.
    """
    seen: dict[UUID, None] = {}
    floor = _back(last, LOOK_BACK) if last else _now_id()
    if last:
        seen[last] = None
    with ARRIVALS.listening(by.uscc or by.unit or "") as bell:
        while True:
            async with unit_of_work(database, by) as session:
                rows = await queries.arrived(session, by=by, after=floor, seen=seen, limit=BATCH)
            for row in rows:
                seen[row.delivery_id] = None
                yield row
            if rows:
                floor = max(floor, _back(max(seen), LOOK_BACK))
                seen = {known: None for known in seen if known > floor}
            if len(rows) < BATCH:
                await wait_for_either(bell, seconds=POLL_S)


def _now_id() -> UUID:
    """The lowest id that is made from now on, by the machine's clock."""
    milliseconds = int(clock.wall().timestamp() * 1000)
    return UUID(int=milliseconds << 80)


def _back(known: UUID, by: timedelta) -> UUID:
    """The lowest id so much older than a known one; a UUIDv7 begins with its milliseconds."""
    milliseconds = (known.int >> 80) - int(by.total_seconds() * 1000)
    return UUID(int=max(milliseconds, 0) << 80)
