"""A card is proposed by facts, decided by people, and never silently taken away."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from contracts.gateway import Role
from contracts.incidents import (
    AccidentMerged,
    AccidentQualified,
    AccidentStruckOff,
    FindingDismissed,
)
from contracts.tasks_scoring import (
    CardDecisionDue,
    CardEnded,
    CardIssued,
    CardProposed,
    CardReviewNeeded,
)
from kernel.access import Principal
from kernel.ids import uuid7
from reference.terms import Finding, FindingStatus, Grade, Level
from services.tasks.cards.tables import CardRow
from tests.services.stage import Stage
from tests.services.tasks import scoring
from tests.services.tasks.hotline import at
from tests.services.tasks.scoring import CHANGNING, LEIYANG, MAYOR, OFFICE, county_leader
from tests.services.tasks.story import CITY, found, person, regraded, reported

UNIT = f"{LEIYANG}.government"
LEADER = county_leader(LEIYANG)
FIRST, SECOND, THIRD = (uuid7() for _ in range(3))


@pytest.fixture
async def city(tasks: Stage) -> Stage:
    """A city without accidents, on a Monday in June."""
    return await prepared(tasks)


async def prepared(tasks: Stage) -> Stage:
    """The same, for whoever plants a bug."""
    await scoring.founded(tasks)
    tasks.now = at(6, 5, 10)
    return tasks


async def happened(city: Stage, accident: UUID, when: datetime, **more: Any) -> None:
    told = {"happened_at": when, "received_at": when, "occurred_at": when, "relays": ()}
    await city.hear(reported(accident_id=accident, **told | more))


async def cards(city: Stage, unit: str = UNIT, kind: str = "yellow") -> list[CardRow]:
    rows = await city.rows(CardRow, unit=unit, kind=kind)
    return sorted(rows, key=lambda row: row.id)


async def two_larger(city: Stage) -> CardRow:
    """The county has had two larger accidents this year: a yellow card is proposed."""
    await happened(city, FIRST, at(3, 10))
    assert await cards(city) == []
    await happened(city, SECOND, at(6, 2))
    [card] = await cards(city)
    return card


async def post(city: Stage, by: Principal, card: CardRow, step: str, **body: Any) -> httpx.Response:
    return await city.as_(by).post(f"/tasks/cards/{card.id}/{step}", json=body)


async def imposed(city: Stage) -> CardRow:
    """The card was noticed, not replied to, and decided a week later by somebody else."""
    card = await two_larger(city)
    noticed = await post(city, OFFICE, card, "notify", note="拟黄牌警告", threshold_confirmed=True)
    assert noticed.status_code == 200, noticed.text
    city.now = at(6, 13, 9)
    decided = await post(city, MAYOR, card, "impose", grounds="一年内两起较大事故")
    assert decided.status_code == 200, decided.text
    return (await cards(city))[0]


async def test_the_second_larger_accident_of_a_year_proposes_a_yellow_card(city: Stage) -> None:
    card = await two_larger(city)

    assert (card.status, card.threshold, card.year, card.confirmed) == (
        "proposed",
        "county_larger",
        2023,
        False,
    )
    assert card.rule == "hn-assessment-2021 whole@2021-04-01"
    assert card.accidents == sorted([str(FIRST), str(SECOND)])
    [told] = await city.told(CardProposed)
    assert (told["unit"], told["office"]) == (UNIT, f"{CITY}.committee_office")


async def test_accidents_of_two_years_of_the_assessment_do_not_add_up(city: Stage) -> None:
    await happened(city, FIRST, at(11, 30, 23, 59, year=2022))
    await happened(city, SECOND, at(12, 1, year=2022))
    assert await cards(city) == []

    await happened(city, THIRD, at(11, 30, 23, 59))

    [card] = await cards(city)
    assert (card.year, card.accidents) == (2023, sorted([str(SECOND), str(THIRD)]))


async def test_a_card_goes_from_notice_to_effect_by_two_people(city: Stage) -> None:
    card = await two_larger(city)
    county_office = person(Role.COMMITTEE_OFFICE, f"{LEIYANG}.committee_office")

    unconfirmed = await post(city, OFFICE, card, "notify", note="拟黄牌警告")
    early = await post(city, MAYOR, card, "impose", grounds="x")
    below = await post(city, county_office, card, "notify", note="x", threshold_confirmed=True)
    noticed = await post(city, OFFICE, card, "notify", note="拟黄牌警告", threshold_confirmed=True)
    waits = await post(city, MAYOR, card, "impose", grounds="x")
    stranger = await post(city, county_leader("430482"), card, "reply", reply="x")
    replied = await post(city, LEADER, card, "reply", reply="整改已完成")
    same = await post(city, OFFICE, card, "impose", grounds="x")
    decided = await post(city, MAYOR, card, "impose", grounds="情况属实")

    codes = [one.status_code for one in (unconfirmed, early, below, noticed, waits, stranger)]
    assert codes == [409, 409, 403, 200, 409, 404]
    assert [one.status_code for one in (replied, same, decided)] == [200, 403, 200]
    assert unconfirmed.json()["type"] == "/problems/threshold-to-be-confirmed"
    assert same.json()["type"] == "/problems/decided-by-notifier"
    assert noticed.json()["reply_due_at"] == at(6, 13).isoformat()
    shown = decided.json()
    assert (shown["effect_from"], shown["effect_to"]) == ("2023-06-05", "2024-06-05")
    assert "评先" in shown["bars_zh"]
    [told] = await city.told(CardIssued)
    assert (told["unit"], told["kind"]) == (UNIT, "yellow")
    steps = (await city.as_(LEADER).get(f"/tasks/cards/{card.id}")).json()["steps"]
    assert [one["action"] for one in steps] == ["propose", "notify", "reply", "impose"]


async def test_the_time_to_reply_is_kept_on_both_sides(city: Stage) -> None:
    card = await two_larger(city)
    await post(city, OFFICE, card, "notify", note="拟黄牌警告", threshold_confirmed=True)
    city.now = at(6, 13) - timedelta(seconds=1)
    early = await post(city, MAYOR, card, "impose", grounds="x")
    city.now = at(6, 13)
    late = await post(city, LEADER, card, "reply", reply="x")
    decided = await post(city, MAYOR, card, "impose", grounds="x")

    assert [one.status_code for one in (early, late, decided)] == [409, 409, 200]
    assert early.json()["type"] == "/problems/reply-still-due"
    assert late.json()["type"] == "/problems/reply-too-late"


async def noticed(city: Stage) -> CardRow:
    card = await two_larger(city)
    await post(city, OFFICE, card, "notify", note="拟黄牌警告", threshold_confirmed=True)
    return card


async def decisions_due(city: Stage) -> list[tuple[str, bool]]:
    return [(fact["office"], fact["replied"]) for fact in await city.told(CardDecisionDue)]


async def test_whoever_decides_hears_of_the_reply_and_not_once_more(city: Stage) -> None:
    card = await noticed(city)
    replied = await post(city, LEADER, card, "reply", reply="已整改")
    await city.fire_until(at(6, 14))

    assert replied.status_code == 200
    assert await decisions_due(city) == [(f"{CITY}.committee_office", True)]


async def test_whoever_decides_hears_when_nobody_replied_in_time(city: Stage) -> None:
    await noticed(city)
    await city.fire_until(at(6, 13) - timedelta(seconds=1))
    assert await decisions_due(city) == []

    await city.fire_until(at(6, 13))
    assert await decisions_due(city) == [(f"{CITY}.committee_office", False)]


async def test_the_end_of_a_card_says_whether_the_unit_ever_heard_of_it(city: Stage) -> None:
    await two_larger(city)
    await city.hear(_milder())
    assert [fact["noticed"] for fact in await city.told(CardEnded)] == [False]


def _merged() -> Any:
    return AccidentMerged(
        occurred_at=at(6, 20),
        accident_id=SECOND,
        region_code=LEIYANG,
        into_id=FIRST,
        grade=Grade.LARGER,
    )


def _struck_off() -> Any:
    return AccidentStruckOff(
        occurred_at=at(6, 20),
        accident_id=SECOND,
        region_code=LEIYANG,
        grade=Grade.LARGER,
        cause="natural",
        rule="test",
    )


def _milder(accident: UUID = SECOND) -> Any:
    return regraded(
        Grade.GENERAL,
        f"{LEIYANG}.government",
        Level.COUNTY,
        accident_id=accident,
        occurred_at=at(6, 20),
    )


@pytest.mark.parametrize("fact", [_merged, _struck_off, _milder])
async def test_an_open_proposal_is_withdrawn_when_facts_fall_below(
    city: Stage, fact: Callable[[], Any]
) -> None:
    await two_larger(city)

    await city.hear(fact())

    [card] = await cards(city)
    assert card.status == "withdrawn"
    [told] = await city.told(CardEnded)
    assert told["how"] == "withdraw"
    steps = (await city.as_(OFFICE).get(f"/tasks/cards/{card.id}")).json()["steps"]
    assert "below the threshold" in steps[-1]["note"]


async def test_a_decided_card_is_flagged_and_stays_until_somebody_decides(city: Stage) -> None:
    await imposed(city)

    await city.hear(_struck_off())

    [card] = await cards(city)
    assert (card.status, card.review_since) == ("in_effect", at(6, 20))
    assert len(await city.told(CardReviewNeeded)) == 1
    listed = await city.as_(OFFICE).get("/tasks/cards?for_review=true")
    assert [row["id"] for row in listed.json()["items"]] == [str(card.id)]
    kept = await post(city, MAYOR, card, "confirm", grounds="其他情形仍成立")
    assert (kept.json()["status"], kept.json()["review_since"]) == ("in_effect", None)

    await happened(city, THIRD, at(6, 21), region_code=CHANGNING)
    await city.hear(found(Finding.LATE, accident_id=FIRST, occurred_at=at(6, 22)))
    [card] = await cards(city)
    assert card.review_since is None  # of these facts it was confirmed already
    await city.hear(_milder(FIRST))
    [card] = await cards(city)
    assert card.review_since is not None
    assert len(await city.told(CardReviewNeeded)) == 2


async def test_an_accident_that_counts_again_carries_the_card_again(city: Stage) -> None:
    await imposed(city)
    await city.hear(_struck_off())

    await city.hear(
        AccidentQualified(
            occurred_at=at(6, 21),
            accident_id=SECOND,
            region_code=LEIYANG,
            grade=Grade.LARGER,
            basis="appeal",
        )
    )

    [card] = await cards(city)
    assert (card.status, card.review_since) == ("in_effect", None)


async def test_what_was_declined_is_proposed_again_by_further_accidents_only(city: Stage) -> None:
    card = await two_larger(city)
    await post(city, MAYOR, card, "decline", grounds="责任不在地方")
    await city.hear(found(Finding.LATE, accident_id=SECOND, occurred_at=at(6, 8)))
    assert [row.status for row in await cards(city)] == ["declined"]

    await happened(city, THIRD, at(6, 9))

    assert [row.status for row in await cards(city)] == ["declined", "proposed"]
    assert [row.threshold for row in await cards(city, kind="veto")] == ["county_larger_again"]


async def test_a_concealment_found_within_three_years_counts_when_it_is_found(city: Stage) -> None:
    await happened(city, FIRST, at(7, 1, year=2021))
    facts = {"accident_id": FIRST, "finding_id": SECOND}
    for status in (FindingStatus.PRELIMINARY, FindingStatus.CONFIRMED):
        assert await cards(city, kind="veto") == []
        await city.hear(found(Finding.CONCEALED, occurred_at=at(6, 8), status=status, **facts))

    [veto] = await cards(city, kind="veto")
    assert (veto.threshold, veto.year) == ("county_concealed", 2023)

    dismissed = {"occurred_at": at(6, 9), "region_code": LEIYANG, "grade": Grade.LARGER}
    await city.hear(FindingDismissed(kind=Finding.CONCEALED, **facts, **dismissed))
    [veto] = await cards(city, kind="veto")
    assert veto.status == "withdrawn"


async def test_the_head_of_a_field_and_the_city_are_carded_by_a_major_accident(
    city: Stage,
) -> None:
    await happened(city, FIRST, at(6, 2), grade=Grade.MAJOR)

    rows = await city.rows(CardRow)
    assert {(row.unit, row.kind) for row in rows} == {
        (UNIT, "veto"),
        (f"{CITY}.government", "yellow"),
        (f"{CITY}.emergency", "yellow"),
    }
    [own] = await cards(city, unit=f"{CITY}.government")
    refused = await post(city, OFFICE, own, "notify", note="x", threshold_confirmed=True)
    assert refused.status_code == 403  # the city does not card itself: that is the province's
