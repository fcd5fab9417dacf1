"""Whom a duty of a plan means: units by level and role, enterprises by group.

A subject is `<level>:<role>`. The level is a level of government, `township`, `park`,
`enterprise`, or the six digits of one place. The role is a kind of unit or a role that units
carry; `lead` and `involved` are the units that the duty's article names, at that level; the
suffix `_principal` means the head of the unit. At the level `enterprise` the role is a group.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date

from reference import city, regions, units
from reference.city import Plan
from reference.cityrows import Allocation, Duty, EnterpriseGroup
from reference.units import Roll, Unit

_PRINCIPAL = "_principal"


@dataclass(frozen=True, slots=True, kw_only=True)
class Subjects:
    """Everybody a duty means."""

    units: tuple[str, ...]
    principals: bool
    """Whether the head of each unit is meant in person."""
    enterprises: tuple[EnterpriseGroup, ...]


def of(duty: Duty, *, on: date) -> Subjects:
    """Everybody in the city whom a duty of the pack's plan means."""
    row = allocation(duty, on=on)
    roll = units.roll(on=on)
    return meant(duty.subjects, lead=row.lead, supporting=row.supporting, roll=roll, on=on)


def meant(
    texts: Collection[str],
    *,
    lead: Collection[str],
    supporting: Collection[str],
    roll: Roll,
    on: date,
) -> Subjects:
    """Everybody whom a duty means that names them so, of the units there are on the day.

    `lead` and `supporting` are slugs of the city's units, codes of units, or again subjects.
    """
    pairs = [(level, role) for level, _, role in (text.partition(":") for text in texts)]
    named = _Named(lead=tuple(lead), supporting=tuple(supporting))
    found = [
        unit
        for level, role in pairs
        if level != "enterprise"
        for unit in _meant(level, role.removesuffix(_PRINCIPAL), named, roll)
    ]
    return Subjects(
        units=tuple(dict.fromkeys(found)),
        principals=any(role.endswith(_PRINCIPAL) for _, role in pairs),
        enterprises=groups(texts, on=on),
    )


def groups(texts: Collection[str], *, on: date) -> tuple[EnterpriseGroup, ...]:
    """The groups of enterprises among what a duty names."""
    split = (text.partition(":") for text in texts)
    return tuple(_group(role, on=on) for level, _, role in split if level == "enterprise")


def leads(duty: Duty, *, on: date) -> tuple[str, ...]:
    """The city's units that lead the duty's article, or its lettered part."""
    return allocated(allocation(duty, on=on).lead, roll=units.roll(on=on))


def supports(duty: Duty, *, on: date) -> tuple[str, ...]:
    """The city's units that support it, without those that lead."""
    row = allocation(duty, on=on)
    return _Named(lead=row.lead, supporting=row.supporting).helping(units.roll(on=on))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Named:
    lead: tuple[str, ...]
    supporting: tuple[str, ...]

    def helping(self, roll: Roll) -> tuple[str, ...]:
        leading = set(allocated(self.lead, roll=roll))
        return tuple(code for code in allocated(self.supporting, roll=roll) if code not in leading)


def allocated(names: Collection[str], *, roll: Roll) -> tuple[str, ...]:
    """The codes of the units that an article names, each once."""
    return tuple(dict.fromkeys(_allocated(names, roll)))


def includes(
    group: EnterpriseGroup, *, sector: str, high_risk: bool, flags: Collection[str]
) -> bool:
    """Whether an enterprise belongs to a group."""
    return (
        (not group.sectors or sector in group.sectors)
        and (high_risk or not group.high_risk)
        and (group.flag is None or group.flag in flags)
    )


def meanings(roll: Roll, *, on: date) -> frozenset[str]:
    """Every `<level>:<role>` that means somebody, for checking a plan."""
    found = {
        f"{level}:{role}"
        for unit in roll.values()
        for level in (_level(unit), _place(unit))
        for role in (unit.kind, *unit.roles, "lead", "involved")
    }
    groups = {f"enterprise:{row.code}" for row in city.current().enterprise_groups.at(on)}
    return frozenset(found | groups)


def stripped(subject: str) -> str:
    """A subject without the suffix that means the head of the unit in person."""
    return subject.removesuffix(_PRINCIPAL)


def _group(role: str, *, on: date) -> EnterpriseGroup:
    return city.current().enterprise_groups.one(role.removesuffix(_PRINCIPAL), on=on)


def _meant(level: str, role: str, named: _Named, roll: Roll) -> Iterator[str]:
    if role in ("lead", "involved"):
        leading = allocated(named.lead, roll=roll)
        codes = leading + (named.helping(roll) if role == "involved" else ())
        slugs = {code.partition(".")[2] for code in codes}
    else:
        slugs = set()
    for unit in roll.values():
        wanted = _slug(unit) in slugs if slugs else role == unit.kind or role in unit.roles
        if wanted and level in (_level(unit), _place(unit)):
            yield unit.code


def _slug(unit: Unit) -> str:
    return unit.code.partition(".")[2]


def _place(unit: Unit) -> str:
    return unit.region if unit.township is None else ""


def _level(unit: Unit) -> str:
    if unit.township is not None:
        return "township"
    return "park" if regions.region(unit.region).park else str(unit.level)


def allocation(duty: Duty, *, on: date) -> Allocation:
    """Who leads and who supports the article of a duty, or its lettered part."""
    plan: Plan = city.current().plans[duty.effective_from.year]
    allocations = plan.articles.one(duty.article, on=on).allocations
    return next(row for row in allocations if row.part == duty.part)


def _allocated(names: Collection[str], roll: Roll) -> Iterator[str]:
    for name in names:
        level, colon, role = name.partition(":")
        if not colon:
            yield name if "." in name else f"{city.current().code}.{name}"
            continue
        for unit in roll.values():
            if (role == unit.kind or role in unit.roles) and _level(unit) == level:
                yield unit.code
