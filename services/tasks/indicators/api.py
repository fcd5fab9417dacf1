"""The HTTP face of indicators."""

from typing import Annotated

from fastapi import Query

from kernel import calendar
from kernel.transactions import Now, act
from kernel.web import rooms
from reference import city, scoring
from services.tasks.indicators.schemas import GroupView, IndicatorView
from services.tasks.organisations.schemas import Day
from services.tasks.policies_scoring import ScoreAct

router = rooms("/tasks/indicators", "indicators")

_On = Annotated[Day | None, Query(description="As of this day; today where it is left out")]


@router.get("")
@act(ScoreAct.READ_RANKINGS)
async def list_indicators(now: Now, on: _On = None) -> list[IndicatorView]:
    """The indicators in force on a day: formula, weight, bounds, groups and instrument."""
    day = on or calendar.day_of(now)
    return [IndicatorView.model_validate(row) for row in city.current().indicators.at(day)]


@router.get("/groups")
@act(ScoreAct.READ_RANKINGS)
async def list_groups(now: Now, on: _On = None) -> list[GroupView]:
    """The groups of peers on a day and the units in them."""
    day = on or calendar.day_of(now)
    return [
        GroupView(
            code=group.code,
            zh=group.zh,
            en=group.en,
            units=[unit.code for unit in scoring.members(group, on=day)],
        )
        for group in scoring.groups(on=day)
    ]
