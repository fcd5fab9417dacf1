"""An accident calls its chain, step by step, until somebody answers."""

import asyncio

import pytest
from sqlalchemy import select

from contracts.notifications import AlarmAcknowledged, AlarmExhausted
from kernel.inbox import Turn
from kernel.timers import Timer, TimerKind, TimerWorker
from reference import routing
from reference.terms import Grade
from services.notifications.escalations import operations as escalations
from services.notifications.escalations.domain import AlarmStatus
from services.notifications.escalations.tables import Alarm
from services.notifications.messages.domain import Channel, Reason, Status
from services.notifications.messages.tables import Delivery, Message
from tests.services.notifications.facts import (
    AT,
    CITY_DESK,
    COUNTY_DEPUTY,
    COUNTY_DESK,
    COUNTY_HEAD,
    ENTERPRISE,
    MINE,
    case_overdue,
    desk,
    direct_report_overdue,
    follow_up_missed,
    holder,
    minutes,
    notice_overdue,
    relay_overdue,
    reported,
    unit_recorded,
)
from tests.services.stage import Stage


async def called(stage: Stage) -> list[str]:
    """Whom the alarms have reached, in order."""
    rows = await stage.rows(Delivery, channel=Channel.INBOX, status=Status.DELIVERED)
    return [row.recipient for row in sorted(rows, key=lambda row: row.delivery_id)]


async def alarm(stage: Stage) -> Alarm:
    [only] = await stage.rows(Alarm)
    return only


async def acknowledge(stage: Stage, post: str) -> int:
    """Acknowledge the newest alarm of a post, as its holder; the status of the answer."""
    async with stage.as_(holder(post)) as client:
        page = (await client.get("/notifications/messages")).json()
        newest = next(item for item in page["items"] if item["recipient"] == post)
        answer = await client.post(f"/notifications/messages/{newest['message_id']}/acknowledge")
    return answer.status_code


async def test_an_accident_reaches_the_desk_of_its_county_at_once(stage: Stage) -> None:
    await stage.hear(reported())

    assert await called(stage) == [COUNTY_DESK]
    async with stage.as_(desk("430481.emergency")) as client:
        [message] = (await client.get("/notifications/messages")).json()["items"]
    assert "Leiyang" in message["subject"]
    assert "2 dead, 1 missing" in message["subject"]
    assert "2031-05-02 05:10" in message["body"], "the relay's due time, in +08:00"
    assert message["acknowledge_by"] == "2031-05-02T03:20:00+08:00"


async def test_the_message_is_chinese_unless_english_is_asked_for(stage: Stage) -> None:
    await stage.hear(reported())
    async with stage.as_(desk("430481.emergency"), **{"Accept-Language": "zh-CN"}) as client:
        [message] = (await client.get("/notifications/messages")).json()["items"]
    assert message["subject"] == "【一般事故】耒阳市：死亡2人、失联1人，请立即确认"
    assert "湖南省衡阳市耒阳市" in message["body"]


async def test_a_chain_answered_in_time_does_not_climb(stage: Stage) -> None:
    await stage.hear(reported())

    assert await acknowledge(stage, COUNTY_DESK) == 200
    assert await stage.fire_until(AT + minutes(600)) == 0
    assert await called(stage) == [COUNTY_DESK]
    assert (await alarm(stage)).status == AlarmStatus.ANSWERED
    [told] = await stage.told(AlarmAcknowledged)
    assert (told["unit"], told["step"]) == ("430481.emergency", 0)


async def test_a_silent_step_opens_the_next_one_when_its_time_is_up(stage: Stage) -> None:
    await stage.hear(reported())

    assert await stage.fire_until(AT + minutes(9.9)) == 0
    assert await stage.fire_until(AT + minutes(10)) == 1
    assert await called(stage) == [COUNTY_DESK, COUNTY_DEPUTY, CITY_DESK]


async def test_one_of_a_later_step_is_enough(stage: Stage) -> None:
    await stage.hear(reported())
    await stage.fire_until(AT + minutes(10))

    await acknowledge(stage, CITY_DESK)

    assert await stage.fire_until(AT + minutes(600)) == 0


async def test_a_late_answer_of_an_earlier_step_stops_the_chain(stage: Stage) -> None:
    await stage.hear(reported())
    await stage.fire_until(AT + minutes(10))

    await acknowledge(stage, COUNTY_DESK)

    assert await stage.fire_until(AT + minutes(600)) == 0


async def test_where_everyone_must_acknowledge_one_missing_answer_keeps_it_climbing(
    stage: Stage,
) -> None:
    await stage.hear(reported(grade=Grade.LARGER))
    first = await called(stage)
    assert set(first) == {COUNTY_DESK, COUNTY_HEAD, CITY_DESK}

    for post in first[:-1]:
        await acknowledge(stage, post)
    assert (await alarm(stage)).status == AlarmStatus.OPEN
    assert await stage.fire_until(AT + minutes(10)) == 1
    assert len(await called(stage)) > len(first)


