"""The HTTP face of notices."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import Query

from kernel.transactions import Actor, Now, Session, act
from kernel.web import rooms
from services.incidents.notices import operations, queries
from services.incidents.notices.schemas import NewReceipt, NoticeView
from services.incidents.notices.tables import Notice
from services.incidents.policies import POLICIES, Act

router = rooms("/incidents/notices", "notices")

MOST = 200


@router.get("", response_model=list[NoticeView])
@act(Act.READ_NOTICES)
async def list_notices(
    session: Session,
    by: Actor,
    accident_id: Annotated[
        UUID | None, Query(description="All of this accident, told or not.")
    ] = None,
    mine: Annotated[bool, Query(description="Only those my desk must give.")] = False,
) -> Sequence[Notice]:
    """Notices still owed, soonest due first; of one accident also those given."""
    if accident_id is not None:
        found = await queries.of_accident(session, accident_id)
    else:
        found = await queries.owed(session, unit=(by.unit or "") if mine else None, limit=MOST)
    return [notice for notice in found if POLICIES.allows(by, Act.READ_NOTICES, notice)]


@router.post("/{notice_id}/tell", response_model=NoticeView)
@act(Act.NOTIFY)
async def tell(notice_id: UUID, body: NewReceipt, session: Session, by: Actor, now: Now) -> Notice:
    """Say that the body was told, with its receipt."""
    return await operations.tell(session, notice_id=notice_id, receipt=body.receipt, by=by, now=now)
