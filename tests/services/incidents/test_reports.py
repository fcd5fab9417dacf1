"""Reporting an accident: what is kept, told and answered, once, and what is refused."""

import asyncio
from datetime import timedelta
from typing import Any

import asyncpg
import pytest
from sqlalchemy import event as engine_events
from sqlalchemy import text

from contracts.incidents import AccidentReported
from kernel import idempotency
from kernel.access import Principal
from kernel.audit import AuditRecord
from kernel.changes import Change
from kernel.ids import uuid7
from kernel.timers import Timer
from services.incidents.accidents.tables import Accident, GradeVersion
from services.incidents.investigations.tables import Assignment
from services.incidents.relays.tables import Relay
from services.incidents.reports.tables import Report
from tests.services.incidents.conftest import (
    CITY_DESK,
    COUNTY_DESK,
    ENTERPRISE,
    HAPPENED,
    KNOWN,
    OTHER_COUNTY_DESK,
    OTHER_ENTERPRISE,
    OTHER_USCC,
    RECEIVED,
    USCC,
    report_body,
    reported,
)
from tests.services.stage import Stage

ROUTE = "/incidents/reports"


async def test_a_report_is_graded_relayed_assigned_and_told(incidents: Stage) -> None:
    answer = await reported(incidents)

    assert answer["accident_id"] == answer["report_id"]
    assert answer["receipt"] == "committed"
    assert answer["received_at"] == "2023-06-01T10:40:00+08:00"
    assert (answer["grade"], answer["grade_label"]) == ("larger", "larger accident")
    assert answer["grade_basis"]["measure"] == "deaths"
    assert answer["grade_basis"]["rule_version"] == "decree-493 3@2007-06-01"
    assert answer["grade_basis"]["estimated_grade"] == "major"
    assert answer["investigating_level"] == "province"
    assert answer["investigating_unit"] == "430000.mine_safety"
    assert [(hop["level"], hop["to_unit"], hop["due_at"]) for hop in answer["relays"]] == [
        ("city", "430400.emergency", "2023-06-01T12:40:00+08:00"),
        ("province", "430000.emergency", "2023-06-01T14:40:00+08:00"),
    ]
    assert (answer["late"], answer["late_by_seconds"]) == (False, 0)
    [told] = await incidents.told(AccidentReported)
    assert told["toll"] == {"deaths": 5, "missing": 8, "serious_injuries": 0, "minor_injuries": 0}
    assert told["accident_type"] == "water_inrush"
    assert told["industry"] == "B06"
    assert [hop["relay_id"] for hop in told["relays"]] == [hop["id"] for hop in answer["relays"]]


async def test_a_report_leaves_its_rows_its_clocks_a_change_and_an_audit(incidents: Stage) -> None:
    answer = await reported(incidents)
    accident = {"accident_id": answer["accident_id"]}

    [kept] = await incidents.rows(Accident)
    assert (kept.version, kept.statements, kept.industry) == (1, 1, "B06")
    assert len(await incidents.rows(Report, **accident)) == 1
    assert len(await incidents.rows(GradeVersion, **accident)) == 1
    assert len(await incidents.rows(Assignment, **accident)) == 1
    relays = await incidents.rows(Relay, **accident)
    clocks = await incidents.rows(Timer, kind="relay_due")
    assert {(clock.entity_id, clock.due_at) for clock in clocks} == {
        (str(relay.id), relay.due_at) for relay in relays
    }
    [change] = await incidents.rows(Change)
    assert (change.scope, change.version) == ("430481", 1)
    assert "summary" not in str(change.body)
    [noted] = await incidents.rows(AuditRecord)
    assert (noted.actor, noted.act, noted.entity_id) == (
        "enterprise",
        "report",
        answer["report_id"],
    )


async def test_the_free_text_of_a_report_is_in_no_event(incidents: Stage) -> None:
    await reported(incidents, summary="伤者张三，电话13800138000", measures="李四")

    told = str(await incidents.told())
    assert "张三" not in told
    assert "李四" not in told


