"""Who would call a unit that is no more calls its heir, from the day after its last one on."""

from collections.abc import Collection
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import event

from contracts.notifications import AlarmAcknowledged, AlarmExhausted
from contracts.tasks import UnitEnded
from contracts.tasks_reminders import DigestDue
from kernel import clock
from kernel.access import SYSTEM
from kernel.db import unit_of_work
from kernel.ids import uuid7
from kernel.inbox import Turn
from reference import routing
from reference.terms import Grade
from services.notifications.directory import operations, queries
from services.notifications.directory.tables import EndedUnit
from services.notifications.escalations.domain import AlarmStatus
from services.notifications.escalations.tables import Alarm
from services.notifications.mail.operations import MailServer, Sender
from services.notifications.messages.domain import Channel, Reason, Status
from services.notifications.messages.tables import Delivery
from services.notifications.routing import domain_steps as steps
from tests.services.notifications.facts import (
    AT,
    CITY_DESK,
    COUNTY_DEPUTY,
    COUNTY_DESK,
    COUNTY_HEAD,
    LEIYANG,
    MINE,
    holder,
    minutes,
    regraded,
    reported,
    unit_recorded,
)
from tests.services.notifications.outside import MailHost
from tests.services.stage import Stage

OLD, CITY = f"{LEIYANG}.emergency", "430400.emergency"
NEW, NEWER = f"{LEIYANG}.work_safety", f"{LEIYANG}.public_safety"
ELSEWHERE = "430407.work_safety"
TODAY, A_DAY = date(2031, 5, 2), timedelta(days=1)
ADDRESS = "desk@new.example.cn"


def ended(heir: str, *, unit: str = OLD, last_day: date = TODAY - A_DAY) -> UnitEnded:
    return UnitEnded(
        occurred_at=AT - timedelta(days=30),
        unit=unit,
        region_code=LEIYANG,
        heir=heir,
        ended_on=last_day,
    )


async def followed(stage: Stage, heir: str = NEW, **emails: str | None) -> None:
    """Both units are known, each with a desk, and the old one ended yesterday."""
    await stage.hear(unit_recorded(OLD, duty_desk="desk@old.example.cn"))
    await stage.hear(unit_recorded(heir, **(emails or {"duty_desk": ADDRESS})))
    await stage.hear(ended(heir))


async def delivered(stage: Stage, channel: Channel = Channel.INBOX) -> list[Delivery]:
    rows = await stage.rows(Delivery, channel=channel)
    told = [row for row in rows if row.status != Status.SKIPPED]
    return sorted(told, key=lambda row: row.delivery_id)


async def called(stage: Stage) -> list[str]:
    """Whom the messages have reached, in order."""
    return [row.recipient for row in await delivered(stage)]


async def inbox(stage: Stage, post: str) -> list[dict[str, Any]]:
    async with stage.as_(holder(post)) as client:
        items: list[dict[str, Any]] = (await client.get("/notifications/messages")).json()["items"]
    return items


async def acknowledge(stage: Stage, post: str) -> int:
    """Acknowledge the newest message in the inbox of a post, as its holder."""
    newest, *_ = await inbox(stage, post)
    async with stage.as_(holder(post)) as client:
        path = f"/notifications/messages/{newest['message_id']}/acknowledge"
        return (await client.post(path)).status_code


async def alarm(stage: Stage) -> Alarm:
    [only] = await stage.rows(Alarm)
    return only


async def test_an_alarm_for_a_unit_that_is_no_more_reaches_its_heirs_inbox_and_mail_address(
    stage: Stage,
) -> None:
    await followed(stage)
    host = MailHost()

    await stage.hear(reported())

    [row] = await delivered(stage)
    assert (row.recipient, row.unit, row.post) == (f"{NEW}.duty_desk", NEW, f"{NEW}.duty_desk")
    assert [item["recipient"] for item in await inbox(stage, f"{NEW}.duty_desk")] == [row.recipient]
    server = MailServer(host="127.0.0.1", port=host.port, sender="anlian@anlian.example.cn")
    async with host.up():
        await Sender(server).send_batch(stage.database, now=clock.wall())
    assert [mail["to"] for mail in host.mails] == [[ADDRESS]]


