"""What surrounds a report: the public, further places, duplicates."""

from typing import Any

import pytest

from contracts.incidents import (
    AccidentMerged,
    AccidentPlaced,
    AccidentShared,
    AccidentsLikened,
    Toll,
)
from contracts.incidents_reports import (
    PublicReportOverdue,
    PublicReportReceived,
    ReportSetAside,
)
from kernel.ids import uuid7
from reference.terms import Grade, Level
from services.notifications.escalations.tables import Alarm
from services.notifications.messages.domain import Channel
from services.notifications.messages.tables import Delivery, Message
from tests.services.notifications.facts import (
    AT,
    CITY_DESK,
    COUNTY_DEPUTY,
    COUNTY_DESK,
    LEIYANG,
    minutes,
    reported,
)
from tests.services.stage import Stage


async def reached(stage: Stage) -> set[str]:
    return {row.recipient for row in await stage.rows(Delivery, channel=Channel.INBOX)}


def from_the_public(**changes: Any) -> PublicReportReceived:
    values: dict[str, Any] = {
        "occurred_at": AT,
        "public_report_id": uuid7(),
        "region_code": LEIYANG,
        "doubtful": False,
        "due_at": AT + minutes(30),
    }
    return PublicReportReceived(**values | changes)


async def test_a_public_report_calls_the_desk_of_its_place_and_climbs(stage: Stage) -> None:
    await stage.hear(from_the_public())

    assert await reached(stage) == {COUNTY_DESK}
    await stage.fire_until(AT + minutes(10))
    assert {COUNTY_DEPUTY, CITY_DESK} <= await reached(stage)


async def test_a_doubtful_one_waits_in_the_inbox_and_wakes_nobody(stage: Stage) -> None:
    await stage.hear(from_the_public(doubtful=True))

    assert await stage.rows(Alarm) == []
    [message] = await stage.rows(Message)
    assert "存疑" in message.body_zh


@pytest.mark.parametrize("region", [LEIYANG, "430400"])
async def test_one_that_nobody_looked_into_raises_an_alarm(stage: Stage, region: str) -> None:
    first = from_the_public(doubtful=True, region_code=region)
    await stage.hear(
        first,
        PublicReportOverdue(
            occurred_at=AT + minutes(30),
            public_report_id=first.public_report_id,
            region_code=region,
            due_at=AT + minutes(30),
        ),
    )

    assert len(await stage.rows(Alarm)) == 1
    assert CITY_DESK in await reached(stage)


@pytest.mark.parametrize("readable", [True, False])
async def test_a_report_with_a_receipt_that_is_stored_nowhere_calls_both_desks(
    stage: Stage, readable: bool
) -> None:
    known = {"report_id": str(uuid7()), "accident_id": str(uuid7()), "received_at": AT}
    aside = ReportSetAside(
        occurred_at=AT,
        letter_id=uuid7(),
        region_code=LEIYANG if readable else "430400",
        reason_zh="没有找到",
        reason_en="Not found",
        **(known if readable else {}),
    )
    await stage.hear(aside)

    assert len(await stage.rows(Alarm)) == 1
    desks = {COUNTY_DESK, CITY_DESK} if readable else {CITY_DESK}
    assert desks <= await reached(stage)
    [message] = await stage.rows(Message)
    assert str(aside.letter_id) in message.body_zh
    assert "没有找到" in message.body_zh


async def test_the_desk_of_a_further_place_is_called(stage: Stage) -> None:
    first = reported()
    await stage.hear(
        first,
        AccidentShared(
            occurred_at=AT,
            accident_id=first.accident_id,
            region_code=LEIYANG,
            unit="430405.emergency",
            place="430405",
            grade=Grade.LARGER,
        ),
    )

    assert {COUNTY_DESK, "430405.emergency.duty_desk"} <= await reached(stage)


async def test_whoever_was_called_hears_where_it_lies_and_so_does_who_investigates(
    stage: Stage,
) -> None:
    first = reported()
    await stage.hear(
        first,
        AccidentPlaced(
            occurred_at=AT + minutes(20),
            accident_id=first.accident_id,
            region_code="430405",
            from_region=LEIYANG,
            grade=Grade.GENERAL,
            toll=Toll(deaths=2),
            investigating_level=Level.COUNTY,
            investigating_unit="430405.government",
        ),
    )

    [message] = await stage.rows(Message, kind="incidents.accident.placed")
    assert "珠晖" in message.subject_zh
    assert "耒阳" in message.body_zh
    heard = await stage.rows(Delivery, message_id=message.message_id, channel=Channel.INBOX)
    assert {row.recipient for row in heard} == {COUNTY_DESK, "430405.government"}


async def test_whoever_was_called_hears_under_which_id_it_goes_on(stage: Stage) -> None:
    first, into = reported(), uuid7()
    await stage.hear(
        first,
        AccidentMerged(
            occurred_at=AT + minutes(20),
            accident_id=first.accident_id,
            region_code=LEIYANG,
            into_id=into,
            grade=Grade.LARGER,
        ),
    )

    [message] = await stage.rows(Message, kind="incidents.accident.merged")
    assert str(into) in message.body_en
    heard = await stage.rows(Delivery, message_id=message.message_id, channel=Channel.INBOX)
    assert {row.recipient for row in heard} == {COUNTY_DESK}


async def test_the_deciding_desk_hears_of_a_possible_duplicate(stage: Stage) -> None:
    await stage.hear(
        AccidentsLikened(
            occurred_at=AT,
            accident_id=uuid7(),
            region_code=LEIYANG,
            likeness_id=uuid7(),
            other_id=uuid7(),
            score=80,
            unit="430481.emergency",
            grade=Grade.GENERAL,
        )
    )

    [message] = await stage.rows(Message)
    assert "80" in message.body_zh
    assert message.units == ["430481.emergency"]
