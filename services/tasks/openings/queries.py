"""Reads openings: how far a period came, and which are running."""

from collections.abc import Collection, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from kernel import calendar
from kernel.access import NotFound
from kernel.listing import Listing, equals, one_of
from reference import city
from reference.terms import DutyKind
from services.tasks.obligations.domain import Cause, Status
from services.tasks.obligations.tables import Obligation
from services.tasks.openings.domain import RUNNING, OpeningStatus
from services.tasks.openings.tables import Opening
from services.tasks.plans.domain_duties import PlanDuty, of_pack
from services.tasks.plans.tables import Duty, Plan

OPENINGS = Listing(
    "openings",
    key=Opening.id,
    sorts={"period_from": Opening.period_from, "due_at": Opening.due_at},
    default="period_from",
    filters={
        "year": equals(Opening.year, int, "年度 / year of the plan"),
        "version": equals(Opening.version, int, "版本 / version of the plan"),
        "code": equals(Opening.code, str, "职责编号 / number of the duty"),
        "origin": equals(Opening.origin, UUID, "来源 / the event that set it off"),
        "cause": one_of(Opening.cause, Cause, "起因 / what asks for it"),
        "duty_kind": one_of(Opening.duty_kind, DutyKind, "考核方式 / how it is counted"),
        "status": one_of(Opening.status, OpeningStatus, "状态 / states"),
    },
)


async def get(session: AsyncSession, opening_id: UUID, *, lock: bool = False) -> Opening:
    """One opening. With `lock`, nobody else works at it until this transaction ends."""
    found = await session.get(Opening, opening_id, with_for_update=lock or None)
    if found is None:
        raise NotFound(f"没有任务周期 {opening_id}。", f"There is no opening {opening_id}.")
    return found


async def hold(session: AsyncSession, opening_id: UUID) -> bool:
    """Let nobody work at an opening until this transaction ends; others may hold it too.

    Whether it still runs, now that it is held.
    """
    chosen = select(Opening.id).where(Opening.id == opening_id, Opening.status.in_(RUNNING))
    return await session.scalar(chosen.with_for_update(read=True)) is not None


async def duty(session: AsyncSession, row: Opening) -> PlanDuty:
    """The duty that an opening is of."""
    if row.version is None:
        return _of_pack(row)
    return (await session.get_one(Duty, (row.year, row.version, row.code))).asks


def _of_pack(row: Opening) -> PlanDuty:
    return of_pack(city.current().plans[row.year].duties.one(row.code, on=row.period_from))


async def of_event(session: AsyncSession, origin: UUID, duty: PlanDuty) -> Opening | None:
    """What an event opened of a duty, locked."""
    found = select(Opening).where(
        Opening.origin == origin, Opening.year == duty.year, Opening.code == duty.code
    )
    return await session.scalar(found.with_for_update())


async def of_origin(session: AsyncSession, origin: UUID) -> Sequence[Opening]:
    """All that an event opened for everybody, locked."""
    found = select(Opening).where(Opening.origin == origin).order_by(Opening.id)
    return (await session.scalars(found.with_for_update())).all()


async def waiting(session: AsyncSession, plan: Plan, *, after: date) -> Sequence[Opening]:
    """The periods of a version that begin after a day, locked."""
    found = select(Opening).where(
        Opening.year == plan.year,
        Opening.version == plan.version,
        Opening.status == OpeningStatus.WAITING,
        Opening.period_from > after,
    )
    return (await session.scalars(found.with_for_update())).all()


async def hold_beginning(session: AsyncSession, *, on: date) -> None:
    """Let no period begin until this transaction ends, of those that may be beginning about now.

    Whoever is put on record in this moment is then found by what opens the period, or finds it
    open already. A day more, because what is told of late in the evening is heard of after it.
    """
    beginning = select(Opening.id).where(
        Opening.cause == Cause.PERIOD,
        Opening.status == OpeningStatus.WAITING,
        Opening.period_from <= calendar.add_days(on, 1),
    )
    await session.execute(beginning.order_by(Opening.id).with_for_update(read=True))


async def running(session: AsyncSession, *, on: date) -> list[tuple[Opening, PlanDuty]]:
    """What whoever is there since a day is meant by, with its duties.

    They are the periods that have not ended on that day, and what an event of that day or of a
    later one set off: who is there on the day of an event is meant by it, whenever it is heard of.
    """
    found = (
        select(Opening, Duty)
        .outerjoin(
            Duty,
            (Duty.year == Opening.year)
            & (Duty.version == Opening.version)
            & (Duty.code == Opening.code),
        )
        .where(
            Opening.status.in_(RUNNING),
            Opening.period_to >= on,
            (Opening.cause == Cause.PERIOD) | (Opening.begun_on >= on),
        )
        .order_by(Opening.id)
    )
    return [
        (opening, row.asks if row is not None else _of_pack(opening))
        for opening, row in await session.execute(found)
    ]


async def standing(session: AsyncSession, row: Opening) -> dict[str, int]:
    """How many of a period's obligations stand in each state, of those the reader may see."""
    counted = select(Obligation.status, func.count()).where(
        Obligation.origin == row.origin, Obligation.duty == row.duty
    )
    rows = await session.execute(counted.group_by(Obligation.status))
    return {status: count for status, count in rows}  # noqa: C416 -- rows are no pairs to mypy


async def asked_among(
    session: AsyncSession, row: Opening, subjects: Collection[str]
) -> frozenset[str]:
    """Those of some subjects whom an opening has asked, whatever became of it."""
    found = select(Obligation.subject).where(
        Obligation.origin == row.origin,
        Obligation.duty == row.duty,
        Obligation.subject.in_(subjects),
    )
    return frozenset(await session.scalars(found))


async def asked(session: AsyncSession, row: Opening) -> int:
    """Of how many it was asked in all, with those who came while it ran."""
    counted = select(func.count()).where(
        Obligation.origin == row.origin,
        Obligation.duty == row.duty,
        Obligation.status != Status.SUPERSEDED,
    )
    return await session.scalar(counted) or 0
