"""Source: the decision on somebody's objection to a duty, or to their part of one."""

from collections.abc import Collection, Mapping
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.tasks.appeals.domain import AppealStatus
from services.tasks.appeals.tables import Appeal
from services.tasks.dues.domain import Said
from services.tasks.dues.queries_duties import titles
from services.tasks.dues.queries_kinds import Source, asked, unmoved
from services.tasks.obligations.domain import LIVE
from services.tasks.obligations.tables import Obligation
from services.tasks.parts.domain import WORKING
from services.tasks.parts.tables import Part


async def _said(session: AsyncSession, ids: Collection[UUID]) -> Mapping[UUID, Said]:
    """Which duty it is about; never who objects, or why."""
    chosen = select(Appeal.id, Appeal.obligation_id).where(Appeal.id.in_(ids))
    rows = (await session.execute(chosen)).all()
    named = await titles(session, {whole for _, whole in rows})
    return {
        found: Said(f"裁定异议：{named[whole].zh}", f"Decide on an objection: {named[whole].en}")
        for found, whole in rows
    }


_owed_still = select(Obligation.id).where(
    Obligation.id == Appeal.obligation_id, Obligation.status.in_(LIVE)
)
_worked_on = select(Part.id).where(Part.id == Appeal.part_id, Part.status.in_(WORKING))

SOURCES: tuple[Source, ...] = (
    Source(
        kind="appeal_decision",
        entity="obligations",
        owed=asked(
            Appeal.id,
            unit=Appeal.office,
            due=Appeal.due_at,
            opened=Appeal.made_at,
            changed=[Appeal.overdue_at],
            entity=Appeal.obligation_id,
        ).where(
            Appeal.status == AppealStatus.MADE,
            _owed_still.exists(),
            or_(Appeal.part_id.is_(None), _worked_on.exists()),
        ),
        words=_said,
        moves=unmoved,
    ),
)
