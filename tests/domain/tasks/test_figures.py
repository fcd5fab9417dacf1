"""What an accident adds to which figures, and the life of a reported figure."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reference import figures as pack
from reference.terms import DutyKind, Grade
from services.tasks.figures import domain
from services.tasks.figures.domain import Counted, FigureDecided, ReportAction, ReportStatus

DAY = date(2023, 6, 1)
RULES = pack.counted(on=DAY)

ACCIDENTS = st.builds(
    Counted,
    sector=st.sampled_from(["construction", "coal_mining"]),
    accident_type=st.sampled_from(["forest_fire", "collapse"]),
    grade=st.sampled_from(list(Grade)),
    deaths=st.integers(min_value=0, max_value=40),
    counts=st.just(True),
)


@pytest.mark.parametrize("status", ReportStatus)
@pytest.mark.parametrize("action", ReportAction)
def test_a_figure_is_decided_on_once(status: ReportStatus, action: ReportAction) -> None:
    if (status, action) in domain.REPORT_TRANSITIONS:
        assert domain.after(status, action) is domain.REPORT_TRANSITIONS[status, action]
    else:
        with pytest.raises(FigureDecided):
            domain.after(status, action)


@given(accident=ACCIDENTS)
def test_every_accident_is_counted_once_by_its_grade(accident: Counted) -> None:
    found = domain.amounts(accident, RULES)

    assert found["accident_count"] == 1
    assert found["death_count"] == accident.deaths
    graver = accident.grade.at_least(Grade.LARGER)
    assert found["accident_count_ge_larger"] == int(graver)
    assert found["accident_count_general"] == int(not graver)


@given(accident=ACCIDENTS)
def test_an_accident_counts_only_in_its_own_sector_and_kind(accident: Counted) -> None:
    found = domain.amounts(accident, RULES)

    building = accident.sector == "construction"
    assert found["building_accident_count"] == int(building)
    assert found["building_death_count"] == (accident.deaths if building else 0)
    fire = accident.accident_type == "forest_fire" and accident.grade.at_least(Grade.LARGER)
    assert found["forest_fire_count_ge_larger"] == int(fire)


@given(accident=ACCIDENTS)
def test_what_was_struck_off_or_merged_adds_nothing_anywhere(accident: Counted) -> None:
    gone = Counted(
        sector=accident.sector,
        accident_type=accident.accident_type,
        grade=accident.grade,
        deaths=accident.deaths,
        counts=False,
    )

    assert set(domain.amounts(gone, RULES).values()) == {0}


def test_what_no_service_tells_is_reported() -> None:
    rule = pack.rule("gas_pipeline_renewed_km", on=DAY)

    assert (rule.code, rule.told_by) == ("gas_pipeline_renewed_km", "reported")


@pytest.mark.parametrize(
    ("kind", "adds"),
    [
        (DutyKind.RATE_TARGET, False),
        (DutyKind.COUNT_TARGET, True),
        (DutyKind.REDUCTION_TARGET, True),
        (DutyKind.PROHIBITION, True),
    ],
)
def test_counts_of_several_days_are_added_up_and_of_rates_the_newest_holds(
    kind: DutyKind, adds: bool
) -> None:
    assert pack.adds_up(pack.rule("anything", on=DAY), kind) is adds


def test_a_row_may_say_that_the_newest_count_holds() -> None:
    row = pack.rule("anything", on=DAY).model_copy(update={"adds": "latest"})

    assert not pack.adds_up(row, DutyKind.COUNT_TARGET)
