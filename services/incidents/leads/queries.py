"""Finding leads, and the accidents that a lead may be about."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import Select, false, select
from sqlalchemy.ext.asyncio import AsyncSession

from kernel import calendar
from kernel.access import NotFound, Principal
from kernel.listing import Listing, before, equals, one_of, since, within
from reference import regions
from reference.terms import LeadSource, Level
from services.incidents.accidents.tables import Accident
from services.incidents.leads import rules
from services.incidents.leads.domain import LeadStatus
from services.incidents.leads.rules import Sighting
from services.incidents.leads.tables import Lead, LeadEntry

MOST_COMPARED = 500

LEADS = Listing(
    "leads",
    key=Lead.id,
    sorts={"received_at": Lead.received_at, "occurred_at": Lead.occurred_at},
    default="-received_at",
    filters={
        "region": within(Lead.region_code, "行政区划 / division"),
        "source": one_of(Lead.source, LeadSource, "线索来源 / sources"),
        "status": one_of(Lead.status, LeadStatus, "状态 / states"),
        "accident": equals(Lead.accident_id, UUID, "事故编号 / accident"),
        "since": since(Lead.received_at, "接收时间起 / received at or after"),
        "before": before(Lead.received_at, "接收时间止 / received before"),
    },
)


def reached_by(by: Principal) -> Select[Lead]:
    """What an actor may list: those of their subtree."""
    if by.region is None:
        return select(Lead).where(false())
    return select(Lead).where(Lead.region_code.startswith(by.region, autoescape=True))


async def find(session: AsyncSession, lead_id: UUID) -> Lead | None:
    """One lead, if there is one."""
    return await session.get(Lead, lead_id)


async def get(session: AsyncSession, lead_id: UUID, *, lock: bool = False) -> Lead:
    """One lead. With `lock`, nobody else changes it until this transaction ends."""
    lead = await session.get(Lead, lead_id, with_for_update=lock or None)
    if lead is None:
        raise NotFound(f"没有编号为 {lead_id} 的线索", f"No lead has the id {lead_id}.")
    return lead


async def entries(session: AsyncSession, lead_id: UUID) -> Sequence[LeadEntry]:
    """Every step taken with a lead, oldest first."""
    chosen = select(LeadEntry).where(LeadEntry.lead_id == lead_id)
    return (await session.scalars(chosen.order_by(LeadEntry.at, LeadEntry.id))).all()


async def near(session: AsyncSession, sign: Sighting) -> Sequence[Accident]:
    """The accidents of the city in the days around a sign, as far as the actor's scope reaches.

    One that was merged is not among them: the one it goes on as is.
    """
    reach = (
        rules.farthest_apart(on=calendar.day_of(sign.occurred_at))
        + sign.uncertain_by
        + timedelta(seconds=1)
    )
    city = regions.prefix(_city_of(sign.region_code))
    chosen = (
        select(Accident)
        .where(
            Accident.occurred_at.between(sign.occurred_at - reach, sign.occurred_at + reach),
            Accident.region_code.startswith(city, autoescape=True),
            Accident.merged_into.is_(None),
        )
        .order_by(Accident.occurred_at, Accident.id)
        .limit(MOST_COMPARED)
    )
    return (await session.scalars(chosen)).all()


def _city_of(region_code: str) -> str:
    """The city above a place; of a province, itself."""
    for place in regions.ancestors(region_code):
        if place.level.at_least(Level.CITY):
            return place.code
    return region_code


def sighting(row: Lead | Accident) -> Sighting:
    """Where and when a stored row says that something happened."""
    uncertain = row.uncertain_by_hours if isinstance(row, Lead) else 0
    return Sighting(
        region_code=row.region_code,
        occurred_at=row.occurred_at,
        place=row.place,
        enterprise_uscc=row.enterprise_uscc,
        lon=row.lon,
        lat=row.lat,
        uncertain_by=timedelta(hours=uncertain),
    )
