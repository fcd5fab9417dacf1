"""A route is a transaction: opened with the actor's scope, committed before the answer leaves.

The route class does in one place what no endpoint may forget: it knows the actor, refuses a
role that the act is not for, parses the body strictly, honours the idempotency key, and
commits. An endpoint that takes reports while the database is away opts out with
`@untransacted` and opens its own unit of work.
"""

from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any, TypeVar

import orjson
from fastapi import Depends, Query, Request, Response
from fastapi.routing import APIRoute
from sqlalchemy.ext.asyncio import AsyncSession as SqlSession

from kernel import calendar, clock, idempotency, strictjson
from kernel.access import Policies, Principal
from kernel.actor import HEADER, ActorUnproven, ActorVerifier
from kernel.db import Database, unit_of_work
from kernel.files import Objects
from kernel.idempotency import TwinInProgress
from kernel.problems import FieldFault, InvalidPayload

F = TypeVar("F", bound=Callable[..., Any])
Handle = Callable[[Request], Coroutine[Any, Any, Response]]

WRITES = frozenset({"POST", "PUT", "PATCH", "DELETE"})
_KEY_CHARACTERS = 200


@dataclass(kw_only=True)
class Runtime:
    """What a service's requests share."""

    name: str
    database: Database
    policies: Policies
    verifier: ActorVerifier | None
    objects: Objects | None = None
    """Where files are kept, if an object store is named."""

    async def identify(self, request: Request) -> Principal:
        """The actor the gateway states, or a refusal."""
        statement = request.headers.get(HEADER)
        if statement is None or self.verifier is None:
            raise ActorUnproven
        return self.verifier.verify(statement, now=clock.wall())


def act(name: str) -> Callable[[F], F]:
    """State which act of the policy table an endpoint is. One without is not served."""

    def mark(endpoint: F) -> F:
        endpoint.__dict__["act"] = str(name)
        return endpoint

    return mark


def public(endpoint: F) -> F:
    """Serve whoever asks: no actor, no act, no scope. Each use says beside it why."""
    endpoint.__dict__["public"] = True
    return endpoint


def untransacted(endpoint: F) -> F:
    """Leave transaction and idempotency to the endpoint itself."""
    endpoint.__dict__["untransacted"] = True
    return endpoint


def keyed_by(field: str) -> Callable[[F], F]:
    """Take the idempotency key from a field of the body, made by the client."""

    def mark(endpoint: F) -> F:
        endpoint.__dict__["keyed_by"] = field
        return endpoint

    return mark


class UndeclaredAct(Exception):
    """A route does not say which act it is, so nobody can be allowed to use it."""


ANYBODY = Principal(subject="anybody")
"""Who acts on a public route: no role, and a scope that row-level security shows nothing."""


_ASKING = frozenset({"GET", "HEAD"})


class TransactionalRoute(APIRoute):
    """One request, one transaction."""

    @property
    def act(self) -> str | None:
        """The act of the policy table this route is; None for one that is `@public`."""
        if self.endpoint.__dict__.get("public"):
            return None
        try:
            return str(self.endpoint.__dict__["act"])
        except KeyError:
            raise UndeclaredAct(f"{self.path} has no @act.") from None

    def get_route_handler(self) -> Handle:
        """Wrap FastAPI's handler in actor, strict body, transaction and idempotency."""
        handle = super().get_route_handler()
        work = handle if self.endpoint.__dict__.get("untransacted") else self._transacted(handle)
        named = self.act

        async def serve(request: Request) -> Response:
            request.state.actor = ANYBODY if named is None else await _admit(request, named)
            await read_strictly(request)
            return await work(request)

        return serve

    def _transacted(self, handle: Handle) -> Handle:
        field = self.endpoint.__dict__.get("keyed_by")

        async def work(request: Request) -> Response:
            runtime: Runtime = request.app.state.runtime
            key = request_key(request, field)
            asks = request.method in _ASKING
            async with unit_of_work(runtime.database, request.state.actor, asks=asks) as session:
                request.state.session = session
                if key is None:
                    return await handle(request)
                return await once(session, request, key, lambda: handle(request))

        return work


async def _admit(request: Request, named: str) -> Principal:
    """The actor, if any of their roles has the act at all."""
    runtime: Runtime = request.app.state.runtime
    actor = await runtime.identify(request)
    runtime.policies.require_role(actor, named)
    return actor


async def read_strictly(request: Request) -> None:
    """Parse a JSON body once, refusing what lenient parsers let through."""
    if request.method not in WRITES:
        return
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != "application/json" and not media_type.endswith("+json"):
        return
    body = await request.body()
    if body:
        # Starlette keeps the parsed body here; FastAPI asks for it and does not parse again.
        request._json = strictjson.loads(body)


def request_key(request: Request, field: str | None) -> str | None:
    """The client's idempotency key, from the header or from a field of the body."""
    if request.method not in WRITES:
        return None
    body = getattr(request, "_json", None)
    if field is not None and isinstance(body, dict) and isinstance(body.get(field), str):
        return str(body[field])
    key = request.headers.get("Idempotency-Key")
    if key is not None and not 1 <= len(key.strip('"')) <= _KEY_CHARACTERS:
        raise InvalidPayload(
            FieldFault(
                pointer="header:Idempotency-Key",
                code="string_too_long",
                zh=f"应为 1–{_KEY_CHARACTERS} 个字符",
                en=f"expected 1 to {_KEY_CHARACTERS} characters",
            )
        )
    return key.strip('"') if key is not None else None


async def once(
    session: SqlSession, request: Request, key: str, work: Callable[[], Awaitable[Response]]
) -> Response:
    """Do the work of a key once; a twin gets the very same answer."""
    place = {
        "client": request.state.actor.subject,
        "route": f"{request.method} {request.scope['path']}",
        "key": key,
    }
    payload = idempotency.digest(getattr(request, "_json", None))
    known = await idempotency.claim(session, request_hash=payload, **place)
    if known is not None:
        return _answer_again(known)
    response = await work()
    headers = {
        name: value
        for name, value in response.headers.items()
        if name in {"location", "etag", "content-type", "content-language"}
    }
    await idempotency.keep(
        session, **place, status=response.status_code, headers=headers, body=bytes(response.body)
    )
    return response


def _answer_again(known: idempotency.Answer) -> Response:
    if known.status is None or known.headers is None:
        raise TwinInProgress
    return Response(
        content=known.body, status_code=known.status, headers=orjson.loads(known.headers)
    )


async def _session(request: Request) -> SqlSession:
    session: SqlSession = request.state.session
    return session


async def _actor(request: Request) -> Principal:
    actor: Principal = request.state.actor
    return actor


async def _now() -> datetime:
    return clock.now()


async def _as_at(
    now: Annotated[datetime, Depends(_now)],
    on: Annotated[date | None, Query(description="The day asked about; else today")] = None,
) -> date:
    return on or calendar.day_of(now)


Session = Annotated[SqlSession, Depends(_session)]
Actor = Annotated[Principal, Depends(_actor)]
Now = Annotated[datetime, Depends(_now)]
AsAt = Annotated[date, Depends(_as_at)]
"""The day that a question about what is kept by days is asked of: `?on=`, else today."""
