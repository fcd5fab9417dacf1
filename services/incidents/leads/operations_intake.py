"""Taking a lead in: it fits what was reported, or it alarms and a check is owed."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.gateway import Role
from contracts.tasks_orders import OrderDeathsTold
from kernel import calendar
from kernel.access import SYSTEM, NotYours, Place, Principal
from kernel.db import refusing_taken
from kernel.outbox import publish
from reference import regions
from reference.terms import LeadSource
from services.incidents.informants import operations as informants
from services.incidents.leads import operations_steps as steps
from services.incidents.leads import queries, rules
from services.incidents.leads.domain import LeadAction, LeadIdTaken, LeadStatus
from services.incidents.leads.rules import Match
from services.incidents.leads.schemas import NewLead
from services.incidents.leads.tables import Lead
from services.incidents.policies import POLICIES, Act
from services.incidents.relays import rules as relaying

_NO_MATCH = Match(score=0)


@dataclass(frozen=True, kw_only=True)
class _Reported:
    """The accident that a lead fits, and how many dead its reports left out."""

    accident_id: UUID | None = None
    match: Match = _NO_MATCH
    unreported: int = 0

    @property
    def known(self) -> bool:
        """Whether all that the lead alleges has been reported."""
        return self.accident_id is not None and not self.unreported


async def take_in(session: AsyncSession, *, stated: NewLead, by: Principal, now: datetime) -> Lead:
    """Keep a lead and look for the report it fits; where there is none, alarm at once."""
    if not POLICIES.allows(by, Act.LEAD, Place(stated.region_code)):
        raise NotYours("只能提交本辖区内的线索", "You may hand in leads of your own area.")
    unit = _checking_unit(stated.region_code, by=by, now=now)
    fits = await _reported(session, stated)
    lead = _lead(stated, fits, unit=unit, by=by, now=now)
    if stated.informant is not None:
        lead.informant_id = informants.seal(
            session, stated=stated.informant, region_code=lead.region_code, unit=unit, now=now
        )
        await session.flush()
    session.add(lead)
    with refusing_taken(LeadIdTaken(lead_id=str(lead.id))):
        await session.flush()
    if fits.known:
        steps.step_on(session, lead, LeadAction.MATCH, by=by, now=now)
    else:
        await steps.owe_check(session, lead, by=by, now=now)
        publish(session, steps.unmatched(lead, now=now))
    return lead


async def take_in_told(session: AsyncSession, *, told: OrderDeathsTold, now: datetime) -> Lead:
    """Open the lead that a hotline order is: of its place only the division is told."""
    located = told.lon is not None and told.lat is not None
    stated = NewLead.model_validate(
        {
            "lead_id": told.lead_id,
            "source": LeadSource.HOTLINE,
            "region_code": told.region_code,
            "place": regions.region(told.region_code).zh,
            "location": {"lon": told.lon, "lat": told.lat} if located else None,
            "occurred_at": told.happened_at.isoformat(),
            "uncertain_by_hours": told.uncertain_by_hours,
            "enterprise_uscc": told.enterprise_uscc,
            "deaths_alleged": told.deaths_alleged,
        }
    )
    return await take_in(session, stated=stated, by=SYSTEM, now=now)


def _checking_unit(region_code: str, *, by: Principal, now: datetime) -> str:
    """The desk that took the lead, else the emergency authority of the place."""
    desk = by.unit if Role.DUTY_DESK in by.roles else None
    return relaying.receiving_unit(region_code, desk=desk, on=calendar.day_of(now)).code


async def _reported(session: AsyncSession, stated: NewLead) -> _Reported:
    sign = stated.sighting()
    near = {accident.id: accident for accident in await queries.near(session, sign)}
    found = rules.best(sign, [(key, queries.sighting(row)) for key, row in near.items()])
    if found is None:
        return _Reported()
    accident_id, match = found
    unreported = rules.unreported_deaths(
        alleged=stated.deaths_alleged, counted=near[accident_id].figures
    )
    return _Reported(accident_id=accident_id, match=match, unreported=unreported)


def _lead(stated: NewLead, fits: _Reported, *, unit: str, by: Principal, now: datetime) -> Lead:
    return Lead.new(
        region_code=stated.region_code,
        enterprise_uscc=stated.enterprise_uscc,
        id=stated.lead_id,
        source=str(stated.source),
        status=str(LeadStatus.RECEIVED),
        submitted_by=by.subject,
        received_at=now,
        occurred_at=stated.occurred_at,
        uncertain_by_hours=stated.uncertain_by_hours,
        place=stated.place,
        lon=stated.location.lon if stated.location else None,
        lat=stated.location.lat if stated.location else None,
        enterprise_name=stated.enterprise_name,
        deaths_alleged=stated.deaths_alleged,
        account=stated.account,
        informant_id=None,
        accident_id=fits.accident_id,
        score=fits.match.score,
        reasons=[str(reason) for reason in fits.match.reasons],
        unreported_deaths=fits.unreported,
        unit=unit,
        first_check_due_at=None,
        first_checked_at=None,
        first_check_overdue_at=None,
        result_due_at=None,
        result_overdue_at=None,
        settled_at=None,
        finding_id=None,
    )
