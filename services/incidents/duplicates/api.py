"""The HTTP face of duplicates."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import Query

from kernel.transactions import Actor, Now, Session, act
from kernel.web import rooms
from services.incidents.duplicates import operations, operations_matching, queries
from services.incidents.duplicates.schemas import KeepApart, LikenessView, Merge, Pair
from services.incidents.duplicates.tables import Likeness
from services.incidents.policies import POLICIES, Act

router = rooms("/incidents/duplicates", "duplicates")


@router.get("", response_model=list[LikenessView])
@act(Act.MATCH)
async def list_pairs(
    session: Session,
    by: Actor,
    accident_id: Annotated[
        UUID | None, Query(description="Every pair of this accident, decided ones too.")
    ] = None,
) -> Sequence[Likeness]:
    """Accidents that look like one and wait for a person, most alike first."""
    if accident_id is None:
        found = await queries.offered(session)
    else:
        found = await queries.of_accident(session, accident_id)
    return [pair for pair in found if POLICIES.allows(by, Act.MATCH, pair)]


@router.post("", status_code=201, response_model=LikenessView)
@act(Act.MATCH)
async def offer(body: Pair, session: Session, by: Actor, now: Now) -> Likeness:
    """Say that two accidents may be one, though nothing offered them; they are then decided."""
    return await operations_matching.offer_by_hand(
        session, accident_id=body.accident_id, other_id=body.other_id, by=by, now=now
    )


@router.post("/{likeness_id}/merge", response_model=LikenessView)
@act(Act.MATCH)
async def merge(likeness_id: UUID, body: Merge, session: Session, by: Actor, now: Now) -> Likeness:
    """Say that two reports are of one accident: it goes on as one of them."""
    return await operations.merge(
        session, likeness_id=likeness_id, why=body.why, into_id=body.into_id, by=by, now=now
    )


@router.post("/{likeness_id}/keep-apart", response_model=LikenessView)
@act(Act.MATCH)
async def keep_apart(
    likeness_id: UUID, body: KeepApart, session: Session, by: Actor, now: Now
) -> Likeness:
    """Say that two reports are of two accidents."""
    return await operations.keep_apart(
        session, likeness_id=likeness_id, why=body.why, by=by, now=now
    )
