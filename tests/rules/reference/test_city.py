"""The city's pack: places, units, who answers, whom the plan means, who is called."""

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
import yaml

from reference import (
    chains,
    city,
    demonstration,
    national,
    places,
    regions,
    routing,
    subjects,
    triggers,
    units,
)
from reference.city import City, NoSuchCity
from reference.terms import Finding, FindingStatus, Grade, Level, UnitKind
from reference.units import UnknownUnit

DAY = date(2023, 5, 21)
ROOT = Path(__file__).parents[3]
SEED = ROOT.parent / "shared" / "domain" / "plan-2023.yaml"
seeded = pytest.mark.skipif(not SEED.exists(), reason="the seed plan is not beside the project")
COUNTIES = {
    "430405",
    "430406",
    "430407",
    "430408",
    "430412",
    "430421",
    "430422",
    "430423",
    "430424",
    "430426",
    "430481",
    "430482",
}


def test_the_city_has_its_twelve_counties_and_three_parks() -> None:
    assert {place.code for place in regions.children("430400")} == COUNTIES
    assert [park.code for park in city.current().parks] == ["430471", "430472", "430473"]


def test_a_park_lies_in_a_county_and_is_counted_there() -> None:
    codes = [place.code for place in regions.ancestors("430473")]
    assert codes == ["430473", "430407", "430400", "430000", "000000"]
    assert regions.at_level("430473", Level.COUNTY).code == "430407"
    assert regions.at_level("430481", Level.COUNTY).code == "430481"


def test_a_city_has_no_county_above_it() -> None:
    with pytest.raises(regions.UnknownRegion, match="430400"):
        regions.at_level("430400", Level.COUNTY)


@pytest.mark.parametrize("region", sorted([*COUNTIES, "430471", "430472", "430473"]))
@pytest.mark.parametrize(
    "slug", ["party_committee", "government", "committee_office", "emergency", "safety_committee"]
)
def test_every_county_and_park_has_its_core_units(region: str, slug: str) -> None:
    unit = units.unit(f"{region}.{slug}", on=DAY)
    assert unit.region == region
    assert {post.kind for post in units.posts(unit, on=DAY)} >= {"principal", "deputy", "liaison"}


def test_units_are_named_in_both_languages_and_hold_no_pattern() -> None:
    for unit in units.units(on=DAY):
        assert unit.zh
        assert unit.en
        assert "{" not in unit.zh + unit.en + "".join(unit.aliases)
        for post in units.posts(unit, on=DAY):
            assert units.post(post.code, on=DAY) == post


def test_unit_codes_are_region_and_slug_and_given_once() -> None:
    codes = [unit.code for unit in units.units(on=DAY)]
    assert len(codes) == len(set(codes))
    for unit in units.units(on=DAY):
        assert unit.code.partition(".")[0] == unit.region


@pytest.mark.parametrize("code", ["430481.nobody", "999999.emergency", "430481", "", "x.y.z"])
def test_an_unknown_unit_is_refused(code: str) -> None:
    assert not units.exists(code, on=DAY)
    with pytest.raises(UnknownUnit):
        units.unit(code, on=DAY)


def test_an_unknown_post_is_refused() -> None:
    assert units.post("430400.emergency.duty_desk", on=DAY).zh == "衡阳市应急管理局值班室"
    with pytest.raises(UnknownUnit):
        units.post("430400.education.duty_desk", on=DAY)


def test_a_missing_unit_is_found_at_the_nearest_level_above() -> None:
    assert units.governing("430481", "mine_safety", on=DAY).code == "430400.mine_safety"
    assert units.governing("430473", "transport", on=DAY).code == "430407.transport"
    assert units.governing("430481", "emergency", on=DAY).code == "430481.emergency"
    with pytest.raises(UnknownUnit):
        units.governing("430481", "nobody", on=DAY)


def test_a_park_is_governed_by_its_administration() -> None:
    assert units.unit("430472.government", on=DAY).kind is UnitKind.PARK_COMMITTEE
    assert units.named("高新区管委会", on=DAY) == units.unit("430472.government", on=DAY)


