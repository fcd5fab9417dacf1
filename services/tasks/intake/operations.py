"""Taking an order in: the caller sealed, a unit proposed, likeness noted, dangers told."""

from dataclasses import asdict
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.tasks_orders import OrderDeathsTold, OrderHazardTold, OrderReceived
from kernel import calendar
from kernel.access import NotYours, Place, Principal
from kernel.db import refusing_taken
from kernel.ids import uuid7
from kernel.outbox import publish
from kernel.problems import FieldFault, InvalidPayload, Problem
from reference import orders as pack
from reference import units
from services.tasks.callers import operations as callers
from services.tasks.catalogue import queries as catalogue
from services.tasks.catalogue.rules import Candidate
from services.tasks.chains import queries as chains
from services.tasks.digests import operations_clocks as digests
from services.tasks.intake.schemas import NewOrder
from services.tasks.orders import operations as steps
from services.tasks.orders import queries as orders
from services.tasks.orders.domain import OrderIdTaken, OrderStatus
from services.tasks.orders.tables import Order
from services.tasks.policies import POLICIES
from services.tasks.policies_orders import OrderAct
from services.tasks.repeats import operations as repeats

_EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
_TIME_NOT_TOLD_H = 168
"""By how many hours the time of deaths may be wrong where the caller did not say it."""


async def take_in(
    session: AsyncSession, *, stated: NewOrder, by: Principal, now: datetime
) -> tuple[Order, bool]:
    """Keep an order and start its clock; whether the hotline had handed it in before."""
    if not POLICIES.allows(by, OrderAct.TAKE_ORDER, Place(stated.region_code)):
        raise NotYours("只能受理本辖区内的工单", "You may take orders of your own area.")
    _refuse_nonsense(stated, now=now)
    known = await orders.find(session, stated.hotline, stated.number)
    if known is not None:
        _refuse_another(known, stated)
        return known, True
    order = _order(stated, by=by, now=now)
    order.proposal = [_shown(one) for one in await _proposed(session, stated, now=now)]
    same: bytes | None = None
    if stated.caller is not None:
        caller = callers.seal(session, stated=stated.caller, region_code=order.region_code, now=now)
        order.caller_id, same = caller.id, caller.same
        await session.flush()
    await steps.owe_dispatch(session, order, now=now)
    await digests.arm(session, now=now)
    session.add(order)
    with refusing_taken(OrderIdTaken()):
        await session.flush()
    steps.keep(session, order, "receive", by=by, now=now)
    publish(session, OrderReceived(**steps.facts(order), occurred_at=now))
    await repeats.look_for(session, order, same=same, now=now)
    matter = pack.matter(stated.matter, on=calendar.day_of(now))
    dangerous = stated.hazard or bool(matter and matter.safety)
    tell(session, order, hazard=dangerous, deaths=stated.deaths_alleged, now=now)
    return order, False


class NumberUsed(Problem):
    """A hotline's number stands for an order that says something else."""

    status = 409
    title_zh = "该工单编号已用于内容不同的工单"
    title_en = "The number stands for an order that says something else"


_SAID = (
    "order_class",
    "matter",
    "region_code",
    "place",
    "lon",
    "lat",
    "enterprise_uscc",
    "account",
    "happened_at",
)


def _refuse_another(known: Order, stated: NewOrder) -> None:
    """What was told under a number that is known must not be dropped without a word."""
    differs = [name for name in _SAID if getattr(known, name) != getattr(stated, name)]
    if stated.deaths_alleged > known.deaths_alleged:
        differs.append("deaths_alleged")
    if stated.hazard and known.hazard_told_at is None:
        differs.append("hazard")
    if stated.caller is not None and known.caller_id is None:
        differs.append("caller")
    if differs:
        raise NumberUsed(
            f"与已受理工单不一致的内容：{'、'.join(differs)}。",
            f"It differs in {', '.join(differs)}.",
            order_id=str(known.id),
            differs=differs,
        )


