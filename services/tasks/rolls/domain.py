"""The registry laid over the packs: one roll of the units that there are on a day. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from reference import units as pack
from reference.terms import Level, UnitKind
from reference.units import Roll, Unit
from services.tasks.committees.domain import Capacity

_MEMBER = "member_unit"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """A unit as the registry has it on a day."""

    code: str
    region: str
    level: str
    kind: str
    zh: str
    en: str
    former: tuple[str, ...] = ()
    """What it was called in Chinese before."""
    roles: frozenset[str] | None = None
    """What an office said; None where the packs speak. Membership is never among them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sitting:
    """A unit on a committee on a day."""

    committee: str
    unit: str
    capacity: str


def roll(
    recorded: Iterable[Recorded],
    sitting: Iterable[Sitting],
    *,
    seated: Iterable[str],
    ended: Mapping[str, frozenset[str]] | None = None,
    on: date,
) -> Roll:
    """Every unit that there is on a day, with the roles by which plans may mean it.

    What the registry says of a unit goes before the packs; of one that nobody recorded the packs
    do. A unit of the packs that is no more stays on the roll: its heir bears what it is asked, by
    the roles that were last recorded of it (`ended`), else by those of the packs.

    Who is a member unit (成员单位) is whoever sits on the work safety committee of its own place,
    wherever seats are on record (`seated`: those committees); elsewhere the packs say so.
    """
    packs = pack.roll(on=on)
    found = dict(packs)
    for code, roles in (ended or {}).items():
        if code in packs:
            found[code] = replace(packs[code], roles=_roles(roles, packs[code]))
    for row in recorded:
        found[row.code] = _laid_over(row, packs.get(row.code), on=on)
    return {unit.code: unit for unit in _with_seats(found, set(seated), sitting)}


def _laid_over(row: Recorded, known: Unit | None, *, on: date) -> Unit:
    facts: dict[str, Any] = {
        "roles": _roles(row.roles, known),
        "region": row.region,
        "level": Level(row.level),
        "kind": UnitKind(row.kind),
        "zh": row.zh,
        "en": row.en,
    }
    if known is None:
        township = pack.township(row.code, kind=row.kind, on=on)
        return Unit(code=row.code, township=township, aliases=row.former, **facts)
    if not row.former and all(getattr(known, name) == said for name, said in facts.items()):
        return known
    names = dict.fromkeys((*known.aliases, known.zh, *row.former))
    names.pop(row.zh, None)
    return replace(known, aliases=tuple(names), **facts)


def _roles(said: frozenset[str] | None, known: Unit | None) -> frozenset[str]:
    """The roles that an office recorded, with the packs' membership; else all of the packs'."""
    of_pack = known.roles if known else frozenset()
    return of_pack if said is None else said | (of_pack & {_MEMBER})


def _with_seats(found: Roll, seated: set[str], sitting: Iterable[Sitting]) -> Iterator[Unit]:
    seats = {(row.committee, row.unit): row.capacity for row in sitting}
    for unit in found.values():
        committee = _committee_of(unit)
        capacity = seats.get((committee, unit.code))
        # To be in the chair makes nobody a member, and takes it from nobody.
        told = committee in seated and capacity != Capacity.CHAIR
        if told and (capacity is not None) is not (_MEMBER in unit.roles):
            yield replace(unit, roles=unit.roles ^ {_MEMBER})
        else:
            yield unit


def _committee_of(unit: Unit) -> str:
    return f"{unit.region}.safety_committee"