@seeded
def test_every_unit_that_the_plan_names_is_known_by_that_name() -> None:
    seed = yaml.load(SEED.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    for unit in seed["units"]:
        if unit["type"] != "group":
            assert units.named(unit["name"], on=DAY), unit["name"]


@seeded
def test_the_plan_says_what_the_seed_says() -> None:
    seed = yaml.load(SEED.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    plan = city.current().plans[2023]
    duties = {row.code: row for row in plan.duties}
    theirs = {duty["id"]: duty for article in seed["articles"] for duty in article["duties"]}
    assert duties.keys() == theirs.keys()
    for code, duty in theirs.items():
        row = duties[code]
        assert (row.kind, row.cadence, row.metric) == (
            duty["kind"],
            duty["cadence"],
            duty["metric"],
        )
        assert row.least == duty["min_count"]
        assert (row.target is None) == (duty["target_value"] is None)
        assert row.target is None or str(row.target) == str(duty["target_value"])
        assert row.due == (duty["due"] if duty.get("due_basis") == "stated" else None)


@seeded
def test_no_sentence_of_the_seed_is_copied() -> None:
    seed = yaml.load(SEED.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    theirs = {
        duty["id"]: duty["text"] for article in seed["articles"] for duty in article["duties"]
    }
    copied = [row.code for row in city.current().plans[2023].duties if row.zh == theirs[row.code]]
    assert copied == []


def test_the_plan_has_its_35_articles_and_168_duties() -> None:
    plan = city.current().plans[2023]
    assert [row.code for row in plan.articles] == [str(number) for number in range(1, 36)]
    assert len(plan.duties) == 168
    assert len(plan.goals) == 5


def test_duties_are_numbered_without_gaps_within_their_article() -> None:
    numbers = [tuple(map(int, row.code.split("."))) for row in city.current().plans[2023].duties]
    for (article, duty), following in pairwise(numbers):
        assert following in {(article, duty + 1), (article + 1, 1)}


def test_a_published_report_calls_every_party_committee_and_every_enterprise() -> None:
    committees, everyone = triggers.duties_set_off(
        triggers.Happening(event="incidents.investigation.published"), on=DAY
    )
    meant = subjects.of(committees, on=DAY)
    assert committees.code == "1.3"
    expected = {
        unit.code
        for unit in units.units(on=DAY)
        if unit.kind is UnitKind.PARTY_COMMITTEE and unit.region.startswith("4304")
    }
    assert expected <= set(meant.units)
    assert len(expected) > 12 + 3 + 40
    assert everyone.code == "1.4"
    (group,) = subjects.of(everyone, on=DAY).enterprises
    for row in demonstration.enterprises():
        assert subjects.includes(group, sector=row.sector, high_risk=row.high_risk, flags=row.flags)


@pytest.mark.parametrize(
    ("grade", "codes"),
    [
        (Grade.GENERAL, set()),
        (Grade.LARGER, {"9.2", "35.5"}),
        (Grade.MAJOR, {"9.2", "9.3", "35.5"}),
        (Grade.EXTRAORDINARY, {"9.2", "9.3", "35.5"}),
    ],
)
@pytest.mark.parametrize("event", ["incidents.accident.reported", "incidents.accident.regraded"])
def test_accountability_begins_with_the_grade(event: str, grade: Grade, codes: set[str]) -> None:
    found = triggers.duties_set_off(
        triggers.Happening(event=event, grade=grade, casualties=True), on=DAY
    )
    assert {duty.code for duty in found} == codes


def test_an_accident_without_casualties_is_looked_into_as_well() -> None:
    found = triggers.duties_set_off(
        triggers.Happening(
            event="incidents.accident.reported", grade=Grade.GENERAL, casualties=False
        ),
        on=DAY,
    )
    assert [duty.code for duty in found] == ["9.10"]


@pytest.mark.parametrize(
    ("finding", "status", "codes"),
    [
        (Finding.LATE, FindingStatus.CONFIRMED, ["9.11"]),
        (Finding.FALSE, FindingStatus.CONFIRMED, ["9.11"]),
        (Finding.OMITTED, FindingStatus.CONFIRMED, []),
        (Finding.CONCEALED, FindingStatus.PRELIMINARY, ["9.11", "9.12"]),
        (Finding.CONCEALED, FindingStatus.CONFIRMED, ["9.11", "9.12"]),
        (Finding.CONCEALED, None, ["9.11"]),
    ],
)
def test_findings_set_off_accountability(
    finding: Finding, status: FindingStatus | None, codes: list[str]
) -> None:
    found = triggers.duties_set_off(
        triggers.Happening(event="incidents.finding.made", finding=finding, finding_status=status),
        on=DAY,
    )
    assert [duty.code for duty in found] == codes


def test_a_year_without_a_plan_sets_nothing_off() -> None:
    event = "incidents.investigation.published"
    assert triggers.duties_set_off(triggers.Happening(event=event), on=date(2022, 12, 31)) == ()
    assert triggers.duties_set_off(triggers.Happening(event=event), on=date(2023, 1, 1)) != ()
    assert triggers.duties_set_off(triggers.Happening(event=event), on=date(2024, 1, 1)) == ()


def test_every_duty_means_somebody() -> None:
    for duty in city.current().plans[2023].duties:
        meant = subjects.of(duty, on=DAY)
        assert meant.units or meant.enterprises, duty.code


def test_leads_and_supports_are_told_apart() -> None:
    duty = city.current().plans[2023].duties.one("12.1", on=DAY)
    assert subjects.leads(duty, on=DAY) == ("430400.urban_management",)
    assert subjects.supports(duty, on=DAY) == (
        "430400.development",
        "430400.finance",
        "430400.housing",
    )
    assert subjects.of(duty, on=DAY).units == ("430400.urban_management",)


def test_a_group_in_an_article_stands_for_its_members_without_the_leads() -> None:
    duty = city.current().plans[2023].duties.one("1.1", on=DAY)
    leading, helping = subjects.leads(duty, on=DAY), subjects.supports(duty, on=DAY)
    assert "430400.publicity" in leading
    assert not set(leading) & set(helping)
    assert "430400.transport" in helping
    assert "430472.government" not in helping


def test_a_duty_of_one_place_means_only_that_place() -> None:
    duty = city.current().plans[2023].duties.one("11.3", on=DAY)
    assert subjects.of(duty, on=DAY).units == ("430405.government",)


def test_heads_in_person_are_told_from_their_units() -> None:
    plan = city.current().plans[2023]
    assert subjects.of(plan.duties.one("2.2", on=DAY), on=DAY).principals
    assert not subjects.of(plan.duties.one("2.1", on=DAY), on=DAY).principals


@pytest.mark.parametrize(
    ("code", "sector", "high_risk", "flags", "within"),
    [
        ("high_risk_enterprise", "gas", True, set(), True),
        ("high_risk_enterprise", "commerce", False, set(), False),
        ("coal_mine", "coal_mining", True, set(), True),
        ("coal_mine", "noncoal_mining", True, set(), False),
        ("fine_chemical_enterprise", "hazardous_chemicals", True, {"fine_chemical"}, True),
        ("fine_chemical_enterprise", "hazardous_chemicals", True, set(), False),
        ("park_enterprise", "commerce", False, {"in_park"}, True),
    ],
)
def test_groups_of_enterprises_go_by_field_risk_and_flag(
    code: str, sector: str, high_risk: bool, flags: set[str], within: bool
) -> None:
    group = city.current().enterprise_groups.one(code, on=DAY)
    assert subjects.includes(group, sector=sector, high_risk=high_risk, flags=flags) is within


def test_the_county_answers_before_the_city() -> None:
    who = chains.answering(sector="construction", region="430481", on=DAY)
    assert who.lead == ("430481.housing", "430400.housing")
    assert who.territorial[:2] == ("430481.government", "430481.party_committee")


def test_a_coal_mine_answers_to_the_mine_safety_body_too() -> None:
    who = chains.answering(sector="coal_mining", region="430481", on=DAY)
    assert who.lead == ("430481.emergency", "430400.mine_safety", "430400.emergency")


def test_a_park_answers_through_its_county() -> None:
    who = chains.answering(sector="metal_smelting", region="430473", on=DAY)
    assert who.lead == ("430473.emergency", "430407.emergency", "430400.emergency")


@pytest.mark.parametrize("region", [*sorted(COUNTIES), "430472"])
def test_every_field_has_somebody_who_answers_everywhere(region: str) -> None:
    for sector in national.SECTORS:
        who = chains.answering(sector=sector.code, region=region, on=DAY)
        assert who.lead, sector.code
        for code in (*who.lead, *who.supporting, *who.territorial):
            assert units.exists(code, on=DAY)


def test_outside_the_city_no_unit_of_it_answers() -> None:
    who = chains.answering(sector="construction", region="430112", on=DAY)
    assert (who.lead, who.supporting, who.territorial) == ((), (), ())


def test_an_unnamed_field_falls_to_the_rest() -> None:
    assert chains.field_of("other", on=DAY).code == "others"
    assert chains.field_of("never heard of", on=DAY).code == "others"


def test_patterns_are_filled_for_the_place() -> None:
    assert places.filled("{county}.emergency.duty_desk", "430473") == "430407.emergency.duty_desk"
    assert places.filled("{place}.emergency.duty_desk", "430473") == "430473.emergency.duty_desk"
    assert places.filled("{county}/{city}/{province}/{nation}", "430481") == (
        "430481/430400/430000/000000"
    )
    assert places.filled("{county}", "430400") == "430400"
    assert places.filled("{from_unit}.duty_desk", "430481", from_unit="430481.emergency") == (
        "430481.emergency.duty_desk"
    )


@pytest.mark.parametrize("event", ["incidents.accident.reported", "incidents.accident.regraded"])
@pytest.mark.parametrize("grade", Grade)
def test_everyone_must_acknowledge_from_a_larger_accident_on(event: str, grade: Grade) -> None:
    (route,) = routing.routes_for(event=event, grade=grade, sector="commerce", on=DAY)
    assert route.everyone is grade.at_least(Grade.LARGER)
    first = routing.reached(route.steps[0], region="430481")
    assert "430481.emergency.duty_desk" in first
    assert len(first) == len(set(first))


def test_a_coal_mine_calls_the_mine_safety_body_besides() -> None:
    routes = routing.routes_for(
        event="incidents.accident.reported", grade=Grade.MAJOR, sector="coal_mining", on=DAY
    )
    assert [route.code for route in routes] == ["accident_major", "accident_coal_mine"]


@pytest.mark.parametrize(
    ("finding", "code"),
    [
        (Finding.LATE, "finding_late"),
        (Finding.OMITTED, "finding_late"),
        (Finding.FALSE, "finding_concealed"),
        (Finding.CONCEALED, "finding_concealed"),
    ],
)
def test_a_finding_starts_its_own_chain(finding: Finding, code: str) -> None:
    (route,) = routing.routes_for(event="incidents.finding.made", finding=finding, on=DAY)
    assert route.code == code


def test_an_overdue_hop_alarms_both_ends() -> None:
    (route,) = routing.routes_for(event="incidents.relay.overdue", on=DAY)
    ends = {"from_unit": "430481.emergency", "to_unit": "430400.emergency"}
    assert routing.reached(route.steps[0], region="430481", **ends) == (
        "430481.emergency.duty_desk",
        "430400.emergency.duty_desk",
    )


def test_a_missed_follow_up_alarms_the_desk_that_owed_it_then_its_head_and_the_city() -> None:
    (route,) = routing.routes_for(event="incidents.followup.missed", on=DAY)
    first, second = (
        routing.reached(step, region="430481", unit="430481.emergency") for step in route.steps
    )
    assert first == ("430481.emergency.duty_desk",)
    assert second == ("430481.emergency.principal", "430400.emergency.duty_desk")


def test_the_dead_end_is_the_citys_duty_desk() -> None:
    assert routing.dead_end() == "430400.emergency.duty_desk"
    assert routing.routes_for(event="nothing.like.this", on=DAY) == ()


def test_the_demonstration_city_is_spread_over_every_county_and_park() -> None:
    rows = demonstration.enterprises()
    assert 280 <= len(rows) <= 320
    assert {row.region for row in rows} == COUNTIES | {"430471", "430472", "430473"}
    assert {row.county for row in rows} == COUNTIES
    assert len({row.zh for row in rows}) == len(rows)
    assert all(row.zh.endswith("（演示）") for row in rows)


def test_the_demonstration_knows_the_enterprises_of_its_stories() -> None:
    rows = {row.uscc: row for row in demonstration.enterprises()}
    assert rows["91430481MA4T00019M"].sector == "coal_mining"
    assert rows["91430481MA4T00019M"].region == "430481"
    assert rows["91430405MA4T00019K"].region == "430405"
    (hospital,) = (row for row in demonstration.enterprises()[:4] if row.sector == "healthcare")
    assert hospital.region == "430407"


def test_every_enterprise_in_a_park_says_so() -> None:
    for row in demonstration.enterprises():
        assert ("in_park" in row.flags) is (row.region != row.county)


IN_ANOTHER_PROCESS = """
import sys
from reference import checks, demonstration
from datetime import date
from reference import units
checks.load_all()
print(hash(tuple(row.uscc + row.zh + str(row.location) for row in demonstration.enterprises())))
heavy = {"sqlalchemy", "fastapi", "starlette", "nats", "httpx", "structlog", "kernel.clock"}
print(sorted(heavy & sys.modules.keys()))
"""


def elsewhere(program: str, **environment: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env=os.environ | {"PYTHONHASHSEED": "0"} | environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def test_the_packs_are_the_same_everywhere_and_reach_nothing_heavy() -> None:
    first = elsewhere(IN_ANOTHER_PROCESS).splitlines()
    second = elsewhere(IN_ANOTHER_PROCESS, ANLIAN_CITY="hengyang").splitlines()
    assert first == second
    assert first[1] == "[]"


@pytest.fixture
def _no_city_yet() -> Iterator[None]:
    city._configured.cache_clear()
    yield
    city._configured.cache_clear()


@pytest.mark.usefixtures("_no_city_yet")
def test_the_city_is_the_folder_that_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANLIAN_CITY", "hengyang")
    assert city.current().code == "430400"


@pytest.mark.usefixtures("_no_city_yet")
def test_a_city_without_a_folder_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANLIAN_CITY", "atlantis")
    with pytest.raises(NoSuchCity, match="atlantis"):
        city.current()


def test_another_pack_is_current_only_while_it_is_served() -> None:
    before = city.current()
    other = City(before.folder)
    with city.serving(other):
        assert city.current() is other
        assert regions.known()["430481"].zh == "耒阳市"
    assert city.current() is before
