"""Files about an order: whoever stands on either side of it hands them in and reads them."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from kernel.access import NotFound, NotYours, Principal
from kernel.files import FileNotKept, KeptFile
from kernel.ids import uuid7
from services.tasks.policies import POLICIES
from services.tasks.policies_supervisions import SupervisionAct
from services.tasks.supervisions import operations, queries
from services.tasks.supervisions.domain import LIVE, FileNotHandedIn, SupervisionActionRefused
from services.tasks.supervisions.tables import Supervision, SupervisionFile


async def refuse_strangers(
    session: AsyncSession, *, supervision_id: UUID, by: Principal, lock: bool = False
) -> Supervision:
    """Refuse who stands on no side of an order; asked before a file is received at all."""
    row = await queries.get(session, supervision_id, lock=lock)
    sides = (queries.issuing(row), queries.addressed(row))
    if not any(POLICIES.allows(by, SupervisionAct.HAND_IN_FILES, side) for side in sides):
        raise NotYours if queries.sees(by, row) else NotFound
    if row.stands not in LIVE:
        raise SupervisionActionRefused(supervision_status=row.status)
    return row


async def hand_in(
    session: AsyncSession,
    *,
    supervision_id: UUID,
    title: str,
    file: KeptFile,
    by: Principal,
    now: datetime,
) -> tuple[SupervisionFile, bool]:
    """Enter a stored file; sent again it is the one that it is already, and not new."""
    row = await refuse_strangers(session, supervision_id=supervision_id, by=by, lock=True)
    known = await queries.file(session, row.id, file.sha256)
    if known is not None:
        return known, False
    entered = SupervisionFile(
        id=uuid7(),
        supervision_id=row.id,
        title=title,
        sha256=file.sha256,
        size=file.size,
        media_type=file.media_type,
        handed_in_by=by.subject,
        handed_in_at=now,
    )
    session.add(entered)
    detail = {"sha256": file.sha256}
    operations.keep(session, row, "hand_in_file", by=by, now=now, detail=detail)
    return entered, True


async def readable(
    session: AsyncSession, *, supervision_id: UUID, sha256: str, by: Principal
) -> SupervisionFile:
    """A file of an order that the actor reads."""
    row = await queries.seen(session, supervision_id, by=by)
    found = await queries.file(session, row.id, sha256)
    if found is None:
        raise FileNotKept
    return found


async def refuse_unknown(session: AsyncSession, row: Supervision, files: Sequence[str]) -> None:
    """Refuse to refer to files that nobody handed in about the order."""
    known = {file.sha256 for file in await queries.files(session, row.id)}
    missing = sorted(set(files) - known)
    if missing:
        raise FileNotHandedIn(missing=missing)
