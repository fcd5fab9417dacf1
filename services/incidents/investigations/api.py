"""The HTTP face of investigations."""

from uuid import UUID

from kernel import calendar
from kernel.problems import FieldFault, InvalidPayload
from kernel.transactions import Actor, Now, Session, act
from kernel.web import rooms
from services.incidents.accidents import queries as accidents
from services.incidents.investigations import operations, operations_cases, queries
from services.incidents.investigations.schemas import (
    AssignmentView,
    CaseView,
    InvestigationView,
    NewPublication,
    PublicationView,
)
from services.incidents.investigations.tables import Investigation, Publication
from services.incidents.policies import POLICIES, Act

router = rooms("/incidents/investigations", "investigations")


@router.get("/{accident_id}")
@act(Act.READ)
async def read(accident_id: UUID, session: Session, by: Actor, now: Now) -> InvestigationView:
    """Who investigates an accident, who did before, and what was published."""
    accident = await accidents.get(session, accident_id)
    POLICIES.require(by, Act.READ, on=accident, seen_by=Act.READ)
    held = await queries.assignments(session, accident_id)
    published = await queries.publication(session, accident_id)
    newest = await operations_cases.seen(session, accident=accident, now=now)
    cases = await queries.generations(session, accident_id) or [newest]
    return InvestigationView(
        accident_id=accident.id,
        level=accident.current_level,
        unit=accident.investigating_unit,
        levels_up=accident.levels_up,
        assignments=[AssignmentView.model_validate(one) for one in held],
        publication=PublicationView.model_validate(published) if published else None,
        generations=[CaseView.model_validate(one) for one in cases],
    )


@router.post("/{accident_id}/begin", response_model=CaseView)
@act(Act.INVESTIGATE)
async def begin(accident_id: UUID, session: Session, by: Actor, now: Now) -> Investigation:
    """Set the investigation going."""
    return await operations_cases.begin(session, accident_id=accident_id, by=by, now=now)


@router.post("/{accident_id}/publication", status_code=201, response_model=PublicationView)
@act(Act.PUBLISH)
async def publish_report(
    accident_id: UUID, body: NewPublication, session: Session, by: Actor, now: Now
) -> Publication:
    """Record that the report of the investigation was published."""
    if body.published_on > calendar.day_of(now):
        zh, en = "不得晚于今天", "expected a day that is not in the future"
        raise InvalidPayload(
            FieldFault(pointer="/published_on", code="in_the_future", zh=zh, en=en)
        )
    return await operations.publish_report(
        session,
        accident_id=accident_id,
        published_on=body.published_on,
        title=body.title,
        url=body.url,
        source=body.source,
        by=by,
        now=now,
    )
