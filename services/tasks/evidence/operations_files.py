"""Add files to an obligation before evidence is handed in with them."""

import asyncio
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from kernel import mediatypes
from kernel.access import Principal
from kernel.files import KeptFile, Objects
from kernel.ids import uuid7
from kernel.problems import Problem
from reference.terms import EvidenceKind
from services.tasks.drafts import reading
from services.tasks.evidence import queries
from services.tasks.evidence.operations import refuse_closed
from services.tasks.evidence.tables import EvidenceFile
from services.tasks.obligations import queries as owed
from services.tasks.obligations.tables import Obligation
from services.tasks.policies import POLICIES, Act
from services.tasks.prints import domain as prints
from services.tasks.prints import operations_pictures as pictures
from services.tasks.prints.operations_pictures import Photo

_READABLE = frozenset({mediatypes.DOCX, mediatypes.PDF})


async def adding_to(
    session: AsyncSession, obligation_id: UUID, *, by: Principal, now: datetime
) -> Obligation:
    """The obligation, if this actor may hand in for it; asked before a file is received."""
    obligation = await owed.get(session, obligation_id)
    POLICIES.require(by, Act.SUBMIT_EVIDENCE, on=obligation, seen_by=Act.READ_OBLIGATIONS)
    refuse_closed(obligation, now=now)
    return obligation


async def read(objects: Objects, file: KeptFile) -> tuple[Photo, list[int] | None]:
    """What a photo says of itself, or the print of a document's text."""
    if file.media_type not in mediatypes.IMAGES | _READABLE:
        return Photo(), None
    body = b"".join([chunk async for chunk in objects.read(file.sha256)])
    if file.media_type in mediatypes.IMAGES:
        return await asyncio.to_thread(pictures.look_at, body), None
    return Photo(), await asyncio.to_thread(_words, body)


def _words(body: bytes) -> list[int] | None:
    """The print of a document's words; a scan has none, and is known by its hash alone."""
    try:
        return prints.words_print(reading.read(body).text)
    except Problem:
        return None


async def enter(
    session: AsyncSession,
    obligation: Obligation,
    *,
    file: KeptFile,
    kind: EvidenceKind,
    read: tuple[Photo, list[int] | None],
    by: Principal,
    now: datetime,
) -> tuple[EvidenceFile, bool]:
    """Enter a stored file; sent again before it is handed in, it is the same one.

    Whether it is new stands beside it. The caller knows that this actor may add to it.
    """
    known = await queries.unused(
        session, obligation.id, sha256=file.sha256, kind=kind, by=by.subject
    )
    if known is not None:
        return known, False
    photo, words = read
    row = EvidenceFile(
        id=uuid7(),
        obligation_id=obligation.id,
        region_code=obligation.region_code,
        enterprise_uscc=obligation.enterprise_uscc,
        kind=str(kind),
        sha256=file.sha256,
        size=file.size,
        media_type=file.media_type,
        taken_at=photo.taken_at,
        lon=photo.lon,
        lat=photo.lat,
        picture=photo.print,
        words=words,
        added_by=by.subject,
        added_at=now,
    )
    session.add(row)
    return row, True
