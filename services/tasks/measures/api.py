"""The HTTP face of standings."""

from typing import Annotated
from uuid import UUID

from fastapi import Path, Query

from kernel.access import Place
from kernel.transactions import Actor, AsAt, Now, Session, act
from kernel.web import rooms
from reference import city
from services.tasks.measures import operations, queries_goals
from services.tasks.measures.schemas import GoalView, StandingView
from services.tasks.obligations import queries as obligations
from services.tasks.plans import queries as plans
from services.tasks.policies import POLICIES
from services.tasks.policies_figures import FigureAct

router = rooms("/tasks/obligations", "standing")
goals_router = rooms("/tasks/plans", "goals")

Version = Annotated[int | None, Query(ge=1, description="The newest one where none is given")]


@router.get("/{obligation_id}/standing")
@act(FigureAct.READ_FIGURES)
async def read_standing(
    obligation_id: UUID, session: Session, by: Actor, on: AsAt, now: Now
) -> StandingView:
    """How a measured obligation stands as at a day: its figure against its target."""
    row = await obligations.get(session, obligation_id)
    POLICIES.require(by, FigureAct.READ_FIGURES, on=row, seen_by=FigureAct.READ_FIGURES)
    shown = await operations.standing(session, row, on=on, now=now)
    return StandingView.of(row.id, row.duty, shown)


@goals_router.get("/{year}/goals")
@act(FigureAct.READ_FIGURES)
async def read_goals(
    year: Annotated[int, Path(ge=2000, le=2100)],
    session: Session,
    by: Actor,
    on: AsAt,
    now: Now,
    version: Version = None,
) -> list[GoalView]:
    """How the city stands to what a version of a year's plan asks of nobody by name, as at a day.

    The figures are of the whole city, and for those who see the whole of it.
    """
    place = city.current().code
    POLICIES.require(by, FigureAct.READ_FIGURES, on=Place(place), seen_by=FigureAct.READ_FIGURES)
    plan = await plans.plan(session, year, version)
    found = await queries_goals.goals(session, plan, region=place, on=on, now=now)
    return [GoalView.of(goal) for goal in found]
