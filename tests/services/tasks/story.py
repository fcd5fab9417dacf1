"""One accident as incidents tells it, and the people of tasks."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from contracts.gateway import Role
from contracts.incidents import (
    AccidentPlaced,
    AccidentRegraded,
    AccidentReported,
    FindingMade,
    Hop,
    InvestigationEscalated,
    InvestigationPublished,
    RelayForwarded,
    Toll,
)
from contracts.incidents_cases import ClockMove, InvestigationClockMoved
from contracts.inspections import EnterpriseRegistered
from kernel.access import Principal
from kernel.ids import uuid7
from reference.creditcodes import demonstration_code
from reference.terms import Finding, Grade, Level

COUNTY, CITY = "430481", "430400"
HAPPENED = datetime(2023, 3, 10, 3, 0, tzinfo=UTC)
RECEIVED = HAPPENED + timedelta(minutes=50)
ACCIDENT = UUID("01890000-0000-7000-8000-0000000000aa")
FIRST_HOP = UUID("01890000-0000-7000-8000-000000000001")
SECOND_HOP = UUID("01890000-0000-7000-8000-000000000002")
FURTHER_HOP = UUID("01890000-0000-7000-8000-000000000003")
MINE = demonstration_code(region=COUNTY, number=1)
OTHER = demonstration_code(region="430426", number=2)


def hop(relay_id: UUID, level: Level, from_unit: str, to_unit: str, hours: int) -> Hop:
    return Hop(
        relay_id=relay_id,
        level=level,
        from_unit=from_unit,
        to_unit=to_unit,
        due_at=RECEIVED + timedelta(hours=hours),
    )


HOPS = (
    hop(FIRST_HOP, Level.COUNTY, f"{COUNTY}.emergency", f"{CITY}.emergency", 2),
    hop(SECOND_HOP, Level.CITY, f"{CITY}.emergency", "430000.emergency", 4),
)


def reported(**changed: Any) -> AccidentReported:
    facts: dict[str, Any] = {
        "occurred_at": RECEIVED,
        "accident_id": ACCIDENT,
        "region_code": COUNTY,
        "enterprise_uscc": MINE,
        "report_id": uuid7(),
        "industry": "noncoal_mining",
        "accident_type": "water_inrush",
        "happened_at": HAPPENED,
        "received_at": RECEIVED,
        "grade": Grade.LARGER,
        "estimated_grade": Grade.LARGER,
        "toll": Toll(deaths=5),
        "receiving_unit": f"{COUNTY}.emergency",
        "investigating_level": Level.CITY,
        "investigating_unit": f"{CITY}.government",
        "relays": HOPS,
        "late": False,
    }
    return AccidentReported(**facts | changed)


def regraded(grade: Grade, unit: str, level: Level, **changed: Any) -> AccidentRegraded:
    facts: dict[str, Any] = {
        "occurred_at": RECEIVED + timedelta(days=3),
        "accident_id": ACCIDENT,
        "region_code": COUNTY,
        "enterprise_uscc": MINE,
        "report_id": uuid7(),
        "industry": "noncoal_mining",
        "from_grade": Grade.LARGER,
        "grade": grade,
        "estimated_grade": grade,
        "toll": Toll(deaths=13),
        "investigating_level": level,
        "investigating_unit": unit,
    }
    return AccidentRegraded(**facts | changed)


def placed(region: str, **changed: Any) -> AccidentPlaced:
    facts: dict[str, Any] = {
        "occurred_at": RECEIVED + timedelta(hours=1),
        "accident_id": ACCIDENT,
        "region_code": region,
        "enterprise_uscc": MINE,
        "from_region": CITY,
        "grade": Grade.LARGER,
        "toll": Toll(deaths=5),
        "investigating_level": Level.CITY,
        "investigating_unit": f"{CITY}.government",
    }
    return AccidentPlaced(**facts | changed)


def forwarded(relay_id: UUID) -> RelayForwarded:
    return RelayForwarded(
        occurred_at=RECEIVED + timedelta(hours=1),
        accident_id=ACCIDENT,
        region_code=COUNTY,
        relay_id=relay_id,
        level=Level.COUNTY,
        from_unit=f"{COUNTY}.emergency",
        to_unit=f"{CITY}.emergency",
        forwarded_at=RECEIVED + timedelta(hours=1),
        late=False,
    )


def found(kind: Finding, **changed: Any) -> FindingMade:
    facts: dict[str, Any] = {
        "occurred_at": RECEIVED + timedelta(days=5),
        "accident_id": ACCIDENT,
        "region_code": COUNTY,
        "enterprise_uscc": MINE,
        "finding_id": uuid7(),
        "kind": kind,
        "grade": Grade.LARGER,
    }
    return FindingMade(**facts | changed)


def escalated() -> InvestigationEscalated:
    return InvestigationEscalated(
        occurred_at=RECEIVED + timedelta(days=5),
        accident_id=ACCIDENT,
        region_code=COUNTY,
        enterprise_uscc=MINE,
        from_level=Level.CITY,
        to_level=Level.PROVINCE,
        to_unit="430000.government",
        grade=Grade.LARGER,
        rule="hy-plan-2023 9.12",
    )


def clock_moved(
    reason: ClockMove, due_at: datetime | None, **changed: Any
) -> InvestigationClockMoved:
    facts: dict[str, Any] = {
        "occurred_at": RECEIVED + timedelta(days=20),
        "accident_id": ACCIDENT,
        "region_code": COUNTY,
        "enterprise_uscc": MINE,
        "generation": 1,
        "grade": Grade.LARGER,
        "stage": "investigation",
        "level": Level.CITY,
        "unit": f"{CITY}.government",
        "due_at": due_at,
        "reason": reason,
    }
    return InvestigationClockMoved(**facts | changed)


def published(**changed: Any) -> InvestigationPublished:
    facts: dict[str, Any] = {
        "occurred_at": datetime(2023, 5, 21, 2, 0, tzinfo=UTC),
        "accident_id": ACCIDENT,
        "region_code": COUNTY,
        "enterprise_uscc": MINE,
        "grade": Grade.LARGER,
        "published_on": date(2023, 5, 21),
    }
    return InvestigationPublished(**facts | changed)


def registered(uscc: str, region: str, industry: str = "B10") -> EnterpriseRegistered:
    return EnterpriseRegistered(
        occurred_at=HAPPENED - timedelta(days=30),
        uscc=uscc,
        name="演示企业",
        region_code=region,
        industry=industry,
    )


def person(role: Role, unit: str, *, subject: str | None = None) -> Principal:
    """Somebody of a unit, who sees the unit's place and everything in it."""
    region = unit.partition(".")[0]
    while region.endswith("00"):
        region = region[:-2]
    return Principal(
        subject=subject or f"{role}@{unit}", roles=frozenset({role}), unit=unit, region=region
    )


def officer(uscc: str) -> Principal:
    """An enterprise's own account."""
    return Principal(
        subject=f"officer@{uscc}", roles=frozenset({Role.ENTERPRISE}), region="", uscc=uscc
    )


CITY_OFFICE = person(Role.COMMITTEE_OFFICE, f"{CITY}.committee_office")
COUNTY_OFFICE = person(Role.COMMITTEE_OFFICE, f"{COUNTY}.committee_office")
COUNTY_DESK = person(Role.DUTY_DESK, f"{COUNTY}.emergency")
OTHER_DESK = person(Role.DUTY_DESK, "430426.emergency")
