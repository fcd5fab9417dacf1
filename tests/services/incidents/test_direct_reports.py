"""What a unit tells the province itself: owed with the accident, told once, by its own hour."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from contracts.incidents import AccidentRegraded, AccidentReported
from contracts.incidents_enterprises import DirectReportOverdue
from kernel.access import Principal
from kernel.audit import AuditRecord
from kernel.ids import uuid7
from kernel.timers import Timer
from reference.terms import Grade, Level
from services.incidents import handlers
from services.incidents.accidents.tables import Accident
from services.incidents.directreports import operations, rules
from services.incidents.directreports.domain import direct_report_id
from services.incidents.directreports.tables import DirectReport
from services.incidents.relays.tables import Relay
from tests.services.incidents.conftest import (
    CITY_DESK,
    COUNTY_DESK,
    ENTERPRISE,
    HAPPENED,
    KNOWN,
    OFFICE,
    OTHER_COUNTY_DESK,
    OTHER_ENTERPRISE,
    PROVINCE_DESK,
    RECEIVED,
    USCC,
    Body,
    heard,
    reported,
)
from tests.services.incidents.counting import without_subject
from tests.services.incidents.telling import story
from tests.services.incidents.test_corrections import corrected
from tests.services.incidents.test_duplicates import decide, offered, two
from tests.services.incidents.test_identifications import identified, unknown
from tests.services.incidents.test_placing import ZHUHUI, placed, unplaced
from tests.services.stage import Stage

HOUR, MINUTE, SECOND = timedelta(hours=1), timedelta(minutes=1), timedelta(seconds=1)
DUE = KNOWN + HOUR
MOMENT = timedelta(microseconds=1)
ROUTE = "/incidents/direct-reports"
PROVINCE_UNIT = "430000.emergency"
INSPECTOR = Principal(
    subject="inspector", roles=frozenset({"inspector"}), region="4304", unit="430400.emergency"
)


async def opened(stage: Stage, by: Principal = ENTERPRISE, **changes: Any) -> Body:
    told = await reported(stage, by=by, **{"casualties": {"deaths": 3}} | changes)
    await heard(stage)
    return told


async def regraded(stage: Stage, told: Body, deaths: int) -> None:
    """A later report of so many dead."""
    body = {
        "report_id": str(uuid7()),
        "kind": "followup",
        "accident_id": told["accident_id"],
        "casualties": {"deaths": deaths},
    }
    answer = await stage.as_(ENTERPRISE).post("/incidents/reports", json=body)
    assert answer.is_success, answer.text
    await heard(stage)


async def asked(stage: Stage, by: Principal = COUNTY_DESK, **query: str) -> list[Body]:
    answer = await stage.as_(by).get(ROUTE, params=query)
    assert answer.status_code == 200, answer.text
    found: list[Body] = answer.json()
    return found


async def one(stage: Stage, told: Body) -> DirectReport:
    [row] = await stage.rows(DirectReport, accident_id=UUID(told["accident_id"]))
    return row


async def tell(
    stage: Stage, told: Body, by: Principal = ENTERPRISE, at: datetime | None = None, **said: Any
) -> Any:
    number = direct_report_id(UUID(told["accident_id"]), Level.PROVINCE)
    body = {"receipt": "省厅值班员接收", **said} | ({"told_at": at.isoformat()} if at else {})
    return await stage.as_(by).post(f"{ROUTE}/{number}/tell", json=body)


@pytest.mark.parametrize(("deaths", "levels"), [(2, []), (3, ["province"]), (10, ["province"])])
async def test_from_a_larger_accident_on_the_unit_owes_the_province_its_own_word(
    incidents: Stage, deaths: int, levels: list[str]
) -> None:
    told = await opened(incidents, casualties={"deaths": deaths})
    found = await asked(incidents, ENTERPRISE, accident_id=told["accident_id"])

    assert [row["level"] for row in found] == levels
    for row in found:
        assert (row["since"], row["counted_from"]) == ("known", KNOWN.isoformat())
        assert (row["status"], row["due_at"]) == ("owed", DUE.isoformat())
        assert (row["desk"], row["to_unit"]) == ("430481.emergency", PROVINCE_UNIT)
        assert row["rule"].startswith("order-21 6@")
        assert (row["told_at"], row["overdue_at"], row["late"]) == (None, None, False)


async def test_the_receipt_names_what_must_be_told_and_nothing_that_only_may(
    incidents: Stage,
) -> None:
    told = await opened(incidents, casualties={"deaths": 10})

    must, may = told["also_report"]
    row = await one(incidents, told)
    assert (must["id"], must["due_at"]) == (str(row.id), DUE.isoformat())
    assert (may["optional"], may["id"]) == (True, None)


async def test_what_only_a_later_report_makes_a_larger_accident_is_counted_from_that_report(
    incidents: Stage,
) -> None:
    told = await opened(incidents, casualties={"deaths": 1})
    assert await incidents.rows(DirectReport) == []
    incidents.now = RECEIVED + 3 * HOUR
    await regraded(incidents, told, 3)

    row = await one(incidents, told)
    assert (row.since, row.counted_from) == ("regraded", RECEIVED + 3 * HOUR)
    assert (row.due_at, row.known_at) == (RECEIVED + 4 * HOUR, KNOWN)
    assert (await tell(incidents, told, at=KNOWN)).json()["late"] is False


async def test_a_graver_grade_still_asks_for_it_once_and_moves_nothing(incidents: Stage) -> None:
    told = await opened(incidents)
    incidents.now = RECEIVED + 10 * MINUTE
    await regraded(incidents, told, 10)
    await regraded(incidents, told, 2)
    await regraded(incidents, told, 3)

    row = await one(incidents, told)
    assert (row.since, row.due_at) == ("known", DUE)
    assert len(await incidents.rows(Timer, kind=operations.DIRECT_REPORT_DUE)) == 1


async def test_facts_that_are_heard_again_open_nothing_more(incidents: Stage) -> None:
    told = await opened(incidents, casualties={"deaths": 1})
    incidents.now = RECEIVED + HOUR
    await regraded(incidents, told, 3)
    assert (await tell(incidents, told)).is_success
    facts = await incidents.told()
    again: list[tuple[Any, Any]] = [
        (AccidentReported, handlers.open_clocks_on_accident_reported),
        (AccidentRegraded, handlers.count_follow_up_on_accident_regraded),
    ]
    await heard(incidents)
    for kind, handle in again:
        for fact in (fact for fact in facts if fact["subject"] == kind.subject):
            async with incidents.work() as session:
                await handle(session, kind.model_validate(without_subject(fact)))

    row = await one(incidents, told)
    assert (row.status, row.since) == ("told", "regraded")
    assert len(await incidents.rows(Timer, kind=operations.DIRECT_REPORT_DUE)) == 1


async def test_where_nobody_says_when_its_head_knew_the_receipt_counts(incidents: Stage) -> None:
    told = await opened(incidents, casualties={"deaths": 1})
    accident = UUID(told["accident_id"])
    owed = rules.owed(Grade.LARGER, on=KNOWN.date())
    async with incidents.work() as session:
        await operations.open_owed(session, accident_id=accident, owed=owed, known_at=None)

    row = await one(incidents, told)
    assert (row.since, row.counted_from, row.due_at) == ("received", RECEIVED, RECEIVED + HOUR)
    early = await tell(incidents, told, at=HAPPENED - SECOND)
    assert early.json()["errors"][0]["pointer"] == "/told_at"
    assert (await tell(incidents, told, at=HAPPENED)).status_code == 200


@pytest.mark.parametrize(
    ("over", "late"), [(-SECOND, False), (timedelta(), False), (MOMENT, True), (SECOND, True)]
)
async def test_it_is_late_by_when_the_unit_told_and_not_by_when_that_was_recorded(
    incidents: Stage, over: timedelta, late: bool
) -> None:
    told = await opened(incidents)
    incidents.now = DUE + 5 * HOUR
    said = (await tell(incidents, told, at=DUE + over)).json()

    assert (said["status"], said["late"], said["receipt"]) == ("told", late, "省厅值班员接收")
    assert said["told_at"] == (DUE + over).isoformat()
    assert said["recorded_at"] == incidents.now.isoformat()


async def test_told_now_is_meant_where_no_instant_is_given(incidents: Stage) -> None:
    told = await opened(incidents)
    incidents.now = DUE + SECOND
    said = (await tell(incidents, told)).json()

    assert said["told_at"] == said["recorded_at"] == incidents.now.isoformat()
    assert said["late"] is True


async def test_the_first_statement_stands(incidents: Stage) -> None:
    told = await opened(incidents)
    assert (await tell(incidents, told)).status_code == 200
    incidents.now = DUE + HOUR
    again = await tell(incidents, told, COUNTY_DESK, receipt="又一次")

    assert (again.status_code, again.json()["type"]) == (409, "/problems/level-already-told")
    row = await one(incidents, told)
    assert (row.told_at, row.receipt) == (RECEIVED, "省厅值班员接收")
    assert (row.told_by, row.told_by_unit) == (ENTERPRISE.subject, None)


@pytest.mark.parametrize(
    ("said", "pointer"),
    [
        ({"at": RECEIVED + HOUR}, "/told_at"),
        ({"at": KNOWN - SECOND}, "/told_at"),
        ({"receipt": ""}, "/receipt"),
        ({"receipt": "  "}, "/receipt"),
        ({"receipt": None}, "/receipt"),
        ({"told_by": "me"}, "/told_by"),
    ],
)
async def test_what_cannot_be_is_refused_by_its_field(
    incidents: Stage, said: Body, pointer: str
) -> None:
    told = await opened(incidents)
    answer = await tell(incidents, told, **said)

    assert answer.status_code == 422
    assert [fault["pointer"] for fault in answer.json()["errors"]] == [pointer]
    assert (await one(incidents, told)).status == "owed"
    assert (await tell(incidents, told, at=KNOWN)).status_code == 200


@pytest.mark.parametrize(
    ("by", "status", "unit"),
    [
        (ENTERPRISE, 200, None),
        (COUNTY_DESK, 200, "430481.emergency"),
        (CITY_DESK, 200, "430400.emergency"),
        (PROVINCE_DESK, 200, PROVINCE_UNIT),
        (INSPECTOR, 403, None),
        (OFFICE, 403, None),
        (OTHER_COUNTY_DESK, 404, None),
        (OTHER_ENTERPRISE, 404, None),
    ],
)
async def test_the_enterprise_says_so_or_a_desk_above_it_and_nobody_else(
    incidents: Stage, by: Principal, status: int, unit: str | None
) -> None:
    told = await opened(incidents)
    before = (await incidents.rows(Accident))[0].version
    answer = await tell(incidents, told, by)

    assert answer.status_code == status, answer.text
    row = await one(incidents, told)
    notes = await incidents.rows(AuditRecord, act="tell_directly")
    if status == 200:
        assert (row.told_by, row.told_by_unit) == (by.subject, unit)
        assert [(note.entity, note.entity_id) for note in notes] == [("direct_report", str(row.id))]
        assert (await incidents.rows(Accident))[0].version == before + 1
    else:
        assert (row.status, row.told_by, notes) == ("owed", None, [])


@pytest.mark.parametrize(
    ("by", "all_", "mine"),
    [
        (ENTERPRISE, 1, 1),
        (COUNTY_DESK, 1, 1),
        (CITY_DESK, 1, 0),
        (PROVINCE_DESK, 1, 1),
        (INSPECTOR, 1, 0),
        (OTHER_COUNTY_DESK, 0, 0),
        (OTHER_ENTERPRISE, 0, 0),
    ],
)
async def test_it_is_listed_to_the_enterprise_and_to_those_above_it_until_it_is_told(
    incidents: Stage, by: Principal, all_: int, mine: int
) -> None:
    told = await opened(incidents)
    assert len(await asked(incidents, by)) == all_
    assert len(await asked(incidents, by, mine="true")) == mine
    assert (await tell(incidents, told)).is_success

    assert await asked(incidents, by) == []
    assert len(await asked(incidents, by, accident_id=told["accident_id"])) == all_


async def test_nobody_saying_so_when_the_hour_is_up_is_overdue_and_told_once(
    incidents: Stage,
) -> None:
    told = await opened(incidents)
    await incidents.fire_until(DUE - MOMENT)
    assert await incidents.told(DirectReportOverdue) == []
    before = (await incidents.rows(Accident))[0].version
    await incidents.fire_until(DUE, operations.DIRECT_REPORT_DUE)
    assert (await incidents.rows(Accident))[0].version == before + 1
    await incidents.fire_until(DUE + 9 * HOUR)

    [fact] = await incidents.told(DirectReportOverdue)
    row = await one(incidents, told)
    assert (row.status, row.overdue_at) == ("owed", DUE)
    assert (fact["accident_id"], fact["direct_report_id"]) == (told["accident_id"], str(row.id))
    assert (fact["from_unit"], fact["enterprise_uscc"]) == (USCC, USCC)
    assert (fact["unit"], fact["to_unit"]) == ("430481.emergency", PROVINCE_UNIT)
    assert (fact["grade"], fact["level"]) == ("larger", "province")
    assert datetime.fromisoformat(fact["due_at"]) == DUE


async def test_a_unit_without_a_code_is_answered_for_by_the_desk_that_took_its_report(
    incidents: Stage,
) -> None:
    told = await opened(incidents, COUNTY_DESK, enterprise_uscc=None, enterprise_name="某作坊")
    await incidents.fire_until(DUE)

    [fact] = await incidents.told(DirectReportOverdue)
    assert (fact["from_unit"], fact["enterprise_uscc"]) == ("430481.emergency", None)
    incidents.now = DUE + HOUR
    assert (await tell(incidents, told, COUNTY_DESK, at=DUE)).json()["late"] is False
    assert (await one(incidents, told)).told_by_unit == "430481.emergency"


async def test_what_was_told_is_never_overdue(incidents: Stage) -> None:
    told = await opened(incidents)
    incidents.now = DUE - MOMENT
    assert (await tell(incidents, told)).is_success
    async with incidents.work() as session:  # a clock that fired meanwhile
        row = await one(incidents, told)
        await operations.mark_overdue(session, direct_report_id=row.id, now=DUE)
    await incidents.fire_until(DUE + HOUR)

    assert await incidents.told(DirectReportOverdue) == []
    [timer] = await incidents.rows(Timer, kind=operations.DIRECT_REPORT_DUE)
    assert (timer.cancelled_at, timer.fired_at) == (incidents.now, None)


async def test_overdue_is_a_mark_that_stays_whether_it_turns_out_late_or_not(
    incidents: Stage,
) -> None:
    late, in_time = [await opened(incidents) for _ in range(2)]
    await incidents.fire_until(DUE)
    incidents.now = DUE + HOUR
    assert (await tell(incidents, late)).json()["late"] is True
    assert (await tell(incidents, in_time, COUNTY_DESK, at=DUE)).json()["late"] is False

    for told in (late, in_time):
        assert (await one(incidents, told)).overdue_at == DUE


async def test_what_a_merged_accident_owed_is_closed_and_what_goes_on_owes_it(
    incidents: Stage,
) -> None:
    kept, gone = await two(incidents, casualties={"deaths": 3})
    assert (await one(incidents, gone)).status == "owed"
    [pair] = await offered(incidents)
    assert (await decide(incidents, pair, "merge")).is_success
    merged_at = incidents.now
    await heard(incidents)

    closed = await one(incidents, gone)
    assert (closed.status, closed.closed_at) == ("closed", merged_at)
    refused = await tell(incidents, gone)
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/direct-report-refused")
    owed = await one(incidents, kept)
    assert (owed.since, owed.due_at) == ("regraded", merged_at + HOUR)
    await incidents.fire_until(merged_at + 9 * HOUR)
    facts = await incidents.told(DirectReportOverdue)
    assert [fact["accident_id"] for fact in facts] == [kept["accident_id"]]


async def test_what_was_told_of_an_accident_that_is_merged_stays_told(incidents: Stage) -> None:
    _, gone = await two(incidents, casualties={"deaths": 3})
    assert (await tell(incidents, gone)).is_success
    [pair] = await offered(incidents)
    assert (await decide(incidents, pair, "merge")).is_success

    row = await one(incidents, gone)
    assert (row.status, row.closed_at) == ("told", None)


async def test_of_an_accident_merged_before_its_report_was_heard_nothing_is_owed(
    incidents: Stage,
) -> None:
    _, gone = await two(incidents)
    [pair] = await offered(incidents)
    assert (await decide(incidents, pair, "merge")).is_success
    owed = rules.owed(Grade.LARGER, on=KNOWN.date())
    async with incidents.work() as session:
        await operations.open_owed(
            session, accident_id=UUID(gone["accident_id"]), owed=owed, known_at=KNOWN
        )

    assert await incidents.rows(DirectReport) == []


EARLIER, LATER = KNOWN - 20 * MINUTE, KNOWN + 20 * MINUTE


async def known(stage: Stage, told: Body, at: datetime, by: Principal = COUNTY_DESK) -> None:
    """Somebody puts right when the unit's head was told."""
    answer = await corrected(stage, told["report_id"], by, known_at=at.isoformat())
    assert answer.status_code == 201, answer.text
    await heard(stage)


