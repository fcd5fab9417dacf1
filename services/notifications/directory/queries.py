"""How a recipient can be reached.

A transaction remembers what it has read: whoever tells many facts of the same places asks once.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import ARRAY, Text, any_, bindparam, null, select
from sqlalchemy.ext.asyncio import AsyncSession

from reference import units
from services.notifications.directory.tables import KnownEnterprise, KnownPost, KnownUnit
from services.notifications.routing import domain_steps as steps
from services.notifications.routing.domain_steps import Recipient

_ANSWERING = ("duty_desk", "liaison", "deputy", "principal")
"""Which post's address stands for a whole unit, first choice first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """A recipient that exists, and the address of its post if there is one."""

    to: Recipient
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
    """Those of the codes that exist. An enterprise always does; it is placed in `region`.

    What the directory has not heard of yet is looked for among the units of the packs: an
    alarm on the first morning of a new county must not wait for its entry.
    """
    wanted = [steps.recipient(code) for code in codes]
    await _look_up(session, units={to.unit for to in wanted if to.unit})
    known = _read(session).units
    found: dict[str, Contact] = {}
    for to in wanted:
        contact = _contact(to, known, region=region, on=on)
        if contact is not None:
            found[to.code] = contact
    return found


async def look_up(session: AsyncSession, *, codes: Iterable[str], uscc: str | None) -> None:
    """Read at once what will be asked of the directory: whom a fact is told, and of whom."""
    units = {unit for code in codes if (unit := steps.recipient(code).unit)}
    await _look_up(session, units=units, names={uscc} if uscc else ())


# Stated once: every message asks for it, and stating it costs more than the answer.
_KNOWN = (
    select(KnownUnit.unit, KnownUnit.region_code, KnownPost.post, KnownPost.email)
    .add_columns(null().label("uscc"), null().label("name"))
    .outerjoin(KnownPost, KnownPost.unit == KnownUnit.unit)
    .where(KnownUnit.unit == any_(bindparam("units", type_=ARRAY(Text))))
    .union_all(
        select(*(null() for _ in range(4)), KnownEnterprise.uscc, KnownEnterprise.name).where(
            KnownEnterprise.uscc == any_(bindparam("names", type_=ARRAY(Text)))
        )
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
    for unit, region_code, post, email, uscc, name in await session.execute(_KNOWN, asked):
        if uscc is not None:
            read.names[uscc] = name
            continue
        held = read.units[unit] = read.units[unit] or _Unit(region_code)
        if post is not None:
            held.emails[post] = email


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
