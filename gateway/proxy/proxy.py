"""The forward path as one ASGI application."""

from collections.abc import Mapping

import structlog
from starlette.types import Receive, Scope, Send

from gateway.proxy.admission import Admission
from gateway.proxy.bodies import ClientGone
from gateway.proxy.caller import Authenticate, Sign
from gateway.proxy.forwarding import Forwarding
from gateway.proxy.marks import Marks
from gateway.proxy.settings import ProxySettings
from kernel.problems import Problem
from kernel.rendering import render

log = structlog.get_logger(__name__)

_HUNG_UP = 499
"""The client left before its request was complete; no status was sent."""


class Proxy:
    """Forwards `/api/v1/<service>/…` to the services; the package tells what it refuses.

    It gives every request its id, its trace and its line in the metrics, unless an
    `Observed` around it does so already.
    """

    def __init__(
        self,
        upstreams: Mapping[str, str],
        authenticate: Authenticate,
        sign: Sign,
        settings: ProxySettings,
    ) -> None:
        self._admission = Admission(frozenset(upstreams), authenticate, settings)
        self._forwarding = Forwarding(upstreams, sign, settings)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._other(scope, receive, send)
            return
        marks = Marks.of(scope)
        try:
            admitted = await self._admission.admit(scope, marks, receive)
            status = await self._forwarding.forward(admitted, receive, send)
        except Problem as problem:
            status = await _refuse(problem, scope, marks, send)
        except ClientGone:
            status = _HUNG_UP
        except Exception:
            log.exception("unexpected", request_id=marks.request_id)
            status = await _refuse(Problem(), scope, marks, send)
        marks.count(scope["method"], status)

    async def close(self) -> None:
        """Close the connections to the services."""
        await self._forwarding.close()

    async def _other(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
            return
        await receive()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self.close()
        await send({"type": "lifespan.shutdown.complete"})


async def _refuse(problem: Problem, scope: Scope, marks: Marks, send: Send) -> int:
    language = next((value for name, value in scope["headers"] if name == b"accept-language"), b"")
    status, headers, body = render(problem, language.decode("latin-1"), scope["path"])
    headers |= {"content-length": str(len(body)), "x-request-id": marks.request_id}
    raw = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": status, "headers": raw})
    await send({"type": "http.response.body", "body": body})
    return status
