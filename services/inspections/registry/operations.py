"""Register enterprises, and flag them because of accidents."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from contracts.inspections import EnterpriseFlagged, EnterpriseRegistered
from kernel import audit
from kernel.access import Place, Principal
from kernel.ids import uuid7
from kernel.outbox import publish
from kernel.problems import Problem
from reference.terms import Grade
from services.inspections.policies import POLICIES, Act
from services.inspections.registry import domain, queries
from services.inspections.registry.domain import FlagReason, NewEnterprise
from services.inspections.registry.tables import Enterprise, Flag, FlagGrade


class RegisteredElsewhere(Problem):
    """The credit code stands in a place the actor does not see."""

    status = 409
    title_zh = "该统一社会信用代码已在其他地区登记"
    title_en = "The credit code is registered in another place"


async def register(
    session: AsyncSession, *, enterprises: Sequence[NewEnterprise], now: datetime
) -> int:
    """Register enterprises or bring their entries up to date; how many were new or changed.

    What is stated again unchanged is not told again.
    """
    standing = await queries.standing(session, [enterprise.uscc for enterprise in enterprises])
    stated = {enterprise.uscc: _facts(enterprise) for enterprise in enterprises}
    changed = {uscc: facts for uscc, facts in stated.items() if _differs(standing.get(uscc), facts)}
    for uscc, facts in changed.items():
        row = standing.get(uscc)
        if row is not None:
            _update(row, facts, now=now)
    fresh = [facts for uscc, facts in changed.items() if uscc not in standing]
    await _insert(session, fresh, now=now)
    for facts in changed.values():
        publish(session, _registered(facts, now=now))
    return len(changed)


async def register_by(
    session: AsyncSession, *, enterprise: NewEnterprise, by: Principal, now: datetime
) -> Enterprise:
    """Register one enterprise for somebody, who must supervise its old place and its new one."""
    standing = (await queries.standing(session, [enterprise.uscc])).get(enterprise.uscc)
    if standing is not None:
        POLICIES.require(by, Act.REGISTER, on=standing, seen_by=Act.READ_ENTERPRISES)
    POLICIES.require(by, Act.REGISTER, on=Place(enterprise.region), seen_by=Act.REGISTER)
    await register(session, enterprises=[enterprise], now=now)
    audit.note(session, by=by, act=Act.REGISTER, entity="enterprise", entity_id=enterprise.uscc)
    return await queries.get(session, enterprise.uscc)


def _facts(enterprise: NewEnterprise) -> dict[str, Any]:
    industry = domain.industry_of(enterprise)
    return {
        "uscc": enterprise.uscc,
        "name": enterprise.name,
        "region_code": enterprise.region,
        "county_code": domain.county_of(enterprise),
        "industry": industry.code,
        "sector": industry.sector,
        "high_risk": industry.high_risk,
        "risk": enterprise.risk,
        "supervision": enterprise.supervision,
        "lon": enterprise.lon,
        "lat": enterprise.lat,
        "groups": sorted(enterprise.groups),
    }


def _differs(row: Enterprise | None, facts: Mapping[str, Any]) -> bool:
    return row is None or any(getattr(row, name) != value for name, value in facts.items())


def _update(row: Enterprise, facts: Mapping[str, Any], *, now: datetime) -> None:
    for name, value in facts.items():
        setattr(row, name, value)
    row.updated_at = now


async def _insert(
    session: AsyncSession, fresh: Sequence[Mapping[str, Any]], *, now: datetime
) -> None:
    if not fresh:
        return
    rows = [{**facts, "registered_at": now, "updated_at": now} for facts in fresh]
    new = insert(Enterprise).on_conflict_do_nothing().returning(Enterprise.uscc)
    entered = set(await session.scalars(new, rows))
    hidden = [facts["uscc"] for facts in fresh if facts["uscc"] not in entered]
    if hidden:
        raise RegisteredElsewhere(uscc=hidden)


def _registered(facts: Mapping[str, Any], *, now: datetime) -> EnterpriseRegistered:
    county, placed = facts["county_code"], facts["region_code"]
    return EnterpriseRegistered(
        occurred_at=now,
        uscc=facts["uscc"],
        name=facts["name"],
        region_code=county,
        park_code=placed if placed != county else None,
        industry=facts["industry"],
        sector=facts["sector"] if facts["high_risk"] else None,
        risk_class=facts["risk"],
        groups=tuple(facts["groups"]),
    )


async def flag(
    session: AsyncSession,
    *,
    uscc: str,
    accident_id: UUID,
    grade: Grade,
    region: str,
    now: datetime,
) -> None:
    """Put an enterprise under special attention because of an accident, once per accident.

    An enterprise that nobody registered yet is flagged by its code; the flag shows once it is.
    """
    if await queries.flag_of(session, accident_id) is not None:
        return
    known = await session.get(Enterprise, uscc)
    place = known.region_code if known else region
    row = Flag(
        id=uuid7(),
        uscc=uscc,
        accident_id=accident_id,
        region_code=place,
        reason=FlagReason.ACCIDENT,
        grade=grade,
        flagged_at=now,
    )
    session.add(row)
    await session.flush()
    session.add(_graded(row, now=now))
    publish(
        session,
        EnterpriseFlagged(
            occurred_at=now,
            uscc=uscc,
            region_code=place,
            accident_id=accident_id,
            reason=FlagReason.ACCIDENT,
        ),
    )


async def regrade_flag(
    session: AsyncSession, *, accident_id: UUID, grade: Grade, now: datetime
) -> None:
    """A flag takes on the accident's new grade and keeps the old one in its history."""
    row = await queries.flag_of(session, accident_id)
    if row is None or row.grade == grade:
        return
    row.grade = grade
    session.add(_graded(row, now=now))


def _graded(row: Flag, *, now: datetime) -> FlagGrade:
    return FlagGrade(
        flag_id=row.id, since=now, grade=row.grade, uscc=row.uscc, region_code=row.region_code
    )
