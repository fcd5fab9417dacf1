"""The sources of what is due. A further room that asks something by a day is a further source."""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, Text, cast, func, literal, null, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from kernel import calendar
from kernel.db import everywhere
from kernel.timers import Timer
from reference import orders as matters
from reference.terms import OrderClass, SupervisionKind
from services.tasks.dispatches.domain import OWED as DISPATCH_OWED
from services.tasks.dispatches.tables import Dispatch
from services.tasks.dues.domain import DUTIES, SHARES, Due, Holder, Said
from services.tasks.obligations import operations as obligations
from services.tasks.obligations.domain import LIVE, OWED
from services.tasks.obligations.tables import Obligation
from services.tasks.parts.domain import WORKING, PartRole
from services.tasks.parts.queries import DUE_AT as PART_DUE_AT
from services.tasks.parts.tables import Part
from services.tasks.plans.tables import Duty
from services.tasks.supervisions.domain import OWED as ANSWER_OWED
from services.tasks.supervisions.tables import Supervision

Words = Callable[[AsyncSession, Collection[UUID]], Awaitable[Mapping[UUID, Said]]]
Moves = Callable[[AsyncSession, Collection[UUID]], Awaitable[Mapping[UUID, int]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One sort of what is due: what is owed of whom, what it is called, how often it moved."""

    kind: str
    owed: Select[Any]
    """id, unit, enterprise_uscc, due_at, opened_at, changed_at of what somebody has to do."""
    words: Words
    moves: Moves
    anywhere: bool = False
    """Whether it is read off what can stand in another place than its unit."""


async def _duties(session: AsyncSession, ids: Collection[UUID]) -> Mapping[UUID, Said]:
    """The plan's own words, which are published; of an event only what sort of duty it is."""
    chosen = select(Obligation.id, Obligation.kind, Obligation.duty, Obligation.plan_version)
    rows = (await session.execute(chosen.where(Obligation.id.in_(ids)))).all()
    keys = {key for _, _, duty, version in rows if (key := _key(duty, version)) is not None}
    named = {
        (row.year, row.version, row.code): Said(row.text_zh, row.text_en or row.text_zh)
        for row in await session.scalars(
            select(Duty).where(tuple_(Duty.year, Duty.version, Duty.code).in_(keys))
        )
    }
    return {
        found: named.get(_key(duty, version) or (0, 0, ""), DUTIES[kind])
        for found, kind, duty, version in rows
    }


def _key(duty: str, version: int | None) -> tuple[int, int, str] | None:
    year, _, code = duty.partition("/")
    return (int(year), version, code) if version is not None and year.isdigit() else None


async def _moves_of_duties(session: AsyncSession, ids: Collection[UUID]) -> Mapping[UUID, int]:
    chosen = select(Timer.entity_id, func.max(Timer.generation)).where(
        Timer.kind == obligations.DUE, Timer.entity_id.in_([str(one) for one in ids])
    )
    found = await session.execute(chosen.group_by(Timer.entity_id))
    return {UUID(entity): int(generation) - 1 for entity, generation in found}


async def _orders(session: AsyncSession, ids: Collection[UUID]) -> Mapping[UUID, Said]:
    """The matter and the sort of an order; never where it is, what was told, or by whom."""
    chosen = select(Dispatch.id, Dispatch.matter, Dispatch.order_class, Dispatch.sent_at)
    rows = await session.execute(chosen.where(Dispatch.id.in_(ids)))
    return {found: _order(matter, OrderClass(kind), at) for found, matter, kind, at in rows}


def _order(matter: str, order_class: OrderClass, at: datetime) -> Said:
    row = matters.matter(matter, on=calendar.day_of(at))
    zh, en = (row.zh, row.en) if row else (matter, matter)
    return Said(
        f"办理热线工单：{zh}（{order_class.zh}）", f"Hotline order: {en} ({order_class.en})"
    )


async def _moves_of_orders(session: AsyncSession, ids: Collection[UUID]) -> Mapping[UUID, int]:
    chosen = select(Dispatch.id, Dispatch.extended).where(Dispatch.id.in_(ids))
    rows = await session.execute(chosen)
    return {found: extended for found, extended in rows}  # noqa: C416 -- no pairs to mypy


async def _supervisions(session: AsyncSession, ids: Collection[UUID]) -> Mapping[UUID, Said]:
    """The kind and the number of the order; never what it is about."""
    chosen = select(Supervision.id, Supervision.kind, Supervision.number_text)
    rows = await session.execute(chosen.where(Supervision.id.in_(ids)))
    return {found: _answer(SupervisionKind(kind), number or "") for found, kind, number in rows}


def _answer(kind: SupervisionKind, number: str) -> Said:
    return Said(f"答复监督文书：{kind.zh} {number}", f"Answer a supervision: {kind.en} {number}")


async def _moves_of_supervisions(
    session: AsyncSession, ids: Collection[UUID]
) -> Mapping[UUID, int]:
    """An extension moves the deadline; so does each answer that is returned."""
    moved = Supervision.extended + Supervision.round - 1
    rows = await session.execute(select(Supervision.id, moved).where(Supervision.id.in_(ids)))
    return {found: times for found, times in rows}  # noqa: C416 -- no pairs to mypy


async def _parts(session: AsyncSession, ids: Collection[UUID]) -> Mapping[UUID, Said]:
    """What the unit has to do with the duty, and the duty as the lead's own calendar calls it."""
    rows = (await session.execute(_of_parts(ids))).all()
    named = await _duties(session, {whole for _, whole, _ in rows})
    return {found: _share(PartRole(role), named[whole]) for found, whole, role in rows}


def _of_parts(ids: Collection[UUID]) -> Select[UUID, UUID, str]:
    return select(Part.id, Part.obligation_id, Part.role).where(Part.id.in_(ids))


def _share(role: PartRole, duty: Said) -> Said:
    share = SHARES[role]
    return Said(f"{share.zh}：{duty.zh}", f"{share.en}: {duty.en}")


async def _moves_of_parts(session: AsyncSession, ids: Collection[UUID]) -> Mapping[UUID, int]:
    """A part is due when the whole is, or later by one move of its own."""
    own = select(Part.id, Part.obligation_id, Part.own_due_at.is_not(None))
    rows = (await session.execute(own.where(Part.id.in_(ids)))).all()
    moved = await _moves_of_duties(session, {whole for _, whole, _ in rows})
    return {found: moved.get(whole, 0) + int(later) for found, whole, later in rows}


SOURCES: tuple[Source, ...] = (
    Source(
        kind="obligation",
        owed=select(
            Obligation.id,
            Obligation.unit,
            Obligation.enterprise_uscc,
            Obligation.due_at,
            Obligation.opened_at,
            func.greatest(Obligation.opened_at, Obligation.overdue_at).label("changed_at"),
        ).where(Obligation.status.in_(OWED), Obligation.stopped_at.is_(None)),
        words=_duties,
        moves=_moves_of_duties,
    ),
    Source(
        kind="part",
        # The lead's own part is the obligation itself, which its unit is told of already.
        owed=select(
            Part.id,
            Part.unit,
            cast(null(), Text).label("enterprise_uscc"),
            PART_DUE_AT.label("due_at"),
            Part.opened_at,
            func.greatest(Part.opened_at, Part.overdue_at).label("changed_at"),
        )
        .join(Obligation, Obligation.id == Part.obligation_id)
        .where(
            Part.status.in_(WORKING),
            Part.objected_at.is_(None),
            Part.role != PartRole.LEAD,
            Obligation.status.in_(LIVE),
            Obligation.stopped_at.is_(None),
        ),
        words=_parts,
        moves=_moves_of_parts,
        anywhere=True,
    ),
    Source(
        kind="order",
        owed=select(
            Dispatch.id,
            Dispatch.unit,
            cast(null(), Text).label("enterprise_uscc"),
            Dispatch.due_at,
            Dispatch.sent_at.label("opened_at"),
            func.greatest(
                Dispatch.sent_at, Dispatch.signed_at, Dispatch.overdue_at, Dispatch.refused_at
            ).label("changed_at"),
        ).where(Dispatch.status.in_(DISPATCH_OWED)),
        words=_orders,
        moves=_moves_of_orders,
    ),
    Source(
        kind="supervision",
        owed=select(
            Supervision.id,
            Supervision.addressees[1].label("unit"),
            Supervision.enterprise_uscc,
            Supervision.due_at,
            Supervision.issued_at.label("opened_at"),
            func.greatest(
                Supervision.issued_at,
                Supervision.received_at,
                Supervision.answered_at,
                Supervision.overdue_at,
            ).label("changed_at"),
        ).where(Supervision.status.in_(ANSWER_OWED)),
        words=_supervisions,
        moves=_moves_of_supervisions,
    ),
)


async def owed(
    session: AsyncSession, holder: Holder, *, since: datetime, until: datetime, most: int
) -> list[Due]:
    """What somebody has to do with a deadline in a window, what is due first before the rest."""
    found: list[Due] = []
    for source in SOURCES:
        async with everywhere(session) if source.anywhere else nullcontext():
            found += await _of(session, source, holder, since=since, until=until, most=most)
    return sorted(found, key=lambda due: (due.due_at, due.uid))[:most]


async def _of(
    session: AsyncSession,
    source: Source,
    holder: Holder,
    *,
    since: datetime,
    until: datetime,
    most: int,
) -> list[Due]:
    rows = source.owed.subquery()
    own = (
        rows.c.unit == holder.unit
        if holder.unit is not None
        else rows.c.enterprise_uscc == holder.enterprise_uscc
    )
    chosen = select(rows).where(own, rows.c.due_at > since, rows.c.due_at <= until)
    picked = (await session.execute(chosen.order_by(rows.c.due_at, rows.c.id).limit(most))).all()
    ids = [row.id for row in picked]
    words, moves = await source.words(session, ids), await source.moves(session, ids)
    return [
        Due(
            kind=source.kind,
            id=row.id,
            due_at=row.due_at,
            opened_at=row.opened_at,
            changed_at=row.changed_at,
            moved=moves.get(row.id, 0),
            words=words[row.id],
        )
        for row in picked
    ]


async def words(session: AsyncSession, kind: str, ids: Collection[UUID]) -> Mapping[UUID, Said]:
    """What some of what is due of one sort is called."""
    source = next(source for source in SOURCES if source.kind == kind)
    return await source.words(session, ids) if ids else {}


async def owed_by_units(
    session: AsyncSession, units: Collection[str], *, until: datetime
) -> Sequence[tuple[str, str, UUID, datetime]]:
    """Unit, kind, id and deadline of what some units have to do by an instant."""
    found: list[tuple[str, str, UUID, datetime]] = []
    for source in SOURCES:
        rows = source.owed.subquery()
        chosen = select(rows.c.unit, literal(source.kind), rows.c.id, rows.c.due_at).where(
            rows.c.unit.in_(units), rows.c.due_at <= until
        )
        found += [(unit, kind, one, due) for unit, kind, one, due in await session.execute(chosen)]
    return sorted(found, key=lambda row: (row[0], row[3], row[2]))