def _refuse_nonsense(stated: NewOrder, *, now: datetime) -> None:
    if pack.matter(stated.matter, on=calendar.day_of(now)) is None:
        raise _fault("/matter", "matter_unknown", "没有该事项", "there is no such matter")
    if (stated.lon is None) is not (stated.lat is None):
        raise _fault("/lat", "missing", "经度和纬度应同时填写", "expected both lon and lat")
    happened = stated.happened_at
    if happened is not None and not _EARLIEST <= happened <= now:
        raise _fault(
            "/happened_at",
            "out_of_range",
            "应在2000-01-01以后且不晚于现在",
            "expected 2000-01-01 or later, and not later than now",
        )


def _fault(pointer: str, code: str, zh: str, en: str) -> InvalidPayload:
    return InvalidPayload(FieldFault(pointer=pointer, code=code, zh=zh, en=en))


def _order(stated: NewOrder, *, by: Principal, now: datetime) -> Order:
    on = calendar.day_of(now)
    desk = by.unit or units.governing(stated.region_code, "committee_office", on=on).code
    return Order(
        id=stated.order_id,
        region_code=stated.region_code,
        hotline=str(stated.hotline),
        number=stated.number,
        order_class=str(stated.order_class),
        matter=stated.matter,
        status=str(OrderStatus.RECEIVED),
        unit=desk,
        units=[],
        enterprise_uscc=stated.enterprise_uscc,
        place=stated.place,
        lon=stated.lon,
        lat=stated.lat,
        account=stated.account,
        happened_at=stated.happened_at,
        named=stated.caller is not None and stated.caller.named,
        received_at=now,
        received_by=by.subject,
        returns=0,
        redone=0,
        urged=0,
        deaths_alleged=0,
    )


async def _proposed(
    session: AsyncSession, stated: NewOrder, *, now: datetime
) -> tuple[Candidate, ...]:
    known = stated.enterprise_uscc and await chains.known(session, stated.enterprise_uscc)
    return await catalogue.proposal(
        session,
        matter=stated.matter,
        region=stated.region_code,
        sector=known.sector if known else None,
        at=now,
    )


def _shown(candidate: Candidate) -> dict[str, object]:
    return {
        "unit": candidate.unit,
        "supporting": list(candidate.supporting),
        "points": candidate.points,
        "reasons": [asdict(reason) for reason in candidate.reasons],
    }


def tell(session: AsyncSession, order: Order, *, hazard: bool, deaths: int, now: datetime) -> None:
    """A danger is a clue, deaths are a sign of an accident: each is told once, never by whom."""
    if (hazard or deaths) and order.hazard_told_at is None:
        order.hazard_told_at = now
        publish(
            session,
            OrderHazardTold(
                **steps.facts(order),
                occurred_at=now,
                enterprise_uscc=order.enterprise_uscc,
                lon=order.lon,
                lat=order.lat,
            ),
        )
    if deaths and order.lead_id is None:
        order.deaths_alleged, order.lead_id = deaths, uuid7()
        publish(session, _deaths(order, now=now))


def _deaths(order: Order, *, now: datetime) -> OrderDeathsTold:
    assert order.lead_id is not None
    return OrderDeathsTold(
        **steps.facts(order),
        occurred_at=now,
        lead_id=order.lead_id,
        enterprise_uscc=order.enterprise_uscc,
        happened_at=order.happened_at or order.received_at,
        uncertain_by_hours=0 if order.happened_at else _TIME_NOT_TOLD_H,
        deaths_alleged=order.deaths_alleged,
        lon=order.lon,
        lat=order.lat,
    )


async def tell_later(
    session: AsyncSession,
    *,
    order_id: UUID,
    hazard: bool,
    deaths: int,
    note: str,
    by: Principal,
    now: datetime,
) -> Order:
    """It turned out that the order speaks of a danger, or of deaths."""
    order = await orders.get(session, order_id, lock=True)
    POLICIES.require(by, OrderAct.TELL_SAFETY, on=order, seen_by=OrderAct.READ_ORDERS)
    tell(session, order, hazard=hazard, deaths=deaths, now=now)
    detail = {"hazard": hazard, "deaths_alleged": deaths}
    steps.keep(session, order, "tell_safety", by=by, now=now, note=note, detail=detail)
    return order
