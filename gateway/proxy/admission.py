"""Letting a request in: everything that must hold before a service hears of it."""

import asyncio
from dataclasses import dataclass

from starlette.datastructures import Headers
from starlette.types import Receive, Scope

from gateway.proxy.bodies import arrived, collect, refuse_larger
from gateway.proxy.caller import Authenticate, Caller
from gateway.proxy.heads import Head, screen
from gateway.proxy.lanes import Lane, Lanes
from gateway.proxy.limits import Limits
from gateway.proxy.marks import Marks
from gateway.proxy.paths import service_of
from gateway.proxy.settings import ProxySettings
from gateway.proxy.watch import Watch, watch_of
from kernel import strictjson
from kernel.access import NotFound

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_UPLOADS = (b"multipart/", b"image/", b"video/", b"audio/")
_UPLOAD_TYPES = frozenset({b"application/octet-stream", b"application/pdf", b"application/zip"})


@dataclass(slots=True)
class Admitted:
    """A request that may go on to its service."""

    scope: Scope
    marks: Marks
    head: Head
    service: str
    lane: Lane
    caller: Caller
    body: bytes | None
    """None when it is passed on as it arrives."""
    limit: int
    """How long the body may be."""

    @property
    def target(self) -> bytes:
        """Path and query as they stand on the wire."""
        return _target(self.scope)

    @property
    def client(self) -> str:
        """The address the request came from."""
        return _address(self.scope)


class Admission:
    """The checks, in the order in which they cost little first."""

    def __init__(
        self, services: frozenset[str], authenticate: Authenticate, settings: ProxySettings
    ) -> None:
        self._services = services
        self._authenticate = authenticate
        self._settings = settings
        self._limits = Limits(settings)
        self._kept_watch: Watch | None = None
        self._receiving = Lanes(
            general=settings.receiving,
            reserved=settings.reserved,
            per_service=settings.receiving,
        )

    async def admit(self, scope: Scope, marks: Marks, receive: Receive) -> Admitted:
        """Let a request in, or raise a Problem; `ClientGone` when nobody waits any more."""
        headers = list(scope["headers"])  # servers may add a body's trailers to their own list
        service = self._addressed(scope)
        marks.name(scope, service)
        head = screen(scope["method"], len(_target(scope)), headers, self._settings)
        limit = self._body_limit(head)
        refuse_larger(head.length, limit)
        lane = self._lane(scope)
        self._limits.take_for_address(_address(scope), lane, marks.started)
        body = None
        if head.is_signed:  # nobody has proved anything yet: no claim on the reserved lane
            body = await self._received(scope, receive, head, service, Lane.WRITE)
        caller = await self._authenticate(scope, Headers(raw=headers), body)
        lane = lane if caller.lane is None else caller.lane
        self._limits.take_for_account(caller.limit_key, lane, marks.started)
        if body is None and (not head.has_body or _is_json(head)):
            body = await self._received(scope, receive, head, service, lane)
        if body and _is_json(head):
            strictjson.refuse_deeper(body, max_depth=self._settings.max_depth)
        return Admitted(scope, marks, head, service, lane, caller, body, limit)

    def _watch(self) -> Watch:
        if self._kept_watch is None:
            self._kept_watch = watch_of(asyncio.get_running_loop())
        return self._kept_watch

    def _addressed(self, scope: Scope) -> str:
        service = service_of(scope["raw_path"], scope["path"], scope["query_string"])
        if service not in self._services:
            raise NotFound
        return service

    def _lane(self, scope: Scope) -> Lane:
        if (scope["method"], scope["path"]) in self._settings.reserved_routes:
            return Lane.RESERVED
        return Lane.READ if scope["method"] in _SAFE else Lane.WRITE

    def _body_limit(self, head: Head) -> int:
        """Only uploads may be large, unless they are signed and so kept in memory."""
        if not head.has_body:
            return 0
        media_type = head.media_type
        is_upload = media_type.startswith(_UPLOADS) or media_type in _UPLOAD_TYPES
        if is_upload and not head.is_signed:
            return self._settings.upload_limit
        return self._settings.json_limit

    async def _received(
        self, scope: Scope, receive: Receive, head: Head, service: str, lane: Lane
    ) -> bytes:
        if not head.has_body:
            return b""
        body = arrived(scope, limit=self._settings.json_limit)
        if body is not None:
            return body
        self._receiving.enter(lane, service)
        try:
            return await collect(
                receive,
                limit=self._settings.json_limit,
                within=self._settings.body_within,
                watch=self._watch(),
            )
        finally:
            self._receiving.leave(service)


def _is_json(head: Head) -> bool:
    """Whether the body is JSON, or could be taken for it because it does not say."""
    media_type = head.media_type
    return media_type in {b"application/json", b""} or media_type.endswith(b"+json")


def _target(scope: Scope) -> bytes:
    query: bytes = scope["query_string"]
    path: bytes = scope["raw_path"]
    return path + b"?" + query if query else path


def _address(scope: Scope) -> str:
    client = scope["client"]
    return client[0] if client else "unknown"