async def test_what_a_unit_had_been_told_stays_in_its_own_inbox(stage: Stage) -> None:
    await stage.hear(reported())
    before = await inbox(stage, COUNTY_DESK)

    await followed(stage)
    await stage.hear(reported())

    assert len(before) == 1
    assert await inbox(stage, COUNTY_DESK) == before
    assert await called(stage) == [COUNTY_DESK, f"{NEW}.duty_desk"]


@pytest.mark.parametrize("heir", [NEW, ELSEWHERE])
async def test_an_heir_that_acknowledges_stops_the_climb(stage: Stage, heir: str) -> None:
    await followed(stage, heir)
    await stage.hear(reported())

    assert await acknowledge(stage, f"{heir}.duty_desk") == 200

    assert (await alarm(stage)).status == AlarmStatus.ANSWERED
    assert await stage.fire_until(AT + minutes(600)) == 0
    [told] = await stage.told(AlarmAcknowledged)
    assert (told["unit"], told["step"]) == (heir, 0)


async def test_where_everyone_must_acknowledge_an_heir_answers_for_its_step(stage: Stage) -> None:
    await followed(stage, duty_desk=None, principal=None)
    await stage.hear(reported(grade=Grade.LARGER))

    assert await called(stage) == [f"{NEW}.duty_desk", f"{NEW}.principal", CITY_DESK]
    for post in await called(stage):
        assert (await alarm(stage)).status == AlarmStatus.OPEN
        await acknowledge(stage, post)
    assert (await alarm(stage)).status == AlarmStatus.ANSWERED


async def test_an_heirs_heir_is_called(stage: Stage) -> None:
    await followed(stage)
    await stage.hear(unit_recorded(NEWER, duty_desk=ADDRESS), ended(NEWER, unit=NEW))

    await stage.hear(reported())

    assert await called(stage) == [f"{NEWER}.duty_desk"]


async def test_an_heir_without_such_a_post_is_called_as_a_unit(stage: Stage) -> None:
    await followed(stage, liaison=ADDRESS)

    await stage.hear(reported())

    [row] = await delivered(stage)
    [letter] = await delivered(stage, Channel.EMAIL)
    assert (row.recipient, row.unit, row.post) == (NEW, NEW, None)
    assert (letter.recipient, letter.address) == (NEW, ADDRESS)
    assert await acknowledge(stage, f"{NEW}.liaison") == 200


async def test_an_heir_that_only_the_packs_name_hears_as_well(stage: Stage) -> None:
    await stage.hear(ended("430407.emergency"))

    await stage.hear(reported())

    assert await called(stage) == ["430407.emergency.duty_desk"]


@pytest.mark.parametrize(
    "ends",
    [
        [ended(f"{LEIYANG}.nobody")],
        [ended(OLD)],
        [ended(NEW), ended(OLD, unit=NEW)],
    ],
    ids=["unknown", "itself", "ring"],
)
async def test_of_a_unit_without_an_heir_the_gap_is_recorded_and_the_next_step_called(
    stage: Stage, ends: Collection[UnitEnded]
) -> None:
    await stage.hear(unit_recorded(OLD, duty_desk="desk@old.example.cn", deputy=None))
    await stage.hear(*ends)

    await stage.hear(reported())

    assert await called(stage) == [CITY_DESK]
    gaps = await stage.rows(Delivery, channel=Channel.INBOX, status=Status.SKIPPED)
    assert {(gap.recipient, gap.reason, gap.step) for gap in gaps} == {
        (COUNTY_DESK, Reason.UNKNOWN_RECIPIENT, 0),
        (COUNTY_DEPUTY, Reason.UNKNOWN_RECIPIENT, 1),
    }


@pytest.mark.parametrize(
    ("last_day", "unit"), [(TODAY - A_DAY, NEW), (TODAY, OLD), (TODAY + A_DAY, OLD)]
)
async def test_an_end_changes_nothing_to_the_end_of_the_units_last_day(
    stage: Stage, last_day: date, unit: str
) -> None:
    await stage.hear(unit_recorded(OLD, duty_desk=None), unit_recorded(NEW, duty_desk=ADDRESS))
    await stage.hear(ended(NEW, last_day=last_day))

    await stage.hear(reported())

    assert await called(stage) == [f"{unit}.duty_desk"]


