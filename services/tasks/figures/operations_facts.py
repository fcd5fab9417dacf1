"""Keep the ledger in step with what incidents tells of accidents."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from kernel.ids import uuid7
from reference import figures as pack
from reference import industries
from reference.terms import Grade
from services.tasks.figures import domain, queries
from services.tasks.figures.domain import Counted
from services.tasks.figures.tables import CountedAccident, Figure


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """Which event said it, and when."""

    event_id: UUID
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAccident:
    """An accident as it was told first."""

    accident_id: UUID
    region_code: str
    enterprise_uscc: str | None
    day: date
    industry: str | None
    accident_type: str
    grade: Grade
    deaths: int
    left_out: bool = False


async def count_accident(session: AsyncSession, *, told: NewAccident, fact: Fact) -> None:
    """A new accident enters every figure that it falls under."""
    row = CountedAccident(
        accident_id=told.accident_id,
        region_code=told.region_code,
        enterprise_uscc=told.enterprise_uscc,
        day=told.day,
        sector=_sector(told.industry) or industries.UNSPECIFIED,
        accident_type=told.accident_type,
        grade=told.grade,
        deaths=told.deaths,
        counts=True,
        left_out=told.left_out,
    )
    session.add(row)
    await _restate(session, row, fact=fact)


@dataclass(frozen=True, slots=True, kw_only=True)
class Restated:
    """What a later fact says of an accident; None of what it leaves as it was."""

    grade: Grade | None = None
    deaths: int | None = None
    industry: str | None = None
    accident_type: str | None = None
    counts: bool | None = None
    left_out: bool | None = None
    region_code: str | None = None
    day: date | None = None
    enterprise_uscc: str | None = None


async def restate_accident(
    session: AsyncSession, *, accident_id: UUID, said: Restated, fact: Fact
) -> None:
    """What changed of an accident makes a further version; one unheard of here counts nothing."""
    row = await queries.accident(session, accident_id)
    if row is None:
        return
    row.grade = said.grade or row.grade
    row.deaths = row.deaths if said.deaths is None else said.deaths
    row.sector = _sector(said.industry) or row.sector
    row.accident_type = said.accident_type or row.accident_type
    row.region_code = said.region_code or row.region_code
    row.day = said.day or row.day
    row.enterprise_uscc = said.enterprise_uscc or row.enterprise_uscc
    row.counts = row.counts if said.counts is None else said.counts
    row.left_out = row.left_out if said.left_out is None else said.left_out
    await _restate(session, row, fact=fact)


def _stands_at(row: Figure | CountedAccident | None) -> tuple[str, date] | None:
    return (row.region_code, row.day) if row is not None else None


async def _restate(session: AsyncSession, row: CountedAccident, *, fact: Fact) -> None:
    source = f"accident:{row.accident_id}"
    counted = Counted(
        sector=row.sector,
        accident_type=row.accident_type,
        grade=Grade(row.grade),
        deaths=row.deaths,
        counts=row.counts and not row.left_out,
    )
    rules = {rule.code: rule for rule in pack.counted(on=row.day)}
    before = await queries.versions(session, source)
    for metric, amount in domain.amounts(counted, rules.values()).items():
        stood = before.get(metric)
        moved = bool(stood and stood.amount) and _stands_at(stood) != _stands_at(row)
        if amount == (stood.amount if stood else 0) and not moved:
            continue
        session.add(
            Figure(
                id=uuid7(),
                metric=metric,
                region_code=row.region_code,
                enterprise_uscc=row.enterprise_uscc,
                day=row.day,
                amount=amount,
                source=source,
                version=stood.version + 1 if stood else 1,
                told_by=fact.event_id,
                rule=rules[metric].rule,
                recorded_at=fact.at,
            )
        )


def _sector(industry: str | None) -> str | None:
    known = industries.resolve(industry) if industry else None
    return known.sector if known else None
