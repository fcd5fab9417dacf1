"""The HTTP face of casualties."""

from uuid import UUID

from fastapi import Request, Response

from kernel.db import unit_of_work
from kernel.transactions import Actor, Now, Runtime, Session, act, untransacted
from kernel.web import rooms
from services.incidents.accidents import queries as accidents
from services.incidents.casualties import operations, queries
from services.incidents.casualties.schemas import (
    CasualtyChange,
    CasualtyHistory,
    CasualtyIdentity,
    CasualtyList,
    CasualtyVersionView,
    CasualtyView,
    Disclosed,
    Disclosure,
    NewCasualty,
)
from services.incidents.casualties.tables import Casualty
from services.incidents.policies import POLICIES, Act
from services.incidents.readers import operations as readers
from services.incidents.readers.domain import Part

router = rooms("/incidents/accidents/{accident_id}/casualties", "casualties")


@router.get("")
@act(Act.READ)
async def list_casualties(accident_id: UUID, session: Session, by: Actor, now: Now) -> CasualtyList:
    """Everybody listed, masked, and whether they are as many as were reported."""
    accident = await accidents.get(session, accident_id)
    POLICIES.require(by, Act.READ, on=accident, seen_by=Act.READ)
    await readers.remember(session, accident=accident, part=Part.CASUALTIES, by=by, now=now)
    return CasualtyList.of(accident, await queries.of_accident(session, accident_id))


@router.post("", status_code=201, response_model=CasualtyView)
@act(Act.LIST_CASUALTIES)
async def list_person(
    accident_id: UUID, body: NewCasualty, session: Session, by: Actor, now: Now
) -> Casualty:
    """Add somebody to the list."""
    return await operations.list_person(
        session, accident_id=accident_id, person=body, by=by, now=now
    )


@router.patch("/{casualty_id}", response_model=CasualtyView)
@act(Act.LIST_CASUALTIES)
async def change_person(
    accident_id: UUID,
    casualty_id: UUID,
    body: CasualtyChange,
    session: Session,
    by: Actor,
    now: Now,
) -> Casualty:
    """Say what became of somebody, or put an entry right."""
    return await operations.change_person(
        session,
        accident_id=accident_id,
        casualty_id=casualty_id,
        change=body,
        by=by,
        now=now,
    )


@router.get("/{casualty_id}/history")
@act(Act.READ)
async def read_history(
    accident_id: UUID, casualty_id: UUID, session: Session, by: Actor, now: Now
) -> CasualtyHistory:
    """How an entry came to be as it is, masked."""
    accident = await accidents.get(session, accident_id)
    POLICIES.require(by, Act.READ, on=accident, seen_by=Act.READ)
    await readers.remember(session, accident=accident, part=Part.CASUALTIES, by=by, now=now)
    await queries.get(session, casualty_id, accident_id=accident_id)
    versions = await queries.versions(session, casualty_id)
    return CasualtyHistory(items=[CasualtyVersionView.model_validate(one) for one in versions])


@router.post("/disclosure", response_model=Disclosed)
@act(Act.DISCLOSE_CASUALTIES)
@untransacted
async def disclose(
    accident_id: UUID, body: Disclosure, request: Request, response: Response, by: Actor, now: Now
) -> Disclosed:
    """Who the casualties are, with a stated reason; each time is audited.

    It takes no idempotency key: answers to keys are kept, and this one must not be.
    """
    runtime: Runtime = request.app.state.runtime
    async with unit_of_work(runtime.database, by) as session:
        accident, people = await operations.disclose(
            session, accident_id=accident_id, reason=body.reason, by=by, now=now
        )
        items = [CasualtyIdentity.model_validate(person) for person in people]
    response.headers["cache-control"] = "no-store"
    return Disclosed(accident_id=accident.id, items=items)
