"""Obligations of a plan's measured duties, inserted as their opening will."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from contracts.tasks import ObligationKind
from kernel import calendar
from kernel.access import Principal
from kernel.ids import uuid7
from reference.terms import DutyKind, EvidenceKind
from services.tasks.evidence.tables import EvidenceFile
from services.tasks.obligations.domain import Cause, Status, place_of
from services.tasks.obligations.tables import Obligation
from services.tasks.organisations.domain import of_pack
from services.tasks.organisations.operations import record_units
from services.tasks.plans import operations as plans
from tests.services.stage import NOON, Stage
from tests.services.tasks.story import CITY, CITY_OFFICE, COUNTY, person

FIRST, LAST = date(2023, 1, 1), date(2023, 12, 31)
YEAR_END = calendar.closes_at(LAST)
OPENING = UUID("01890000-0000-7000-8000-00000000c0de")
HOUSING = f"{CITY}.housing"
CITY_GOVERNMENT, COUNTY_GOVERNMENT = f"{CITY}.government", f"{COUNTY}.government"
PROOF = "ab" * 32


async def planned(tasks: Stage) -> Stage:
    """The units are on record since the year began, and its plan is issued."""
    await tasks.begin_with(_plan)
    return tasks


async def _plan(tasks: Stage) -> None:
    async with tasks.work() as session:
        units = of_pack(on=FIRST, address=lambda _: None)
        await record_units(session, units=units, on=FIRST, now=NOON)
        await plans.issue(session, year=2023, now=NOON)


async def asked(
    tasks: Stage, code: str, kind: DutyKind, *, unit: str | None = None, **more: Any
) -> Obligation:
    """A duty of the plan that somebody has for the year."""
    uscc = more.pop("uscc", None)
    row = Obligation(
        id=uuid7(),
        kind=ObligationKind.PLAN,
        status=Status.OPEN,
        origin=OPENING,
        cause=Cause.PERIOD,
        duty_kind=kind,
        duty=f"2023/{code}",
        subject=unit or uscc,
        unit=unit,
        enterprise_uscc=uscc,
        region_code=place_of(unit) if unit else more.pop("region", COUNTY),
        rule="hy-plan-2023 whole@2023-01-01",
        due_at=YEAR_END,
        opened_at=calendar.opens_at(FIRST),
        plan_version=1,
        period_from=FIRST,
        period_to=LAST,
    )
    for name, value in more.items():
        setattr(row, name, value)
    async with tasks.work() as session:
        session.add(row)
    await proved(tasks, row)
    return row


async def proved(tasks: Stage, row: Obligation) -> None:
    """The file that proves figures was added to an obligation."""
    async with tasks.work() as session:
        session.add(
            EvidenceFile(
                id=uuid7(),
                obligation_id=row.id,
                region_code=row.region_code,
                enterprise_uscc=row.enterprise_uscc,
                kind=EvidenceKind.DOCUMENT,
                sha256=PROOF,
                size=1,
                media_type="application/pdf",
                added_by="somebody of the subject",
                added_at=NOON,
            )
        )


async def standing(
    tasks: Stage, row: Obligation, *, by: Principal = CITY_OFFICE, **query: Any
) -> Any:
    """How it stands; a refusal fails the test."""
    answer = await tasks.as_(by).get(f"/tasks/obligations/{row.id}/standing", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


def figure(row: Obligation, day: str = "2023-05-31", **numbers: Any) -> dict[str, Any]:
    """A reported figure with its proof."""
    return {
        "obligation_id": str(row.id),
        "day": day,
        "note": "Ledger of the department, page 3.",
        "files": [PROOF],
        **numbers,
    }


async def accepted(tasks: Stage, row: Obligation, by: Principal, **figures: Any) -> None:
    """A figure that was reported and accepted."""
    told = await tasks.as_(by).post("/tasks/figures/reports", json=figure(row, **figures))
    assert told.status_code == 201, told.text
    path = f"/tasks/figures/reports/{told.json()['id']}/accept"
    taken = await tasks.as_(CITY_OFFICE).post(path, json={})
    assert taken.status_code == 200, taken.text


def builder() -> Principal:
    """Somebody of the city's housing department."""
    return person("inspector", HOUSING)  # type: ignore[arg-type]


def at(day: date) -> datetime:
    """Noon of a day."""
    return calendar.opens_at(day).replace(hour=12)
