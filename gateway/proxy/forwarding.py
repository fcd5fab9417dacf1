"""Passing an admitted request on to its service, and the answer back."""

import asyncio
from collections.abc import Mapping

import structlog
from starlette.types import Receive, Send

from gateway.proxy.admission import Admitted
from gateway.proxy.answer import Answer, Broken
from gateway.proxy.bodies import pieces
from gateway.proxy.caller import Sign
from gateway.proxy.lanes import Lane, Lanes, Overloaded
from gateway.proxy.marks import Marks
from gateway.proxy.outgoing import answer_headers, delivery, request_head
from gateway.proxy.settings import ProxySettings
from gateway.proxy.upstream import Upstream
from kernel.problems import Problem

log = structlog.get_logger(__name__)


class ServiceUnavailable(Problem):
    """The service behind did not answer. What became of the request is not known."""

    status = 503
    title_zh = "服务暂时不可用"
    title_en = "The service is unavailable"

    def __init__(self, service: str, reason: str) -> None:
        super().__init__(
            "请求结果未知，请以相同的 Idempotency-Key 重试",
            "The outcome is not known; send it again with the same Idempotency-Key",
            service=service,
            reason=reason,
        )
        self.headers["Retry-After"] = "1"


class Forwarding:
    """The services, and how much may be under way to them."""

    def __init__(self, upstreams: Mapping[str, str], sign: Sign, settings: ProxySettings) -> None:
        self._upstreams = {name: Upstream(url, settings) for name, url in upstreams.items()}
        self._sign = sign
        self._settings = settings
        self._lanes = Lanes(
            general=settings.general,
            reserved=settings.reserved,
            per_service=settings.per_service,
        )
        self._streams = Lanes(general=settings.streams, reserved=0, per_service=settings.streams)

    async def forward(self, admitted: Admitted, receive: Receive, send: Send) -> int:
        """Pass the request on and its answer back; the answer's status.

        Raises a Problem only while nothing of an answer has been passed back.
        """
        service = admitted.service
        self._lanes.enter(admitted.lane, service)
        try:
            answer = await self._answer(admitted, receive)
            if not (answer.is_whole or answer.is_event_stream):
                await _stream(answer, admitted, receive, send)
                return answer.status
        finally:
            self._lanes.leave(service)
        if answer.is_delivered:
            return answer.status
        if answer.is_whole:  # its lane is free again: a client that does not read holds nothing
            await _start(answer, admitted.marks, send)
            await send({"type": "http.response.body", "body": answer.body})
        else:
            await self._stream_events(answer, admitted, receive, send)
        return answer.status

    async def _stream_events(
        self, answer: Answer, admitted: Admitted, receive: Receive, send: Send
    ) -> None:
        """Events may flow for hours: they are counted apart from what is under way."""
        try:
            self._streams.enter(Lane.WRITE, admitted.service)
        except Overloaded:
            answer.abandon()
            raise
        try:
            await _stream(answer, admitted, receive, send)
        finally:
            self._streams.leave(admitted.service)

    async def _answer(self, admitted: Admitted, receive: Receive) -> Answer:
        method, body = admitted.scope["method"], admitted.body
        upstream = self._upstreams[admitted.service]
        length = admitted.head.length if body is None else len(body)
        actor = self._sign(admitted.caller, admitted.service)
        head = request_head(admitted, actor=actor, length=length)
        try:
            if body is not None:
                deliver = delivery(admitted)
                return await upstream.ask(method, head + body, deliver=deliver)
            arriving = pieces(receive, limit=admitted.limit, within=self._settings.upload_within)
            return await upstream.ask_with(head, arriving, chunked=length is None)
        except Broken as broken:
            raise _unavailable(admitted, broken) from None

    async def close(self) -> None:
        """Close the connections to the services."""
        for upstream in self._upstreams.values():
            await upstream.close()


def _unavailable(admitted: Admitted, broken: Broken) -> ServiceUnavailable:
    log.warning(
        "service_failed",
        service=admitted.service,
        reason=broken.reason,
        request_id=admitted.marks.request_id,
    )
    return ServiceUnavailable(admitted.service, broken.reason)


async def _start(answer: Answer, marks: Marks, send: Send) -> None:
    await send(
        {
            "type": "http.response.start",
            "status": answer.status,
            "headers": answer_headers(answer, marks),
        }
    )


async def _stream(answer: Answer, admitted: Admitted, receive: Receive, send: Send) -> None:
    """Pass an answer on as it arrives, until its end or until the client leaves.

    When the service dies in the middle, the answer is left unfinished and the server cuts
    the connection: the client sees that something is missing.
    """
    piece = b"" if answer.is_event_stream else await _first(answer, admitted)
    gone = asyncio.create_task(_departure(receive))
    gone.add_done_callback(lambda _: answer.abandon())
    try:
        await _start(answer, admitted.marks, send)
        while piece or (piece := await answer.read()):
            await send({"type": "http.response.body", "body": piece, "more_body": True})
            piece = b""
        await send({"type": "http.response.body", "body": b""})
    except Broken as broken:
        if not gone.done():
            log.warning("answer_cut", service=admitted.service, reason=broken.reason)
    finally:
        gone.cancel()
        answer.abandon()


async def _first(answer: Answer, admitted: Admitted) -> bytes:
    """The beginning of a body: while nothing is passed on, a failure can still be told."""
    try:
        return await answer.read()
    except Broken as broken:
        raise _unavailable(admitted, broken) from None


async def _departure(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
