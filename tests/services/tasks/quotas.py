"""Obligations of a period as the plan opens them, and what is handed in for them."""

from datetime import UTC, date, datetime
from pathlib import Path
from random import Random
from typing import Any

import httpx

from contracts.gateway import Role
from contracts.tasks import ObligationKind
from kernel import calendar
from kernel.access import Principal
from kernel.files import Objects
from kernel.ids import uuid7
from reference.terms import DutyKind
from services.tasks.obligations.domain import Cause, Status, place_of
from services.tasks.obligations.tables import Obligation
from services.tasks.plans import operations as plans
from tests.services.stage import NOON, Stage
from tests.services.tasks import city
from tests.services.tasks.city import found
from tests.services.tasks.story import CITY, COUNTY, person

OBLIGATIONS = "/tasks/obligations"
PARTY = f"{COUNTY}.party_committee"
SECRETARY = person(Role.LEADER, PARTY)
PROVINCE_OFFICE = person(Role.COMMITTEE_OFFICE, "430000.committee_office")
CITY_AUDITOR = person(Role.AUDITOR, f"{CITY}.audit")
MEETING = "party_standing_committee_meeting"
MINUTES = (
    "会议由县委书记主持，传达学习上级安全生产工作会议精神，听取应急管理局关于本季度安全生产形势的汇报，"
    "研究部署矿山、危险化学品、烟花爆竹和道路交通等重点行业领域的隐患排查整治，明确责任和完成时限。"
)


async def planned(tasks: Stage) -> None:
    """The city's units are on record with a head of the committee; the plan is issued."""
    await tasks.begin_with(_planned)


async def _planned(tasks: Stage) -> None:
    await found(tasks)
    await appointed(tasks, "2022-03-01")
    async with tasks.work() as session:
        await plans.issue(session, year=2023, now=NOON)


async def appointed(tasks: Stage, on: str, until: str | None = None, unit: str = PARTY) -> Any:
    """Somebody is head of a unit from a day on."""
    body = {"name": "李书记", "effective_from": on, "effective_to": until}
    answer = await city.post(tasks, f"posts/{unit}.principal/holders", body)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def quota(
    tasks: Stage,
    duty: str = "2.2",
    *,
    unit: str | None = PARTY,
    uscc: str | None = None,
    first: date = date(2023, 1, 1),
    last: date = date(2023, 12, 31),
    least: int | None = 2,
) -> Obligation:
    """One occurrence of a duty of the plan for one subject, as an opening makes it."""
    row = Obligation(
        id=uuid7(),
        kind=ObligationKind.PLAN,
        status=Status.OPEN,
        cause=Cause.PERIOD,
        duty_kind=DutyKind.RECURRING_QUOTA,
        origin=uuid7(),
        duty=f"2023/{duty}",
        subject=unit or uscc,
        unit=unit,
        enterprise_uscc=uscc,
        region_code=place_of(unit) if unit else COUNTY,
        rule="plan-2023.1",
        due_at=calendar.closes_at(last),
        opened_at=datetime(2023, 1, 1, tzinfo=UTC),
        plan_version=1,
        period_from=first,
        period_to=last,
        least=least,
        credited=0,
        waiting=0,
    )
    async with tasks.work() as session:
        session.add(row)
    return row


def minutes(on: str, **more: Any) -> dict[str, Any]:
    """Evidence of a meeting of the standing committee, in words that no other day's has."""
    drawn = Random(on)
    words = "".join(chr(drawn.randrange(0x4E00, 0x9FA5)) for _ in range(120))
    return {"note": words, "kind": "minutes", "activity": MEETING, "happened_on": on, **more}


async def post(
    tasks: Stage, by: Principal, row: Obligation, step: str, body: dict[str, Any]
) -> httpx.Response:
    return await tasks.as_(by).post(f"{OBLIGATIONS}/{row.id}/{step}", json=body)


async def handed_in(
    tasks: Stage, row: Obligation, by: Principal = SECRETARY, **body: Any
) -> dict[str, Any]:
    """A piece of evidence that is taken."""
    on = body.pop("on", "2023-02-10")
    answer = await post(tasks, by, row, "evidence", minutes(on, **body))
    assert answer.status_code == 201, answer.text
    piece: dict[str, Any] = answer.json()
    return piece


async def status(tasks: Stage, row: Obligation) -> tuple[str, int, int]:
    """Where an obligation stands, what counts and what waits."""
    (found_,) = await tasks.rows(Obligation, id=row.id)
    return found_.status, found_.credited, found_.waiting


def keep_files(tasks: Stage, folder: Path) -> Objects:
    """Files are kept in a folder."""
    objects = Objects.at(str(folder))
    tasks.application.state.runtime.objects = objects
    return objects


async def added(
    tasks: Stage,
    row: Obligation,
    content: bytes,
    kind: str = "photo",
    *,
    by: Principal = SECRETARY,
    media_type: str = "image/jpeg",
) -> httpx.Response:
    client = tasks.as_(by, **{"content-type": media_type})
    return await client.post(
        f"{OBLIGATIONS}/{row.id}/files", params={"kind": kind}, content=content
    )
