"""What is written at the end of a round: in order, to the open alone, and before all is shut."""

import asyncio
from typing import Any

import pytest
import uvicorn
from starlette.types import Receive, Scope, Send
from uvicorn.server import ServerState

from gateway.proxy.outgoing import WHOLE
from gateway.proxy.protocol import GuardedProtocol
from gateway.proxy.writes import Writes, writes_of


class Wire(asyncio.Transport):
    """A transport that keeps what is written to it."""

    def __init__(self) -> None:
        super().__init__()
        self.written: list[bytes] = []
        self.closed = False

    def write(self, data: Any) -> None:
        assert not self.closed
        self.written.append(bytes(data))

    def close(self) -> None:
        self.closed = True

    def is_closing(self) -> bool:
        return self.closed

    def pause_reading(self) -> None: ...

    def resume_reading(self) -> None: ...


@pytest.fixture
async def writes() -> Writes:
    return Writes(asyncio.get_running_loop())


async def a_round() -> None:
    """Let everything happen that is ready to."""
    await asyncio.sleep(0)


async def test_writes_wait_for_the_end_of_the_round_and_keep_their_order(writes: Writes) -> None:
    one, two = Wire(), Wire()
    writes.add(one, b"a")
    writes.add(two, b"b")
    writes.add(one, b"c")
    assert one.written == two.written == []

    await a_round()
    assert (one.written, two.written) == ([b"a", b"c"], [b"b"])

    writes.add(one, b"d")
    await a_round()
    assert one.written == [b"a", b"c", b"d"]


async def test_a_connection_that_closed_meanwhile_keeps_nobody_else_waiting(
    writes: Writes,
) -> None:
    closed, open_ = Wire(), Wire()
    writes.add(closed, b"a")
    writes.add(open_, b"b")
    closed.close()

    await a_round()

    assert (closed.written, open_.written) == ([], [b"b"])


async def test_a_write_added_while_others_are_written_waits_for_the_next_round(
    writes: Writes,
) -> None:
    class Answering(Wire):
        def write(self, data: Any) -> None:
            super().write(data)
            if len(self.written) == 1:
                writes.add(self, b"again")

    wire = Answering()
    writes.add(wire, b"first")
    await a_round()
    await a_round()

    assert wire.written == [b"first", b"again"]


async def test_a_loop_has_one_of_them() -> None:
    loop = asyncio.get_running_loop()

    assert writes_of(loop) is writes_of(loop)


async def test_an_answer_given_in_the_round_in_which_the_server_stops_is_still_written() -> None:
    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        assert scope["extensions"][WHOLE]["answer"](200, [b"content-length: 2\r\n"], b"ok")
        protocol.shutdown()

    config = uvicorn.Config(application, log_config=None, lifespan="off")
    config.load()
    protocol = GuardedProtocol(config=config, server_state=ServerState(), app_state={})
    wire = Wire()
    protocol.connection_made(wire)
    protocol.data_received(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
    await a_round()

    assert wire.closed
    assert b"".join(wire.written).endswith(b"\r\n\r\nok")
    protocol.connection_lost(None)