async def test_a_report_is_accepted_in_one_round_trip(incidents: Stage) -> None:
    await reported(incidents)  # caches are warm
    statements: list[str] = []

    def note(told: asyncpg.connection.LoggedQuery) -> None:
        statements.append(told.query)

    def watch(connection: Any, *_: object) -> None:
        connection.driver_connection.add_query_logger(note)

    engine_events.listen(incidents.database.engine.sync_engine, "checkout", watch)
    await reported(incidents)

    assert len(statements) == 1, statements


@pytest.mark.parametrize(
    ("seconds", "late"), [(3600, False), (3601, True)], ids=["in time", "a second late"]
)
async def test_an_hour_after_it_was_known_a_report_is_late(
    incidents: Stage, seconds: int, late: bool
) -> None:
    incidents.now = KNOWN + timedelta(seconds=seconds)
    answer = await reported(incidents)

    assert (answer["late"], answer["late_by_seconds"]) == (late, seconds - 3600)


async def test_answers_speak_the_language_asked_for(incidents: Stage) -> None:
    body = report_body()
    answer = await incidents.as_(ENTERPRISE, **{"Accept-Language": "zh-CN"}).post(ROUTE, json=body)

    assert answer.json()["grade_label"] == "较大事故"
    assert "493" in answer.json()["grade_basis"]["article"] or "第3条" in answer.text
    assert answer.json()["relays"][0]["to_unit_name"] == "衡阳市应急管理局"


@pytest.mark.parametrize("wording", ["透水", "12", "water_inrush", "水害"])
@pytest.mark.parametrize("industry", ["B06", "06", "煤炭开采和洗选业", "coal_mining"])
async def test_words_of_the_dictionaries_are_kept_as_codes(
    incidents: Stage, wording: str, industry: str
) -> None:
    await reported(incidents, accident_type=wording, industry=industry)

    [kept] = await incidents.rows(Accident)
    assert (kept.accident_type, kept.industry, kept.regime) == ("water_inrush", "B06", "coal_mine")


async def test_a_hundred_twins_make_one_accident_and_one_answer(incidents: Stage) -> None:
    body = report_body()
    client = incidents.as_(ENTERPRISE)

    answers = await asyncio.gather(*(client.post(ROUTE, json=body) for _ in range(100)))

    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert len(await incidents.rows(Accident)) == 1
    assert len(await incidents.told(AccidentReported)) == 1


