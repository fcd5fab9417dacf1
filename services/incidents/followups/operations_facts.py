"""What a later report tells of an accident beside its figures, and what a desk puts right of it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.incidents import AccidentCorrected
from kernel.outbox import publish
from services.incidents.accidents.tables import Accident
from services.incidents.investigations import operations as investigations
from services.incidents.investigations.domain import AssignmentReason
from services.incidents.reports.operations import regime_of, slight, toll
from services.incidents.reports.schemas import NewReport


def learn(accident: Accident, report: NewReport) -> bool:
    """Take over what nobody had said before; whether the trade is known only now.

    What stands is not moved by one more report: a desk puts it right, and says why.
    """
    if accident.lon is None and report.location is not None:
        accident.lon, accident.lat = report.location.lon, report.location.lat
    if accident.enterprise_uscc is None and accident.enterprise_name is None:
        accident.enterprise_name = report.enterprise_name
    if accident.industry is not None or report.industry is None:
        return False
    classify(accident, report.industry)
    return True


def inherit(kept: Accident, gone: Accident) -> bool:
    """The same, of an accident that turned out to be this one."""
    if kept.lon is None:
        kept.lon, kept.lat = gone.lon, gone.lat
    if kept.enterprise_uscc is None and kept.enterprise_name is None:
        kept.enterprise_name = gone.enterprise_name
    if kept.industry is not None or gone.industry is None:
        return False
    classify(kept, gone.industry)
    return True


def classify(accident: Accident, industry: str) -> None:
    """Keep the trade, and which law says who investigates accidents in it (Decree 493, 45)."""
    accident.industry, accident.regime = industry, str(regime_of(industry))


def settle(session: AsyncSession, accident: Accident, *, now: datetime) -> None:
    """Another trade may be investigated by others. What was merged is, as what it goes on as."""
    if accident.merged_into is None:
        reason = AssignmentReason.GRADED
        investigations.settle(session, accident=accident, reason=reason, now=now)


def tell(
    session: AsyncSession,
    accident: Accident,
    *,
    report_id: UUID,
    now: datetime,
    industry: bool = False,
    accident_type: bool = False,
) -> None:
    """Tell when it happened, and of trade and kind what is known otherwise now.

    Nobody is asked anything more because of an accident that goes on as another.
    """
    asks = industry and accident.merged_into is None
    publish(
        session,
        AccidentCorrected(
            occurred_at=now,
            accident_id=accident.id,
            region_code=accident.region_code,
            enterprise_uscc=accident.enterprise_uscc,
            report_id=report_id,
            happened_at=accident.occurred_at,
            grade=accident.current_grade,
            industry=accident.industry if industry else None,
            accident_type=accident.accident_type if accident_type else None,
            toll=toll(accident.figures) if asks else None,
            investigating_unit=accident.investigating_unit if asks else None,
            left_out=slight(accident),
        ),
    )
