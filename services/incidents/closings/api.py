"""The HTTP face of closing and reopening."""

from uuid import UUID

from kernel.transactions import Actor, Now, Session, act
from kernel.web import rooms
from services.incidents.accidents import queries as accidents
from services.incidents.closings import domain, operations, queries
from services.incidents.closings.domain import Question
from services.incidents.closings.schemas import AnswerView, NewAnswer, NewGeneration, Questions
from services.incidents.closings.tables import ClosingCheck
from services.incidents.investigations import operations_cases as investigations
from services.incidents.investigations.schemas import CaseView
from services.incidents.investigations.tables import Investigation
from services.incidents.policies import POLICIES, Act

router = rooms("/incidents/investigations", "investigations")


@router.get("/{accident_id}/questions")
@act(Act.READ_CASE)
async def read(accident_id: UUID, session: Session, by: Actor, now: Now) -> Questions:
    """The four questions and their newest answers."""
    accident = await accidents.get(session, accident_id)
    POLICIES.require(by, Act.READ_CASE, on=accident, seen_by=Act.READ)
    case = await investigations.seen(session, accident=accident, now=now)
    given = await queries.answers(session, case)
    unsettled = domain.unsettled({question: row.met for question, row in given.items()})
    return Questions(
        answers=[AnswerView.model_validate(given[one]) for one in Question if one in given],
        unsettled=[Question(one) for one in unsettled],
    )


@router.put("/{accident_id}/questions/{question}", response_model=AnswerView)
@act(Act.CHECK)
async def answer(
    accident_id: UUID, question: Question, body: NewAnswer, session: Session, by: Actor, now: Now
) -> ClosingCheck:
    """Answer one of the four questions."""
    return await operations.answer(
        session,
        accident_id=accident_id,
        question=question,
        met=body.met,
        evidence=body.evidence,
        by=by,
        now=now,
    )


@router.post("/{accident_id}/close", response_model=CaseView)
@act(Act.DECIDE)
async def close(accident_id: UUID, session: Session, by: Actor, now: Now) -> Investigation:
    """Close the case; all four questions must be settled."""
    return await operations.close(session, accident_id=accident_id, by=by, now=now)


@router.post("/{accident_id}/reopen", status_code=201, response_model=CaseView)
@act(Act.DECIDE)
async def reopen(
    accident_id: UUID, body: NewGeneration, session: Session, by: Actor, now: Now
) -> Investigation:
    """Open the next generation of a closed investigation; the old one is not touched."""
    return await operations.reopen(
        session,
        accident_id=accident_id,
        reason=body.reason,
        document=body.document,
        by=by,
        now=now,
    )
