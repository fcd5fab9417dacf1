"""The registry laid over the packs: whom a plan may mean on a day."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reference import subjects, units
from reference.terms import Level, UnitKind
from reference.units import Unit
from services.tasks.committees import domain as committees
from services.tasks.committees.domain import Capacity
from services.tasks.rolls.domain import Recorded, Sitting, roll

DAY = date(2023, 6, 1)
PACK = units.roll(on=DAY)
COMMITTEE = "430400.safety_committee"
SEATS = tuple(
    Sitting(committee=seat.committee, unit=seat.unit, capacity=seat.capacity)
    for seat in committees.of_pack(on=DAY)
)


def recorded(unit: Unit, **changed: str) -> Recorded:
    facts = {
        "code": unit.code,
        "region": unit.region,
        "level": str(unit.level),
        "kind": str(unit.kind),
        "zh": unit.zh,
        "en": unit.en,
    }
    return Recorded(**(facts | changed))


def meant(text: str, *, among: units.Roll) -> set[str]:
    found = subjects.meant((text,), lead=(), supporting=(), roll=among, on=DAY)
    return set(found.units)


def test_the_packs_recorded_and_seated_as_they_are_stay_the_packs() -> None:
    every = [recorded(unit) for unit in PACK.values()]

    found = roll(every, SEATS, seated={seat.committee for seat in SEATS}, on=DAY)

    assert found == PACK


def test_without_a_registry_the_packs_speak() -> None:
    assert roll([], [], seated=[], on=DAY) == PACK


def test_a_unit_that_no_pack_knows_is_meant_by_what_it_is() -> None:
    office = Recorded(
        code="430400.low_altitude_committee",
        region="430400",
        level="city",
        kind="special_committee",
        zh="衡阳市低空安全专业委员会",
        en="Low-altitude Safety Committee",
    )

    found = roll([office], [], seated=[], on=DAY)

    assert meant("city:special_committee", among=found) == {
        *meant("city:special_committee", among=PACK),
        office.code,
    }
    assert office.code not in meant("county:special_committee", among=found)


@pytest.mark.parametrize(
    ("code", "kind", "level"),
    [
        ("430481.new_town_government", "government", "township"),
        ("430481.government", "government", "county"),
        ("430481.second_government", "department", "county"),
        ("430481._government", "government", "county"),
    ],
)
def test_a_township_s_unit_is_told_from_its_county_s_by_its_code(
    code: str, kind: str, level: str
) -> None:
    one = Recorded(code=code, region="430481", level="county", kind=kind, zh="某", en="One")

    found = roll([one], [], seated=[], on=DAY)

    assert code in meant(f"{level}:{kind}", among=found)
    other = {"township": "county", "county": "township"}[level]
    assert code not in meant(f"{other}:{kind}", among=found)


def test_a_renamed_unit_keeps_its_former_names_and_all_that_plans_mean_it_by() -> None:
    before = PACK["430400.commerce"]
    after = recorded(before, zh="衡阳市商务和口岸局")

    unit = roll([replace(after, former=("衡阳市贸易局",))], [], seated=[], on=DAY)[before.code]

    assert unit.zh == "衡阳市商务和口岸局"
    assert {before.zh, "衡阳市贸易局", *before.aliases} <= set(unit.aliases)
    assert unit.zh not in unit.aliases
    assert (unit.roles, unit.kind, unit.township) == (before.roles, before.kind, before.township)


def test_what_the_registry_says_of_a_unit_goes_before_the_packs() -> None:
    before = PACK["430400.commerce"]
    after = recorded(before, kind="state_enterprise")

    found = roll([after], [], seated=[], on=DAY)

    assert found[before.code].kind is UnitKind.STATE_ENTERPRISE
    assert found[before.code].level is Level.CITY
    assert before.code in meant("city:state_enterprise", among=found)


@given(
    seated=st.booleans(),
    by_pack=st.booleans(),
    capacity=st.none() | st.sampled_from(list(Capacity)),
)
def test_members_are_whoever_sits_where_seats_are_on_record(
    seated: bool, by_pack: bool, capacity: Capacity | None
) -> None:
    of_city = [unit for unit in PACK.values() if unit.region == "430400" and not unit.township]
    one = next(unit for unit in of_city if ("member_unit" in unit.roles) is by_pack)
    sitting = []
    if seated and capacity is not None:
        sitting.append(Sitting(committee=COMMITTEE, unit=one.code, capacity=capacity))

    found = roll([], sitting, seated=[COMMITTEE] if seated else [], on=DAY)

    told = seated and capacity is not Capacity.CHAIR
    member = capacity is not None if told else by_pack
    assert (one.code in meant("city:member_unit", among=found)) is member
    assert found[one.code].roles - {"member_unit"} == one.roles - {"member_unit"}


def test_only_the_committee_of_its_own_place_makes_a_member() -> None:
    county = "430481.emergency"
    sitting = [Sitting(committee=COMMITTEE, unit=county, capacity=Capacity.MEMBER)]

    found = roll([], sitting, seated=[COMMITTEE, "430481.safety_committee"], on=DAY)

    assert meant("city:member_unit", among=found) == set()
    assert county not in meant("county:member_unit", among=found)


ROLES = st.frozensets(st.sampled_from([row.code for row in units.stated_roles()]))


@given(said=st.none() | ROLES, code=st.sampled_from(sorted(PACK)))
def test_roles_on_record_go_before_those_of_the_packs_and_leave_membership_alone(
    said: frozenset[str] | None, code: str
) -> None:
    one = replace(recorded(PACK[code]), roles=said)

    found = roll([one], [], seated=[], on=DAY)

    member = PACK[code].roles & {"member_unit"}
    assert found[code].roles == (PACK[code].roles if said is None else said | member)
    assert all(found[other] == PACK[other] for other in PACK if other != code)


def test_a_unit_that_no_pack_knows_is_meant_by_the_roles_on_record() -> None:
    office = Recorded(
        code="430400.trade",
        region="430400",
        level="city",
        kind="department",
        zh="衡阳市贸易局",
        en="Trade Bureau",
        roles=frozenset({"regulator"}),
    )

    found = roll([office], [], seated=[], on=DAY)

    assert office.code in meant("city:regulator", among=found)
    assert office.code not in meant("city:industry_authority", among=found)
    assert office.code not in meant("county:regulator", among=found)


def test_a_role_on_record_makes_nobody_a_member_and_takes_it_from_nobody() -> None:
    emergency, central = "430400.emergency", "430400.party_office"
    sitting = [Sitting(committee=COMMITTEE, unit=central, capacity=Capacity.MEMBER)]
    said = [
        replace(recorded(PACK[code]), roles=frozenset({"regulator"}))
        for code in (emergency, central)
    ]

    by_seats = roll(said, sitting, seated=[COMMITTEE], on=DAY)
    by_packs = roll(said, [], seated=[], on=DAY)

    assert meant("city:member_unit", among=by_seats) == {central}
    assert {emergency, central} <= meant("city:member_unit", among=by_packs)


@pytest.mark.parametrize(
    ("last", "borne"), [(None, True), (frozenset({"party_group"}), False), (frozenset(), False)]
)
def test_a_unit_that_is_no_more_is_meant_by_what_was_last_recorded_of_it(
    last: frozenset[str] | None, borne: bool
) -> None:
    gone = "430400.commerce"
    ended = {} if last is None else {gone: last, "430400.unknown": last}

    found = roll([], [], seated=[], ended=ended, on=DAY)

    assert (gone in meant("city:regulator", among=found)) is borne
    assert "430400.unknown" not in found


def test_the_packs_speak_again_of_a_unit_whose_roles_are_no_longer_stated() -> None:
    one = PACK["430400.commerce"]

    found = roll([recorded(one)], [], seated=[], ended={one.code: frozenset()}, on=DAY)

    assert found[one.code].roles == one.roles
