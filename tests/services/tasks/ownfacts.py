"""What tasks tells, delivered to tasks itself as its consumer would."""

from datetime import datetime
from itertools import product
from typing import Any

from contracts import tasks, tasks_scoring
from kernel.events import Event
from reference import city
from services.tasks.handlers_self import SUBSCRIPTIONS
from services.tasks.obligations.tables import Obligation
from services.tasks.plans import operations as plans
from services.tasks.plans.tables import Duty
from tests.services.stage import Stage

_HEARD = {
    one.event.subject: one.event for one in SUBSCRIPTIONS if one.event is not tasks.PlanIssued
}


async def told(stage: Stage, *kinds: type[Event]) -> list[Event]:
    """What was told of some kinds, or of all that tasks hears of itself, as facts again."""
    wanted = {kind.subject for kind in kinds} or set(_HEARD)
    return [
        _HEARD[fact["subject"]].model_validate(fact)
        for fact in await stage.told()
        if fact["subject"] in wanted
    ]


async def heard(stage: Stage, *kinds: type[Event]) -> int:
    """Have tasks hear what it has told so far; how many facts that was."""
    facts = await told(stage, *kinds)
    await stage.hear(*facts)
    return len(facts)


async def owing(stage: Stage, duty: str, *, year: int = 2023) -> list[Obligation]:
    """Who owes a duty of a plan, by subject."""
    rows = await stage.rows(Obligation, duty=f"{year}/{duty}")
    return sorted(rows, key=lambda row: (row.subject, row.due_at))


async def issued(
    stage: Stage,
    *codes: str,
    year: int,
    at: datetime,
    **changed: Any,
) -> None:
    """A plan of a year with some duties of the pack's, all of them changed so, heard of."""
    rows = [_duty(code) for code in codes]
    for row, (name, value) in product(rows, changed.items()):
        setattr(row, name, value)
    async with stage.work() as session:
        plan = await plans.issue_version(
            session, year=year, title="工作要点", articles=(), duties=rows, now=at
        )
    await stage.hear(
        tasks.PlanIssued(
            occurred_at=at,
            plan=str(year),
            year=year,
            version=plan.version,
            region_code=city.current().code,
            articles=0,
            duties=len(rows),
        )
    )


def _duty(code: str) -> Duty:
    [row] = [duty for duty in city.current().plans[2023].duties if duty.code == code]
    return plans._duty(row)


OVERDUE, LISTED = tasks.ObligationOverdue, tasks_scoring.UnitsListed
