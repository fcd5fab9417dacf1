"""Gathering what the clock of an investigation is computed from."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from kernel import calendar
from reference import national
from reference.national.rows import InvestigationLimit
from services.incidents.accidents.tables import Accident
from services.incidents.clocks.rules import Allowance, Interval, Stage, Story
from services.incidents.clocks.tables import Appraisal, Extension
from services.incidents.investigations import queries
from services.incidents.investigations.tables import Investigation, Publication, Submission


async def extensions(session: AsyncSession, case: Investigation) -> Sequence[Extension]:
    """What was granted to a generation, oldest first."""
    chosen = select(Extension).where(
        Extension.accident_id == case.accident_id, Extension.generation == case.generation
    )
    return (await session.scalars(chosen.order_by(Extension.granted_at, Extension.id))).all()


async def appraisals(session: AsyncSession, case: Investigation) -> Sequence[Appraisal]:
    """The technical appraisals of a generation, oldest first."""
    chosen = select(Appraisal).where(
        Appraisal.accident_id == case.accident_id, Appraisal.generation == case.generation
    )
    return (await session.scalars(chosen.order_by(Appraisal.began_on, Appraisal.id))).all()


def limit(stage: Stage, accident: Accident) -> InvestigationLimit:
    """The limit of a stage for an accident, by the law of its day."""
    key = (str(stage), accident.current_grade)
    return national.INVESTIGATION_LIMITS.one(key, on=calendar.day_of(accident.occurred_at))


def fresh(accident: Accident, *, starts_on: date) -> Story:
    """The story of an investigation to which nothing has happened yet."""
    return Story(
        starts_on=starts_on,
        investigation=Allowance(days=limit(Stage.INVESTIGATION, accident).days),
        approval=Allowance(days=limit(Stage.APPROVAL, accident).days),
    )


async def story(session: AsyncSession, *, accident: Accident, case: Investigation) -> Story:
    """Everything that counts for the clock of a generation."""
    granted = await extensions(session, case)
    published = await session.get(Publication, (case.accident_id, case.generation))
    return Story(
        starts_on=case.starts_on,
        investigation=_allowance(Stage.INVESTIGATION, accident, granted),
        approval=_allowance(Stage.APPROVAL, accident, granted),
        appraisals=tuple(
            Interval(after=one.began_on, until=one.ended_on)
            for one in await appraisals(session, case)
        ),
        reviews=tuple(_review(one) for one in await queries.submissions(session, case)),
        approved_on=calendar.day_of(case.approved_at) if case.approved_at else None,
        published_on=published.published_on if published else None,
    )


def granted_days(granted: Sequence[Extension], stage: Stage) -> int:
    """How many days a stage has been extended by."""
    return sum(one.days for one in granted if one.stage == stage)


def _allowance(stage: Stage, accident: Accident, granted: Sequence[Extension]) -> Allowance:
    return Allowance(days=limit(stage, accident).days, extended=granted_days(granted, stage))


def _review(one: Submission) -> Interval:
    return Interval(
        after=calendar.day_of(one.submitted_at),
        until=calendar.day_of(one.decided_at) if one.decided_at else None,
    )
