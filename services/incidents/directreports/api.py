"""The HTTP face of direct reports."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import Query

from kernel.transactions import Actor, Now, Session, act
from kernel.web import rooms
from services.incidents.directreports import operations, queries
from services.incidents.directreports.schemas import DirectReportView, NewTelling
from services.incidents.directreports.tables import DirectReport
from services.incidents.policies import POLICIES, Act

router = rooms("/incidents/direct-reports", "direct-reports")

MOST = 200


@router.get("", response_model=list[DirectReportView])
@act(Act.READ)
async def list_direct_reports(
    session: Session,
    by: Actor,
    accident_id: Annotated[
        UUID | None, Query(description="All of this accident, told or not.")
    ] = None,
    mine: Annotated[
        bool,
        Query(description="Only those of reports that my desk took, and those owed to my desk."),
    ] = False,
) -> Sequence[DirectReport]:
    """What units still owe higher levels themselves, soonest due first; of one accident all."""
    if accident_id is not None:
        found = await queries.of_accident(session, accident_id)
    else:
        unit = by.unit or "" if mine and by.uscc is None else None
        found = await queries.owed(session, unit=unit, limit=MOST)
    return [report for report in found if POLICIES.allows(by, Act.READ, report)]


@router.post("/{direct_report_id}/tell", response_model=DirectReportView)
@act(Act.TELL_DIRECTLY)
async def tell(
    direct_report_id: UUID, body: NewTelling, session: Session, by: Actor, now: Now
) -> DirectReport:
    """Say that the unit told the level itself, when, and who took it there.

    The enterprise says so itself; for a unit without an account a desk of the area does.
    """
    return await operations.tell(
        session, direct_report_id=direct_report_id, said=body, by=by, now=now
    )
