"""What the national tables say, against the law and on both sides of each date."""

from datetime import date
from decimal import Decimal

import pytest

from reference import accidents, citations, escalations, industries, national, units
from reference.packs import NothingInForce
from reference.terms import Finding, FindingStatus, Grade, Level, Regime, Term

DAY = date(2023, 5, 21)


def test_terms_rank_by_declaration_and_not_by_spelling() -> None:
    assert Grade.EXTRAORDINARY.at_least(Grade.MAJOR)
    assert Grade.MAJOR.at_least(Grade.LARGER)
    assert Grade.LARGER.at_least(Grade.LARGER)
    assert not Grade.GENERAL.at_least(Grade.LARGER)
    assert [level.rank for level in Level] == [0, 1, 2, 3]


def test_every_term_has_words_in_both_languages() -> None:
    for term in (member for kind in Term.__subclasses__() for member in kind):
        assert term.zh
        assert term.en.isascii()


def test_a_level_climbs_to_the_nation_and_no_further() -> None:
    assert Level.COUNTY.up() is Level.CITY
    assert Level.COUNTY.up(2) is Level.PROVINCE
    assert Level.PROVINCE.up() is Level.NATIONAL
    assert Level.NATIONAL.up() is Level.NATIONAL


@pytest.mark.parametrize(
    ("grade", "deaths", "injuries", "loss"),
    [
        (Grade.EXTRAORDINARY, 30, 100, Decimal(10000)),
        (Grade.MAJOR, 10, 50, Decimal(5000)),
        (Grade.LARGER, 3, 10, Decimal(1000)),
        (Grade.GENERAL, None, None, None),
    ],
)
def test_grades_begin_where_article_3_says(
    grade: Grade, deaths: int | None, injuries: int | None, loss: Decimal | None
) -> None:
    row = national.GRADES.one(("work_safety", grade), on=DAY)
    assert (row.deaths, row.serious_injuries, row.direct_loss_wan) == (deaths, injuries, loss)
    assert row.rule == "decree-493 3@2007-06-01"


def test_forest_fires_have_a_scale_of_their_own() -> None:
    rows = [national.GRADES.one(("forest_fire", grade), on=DAY) for grade in Grade]
    assert [row.area_ha for row in rows] == [None, 1, 100, 1000]
    assert all(row.direct_loss_wan is None for row in rows)


def test_no_grade_is_in_force_before_the_decree() -> None:
    with pytest.raises(NothingInForce):
        national.GRADES.one(("work_safety", Grade.MAJOR), on=date(2007, 5, 31))
    assert national.GRADES.one(("work_safety", Grade.MAJOR), on=date(2007, 6, 1))


@pytest.mark.parametrize(
    ("grade", "level"),
    [
        (Grade.GENERAL, Level.CITY),
        (Grade.LARGER, Level.PROVINCE),
        (Grade.MAJOR, Level.NATIONAL),
        (Grade.EXTRAORDINARY, Level.NATIONAL),
    ],
)
def test_an_accident_is_reported_as_far_up_as_its_grade_asks(grade: Grade, level: Level) -> None:
    assert national.REACHES.one(grade, on=DAY).level is level


def test_the_unit_has_an_hour_and_each_level_two() -> None:
    hours = {row.code: row.hours for row in national.DEADLINES.at(DAY)}
    assert hours["unit_report"] == 1
    assert hours["relay_county"] == hours["relay_city"] == hours["relay_province"] == 2


def test_the_hops_of_the_relay_join_up_to_the_reach_of_each_grade() -> None:
    for grade in Grade:
        hops = [
            row
            for row in national.DEADLINES.at(DAY)
            if row.code.startswith("relay_") and grade.at_least(row.least_grade)
        ]
        assert [hop.from_level for hop in hops] == list(Level)[: len(hops)]
        assert hops[-1].to_level is national.REACHES.one(grade, on=DAY).level


