"""Who goes, who investigates and who is held to account, by grade, field and place."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel import calendar
from reference import units
from reference.terms import Grade, Level
from services.tasks.accidents import rules
from services.tasks.chains import domain as chains
from services.tasks.chains.domain import Part

DAY = date(2023, 3, 10)
COUNTY = "430481"


def attendants(
    grade: Grade, industry: str = "construction", region: str = COUNTY
) -> tuple[str, ...]:
    answering = chains.answering(industry=industry, region=region, on=DAY)
    found = rules.attendants(grade=grade, region=region, answering=answering, on=DAY)
    return tuple(attendant.unit for attendant in found)


@pytest.mark.parametrize(
    ("grade", "first"),
    [
        (Grade.GENERAL, "430481.emergency"),
        (Grade.LARGER, "430400.emergency"),
        (Grade.MAJOR, "430000.emergency"),
        (Grade.EXTRAORDINARY, "000000.emergency"),
    ],
)
def test_the_head_of_the_level_of_the_grade_goes_first(grade: Grade, first: str) -> None:
    assert attendants(grade)[0] == first


def test_a_general_accident_calls_nobody_above_the_county() -> None:
    levels = {units.unit(code, on=DAY).level for code in attendants(Grade.GENERAL)}
    assert levels == {Level.COUNTY}


@pytest.mark.parametrize("region", ["430400", "430000"])
@pytest.mark.parametrize("industry", ["construction", "coal_mining", "industry_trade"])
def test_where_no_county_is_known_the_place_itself_goes(region: str, industry: str) -> None:
    assert attendants(Grade.GENERAL, industry, region)[0] == f"{region}.emergency"


@pytest.mark.parametrize(("grade", "graver"), list(pairwise(Grade)))
def test_a_graver_accident_never_calls_fewer_of_those_who_answer(
    grade: Grade, graver: Grade
) -> None:
    assert set(attendants(grade)[1:]) <= set(attendants(graver))


def test_nobody_is_called_twice() -> None:
    found = attendants(Grade.LARGER, "noncoal_mining")
    assert len(found) == len(set(found))


@given(st.dates(date(2020, 1, 1), date(2030, 12, 31)))
def test_the_report_is_due_at_the_end_of_the_sixtieth_day(day: date) -> None:
    due = rules.investigation_due(happened_on=day)

    assert calendar.day_of(due - timedelta(seconds=1)) == day + timedelta(days=60)
    assert calendar.day_of(due) == day + timedelta(days=61)


def test_the_day_of_the_accident_itself_does_not_count() -> None:
    assert rules.investigation_due(happened_on=date(2020, 11, 29)) == datetime(
        2021, 1, 28, 16, 0, tzinfo=UTC
    )


def test_a_duty_binds_those_who_answer_and_no_other_county() -> None:
    answering = chains.answering(industry="construction", region=COUNTY, on=DAY)
    subjects = [
        "430481.housing",
        "430481.government",
        "430481.education",
        "430426.government",
        "430400.party_committee",
        "430400.committee_office",
        "430400.justice",
    ]

    found = rules.bound(subjects, region=COUNTY, answering=answering, roll=units.roll(on=DAY))

    assert found == (
        "430481.housing",
        "430481.government",
        "430400.party_committee",
        "430400.committee_office",
    )


def test_without_a_plan_the_field_and_the_territory_account_for_a_false_report() -> None:
    answering = chains.answering(industry="construction", region=COUNTY, on=DAY)

    found = rules.accountable(answering=answering, on=DAY)

    assert set(answering.lead) <= set(found)
    assert {"430481.government", "430400.government"} <= set(found)
    assert "430481.party_committee" not in found


def test_an_industry_nobody_knows_falls_to_the_chain_that_takes_the_rest() -> None:
    known = chains.answering(industry="K", region=COUNTY, on=DAY)

    assert chains.answering(industry="alchemy", region=COUNTY, on=DAY) == known
    assert chains.answering(industry=None, region=COUNTY, on=DAY) == known


def test_every_link_of_a_chain_says_why_it_is_in_it() -> None:
    answering = chains.answering(industry="construction", region="430472", on=DAY)

    found = chains.links(answering, on=DAY)

    assert [link.position for link in found] == list(range(1, len(found) + 1))
    assert {link.part for link in found} == set(Part)
    assert "建筑施工" in found[0].reason_zh