@pytest.mark.parametrize("at", [EARLIER, LATER])
async def test_a_corrected_knowing_moves_the_hour_that_is_owed(
    incidents: Stage, at: datetime
) -> None:
    told = await opened(incidents)
    await known(incidents, told, at)

    row = await one(incidents, told)
    assert (row.since, row.counted_from, row.known_at, row.due_at) == ("known", at, at, at + HOUR)
    first, second = sorted(
        await incidents.rows(Timer, kind=operations.DIRECT_REPORT_DUE),
        key=lambda timer: timer.generation,
    )
    assert first.cancelled_at is not None
    assert (second.due_at, second.reason is not None) == (at + HOUR, True)
    await incidents.fire_until(at + HOUR - MOMENT)
    assert await incidents.told(DirectReportOverdue) == []
    await incidents.fire_until(at + 9 * HOUR)
    assert (await one(incidents, told)).overdue_at == at + 9 * HOUR
    assert len(await incidents.told(DirectReportOverdue)) == 1


async def test_a_clock_that_fires_while_it_is_moved_finds_that_the_hour_is_not_up(
    incidents: Stage,
) -> None:
    told = await opened(incidents)
    await known(incidents, told, LATER)
    async with incidents.work() as session:
        number = (await one(incidents, told)).id
        await operations.mark_overdue(session, direct_report_id=number, now=DUE)

    assert (await one(incidents, told)).overdue_at is None


