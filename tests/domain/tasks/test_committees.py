"""Who sits on the committee of a place, as the packs name it."""

from datetime import date

from reference import city, units
from services.tasks.committees.domain import COMMITTEES, Capacity, of_pack

DAY = date(2023, 6, 1)
SEATS = tuple(of_pack(on=DAY))


def test_every_committee_has_one_chair_and_nobody_sits_twice() -> None:
    seats = {(seat.committee, seat.unit) for seat in SEATS}
    chairs = [seat.committee for seat in SEATS if seat.capacity is Capacity.CHAIR]

    assert len(seats) == len(SEATS)
    assert sorted(chairs) == sorted({seat.committee for seat in SEATS})
    assert all(units.unit(committee, on=DAY).kind.value in COMMITTEES for committee in chairs)


def test_members_are_units_of_the_place_and_its_office_is_the_emergency_authority() -> None:
    code = city.current().code
    mine = [seat for seat in SEATS if seat.committee == f"{code}.safety_committee"]

    assert all(seat.unit.startswith(f"{code}.") for seat in mine)
    offices = [seat.unit for seat in mine if seat.capacity is Capacity.OFFICE]
    assert offices == [f"{code}.emergency"]
    members = {unit.code for unit in units.units(on=DAY) if "member_unit" in unit.roles}
    assert {seat.unit for seat in mine} - members == {f"{code}.government"}
