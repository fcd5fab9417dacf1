"""The life of a visit, and who makes a special one by when."""

from datetime import date

import pytest

from services.inspections.leads.rules import Decided
from services.inspections.visits import domain, rules
from services.inspections.visits.domain import TRANSITIONS, Action, ActionRefused, Status

DAY = date(2023, 3, 10)


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("action", Action)
def test_only_declared_transitions_are_allowed(status: Status, action: Action) -> None:
    if (status, action) in TRANSITIONS:
        assert domain.after(status, action) is TRANSITIONS[status, action]
    else:
        with pytest.raises(ActionRefused):
            domain.after(status, action)


def test_a_special_visit_has_fifteen_days_after_the_day_it_was_ordered() -> None:
    assert rules.special_visit_due(on=DAY) == date(2023, 3, 25)
    assert rules.special_visit(on=DAY).days == 15


def test_a_clue_is_looked_into_within_seven_days_after_the_day_it_came() -> None:
    assert rules.clue_visit_due(on=DAY) == date(2023, 3, 17)
    assert rules.clue_visit(on=DAY).days == 7


@pytest.mark.parametrize(
    ("industry", "region", "unit"),
    [
        ("construction", "430481", "430481.housing"),
        ("noncoal_mining", "430481", "430481.emergency"),
        (None, "430481", "430481.emergency"),
        ("construction", "430112", "430112.emergency"),  # outside of the city
    ],
)
def test_the_nearest_department_of_the_field_visits(
    industry: str | None, region: str, unit: str
) -> None:
    sector = rules.sector_of(industry)
    assert rules.visiting_unit(sector=sector, region=region, on=DAY) == unit


@pytest.mark.parametrize(
    ("decided", "unit"),
    [
        (Decided(region="430400", field="gas"), "430481.urban_management"),
        (Decided(region="430400", field="gas", lead="430400.housing"), "430400.housing"),
        (Decided(region="430400", field="ended_since"), "430481.emergency"),
        (None, "430481.education"),
    ],
)
def test_whoever_was_decided_to_lead_visits(decided: Decided | None, unit: str) -> None:
    found = rules.visiting_unit(sector="education", region="430481", on=DAY, decided=decided)
    assert found == unit
