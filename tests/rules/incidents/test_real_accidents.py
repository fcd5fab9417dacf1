"""Eighteen accidents that happened: each has its official grade and its official investigator.

The figures stand in `real_accidents.csv`. `levels` are those of government at the place: a
municipality has no city between it and its districts, some cities have no counties. Where the
table of the project's founders lies beside the project, its rows must say the same.
"""

import csv
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from kernel.calendar import SHANGHAI
from reference import national, regions
from reference.national.rows import Authority
from reference.terms import Finding, FindingStatus, Grade, Level, Regime
from services.incidents.accidents.rules import Figures, Verdict, grade, scale_of, window
from services.incidents.grading.rules import fact_finder
from services.incidents.investigations import rules as investigating

Row = Mapping[str, str]

OWN = Path(__file__).parent / "real_accidents.csv"
SHARED = Path(__file__).parents[4] / "shared" / "domain" / "accidents.csv"

OFFICIAL = {"一般": "general", "较大": "larger", "重大": "major", "特别重大": "extraordinary"}
INVESTIGATORS = (
    ("国务院", Level.NATIONAL),
    ("国家矿山", Level.NATIONAL),
    ("驻地煤监", Level.CITY),
    ("煤矿安全监察局", Level.PROVINCE),
    ("煤监局", Level.PROVINCE),
    ("北京市", Level.PROVINCE),
    ("省", Level.PROVINCE),
    ("市提级", Level.CITY),
    ("市人民政府", Level.CITY),
    ("县政府", Level.COUNTY),
    ("区人民政府", Level.COUNTY),
)


def read(path: Path) -> list[Row]:
    if not path.exists():
        return []
    with path.open(encoding="utf-8") as rows:
        return list(csv.DictReader(rows))


ROWS = read(OWN)
TOLD = {row["id"]: row for row in read(SHARED)}


def figures(row: Row) -> Figures:
    missing, serious = int(row["missing"]), int(row["seriously_injured"] or 0)
    return Figures(
        deaths=int(row["deaths"]) - missing,
        missing=missing,
        missing_presumed_dead=True,
        serious_injuries=serious,
        minor_injuries=int(row["injured"]) - serious,
        direct_loss_wan=Decimal(row["loss_wan"]) if row["loss_wan"] else None,
    )


def day(row: Row) -> date:
    return date.fromisoformat(row["occurred_on"])


def graded(row: Row) -> Verdict:
    return grade(figures(row), on=day(row), scale=scale_of(row["accident_type"]))


def assigned(row: Row) -> Level:
    """The level that the law of the day names, climbed, and there at all at the place."""
    named = investigating.level_of(
        regime=Regime(row["regime"]), grade=graded(row).grade, on=day(row)
    )
    there = [*map(Level, row["levels"].split()), Level.NATIONAL]
    return investigating.standing(named, there=there, levels_up=int(row["climbed"]))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["id"])
def test_each_accident_has_its_official_grade(row: Row) -> None:
    assert graded(row).grade == row["grade"]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["id"])
def test_each_accident_is_investigated_at_its_official_level(row: Row) -> None:
    assert assigned(row) == row["level"]


@pytest.mark.parametrize(
    "row", [row for row in ROWS if row["region"] in regions.known()], ids=lambda row: row["id"]
)
def test_where_the_place_is_known_its_organ_is_named(row: Row) -> None:
    held = investigating.authority(
        regime=Regime(row["regime"]),
        grade=graded(row).grade,
        region=row["region"],
        on=day(row),
        today=day(row),
        levels_up=int(row["climbed"]),
    )

    assert held.level == row["level"]
    assert held.unit.startswith(regions.at_level(row["region"], held.level).code)


def test_every_row_of_the_table_is_carried_over_with_its_figures() -> None:
    if not TOLD:
        pytest.skip("the table of accidents is not beside the project")
    assert set(TOLD) == {row["id"] for row in ROWS}
    for row in ROWS:
        told = TOLD[row["id"]]
        assert row["occurred_on"] == told["date"]
        assert row["deaths"] == told["deaths"]
        assert int(row["missing"]) == int(told["missing_counted"] or 0)
        assert row["injured"] == (told["injured_total"] or "0")
        assert row["seriously_injured"] == told["serious_injured"]
        assert row["loss_wan"] == told["loss_wan"]
        assert row["grade"] == OFFICIAL[told["official_grade"]]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["id"])
def test_the_level_is_that_of_the_official_investigator(row: Row) -> None:
    if row["id"] not in TOLD:
        pytest.skip("the table of accidents is not beside the project")
    lead = TOLD[row["id"]]["investigator"].partition("(")[0]
    official = next(level for word, level in INVESTIGATORS if word in lead)

    assert row["level"] == official
    assert (TOLD[row["id"]]["escalated"] == "Y") == bool(int(row["climbed"]))


