"""Hand the open orders of a unit that ended to whoever answers for it."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.tasks_supervisions import SupervisionWithdrawn
from kernel import calendar
from kernel.access import SYSTEM
from kernel.outbox import publish
from services.tasks.successions import queries as successions
from services.tasks.supervisions import operations, queries
from services.tasks.supervisions.domain import SupervisionStatus, place_of
from services.tasks.supervisions.tables import Supervision


async def hand_over(session: AsyncSession, *, unit: str, now: datetime) -> None:
    """The heir issues, owes and is told what the unit was, by the same numbers and deadlines.

    Whose letter it is stays as it was signed, and a draft becomes the heir's own; what was the
    unit's before is in the order's story.
    """
    heir = (await successions.bearing(session, [unit], on=calendar.day_of(now)))[unit]
    if heir == unit:
        return
    for row in await queries.held_by(session, unit):
        await _hand_on(session, row, unit=unit, heir=heir, now=now)


async def _hand_on(
    session: AsyncSession, row: Supervision, *, unit: str, heir: str, now: datetime
) -> None:
    def instead(codes: list[str]) -> list[str]:
        return list(dict.fromkeys(heir if code == unit else code for code in codes))

    if row.addressee == unit and await _holds_the_same(session, row, heir=heir, now=now):
        return
    row.keeper = heir if row.keeper == unit else row.keeper
    if row.number is None and row.issuer == unit:
        row.issuer, row.region_code = heir, place_of(heir)
    row.addressee = heir if row.addressee == unit else row.addressee
    row.addressees, row.cc = instead(row.addressees), instead(row.cc)
    row.units = instead(row.units)
    for receipt in await queries.receipts(session, row.id):
        if receipt.addressee == unit:
            receipt.addressee = heir
    detail = {"unit": unit, "heir": heir}
    operations.keep(session, row, "hand_over", by=SYSTEM, now=now, detail=detail)
    await session.flush()


async def _holds_the_same(
    session: AsyncSession, row: Supervision, *, heir: str, now: datetime
) -> bool:
    """Whether the heir has an order of that kind about the same thing: it does not owe it twice."""
    first = await queries.standing(
        session, cause=row.about, cause_id=row.cause_id, kind=row.of_kind, addressee=heir
    )
    if first is None or first.id == row.id:
        return False
    goes_on = first
    if first.number is None and row.number is not None:  # a draft gives way to what is out
        goes_on, row = row, first
    _supersede(session, row, by=goes_on, heir=heir, now=now)
    await operations.end(session, row, now=now)
    await session.flush()
    return goes_on is first


def _supersede(
    session: AsyncSession, row: Supervision, *, by: Supervision, heir: str, now: datetime
) -> None:
    row.status = str(SupervisionStatus.WITHDRAWN)
    detail = {"heir": heir, "by": str(by.id)}
    operations.keep(session, row, "supersede", by=SYSTEM, now=now, detail=detail)
    if row.number is not None:
        withdrawn = SupervisionWithdrawn(
            **operations.facts(row), occurred_at=now, units=tuple(row.addressees)
        )
        publish(session, withdrawn)
