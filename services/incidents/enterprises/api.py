"""The HTTP face of enterprises' stories."""

from dataclasses import replace
from datetime import datetime
from typing import Annotated

from fastapi import Depends

from contracts.identifiers import Uscc
from kernel import paging
from kernel.access import Principal
from kernel.listing import Asked
from kernel.transactions import Actor, Now, Session, act
from kernel.web import rooms
from services.incidents.accidents import queries as accidents
from services.incidents.accidents.tables import Accident
from services.incidents.enterprises import queries
from services.incidents.enterprises.schemas import Chapter, EnterpriseTimeline
from services.incidents.policies import Act
from services.incidents.readers import operations as readers
from services.incidents.readers.domain import Part
from services.incidents.timeline import operations as timeline

MOST_CHAPTERS = 10
"""Stories are long: a page has at most so many, whatever its limit says."""

router = rooms("/incidents/enterprises", "enterprises")


@router.get("/{uscc}/timeline")
@act(Act.READ)
async def read(
    uscc: Uscc,
    session: Session,
    by: Actor,
    now: Now,
    asked: Annotated[Asked, Depends(queries.STORIES.asked)],
) -> EnterpriseTimeline:
    """The accidents of an enterprise that the actor may read, each with its story.

    Each story that a person is shown is remembered, as if it had been opened alone.
    """
    theirs = accidents.reached_by(by).where(Accident.enterprise_uscc == uscc)
    few = replace(asked, limit=min(asked.limit, MOST_CHAPTERS))
    found = await paging.page(session, theirs, few)
    chapters = [await _chapter(session, accident, by=by, now=now) for accident in found.items]
    return EnterpriseTimeline(
        uscc=uscc,
        name=await queries.name(session, uscc),
        items=chapters,
        next_cursor=found.next_cursor,
    )


async def _chapter(
    session: Session, accident: Accident, *, by: Principal, now: datetime
) -> Chapter:
    await readers.remember(session, accident=accident, part=Part.TIMELINE, by=by, now=now)
    return Chapter(
        accident_id=accident.id,
        occurred_at=accident.occurred_at,
        place=accident.place,
        grade=accident.grade,
        entries=list(await timeline.story(session, accident=accident, by=by)),
    )
