"""The HTTP face of investigation reports."""

from uuid import UUID

from kernel.transactions import Actor, Now, Session, act
from kernel.web import rooms
from services.incidents.accidents import queries as accidents
from services.incidents.dossiers import domain, operations, queries
from services.incidents.dossiers.domain import Part
from services.incidents.dossiers.schemas import (
    Dossier,
    NewDecision,
    NewPart,
    PartView,
    SubmissionView,
)
from services.incidents.dossiers.tables import ReportPart
from services.incidents.investigations import operations_cases as investigations
from services.incidents.investigations import queries as cases
from services.incidents.investigations.tables import Submission
from services.incidents.policies import POLICIES, Act

router = rooms("/incidents/investigations", "investigations")


@router.get("/{accident_id}/dossier")
@act(Act.READ_CASE)
async def read(accident_id: UUID, session: Session, by: Actor, now: Now) -> Dossier:
    """The report as it is written, and what was decided on it."""
    accident = await accidents.get(session, accident_id)
    POLICIES.require(by, Act.READ_CASE, on=accident, seen_by=Act.READ)
    case = await investigations.seen(session, accident=accident, now=now)
    written = await queries.parts(session, case)
    return Dossier(
        accident_id=accident_id,
        generation=case.generation,
        parts=[PartView.model_validate(written[part]) for part in Part if part in written],
        missing=[Part(part) for part in domain.missing(written)],
        submissions=[
            SubmissionView.model_validate(one) for one in await cases.submissions(session, case)
        ],
    )


@router.put("/{accident_id}/dossier/{part}", response_model=PartView)
@act(Act.INVESTIGATE)
async def write_part(
    accident_id: UUID, part: Part, body: NewPart, session: Session, by: Actor, now: Now
) -> ReportPart:
    """Write one of the six parts; earlier versions are kept."""
    return await operations.write_part(
        session, accident_id=accident_id, part=part, text=body.text, by=by, now=now
    )


@router.post("/{accident_id}/submissions", status_code=201, response_model=SubmissionView)
@act(Act.INVESTIGATE)
async def submit(accident_id: UUID, session: Session, by: Actor, now: Now) -> Submission:
    """Hand the report in to the government that holds the investigation."""
    return await operations.submit(session, accident_id=accident_id, by=by, now=now)


@router.post("/{accident_id}/decision", response_model=SubmissionView)
@act(Act.DECIDE)
async def decide(
    accident_id: UUID, body: NewDecision, session: Session, by: Actor, now: Now
) -> Submission:
    """Approve the report or return it; only the holding government may."""
    return await operations.decide(
        session,
        accident_id=accident_id,
        decision=body.decision,
        reason=body.reason,
        document=body.document,
        by=by,
        now=now,
    )
