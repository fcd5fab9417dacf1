"""The server's side of a client connection, with the limits the server itself lacks.

A head has an absolute deadline and a size, not one that begins anew with every byte; what
remains of a refused body is read for a moment, so that the refusal arrives, and no longer;
a client that does not read its answers is cut off. What cannot be parsed is answered by a
problem like every other refusal.
"""

import asyncio
from collections.abc import Callable
from typing import Any, ClassVar, Self

from uvicorn._types import ASGI3Application
from uvicorn.protocols.http.httptools_impl import (
    STATUS_LINE,
    HttpToolsProtocol,
    RequestResponseCycle,
)

from gateway.proxy.bodies import ARRIVED
from gateway.proxy.heads import HeadTooLarge
from gateway.proxy.ingress import Networks, client_of, is_within, scheme_of
from gateway.proxy.outgoing import WHOLE
from gateway.proxy.watch import watch_of
from gateway.proxy.writes import writes_of
from kernel.problems import Problem
from kernel.rendering import render

# What a connection waits for, each with its own deadline.
_NOTHING, _NEXT, _HEAD, _REST_OF_BODY = "", "next request", "head", "rest of body"


class MalformedRequest(Problem):
    """The bytes received are not an HTTP/1.1 request."""

    status = 400
    title_zh = "不是合法的 HTTP 请求"
    title_en = "Not a valid HTTP request"


class HeadOverdue(Problem):
    """The head of the request did not arrive in time."""

    status = 408
    title_zh = "请求头接收超时"
    title_en = "The head of the request did not arrive in time"


def _announces_body(headers: list[tuple[bytes, bytes]]) -> bool:
    return any(
        name == b"transfer-encoding" or (name == b"content-length" and value != b"0")
        for name, value in headers
    )


