"""Who investigates, and when that climbs."""

from datetime import date

import pytest

from reference.packs import NothingInForce
from reference.terms import Finding, FindingStatus, Grade, Level, Regime
from services.incidents.investigations import rules

DAY = date(2023, 6, 1)


def held(
    regime: Regime, grade: Grade, *, region: str = "430481", on: date = DAY, levels_up: int = 0
) -> tuple[Level, str]:
    authority = rules.authority(
        regime=regime, grade=grade, region=region, on=on, today=on, levels_up=levels_up
    )
    return authority.level, authority.unit


@pytest.mark.parametrize(
    ("grade", "level", "unit"),
    [
        (Grade.GENERAL, Level.COUNTY, "430481.government"),
        (Grade.LARGER, Level.CITY, "430400.government"),
        (Grade.MAJOR, Level.PROVINCE, "430000.government"),
        (Grade.EXTRAORDINARY, Level.NATIONAL, "000000.government"),
    ],
)
def test_each_grade_is_investigated_by_the_government_of_its_level(
    grade: Grade, level: Level, unit: str
) -> None:
    assert held(Regime.STANDARD, grade) == (level, unit)
    assert rules.level_of(regime=Regime.STANDARD, grade=grade, on=DAY) is level


@pytest.mark.parametrize("on", [date(2021, 6, 1), date(2024, 4, 30), date(2024, 5, 1)])
@pytest.mark.parametrize(
    ("grade", "unit"),
    [
        (Grade.GENERAL, "430400.mine_safety"),
        (Grade.LARGER, "430000.mine_safety"),
        (Grade.MAJOR, "430000.mine_safety"),
        (Grade.EXTRAORDINARY, "000000.government"),
    ],
)
def test_coal_mines_have_organs_of_their_own(grade: Grade, unit: str, on: date) -> None:
    assert held(Regime.COAL_MINE, grade, on=on)[1] == unit


def test_a_city_without_a_local_organ_is_served_by_the_one_above() -> None:
    level, unit = held(Regime.COAL_MINE, Grade.GENERAL, region="430112")

    assert (level, unit) == (Level.CITY, "430000.mine_safety")


def test_an_accident_in_a_park_is_investigated_by_the_county_the_park_lies_in() -> None:
    level, unit = held(Regime.STANDARD, Grade.GENERAL, region="430471")

    assert level is Level.COUNTY
    assert unit == "430406.government"


def test_a_place_without_the_level_below_investigates_itself() -> None:
    assert held(Regime.STANDARD, Grade.GENERAL, region="430400") == (
        Level.CITY,
        "430400.government",
    )


@pytest.mark.parametrize(
    ("grade", "unit"),
    [
        (Grade.GENERAL, "430400.government"),
        (Grade.LARGER, "430000.government"),
        (Grade.MAJOR, "000000.government"),
        (Grade.EXTRAORDINARY, "000000.government"),
    ],
)
def test_a_case_that_climbed_is_one_level_up_and_the_nation_is_the_top(
    grade: Grade, unit: str
) -> None:
    assert held(Regime.STANDARD, grade, levels_up=1)[1] == unit


def test_a_day_before_the_decree_has_no_authority() -> None:
    with pytest.raises(NothingInForce):
        held(Regime.STANDARD, Grade.GENERAL, on=date(2007, 5, 31))


@pytest.mark.parametrize("status", FindingStatus)
@pytest.mark.parametrize("finding", Finding)
def test_only_concealment_binds_a_higher_level(finding: Finding, status: FindingStatus) -> None:
    ground = rules.escalation(finding=finding, status=status, grade=Grade.GENERAL, on=DAY)

    found = status.at_least(FindingStatus.PRELIMINARY)
    assert (ground is not None) is (finding is Finding.CONCEALED and found)
    if ground is not None:
        assert ground.levels_up == 1
        assert ground.rule.startswith("hy-plan-2023 9.12@")
