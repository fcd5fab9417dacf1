"""Loads the demonstration city into a new stack: units, plan, enterprises, one webhook.

Everything goes through the services' own operations, so the facts are told as in real life
and reach the other services once these run.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date

from sqlalchemy.ext.asyncio import AsyncSession

from devstack.config import StackConfig
from devstack.keys import ring_file
from kernel import clock, keyring, outbox
from kernel.access import SYSTEM
from kernel.db import connect, unit_of_work
from reference import city, demonstration
from services.inspections.registry import operations as registry
from services.inspections.registry.domain import NewEnterprise
from services.notifications.endpoints import operations as endpoints
from services.notifications.endpoints.domain import Guard, Subscription
from services.notifications.endpoints.domain_offer import SUBJECTS
from services.tasks.committees import operations as committees
from services.tasks.organisations import domain as organisations
from services.tasks.organisations import operations as organisation_operations
from services.tasks.plans import operations as plans
from services.tasks.scores import operations_runs as score_runs

FOUNDED = date(2020, 1, 1)
"""From when the city's units are on record: the demonstration begins in 2020."""

MAIL_DOMAIN = "anlian.example"
SINK_HOST = "127.0.0.1"


async def load(stack: StackConfig) -> None:
    """Load it; what stands already stays as it is."""
    await _tasks(stack)
    await _inspections(stack)
    await _notifications(stack)


@asynccontextmanager
async def _work(stack: StackConfig, service: str) -> AsyncIterator[AsyncSession]:
    """The one transaction in which a service is given its part."""
    database = connect(stack.databases[service].app, pool_size=2, name="loading")
    database.before_commit.append(outbox.record)
    try:
        async with unit_of_work(database, SYSTEM) as session:
            yield session
    finally:
        await database.close()


def _address(post: str) -> str:
    """Where letters for a post go: `430481.emergency.duty_desk@…`, read in the mail sink."""
    return f"{post}@{MAIL_DOMAIN}"


async def _tasks(stack: StackConfig) -> None:
    now = clock.wall()
    units = organisations.of_pack(on=FOUNDED, address=_address)
    async with _work(stack, "tasks") as session:
        await organisation_operations.record_units(session, units=units, on=FOUNDED, now=now)
        await committees.record_of_pack(session, on=FOUNDED)
        for year in city.current().plans:
            await plans.issue(session, year=year, now=now)
        score_runs.schedule(session, now=now)


async def _inspections(stack: StackConfig) -> None:
    enterprises = [
        NewEnterprise(
            uscc=enterprise.uscc,
            name=enterprise.zh,
            region=enterprise.region,
            industry=enterprise.industry,
            risk=enterprise.risk,
            supervision=enterprise.supervision,
            lon=enterprise.location.lon,
            lat=enterprise.location.lat,
            groups=tuple(sorted(enterprise.flags)),
        )
        for enterprise in demonstration.enterprises()
    ]
    async with _work(stack, "inspections") as session:
        await registry.register(session, enterprises=enterprises, now=clock.wall())


async def _notifications(stack: StackConfig) -> None:
    keyring.use(keyring.KeyRing.from_file(ring_file(stack.layout, "notifications")))
    async with _work(stack, "notifications") as session:
        await endpoints.subscribe(
            session,
            wanted=Subscription(
                name="city",
                url=f"{stack.address('hooks')}/hooks/city",
                subjects=SUBJECTS,
                region_code=city.current().code,
                networks=(f"{SINK_HOST}/32",),
            ),
            guard=Guard(hosts=(SINK_HOST,), development=True),
            by=SYSTEM,
            now=clock.wall(),
        )