class GuardedProtocol(HttpToolsProtocol):
    """uvicorn's protocol on httptools, guarded. Give it to uvicorn as `http`."""

    head_within: ClassVar[float] = 10.0
    linger_within: ClassVar[float] = 5.0
    stall_within: ClassVar[float] = 30.0
    max_head: ClassVar[int] = 32_768
    ingresses: ClassVar[Networks] = ()
    """Networks of our own proxies, whose word for the client's address is taken."""

    @classmethod
    def behind(cls, ingresses: Networks) -> type[Self]:
        """The same, behind proxies of our own."""
        return type(cls.__name__, (cls,), {"ingresses": ingresses})

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._is_behind = False
        self._in_body = False
        self._head_size = 0
        self._earlier: list[RequestResponseCycle] = []
        self._answering: RequestResponseCycle
        self._extensions: Any = {
            WHOLE: {"answer": self._answer_whole},
            ARRIVED: {"take": self._take_arrived},
        }
        self._watch = watch_of(self.loop)
        self._writes = writes_of(self.loop)
        self._waits_for = _NOTHING

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn narrows it
        super().connection_made(transport)
        peer = self.client[0] if self.client else ""
        self._is_behind = bool(self.ingresses) and is_within(peer, self.ingresses)
        self._await(_HEAD, self.head_within, self._head_overdue)

    def connection_lost(self, exc: Exception | None) -> None:
        self._in_time()
        for cycle in self._earlier:  # the server itself tells only the last of them
            cycle.disconnected = True
            cycle.message_event.set()
        super().connection_lost(exc)
        self.resume_writing()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self._awaits_head() and not self.transport.is_closing():
            self._head_size += len(data)
            if self._head_size > self.max_head:
                self._refuse(HeadTooLarge())
            elif self._waits_for is not _HEAD:
                self._await(_HEAD, self.head_within, self._head_overdue)

    def on_headers_complete(self) -> None:
        if self.parser.should_upgrade() and _announces_body(self.headers):
            # The parser takes what follows an upgrade for another protocol, and would take
            # a body for the next request.
            raise ValueError("an upgrade with a body")
        self._in_body, self._head_size = True, 0
        self._in_time()
        if self.cycle is not None and not self.cycle.response_complete:
            self._earlier.append(self.cycle)
        if self._is_behind:
            self._look_behind()
        super().on_headers_complete()
        self.scope["extensions"] = self._extensions
        self.headers = []  # a body's trailers must not join the head that was screened

    def on_message_complete(self) -> None:
        super().on_message_complete()
        self._in_body = False
        self._in_time()

    def on_response_complete(self) -> None:
        # As the server does it, but for the timer.
        self.server_state.total_requests += 1
        if self._earlier:
            self._earlier = [cycle for cycle in self._earlier if not cycle.response_complete]
        if self.transport.is_closing():
            return
        self.flow.resume_reading()
        if self.pipeline:
            self._start_asgi_task(*self.pipeline.pop())
        elif self._in_body:
            self._await(_REST_OF_BODY, self.linger_within, self.transport.close)
        else:
            self._await(_NEXT, self.timeout_keep_alive, self.timeout_keep_alive_handler)

    def _unset_keepalive_if_required(self) -> None:
        if self._waits_for is _NEXT:
            self._in_time()

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: ASGI3Application) -> None:
        self._answering = cycle
        super()._start_asgi_task(cycle, app)

    def _answer_whole(self, status: int, lines: list[bytes], body: bytes) -> bool:
        """Write an answer in one piece, without what the server does for each part of it.

        Its header lines were parsed or made by us: the server's checks would find nothing.
        """
        cycle = self._answering
        if self.flow.write_paused or cycle.response_started or not cycle.keep_alive:
            return False
        if cycle.disconnected:
            return True
        cycle.response_started = cycle.response_complete = True
        cycle.message_event.set()
        self._writes.add(self.transport, b"".join((STATUS_LINE[status], *lines, b"\r\n", body)))
        cycle.on_response()
        return True

    def shutdown(self) -> None:
        self._writes.flush()  # the server closes connections whose answers it thinks written
        super().shutdown()

    def _take_arrived(self) -> bytes | None:
        """The body, when all of it is here and nothing is to be waited for; else None."""
        cycle = self._answering
        if cycle.more_body or cycle.disconnected:
            return None
        body, cycle.body = bytes(cycle.body), bytearray()
        return body

    def pause_writing(self) -> None:
        super().pause_writing()
        self._watch.set(self.flow, self.stall_within, self.transport.abort)

    def resume_writing(self) -> None:
        super().resume_writing()
        self._watch.clear(self.flow)

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 -- the server's own words
        self._refuse(MalformedRequest())

    def _look_behind(self) -> None:
        """Take our own proxy's word for the client."""
        client, scheme = client_of(self.headers, self.ingresses), scheme_of(self.headers)
        if client is not None:
            self.scope["client"] = (client, 0)
        if scheme is not None:
            self.scope["scheme"] = scheme

    def _awaits_head(self) -> bool:
        return not self._in_body and (self.cycle is None or self.cycle.response_complete)

    def _head_overdue(self) -> None:
        if self._head_size:
            self._refuse(HeadOverdue())
        else:
            self.transport.close()

    def _await(self, what: str, within: float, then: Callable[[], None]) -> None:
        self._waits_for = what
        self._watch.set(self, within, then)

    def _in_time(self) -> None:
        if self._waits_for is not _NOTHING:
            self._waits_for = _NOTHING
            self._watch.clear(self)

    def _refuse(self, problem: Problem) -> None:
        cycle = self.cycle
        if cycle is not None and not cycle.response_complete:
            if cycle.response_started:
                self.transport.close()
                return
            cycle.disconnected = True  # the application's own answer comes too late
            cycle.message_event.set()
        status, headers, body = render(problem, None)
        headers |= {"content-length": str(len(body)), "connection": "close"}
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        self.transport.write(STATUS_LINE[status] + lines.encode() + b"\r\n" + body)
        self.transport.close()
