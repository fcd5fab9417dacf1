"""What the plan asks of the office because of cards: a warning before it, listing a year after."""

import pytest

from contracts.tasks_scoring import CardEnded, CardNoticed, CardProposed, UnitsListed
from kernel import calendar
from kernel.ids import uuid7
from reference.terms import Grade
from services.tasks.cards.tables import CardRow
from services.tasks.obligations.domain import Cause, Release
from services.tasks.obligations.tables import Obligation
from tests.services.stage import Stage
from tests.services.tasks.hotline import at
from tests.services.tasks.ownfacts import heard, issued, owing, told
from tests.services.tasks.scoring import MAYOR, OFFICE
from tests.services.tasks.story import CITY
from tests.services.tasks.test_cards import (
    FIRST,
    SECOND,
    _struck_off,
    happened,
    imposed,
    post,
    prepared,
    two_larger,
)

WARNED, LISTED = "35.7", "33.2"
COMMITTEE_OFFICE = f"{CITY}.committee_office"


@pytest.fixture
async def city(tasks: Stage) -> Stage:
    """A city without accidents, on a Monday in June."""
    return await prepared(tasks)


async def test_a_proposed_card_has_the_office_warn_the_unit(city: Stage) -> None:
    card = await two_larger(city)

    assert await heard(city, CardProposed) == 1

    [row] = await owing(city, WARNED)
    assert (row.subject, row.origin, row.cause) == (COMMITTEE_OFFICE, card.id, Cause.CARD)
    assert card.proposed_at == at(6, 2)
    assert row.due_at == at(7, 4)  # thirty days end on a Sunday: 24:00 of Monday


async def test_a_card_that_is_told_again_asks_for_no_second_warning(city: Stage) -> None:
    await two_larger(city)
    [fact] = await told(city, CardProposed)

    await city.hear(fact, fact.model_copy(update={"event_id": uuid7()}))

    assert len(await owing(city, WARNED)) == 1


async def test_the_notice_is_the_warning(city: Stage) -> None:
    card = await two_larger(city)
    await heard(city, CardProposed)
    answer = await post(city, OFFICE, card, "notify", note="拟黄牌警告", threshold_confirmed=True)
    assert answer.status_code == 200, answer.text

    assert await heard(city, CardNoticed) == 1

    [row] = await owing(city, WARNED)
    assert (row.status, row.closed_at) == ("fulfilled", city.now)


async def test_nobody_is_warned_of_a_card_that_is_none(city: Stage) -> None:
    await two_larger(city)
    await heard(city, CardProposed)
    await city.hear(_struck_off())

    assert await heard(city, CardEnded) == 1

    [row] = await owing(city, WARNED)
    assert (row.status, row.released_for) == ("released", Release.CARD_ENDED)


async def of_last_year(city: Stage) -> CardRow:
    """A yellow card for 2022 that was decided in 2023: the unit is listed at once."""
    await happened(city, FIRST, at(3, 10, year=2022))
    await happened(city, SECOND, at(6, 2, year=2022))
    [card] = await city.rows(CardRow, kind="yellow")
    city.now = at(6, 5, 9)
    await post(city, OFFICE, card, "notify", note="拟黄牌警告", threshold_confirmed=True)
    city.now = at(6, 13, 9)
    decided = await post(city, MAYOR, card, "impose", grounds="一年内两起较大事故")
    assert decided.status_code == 200, decided.text
    return card


async def test_the_office_looks_after_each_unit_that_is_listed(city: Stage) -> None:
    card = await of_last_year(city)

    assert await heard(city, UnitsListed) == 1

    [row] = await owing(city, LISTED)
    assert (row.subject, row.origin, row.cause) == (COMMITTEE_OFFICE, card.id, Cause.LISTING)
    assert row.due_at == calendar.closes_at(calendar.add_days(calendar.day_of(city.now), 30))


async def test_a_further_version_or_list_asks_for_no_listed_unit_again(city: Stage) -> None:
    await of_last_year(city)
    await heard(city, UnitsListed)
    [fact] = await told(city, UnitsListed)

    await issued(city, LISTED, year=2023, at=at(7, 1), code="33.9")
    await city.hear(fact.model_copy(update={"event_id": uuid7()}))

    assert len(await city.rows(Obligation, cause=Cause.LISTING)) == 1


async def test_a_plan_that_is_issued_after_new_year_asks_for_those_listed_before(
    city: Stage,
) -> None:
    card = await imposed(city)
    await city.fire_until(at(1, 1, year=2024))
    assert await heard(city, UnitsListed) == 1
    assert await city.rows(Obligation, cause=Cause.LISTING) == []  # no plan of 2024 yet

    await issued(city, LISTED, year=2024, at=at(3, 1, 9, year=2024))

    [row] = await owing(city, LISTED, year=2024)
    assert (row.origin, row.subject) == (card.id, COMMITTEE_OFFICE)
    assert row.due_at == calendar.closes_at(calendar.add_days(at(3, 1, year=2024).date(), 31))


async def test_a_plan_that_is_issued_before_new_year_asks_for_none_before_it(city: Stage) -> None:
    await imposed(city)
    await issued(city, LISTED, year=2024, at=at(12, 20, 9))
    assert await city.rows(Obligation, cause=Cause.LISTING) == []

    await city.fire_until(at(1, 1, year=2024))
    await heard(city, UnitsListed)

    assert len(await owing(city, LISTED, year=2024)) == 1


async def test_a_unit_whose_card_is_lifted_is_nobodys_to_look_after(city: Stage) -> None:
    card = await of_last_year(city)
    await heard(city, UnitsListed)
    lifted = await post(city, MAYOR, card, "lift", grounds="整改到位，经验收")
    assert lifted.status_code == 200, lifted.text

    await heard(city, CardEnded)

    [row] = await owing(city, LISTED)
    assert (row.status, row.released_for) == ("released", Release.CARD_ENDED)


async def test_a_card_lifted_before_it_was_heard_of_lists_nobody(city: Stage) -> None:
    card = await of_last_year(city)
    await post(city, MAYOR, card, "lift", grounds="整改到位，经验收")

    await heard(city, UnitsListed)

    assert await owing(city, LISTED) == []


async def test_a_card_that_ran_its_time_leaves_what_it_asked(city: Stage) -> None:
    await of_last_year(city)
    await heard(city, UnitsListed)
    await city.fire_until(at(6, 14, year=2024), "card_effect_over")

    assert await heard(city, CardEnded) == 1

    [row] = await owing(city, LISTED)
    assert row.status == "open"


async def test_a_veto_alone_is_no_yellow_card(city: Stage) -> None:
    await happened(city, FIRST, at(3, 10, year=2022), grade=Grade.MAJOR)
    [card] = await city.rows(CardRow, kind="veto", group_code="counties")
    city.now = at(6, 5, 9)
    await post(city, OFFICE, card, "notify", note="拟一票否决", threshold_confirmed=True)
    city.now = at(6, 13, 9)
    decided = await post(city, MAYOR, card, "impose", grounds="发生重大事故")
    assert decided.status_code == 200, decided.text

    assert await heard(city, UnitsListed) == 1

    assert await owing(city, LISTED) == []
