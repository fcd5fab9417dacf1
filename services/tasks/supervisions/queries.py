"""Finding supervisory orders and what belongs to them, and who may act on which side of one."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, or_, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from kernel.access import NotFound, NotYours, Principal, Relation
from kernel.listing import Filter, Listing, before, equals, one_of, since, within
from reference.terms import SupervisionCause, SupervisionKind
from services.tasks.orders.queries import among
from services.tasks.policies import POLICIES
from services.tasks.policies_supervisions import SupervisionAct
from services.tasks.supervisions.domain import OWED, Side, SupervisionStatus, place_of, serving
from services.tasks.supervisions.tables import (
    Supervision,
    SupervisionEntry,
    SupervisionFile,
    SupervisionReceipt,
)


def _overdue(late: bool) -> ColumnElement[bool]:
    return and_(Supervision.overdue_at.is_not(None), Supervision.status.in_(OWED)).is_(late)


SUPERVISIONS = Listing(
    "supervisions",
    key=Supervision.id,
    sorts={
        "drafted_at": Supervision.drafted_at,
        "issued_at": Supervision.issued_at,
        "due_at": Supervision.due_at,
    },
    default="-drafted_at",
    filters={
        "region": within(Supervision.region_code, "下达地 / where it is issued"),
        "issuer": equals(Supervision.issuer, str, "下达单位 / the unit that issues it"),
        "addressee": Filter(
            str,
            lambda code: or_(Supervision.addressee == code, among(Supervision.addressees, code)),
            "受文单位或企业 / the unit or enterprise addressed",
        ),
        "kind": one_of(Supervision.kind, SupervisionKind, "种类 / kinds"),
        "status": one_of(Supervision.status, SupervisionStatus, "状态 / states"),
        "cause": one_of(Supervision.cause, SupervisionCause, "事由类别 / kinds of causes"),
        "cause_id": equals(Supervision.cause_id, str, "事由编号 / the id of the cause"),
        "follows": equals(Supervision.follows, UUID, "前一文书 / the order it follows from"),
        "automatic": equals(Supervision.automatic, bool, "是否自动生成 / made by the platform"),
        "overdue": Filter(bool, _overdue, "是否逾期未答复 / whether its answer is overdue"),
        "due_before": before(Supervision.due_at, "期限早于 / due before"),
        "since": since(Supervision.issued_at, "下达时间起 / issued at or after"),
        "before": before(Supervision.issued_at, "下达时间止 / issued before"),
    },
)


def reached_by(by: Principal) -> Select[Supervision]:
    """What an actor may list: an enterprise its own; others their unit's and their subtree's.

    A draft is its issuer's: units that it will be addressed to do not see it yet.
    """
    found = select(Supervision)
    if by.uscc is not None:
        return found.where(Supervision.enterprise_uscc == by.uscc)
    own = among(Supervision.units, by.unit)
    if by.region is not None and Relation.SUBTREE in POLICIES.granted(
        by, SupervisionAct.READ_SUPERVISIONS
    ):
        below = Supervision.region_code.startswith(by.region, autoescape=True)
        named = or_(among(Supervision.addressees, by.unit), among(Supervision.cc, by.unit))
        early = and_(Supervision.status == SupervisionStatus.DRAFTED, named)
        own = or_(own, and_(below, ~early))
    return found.where(own)


async def get(session: AsyncSession, supervision_id: UUID, *, lock: bool = False) -> Supervision:
    """One order. With `lock`, nobody else changes it until this transaction ends."""
    found = await session.get(Supervision, supervision_id, with_for_update=lock or None)
    if found is None:
        raise NotFound(
            f"没有监督文书 {supervision_id}。", f"There is no supervisory order {supervision_id}."
        )
    return found


def sees(by: Principal, row: Supervision) -> bool:
    """Whether an actor may read an order."""
    if not POLICIES.allows(by, SupervisionAct.READ_SUPERVISIONS, row):
        return False
    early = row.stands is SupervisionStatus.DRAFTED and by.unit not in row.units
    return not (early and by.unit in (*row.addressees, *row.cc))


async def seen(session: AsyncSession, supervision_id: UUID, *, by: Principal) -> Supervision:
    """One order, for those who read it; to others it is absent."""
    row = await get(session, supervision_id)
    if not sees(by, row):
        raise NotFound
    return row


def issuing(row: Supervision) -> Side:
    """The side of whoever issued an order."""
    return Side(region_code=place_of(row.keeper), units=serving(row.keeper))


def addressed(row: Supervision) -> Side:
    """The side of whoever an order is addressed to, once it is issued."""
    units = () if row.stands is SupervisionStatus.DRAFTED else tuple(row.addressees)
    return Side(
        region_code=place_of(units[0]) if units else row.region_code,
        units=units,
        enterprise_uscc=row.enterprise_uscc,
    )


def require(by: Principal, act: SupervisionAct, row: Supervision, side: Side) -> None:
    """Refuse who does not stand on a side of an order: 403 to those who read it, else 404."""
    if POLICIES.allows(by, act, side):
        return
    if sees(by, row):
        raise NotYours
    raise NotFound


async def on_side(
    session: AsyncSession,
    supervision_id: UUID,
    act: SupervisionAct,
    *,
    by: Principal,
    issuer: bool,
) -> Supervision:
    """An order, locked, for somebody who may act on one of its sides."""
    row = await get(session, supervision_id, lock=True)
    require(by, act, row, issuing(row) if issuer else addressed(row))
    return row


async def lock_followed(session: AsyncSession, supervision_id: UUID) -> None:
    """Lock the order that another follows, before that one itself.

    Whoever takes several locks the oldest first: taken the other way round, two would wait for
    each other.
    """
    before = select(Supervision.follows).where(Supervision.id == supervision_id)
    followed = select(Supervision.id).where(Supervision.id == before.scalar_subquery())
    await session.execute(followed.with_for_update())


_ONE_CAUSE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(hashtextextended(:cause, 7302))")


async def standing(
    session: AsyncSession,
    *,
    cause: SupervisionCause,
    cause_id: str | None,
    kind: SupervisionKind,
    addressee: str,
) -> Supervision | None:
    """The open order of a kind about a cause to somebody. Whoever asks drafts next: in turn."""
    if cause_id is None:
        return None
    await session.execute(_ONE_CAUSE_AT_A_TIME, {"cause": f"{cause}/{cause_id}"})
    ended = (SupervisionStatus.CLOSED, SupervisionStatus.LIFTED, SupervisionStatus.WITHDRAWN)
    chosen = select(Supervision).where(
        Supervision.cause == cause,
        Supervision.cause_id == cause_id,
        Supervision.kind == kind,
        Supervision.addressee == addressee,
        Supervision.status.not_in(ended),
    )
    return await session.scalar(chosen.limit(1))


async def receipts(session: AsyncSession, supervision_id: UUID) -> Sequence[SupervisionReceipt]:
    """What every addressee signs, the one that answers first."""
    chosen = select(SupervisionReceipt).where(SupervisionReceipt.supervision_id == supervision_id)
    return (await session.scalars(chosen.order_by(SupervisionReceipt.id))).all()


async def receipt(session: AsyncSession, receipt_id: UUID) -> SupervisionReceipt:
    """One receipt. Whoever changes it locks its order before."""
    return await session.get_one(SupervisionReceipt, receipt_id, populate_existing=True)


async def entries(session: AsyncSession, supervision_id: UUID) -> Sequence[SupervisionEntry]:
    """Every step taken with an order, oldest first."""
    chosen = select(SupervisionEntry).where(SupervisionEntry.supervision_id == supervision_id)
    return (await session.scalars(chosen.order_by(SupervisionEntry.at, SupervisionEntry.id))).all()


async def drafters(session: AsyncSession, supervision_id: UUID) -> frozenset[str]:
    """Everybody who had a hand in what an order says."""
    chosen = select(SupervisionEntry.made_by).where(
        SupervisionEntry.supervision_id == supervision_id,
        SupervisionEntry.action.in_(("draft", "amend")),
    )
    return frozenset(await session.scalars(chosen))


async def files(session: AsyncSession, supervision_id: UUID) -> Sequence[SupervisionFile]:
    """What was handed in about an order, oldest first."""
    chosen = select(SupervisionFile).where(SupervisionFile.supervision_id == supervision_id)
    return (await session.scalars(chosen.order_by(SupervisionFile.id))).all()


async def file(session: AsyncSession, supervision_id: UUID, sha256: str) -> SupervisionFile | None:
    """One file of an order by its hash."""
    chosen = select(SupervisionFile).where(
        SupervisionFile.supervision_id == supervision_id, SupervisionFile.sha256 == sha256
    )
    return await session.scalar(chosen)


async def held_by(session: AsyncSession, unit: str) -> Sequence[Supervision]:
    """The open orders in which a unit issues, is addressed or is told, locked."""
    ended = (SupervisionStatus.CLOSED, SupervisionStatus.LIFTED, SupervisionStatus.WITHDRAWN)
    concerns = or_(
        Supervision.keeper == unit,
        among(Supervision.addressees, unit),
        among(Supervision.cc, unit),
    )
    chosen = select(Supervision).where(concerns, Supervision.status.not_in(ended))
    return (await session.scalars(chosen.order_by(Supervision.id).with_for_update())).all()