async def test_where_everyone_must_acknowledge_the_last_answer_stops_it(stage: Stage) -> None:
    await stage.hear(reported(grade=Grade.LARGER))
    for post in await called(stage):
        await acknowledge(stage, post)
    assert (await alarm(stage)).status == AlarmStatus.ANSWERED
    assert await stage.fire_until(AT + minutes(600)) == 0


async def exhaust(stage: Stage) -> None:
    """Let every step's time run out in turn."""
    for hours in range(1, 9):
        await stage.fire_until(AT + minutes(60 * hours))


async def test_a_chain_that_stays_silent_ends_at_the_dead_end_desk(stage: Stage) -> None:
    await stage.hear(reported())

    await exhaust(stage)

    last = max(await stage.rows(Message), key=lambda row: row.message_id)
    assert last.subject_zh.startswith("【无人响应】")
    assert (await called(stage))[-1] == routing.dead_end()
    assert (await alarm(stage)).status == AlarmStatus.EXHAUSTED
    assert len(await stage.told(AlarmExhausted)) == 1


async def test_a_step_of_unknown_recipients_is_recorded_and_passed_at_once(stage: Stage) -> None:
    await stage.hear(unit_recorded("430481.emergency", deputy=None))

    await stage.hear(reported())

    assert await called(stage) == [COUNTY_DEPUTY, CITY_DESK]
    [gap] = await stage.rows(Delivery, channel=Channel.INBOX, status=Status.SKIPPED)
    assert (gap.recipient, gap.reason, gap.step) == (COUNTY_DESK, Reason.UNKNOWN_RECIPIENT, 0)


async def test_an_alarm_that_nobody_can_hear_goes_to_the_dead_end_at_once(stage: Stage) -> None:
    units = ("430481.emergency", "430400.emergency")
    await stage.hear(*(unit_recorded(unit) for unit in units))

    await stage.hear(reported())

    assert await called(stage) == [routing.dead_end()]
    assert len(await stage.told(AlarmExhausted)) == 1


async def test_an_event_delivered_twice_raises_one_alarm(stage: Stage) -> None:
    envelope = stage.envelope(reported())

    assert await stage.apply(envelope) is Turn.NEXT
    assert await stage.apply(envelope) is Turn.SEEN

    assert len(await stage.rows(Alarm)) == 1
    assert await called(stage) == [COUNTY_DESK]


async def test_an_overdue_relay_alarms_both_ends_and_both_must_answer(stage: Stage) -> None:
    await stage.hear(relay_overdue(reported()))

    assert await called(stage) == [COUNTY_DESK, CITY_DESK]
    await acknowledge(stage, COUNTY_DESK)
    assert (await alarm(stage)).status == AlarmStatus.OPEN
    await acknowledge(stage, CITY_DESK)
    assert (await alarm(stage)).status == AlarmStatus.ANSWERED


async def test_an_overdue_notice_alarms_the_desk_that_owes_it_and_never_the_body(
    stage: Stage,
) -> None:
    fact = notice_overdue(reported())
    await stage.hear(fact.model_copy(update={"further_units": ("430481.trade_union",)}))

    assert await called(stage) == [COUNTY_DESK]
    assert (await alarm(stage)).route == "notice_overdue"
    async with stage.as_(desk("430481.emergency")) as client:
        [message] = (await client.get("/notifications/messages")).json()["items"]
    assert "Leiyang" in message["subject"]
    assert "{" not in message["subject"] + message["body"]
    assert message["body"].count("Leiyang", 0, message["body"].index("By:")) == 2


PROVINCE_DESK = "430000.emergency.duty_desk"


async def test_a_unit_that_has_not_told_the_province_is_called_with_its_desk_and_the_province_s(
    stage: Stage,
) -> None:
    await stage.hear(direct_report_overdue(reported()))

    assert await called(stage) == [MINE, COUNTY_DESK, PROVINCE_DESK]
    assert (await alarm(stage)).route == "direct_report_overdue"
    async with stage.as_(ENTERPRISE) as client:
        [message] = (await client.get("/notifications/messages")).json()["items"]
    async with stage.as_(ENTERPRISE, **{"Accept-Language": "zh-CN"}) as client:
        [chinese] = (await client.get("/notifications/messages")).json()["items"]
    for words in (message, chinese):
        assert "{" not in words["subject"] + words["body"]
        assert MINE in words["body"]
    assert message["subject"].startswith("[Direct report overdue] larger accident, Leiyang City:")
    assert chinese["subject"] == (
        "【单位直报超时】耒阳市较大事故：事故单位未按时直接报告湖南省应急管理厅"
    )
    assert "接报：耒阳市应急管理局" in chinese["body"]


async def test_a_unit_alone_does_not_silence_its_own_alarm(stage: Stage) -> None:
    await stage.hear(direct_report_overdue(reported()))
    async with stage.as_(ENTERPRISE) as client:
        [message] = (await client.get("/notifications/messages")).json()["items"]
        path = f"/notifications/messages/{message['message_id']}/acknowledge"
        assert (await client.post(path)).status_code == 200
    await stage.fire_until(AT + minutes(69.9))
    assert len(await called(stage)) == 3
    await stage.fire_until(AT + minutes(70))

    assert (await called(stage))[3:] == [COUNTY_HEAD, CITY_DESK]
    await acknowledge(stage, COUNTY_DESK)
    assert (await alarm(stage)).status == AlarmStatus.OPEN
    await acknowledge(stage, PROVINCE_DESK)
    assert (await alarm(stage)).status == AlarmStatus.ANSWERED


