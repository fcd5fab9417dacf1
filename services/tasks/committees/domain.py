"""What it is to sit on a committee. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from kernel.problems import Problem
from reference import units as pack
from reference.terms import Term, UnitKind

COMMITTEES = frozenset({UnitKind.SAFETY_COMMITTEE.value, UnitKind.SPECIAL_COMMITTEE.value})


class Capacity(Term):
    """As what a unit sits on a committee."""

    MEMBER = "member", "成员单位", "member"
    OFFICE = "office", "办公室所在单位", "seat of its office"
    VICE_CHAIR = "vice_chair", "副主任单位", "vice chair"
    CHAIR = "chair", "主任单位", "chair"


class NoCommittee(Problem):
    """Only committees of work safety and their special committees have members."""

    status = 409
    title_zh = "该单位不是安全生产委员会或专业委员会"
    title_en = "That unit is no committee of work safety"


class MemberAlready(Problem):
    """A unit sits on a committee once at a time."""

    status = 409
    title_zh = "该单位在此期间已是成员"
    title_en = "The unit is a member on some of these days"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """A unit on a committee, as the packs name it."""

    committee: str
    unit: str
    capacity: Capacity


_CAPACITIES = {
    UnitKind.GOVERNMENT: Capacity.CHAIR,
    UnitKind.PARK_COMMITTEE: Capacity.CHAIR,
    UnitKind.EMERGENCY: Capacity.OFFICE,
}
_MEMBER = "member_unit"


def of_pack(*, on: date) -> Iterator[Seat]:
    """The committee of each place: its government in the chair, and its member units."""
    known = pack.units(on=on)
    for committee in known:
        if committee.kind is not UnitKind.SAFETY_COMMITTEE:
            continue
        for unit in known:
            if unit.region != committee.region or unit.township is not None:
                continue
            chairs = _CAPACITIES.get(unit.kind) is Capacity.CHAIR
            if chairs or _MEMBER in unit.roles:
                capacity = _CAPACITIES.get(unit.kind, Capacity.MEMBER)
                yield Seat(committee=committee.code, unit=unit.code, capacity=capacity)
