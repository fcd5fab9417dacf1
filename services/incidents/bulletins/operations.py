"""Issuing a bulletin: a number, and the analysis as it stands, kept for good."""

from datetime import date, datetime

from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from kernel import audit, calendar
from kernel.access import Place, Principal
from kernel.ids import uuid7
from kernel.problems import Problem
from services.incidents.bulletins import queries
from services.incidents.policies import POLICIES, Act
from services.incidents.statistics import queries_analysis
from services.incidents.statistics.domain_situation import Basis
from services.incidents.statistics.tables import Bulletin


class MonthNotOver(Problem):
    """A bulletin tells of a whole month."""

    status = 409
    title_zh = "当月尚未结束，不能印发通报"
    title_en = "The month is not over yet"


_ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(hashtext('bulletin'), hashtext(:region))")


async def issue(
    session: AsyncSession, *, region: str, month: date, by: Principal, now: datetime
) -> Bulletin:
    """Issue the bulletin of a month; a second time it is a correction with its own number."""
    POLICIES.require(by, Act.ISSUE, on=Place(region), seen_by=Act.READ_STATISTICS)
    today = calendar.day_of(now)
    if calendar.add_months(month, 1) > today:
        raise MonthNotOver
    # Numbers have no gap and no twin: who issues for a place waits for the other.
    await session.execute(_ONE_AT_A_TIME, {"region": region})
    analysis = await queries_analysis.analyse(
        session, region=region, month=month, basis=Basis.ROLLUP, now=now
    )
    before = await queries.issued(session, region=region, month=month)
    last = await session.scalar(
        select(func.max(Bulletin.number)).where(
            Bulletin.region_code == region, Bulletin.year == today.year
        )
    )
    bulletin = Bulletin.new(
        region_code=region,
        id=uuid7(),
        month=month,
        edition=before.edition + 1 if before else 1,
        year=today.year,
        number=(last or 0) + 1,
        analysis=queries_analysis.ANALYSIS.dump_python(analysis, mode="json"),
        issued_at=now,
        issued_by=by.subject,
        unit=by.unit,
    )
    session.add(bulletin)
    audit.note(session, by=by, act=Act.ISSUE, entity="bulletin", entity_id=bulletin.id)
    return bulletin