@pytest.mark.parametrize(
    ("grade", "level", "per_day"),
    [
        (Grade.GENERAL, Level.COUNTY, 1),
        (Grade.LARGER, Level.CITY, 1),
        (Grade.MAJOR, Level.PROVINCE, 2),
        (Grade.EXTRAORDINARY, Level.NATIONAL, 2),
    ],
)
def test_who_attends_who_investigates_and_how_often_to_follow_up(
    grade: Grade, level: Level, per_day: int
) -> None:
    assert national.ATTENDANCE.one(grade, on=DAY).level is level
    assert national.AUTHORITIES.one((Regime.STANDARD, grade), on=DAY).level is level
    assert national.FOLLOW_UPS.one(grade, on=DAY).per_day == per_day


@pytest.mark.parametrize("grade", [Grade.GENERAL, Grade.LARGER, Grade.MAJOR])
def test_the_law_of_coal_mines_changed_in_may_2024(grade: Grade) -> None:
    key = (Regime.COAL_MINE, grade)
    before = national.AUTHORITIES.one(key, on=date(2024, 4, 30))
    since = national.AUTHORITIES.one(key, on=date(2024, 5, 1))
    assert before.organ == since.organ == "mine_safety"
    assert before.source.instrument == "coal-mine-supervision"
    assert since.source.instrument == "coal-mine-safety"


@pytest.mark.parametrize(
    ("code", "zh"),
    [
        ("430481.emergency", "耒阳市应急管理局"),
        ("430400.emergency", "衡阳市应急管理局"),
        ("430000.emergency", "湖南省应急管理厅"),
        ("500000.emergency", "重庆市应急管理局"),
        ("000000.emergency", "应急管理部"),
        ("000000.government", "国务院"),
        ("430000.mine_safety", "国家矿山安全监察局湖南局"),
        ("430112.emergency", "望城区应急管理局"),
    ],
)
def test_authorities_are_called_by_their_names(code: str, zh: str) -> None:
    assert units.unit(code, on=DAY).zh == zh


def test_the_emergency_ministry_did_not_exist_before_the_reform() -> None:
    assert not units.exists("000000.emergency", on=date(2018, 3, 20))
    assert units.exists("000000.emergency", on=date(2018, 3, 21))


def test_the_twenty_kinds_of_1986_are_complete() -> None:
    codes = [row.gb_code for row in national.ACCIDENT_TYPES if row.standard == "gbt_6441_1986"]
    assert codes == [f"{number:02d}" for number in range(1, 21)]


def test_the_kinds_of_1986_stay_until_the_new_table_is_loaded() -> None:
    new = national.ACCIDENT_STANDARDS.one("gb_6441_2025", on=date(2026, 7, 1))
    assert not new.loaded
    assert national.ACCIDENT_STANDARDS.get("gb_6441_2025", on=date(2026, 6, 30)) is None
    assert national.ACCIDENT_TYPES.one("water_inrush", on=date(2026, 7, 1)).gb_code == "12"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("透水", "water_inrush"),
        ("水害", "water_inrush"),
        ("12", "water_inrush"),
        ("water_inrush", "water_inrush"),
        ("Water inrush", "water_inrush"),
        ("爆炸", "other_explosion"),
        ("火灾", "fire"),
        (" 坍塌 ", "collapse"),
        ("道路交通", "road_traffic"),
    ],
)
def test_a_kind_of_accident_is_known_by_each_of_its_names(text: str, code: str) -> None:
    kind = accidents.resolve(text)
    assert kind is not None
    assert kind.code == code


def test_an_unknown_kind_of_accident_is_nothing() -> None:
    assert accidents.resolve("21") is None
    assert accidents.resolve("") is None


@pytest.mark.parametrize(
    ("kind", "days"), [("fire", 7), ("road_traffic", 7), ("forest_fire", 7), ("collapse", 30)]
)
def test_fires_and_roads_have_seven_days_and_the_rest_thirty(kind: str, days: int) -> None:
    assert accidents.window(kind, on=DAY).days == days


