"""Reads obligations."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, false, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from contracts.tasks import ObligationKind
from kernel.access import NotFound, Principal
from kernel.listing import CODE_DIGITS, Filter, Listing, before, equals, one_of, within
from services.tasks.obligations.domain import LIVE, OWED, UNOWED, Cause, Status
from services.tasks.obligations.tables import Obligation


async def get(session: AsyncSession, obligation_id: UUID, *, lock: bool = False) -> Obligation:
    """One obligation. With `lock`, nobody else changes it until this transaction ends."""
    found = await session.get(Obligation, obligation_id, with_for_update=lock or None)
    if found is None:
        raise NotFound(f"没有任务 {obligation_id}。", f"There is no obligation {obligation_id}.")
    return found


OBLIGATIONS = Listing(
    "obligations",
    key=Obligation.id,
    sorts={"due_at": Obligation.due_at, "opened_at": Obligation.opened_at},
    default="due_at",
    filters={
        "unit": equals(Obligation.unit, str, "责任单位 / the unit that has to act"),
        "enterprise": equals(Obligation.enterprise_uscc, str, "责任企业 / the enterprise"),
        "region": within(Obligation.region_code, "行政区划 / division", codes=True),
        "origin": equals(Obligation.origin, UUID, "来源事故 / the accident that asks for it"),
        "duty": equals(Obligation.duty, str, "职责 / the duty"),
        "kind": one_of(Obligation.kind, ObligationKind, "类别 / kinds"),
        "status": one_of(Obligation.status, Status, "状态 / states"),
        "overdue": Filter(
            bool,
            lambda late: (Obligation.overdue_at.is_not(None)).is_(late),
            "是否逾期 / whether it is overdue",
        ),
        "due_before": before(Obligation.due_at, "期限早于 / due before"),
    },
)


def owed() -> ColumnElement[bool]:
    """Somebody owes it, and its clock runs or it was done: it is due when it says.

    What was done while its clock stood counts: that of an investigation stands from its
    approval on. What was released counts where it had been late by then: else it was neither
    done nor missed.
    """
    runs = or_(Obligation.stopped_at.is_(None), Obligation.closed_at.is_not(None))
    released = and_(Obligation.status == Status.RELEASED, Obligation.overdue_at.is_(None))
    return and_(Obligation.status.not_in(UNOWED), ~released, runs)


def due_within(begins_at: datetime, until: datetime) -> ColumnElement[bool]:
    """Due from 0:00 of a day on: what is due at 24:00 is of the day that ends (platform)."""
    return and_(Obligation.due_at > begins_at, Obligation.due_at <= until)


def missed(ends_at: datetime) -> ColumnElement[bool]:
    """Due at an instant and still owed: late, whether or not its own clock has rung by then."""
    return and_(Obligation.due_at == ends_at, Obligation.status.in_(OWED))


def late(as_of: datetime | None = None) -> ColumnElement[bool]:
    """Overdue, by an instant or by now, however late it was done afterwards."""
    return _by(Obligation.overdue_at, as_of)


def done_in_time(as_of: datetime | None = None) -> ColumnElement[bool]:
    """Done, by an instant or by now, and never overdue: what was returned too late is.

    What was handed in before its deadline and waits for its reviewer is neither this nor late:
    that is nobody's delay.
    """
    return and_(_by(Obligation.closed_at, as_of), Obligation.overdue_at.is_(None))


def _by(
    instant: InstrumentedAttribute[datetime | None], as_of: datetime | None
) -> ColumnElement[bool]:
    return instant.is_not(None) if as_of is None else instant <= as_of


def reached_by(by: Principal) -> Select[Obligation]:
    """What an actor may list: an enterprise its own, others their unit's and their subtree's."""
    found = select(Obligation)
    if by.uscc is not None:
        return found.where(Obligation.enterprise_uscc == by.uscc)
    own = Obligation.unit == by.unit if by.unit else false()
    if by.region is None:
        return found.where(own)
    if len(by.region) == CODE_DIGITS:  # by one code an index finds them in their order
        return found.where(Obligation.region_code == by.region)
    return found.where(or_(own, Obligation.region_code.startswith(by.region, autoescape=True)))


async def of_origin(session: AsyncSession, origin: UUID, *, cause: Cause) -> Sequence[Obligation]:
    """Everything not superseded that one fact about an event asks, locked."""
    found = select(Obligation).where(
        Obligation.origin == origin,
        Obligation.cause == cause,
        Obligation.status != Status.SUPERSEDED,
    )
    return (await session.scalars(found.with_for_update())).all()


async def live(
    session: AsyncSession, origin: UUID, *, duty: str, released: bool = False
) -> Sequence[Obligation]:
    """The live obligations of one duty of an event, locked; with those released, if wanted."""
    chosen = [*LIVE, Status.RELEASED] if released else LIVE
    found = select(Obligation).where(
        Obligation.origin == origin, Obligation.duty == duty, Obligation.status.in_(chosen)
    )
    return (await session.scalars(found.with_for_update())).all()


async def live_of(session: AsyncSession, unit: str) -> Sequence[Obligation]:
    """The live obligations of a unit, first the one that is due first, locked."""
    found = select(Obligation).where(Obligation.unit == unit, Obligation.status.in_(LIVE))
    ordered = found.order_by(Obligation.due_at, Obligation.id)
    return (await session.scalars(ordered.with_for_update())).all()


async def stands(session: AsyncSession, origin: UUID, *, duty: str, subject: str) -> bool:
    """Whether a subject has a duty of an event, done or not."""
    found = select(Obligation.id).where(
        Obligation.origin == origin,
        Obligation.duty == duty,
        Obligation.subject == subject,
        Obligation.status != Status.SUPERSEDED,
    )
    return await session.scalar(found) is not None