@pytest.mark.parametrize(("at", "before", "after"), [(EARLIER, False, True), (LATER, True, False)])
async def test_a_corrected_knowing_judges_anew_what_was_told(
    incidents: Stage, at: datetime, before: bool, after: bool
) -> None:
    told = await opened(incidents)
    incidents.now = DUE + (10 if before else -10) * MINUTE
    said = await tell(incidents, told)
    assert said.json()["late"] is before
    await known(incidents, told, at)

    row = await one(incidents, told)
    assert (row.status, row.late, row.due_at) == ("told", after, at + HOUR)
    assert (row.told_at, row.recorded_at) == (incidents.now, incidents.now)
    assert len(await incidents.rows(Timer, kind=operations.DIRECT_REPORT_DUE)) == 1


async def test_it_was_not_overdue_if_its_hour_ends_later_after_all(incidents: Stage) -> None:
    told = await opened(incidents)
    await incidents.fire_until(DUE)
    incidents.now = DUE + MINUTE
    await known(incidents, told, LATER)
    assert (await one(incidents, told)).overdue_at is None
    await incidents.fire_until(LATER + HOUR)

    assert (await one(incidents, told)).overdue_at == LATER + HOUR
    assert len(await incidents.told(DirectReportOverdue)) == 2


async def test_what_was_overdue_already_is_not_told_again_if_its_hour_ended_before(
    incidents: Stage,
) -> None:
    told = await opened(incidents)
    await incidents.fire_until(DUE)
    incidents.now = DUE + MINUTE
    await known(incidents, told, EARLIER)
    await incidents.fire_until(DUE + HOUR)

    row = await one(incidents, told)
    assert (row.due_at, row.overdue_at) == (EARLIER + HOUR, DUE)
    assert len(await incidents.told(DirectReportOverdue)) == 1