def test_injured_people_in_total_would_misgrade_one_of_them() -> None:
    [tanker] = [row for row in ROWS if row["id"] == "CN-2020-0613-WL"]
    wrong = {**tanker, "seriously_injured": tanker["injured"]}

    assert graded(tanker).grade is Grade.MAJOR
    assert graded(wrong).grade is Grade.EXTRAORDINARY


@pytest.mark.parametrize(
    ("kind", "days"), [("fire", 7), ("road_traffic", 7), ("forest_fire", 7), ("collapse", 30)]
)
def test_fires_and_the_road_have_a_short_window_by_a_dated_row(kind: str, days: int) -> None:
    at = datetime(2022, 1, 8, 10, 30, tzinfo=SHANGHAI)
    found = window(kind, occurred_at=at)

    assert (found.row.days, found.row.rule) == (days, "decree-493 13@2007-06-01")
    assert found.closes_at.astimezone(SHANGHAI).date() == date.fromordinal(
        at.date().toordinal() + days + 1
    )


def _coal(on: date) -> Authority:
    return national.AUTHORITIES.one((Regime.COAL_MINE, Grade.LARGER), on=on)


@pytest.mark.parametrize(
    ("on", "level", "instrument"),
    [
        (date(2020, 9, 30), Level.CITY, "coal-mine-supervision"),
        (date(2020, 10, 1), Level.PROVINCE, "coal-mine-supervision"),
        (date(2024, 4, 30), Level.PROVINCE, "coal-mine-supervision"),
        (date(2024, 5, 1), Level.PROVINCE, "coal-mine-safety"),
    ],
)
def test_larger_coal_mine_accidents_moved_up_when_the_administration_was_formed_anew(
    on: date, level: Level, instrument: str
) -> None:
    assert (_coal(on).level, _coal(on).source.instrument) == (level, instrument)


AREAS = [
    (0, "0.0", Grade.GENERAL),
    (0, "0.9999", Grade.GENERAL),
    (0, "1", Grade.LARGER),
    (0, "99.9999", Grade.LARGER),
    (0, "100", Grade.MAJOR),
    (0, "999.9999", Grade.MAJOR),
    (0, "1000", Grade.EXTRAORDINARY),
    (2, "0.5", Grade.GENERAL),
    (3, "0.5", Grade.LARGER),
    (9, "99", Grade.LARGER),
    (10, "1", Grade.MAJOR),
    (30, "0", Grade.EXTRAORDINARY),
]


@pytest.mark.parametrize(("deaths", "area", "expected"), AREAS)
def test_a_forest_fire_is_graded_by_area_or_by_people(
    deaths: int, area: str, expected: Grade
) -> None:
    burnt = Figures(deaths=deaths, burnt_area_ha=Decimal(area))

    assert grade(burnt, on=date(2023, 6, 1), scale="forest_fire").grade is expected
    assert grade(burnt, on=date(2023, 6, 1)).measure != "burnt_area"


def test_the_serious_injuries_of_a_forest_fire_have_the_bounds_of_other_accidents() -> None:
    expected = {9: Grade.GENERAL, 10: Grade.LARGER, 50: Grade.MAJOR, 100: Grade.EXTRAORDINARY}
    for serious, worst in expected.items():
        burnt = Figures(serious_injuries=serious)
        assert grade(burnt, on=date(2023, 6, 1), scale="forest_fire").grade is worst


def test_a_concealed_accident_climbs_one_level() -> None:
    ground = investigating.escalation(
        finding=Finding.CONCEALED,
        status=FindingStatus.PRELIMINARY,
        grade=Grade.GENERAL,
        on=date(2023, 6, 1),
    )

    assert ground is not None
    assert ground.levels_up == 1


@pytest.mark.parametrize(
    ("kind", "on", "organ"),
    [
        ("fire", date(2009, 4, 30), None),
        ("fire", date(2009, 5, 1), "fire_rescue"),
        ("road_traffic", date(2023, 6, 1), "traffic_police"),
        ("forest_fire", date(2008, 12, 31), None),
        ("forest_fire", date(2009, 1, 1), "forestry"),
        ("collapse", date(2023, 6, 1), None),
        ("", date(2023, 6, 1), None),
    ],
)
def test_fires_and_the_road_have_their_own_fact_finders(
    kind: str, on: date, organ: str | None
) -> None:
    found = fact_finder(kind, on=on)

    assert (found.organ if found else None) == organ
