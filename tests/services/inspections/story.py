"""Enterprises, the accident at one of them, and the people of inspections."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from contracts.gateway import Role
from contracts.incidents import AccidentRegraded, AccidentReported, Toll
from contracts.tasks_orders import OrderHazardTold
from kernel.access import Principal
from kernel.ids import uuid7
from reference.creditcodes import demonstration_code
from reference.terms import Grade, Hotline, Level, OrderClass
from services.inspections.registry.domain import NewEnterprise

COUNTY, CITY, OTHER_COUNTY = "430481", "430400", "430426"
MINE = demonstration_code(region=COUNTY, number=1)
OTHER = demonstration_code(region=OTHER_COUNTY, number=2)
ACCIDENT = UUID("01890000-0000-7000-8000-0000000000aa")
ORDER = UUID("01890000-0000-7000-8000-0000000000bb")
RECEIVED = datetime(2023, 3, 10, 4, 0, tzinfo=UTC)


def enterprise(uscc: str = MINE, region: str = COUNTY, **changed: Any) -> NewEnterprise:
    facts: dict[str, Any] = {"name": "演示矿业", "industry": "B10"}
    return NewEnterprise(uscc=uscc, region=region, **facts | changed)


def reported(**changed: Any) -> AccidentReported:
    facts: dict[str, Any] = {
        "occurred_at": RECEIVED,
        "accident_id": ACCIDENT,
        "region_code": COUNTY,
        "enterprise_uscc": MINE,
        "report_id": uuid7(),
        "industry": "noncoal_mining",
        "accident_type": "water_inrush",
        "happened_at": RECEIVED - timedelta(hours=1),
        "received_at": RECEIVED,
        "grade": Grade.LARGER,
        "estimated_grade": Grade.LARGER,
        "toll": Toll(deaths=5),
        "receiving_unit": f"{COUNTY}.emergency",
        "investigating_level": Level.CITY,
        "investigating_unit": f"{CITY}.government",
        "late": False,
    }
    return AccidentReported(**facts | changed)


def regraded(grade: Grade, **changed: Any) -> AccidentRegraded:
    facts: dict[str, Any] = {
        "occurred_at": RECEIVED + timedelta(days=3),
        "accident_id": ACCIDENT,
        "region_code": COUNTY,
        "enterprise_uscc": MINE,
        "report_id": uuid7(),
        "from_grade": Grade.LARGER,
        "grade": grade,
        "estimated_grade": grade,
        "toll": Toll(deaths=13),
        "investigating_level": Level.PROVINCE,
        "investigating_unit": "430000.government",
    }
    return AccidentRegraded(**facts | changed)


def hazard_told(**changed: Any) -> OrderHazardTold:
    facts: dict[str, Any] = {
        "occurred_at": RECEIVED,
        "order_id": ORDER,
        "region_code": COUNTY,
        "hotline": Hotline.WORK_SAFETY,
        "order_class": OrderClass.COMPLAINT,
        "matter": "gas",
        "enterprise_uscc": MINE,
        "lon": 112.86,
        "lat": 26.41,
    }
    return OrderHazardTold(**facts | changed)


def person(role: Role, region: str) -> Principal:
    prefix = region.removesuffix("00")
    return Principal(
        subject=f"{role}@{region}",
        roles=frozenset({role}),
        unit=f"{region}.emergency",
        region=prefix,
    )


def officer(uscc: str) -> Principal:
    return Principal(
        subject=f"officer@{uscc}", roles=frozenset({Role.ENTERPRISE}), region="", uscc=uscc
    )


INSPECTOR = person(Role.INSPECTOR, COUNTY)
OTHER_INSPECTOR = person(Role.INSPECTOR, OTHER_COUNTY)
CITY_OFFICE = person(Role.COMMITTEE_OFFICE, CITY)