async def test_without_the_claim_twins_would_not_get_one_answer(
    incidents: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The planted bug: a key that nobody claims."""

    async def unclaimed(*_: object, **__: object) -> None:
        return None

    monkeypatch.setattr(idempotency, "claim", unclaimed)
    with pytest.raises(AssertionError):
        await test_a_hundred_twins_make_one_accident_and_one_answer(incidents)


async def test_a_report_sent_again_later_gets_the_first_answer(incidents: Stage) -> None:
    body = report_body()
    client = incidents.as_(ENTERPRISE)
    first = await client.post(ROUTE, json=body)
    incidents.now += timedelta(hours=3)
    again = await incidents.as_(ENTERPRISE, **{"Accept-Language": "zh"}).post(ROUTE, json=body)

    assert again.content == first.content


async def test_one_id_for_two_different_reports_is_refused(incidents: Stage) -> None:
    body = report_body()
    await incidents.as_(ENTERPRISE).post(ROUTE, json=body)
    other_words = await incidents.as_(ENTERPRISE).post(ROUTE, json=body | {"place": "三号井"})
    other_reporter = await incidents.as_(COUNTY_DESK).post(ROUTE, json=body)

    assert (other_words.status_code, other_words.json()["type"]) == (422, "/problems/key-reused")
    assert other_reporter.status_code == 409
    assert other_reporter.json()["type"] == "/problems/report-id-taken"
    assert len(await incidents.rows(Accident)) == 1


async def test_an_enterprise_that_leaves_its_code_out_means_itself(incidents: Stage) -> None:
    await reported(incidents, enterprise_uscc=None)

    [kept] = await incidents.rows(Accident)
    assert kept.enterprise_uscc == USCC


async def test_a_desk_may_report_for_an_enterprise_without_a_code(incidents: Stage) -> None:
    answer = await reported(incidents, COUNTY_DESK, enterprise_uscc=None)

    [kept] = await incidents.rows(Accident)
    assert kept.enterprise_uscc is None
    assert answer["relays"][0]["from_unit"] == "430481.emergency"


async def test_a_city_desk_relays_from_its_own_level(incidents: Stage) -> None:
    answer = await reported(incidents, CITY_DESK)

    assert [(hop["from_unit"], hop["to_unit"]) for hop in answer["relays"]] == [
        ("430400.emergency", "430000.emergency")
    ]


@pytest.mark.parametrize(
    ("by", "changes"),
    [
        (OTHER_ENTERPRISE, {}),
        (ENTERPRISE, {"enterprise_uscc": OTHER_USCC}),
        (OTHER_COUNTY_DESK, {}),
        (COUNTY_DESK, {"region_code": "430405"}),
        (Principal(subject="i", roles=frozenset({"inspector"}), region="4304"), {}),
    ],
)
async def test_nobody_reports_for_others(
    incidents: Stage, by: Principal, changes: dict[str, str]
) -> None:
    answer = await incidents.as_(by).post(ROUTE, json=report_body(**changes))

    assert answer.status_code == 403
    assert await incidents.rows(Accident) == []


LATER = RECEIVED + timedelta(minutes=6)
BAD = {
    "a time without offset": ({"occurred_at": "2023-06-01T09:30:00"}, "/occurred_at"),
    "a time as a number": ({"occurred_at": 1685583000}, "/occurred_at"),
    "a time as digits": ({"known_at": "1685583000"}, "/known_at"),
    "a day instead of a time": ({"occurred_at": "2023-06-01"}, "/occurred_at"),
    "a time to come": (
        {"occurred_at": LATER.isoformat(), "known_at": LATER.isoformat()},
        "/known_at",
    ),
    "a time before 2000": ({"occurred_at": "1999-12-31T15:59:59Z"}, "/occurred_at"),
    "a time before the decree": ({"occurred_at": "2006-01-01T00:00:00Z"}, "/occurred_at"),
    "known before it happened": (
        {"known_at": (HAPPENED - timedelta(seconds=1)).isoformat()},
        "/known_at",
    ),
    "a wrong check character": ({"enterprise_uscc": "91430481MA4T00019N"}, "/enterprise_uscc"),
    "a credit code too short": ({"enterprise_uscc": "9143"}, "/enterprise_uscc"),
    "an unknown region": ({"region_code": "999999"}, "/region_code"),
    "a word for a list of regions": ({"also_in": "x"}, "/also_in"),
    "more regions than an accident touches": ({"also_in": ["430481"] * 5}, "/also_in"),
    "a negative count": ({"casualties": {"deaths": -1}}, "/casualties/deaths"),
    "a count with a fraction": ({"casualties": {"deaths": 1.5}}, "/casualties/deaths"),
    "a count that is true": ({"casualties": {"deaths": True}}, "/casualties/deaths"),
    "a count in words": ({"casualties": {"deaths": "5"}}, "/casualties/deaths"),
    "an absurd count": ({"casualties": {"deaths": 10**9}}, "/casualties/deaths"),
    "an unknown field": ({"grade": "general"}, "/grade"),
    "an unknown count": ({"casualties": {"dead": 1}}, "/casualties/dead"),
    "an unknown industry": ({"industry": "Z99"}, "/industry"),
    "an unknown kind of accident": ({"accident_type": "aliens"}, "/accident_type"),
    "an unknown kind of report": ({"kind": "oral"}, "/kind"),
    "a longitude beyond": ({"location": {"lon": 181, "lat": 26}}, "/location/lon"),
    "a latitude beyond": ({"location": {"lon": 112, "lat": -91}}, "/location/lat"),
    "a longitude that is true": ({"location": {"lon": True, "lat": 26}}, "/location/lon"),
    "a negative loss": ({"direct_loss_wan": -0.01}, "/direct_loss_wan"),
    "a loss that is true": ({"direct_loss_wan": True}, "/direct_loss_wan"),
    "a loss not a number": ({"direct_loss_wan": "NaN"}, "/direct_loss_wan"),
    "a loss finer than a yuan": ({"direct_loss_wan": "1.00001"}, "/direct_loss_wan"),
    "an id of another version": (
        {"report_id": "1b4e28ba-2fa1-41d2-883f-0016d3cca427"},
        "/report_id",
    ),
    "an id that is none": ({"report_id": "1"}, "/report_id"),
    "an empty place": ({"place": ""}, "/place"),
    "too long a summary": ({"summary": "长" * 4001}, "/summary"),
    "presumed dead in words": ({"missing_presumed_dead": "yes"}, "/missing_presumed_dead"),
    "a follow-up to nothing": ({"kind": "followup"}, "/accident_id"),
    "a first word of a known accident": ({"accident_id": str(uuid7())}, "/accident_id"),
}


KEPT = (
    *("accident", "report", "grade_version", "relay", "assignment", "timer"),
    *("idempotency", "outbox", "event_log", "aggregate_version", "change_log", "audit"),
)


async def _kept(incidents: Stage) -> dict[str, int]:
    """How many rows there are of whatever a report leaves."""
    counts = ", ".join(f"(SELECT count(*) FROM {table}) AS {table}" for table in KEPT)
    async with incidents.work() as session:
        return dict((await session.execute(text(f"SELECT {counts}"))).mappings().one())


async def test_a_report_leaves_a_row_in_each_table_that_bad_input_leaves_alone(
    incidents: Stage,
) -> None:
    before = await _kept(incidents)
    await reported(incidents)
    after = await _kept(incidents)

    assert [table for table in KEPT if after[table] == before[table]] == []


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(("changes", "pointer"), BAD.values(), ids=BAD.keys())
async def test_bad_input_is_refused_by_its_field(
    incidents: Stage, changes: dict[str, object], pointer: str, language: str
) -> None:
    before = await _kept(incidents)
    client = incidents.as_(ENTERPRISE, **{"Accept-Language": language})
    answer = await client.post(ROUTE, json=report_body() | changes)

    assert answer.status_code == 422, answer.text
    errors = {error["pointer"]: error["detail"] for error in answer.json()["errors"]}
    assert pointer in errors
    chinese = any("一" <= character <= "鿿" for character in errors[pointer].partition("“")[0])
    assert chinese is (language == "zh"), errors[pointer]
    assert await _kept(incidents) == before


@pytest.mark.parametrize("name", ["report_id", "kind"])
async def test_what_every_report_needs_is_asked_for(incidents: Stage, name: str) -> None:
    answer = await incidents.as_(ENTERPRISE).post(ROUTE, json=report_body(**{name: None}))

    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, f"/{name}")


@pytest.mark.parametrize(
    "name", ["occurred_at", "known_at", "region_code", "place", "accident_type"]
)
async def test_what_a_first_report_needs_is_asked_for(incidents: Stage, name: str) -> None:
    body = report_body(location=None) | {name: None}
    answer = await incidents.as_(ENTERPRISE).post(ROUTE, json=body)

    assert [error["pointer"] for error in answer.json()["errors"]] == [f"/{name}"]


async def test_counts_may_all_be_left_out(incidents: Stage) -> None:
    answer = await reported(incidents, casualties=None, direct_loss_wan=None)

    assert answer["grade"] == "general"
    assert answer["grade_basis"]["measure"] == "none"


@pytest.mark.parametrize(
    "raw",
    [
        b"{",
        b'{"kind": "quick", "kind": "written"}',
        b'{"place": "\\u0000"}',
        b'{"direct_loss_wan": NaN}',
        b"[" * 10_000 + b"]" * 10_000,
        b'"\xff"',
    ],
    ids=["broken", "a key twice", "NUL", "NaN", "deep", "not UTF-8"],
)
async def test_what_is_not_plain_json_is_refused(incidents: Stage, raw: bytes) -> None:
    answer = await incidents.as_(ENTERPRISE, **{"Content-Type": "application/json"}).post(
        ROUTE, content=raw
    )

    assert answer.status_code == 400
    assert await incidents.rows(Accident) == []
