"""Sources: hotline orders, from finding who handles one to asking whether it helped."""

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from kernel import calendar
from reference import orders as matters
from reference.terms import OrderClass
from services.tasks.dispatches import operations_sending as sending
from services.tasks.dispatches.domain import LIVE, OWED, DispatchStatus
from services.tasks.dispatches.tables import Dispatch
from services.tasks.dues.domain import Said
from services.tasks.dues.queries_kinds import Source, Words, asked, clocked
from services.tasks.extensions.domain import ExtensionStatus
from services.tasks.extensions.tables import OrderExtension
from services.tasks.objections.domain import WAITING
from services.tasks.objections.tables import Objection
from services.tasks.orders import operations as orders
from services.tasks.orders import operations_deciding as deciding
from services.tasks.orders.domain import OrderStatus
from services.tasks.orders.tables import Order


def _said(step: Said, of: Select[UUID, str, str, datetime]) -> Words:
    """The step, the matter and the sort of an order; never where it is, what was told, or by whom.

    `of` gives the id of what is due, and the matter, class and day of its order.
    """
    key = next(iter(of.selected_columns))

    async def words(session: AsyncSession, ids: Collection[UUID]) -> Mapping[UUID, Said]:
        rows = await session.execute(of.where(key.in_(ids)))
        return {
            found: _named(step, matter, OrderClass(kind), at) for found, matter, kind, at in rows
        }

    return words


def _named(step: Said, matter: str, order_class: OrderClass, at: datetime) -> Said:
    row = matters.matter(matter, on=calendar.day_of(at))
    zh, en = (row.zh, row.en) if row else (matter, matter)
    return Said(f"{step.zh}：{zh}（{order_class.zh}）", f"{step.en}: {en} ({order_class.en})")


async def _moves_of_parts(session: AsyncSession, ids: Collection[UUID]) -> Mapping[UUID, int]:
    chosen = select(Dispatch.id, Dispatch.extended).where(Dispatch.id.in_(ids))
    rows = await session.execute(chosen)
    return {found: extended for found, extended in rows}  # noqa: C416 -- no pairs to mypy


_OF_ORDERS = select(Order.id, Order.matter, Order.order_class, Order.received_at)
_OF_PARTS = select(Dispatch.id, Dispatch.matter, Dispatch.order_class, Dispatch.sent_at)
_OF_OBJECTIONS = select(Objection.id, Dispatch.matter, Dispatch.order_class, Dispatch.sent_at).join(
    Dispatch, Dispatch.id == Objection.dispatch_id
)
_OF_EXTENSIONS = select(
    OrderExtension.id, Dispatch.matter, Dispatch.order_class, Dispatch.sent_at
).join(Dispatch, Dispatch.id == OrderExtension.dispatch_id)

SOURCES: tuple[Source, ...] = (
    Source(
        kind="order_dispatch",
        entity="orders",
        owed=asked(
            Order.id,
            unit=Order.unit,
            due=Order.dispatch_due_at,
            opened=Order.received_at,
            changed=[Order.dispatch_overdue_at],
        ).where(Order.status == OrderStatus.RECEIVED),
        words=_said(Said("派发热线工单", "Dispatch a hotline order"), _OF_ORDERS),
        moves=clocked(orders.DISPATCH_DUE),
    ),
    Source(
        kind="order_sign",
        entity="orders",
        owed=asked(
            Dispatch.id,
            entity=Dispatch.order_id,
            unit=Dispatch.unit,
            due=Dispatch.sign_due_at,
            opened=Dispatch.sent_at,
            changed=[Dispatch.sign_overdue_at, Dispatch.refused_at],
        ).where(Dispatch.status == DispatchStatus.SENT, Dispatch.sign_due_at.is_not(None)),
        words=_said(Said("签收热线工单", "Sign for a hotline order"), _OF_PARTS),
        moves=clocked(sending.SIGN_DUE),
    ),
    Source(
        kind="order",
        entity="orders",
        owed=asked(
            Dispatch.id,
            entity=Dispatch.order_id,
            unit=Dispatch.unit,
            due=Dispatch.due_at,
            opened=Dispatch.sent_at,
            changed=[Dispatch.signed_at, Dispatch.overdue_at, Dispatch.refused_at],
        ).where(Dispatch.status.in_(OWED)),
        words=_said(Said("办理热线工单", "Hotline order"), _OF_PARTS),
        moves=_moves_of_parts,
    ),
    Source(
        kind="order_return",
        entity="orders",
        owed=asked(
            Dispatch.id,
            entity=Dispatch.order_id,
            unit=Dispatch.decider,
            due=Dispatch.decision_due_at,
            opened=Dispatch.returned_at,
        ).where(Dispatch.status == DispatchStatus.RETURNING),
        words=_said(Said("审核热线工单退单", "Decide on a returned order"), _OF_PARTS),
        moves=clocked(deciding.RETURN_DECISION_DUE),
    ),
    Source(
        kind="order_objection",
        entity="orders",
        owed=asked(
            Objection.id,
            entity=Objection.order_id,
            unit=Objection.decider,
            due=Objection.decision_due_at,
            opened=Objection.made_at,
            changed=[Objection.replied_at],
        )
        .join(Dispatch, Dispatch.id == Objection.dispatch_id)
        .where(Objection.status.in_(WAITING), Dispatch.status == DispatchStatus.DISPUTED),
        words=_said(Said("裁定热线工单派单异议", "Arbitrate who handles an order"), _OF_OBJECTIONS),
        moves=clocked(deciding.ARBITRATION_DUE),
    ),
    Source(
        kind="order_extension",
        entity="orders",
        owed=asked(
            OrderExtension.id,
            entity=OrderExtension.order_id,
            unit=OrderExtension.decider,
            due=OrderExtension.decision_due_at,
            opened=OrderExtension.asked_at,
        )
        .join(Dispatch, Dispatch.id == OrderExtension.dispatch_id)
        .where(OrderExtension.status == ExtensionStatus.ASKED, Dispatch.status.in_(LIVE)),
        words=_said(Said("审批热线工单延期", "Decide on more time for an order"), _OF_EXTENSIONS),
        moves=clocked(deciding.EXTENSION_DECISION_DUE),
    ),
    Source(
        kind="order_callback",
        entity="orders",
        owed=asked(
            Order.id,
            unit=Order.unit,
            due=Order.callback_due_at,
            opened=Order.answered_at,
            changed=[Order.callback_overdue_at],
        ).where(Order.status == OrderStatus.ANSWERED),
        words=_said(Said("回访热线工单", "Ask a caller whether it helped"), _OF_ORDERS),
        moves=clocked(orders.CALLBACK_DUE),
    ),
)
