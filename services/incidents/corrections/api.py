"""The HTTP face of corrections."""

from uuid import UUID

from kernel.transactions import Actor, Now, Session, act, keyed_by
from kernel.web import rooms
from services.incidents.accidents import queries as accidents
from services.incidents.corrections import operations, queries, schemas
from services.incidents.corrections.schemas import CorrectionView, NewCorrection, Versions
from services.incidents.corrections.tables import Correction
from services.incidents.policies import POLICIES, Act

router = rooms("/incidents/reports", "reports")


@router.post("/{report_id}/corrections", status_code=201, response_model=CorrectionView)
@act(Act.CORRECT)
@keyed_by("correction_id")
async def correct(
    report_id: UUID, body: NewCorrection, session: Session, by: Actor, now: Now
) -> Correction:
    """Say what a report should have said, and why. What it said stays."""
    return await operations.correct(session, report_id=report_id, wanted=body, by=by, now=now)


@router.get("/{report_id}/versions")
@act(Act.READ)
async def versions(report_id: UUID, session: Session, by: Actor) -> Versions:
    """A report as it was made, each correction of it, and what it says now."""
    report = await queries.report(session, report_id)
    accident = await accidents.get(session, report.accident_id)
    POLICIES.require(by, Act.READ, on=accident, seen_by=Act.READ)
    corrections = await queries.of_report(session, report_id)
    return Versions(
        report_id=report.id,
        accident_id=accident.id,
        as_made=schemas.as_made(report),
        corrections=[CorrectionView.model_validate(row) for row in corrections],
        now_says=schemas.now_says(report, corrections),
    )
