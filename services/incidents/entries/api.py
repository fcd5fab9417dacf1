"""The HTTP face of entries."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Request

from kernel import exports
from kernel.listing import Asked
from kernel.paging import Page
from kernel.transactions import Actor, Now, Session, act
from kernel.web import rooms
from services.incidents.entries import operations, queries
from services.incidents.entries.schemas import EntryView
from services.incidents.entries.tables import Entry
from services.incidents.policies import POLICIES, Act

router = rooms("/incidents/statistics/entries", "statistics")


@router.get("", response_model=Page[EntryView], responses=exports.RESPONSES)
@act(Act.READ_STATISTICS)
async def list_entries(
    request: Request,
    session: Session,
    by: Actor,
    asked: Annotated[Asked, Depends(queries.ENTRIES.asked)],
) -> Any:
    """Entries of the actor's area with their deadlines; as CSV or XLSX by `Accept`."""
    return await exports.answer(request, session, queries.reached_by(by), asked, view=EntryView)


@router.get("/{accident_id}", response_model=EntryView)
@act(Act.READ_STATISTICS)
async def read(accident_id: UUID, session: Session, by: Actor) -> Entry:
    """The entry of one accident."""
    entry = await queries.get(session, accident_id)
    POLICIES.require(by, Act.READ_STATISTICS, on=entry, seen_by=Act.READ_STATISTICS)
    return entry


@router.post("/{accident_id}/entered", response_model=EntryView)
@act(Act.ENTER)
async def enter(accident_id: UUID, session: Session, by: Actor, now: Now) -> Entry:
    """State that the accident has been entered in the national statistics."""
    return await operations.enter(session, accident_id=accident_id, by=by, now=now)


@router.post("/{accident_id}/completed", response_model=EntryView)
@act(Act.ENTER)
async def complete(accident_id: UUID, session: Session, by: Actor, now: Now) -> Entry:
    """State that the entry has been completed."""
    return await operations.complete(session, accident_id=accident_id, by=by, now=now)
