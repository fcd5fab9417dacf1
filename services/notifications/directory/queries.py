"""How a recipient can be reached.

A transaction remembers what it has read: whoever tells many facts of the same places asks once.
For a unit that is no more its heir is called: who that is is read along with the unit.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import ARRAY, Text, any_, bindparam, func, null, select
from sqlalchemy.ext.asyncio import AsyncSession

from reference import units
from services.notifications.directory import rules
from services.notifications.directory.rules import End
from services.notifications.directory.tables import (
    EndedUnit,
    KnownEnterprise,
    KnownPost,
    KnownUnit,
)
from services.notifications.routing import domain_steps as steps
from services.notifications.routing.domain_steps import Recipient

_ANSWERING = ("duty_desk", "liaison", "deputy", "principal")
"""Which post's address stands for a whole unit, first choice first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """A recipient that exists, and the address of its post if there is one."""

    to: Recipient
    """Who is called: the heir's post or the heir, if the unit asked for is no more."""
    region_code: str
    email: str | None = None
    known: bool = True
    """Whether the directory holds it; of what only the packs name it may still hear."""


@dataclass(slots=True)
class _Unit:
    region_code: str
    emails: dict[str, str | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Read:
    """What a transaction has read; None of what the directory does not hold."""

    units: dict[str, _Unit | None] = field(default_factory=dict)
    ends: dict[str, End] = field(default_factory=dict)
    """Of units that ended or will, whatever the day that is asked about."""
    names: dict[str, str | None] = field(default_factory=dict)


_READ = "read in the directory"


def _read(session: AsyncSession) -> _Read:
    read: _Read = session.info.setdefault(_READ, _Read())
    return read


def forget(session: AsyncSession) -> None:
    """Have whatever is asked next read again: the directory was written."""
    session.info.pop(_READ, None)


async def contacts(
    session: AsyncSession, *, codes: Sequence[str], region: str, on: date
) -> Mapping[str, Contact]:
    """Those of the codes that reach somebody. An enterprise is always there, in `region`.

    They are found under the codes asked for; whom these mean on the day is in each contact.

    What the directory has not heard of yet is looked for among the units of the packs: an
    alarm on the first morning of a new county must not wait for its entry.
    """
    await look_up(session, codes=codes, uscc=None)
    read = _read(session)
    found: dict[str, Contact] = {}
    for code in codes:
        contact = _called(steps.recipient(code), read, region=region, on=on)
        if contact is not None:
            found[code] = contact
    return found


async def heirs(session: AsyncSession, *, codes: Iterable[str], on: date) -> Mapping[str, str]:
    """Of those codes whose unit is no more on a day, whom they mean now, if anybody."""
    asked = tuple(codes)
    await look_up(session, codes=asked, uscc=None)
    read = _read(session)
    found: dict[str, str] = {}
    for to in map(steps.recipient, asked):
        if to.unit not in read.ends:
            continue
        contact = _called(to, read, region=to.unit.partition(".")[0], on=on)
        if contact is not None and contact.to != to:
            found[to.code] = contact.to.code
    return found


async def look_up(session: AsyncSession, *, codes: Iterable[str], uscc: str | None) -> None:
    """Read at once what will be asked of the directory: whom a fact is told, and of whom."""
    units = {unit for code in codes if (unit := steps.recipient(code).unit)}
    await _look_up(session, units=units, names={uscc} if uscc else ())


# The units asked for and whoever follows them. Each comes once, so that a ring of heirs ends.
_MEANT = select(func.unnest(bindparam("units", type_=ARRAY(Text)), type_=Text).label("unit")).cte(
    "meant", recursive=True
)
_MEANT = _MEANT.union(select(EndedUnit.heir).join(_MEANT, EndedUnit.unit == _MEANT.c.unit))

# As an array, of which the planner expects few, so that it goes on reading by the keys.
_ALL_MEANT = any_(func.array(select(_MEANT.c.unit).scalar_subquery(), type_=ARRAY(Text)))

# Stated once: every message asks for it, and stating it costs more than the answer.
_KNOWN = (
    select(KnownUnit.unit, KnownUnit.region_code, KnownPost.post, KnownPost.email)
    .add_columns(*(null().label(name) for name in ("heir", "ended_on", "uscc", "name")))
    .outerjoin(KnownPost, KnownPost.unit == KnownUnit.unit)
    .where(KnownUnit.unit == _ALL_MEANT)
    .union_all(
        select(EndedUnit.unit, *(null() for _ in range(3)))
        .add_columns(EndedUnit.heir, EndedUnit.ended_on, null(), null())
        .where(EndedUnit.unit == _ALL_MEANT),
        select(*(null() for _ in range(6)), KnownEnterprise.uscc, KnownEnterprise.name).where(
            KnownEnterprise.uscc == any_(bindparam("names", type_=ARRAY(Text)))
        ),
    )
)


async def _look_up(
    session: AsyncSession, *, units: Collection[str], names: Collection[str] = ()
) -> None:
    read = _read(session)
    asked = {
        "units": [unit for unit in units if unit not in read.units],
        "names": [uscc for uscc in names if uscc not in read.names],
    }
    if not any(asked.values()):
        return
    read.units.update(dict.fromkeys(asked["units"]))
    read.names.update(dict.fromkeys(asked["names"]))
    for unit, region_code, post, email, heir, ended_on, uscc, name in await session.execute(
        _KNOWN, asked
    ):
        if uscc is not None:
            read.names[uscc] = name
        elif heir is not None:
            read.ends[unit] = End(heir, ended_on)
            read.units.setdefault(heir, None)
        else:
            held = read.units[unit] = read.units.get(unit) or _Unit(region_code)
            if post is not None:
                held.emails[post] = email


def _called(to: Recipient, read: _Read, *, region: str, on: date) -> Contact | None:
    """The first whom a code may mean that exists."""
    meant = (_contact(one, read.units, region=region, on=on) for one in _meant(to, read, on=on))
    return next((contact for contact in meant if contact is not None), None)


def _meant(to: Recipient, read: _Read, *, on: date) -> Sequence[Recipient]:
    """Whom a code may mean, first choice first: of an heir the same post, then the whole unit."""
    if to.unit not in read.ends:
        return (to,)
    unit = rules.called(to.unit, ends=read.ends, on=on)
    if unit is None:
        return ()
    same = steps.recipient(unit + to.code.removeprefix(to.unit))
    return (same,) if unit == to.unit else (same, steps.recipient(unit))


def _contact(
    to: Recipient, known: Mapping[str, _Unit | None], *, region: str, on: date
) -> Contact | None:
    if to.uscc is not None:
        return Contact(to=to, region_code=region)
    assert to.unit is not None
    unit = known.get(to.unit)
    if unit is None:
        return _from_packs(to, on=on)
    if to.post is None:
        return Contact(to=to, region_code=unit.region_code, email=_answering(to.unit, unit))
    if to.post not in unit.emails:
        return None
    return Contact(to=to, region_code=unit.region_code, email=unit.emails[to.post])


def _answering(code: str, unit: _Unit) -> str | None:
    addresses = (unit.emails.get(f"{code}.{post}") for post in _ANSWERING)
    return next((email for email in addresses if email), None)


def _from_packs(to: Recipient, *, on: date) -> Contact | None:
    try:
        unit = units.unit(to.unit or "", on=on)
        if to.post is not None:
            units.post(to.post, on=on)
    except LookupError:
        return None
    return Contact(to=to, region_code=unit.region, known=False)


async def post_or_unit(session: AsyncSession, *, unit: str, post: str, on: date) -> str:
    """The code of a unit's post, or that of the unit where nobody knows such a post."""
    code = f"{unit}.{post}"
    found = await contacts(session, codes=[code], region=unit.partition(".")[0], on=on)
    return code if code in found else unit


async def enterprise_name(session: AsyncSession, *, uscc: str | None) -> str | None:
    """What an enterprise is called, if it was told."""
    if uscc is None:
        return None
    await _look_up(session, units=(), names=(uscc,))
    return _read(session).names[uscc]
