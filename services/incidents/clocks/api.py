"""The HTTP face of investigation clocks."""

from uuid import UUID

from kernel import calendar
from kernel.transactions import Actor, Now, Session, act
from kernel.web import rooms
from services.incidents.accidents import queries as accidents
from services.incidents.clocks import operations_granting, queries, rules, schemas
from services.incidents.clocks.rules import Stage
from services.incidents.clocks.schemas import (
    AppraisalEnd,
    AppraisalView,
    ClockView,
    ExtensionView,
    NewAppraisal,
    NewExtension,
)
from services.incidents.clocks.tables import Appraisal, Extension
from services.incidents.investigations import operations_cases as investigations
from services.incidents.policies import POLICIES, Act

router = rooms("/incidents/investigations", "investigations")


@router.get("/{accident_id}/clock")
@act(Act.READ)
async def read(accident_id: UUID, session: Session, by: Actor, now: Now) -> ClockView:
    """Every day since the accident and what it was spent on; when it is due, and why."""
    accident = await accidents.get(session, accident_id)
    POLICIES.require(by, Act.READ, on=accident, seen_by=Act.READ)
    case = await investigations.seen(session, accident=accident, now=now)
    story = await queries.story(session, accident=accident, case=case)
    clock = rules.run(story, today=calendar.day_of(now))
    approving = clock.stage is Stage.APPROVAL
    limit = queries.limit(Stage.APPROVAL if approving else Stage.INVESTIGATION, accident)
    return ClockView(
        accident_id=accident_id,
        generation=case.generation,
        stage=clock.stage,
        starts_on=story.starts_on,
        segments=schemas.bar(clock),
        days_allowed=story.investigation.total,
        days_used=clock.used,
        days_excluded=clock.excluded,
        due_on=clock.due_on,
        due_at=schemas.due_at(clock),
        case_due_on=clock.case_due_on,
        overdue=clock.overdue,
        paused=clock.paused,
        why=schemas.why(story, clock, limit) if clock.due_on else [],
        extensions=[
            ExtensionView.model_validate(one) for one in await queries.extensions(session, case)
        ],
        appraisals=[
            AppraisalView.model_validate(one) for one in await queries.appraisals(session, case)
        ],
    )


@router.post("/{accident_id}/extensions", status_code=201, response_model=ExtensionView)
@act(Act.DECIDE)
async def extend(
    accident_id: UUID, body: NewExtension, session: Session, by: Actor, now: Now
) -> Extension:
    """Give the limit that runs more days; only the holding government may."""
    return await operations_granting.extend(
        session,
        accident_id=accident_id,
        days=body.days,
        reason=body.reason,
        document=body.document,
        by=by,
        now=now,
    )


@router.post("/{accident_id}/appraisals", status_code=201, response_model=AppraisalView)
@act(Act.INVESTIGATE)
async def begin_appraisal(
    accident_id: UUID, body: NewAppraisal, session: Session, by: Actor, now: Now
) -> Appraisal:
    """Record that a technical appraisal began: the clock stands from the next day."""
    return await operations_granting.begin_appraisal(
        session,
        accident_id=accident_id,
        subject=body.subject,
        institution=body.institution,
        began_on=body.began_on,
        by=by,
        now=now,
    )


@router.post("/{accident_id}/appraisals/{appraisal_id}/end", response_model=AppraisalView)
@act(Act.INVESTIGATE)
async def end_appraisal(
    accident_id: UUID,
    appraisal_id: UUID,
    body: AppraisalEnd,
    session: Session,
    by: Actor,
    now: Now,
) -> Appraisal:
    """Record the last day of an appraisal."""
    return await operations_granting.end_appraisal(
        session,
        accident_id=accident_id,
        appraisal_id=appraisal_id,
        ended_on=body.ended_on,
        by=by,
        now=now,
    )
