"""Finding cards, their steps, and the units that are listed."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, Text, false, or_, select, text, true, type_coerce
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession

from kernel.access import NotFound, Principal, Relation
from kernel.listing import Filter, Listing, equals, one_of, within
from reference import units
from reference.terms import Card
from services.tasks.accidents.tables import Accident, AccidentFinding
from services.tasks.cards.domain import CardStatus
from services.tasks.cards.tables import CardEntry, CardRow, ListedUnit
from services.tasks.organisations import queries as organisations
from services.tasks.policies import POLICIES
from services.tasks.policies_scoring import ScoreAct

CARDS = Listing(
    "cards",
    key=CardRow.id,
    sorts={"proposed_at": CardRow.proposed_at, "year": CardRow.year},
    default="-proposed_at",
    filters={
        "region": within(CardRow.region_code, "行政区划 / division"),
        "unit": equals(CardRow.unit, str, "单位 / unit"),
        "group": equals(CardRow.group_code, str, "考核组别 / group of peers"),
        "kind": one_of(CardRow.kind, Card, "类别 / kinds"),
        "year": equals(CardRow.year, int, "考核年度 / year of the assessment"),
        "status": one_of(CardRow.status, CardStatus, "状态 / states"),
        "for_review": Filter(
            bool,
            lambda wanted: (CardRow.review_since.is_not(None)).is_(wanted),
            "是否待复核 / whether it is to be looked at again",
        ),
    },
)

LISTED = Listing(
    "listed-units",
    key=ListedUnit.card_id,
    sorts={"unit": ListedUnit.unit},
    default="unit",
    filters={
        "year": equals(ListedUnit.year, int, "挂牌年度 / year in which they are listed"),
        "kind": one_of(ListedUnit.kind, Card, "类别 / kinds"),
        "region": within(ListedUnit.region_code, "行政区划 / division"),
    },
)

RENEWED, FLAGGED = "renew", "flag_for_review"
"""How steps are called that facts take with a card, not people."""

_ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(7319)")


async def lock(session: AsyncSession) -> None:
    """Nobody else weighs accidents until this transaction ends: two could propose one card."""
    await session.execute(_ONE_AT_A_TIME)


def reached_by(by: Principal) -> Select[CardRow]:
    """What an actor may list: their unit's, and their subtree's where their role allows."""
    granted = POLICIES.granted(by, ScoreAct.READ_CARDS)
    own = CardRow.unit == by.unit if by.unit else false()
    if Relation.SUBTREE not in granted or by.region is None:
        return select(CardRow).where(own)
    below = CardRow.region_code.startswith(by.region, autoescape=True) if by.region else true()
    return select(CardRow).where(or_(own, below))


async def get(session: AsyncSession, card_id: UUID, *, lock: bool = False) -> CardRow:
    """One card. With `lock`, nobody else changes it until this transaction ends."""
    found = await session.get(CardRow, card_id, with_for_update=lock or None)
    if found is None:
        raise NotFound(f"没有编号为 {card_id} 的处理", f"No card has the id {card_id}.")
    return found


async def entries(session: AsyncSession, card_id: UUID) -> Sequence[CardEntry]:
    """Every step taken with a card, oldest first."""
    chosen = select(CardEntry).where(CardEntry.card_id == card_id)
    return (await session.scalars(chosen.order_by(CardEntry.at, CardEntry.id))).all()


async def last_change(session: AsyncSession, card_id: UUID) -> dict[str, Any] | None:
    """What was kept when the facts of a card changed last: what was left of them, or carries it."""
    chosen = select(CardEntry.detail).where(
        CardEntry.card_id == card_id, CardEntry.action.in_((RENEWED, FLAGGED))
    )
    return await session.scalar(chosen.order_by(CardEntry.id.desc()).limit(1))


async def naming(session: AsyncSession, accident_id: UUID) -> Sequence[CardRow]:
    """Every card that names an accident."""
    names = type_coerce(CardRow.accidents, ARRAY(Text)).contains([str(accident_id)])
    return (await session.scalars(select(CardRow).where(names))).all()


async def of_unit(session: AsyncSession, unit: str, *, kind: Card, year: int) -> Sequence[CardRow]:
    """Every card of a sort that a unit has for a year, oldest first, locked."""
    chosen = select(CardRow).where(CardRow.unit == unit, CardRow.kind == kind, CardRow.year == year)
    return (await session.scalars(chosen.order_by(CardRow.id).with_for_update())).all()


async def of_year(session: AsyncSession, year: int) -> Sequence[CardRow]:
    """The cards for a year that were imposed and not lifted, by unit."""
    chosen = select(CardRow).where(
        CardRow.year == year, CardRow.status.in_((CardStatus.IN_EFFECT, CardStatus.OVER))
    )
    return (await session.scalars(chosen.order_by(CardRow.unit, CardRow.kind))).all()


async def in_effect(session: AsyncSession, *, on: date, by: datetime) -> Sequence[CardRow]:
    """The cards that bar on a day, as was known by an instant, by unit.

    What was lifted or withdrawn since stood then: a document that names it stays as it was.
    """
    chosen = select(CardRow).where(
        CardRow.effect_from <= on,
        CardRow.effect_to >= on,
        CardRow.decided_at <= by,
        or_(CardRow.status.in_((CardStatus.IN_EFFECT, CardStatus.OVER)), CardRow.ended_at > by),
    )
    return (await session.scalars(chosen.order_by(CardRow.unit, CardRow.kind))).all()


async def in_words(session: AsyncSession, row: CardRow, *, chinese: bool) -> str:
    """A card as a bulletin names it, the unit by its name of the day of effect."""
    day = row.effect_from or date.max
    recorded = (await organisations.standing(session, [row.unit], day=day)).get(row.unit)
    if recorded is not None:
        zh, en = recorded.name_zh, recorded.name_en
    else:
        unit = units.unit(row.unit, on=day)
        zh, en = unit.zh, unit.en
    kind = Card(row.kind)
    if chinese:
        return f"{zh}：{kind.zh}（{row.cause_zh}）"
    return f"{en}: {kind.en} ({row.cause_en})"


async def listed(session: AsyncSession, card_id: UUID) -> Sequence[ListedUnit]:
    """The listings because of a card."""
    chosen = select(ListedUnit).where(ListedUnit.card_id == card_id)
    return (await session.scalars(chosen)).all()


async def still_listed(session: AsyncSession, year: int) -> Sequence[UUID]:
    """The yellow cards of the year before for which units are listed in a year."""
    chosen = select(ListedUnit.card_id).where(
        ListedUnit.year == year, ListedUnit.kind == Card.YELLOW, ListedUnit.closed_at.is_(None)
    )
    return (await session.scalars(chosen.order_by(ListedUnit.card_id))).all()


async def listed_units(session: AsyncSession, year: int) -> set[str]:
    """Who is listed in a year by now, for whichever card."""
    chosen = select(ListedUnit.unit).where(ListedUnit.year == year, ListedUnit.closed_at.is_(None))
    return set(await session.scalars(chosen))


def every_listed() -> Select[ListedUnit]:
    """All listings: they are published."""
    return select(ListedUnit)


async def accident(
    session: AsyncSession, accident_id: UUID
) -> tuple[Accident, Sequence[datetime]] | None:
    """An accident, and when anything was found of its report."""
    found = await session.get(Accident, accident_id)
    if found is None:
        return None
    stated = select(AccidentFinding.stated_at).where(AccidentFinding.accident_id == accident_id)
    return found, (await session.scalars(stated)).all()
