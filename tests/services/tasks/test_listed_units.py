"""Units with a card of one year are listed in the next, until it is lifted; a card runs out."""

from datetime import timedelta

import pytest

from contracts.tasks_scoring import CardEnded, UnitsListed
from tests.services.stage import Stage
from tests.services.tasks.hotline import at
from tests.services.tasks.scoring import MAYOR, OFFICE
from tests.services.tasks.story import officer
from tests.services.tasks.test_cards import (
    THIRD,
    UNIT,
    cards,
    happened,
    imposed,
    post,
    prepared,
    two_larger,
)


@pytest.fixture
async def city(tasks: Stage) -> Stage:
    """A city without accidents, on a Monday in June."""
    return await prepared(tasks)


async def test_last_years_carded_units_are_listed_from_the_first_of_january(city: Stage) -> None:
    await imposed(city)
    listed = "/tasks/cards/listed?year=2024"
    enterprise = officer("91430481MA4T00019M")

    await city.fire_until(at(1, 1, year=2024) - timedelta(seconds=1))
    before = (await city.as_(enterprise).get(listed)).json()["items"]
    await city.fire_until(at(1, 1, year=2024))
    after = (await city.as_(enterprise).get(listed)).json()["items"]

    assert before == []
    assert [(row["unit"], row["kind"]) for row in after] == [(UNIT, "yellow")]
    assert after[0]["opened_at"] == at(1, 1, year=2024).isoformat()
    [told] = await city.told(UnitsListed)
    assert (told["year"], told["units"]) == (2024, [UNIT])
    assert told["superiors"] == ["430400.government"]


async def test_a_lifted_card_is_not_listed_any_more_and_an_old_one_runs_out(city: Stage) -> None:
    card = await imposed(city)
    await city.fire_until(at(1, 1, year=2024))
    city.now = at(1, 2, year=2024)

    lifted = await post(city, MAYOR, card, "lift", grounds="整改到位，经验收")
    await city.fire_until(at(7, 1, year=2024))

    assert lifted.json()["status"] == "lifted"
    rows = (await city.as_(OFFICE).get("/tasks/cards/listed?year=2024")).json()["items"]
    assert rows[0]["closed_at"] == at(1, 2, year=2024).isoformat()
    assert [fact["how"] for fact in await city.told(CardEnded)] == ["lift"]


async def test_a_card_is_over_when_its_year_has_passed(city: Stage) -> None:
    await imposed(city)

    await city.fire_until(at(6, 14, year=2024) - timedelta(seconds=1))
    assert [row.status for row in await cards(city)] == ["in_effect"]
    await city.fire_until(at(6, 14, year=2024))

    assert [row.status for row in await cards(city)] == ["over"]


async def test_a_card_of_last_year_decided_in_the_new_one_is_listed_at_once(city: Stage) -> None:
    card = await two_larger(city)
    city.now = at(1, 8, 9, year=2024)
    await post(city, OFFICE, card, "notify", note="拟黄牌警告", threshold_confirmed=True)
    city.now = at(1, 16, year=2024)
    await post(city, MAYOR, card, "impose", grounds="一年内两起较大事故")

    rows = (await city.as_(OFFICE).get("/tasks/cards/listed?year=2024")).json()["items"]

    assert [(row["unit"], row["opened_at"]) for row in rows] == [
        (UNIT, at(1, 16, year=2024).isoformat())
    ]


async def test_a_unit_that_is_listed_for_two_cards_is_told_once(city: Stage) -> None:
    await imposed(city)
    await city.fire_until(at(1, 1, year=2024))
    city.now = at(1, 8, 9, year=2024)
    await happened(city, THIRD, at(7, 20), occurred_at=city.now)
    [veto] = await cards(city, kind="veto")
    await post(city, OFFICE, veto, "notify", note="拟一票否决", threshold_confirmed=True)
    city.now = at(1, 16, year=2024)
    await post(city, MAYOR, veto, "impose", grounds="一年内三起较大事故")

    rows = (await city.as_(OFFICE).get("/tasks/cards/listed?year=2024")).json()["items"]

    assert sorted(row["kind"] for row in rows) == ["veto", "yellow"]
    assert [fact["units"] for fact in await city.told(UnitsListed)] == [[UNIT]]


async def test_nothing_is_noticed_whose_reply_would_have_to_guess_holidays(city: Stage) -> None:
    card = await two_larger(city)
    city.now = at(12, 30, 9, year=2026)

    refused = await post(city, OFFICE, card, "notify", note="x", threshold_confirmed=True)

    assert refused.status_code == 409
    assert refused.json()["type"] == "/problems/calendar-not-loaded"
