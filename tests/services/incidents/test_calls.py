"""Reports that came by telephone: on the clock of the call, with a sealed caller."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from kernel.access import Principal
from kernel.audit import AuditRecord
from kernel.ids import uuid7
from services.incidents.accidents.tables import Accident
from services.incidents.phonecalls.tables import PhoneCall
from services.incidents.relays.tables import Relay
from services.incidents.reports.tables import Report
from tests.services.incidents.conftest import (
    COUNTY_DESK,
    ENTERPRISE,
    HAPPENED,
    INVESTIGATOR,
    KNOWN,
    OTHER_COUNTY_DESK,
    RECEIVED,
    called,
    report_body,
)
from tests.services.stage import Stage

ROUTE = "/incidents/calls"
HOUR = timedelta(hours=1)


async def test_the_clocks_run_from_the_call_and_not_from_the_typing(incidents: Stage) -> None:
    incidents.now = RECEIVED + HOUR
    taken = await called(incidents)

    assert taken["receipt"]["late"] is False  # KNOWN + 35 min, though typed after the hour
    [accident] = await incidents.rows(Accident)
    assert accident.received_at == RECEIVED
    first = min(await incidents.rows(Relay), key=lambda hop: hop.due_at)
    assert first.due_at == RECEIVED + 2 * HOUR
    [call] = await incidents.rows(PhoneCall)
    assert (call.called_at, call.typed_at) == (RECEIVED, RECEIVED + HOUR)


async def test_a_call_after_the_hour_is_late_by_the_call(incidents: Stage) -> None:
    incidents.now = KNOWN + 3 * HOUR
    taken = await called(incidents, called_at=(KNOWN + HOUR + timedelta(seconds=1)).isoformat())

    assert taken["receipt"]["late_by_seconds"] == 1


async def test_the_caller_is_kept_apart_from_who_typed_and_sealed(incidents: Stage) -> None:
    taken = await called(incidents)

    assert taken["call"]["typed_by"] == COUNTY_DESK.subject
    assert taken["call"]["caller_name"] == "李*"
    assert taken["call"]["caller_phone"] == "139****4321"
    async with incidents.work() as session:
        row = (
            await session.execute(
                text("SELECT caller_name, caller_phone, answered_by FROM phone_call")
            )
        ).one()
    for sealed, plain in zip(row, ("李四", "13987654321", "王五"), strict=True):
        assert plain.encode() not in bytes(sealed)
    [report] = await incidents.rows(Report)
    assert report.reported_by == COUNTY_DESK.subject
    assert "李四" not in str(await incidents.told())


async def test_a_desk_of_the_place_may_ask_who_called_and_leaves_a_record(incidents: Stage) -> None:
    taken = await called(incidents)
    of = f"{ROUTE}/{taken['call']['id']}/caller"

    found = (await incidents.as_(COUNTY_DESK).get(of)).json()
    assert (found["caller_name"], found["answered_by"]) == ("李四", "王五")
    looked = await incidents.rows(AuditRecord, act="see_caller")
    assert [(row.actor, row.entity_id) for row in looked] == [
        (COUNTY_DESK.subject, taken["call"]["id"])
    ]


@pytest.mark.parametrize("by", [OTHER_COUNTY_DESK, ENTERPRISE, INVESTIGATOR])
async def test_nobody_else_may_ask_who_called(incidents: Stage, by: Principal) -> None:
    taken = await called(incidents)
    answer = await incidents.as_(by).get(f"{ROUTE}/{taken['call']['id']}/caller")

    assert answer.status_code in (403, 404)
    assert await incidents.rows(AuditRecord, act="see_caller") == []


async def test_the_calls_about_an_accident_are_listed_masked(incidents: Stage) -> None:
    taken = await called(incidents)
    accident = {"accident_id": taken["receipt"]["accident_id"]}

    [listed] = (await incidents.as_(COUNTY_DESK).get(ROUTE, params=accident)).json()
    assert listed == taken["call"]
    assert (await incidents.as_(OTHER_COUNTY_DESK).get(ROUTE, params=accident)).json() == []


async def test_a_call_may_bring_a_follow_up(incidents: Stage) -> None:
    first = await called(incidents)
    accident_id = first["receipt"]["accident_id"]
    more = {
        "report_id": str(uuid7()),
        "kind": "followup",
        "accident_id": accident_id,
        "casualties": {"deaths": 6},
    }
    taken = await called(incidents, report=more)

    assert taken["receipt"]["accident_id"] == accident_id
    assert len(await incidents.rows(PhoneCall)) == 2


async def test_a_call_sent_again_has_one_effect(incidents: Stage) -> None:
    body = {"call_id": str(uuid7()), "report": report_body()}
    first, again = await called(incidents, **body), await called(incidents, **body)

    assert first == again
    assert len(await incidents.rows(PhoneCall)) == 1


@pytest.mark.parametrize(
    ("at", "code"),
    [
        (HAPPENED - timedelta(seconds=1), "before_occurrence"),
        (RECEIVED + timedelta(minutes=6), "in_the_future"),
    ],
)
async def test_a_call_out_of_order_is_refused_with_the_field(
    incidents: Stage, at: object, code: str
) -> None:
    body = {"call_id": str(uuid7()), "called_at": at.isoformat(), "report": report_body()}  # type: ignore[attr-defined]
    answer = await incidents.as_(COUNTY_DESK).post(ROUTE, json=body)

    assert [(e["pointer"], e["code"]) for e in answer.json()["errors"]] == [("/called_at", code)]
    assert await incidents.rows(Accident) == []


async def test_a_desk_takes_no_call_for_a_place_that_is_not_its_own(incidents: Stage) -> None:
    body = {
        "call_id": str(uuid7()),
        "called_at": RECEIVED.isoformat(),
        "report": report_body(),
    }
    assert (await incidents.as_(OTHER_COUNTY_DESK).post(ROUTE, json=body)).status_code == 403
    assert await incidents.rows(Accident) == []
