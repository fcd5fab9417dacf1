"""Taking a report by another way than its own route: from a call, a draft, the public.

Enterprises and desks in a hurry use the intake, which also takes reports while the database
is away. These ways keep something beside the report, so they need the database anyway.
"""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from kernel.access import Principal
from services.incidents.followups import operations as followups
from services.incidents.receipts import schemas as receipts
from services.incidents.receipts.schemas import Receipt
from services.incidents.reports import operations as reports
from services.incidents.reports.domain import open_accident
from services.incidents.reports.schemas import NewReport
from services.incidents.reports.schemas_checks import refuse_implausible


async def accept(
    session: AsyncSession,
    *,
    report: NewReport,
    by: Principal,
    received_at: datetime,
    now: datetime,
    chinese: bool,
) -> Receipt:
    """Store a first report or a follow-up, and answer as the intake would.

    A first report lets go of what the session holds: flush before, load again after.
    """
    refuse_implausible(report, now=now)
    reports.refuse_strangers(report, by=by)
    if report.opens:
        statement = reports.state(report, by=by, received_at=received_at)
        opening = open_accident(statement)
        await reports.open_accident(
            session, report=report, statement=statement, opening=opening, by=by, now=now
        )
        return receipts.of_opening(statement, opening, chinese=chinese)
    followed = await followups.add_report(
        session, report=report, by=by, received_at=received_at, now=now
    )
    return receipts.of_follow_up(
        followed, report_id=report.report_id, at=received_at, chinese=chinese
    )
