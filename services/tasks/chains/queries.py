"""Reads the copy of the enterprises, and who answers for one of them on a day."""

from collections.abc import Collection, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ARRAY, Text, any_, func, literal, select
from sqlalchemy.ext.asyncio import AsyncSession

from kernel.access import NotFound, Principal
from kernel.db import everywhere
from reference.chains import Answering
from services.tasks.chains import domain
from services.tasks.chains.domain import Charge, Decided, InCharge, Link, Named
from services.tasks.chains.tables import Enterprise, Entry
from services.tasks.decisions import queries as decisions
from services.tasks.decisions.tables import ChainDecision
from services.tasks.holders import queries as holders
from services.tasks.holders.tables import Holding
from services.tasks.organisations import queries as organisations
from services.tasks.policies import POLICIES, Act
from services.tasks.successions import queries as successions


@dataclass(frozen=True, kw_only=True)
class Resolved:
    """Who answers on a day, with the people in the posts in charge."""

    field: str
    links: tuple[Link, ...]
    in_charge: dict[str, tuple[InCharge, ...]]
    """By unit."""
    holders: dict[str, Holding]
    """By post; a post that nobody holds is not in it."""


async def enterprise(session: AsyncSession, uscc: str) -> Enterprise:
    """One enterprise, or a refusal."""
    found = await known(session, uscc)
    if found is None:
        raise NotFound(
            f"未登记统一社会信用代码 {uscc}。", f"No enterprise is registered as {uscc}."
        )
    return found


async def known(session: AsyncSession, uscc: str) -> Enterprise | None:
    """One enterprise as it is now, if it has been registered."""
    return await session.scalar(select(Enterprise).where(Enterprise.uscc == uscc))


async def known_among(session: AsyncSession, codes: Collection[str]) -> Sequence[Enterprise]:
    """Those of some codes that are enterprises as they are now, however many are asked for."""
    among = Enterprise.uscc == any_(literal(list(codes), ARRAY(Text)))
    return (await session.scalars(select(Enterprise).where(among))).all()


async def entries_among(
    session: AsyncSession, codes: Collection[str], *, on: date
) -> Sequence[Entry]:
    """Those of some codes that were enterprises on a day, as they were then.

    Of days before the register was begun nothing is known: they are taken for its first.
    """
    began = await session.scalar(select(func.min(Entry.effective_from)))
    day = on if began is None else max(on, began)
    among = Entry.uscc == any_(literal(list(codes), ARRAY(Text)))
    found = select(Entry).where(among, organisations.in_force(Entry, day))
    return (await session.scalars(found)).all()


async def entry(session: AsyncSession, uscc: str, *, on: date) -> Entry | None:
    """One enterprise as the registry had it on a day, if it did."""
    found = select(Entry).where(Entry.uscc == uscc, organisations.in_force(Entry, on))
    return await session.scalar(found)


async def standing_entry(session: AsyncSession, uscc: str) -> Entry | None:
    """The newest entry of an enterprise, locked."""
    newest = select(Entry).where(Entry.uscc == uscc, Entry.effective_to.is_(None))
    return await session.scalar(newest.with_for_update())


async def seen(session: AsyncSession, uscc: str, *, on: date, by: Principal) -> Entry:
    """One enterprise as it stood on a day, or a refusal.

    Whoever may see it now reads all that it has been; where it has moved away, whoever might
    see it on that day reads what it was then.
    """
    now = await known(session, uscc)
    async with everywhere(session) if now is not None else nullcontext():
        stood = await entry(session, uscc, on=on)
    if stood is None or not POLICIES.allows(by, Act.READ_ENTERPRISE, now or stood):
        raise NotFound(
            f"{on} 未登记统一社会信用代码 {uscc}。",
            f"On {on} no enterprise was registered as {uscc}.",
        )
    return stood


async def trade(
    session: AsyncSession, *, stated: str | None, uscc: str | None, on: date
) -> str | None:
    """What an accident counts as by trade: as stated, else as its enterprise had it that day.

    One that was registered only afterwards is taken for what it was registered as at first.
    """
    if stated is not None or uscc is None:
        return stated
    nearest = (Entry.effective_from > on, func.abs(Entry.effective_from - on))
    found = select(Entry.industry).where(Entry.uscc == uscc).order_by(*nearest)
    return await session.scalar(found.limit(1))


async def resolve(
    session: AsyncSession, *, industry: str, region: str, decided: Decided | None, on: date
) -> Resolved:
    """Who answers on a day for an industry in a place, in order, each with the reason why."""
    answer = (
        domain.with_decision(decided, region=region, on=on)
        if decided
        else domain.answering(industry=industry, region=region, on=on)
    )
    heirs, named = await standing(session, _codes(answer), on=on)
    links = domain.links(answer, decided=decided, heirs=heirs, named=named, on=on)
    seats = await in_charge(session, [link.unit for link in links], recorded=named, on=on)
    posts = {link.post for link in links} | {one.post for row in seats.values() for one in row}
    held = await holders.holders_of(session, posts, on=on)
    return Resolved(field=answer.field, links=links, in_charge=seats, holders=held)


async def in_charge(
    session: AsyncSession, units: Collection[str], *, recorded: Collection[str], on: date
) -> dict[str, tuple[InCharge, ...]]:
    """The posts in charge of each of some units on a day; of those not recorded, the pack's."""
    found: dict[str, list[InCharge]] = {unit: [] for unit in units if unit in recorded}
    for row in await organisations.posts(session, list(found), day=on):
        if row.kind in set(Charge):
            seat = InCharge(
                post=row.code,
                kind=Charge(row.kind),
                label_zh=row.label_zh,
                label_en=row.label_en,
            )
            found[row.unit].append(seat)
    return {
        unit: domain.in_charge(found[unit])
        if unit in found
        else domain.in_charge_of_pack(unit, on=on)
        for unit in units
    }


def _codes(answer: Answering) -> list[str]:
    return [*answer.lead, *answer.supporting, *answer.territorial]


async def standing(
    session: AsyncSession, codes: list[str], *, on: date
) -> tuple[dict[str, str], dict[str, Named]]:
    """Who answers on a day for each of some units, and what units are called then."""
    heirs = await successions.bearing(session, codes, on=on)
    rows = await organisations.standing(session, {*codes, *heirs.values()}, day=on)
    named = {
        code: Named(code=code, name_zh=row.name_zh, name_en=row.name_en, region=row.region_code)
        for code, row in rows.items()
    }
    return heirs, named


async def decided(session: AsyncSession, industry: str, *, region: str, on: date) -> Decided | None:
    """What was decided on a kind of business in a place, if anything holds on the day."""
    row = await decisions.of(session, industry, region=region, on=on)
    return of_row(row) if row else None


async def answering(
    session: AsyncSession, *, industry: str | None, region: str, on: date
) -> Answering:
    """Who answers on a day for an industry in a place: by decision where there is one."""
    found = await decided(session, industry, region=region, on=on) if industry else None
    if found is not None:
        return domain.with_decision(found, region=region, on=on)
    return domain.answering(industry=industry, region=region, on=on)


def of_row(row: ChainDecision) -> Decided:
    """A decision as chains read it."""
    return Decided(
        decision_id=row.id,
        name=row.name,
        field=row.field,
        lead=row.lead,
        likened_to=row.likened_to,
        document=row.document,
    )
