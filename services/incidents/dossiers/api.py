"""The HTTP face of investigation reports."""

from uuid import UUID

from kernel.transactions import Actor, Now, Session, act
from kernel.web import rooms
from services.incidents.accidents import queries as accidents
from services.incidents.dossiers import domain, operations, operations_signing, queries
from services.incidents.dossiers.domain import Part
from services.incidents.dossiers.schemas import (
    Dossier,
    NewDecision,
    NewPart,
    PartView,
    SubmissionView,
)
from services.incidents.dossiers.schemas_signing import (
    NewRefusal,
    NewSheet,
    NewSignature,
    SignatureSheet,
    SignatureView,
)
from services.incidents.dossiers.tables import ReportPart, Signature
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
    missing = domain.missing(written)
    return Dossier(
        accident_id=accident_id,
        generation=case.generation,
        parts=[PartView.model_validate(written[part]) for part in Part if part in written],
        missing=[Part(part) for part in missing],
        content_sha256=None if missing else await operations_signing.content_sha256(session, case),
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


@router.get("/{accident_id}/signatures")
@act(Act.READ_CASE)
async def read_signatures(
    accident_id: UUID, session: Session, by: Actor, now: Now
) -> SignatureSheet:
    """Who has signed the report as it reads, whose signature it waits for, and what was given."""
    accident = await accidents.get(session, accident_id)
    POLICIES.require(by, Act.READ_CASE, on=accident, seen_by=Act.READ)
    case = await investigations.seen(session, accident=accident, now=now)
    return await operations_signing.sheet(session, case, now=now)


@router.post("/{accident_id}/signatures", status_code=201, response_model=SignatureView)
@act(Act.WORK_ON_TEAM)
async def sign(
    accident_id: UUID, body: NewSignature, session: Session, by: Actor, now: Now
) -> Signature:
    """Sign the report as a member of its team; an opinion is kept beside the signature."""
    return await operations_signing.sign(session, accident_id=accident_id, new=body, by=by, now=now)


@router.post(
    "/{accident_id}/signatures/{member_id}/sheet", status_code=201, response_model=SignatureView
)
@act(Act.WORK_ON_TEAM)
async def record_sheet(
    accident_id: UUID, member_id: UUID, body: NewSheet, session: Session, by: Actor, now: Now
) -> Signature:
    """Record, as the lead, the sheet that a member without an account signed by hand."""
    return await operations_signing.record_sheet(
        session, accident_id=accident_id, member_id=member_id, new=body, by=by, now=now
    )


@router.post(
    "/{accident_id}/signatures/{member_id}/refusal", status_code=201, response_model=SignatureView
)
@act(Act.WORK_ON_TEAM)
async def record_refusal(
    accident_id: UUID, member_id: UUID, body: NewRefusal, session: Session, by: Actor, now: Now
) -> Signature:
    """Record, as the lead, that a member refuses to sign, and why."""
    return await operations_signing.record_refusal(
        session, accident_id=accident_id, member_id=member_id, new=body, by=by, now=now
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
