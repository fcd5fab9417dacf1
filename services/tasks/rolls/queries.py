"""Reads which units there are on a day."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from reference.units import Roll
from services.tasks.committees import queries as committees
from services.tasks.committees.tables import Membership
from services.tasks.organisations import queries as organisations
from services.tasks.organisations.tables import Unit
from services.tasks.rolls import domain
from services.tasks.rolls.domain import Recorded, Sitting


async def joined(session: AsyncSession, day: date) -> frozenset[str]:
    """The units that were there, were something else, or sat on a committee from a day on."""
    recorded = select(Unit.code).where(Unit.effective_from == day)
    seated = select(Membership.unit).where(Membership.effective_from == day)
    return frozenset(await session.scalars(recorded.union(seated)))


async def roll(session: AsyncSession, *, on: date, places: Collection[str] | None = None) -> Roll:
    """Every unit that there is on a day, by its code.

    With `places`, what was recorded is read of those only: of all others the packs speak.
    """
    recorded = organisations.units_at(on).with_only_columns(
        Unit.code, Unit.region_code, Unit.level, Unit.kind, Unit.name_zh, Unit.name_en, Unit.roles
    )
    sitting = committees.members_at(on).with_only_columns(
        Membership.committee, Membership.unit, Membership.capacity
    )
    before = select(Unit.code, Unit.name_zh, Unit.roles).where(Unit.effective_to < on)
    seated = select(Membership.committee).where(Membership.effective_from <= on).distinct()
    if places is not None:
        recorded = recorded.where(Unit.region_code.in_(places))
        before = before.where(Unit.region_code.in_(places))
        own = Membership.committee.in_([f"{place}.safety_committee" for place in places])
        sitting, seated = sitting.where(own), seated.where(own)
    former: defaultdict[str, set[str]] = defaultdict(set)
    last: dict[str, tuple[str, ...] | None] = {}
    for code, name, roles in await session.execute(before.order_by(Unit.effective_from)):
        former[code].add(name)
        last[code] = roles
    standing = {
        code: Recorded(
            code=code,
            region=region,
            level=level,
            kind=kind,
            zh=zh,
            en=en,
            former=tuple(sorted(former[code] - {zh})),
            roles=_said(roles),
        )
        for code, region, level, kind, zh, en, roles in await session.execute(recorded)
    }
    return domain.roll(
        standing.values(),
        [
            Sitting(committee=committee, unit=unit, capacity=capacity)
            for committee, unit, capacity in await session.execute(sitting)
        ],
        seated=await session.scalars(seated),
        ended={
            code: frozenset(roles)
            for code, roles in last.items()
            if roles is not None and code not in standing
        },
        on=on,
    )


def _said(roles: tuple[str, ...] | None) -> frozenset[str] | None:
    return None if roles is None else frozenset(roles)
