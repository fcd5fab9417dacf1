"""A new grade calls those it adds, and tells the others what changed."""

from datetime import date

import pytest

from contracts.incidents import (
    AccidentUpdated,
    FindingMade,
    InvestigationEscalated,
    InvestigationPublished,
    RelayForwarded,
    Toll,
)
from contracts.incidents_cases import MemberStoodAside
from contracts.tasks import DutyTriggered, ObligationKind, ObligationOpened, ObligationOverdue
from kernel.events import Event
from kernel.ids import uuid7
from reference.terms import Finding, Grade, Level
from services.notifications.escalations.tables import Alarm
from services.notifications.messages.domain import Channel, Status
from services.notifications.messages.tables import Delivery, Message
from tests.services.notifications.facts import (
    AT,
    CITY_DESK,
    COUNTY_DESK,
    COUNTY_HEAD,
    LEIYANG,
    minutes,
    regraded,
    reported,
)
from tests.services.stage import Stage

REPORTED = reported()


async def told(stage: Stage, kind: str) -> dict[str, bool]:
    """Who has a message of this kind, and whether it has to be answered."""
    messages = {row.message_id for row in await stage.rows(Message, kind=kind)}
    rows = await stage.rows(Delivery, channel=Channel.INBOX, status=Status.DELIVERED)
    return {row.recipient: bool(row.alarm_id) for row in rows if row.message_id in messages}


async def test_a_graver_grade_calls_those_who_were_not_and_informs_the_others(
    stage: Stage,
) -> None:
    first = reported()
    await stage.hear(first, regraded(first, Grade.LARGER))

    assert await told(stage, "incidents.accident.regraded") == {
        COUNTY_DESK: False,
        COUNTY_HEAD: True,
        CITY_DESK: True,
    }


async def test_a_milder_grade_only_informs(stage: Stage) -> None:
    first = reported(grade=Grade.LARGER)
    await stage.hear(first, regraded(first, Grade.GENERAL))

    informed = await told(stage, "incidents.accident.regraded")
    assert {post for post, answer in informed.items() if not answer} >= {COUNTY_DESK, CITY_DESK}
    assert COUNTY_DESK not in {post for post, answer in informed.items() if answer}


async def test_the_first_alarm_goes_on_by_itself_after_a_regrade(stage: Stage) -> None:
    first = reported()
    await stage.hear(first, regraded(first, Grade.LARGER))
    assert {row.route: row.status for row in await stage.rows(Alarm)} == {
        "accident_general": "open",
        "regraded_larger": "open",
    }


async def test_new_figures_reach_whoever_knows_of_the_accident(stage: Stage) -> None:
    first = reported()
    update = AccidentUpdated(
        occurred_at=AT + minutes(30),
        accident_id=first.accident_id,
        region_code=LEIYANG,
        report_id=uuid7(),
        grade=first.grade,
        estimated_grade=first.grade,
        toll=Toll(deaths=2),
    )
    await stage.hear(first, update)
    assert await told(stage, "incidents.accident.updated") == {COUNTY_DESK: False}


def fact(event: type[Event], **values: object) -> Event:
    shared = {"occurred_at": AT, "accident_id": REPORTED.accident_id, "region_code": LEIYANG}
    return event(**shared | values)


def duty(event: type[Event], **values: object) -> Event:
    shared = {
        "occurred_at": AT,
        "region_code": LEIYANG,
        "kind": ObligationKind.INVESTIGATION,
        "origin": REPORTED.accident_id,
        "due_at": AT + minutes(600),
    }
    return event(**shared | values)


@pytest.mark.parametrize(
    ("event", "recipient", "must_answer"),
    [
        (
            fact(FindingMade, finding_id=uuid7(), kind=Finding.CONCEALED, grade=Grade.GENERAL),
            "430400.committee_office.principal",
            True,
        ),
        (
            fact(FindingMade, finding_id=uuid7(), kind=Finding.LATE, grade=Grade.GENERAL),
            COUNTY_HEAD,
            True,
        ),
        (
            fact(
                InvestigationEscalated,
                from_level=Level.COUNTY,
                to_level=Level.CITY,
                to_unit="430400.government",
                grade=Grade.GENERAL,
                rule="concealed",
            ),
            "430400.government",
            False,
        ),
        (
            fact(InvestigationPublished, grade=Grade.GENERAL, published_on=date(2031, 5, 1)),
            "430400.committee_office.liaison",
            True,
        ),
        (
            duty(ObligationOpened, obligation_id=uuid7(), unit="430481.government"),
            "430481.government",
            False,
        ),
        (
            duty(ObligationOverdue, obligation_id=uuid7(), unit="430481.government"),
            "430481.government.liaison",
            True,
        ),
        (
            duty(DutyTriggered, plan="2023", duty="12", opened=300),
            "430481.committee_office",
            False,
        ),
    ],
    ids=lambda value: type(value).__name__,
)
async def test_each_fact_reaches_whom_it_concerns(
    stage: Stage, event: Event, recipient: str, must_answer: bool
) -> None:
    await stage.hear(event)
    assert (await told(stage, event.subject.rpartition(".")[0]))[recipient] is must_answer


async def test_a_forwarded_relay_wakes_nobody(stage: Stage) -> None:
    await stage.hear(
        fact(
            RelayForwarded,
            relay_id=uuid7(),
            level=Level.COUNTY,
            from_unit="430481.emergency",
            to_unit="430400.emergency",
            forwarded_at=AT,
            late=False,
        )
    )
    assert await stage.rows(Delivery) == []


@pytest.mark.parametrize(
    ("lead", "missing", "said"),
    [(True, ("union",), "工会"), (False, ("union",), "组长、工会"), (True, (), "无")],
)
async def test_whoever_holds_a_case_hears_who_stood_aside_and_what_the_team_lacks(
    stage: Stage, lead: bool, missing: tuple[str, ...], said: str
) -> None:
    first = reported()
    aside = MemberStoodAside(
        occurred_at=first.occurred_at + minutes(60),
        accident_id=first.accident_id,
        region_code=first.region_code,
        member_id=uuid7(),
        organ="union",
        unit="430481.government",
        grade=first.grade,
        lead=lead,
        missing=missing,
    )
    await stage.hear(first, aside)

    assert set(await told(stage, "incidents.team.stood_aside")) == {"430481.government"}
    [message] = await stage.rows(Message, kind="incidents.team.stood_aside")
    assert f"调查组尚缺：{said}\n" in message.body_zh
    assert "工会派员已回避" in message.subject_zh
