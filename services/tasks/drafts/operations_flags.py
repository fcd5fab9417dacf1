"""Settling doubts about places of the text, and opening them again."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from kernel.access import Principal
from services.tasks.drafts import operations, operations_units, queries
from services.tasks.drafts import operations_checks as checks
from services.tasks.drafts.domain import SETTLED_BY, FlagAction, Resolution, flag_after
from services.tasks.drafts.schemas import Settled
from services.tasks.drafts.tables import DraftFlag


async def settle(
    session: AsyncSession, *, draft_id: UUID, settled: Settled, by: Principal, now: datetime
) -> list[DraftFlag]:
    """Settle doubts, and bring the words and units of the duties in line."""
    draft = await operations.correcting(session, draft_id, by=by)
    known = await checks.known(session, year=draft.year, now=now)
    known.refuse_strangers(settled.units, pointer="/units")
    chosen = [await queries.flag(session, draft_id, flag_id) for flag_id in settled.flags]
    flags = list(dict.fromkeys(chosen))
    for flag in flags:
        _refuse_unfit(flag, settled)
        flag.status = flag_after(flag.stands, FlagAction.SETTLE).value
        flag.resolution = settled.resolution.value
        flag.correction = settled.correction
        flag.note = settled.note
        flag.units = list(settled.units)
        flag.settled_by, flag.settled_at = by.subject, now
        operations.noted(
            session,
            draft,
            action=FlagAction.SETTLE,
            by=by,
            now=now,
            flag=flag,
            after=settled.model_dump(mode="json", exclude={"flags"}, exclude_none=True),
            reason=settled.note,
        )
    await operations_units.refresh(session, draft)
    return flags


async def reopen(
    session: AsyncSession,
    *,
    draft_id: UUID,
    flag_id: UUID,
    reason: str | None,
    by: Principal,
    now: datetime,
) -> DraftFlag:
    """Open a settled doubt again; what it had changed is undone."""
    draft = await operations.correcting(session, draft_id, by=by)
    flag = await queries.flag(session, draft_id, flag_id)
    before = {"resolution": flag.resolution, "correction": flag.correction, "units": flag.units}
    flag.status = flag_after(flag.stands, FlagAction.REOPEN).value
    flag.resolution = flag.correction = flag.note = flag.settled_by = flag.settled_at = None
    flag.units = []
    operations.noted(
        session,
        draft,
        action=FlagAction.REOPEN,
        by=by,
        now=now,
        flag=flag,
        before=before,
        reason=reason,
    )
    await operations_units.refresh(session, draft)
    return flag


def _refuse_unfit(flag: DraftFlag, settled: Settled) -> None:
    """A doubt is settled as its kind can be, with the words or units that takes."""
    fitting = SETTLED_BY[flag.sort]
    if settled.resolution not in fitting:
        expected = ", ".join(sorted(fitting))
        raise checks.fault("/resolution", f"应为 {expected}", f"expected one of {expected}")
    if (settled.resolution is Resolution.ASSIGNED) is not bool(settled.units):
        raise checks.fault("/units", "指定单位时必填，其他情形不填", "just for `assigned`")
    if (settled.resolution is Resolution.CORRECTED) is not (settled.correction is not None):
        raise checks.fault("/correction", "更正时必填，其他情形不填", "just for `corrected`")
    if settled.resolution is Resolution.DISMISSED and settled.note is None:
        raise checks.fault("/note", "请说明理由", "say why")
