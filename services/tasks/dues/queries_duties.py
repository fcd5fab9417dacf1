"""Sources: obligations, and the parts that units have of those of others."""

from collections.abc import Collection, Mapping
from uuid import UUID

from sqlalchemy import Select, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from services.tasks.dues.domain import DUTIES, SHARES, Said
from services.tasks.dues.queries_kinds import Source, asked, clocked
from services.tasks.obligations import operations as obligations
from services.tasks.obligations.domain import LIVE, OWED
from services.tasks.obligations.tables import Obligation
from services.tasks.parts.domain import WORKING, PartRole
from services.tasks.parts.queries import DUE_AT as PART_DUE_AT
from services.tasks.parts.tables import Part
from services.tasks.plans.tables import Duty

_moves_of_duties = clocked(obligations.DUE)


async def titles(session: AsyncSession, ids: Collection[UUID]) -> Mapping[UUID, Said]:
    """The plan's own words, which are published; of an event only what sort of duty it is."""
    chosen = select(Obligation.id, Obligation.kind, Obligation.duty, Obligation.plan_version)
    rows = (await session.execute(chosen.where(Obligation.id.in_(ids)))).all()
    keys = {key for _, _, duty, version in rows if (key := _key(duty, version)) is not None}
    named = {
        (row.year, row.version, row.code): Said(row.text_zh, row.text_en or row.text_zh)
        for row in await session.scalars(
            select(Duty).where(tuple_(Duty.year, Duty.version, Duty.code).in_(keys))
        )
    }
    return {
        found: named.get(_key(duty, version) or (0, 0, ""), DUTIES[kind])
        for found, kind, duty, version in rows
    }


def _key(duty: str, version: int | None) -> tuple[int, int, str] | None:
    year, _, code = duty.partition("/")
    return (int(year), version, code) if version is not None and year.isdigit() else None


async def _parts(session: AsyncSession, ids: Collection[UUID]) -> Mapping[UUID, Said]:
    """What the unit has to do with the duty, and the duty as the lead's own calendar calls it."""
    rows = (await session.execute(_of_parts(ids))).all()
    named = await titles(session, {whole for _, whole, _ in rows})
    return {found: _share(PartRole(role), named[whole]) for found, whole, role in rows}


def _of_parts(ids: Collection[UUID]) -> Select[UUID, UUID, str]:
    return select(Part.id, Part.obligation_id, Part.role).where(Part.id.in_(ids))


def _share(role: PartRole, duty: Said) -> Said:
    share = SHARES[role]
    return Said(f"{share.zh}：{duty.zh}", f"{share.en}: {duty.en}")


async def _moves_of_parts(session: AsyncSession, ids: Collection[UUID]) -> Mapping[UUID, int]:
    """A part is due when the whole is, or later by one move of its own."""
    own = select(Part.id, Part.obligation_id, Part.own_due_at.is_not(None))
    rows = (await session.execute(own.where(Part.id.in_(ids)))).all()
    moved = await _moves_of_duties(session, {whole for _, whole, _ in rows})
    return {found: moved.get(whole, 0) + int(later) for found, whole, later in rows}


SOURCES: tuple[Source, ...] = (
    Source(
        kind="obligation",
        entity="obligations",
        owed=asked(
            Obligation.id,
            unit=Obligation.unit,
            enterprise=Obligation.enterprise_uscc,
            due=Obligation.due_at,
            opened=Obligation.opened_at,
            changed=[Obligation.overdue_at],
        ).where(Obligation.status.in_(OWED), Obligation.stopped_at.is_(None)),
        words=titles,
        moves=_moves_of_duties,
    ),
    Source(
        kind="part",
        entity="obligations",
        # The lead's own part is the obligation itself, which its unit is told of already.
        owed=asked(
            Part.id,
            entity=Obligation.id,
            unit=Part.unit,
            due=PART_DUE_AT,
            opened=Part.opened_at,
            changed=[Part.overdue_at],
        )
        .join(Obligation, Obligation.id == Part.obligation_id)
        .where(
            Part.status.in_(WORKING),
            Part.objected_at.is_(None),
            Part.role != PartRole.LEAD,
            Obligation.status.in_(LIVE),
            Obligation.stopped_at.is_(None),
        ),
        words=_parts,
        moves=_moves_of_parts,
        anywhere=True,
    ),
)
