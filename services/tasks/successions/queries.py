"""What followed a unit, and who answers for it on a day."""

from collections.abc import Collection, Mapping
from datetime import date

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from kernel.listing import Listing, equals, one_of
from services.tasks.organisations import queries as organisations
from services.tasks.successions import domain
from services.tasks.successions.domain import Change
from services.tasks.successions.tables import Succession

SUCCESSIONS = Listing(
    "successions",
    key=Succession.id,
    sorts={"effective_from": Succession.effective_from},
    default="-effective_from",
    filters={
        "predecessor": equals(Succession.predecessor, str, "原单位 / unit before"),
        "successor": equals(Succession.successor, str, "承继单位 / unit after"),
        "kind": one_of(Succession.kind, Change, "变更类型 / kinds of change"),
    },
    beside=frozenset({"on"}),
)


def until(day: date) -> Select[Succession]:
    """What had happened by a day."""
    return select(Succession).where(Succession.effective_from <= day)


async def heirs(session: AsyncSession, *, on: date) -> dict[str, str]:
    """The newest heir of every unit that had one by a day."""
    found = until(on).where(Succession.heir, Succession.predecessor != Succession.successor)
    rows = await session.scalars(found.order_by(Succession.effective_from))
    return {row.predecessor: row.successor for row in rows}


async def answering(
    session: AsyncSession, units: Collection[str], *, on: date
) -> dict[str, str | None]:
    """For each of some units who answers on a day for what it owed; None when nobody does."""
    return await _answering(session, units, await heirs(session, on=on), on=on)


async def _answering(
    session: AsyncSession, units: Collection[str], followed: Mapping[str, str], *, on: date
) -> dict[str, str | None]:
    if not units:
        return {}
    asked = {*units, *followed.values()}
    standing = await organisations.codes_at(session, asked, day=on)
    return {
        unit: domain.answers(unit, heirs=followed, standing=standing.__contains__) for unit in units
    }


async def bearing(session: AsyncSession, units: Collection[str], *, on: date) -> dict[str, str]:
    """For each of some units who bears on a day what is asked of it.

    A unit that nobody recorded, as those of the nation's and of other cities, bears its own,
    and so does one that nobody followed.
    """
    followed = await heirs(session, on=on) if units else {}
    answers = await _answering(session, followed.keys() & set(units), followed, on=on)
    return {unit: answers.get(unit) or unit for unit in units}
