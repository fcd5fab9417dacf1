"""How the city stands to the goals of a plan: what it asks of nobody by name, and so of all."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from kernel import calendar
from reference import figures as pack
from reference.national.rows_figures import FigureRule
from reference.terms import DutyKind
from services.tasks.figures import queries_cases as cases
from services.tasks.figures.queries import Span, Whose
from services.tasks.measures import domain, queries
from services.tasks.measures.domain import Known, Standing
from services.tasks.plans import queries as plans
from services.tasks.plans import tables as rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """A goal of a plan, and how the city stands to it."""

    year: int
    asks: rows.Goal
    rule: FigureRule
    known: Known
    standing: Standing
    on: date


async def goals(
    session: AsyncSession, plan: rows.Plan, *, region: str, on: date, now: datetime
) -> Sequence[Goal]:
    """The goals of a version of a plan as at a day, by what was known at its end."""
    year = plan.year
    past = on < calendar.day_of(now)
    span = Span(
        first=date(year, 1, 1),
        last=min(on, date(year, 12, 31)),
        known_by=calendar.closes_at(on) if past else None,
    )
    asked = await plans.goals(session, plan)
    return [await _goal(session, goal, region=region, span=span, on=on) for goal in asked]


async def _goal(
    session: AsyncSession, asks: rows.Goal, *, region: str, span: Span, on: date
) -> Goal:
    kind, rule = DutyKind(asks.kind), pack.rule(asks.metric, on=span.first)
    target = domain.target_of(
        kind=kind, comparator=asks.comparator, number=asks.target, per=rule.per
    )
    known = await _known(session, asks.metric, kind, rule, region=region, span=span)
    standing = domain.standing(target, known)
    year = span.first.year
    return Goal(year=year, asks=asks, rule=rule, known=known, standing=standing, on=on)


async def _known(
    session: AsyncSession, metric: str, kind: DutyKind, rule: FigureRule, *, region: str, span: Span
) -> Known:
    """The city's own figure; what subjects report is of nobody who has a goal, so none is."""
    match rule.told_by:
        case "accidents":
            whose = Whose(region=region)
            return await queries.counted(session, metric, kind, whose=whose, span=span)
        case "investigations":
            closed, due = await cases.closed_in_time(session, region=region, span=span)
            return Known(numerator=closed, denominator=due)
    return Known()
