"""Services with a bug planted in them: each must be found out by the judge.

`python -m tests.faults.planted BUG SERVICE` is run in the place of `python -m kernel.serve
SERVICE`. The bugs are those that the design is there to exclude. Where one is a gap between two
steps, the process stops in it and says so: the test kills it there.
"""

import asyncio
import signal
import sys
from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import text

from devstack.layout import Layout
from kernel import consumer, inbox, outbox, relay, serve
from kernel.access import SYSTEM
from kernel.db import unit_of_work
from kernel.inbox import Turn
from services.incidents.intake import operations as intake

GAP_S = 60.0
"""How long a process stays in its gap: until it is killed."""

GATHERED_S = 2.0
"""How long facts come together before the first is handled."""

GAP = "gap"
"""The file below var/ that a process makes when it is in its gap."""


async def _stay_in_the_gap() -> None:
    (Layout.of_environment().var / GAP).touch()
    await asyncio.sleep(GAP_S)


def answers_before_commit() -> None:
    """The reporter is told `committed`, and only then is the report stored."""
    commit = intake.commit_soon
    storing: set[asyncio.Task[Any]] = set()

    async def answer_first(database: Any, *, arrival: Any, report: Any, now: Any) -> intake.Answer:
        async def store() -> None:
            await _stay_in_the_gap()
            await commit(database, arrival=arrival, report=report, now=now)

        storing.add(asyncio.create_task(store()))
        body = intake.spooled_answer(arrival, report).body
        return intake.Answer(status=intake.CREATED, body=body.replace(b"spooled", b"committed"))

    intake.commit_soon = answer_first


def acks_before_commit() -> None:
    """The broker is told that facts were handled before they are."""
    work = consumer.Consumer._work
    working: set[asyncio.Task[Any]] = set()

    async def ack_first(self: consumer.Consumer, messages: Sequence[Any]) -> None:
        async def handle() -> None:
            await _stay_in_the_gap()
            await work(self, messages)

        for message in messages:
            await self._broker.client.publish(message.reply)
        await self._broker.client.flush()
        working.add(asyncio.create_task(handle()))

    consumer.Consumer._work = ack_first  # type: ignore[method-assign]


def forgets_before_publish() -> None:
    """The outbox lets go of facts before the broker has them."""
    publish = relay.Relay._publish

    async def delete_first(self: relay.Relay, stream: Any, rows: Sequence[Any]) -> Any:
        async with unit_of_work(self._database, SYSTEM) as session:
            positions = [row.position for row in rows]
            held = {"stream": "", "last_seq": 0}
            await session.execute(relay._DONE, {"positions": positions, **held})
        await _stay_in_the_gap()
        return await publish(self, stream, rows)

    relay.Relay._publish = delete_first  # type: ignore[method-assign]


def takes_every_turn() -> None:
    """A fact has its effect as often as it is delivered: no cursor is asked."""
    take_turn = inbox.take_turn

    async def always_next(*arguments: Any, **named: Any) -> Turn:
        await take_turn(*arguments, **named)
        return Turn.NEXT

    inbox.take_turn = always_next


def hears_backwards() -> None:
    """Of the facts that came together about an accident the newest is handled first."""
    work = consumer.Consumer._work

    async def gather_first(self: consumer.Consumer, messages: Sequence[Any]) -> None:
        await asyncio.sleep(GATHERED_S)
        await work(self, messages)

    async def any_turn(session: Any, *, publisher: str, envelope: Any) -> Turn:
        key = {"p": publisher, "a": envelope.subject, "v": envelope.version}
        await session.execute(_ANY_TURN, key)
        return Turn.NEXT

    consumer.Consumer._work = gather_first  # type: ignore[method-assign]
    consumer._version = lambda fact: -fact[1].version
    inbox.take_turn = any_turn


_ANY_TURN = text(
    "INSERT INTO applied_version (publisher, aggregate_id, version) VALUES (:p, :a, :v)"
    " ON CONFLICT (publisher, aggregate_id) DO UPDATE"
    " SET version = greatest(applied_version.version, excluded.version)"
)


def never_republishes() -> None:
    """The reconciler sees that the stream is another one, and leaves it at that."""

    async def forget(*_: Any, **__: Any) -> None:
        return None

    outbox.republish_since = forget


def absent() -> None:
    """No bug: the service is away for as long as it is so."""
    signal.pause()


BUGS: dict[str, Callable[[], None]] = {
    bug.__name__: bug
    for bug in (
        answers_before_commit,
        acks_before_commit,
        forgets_before_publish,
        takes_every_turn,
        hears_backwards,
        never_republishes,
        absent,
    )
}

if __name__ == "__main__":
    bug, service = sys.argv[1:]
    BUGS[bug]()
    serve.main(service)
