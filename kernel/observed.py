"""What surrounds every request: its id, its trace, its line in the metrics."""

import re
from functools import lru_cache

import structlog
from opentelemetry.trace import Span, SpanKind
from prometheus_client import Counter, Histogram
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from structlog.contextvars import bind_contextvars, reset_contextvars

from kernel import clock
from kernel.ids import uuid7
from kernel.telemetry import REQUEST_SECONDS, REQUESTS, continued

log = structlog.get_logger(__name__)

_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_UNKNOWN = "unknown"
_HUNG_UP = 499
"""The client left before an answer began; no status was sent."""


class Observed:
    """ASGI middleware around a whole application: request id, trace, metrics.

    A request id from outside is kept if it is harmless in a log, else replaced; it is bound
    to every log line and returned in `X-Request-ID`. Routes are counted by their template
    (`/reports/{id}`), and what no route took as "unknown": labels stay few whatever is asked.
    An application that knows better may set `scope["anlian.route"]`.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = clock.ticks()
        request_id, traceparent = _asked(scope)
        scope["anlian.request_id"] = request_id
        answer = _Answer(send, request_id)
        bound = bind_contextvars(request_id=request_id)
        try:
            with continued(traceparent, scope["method"], kind=SpanKind.SERVER) as span:
                try:
                    await self._app(scope, receive, answer)
                except Exception as reason:
                    # Told here, where the request's id and trace are still known.
                    log.error("request.failed", exc_info=reason)
                    answer.fail()
                    raise
                finally:
                    _name(span, scope, answer.status)
        finally:
            reset_contextvars(**bound)
            _count(scope, answer.status, clock.ticks() - started)


class _Answer:
    """Passes an answer on, noting its status and adding the request's id."""

    def __init__(self, send: Send, request_id: str) -> None:
        self._send = send
        self._request_id = request_id
        self.status = _HUNG_UP

    def fail(self) -> None:
        """Whoever stands outside will answer 500, unless an answer has begun."""
        if self.status == _HUNG_UP:
            self.status = 500

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            MutableHeaders(scope=message)["X-Request-ID"] = self._request_id
        await self._send(message)


def _asked(scope: Scope) -> tuple[str, str | None]:
    request_id = traceparent = None
    for name, value in scope["headers"]:
        if name == b"x-request-id":
            request_id = value.decode("latin-1")
        elif name == b"traceparent":
            traceparent = value.decode("latin-1")
    if request_id is None or not _REQUEST_ID.fullmatch(request_id):
        request_id = uuid7().hex
    return request_id, traceparent


def _route(scope: Scope) -> str:
    stated = scope.get("anlian.route")
    if stated:
        return str(stated)
    # FastAPI keeps the whole template of an included router apart from the route's own part.
    route = scope.get("fastapi", {}).get("effective_route_context") or scope.get("route")
    return getattr(route, "path", None) or _UNKNOWN


def _name(span: Span, scope: Scope, status: int) -> None:
    if span.is_recording():
        span.update_name(f"{scope['method']} {_route(scope)}")
        span.set_attribute("http.response.status_code", status)


@lru_cache(maxsize=4096)
def _series(method: str, route: str, status: int) -> tuple[Counter, Histogram]:
    seconds = REQUEST_SECONDS.labels(method, route)
    return REQUESTS.labels(method, route, str(status)), seconds


def _count(scope: Scope, status: int, seconds: float) -> None:
    method = scope["method"] if scope["method"] in _METHODS else _UNKNOWN
    requests, histogram = _series(method, _route(scope), status)
    requests.inc()
    histogram.observe(seconds)