async def test_an_enterprise_that_corrects_its_own_report_moves_nothing(incidents: Stage) -> None:
    told = await opened(incidents)
    await known(incidents, told, LATER, ENTERPRISE)

    row = await one(incidents, told)
    assert (row.due_at, row.known_at) == (DUE, KNOWN)


async def test_an_hour_that_runs_from_a_graver_grade_is_not_moved_but_who_knew_when_is(
    incidents: Stage,
) -> None:
    told = await opened(incidents, casualties={"deaths": 1})
    await known(incidents, told, EARLIER)
    incidents.now = RECEIVED + HOUR
    await regraded(incidents, told, 3)
    assert (await one(incidents, told)).known_at == EARLIER
    await known(incidents, told, LATER)

    row = await one(incidents, told)
    assert (row.since, row.due_at, row.known_at) == ("regraded", RECEIVED + 2 * HOUR, LATER)
    assert (await tell(incidents, told, at=LATER - SECOND)).status_code == 422
    assert (await tell(incidents, told, at=LATER)).status_code == 200


async def test_what_was_corrected_before_the_report_was_heard_counts(incidents: Stage) -> None:
    told = await reported(incidents, casualties={"deaths": 3})
    await known(incidents, told, EARLIER)

    row = await one(incidents, told)
    assert (row.known_at, row.due_at) == (EARLIER, EARLIER + HOUR)


