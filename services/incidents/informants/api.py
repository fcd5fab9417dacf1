"""The HTTP face of informants."""

from uuid import UUID

from kernel.sealed import RevealAction
from kernel.transactions import Actor, Now, Session, act
from kernel.web import rooms
from services.incidents.informants import operations
from services.incidents.informants.schemas import (
    MaskedInformant,
    NewReveal,
    OpenInformant,
    RevealView,
)
from services.incidents.informants.tables import Informant, Reveal
from services.incidents.policies import Act

router = rooms("/incidents/informants", "informants")


@router.get("/{informant_id}")
@act(Act.SEE_INFORMANT)
async def read_masked(informant_id: UUID, session: Session, by: Actor) -> MaskedInformant:
    """An informant, masked."""
    informant = await operations.look_masked(session, informant_id=informant_id, by=by)
    return MaskedInformant.of(informant)


@router.post("/{informant_id}/reveals", status_code=201, response_model=RevealView)
@act(Act.SEE_INFORMANT)
async def ask(informant_id: UUID, body: NewReveal, session: Session, by: Actor, now: Now) -> Reveal:
    """Ask to see an informant in full; somebody else decides."""
    return await operations.ask(
        session, informant_id=informant_id, reason=body.reason, by=by, now=now
    )


@router.post("/reveals/{reveal_id}/approve", response_model=RevealView)
@act(Act.REVEAL_INFORMANT)
async def approve(reveal_id: UUID, session: Session, by: Actor, now: Now) -> Reveal:
    """Agree that the one who asked may see the informant."""
    return await operations.decide(
        session, reveal_id=reveal_id, action=RevealAction.APPROVE, by=by, now=now
    )


@router.post("/reveals/{reveal_id}/refuse", response_model=RevealView)
@act(Act.REVEAL_INFORMANT)
async def refuse(reveal_id: UUID, session: Session, by: Actor, now: Now) -> Reveal:
    """Refuse a request; the informant stays sealed."""
    return await operations.decide(
        session, reveal_id=reveal_id, action=RevealAction.REFUSE, by=by, now=now
    )


@router.get("/reveals/{reveal_id}", response_model=OpenInformant)
@act(Act.SEE_INFORMANT)
async def look(reveal_id: UUID, session: Session, by: Actor) -> Informant:
    """The informant in full, for the one whose request was approved."""
    return await operations.look(session, reveal_id=reveal_id, by=by)
