"""What is written: the head sent to a service, and the head given back to the client."""

import re

from gateway.proxy.admission import Admitted
from gateway.proxy.answer import Answer, Deliver
from gateway.proxy.heads import HOP_BY_HOP, INNER, Head
from gateway.proxy.marks import Marks
from kernel.actor import HEADER as ACTOR_HEADER

NOT_RETURNED = HOP_BY_HOP | {b"server", b"x-request-id"}
WHOLE = "anlian.whole"
"""A server's extension; its `answer` takes status, header lines and body, or tells False."""
_ACTOR = ACTOR_HEADER.lower()
_VISIBLE = re.compile(rb"[ -~]*")
_WITHOUT_LENGTH = frozenset({204, 304})


def request_head(admitted: Admitted, *, actor: str, length: int | None) -> bytes:
    """The head as sent to a service. `length` None: the body follows in chunks."""
    method, head, marks = admitted.scope["method"], admitted.head, admitted.marks
    said = [
        method.encode(),
        b" ",
        admitted.target,
        b" HTTP/1.1\r\nhost: ",
        head.host,
        b"\r\n",
        head.forwarded,
        f"{_ACTOR}: {actor}\r\nx-request-id: {marks.request_id}"
        f"\r\ntraceparent: {marks.traceparent}\r\nx-forwarded-for: {admitted.client}"
        f"\r\nx-forwarded-proto: {admitted.scope['scheme']}".encode(),
    ]
    if b"tracestate" in head.noted and _carries_on(head, marks.traceparent):
        said.append(b"\r\ntracestate: " + head.noted[b"tracestate"])
    if length is None:
        said.append(b"\r\ntransfer-encoding: chunked")
    elif length or method not in {"GET", "HEAD"}:
        said.append(b"\r\ncontent-length: %d" % length)
    said.append(b"\r\n\r\n")
    return b"".join(said)


def _carries_on(head: Head, traceparent: str) -> bool:
    """Whether the caller's own trace goes on, so that its vendors' state goes with it."""
    asked, state = head.noted.get(b"traceparent", b""), head.noted[b"tracestate"]
    return asked[3:35] == traceparent[3:35].encode() and _VISIBLE.fullmatch(state) is not None


def answer_headers(answer: Answer, marks: Marks) -> list[tuple[bytes, bytes]]:
    """The headers of an answer that are for the client."""
    dropped = _dropped(answer)
    kept = [
        (name, value)
        for name, value in answer.headers
        if name not in dropped and not name.startswith(INNER)
    ]
    kept.append((b"x-request-id", marks.request_id.encode()))
    return kept


def _dropped(answer: Answer) -> frozenset[bytes]:
    dropped = NOT_RETURNED
    if answer.connection_header:
        named = answer.connection_header.lower().split(b",")
        dropped = dropped | {token.strip() for token in named}
    if answer.status in _WITHOUT_LENGTH:
        dropped = dropped | {b"content-length"}
    return dropped


def delivery(admitted: Admitted) -> Deliver | None:
    """How to pass on an answer the moment it is whole, if the server offers a way."""
    extension = admitted.scope.get("extensions", {}).get(WHOLE)
    if extension is None or admitted.marks.is_observed:
        return None

    def deliver(answer: Answer) -> bool:
        lines: list[bytes] = []
        for name, value in answer_headers(answer, admitted.marks):
            lines += (name, b": ", value, b"\r\n")
        if answer.lacks_length:
            lines.append(b"content-length: %d\r\n" % len(answer.body))
        return bool(extension["answer"](answer.status, lines, answer.body))

    return deliver