async def test_it_goes_to_the_enterprise_once_that_is_known(incidents: Stage) -> None:
    accident = await unknown(incidents, casualties={"deaths": 3})
    told = {"accident_id": accident}
    assert await asked(incidents, ENTERPRISE) == []
    assert (await tell(incidents, told)).status_code == 404
    await identified(incidents, accident)
    assert [row["accident_id"] for row in await asked(incidents, ENTERPRISE)] == [accident]
    await incidents.fire_until(DUE)

    [fact] = await incidents.told(DirectReportOverdue)
    assert (fact["from_unit"], fact["enterprise_uscc"]) == (USCC, USCC)
    assert (await tell(incidents, told, at=KNOWN)).status_code == 200
    assert await asked(incidents, OTHER_ENTERPRISE, accident_id=accident) == []


async def test_it_stands_where_the_accident_lies_once_that_is_known(incidents: Stage) -> None:
    accident = await unplaced(incidents, casualties={"deaths": 3})
    assert await asked(incidents, OTHER_COUNTY_DESK) == []
    await placed(incidents, accident, ZHUHUI)

    [row] = await asked(incidents, OTHER_COUNTY_DESK)
    assert (row["accident_id"], row["desk"]) == (accident, "430400.emergency")
    answer = await tell(incidents, {"accident_id": accident}, OTHER_COUNTY_DESK)
    assert answer.json()["told_by_unit"] == "430405.emergency"


