"""Opening the notices that a desk owes, and receipting them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from kernel import audit, calendar
from kernel.access import Principal
from kernel.ids import uuid7
from reference import units
from services.incidents.accidents import operations as accidents
from services.incidents.accidents import queries as accident_queries
from services.incidents.accidents.tables import Accident
from services.incidents.notices import domain, queries, rules
from services.incidents.notices.domain import NoticeAction, NoticeStatus
from services.incidents.notices.rules import Addressee
from services.incidents.notices.tables import Notice
from services.incidents.policies import POLICIES, Act


async def open_notices(
    session: AsyncSession, *, accident_id: UUID, desk: str, received_at: datetime
) -> None:
    """A desk that has a report owes its notices; a body that is told already is left alone."""
    accident = await accident_queries.get(session, accident_id, lock=True)
    wanted = rules.addressees(
        desk=units.unit(desk, on=calendar.day_of(received_at)), received_at=received_at
    )
    standing = {notice.to_unit for notice in await queries.of_accident(session, accident_id)}
    session.add_all(
        _notice(accident, body, desk=desk, at=received_at)
        for body in wanted
        if body.unit not in standing
    )


def _notice(accident: Accident, body: Addressee, *, desk: str, at: datetime) -> Notice:
    return Notice(
        region_code=accident.region_code,
        enterprise_uscc=accident.enterprise_uscc,
        id=uuid7(),
        accident_id=accident.id,
        body=body.code,
        from_unit=desk,
        to_unit=body.unit,
        status=str(NoticeStatus.OWED),
        opened_at=at,
        due_at=body.due_at,
        rule=body.rule,
        late=False,
    )


async def tell(
    session: AsyncSession, *, notice_id: UUID, receipt: str, by: Principal, now: datetime
) -> Notice:
    """The desk has told the body; late or not, the receipt is kept once."""
    notice = await queries.get(session, notice_id, lock=True)
    POLICIES.require(by, Act.NOTIFY, on=notice, seen_by=Act.READ)
    notice.status = str(domain.after(notice.stands, NoticeAction.TELL))
    notice.told_at, notice.told_by, notice.receipt = now, by.subject, receipt
    notice.late = now > notice.due_at
    accident = await accident_queries.get(session, notice.accident_id, lock=True)
    accidents.record_change(session, accident=accident, now=now)
    audit.note(session, by=by, act=Act.NOTIFY, entity="notice", entity_id=notice.id)
    return notice
