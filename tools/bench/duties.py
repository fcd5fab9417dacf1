"""A city of many enterprises with an issued plan, as the benches of duties need it."""

from random import Random
from typing import Any

import asyncpg

from devstack.config import StackConfig
from kernel import clock, outbox
from kernel.access import SYSTEM
from kernel.db import connect, unit_of_work
from reference import demonstration
from services.tasks.plans import operations as plans
from services.tasks.plans import queries as plan_queries
from services.tasks.plans.tables import Article, Duty
from tools.bench.stack import Stack

_HIGH_RISK = 0.75
_SEED = 1114
_ENTERPRISE = (
    "uscc",
    "name",
    "region_code",
    "industry",
    "sector",
    "high_risk",
    "groups",
    "told_at",
)

_ENTRIES = """
    INSERT INTO enterprise_entry (uscc, effective_from, name, region_code, industry, sector,
                                  high_risk, groups)
    SELECT uscc, told_at::date, name, region_code, industry, sector, high_risk, groups
    FROM enterprise ON CONFLICT DO NOTHING
"""


async def fill(stack: Stack, count: int) -> None:
    """So many enterprises as inspections would have told of them, three quarters high-risk."""
    chance = Random(_SEED)  # noqa: S311 -- plausible, not secret
    known = demonstration.enterprises()
    risky = [row for row in known if row.high_risk]
    others = [row for row in known if not row.high_risk]
    connection = await asyncpg.connect(stack.database("tasks"))
    await connection.copy_records_to_table(
        "enterprise",
        records=(
            _enterprise(number, chance.choice(risky if chance.random() < _HIGH_RISK else others))
            for number in range(count)
        ),
        columns=_ENTERPRISE,
    )
    await connection.execute(_ENTRIES)
    await connection.execute("VACUUM ANALYZE enterprise, enterprise_entry")
    await connection.close()


def _enterprise(number: int, like: demonstration.Enterprise) -> tuple[object, ...]:
    """One more of a sort that there is, under a code that nobody has."""
    told = (like.region, like.industry, like.sector, like.high_risk, sorted(like.flags))
    return (f"91{like.county}BE{number:08d}", f"企业{number}", *told, clock.wall())


async def issue(stack: Stack, year: int) -> None:
    """The pack's plan once more, as that of another year."""
    database = connect(address(stack), name="bench")
    database.before_commit.append(outbox.record)
    async with unit_of_work(database, SYSTEM) as session:
        [plan] = [row for row in await plan_queries.plans(session) if row.version]
        articles = [_copy(Article, row) for row in await plan_queries.articles(session, plan)]
        duties = [_copy(Duty, row) for row in await plan_queries.duties(session, plan)]
        for duty in duties:
            duty.due_on = duty.due_on.replace(year=year) if duty.due_on else None
        await plans.issue_version(
            session, year=year, title=None, articles=articles, duties=duties, now=clock.wall()
        )
    await database.close()


def _copy(table: Any, row: Any) -> Any:
    return table(**{column.key: getattr(row, column.key) for column in table.__table__.columns})


def address(stack: Stack) -> str:
    """Where the tasks service finds its database, as its own role."""
    return StackConfig.of_running(stack.layout).databases["tasks"].app
