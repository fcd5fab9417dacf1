"""What is looked into, who may be entrusted, and on which grounds a case climbs."""

from dataclasses import replace
from datetime import date

import pytest

from reference import escalations, national
from reference.terms import Grade, Regime
from services.incidents.accidents.rules import Figures
from services.incidents.climbs import rules
from services.incidents.climbs.rules import Known
from services.incidents.investigations.rules import Inquiry, inquiry

DAY = date(2023, 6, 1)
SERIOUS_INCIDENTS = sorted(row.code for row in national.SERIOUS_INCIDENTS.at(DAY))
ROWS = {row.code: row for row in escalations.rows(on=DAY)}


MISSING = Figures(missing=3)


@pytest.mark.parametrize(
    ("figures", "risks", "expected"),
    [
        (Figures(), (), Inquiry.NO_CASUALTIES),
        (Figures(minor_injuries=1), (), Inquiry.CASUALTIES),
        (Figures(serious_injuries=1), (), Inquiry.CASUALTIES),
        (Figures(deaths=1), (), Inquiry.CASUALTIES),
        (Figures(missing=1), (), Inquiry.CASUALTIES),
        (Figures(trapped=2), (), Inquiry.NO_CASUALTIES),
        (Figures(evacuated=499), (), Inquiry.NO_CASUALTIES),
        (Figures(evacuated=500), ("evacuated",), Inquiry.NEAR_MISS),
        (Figures(evacuated=500, deaths=1), ("evacuated",), Inquiry.CASUALTIES),
        (MISSING, ("trapped_or_missing",), Inquiry.NEAR_MISS),
        (replace(MISSING, missing_presumed_dead=True), ("trapped_or_missing",), Inquiry.CASUALTIES),
        *((Figures(), (code,), Inquiry.NEAR_MISS) for code in SERIOUS_INCIDENTS),
        *((Figures(deaths=1), (code,), Inquiry.CASUALTIES) for code in SERIOUS_INCIDENTS),
    ],
)
def test_what_harmed_nobody_is_looked_into_as_well(
    figures: Figures, risks: tuple[str, ...], expected: Inquiry
) -> None:
    assert inquiry(figures, risks=risks) is expected


@pytest.mark.parametrize("grade", Grade)
@pytest.mark.parametrize("regime", Regime)
def test_governments_entrust_their_departments_and_the_mine_organs_nobody(
    regime: Regime, grade: Grade
) -> None:
    row = rules.delegation(
        regime=regime, grade=grade, inquiry=Inquiry.CASUALTIES, to_enterprise=False, on=DAY
    )
    mine_organ = regime is Regime.COAL_MINE and grade is not Grade.EXTRAORDINARY

    assert (row is None) is mine_organ


@pytest.mark.parametrize(
    ("grade", "looked_into", "allowed"),
    [
        (Grade.GENERAL, Inquiry.NO_CASUALTIES, True),
        (Grade.GENERAL, Inquiry.NEAR_MISS, True),
        (Grade.GENERAL, Inquiry.CASUALTIES, False),
        (Grade.LARGER, Inquiry.NO_CASUALTIES, False),
    ],
)
def test_an_enterprise_looks_only_into_general_accidents_that_harmed_nobody(
    grade: Grade, looked_into: Inquiry, allowed: bool
) -> None:
    row = rules.delegation(
        regime=Regime.STANDARD, grade=grade, inquiry=looked_into, to_enterprise=True, on=DAY
    )

    assert (row is not None) is allowed


@pytest.mark.parametrize(
    ("deaths", "sector", "stands"),
    [
        (5, "construction", False),
        (6, "construction", True),
        (9, "construction", True),
        (10, "construction", False),
        (6, "retail", False),
        (6, None, False),
    ],
)
def test_six_to_nine_deaths_in_a_high_risk_trade(
    deaths: int, sector: str | None, stands: bool
) -> None:
    assert rules.many_deaths(ROWS["upper_larger"], deaths=deaths, sector=sector) is stands


@pytest.mark.parametrize(
    ("earlier", "stands"),
    [
        ((), False),
        ((date(2021, 6, 1),), True),
        ((date(2021, 5, 31),), False),
        ((date(2023, 5, 31),), True),
        ((date(2023, 6, 1),), True),
        ((date(2023, 6, 2),), False),
        ((date(2019, 1, 1), date(2020, 1, 1)), False),
    ],
)
def test_the_second_larger_accident_of_an_enterprise_in_twenty_four_months(
    earlier: tuple[date, ...], stands: bool
) -> None:
    assert rules.again(ROWS["same_enterprise_again"], on=DAY, earlier=earlier) is stands


def test_grounds_are_offered_with_what_the_figures_say() -> None:
    known = Known(
        grade=Grade.LARGER, deaths=6, sector="construction", on=DAY, earlier=(date(2022, 1, 1),)
    )
    offered = {one.row.code: one.stands for one in rules.grounds(known, today=DAY)}

    assert offered == {
        "typical_larger": None,
        "concealment_alleged": None,
        "complex": None,
        "upper_larger": True,
        "same_enterprise_again": True,
        "listed_hazard_open": None,
        "after_warning": None,
        "team_not_qualified": None,
        "other": None,
    }


def test_a_general_accident_has_only_the_grounds_of_every_grade() -> None:
    known = Known(grade=Grade.GENERAL, deaths=1, sector=None, on=DAY)

    assert [one.row.code for one in rules.grounds(known, today=DAY)] == [
        "complex",
        "team_not_qualified",
        "other",
    ]


def test_a_list_is_one_level_above_the_holder_and_begins_with_its_measures() -> None:
    for grade in (Grade.LARGER, Grade.MAJOR):
        row = rules.listing(grade, on=DAY)
        held = national.AUTHORITIES.one((Regime.STANDARD, grade), on=DAY)
        assert row is not None
        assert (row.level, row.days) == (held.level.up(), 60)
        assert rules.listing(grade, on=date(2010, 9, 1)) is None
    assert rules.listing(Grade.GENERAL, on=DAY) is None
    assert rules.listing(Grade.EXTRAORDINARY, on=DAY) is None


@pytest.mark.parametrize(
    ("grade", "approval", "more"),
    [
        (Grade.GENERAL, 15, 0),
        (Grade.LARGER, 15, 0),
        (Grade.MAJOR, 15, 0),
        (Grade.EXTRAORDINARY, 30, 30),
    ],
)
def test_the_limits_of_each_grade(grade: Grade, approval: int, more: int) -> None:
    investigation = national.INVESTIGATION_LIMITS.one(("investigation", grade), on=DAY)
    deciding = national.INVESTIGATION_LIMITS.one(("approval", grade), on=DAY)

    assert (investigation.days, investigation.extension_days) == (60, 60)
    assert (deciding.days, deciding.extension_days) == (approval, more)
