"""How a recipient can be reached."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ARRAY, Text, any_, bindparam, select
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


@dataclass(frozen=True, slots=True)
class _Known:
    region_code: str
    emails: Mapping[str, str | None]


async def contacts(
    session: AsyncSession, *, codes: Sequence[str], region: str, on: date
) -> Mapping[str, Contact]:
    """Those of the codes that exist. An enterprise always does; it is placed in `region`.

    What the directory has not heard of yet is looked for among the units of the packs: an
    alarm on the first morning of a new county must not wait for its entry.
    """
    wanted = [steps.recipient(code) for code in codes]
    known = await _known(session, {to.unit for to in wanted if to.unit})
    found: dict[str, Contact] = {}
    for to in wanted:
        contact = _contact(to, known, region=region, on=on)
        if contact is not None:
            found[to.code] = contact
    return found


# Stated once: every message asks for them, and stating them costs more than the answer.
_POSTS = (
    select(KnownUnit.unit, KnownUnit.region_code, KnownPost.post, KnownPost.email)
    .outerjoin(KnownPost, KnownPost.unit == KnownUnit.unit)
    .where(KnownUnit.unit == any_(bindparam("units", type_=ARRAY(Text))))
)
_NAME = select(KnownEnterprise.name).where(KnownEnterprise.uscc == bindparam("uscc"))


async def _known(session: AsyncSession, codes: set[str]) -> Mapping[str, _Known]:
    found: dict[str, _Known] = {}
    emails: dict[str, dict[str, str | None]] = {}
    for unit, region_code, post, email in await session.execute(_POSTS, {"units": list(codes)}):
        held = emails.setdefault(unit, {})
        if post is not None:
            held[post] = email
        found[unit] = _Known(region_code, held)
    return found


def _contact(
    to: Recipient, known: Mapping[str, _Known], *, region: str, on: date
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


def _answering(code: str, unit: _Known) -> str | None:
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
    return await session.scalar(_NAME, {"uscc": uscc})