def test_the_industries_are_complete() -> None:
    assert len(national.INDUSTRY_SECTIONS) == 20
    assert [row.code for row in national.INDUSTRY_DIVISIONS] == [f"{n:02d}" for n in range(1, 98)]


@pytest.mark.parametrize("text", ["B06", "06", "煤炭开采和洗选业", "coal_mining", "b06", " 煤矿 "])
def test_coal_mining_is_one_industry_by_every_name(text: str) -> None:
    found = industries.resolve(text)
    assert found is industries.resolve("coal_mining")
    assert found is not None
    assert (found.code, found.sector, found.regime) == ("B06", "coal_mining", Regime.COAL_MINE)


@pytest.mark.parametrize(
    ("text", "sector", "high_risk"),
    [
        ("C31", "metal_smelting", True),
        ("32", "metal_smelting", True),
        ("metal_smelting", "metal_smelting", True),
        ("C34", "industry_trade", False),
        ("Q84", "healthcare", False),
        ("D45", "gas", True),
        ("D44", "electricity", False),
        ("烟花爆竹", "fireworks", True),
        ("居民自建房", "self_built_housing", False),
        ("E", "construction", True),
    ],
)
def test_an_industry_falls_into_its_field(text: str, sector: str, high_risk: bool) -> None:
    found = industries.resolve(text)
    assert found is not None
    assert (found.sector, found.high_risk) == (sector, high_risk)


@pytest.mark.parametrize("text", ["98", "00", "A06", "X", ""])
def test_what_does_not_say_which_field_is_no_industry(text: str) -> None:
    assert industries.resolve(text) is None


@pytest.mark.parametrize("text", ["B", "C", "D", "采矿业"])
def test_a_section_that_spans_several_fields_is_taken_and_leaves_the_field_open(text: str) -> None:
    found = industries.resolve(text)
    assert found is not None
    assert (found.sector, found.regime) == (industries.UNSPECIFIED, Regime.STANDARD)


def test_hunan_and_every_province_are_known() -> None:
    levels = [row.level for row in national.DIVISIONS.at(DAY)]
    assert levels.count(Level.PROVINCE) == 34
    assert levels.count(Level.CITY) == 14
    assert levels.count(Level.COUNTY) == 122


def test_a_division_changes_its_code_on_its_day() -> None:
    assert national.DIVISIONS.get("430112", on=date(2010, 12, 31)) is None
    assert national.DIVISIONS.one("430122", on=date(2010, 12, 31)).zh == "望城县"
    assert national.DIVISIONS.one("430112", on=date(2011, 1, 1)).zh == "望城区"
    assert national.DIVISIONS.get("430122", on=date(2011, 1, 1)) is None


def test_concealment_climbs_one_level_from_the_first_confirmation() -> None:
    for status in (FindingStatus.DISMISSED, FindingStatus.SUSPECTED):
        assert escalations.on_finding(Finding.CONCEALED, status, on=DAY) is None
    for status in (FindingStatus.PRELIMINARY, FindingStatus.CONFIRMED):
        ground = escalations.on_finding(Finding.CONCEALED, status, on=DAY)
        assert ground is not None
        assert ground.levels_up == 1
    assert escalations.on_finding(Finding.LATE, FindingStatus.CONFIRMED, on=DAY) is None


def test_grounds_that_bind_come_first_and_a_second_larger_accident_is_offered() -> None:
    rows = escalations.rows(on=DAY)
    assert [row.mandatory for row in rows] == sorted((row.mandatory for row in rows), reverse=True)
    again = next(row for row in rows if row.ground == "same_enterprise_again")
    assert (again.months, again.count, again.mandatory) == (24, 2, False)


def test_a_source_is_cited_in_both_languages() -> None:
    zh, en = citations.cite(national.GRADES[0].source)
    assert zh == "《生产安全事故报告和调查处理条例》第3条"
    assert en.endswith("(Decree 493), article 3")
    assert citations.cite(national.DIVISIONS[0].source)[0].startswith("《GB/T 2260")
