"""Cards walk their declared way, and thresholds hold on both sides, by the day's own rows."""

from datetime import date
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reference import city, scoring
from reference.scorerows import Threshold
from reference.terms import Card, Finding, Grade
from services.tasks.cards import domain, domain_subjects, rules
from services.tasks.cards.domain import TRANSITIONS, CardAction, CardActionRefused, CardStatus
from services.tasks.cards.domain_subjects import Carded, Happening
from services.tasks.cards.rules import Fact
from services.tasks.chains import domain as chains
from services.tasks.rankings import domain as rankings
from services.tasks.rankings.domain import RankingAction, RankingStatus
from services.tasks.scoreobjections import domain as objections
from services.tasks.scoreobjections.domain import ScoreObjectionAction, ScoreObjectionStatus

IN_2017, IN_2023 = date(2020, 6, 1), date(2023, 6, 1)
GRADES = st.lists(st.sampled_from(Grade), max_size=6)
G, L, M, X = Grade


def facts(*grades: Grade, hidden: tuple[Finding, ...] = ()) -> list[Fact]:
    return [Fact(accident_id=uuid4(), grade=grade, hidden=hidden) for grade in grades]


def cards(group: str, held: list[Fact], *, on: date = IN_2017) -> dict[Card, str | None]:
    rows = scoring.thresholds(group, on=on)
    found = {kind: rules.crossed(kind, rows, held) for kind in Card}
    return {kind: every[0].threshold.code if every else None for kind, every in found.items()}


@pytest.mark.parametrize("on", [IN_2017, IN_2023])
@pytest.mark.parametrize(
    ("group", "grades", "yellow", "veto"),
    [
        ("counties", [G] * 9, None, None),
        ("counties", [L], None, None),
        ("counties", [L, L], "county_larger", None),
        ("counties", [L, L, L], "county_larger", "county_larger_again"),
        ("counties", [M], None, "county_major"),
        ("counties", [L, M], "county_larger", "county_major"),
        ("counties", [X], None, "county_major"),
        ("cities", [L] * 9, None, None),
        ("cities", [M], "city_major", None),
        ("cities", [M, M], "city_major", "city_major_again"),
        ("cities", [X], "city_major", "city_extraordinary"),
        ("departments", [L] * 9, None, None),
        ("departments", [M], "department_major", None),
        ("departments", [M, M], "department_major", "department_major_again"),
        ("parks", [L, L], "park_larger", None),
        ("parks", [M], None, "park_major"),
        ("townships", [X], None, None),
    ],
)
def test_a_threshold_is_crossed_at_its_bound(
    group: str, grades: list[Grade], yellow: str | None, veto: str | None, on: date
) -> None:
    assert cards(group, facts(*grades), on=on) == {Card.YELLOW: yellow, Card.VETO: veto}


@pytest.mark.parametrize(
    ("grade", "hidden", "veto"),
    [
        (L, (Finding.CONCEALED,), "county_concealed"),
        (L, (Finding.FALSE,), "county_concealed"),
        (L, (Finding.LATE,), None),
        (G, (Finding.CONCEALED,), None),
    ],
)
def test_a_concealed_larger_accident_is_a_veto(
    grade: Grade, hidden: tuple[Finding, ...], veto: str | None
) -> None:
    assert cards("counties", facts(grade, hidden=hidden))[Card.VETO] == veto


@given(grades=GRADES, more=st.sampled_from(Grade))
def test_a_further_accident_never_takes_a_card_away(grades: list[Grade], more: Grade) -> None:
    for group in ("cities", "counties", "parks", "departments"):
        before, after = cards(group, facts(*grades)), cards(group, facts(*grades, more))
        assert all(after[kind] for kind, code in before.items() if code)


@given(grades=GRADES)
def test_a_crossed_threshold_names_just_the_accidents_it_counts(grades: list[Grade]) -> None:
    held = facts(*grades)
    for kind in Card:
        rows = scoring.thresholds("counties", on=IN_2017)
        for found in rules.crossed(kind, rows, held):
            row = found.threshold
            grave = [one.accident_id for one in held if one.grade.rank >= row.least_grade.rank]
            assert list(found.accidents) == grave == list(rules.counted(row, held))
            assert len(grave) >= row.count


