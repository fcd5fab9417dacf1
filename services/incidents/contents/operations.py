"""Holding written reports to what the law asks of them, together with those before them."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from kernel import calendar
from kernel.problems import InvalidPayload
from reference.national.rows import Content
from services.incidents.accidents.tables import Accident
from services.incidents.contents import queries
from services.incidents.reports import domain, rules
from services.incidents.reports.domain import ReportKind
from services.incidents.reports.schemas import NewReport
from services.incidents.reports.schemas_checks import unsaid


async def refuse_incomplete(
    session: AsyncSession, report: NewReport, *, accident: Accident, now: datetime
) -> tuple[Content, ...]:
    """Refuse a written report that leaves something unsaid; else tell what is still owed.

    What earlier reports of the accident said counts. A quick word is never refused for this.
    """
    on = calendar.day_of(now)
    before = await queries.reports(session, accident.id)
    stated = queries.said(accident, before) | report.stated
    if report.kind is ReportKind.WRITTEN:
        faults = unsaid(stated, kind=ReportKind.WRITTEN, on=on)
        if faults:
            raise InvalidPayload(*faults)
    if report.final:
        return rules.unstated(stated, kind=rules.FINAL, on=on)
    return domain.owed(stated, on=on)


def keep_risks(accident: Accident, report: NewReport, *, now: datetime) -> None:
    """Keep why an accident is a larger-risk incident: counted anew, what was judged stays."""
    danger = domain.danger(
        accident.figures,
        endangered=report.endangered or 0,
        judged={*accident.risk_grounds, *report.risk_grounds},
    )
    found = {row.code for row in rules.larger_risk(danger, on=calendar.day_of(now))}
    if report.endangered is None and "endangered" in accident.risk_grounds:
        found.add("endangered")
    if found != set(accident.risk_grounds):
        accident.risk_grounds = sorted(found)
