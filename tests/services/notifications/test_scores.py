"""Rankings and cards: the office hears what it has to decide, the unit what becomes of it."""

from datetime import date
from typing import Any

import pytest

from contracts.tasks_scoring import (
    CardDecisionDue,
    CardEnded,
    CardIssued,
    CardNoticed,
    CardProposed,
    CardReviewNeeded,
    RankingPublished,
    ScoreObjected,
    ScoreRuledOn,
    ScoreRulingOverdue,
    UnitsListed,
)
from kernel.calendar import Cadence
from kernel.events import Event
from kernel.ids import uuid7
from reference.terms import Card
from services.notifications.escalations.tables import Alarm
from services.notifications.messages.domain import Channel, Status
from services.notifications.messages.tables import Delivery
from services.notifications.wording import domain as wording
from tests.services.notifications.facts import AT, LEIYANG
from tests.services.notifications.test_orders import reached
from tests.services.stage import Stage

UNIT, OFFICE, CARD = f"{LEIYANG}.government", "430400.committee_office", uuid7()


def _card(**more: Any) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "occurred_at": AT,
        "card_id": CARD,
        "unit": UNIT,
        "region_code": LEIYANG,
        "kind": Card.YELLOW,
        "year": 2023,
        "rule": "hn-assessment-2021 whole@2021-04-01",
    }
    return facts | more


PROPOSED = CardProposed(**_card(office=OFFICE, threshold="county_larger", confirmed=False))
NOTICED = CardNoticed(**_card())
EFFECT = {"effect_from": date(2023, 6, 13), "effect_to": date(2024, 6, 13)}
ISSUED = CardIssued(**_card(kind=Card.VETO, **EFFECT))
REVIEW = CardReviewNeeded(**_card(office=OFFICE))
REPLIED = CardDecisionDue(**_card(office=OFFICE, replied=True))
SILENT = CardDecisionDue(**_card(office=OFFICE, replied=False))
LIFTED = CardEnded(**_card(how="lift"))
OBJECTION = {
    "occurred_at": AT,
    "objection_id": uuid7(),
    "ranking_id": uuid7(),
    "unit": UNIT,
    "region_code": LEIYANG,
}
OBJECTED = ScoreObjected(**OBJECTION, office=OFFICE)
UNRULED = ScoreRulingOverdue(**OBJECTION, office=OFFICE, due_at=AT)
RULED_ON = ScoreRuledOn(**OBJECTION, upheld=True)
SECOND, CITY_GOVERNMENT = "430482.government", "430400.government"
LISTED = UnitsListed(
    occurred_at=AT,
    listing="430400-2024",
    region_code="430400",
    year=2024,
    units=(UNIT, SECOND),
    superiors=(CITY_GOVERNMENT,),
)
RANKING = RankingPublished(
    occurred_at=AT,
    ranking_id=uuid7(),
    region_code="430400",
    group="counties",
    cadence=Cadence.QUARTER,
    first=date(2023, 4, 1),
    last=date(2023, 6, 30),
    number=2,
    version=1,
    units=12,
    unmeasured=1,
)


@pytest.mark.parametrize(
    ("event", "to"),
    [
        (PROPOSED, OFFICE),
        (NOTICED, UNIT),
        (REPLIED, OFFICE),
        (SILENT, OFFICE),
        (REVIEW, OFFICE),
        (LIFTED, UNIT),
        (OBJECTED, OFFICE),
        (RULED_ON, UNIT),
    ],
)
async def test_whoever_has_to_act_or_waits_hears_of_it(stage: Stage, event: Event, to: str) -> None:
    await stage.hear(event)

    assert await reached(stage) == {to}
    assert await stage.rows(Alarm) == []


async def test_of_a_card_that_it_never_heard_of_a_unit_hears_nothing(stage: Stage) -> None:
    await stage.hear(CardEnded(**_card(how="withdraw", noticed=False)))

    assert await reached(stage) == set()


@pytest.mark.parametrize(
    ("event", "to"),
    [
        (ISSUED, {f"{UNIT}.principal", f"{UNIT}.liaison", f"{OFFICE}.principal"}),
        (RANKING, {f"{OFFICE}.liaison"}),
        (
            UNRULED,
            {f"{OFFICE}.liaison", f"{OFFICE}.principal", "430400.safety_committee.liaison"},
        ),
    ],
)
async def test_what_somebody_must_know_of_scores_calls_its_chain(
    stage: Stage, event: Event, to: set[str]
) -> None:
    await stage.hear(event)

    assert await reached(stage) == to


@pytest.mark.parametrize(
    ("event", "subject"),
    [
        (PROPOSED, "【拟黄牌警告】耒阳市人民政府（2023年度）"),
        (NOTICED, "【黄牌警告告知】耒阳市人民政府（2023年度）"),
        (ISSUED, "【一票否决】耒阳市人民政府（2023年度）"),
        (REVIEW, "【黄牌警告待复核】耒阳市人民政府（2023年度）"),
        (REPLIED, "【黄牌警告待决定】耒阳市人民政府（2023年度）"),
        (SILENT, "【黄牌警告待决定】耒阳市人民政府（2023年度）"),
        (LIFTED, "【黄牌警告已解除】耒阳市人民政府（2023年度）"),
        (OBJECTED, "【排名异议】耒阳市人民政府"),
        (UNRULED, "【排名异议逾期未裁定】耒阳市人民政府"),
        (RULED_ON, "【排名异议裁定】耒阳市人民政府"),
        (LISTED, "【挂牌管理】耒阳市人民政府等2个单位（2024年度）"),
        (RANKING, "【安全生产排名】县市区 2023-04-01 至 2023-06-30"),
    ],
)
def test_what_is_said_fits_one_line(event: Event, subject: str) -> None:
    said = wording.words(event)

    assert said.subject.zh == subject
    assert len(said.subject.zh) <= 45
    assert "{" not in said.body.zh + said.body.en + said.subject.en


async def test_whoever_is_listed_and_those_above_hear_it_once(stage: Stage) -> None:
    above_itself = LISTED.model_copy(update={"superiors": (CITY_GOVERNMENT, UNIT)})

    turn = stage.envelope(above_itself)
    await stage.apply(turn)
    await stage.apply(turn)

    rows = await stage.rows(Delivery, channel=Channel.INBOX, status=Status.DELIVERED)
    assert sorted(row.recipient for row in rows) == [CITY_GOVERNMENT, UNIT, SECOND]
    assert await stage.rows(Alarm) == []


def test_one_unit_that_is_listed_is_named_alone() -> None:
    said = wording.words(LISTED.model_copy(update={"units": (UNIT,)}))

    assert said.subject.zh == "【挂牌管理】耒阳市人民政府（2024年度）"
    assert "耒阳市人民政府、常宁市人民政府" in wording.words(LISTED).body.zh


def test_an_unconfirmed_threshold_is_said() -> None:
    confirmed = PROPOSED.model_copy(update={"confirmed": True})

    assert "待核实" in wording.words(PROPOSED).body.zh
    assert "待核实" not in wording.words(confirmed).body.zh
