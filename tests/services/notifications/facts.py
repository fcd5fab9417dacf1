"""Facts and actors that the tests of this service start from.

They happen in the future: recipients get their minutes from the moment they are called, and
so that moment is the fact's own.
"""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from contracts.gateway import Role
from contracts.incidents import (
    AccidentRegraded,
    AccidentReported,
    FollowUpMissed,
    Hop,
    NoticeOverdue,
    RelayOverdue,
    Toll,
)
from contracts.incidents_cases import InvestigationOverdue
from contracts.incidents_enterprises import DirectReportOverdue
from contracts.tasks import PostHeld, UnitRecorded
from kernel.access import Principal
from kernel.ids import uuid7
from reference.terms import Grade, Level

AT = datetime(2031, 5, 1, 19, 10, tzinfo=UTC)
"""Ten past three at night in Hunan."""

LEIYANG = "430481"
MINE = "91430481MA4L12345A"
COUNTY_DESK = "430481.emergency.duty_desk"
COUNTY_DEPUTY = "430481.emergency.deputy"
COUNTY_HEAD = "430481.emergency.principal"
CITY_DESK = "430400.emergency.duty_desk"


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)


def reported(**changes: Any) -> AccidentReported:
    values: dict[str, Any] = {
        "occurred_at": AT,
        "accident_id": uuid7(),
        "region_code": LEIYANG,
        "enterprise_uscc": MINE,
        "report_id": uuid7(),
        "accident_type": "water_inrush",
        "happened_at": AT - minutes(50),
        "received_at": AT,
        "grade": Grade.GENERAL,
        "estimated_grade": Grade.GENERAL,
        "toll": Toll(deaths=2, missing=1),
        "receiving_unit": "430481.emergency",
        "investigating_level": Level.COUNTY,
        "investigating_unit": "430481.government",
        "relays": (
            Hop(
                relay_id=uuid7(),
                level=Level.COUNTY,
                from_unit="430481.emergency",
                to_unit="430400.emergency",
                due_at=AT + minutes(120),
            ),
        ),
        "late": False,
    }
    return AccidentReported(**values | changes)


def regraded(first: AccidentReported, grade: Grade, **changes: Any) -> AccidentRegraded:
    values: dict[str, Any] = {
        "occurred_at": first.occurred_at + minutes(60),
        "accident_id": first.accident_id,
        "region_code": first.region_code,
        "enterprise_uscc": first.enterprise_uscc,
        "report_id": uuid7(),
        "from_grade": first.grade,
        "grade": grade,
        "estimated_grade": grade,
        "toll": Toll(deaths=5),
        "investigating_level": Level.CITY,
        "investigating_unit": "430400.government",
    }
    return AccidentRegraded(**values | changes)


def relay_overdue(first: AccidentReported) -> RelayOverdue:
    return RelayOverdue(
        occurred_at=first.occurred_at + minutes(120),
        accident_id=first.accident_id,
        region_code=first.region_code,
        relay_id=uuid7(),
        level=Level.COUNTY,
        from_unit="430481.emergency",
        to_unit="430400.emergency",
        due_at=first.occurred_at + minutes(120),
        grade=first.grade,
    )


def notice_overdue(first: AccidentReported) -> NoticeOverdue:
    return NoticeOverdue(
        occurred_at=first.occurred_at + minutes(120),
        accident_id=first.accident_id,
        region_code=first.region_code,
        notice_id=uuid7(),
        body="public_security",
        from_unit="430481.emergency",
        to_unit="430481.public_security",
        due_at=first.occurred_at + minutes(120),
        grade=first.grade,
    )


def direct_report_overdue(first: AccidentReported, **changes: Any) -> DirectReportOverdue:
    values: dict[str, Any] = {
        "occurred_at": first.occurred_at + minutes(60),
        "accident_id": first.accident_id,
        "region_code": first.region_code,
        "enterprise_uscc": first.enterprise_uscc,
        "direct_report_id": uuid7(),
        "level": Level.PROVINCE,
        "from_unit": first.enterprise_uscc or first.receiving_unit,
        "unit": first.receiving_unit,
        "to_unit": "430000.emergency",
        "due_at": first.occurred_at + minutes(60),
        "grade": Grade.LARGER,
    }
    return DirectReportOverdue(**values | changes)


def case_overdue(first: AccidentReported, *, stage: str = "approval") -> InvestigationOverdue:
    return InvestigationOverdue(
        occurred_at=first.occurred_at + timedelta(days=75),
        accident_id=first.accident_id,
        region_code=first.region_code,
        generation=1,
        stage=stage,
        level=Level.COUNTY,
        unit="430481.government",
        due_at=first.occurred_at + timedelta(days=75),
        grade=first.grade,
    )


def follow_up_missed(first: AccidentReported, **changes: Any) -> FollowUpMissed:
    values: dict[str, Any] = {
        "occurred_at": first.occurred_at + timedelta(days=2),
        "accident_id": first.accident_id,
        "region_code": first.region_code,
        "day": date(2031, 5, 3),
        "unit": "430481.emergency",
        "due_at": datetime(2031, 5, 3, 16, tzinfo=UTC),
        "needed": 2,
        "received": 1,
        "grade": first.grade,
    }
    return FollowUpMissed(**values | changes)


def unit_recorded(unit: str, **emails: str | None) -> UnitRecorded:
    """A unit whose posts have these addresses: `duty_desk="desk@example.cn"`."""
    return UnitRecorded(
        occurred_at=AT,
        unit=unit,
        name_zh=unit,
        name_en=unit,
        region_code=unit.partition(".")[0],
        kind="emergency",
        posts=tuple(
            PostHeld(post=post, label_zh=post, label_en=post, email=email)
            for post, email in emails.items()
        ),
        effective_from=date(2020, 1, 1),
    )


def _actor(name: str, role: Role, unit: str, region: str, post: str | None = None) -> Principal:
    return Principal(subject=name, roles=frozenset({role}), unit=unit, region=region, post=post)


def desk(unit: str, *, post: str | None = "duty_desk") -> Principal:
    """Somebody at the duty desk of a unit."""
    region = unit.partition(".")[0]
    prefix = region.removesuffix("00").removesuffix("00")
    return _actor(f"desk of {unit}", Role.DUTY_DESK, unit, prefix, post)


def holder(post: str) -> Principal:
    """Whoever holds a post."""
    unit, _, short = post.rpartition(".")
    return desk(unit, post=short)


UNITLESS = Principal(subject="unitless", roles=frozenset({Role.DUTY_DESK}), region="4304")
"""An account that was given a role and a region, and no unit yet."""

ADMINISTRATOR = _actor("administrator", Role.ADMINISTRATOR, "430400.emergency", "4304")
LEADER = _actor("leader", Role.LEADER, "430400.government", "4304")
OTHER_ENTERPRISE = Principal(
    subject="other", roles=frozenset({Role.ENTERPRISE}), region=None, uscc="91430407MA4L99999X"
)
ENTERPRISE = Principal(subject="mine", roles=frozenset({Role.ENTERPRISE}), region=None, uscc=MINE)
NOBODY = UUID(int=0)
