"""A service on a stage: its real application over its own database, facts delivered by hand.

`stage.as_(actor)` speaks HTTP as anybody; `stage.hear(event)` delivers a fact of another
service as its consumer would; `stage.told()` is what the service has told so far. Time is
`stage.now`, for requests, and the event's own for facts.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cache
from typing import Any, TypeVar

import httpx
import orjson
from fastapi import APIRouter, FastAPI
from joserfc.jwk import KeySet, OKPKey
from sqlalchemy import inspect, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import DeclarativeBase
from starlette.datastructures import State

from devstack.databases import DatabaseUrls
from kernel import clock, outbox, transactions
from kernel.access import SYSTEM, Principal
from kernel.actor import HEADER, ActorSigner, ActorVerifier
from kernel.broker import Broker
from kernel.consumer import Consumer
from kernel.db import Database, unit_of_work
from kernel.envelope import Envelope
from kernel.events import Event
from kernel.inbox import Turn
from kernel.migrations import runner
from kernel.timers import TimerWorker
from kernel.transactions import Runtime
from kernel.web import Service, add_problem_handlers
from tests.lending import Copy

KEY = OKPKey.generate_key("Ed25519", {"use": "sig"}, auto_kid=True)
SIGNER = ActorSigner(KEY)
NOON = datetime(2023, 6, 1, 4, 0, tzinfo=UTC)

Row = TypeVar("Row", bound=DeclarativeBase)


@cache
def migrated(service: str) -> Callable[[DatabaseUrls], Awaitable[None]]:
    """Prepares the template that all test databases of a service are copied from."""

    async def prepare(urls: DatabaseUrls) -> None:
        await runner.migrate(service=service, owner_url=urls.owner, app_role=urls.app_role)

    return prepare


@dataclass(kw_only=True, repr=False)
class Stage:
    """One service over one fresh database."""

    service: Service
    database: Database
    application: FastAPI
    copy: Copy
    now: datetime = NOON
    _versions: dict[tuple[str, str], int] = field(default_factory=dict)

    def _repr_pretty_(self, printer: Any, _: bool) -> None:
        """How Hypothesis shows it beside a failing example: not with all the routes."""
        printer.text(f"<{self.service.name} on its stage>")

    def as_(self, actor: Principal, **headers: str) -> httpx.AsyncClient:
        """A client that the gateway states to be this actor."""
        stated = SIGNER.sign(actor, audience=self.service.name, now=clock.wall())
        return httpx.AsyncClient(
            transport=httpx.ASGITransport(self.application, raise_app_exceptions=False),
            base_url="http://service/api/v1",
            headers={HEADER: stated, "Accept-Language": "en", **headers},
        )

    @asynccontextmanager
    async def work(self, by: Principal = SYSTEM) -> AsyncIterator[AsyncSession]:
        """A unit of work, by default of the platform itself."""
        async with unit_of_work(self.database, by) as session:
            yield session

    async def begin_with(self, fill: Callable[["Stage"], Awaitable[None]]) -> None:
        """Fill the empty database; after the first time, with what that left there.

        What is filled in is rows and what was heard, the same for every test.
        """
        assert await self.copy.is_new(), "only an empty database begins with something"
        name = f"{fill.__module__}.{fill.__qualname__}"
        if name in self.copy.kept:
            await self.database.close()
            assert await self.copy.put(name)
            self._versions = dict(self.copy.heard[name])
            return
        await fill(self)
        await self.copy.keep(name)
        self.copy.heard[name] = dict(self._versions)

    async def hear(self, *events: Event) -> list[Turn]:
        """Deliver facts in order, as the next ones of their aggregates."""
        return [await self.apply(self.envelope(event)) for event in events]

    async def apply(self, envelope: Envelope) -> Turn:
        """Deliver an envelope as it stands: again, early, or in turn."""
        publisher = envelope.type.partition(".")[0]
        listening = [s for s in self.service.subscriptions if s.publisher == publisher]
        consumer = Consumer(
            self.database,
            Broker("nats://127.0.0.1:1", name="unused"),
            service=self.service.name,
            publisher=publisher,
            subscriptions=listening,
        )
        return await consumer.apply(envelope)

    def envelope(self, event: Event) -> Envelope:
        """The event on the wire, with the next version of its aggregate."""
        key = (event.subject.partition(".")[0], event.aggregate_id)
        version = self._versions[key] = self._versions.get(key, 0) + 1
        return Envelope(
            id=str(event.event_id),
            source="/anlian/test",
            type=event.subject,
            subject=event.aggregate_id,
            time=event.occurred_at,
            version=version,
            data=orjson.loads(event.model_dump_json()),
        )

    async def told(self, kind: type[Event] | None = None) -> list[dict[str, Any]]:
        """What the service has told, oldest first, each with its `subject`."""
        query = text("SELECT subject, data FROM event_log ORDER BY recorded_at, event_id")
        async with self.work() as session:
            rows = (await session.execute(query)).all()
        facts = [{"subject": row.subject, **orjson.loads(row.data)} for row in rows]
        return [fact for fact in facts if kind is None or fact["subject"] == kind.subject]

    async def rows(self, table: type[Row], **values: Any) -> list[Row]:
        """The rows of a table with these values, as the platform sees them, in their keys' order.

        Ids follow the order in which rows were made; where a row lies follows its last change.
        """
        chosen = select(table).filter_by(**values).order_by(*inspect(table).primary_key)
        async with self.work() as session:
            return list(await session.scalars(chosen))

    async def fire_until(self, now: datetime, *kinds: str) -> int:
        """Fire every timer, or those of some kinds, that is due by an instant; how many fired."""
        chosen = [one for one in self.service.timers if not kinds or one.kind in kinds]
        worker = TimerWorker(self.database, chosen)
        fired = 0
        while await worker.fire_next(now):
            fired += 1
        return fired


_APPLICATIONS: dict[tuple[int, ...], tuple[Sequence[APIRouter], FastAPI]] = {}
# Each with its routers, so that no others can take their ids.


def _application(routers: Sequence[APIRouter]) -> FastAPI:
    """The routes of a service. They are made ready with the first request: once, not per test."""
    key = tuple(map(id, routers))
    if key not in _APPLICATIONS:
        application = FastAPI()
        for router in routers:
            application.include_router(router)
        add_problem_handlers(application)
        _APPLICATIONS[key] = (routers, application)
    return _APPLICATIONS[key][1]


@asynccontextmanager
async def staged(service: Service, copy: Copy) -> AsyncIterator[Stage]:
    """Put a service on its stage: routes and handlers real, delivery by hand. One at a time."""
    database = replace(
        copy.database,
        nudge=asyncio.Event(),
        timers_nudge=asyncio.Event(),
        before_commit=[outbox.record],
    )
    application = _application(service.routers)
    assert not application.dependency_overrides, f"{service.name} is on a stage already"
    application.state = State()
    application.state.runtime = Runtime(
        name=service.name,
        database=database,
        policies=service.policies,
        verifier=ActorVerifier(KeySet([KEY]), audience=service.name),
    )
    stage = Stage(service=service, database=database, application=application, copy=copy)
    application.dependency_overrides[transactions._now] = lambda: stage.now
    try:
        yield stage
    finally:
        application.dependency_overrides.clear()
        await database.close()
