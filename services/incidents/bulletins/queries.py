"""Finding bulletins, and the content of one: as issued, or a draft of how things stand."""

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from kernel import calendar
from kernel.documents.content import Document
from services.incidents.bulletins import domain_content
from services.incidents.bulletins.domain_content import Issue
from services.incidents.statistics import queries_analysis
from services.incidents.statistics.domain_situation import Basis
from services.incidents.statistics.tables import Bulletin


async def issued(session: AsyncSession, *, region: str, month: date) -> Bulletin | None:
    """The newest edition of a month's bulletin, if it has been issued."""
    chosen = (
        select(Bulletin)
        .where(Bulletin.region_code == region, Bulletin.month == month)
        .order_by(Bulletin.edition.desc())
        .limit(1)
    )
    return (await session.scalars(chosen)).one_or_none()


async def document(
    session: AsyncSession, *, region: str, month: date, chinese: bool, now: datetime
) -> tuple[Document, datetime]:
    """The bulletin of a month and when it was made; an issued one never changes."""
    bulletin = await issued(session, region=region, month=month)
    if bulletin is None:
        analysis = await queries_analysis.analyse(
            session, region=region, month=month, basis=Basis.ROLLUP, now=now
        )
        today = calendar.day_of(now)
        return domain_content.document(analysis, None, today=today, chinese=chinese), now
    analysis = queries_analysis.ANALYSIS.validate_python(bulletin.analysis)
    day = calendar.day_of(bulletin.issued_at)
    issue = Issue(
        year=bulletin.year, number=bulletin.number, edition=bulletin.edition, issued_on=day
    )
    made = domain_content.document(analysis, issue, today=day, chinese=chinese)
    return made, bulletin.issued_at