async def test_the_same_end_told_twice_has_one_effect_and_the_newest_word_holds(
    stage: Stage,
) -> None:
    await stage.hear(unit_recorded(NEW, duty_desk=None), unit_recorded(NEWER, duty_desk=None))
    envelope = stage.envelope(ended(NEW))
    assert await stage.apply(envelope) is Turn.NEXT
    assert await stage.apply(envelope) is Turn.SEEN
    await stage.hear(ended(NEW))
    [row] = await stage.rows(EndedUnit)
    assert (row.heir, row.ended_on) == (NEW, TODAY - A_DAY)

    await stage.hear(ended(NEWER))
    await stage.hear(reported())

    assert [row.heir for row in await stage.rows(EndedUnit)] == [NEWER]
    assert await called(stage) == [f"{NEWER}.duty_desk"]


@pytest.mark.parametrize("heir", [NEW, ELSEWHERE])
async def test_an_alarm_that_climbs_as_a_unit_ends_calls_the_heir_at_its_next_step(
    stage: Stage, heir: str
) -> None:
    await stage.hear(reported())
    await followed(stage, heir, duty_desk=ADDRESS, deputy=None)

    await stage.fire_until(AT + minutes(10))

    deputy, desk = f"{heir}.deputy", f"{heir}.duty_desk"
    assert await called(stage) == [COUNTY_DESK, deputy, CITY_DESK, desk]
    assert (await alarm(stage)).called == [[COUNTY_DESK], [deputy, CITY_DESK, desk]]
    [item] = await inbox(stage, desk)
    assert item["acknowledge_by"] is not None
    assert await acknowledge(stage, desk) == 200
    assert (await alarm(stage)).status == AlarmStatus.ANSWERED
    assert await stage.fire_until(AT + minutes(600)) == 0


async def test_nobody_is_called_twice_who_is_meant_by_two_codes(stage: Stage) -> None:
    await stage.hear(ended(CITY))

    await stage.hear(reported())
    await stage.fire_until(AT + minutes(10))
    await stage.fire_until(AT + minutes(20))

    posts = ("duty_desk", "deputy", "principal")
    assert await called(stage) == [f"{CITY}.{post}" for post in posts]
    assert (await alarm(stage)).called == [[f"{CITY}.{post}"] for post in posts]


async def test_nobody_is_called_twice_who_became_an_heir_while_an_alarm_climbed(
    stage: Stage,
) -> None:
    await stage.hear(reported())
    await stage.fire_until(AT + minutes(10))
    await stage.hear(ended(CITY))

    await stage.fire_until(AT + minutes(20))

    head = f"{CITY}.principal"
    assert await called(stage) == [COUNTY_DESK, COUNTY_DEPUTY, CITY_DESK, head, f"{CITY}.deputy"]
    assert (await alarm(stage)).called[2] == [head, f"{CITY}.deputy"]


async def test_a_step_whose_heirs_were_all_called_before_is_passed_at_once(stage: Stage) -> None:
    await stage.hear(reported())
    await stage.fire_until(AT + minutes(10))
    await stage.hear(unit_recorded(CITY, duty_desk=None), ended(CITY))
    gone, desk = f"{CITY}.deputy", f"{CITY}.duty_desk"

    await stage.fire_until(AT + minutes(20))

    assert await called(stage) == [COUNTY_DESK, COUNTY_DEPUTY, desk, CITY]
    gaps = await stage.rows(Delivery, channel=Channel.INBOX, status=Status.SKIPPED)
    assert [gap.recipient for gap in gaps] == [gone]


async def test_an_heir_that_was_told_is_not_called_again_by_the_chain_of_a_new_grade(
    stage: Stage,
) -> None:
    await followed(stage, duty_desk=ADDRESS, principal=None)
    first = reported()
    await stage.hear(first)

    await stage.hear(regraded(first, Grade.LARGER))

    _, new = sorted(await stage.rows(Alarm), key=lambda row: row.alarm_id)
    assert f"{NEW}.duty_desk" not in new.called[0]
    assert {f"{NEW}.principal", CITY_DESK} <= set(new.called[0])


