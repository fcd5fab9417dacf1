"""What a follow-up says of the rescue: that it was the last one, or that people are missed anew."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from kernel.access import Principal
from services.incidents.accidents.rules import Figures
from services.incidents.accidents.tables import Accident
from services.incidents.policies import POLICIES, Act
from services.incidents.reports.schemas import NewReport
from services.incidents.rescues import domain, operations, queries, rules
from services.incidents.rescues.domain import RescueStatus

LAST = "终报 / the last follow-up"
MISSED_ANEW = "续报有新的失联人员 / a follow-up with people newly missing"


def refuse_unfinished(
    report: NewReport, stated: Figures, *, accident: Accident, by: Principal
) -> None:
    """Only a desk that may end the rescue makes the last follow-up, and only if all are found."""
    if not report.final:
        return
    POLICIES.require(by, Act.END_RESCUE, on=accident, seen_by=Act.READ)
    if missing := rules.sought(stated):
        raise domain.still_missing(missing)


async def heed(
    session: AsyncSession,
    report: NewReport,
    *,
    accident: Accident,
    before: Figures,
    by: Principal,
    now: datetime,
) -> None:
    """The last follow-up ends the rescue; one with people newly missing has it go on.

    Any other after the end is a changed figure and nothing more. A last one of a rescue that
    was ended before is kept as a report and ends nothing again.
    """
    if report.final:
        await operations.begin(session, accident_id=accident.id)  # its own clock may be behind
    elif not rules.missed_anew(before=before, stated=accident.figures):
        return
    rescue = await queries.find(session, accident.id, lock=True)
    if rescue is None or (rescue.stands is RescueStatus.ENDED) is report.final:
        return
    say, word = (
        (operations.declare_ended, LAST)
        if report.final
        else (operations.declare_resumed, MISSED_ANEW)
    )
    reason = report.summary or word
    await say(session, accident, rescue, reason, by=by, now=now, report_id=report.report_id)