@pytest.mark.parametrize("row", city.current().thresholds, ids=lambda row: f"{row.code}@{row.rule}")
def test_every_threshold_holds_on_both_sides(row: Threshold) -> None:
    hidden = row.findings[:1]
    reached = facts(*[row.least_grade] * row.count, hidden=hidden)
    milder = Grade(list(Grade)[row.least_grade.rank - 1])

    assert len(rules.crossed(row.card, [row], reached)) == 1
    assert rules.crossed(row.card, [row], reached[1:]) == ()
    assert rules.crossed(row.card, [row], [*reached[1:], *facts(milder, hidden=hidden)]) == ()
    graver = rules.crossed(row.card, [row], [*reached[1:], *facts(Grade.EXTRAORDINARY)])
    assert (graver == ()) is bool(row.findings)  # where it says so, only what was hidden counts
    other = next(kind for kind in Card if kind is not row.card)
    assert rules.crossed(other, [row], reached) == ()


@pytest.mark.parametrize(
    ("on", "instrument", "confirmed"),
    [
        (date(2021, 3, 31), "hn-assessment-2017", True),
        (date(2021, 4, 1), "hn-assessment-2021", False),
    ],
)
def test_what_could_not_be_read_is_to_be_confirmed(
    on: date, instrument: str, confirmed: bool
) -> None:
    rows = scoring.thresholds("counties", on=on)

    assert {(row.source.instrument, row.confirmed) for row in rows} == {(instrument, confirmed)}


@pytest.mark.parametrize(
    ("group", "on", "confirmed"),
    [
        ("counties", date(2016, 12, 31), None),
        ("counties", date(2017, 1, 1), True),
        ("departments", date(2021, 3, 31), True),
        ("departments", date(2021, 4, 1), False),
        ("parks", date(2023, 1, 1), False),
        ("townships", date(2023, 1, 1), None),
    ],
)
def test_who_failed_a_year_is_barred_by_the_measures_of_the_day(
    group: str, on: date, confirmed: bool | None
) -> None:
    found = scoring.failing(group, on=on)

    assert (found and found.confirmed) is confirmed
    assert found is None or found.card is Card.VETO


def test_a_card_bars_for_a_year_and_is_listed_in_the_next() -> None:
    effect = scoring.effect(Card.YELLOW, on=IN_2023)

    assert rules.in_effect(date(2024, 2, 29), effect) == (date(2024, 2, 29), date(2025, 2, 28))
    assert rules.listed_in(2023) == 2024


def test_an_accident_counts_to_its_place_its_city_and_who_leads_its_field() -> None:
    def answering(region: str, industry: str | None) -> tuple[Carded, ...]:
        led = chains.answering(industry=industry, region=region, on=IN_2023).lead
        return domain_subjects.answering(Happening(region=region, on=IN_2023, leads=frozenset(led)))

    in_county = answering("430481", "noncoal_mining")
    in_park = answering("430473", "noncoal_mining")

    assert [(one.unit, one.group) for one in in_county] == [
        ("430400.emergency", "departments"),
        ("430400.government", "cities"),
        ("430481.government", "counties"),
    ]
    assert [one.group for one in in_park] == ["departments", "cities", "parks"]
    assert answering("430481", None)
    assert answering("430121", "noncoal_mining") == ()  # of another city


@pytest.mark.parametrize("status", CardStatus)
@pytest.mark.parametrize("action", CardAction)
def test_only_declared_steps_of_a_card_are_taken(status: CardStatus, action: CardAction) -> None:
    if (status, action) in TRANSITIONS:
        assert domain.after(status, action) is TRANSITIONS[status, action]
    else:
        with pytest.raises(CardActionRefused):
            domain.after(status, action)


@pytest.mark.parametrize("status", RankingStatus)
@pytest.mark.parametrize("action", RankingAction)
def test_only_declared_steps_of_a_ranking_are_taken(
    status: RankingStatus, action: RankingAction
) -> None:
    if (status, action) in rankings.TRANSITIONS:
        assert rankings.after(status, action) is rankings.TRANSITIONS[status, action]
    else:
        with pytest.raises(rankings.RankingActionRefused):
            rankings.after(status, action)


@pytest.mark.parametrize("status", ScoreObjectionStatus)
@pytest.mark.parametrize("action", ScoreObjectionAction)
def test_an_objection_is_ruled_on_once(
    status: ScoreObjectionStatus, action: ScoreObjectionAction
) -> None:
    if (status, action) in objections.TRANSITIONS:
        assert objections.after(status, action) is objections.TRANSITIONS[status, action]
    else:
        with pytest.raises(objections.ScoreObjectionSettled):
            objections.after(status, action)