def digest(unit: str) -> DigestDue:
    return DigestDue(
        occurred_at=AT,
        unit=unit,
        region_code=LEIYANG,
        day=TODAY,
        overdue=1,
        due_today=2,
        due_soon=3,
        within=3,
        waiting=4,
        to_review=5,
        obligations=(uuid7(),),
    )


@pytest.mark.parametrize("heir", [NEW, ELSEWHERE])
async def test_what_nobody_has_to_answer_is_told_to_the_heir_as_well(
    stage: Stage, heir: str
) -> None:
    await stage.hear(unit_recorded(OLD, liaison=None), unit_recorded(heir, liaison=ADDRESS))
    await stage.hear(ended(heir))

    await stage.hear(digest(OLD))

    assert await called(stage) == [f"{heir}.liaison"]
    assert len(await inbox(stage, f"{heir}.liaison")) == 1


async def test_a_letter_that_waits_for_an_address_goes_to_that_of_the_heir(stage: Stage) -> None:
    await stage.hear(reported())
    await stage.hear(unit_recorded(NEW, duty_desk=ADDRESS))
    await stage.hear(ended(NEW, last_day=date(2020, 1, 1)))
    host = MailHost()
    server = MailServer(host="127.0.0.1", port=host.port, sender="anlian@anlian.example.cn")

    async with host.up():
        await Sender(server).send_batch(stage.database, now=clock.wall())

    assert [mail["to"] for mail in host.mails] == [[ADDRESS]]


async def test_the_heir_of_the_dead_end_desk_hears_of_the_silence_and_can_answer(
    stage: Stage,
) -> None:
    desk = steps.recipient(routing.dead_end())
    assert desk.unit is not None
    heir = f"{ELSEWHERE}{desk.code.removeprefix(desk.unit)}"
    await stage.hear(reported())
    for hours in (1, 2):
        await stage.fire_until(AT + minutes(60 * hours))
    await stage.hear(unit_recorded(ELSEWHERE, **{heir.rpartition(".")[2]: ADDRESS}))
    await stage.hear(ended(ELSEWHERE, unit=desk.unit))

    await stage.fire_until(AT + minutes(180))

    assert (await called(stage))[-1] == heir
    [told] = await stage.told(AlarmExhausted)
    assert told["dead_end_unit"] == ELSEWHERE
    assert await acknowledge(stage, heir) == 200
    assert (await alarm(stage)).status == AlarmStatus.ANSWERED


async def test_whom_a_unit_is_followed_by_is_read_along_with_it(stage: Stage) -> None:
    await followed(stage)
    said: list[str] = []
    engine = stage.database.engine.sync_engine
    async with unit_of_work(stage.database, SYSTEM) as session:
        event.listen(engine, "before_cursor_execute", lambda *told: said.append(told[2]))
        await queries.look_up(session, codes=[COUNTY_DESK], uscc=MINE)
        codes = [COUNTY_DESK, COUNTY_HEAD, OLD]
        found = await queries.contacts(session, codes=codes, region=LEIYANG, on=TODAY)
        heirs = await queries.heirs(session, codes=[*codes, MINE, CITY_DESK, NEW], on=TODAY)
        before = await queries.heirs(session, codes=codes, on=TODAY - A_DAY)

    meant = {COUNTY_DESK: f"{NEW}.duty_desk", COUNTY_HEAD: NEW, OLD: NEW}
    assert {code: contact.to.code for code, contact in found.items()} == meant
    assert (dict(heirs), dict(before)) == (meant, {})
    assert len(said) == 2, "one, and one for the city's desk, which was not looked up ahead"


async def test_what_was_read_before_an_end_was_told_is_read_again(stage: Stage) -> None:
    await stage.hear(unit_recorded(OLD, duty_desk=None), unit_recorded(NEW, duty_desk=ADDRESS))
    async with unit_of_work(stage.database, SYSTEM) as session:
        before = await queries.heirs(session, codes=[OLD], on=TODAY)
        await operations.record_end(session, told=ended(NEW))
        after = await queries.heirs(session, codes=[OLD], on=TODAY)

    assert (dict(before), dict(after)) == ({}, {OLD: NEW})