async def test_for_a_unit_whose_code_nobody_knows_its_desk_is_called_once(stage: Stage) -> None:
    await stage.hear(direct_report_overdue(reported(enterprise_uscc=None)))

    assert await called(stage) == [COUNTY_DESK, PROVINCE_DESK]


async def test_an_investigation_out_of_time_alarms_those_who_hold_it(stage: Stage) -> None:
    await stage.hear(case_overdue(reported()))

    assert (await alarm(stage)).route == "investigation_overdue"
    assert "430481.government.principal" in await called(stage)


@pytest.mark.parametrize(
    ("change", "words"), [(False, "2 follow-ups owed, 1 received"), (True, "changed count")]
)
async def test_a_missed_follow_up_alarms_the_desk_that_answers_for_it(
    stage: Stage, change: bool, words: str
) -> None:
    await stage.hear(follow_up_missed(reported(), change=change))

    assert await called(stage) == [COUNTY_DESK]
    assert (await alarm(stage)).route == "followup_missed"
    async with stage.as_(desk("430481.emergency")) as client:
        [message] = (await client.get("/notifications/messages")).json()["items"]
    assert "2031-05-03" in message["subject"]
    assert words in message["body"]


async def test_a_mine_calls_the_mine_safety_authority_as_well(stage: Stage) -> None:
    await stage.hear(reported(industry="B06"))

    routes = {row.route for row in await stage.rows(Alarm)}
    assert routes == {"accident_general", "accident_coal_mine"}
    assert "430400.mine_safety.duty_desk" in await called(stage)


@pytest.mark.parametrize("attempt", range(5))
async def test_an_answer_and_the_timer_at_the_same_moment_leave_one_outcome(
    stage: Stage, attempt: int
) -> None:
    await stage.hear(reported())
    worker = TimerWorker(stage.database, stage.service.timers)

    status, _ = await asyncio.gather(
        acknowledge(stage, COUNTY_DESK), worker.fire_next(AT + minutes(10))
    )

    assert status == 200
    row = await alarm(stage)
    assert row.status == AlarmStatus.ANSWERED
    assert len(row.called) in {1, 2}
    assert len(await called(stage)) == sum(len(step) for step in row.called)
    assert await stage.fire_until(AT + minutes(600)) == 0, "nobody else is called"


async def test_an_answer_does_not_wait_for_a_timer_that_is_firing(stage: Stage) -> None:
    await stage.hear(reported())
    holding, answered = asyncio.Event(), asyncio.Event()

    async def fire_slowly(session, timer, now) -> None:  # type: ignore[no-untyped-def]
        holding.set()
        await answered.wait()
        await stage.service.timers[0].firing(session, timer, now)

    slow = TimerWorker(stage.database, [TimerKind(escalations.STEP, fire_slowly)])
    firing = asyncio.create_task(slow.fire_next(AT + minutes(10)))
    await holding.wait()
    status = await acknowledge(stage, COUNTY_DESK)
    answered.set()
    await firing

    assert status == 200
    assert await called(stage) == [COUNTY_DESK]


class TestPlantedBugs:
    """Each guarantee is broken on purpose, to show that its test would notice."""

    async def test_without_the_alarms_state_an_answered_chain_would_climb(
        self, stage: Stage, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        async def forget(*_: object) -> None: ...

        monkeypatch.setattr(escalations, "_stop_climbing", forget)
        await stage.hear(reported())
        await acknowledge(stage, COUNTY_DESK)
        assert await stage.fire_until(AT + minutes(600)) == 1
        assert await called(stage) == [COUNTY_DESK], "the second guard: the timer sees the answer"

        monkeypatch.setattr(escalations.domain, "is_answered", lambda **_: False)
        await stage.hear(reported())
        with pytest.raises(AssertionError):
            await test_a_chain_answered_in_time_does_not_climb(stage)

    async def test_without_the_dead_end_a_silent_chain_would_end_in_silence(
        self, stage: Stage, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        async def drop(*_: object) -> None: ...

        monkeypatch.setattr(escalations, "_call_the_dead_end", drop)
        with pytest.raises(AssertionError):
            await test_a_chain_that_stays_silent_ends_at_the_dead_end_desk(stage)


async def test_a_step_has_a_timer_of_its_own_and_keeps_it_as_evidence(stage: Stage) -> None:
    await stage.hear(reported())
    await stage.fire_until(AT + minutes(10))

    async with stage.work() as session:
        rows = list(await session.scalars(select(Timer).order_by(Timer.generation)))
    assert [row.rule for row in rows] == ["accident_general#1", "accident_general#2"]
    assert [row.due_at for row in rows] == [AT + minutes(10), AT + minutes(20)]