@pytest.mark.parametrize("by", [ENTERPRISE, CITY_DESK, INSPECTOR])
async def test_the_timeline_tells_it_to_the_unit_and_to_the_offices(
    incidents: Stage, by: Principal
) -> None:
    told = await opened(incidents)
    await incidents.fire_until(DUE)
    incidents.now = DUE + 30 * SECOND
    assert (await tell(incidents, told, COUNTY_DESK)).is_success
    entries = await story(incidents, told["accident_id"], by)
    by_kind = {entry["kind"]: entry for entry in entries}

    owed, overdue = by_kind["direct_owed"], by_kind["direct_overdue"]
    said = by_kind["direct_told"]
    assert (owed["at"], owed["due_at"]) == (RECEIVED.isoformat(), DUE.isoformat())
    assert owed["zh"] == "事故单位须同时直接报告湖南省应急管理厅"
    assert (overdue["at"], overdue["unit"]) == (DUE.isoformat(), None)
    assert (said["late_by_seconds"], said["unit"]) == (30, "430481.emergency")
    assert said["zh"] == "事故单位直接报告湖南省应急管理厅（耒阳市应急管理局登记）"
    assert said["level"] == "province"


async def test_the_timeline_names_no_desk_where_the_enterprise_said_so_itself(
    incidents: Stage,
) -> None:
    told = await opened(incidents)
    assert (await tell(incidents, told)).is_success
    [said] = [
        entry
        for entry in await story(incidents, told["accident_id"])
        if entry["kind"] == "direct_told"
    ]

    assert (said["unit"], said["late_by_seconds"]) == (None, 0)
    assert said["zh"] == "事故单位直接报告湖南省应急管理厅"


async def test_its_word_makes_no_hop_and_no_call_of_a_desk(incidents: Stage) -> None:
    told = await opened(incidents)
    assert (await tell(incidents, told)).is_success

    hops = await incidents.rows(Relay, accident_id=UUID(told["accident_id"]))
    assert {hop.status for hop in hops} == {"pending"}
