"""The HTTP face of contents."""

from uuid import UUID

from fastapi import Request

from kernel import calendar
from kernel.rendering import wants_chinese
from kernel.transactions import Actor, Now, Session, act
from kernel.web import rooms
from services.incidents.accidents import queries as accidents
from services.incidents.contents import queries
from services.incidents.contents.schemas import Contents, OwedView
from services.incidents.policies import POLICIES, Act
from services.incidents.reports import domain

router = rooms("/incidents/accidents", "accidents")


@router.get("/{accident_id}/contents")
@act(Act.READ)
async def read(
    accident_id: UUID, request: Request, session: Session, by: Actor, now: Now
) -> Contents:
    """What the reports of an accident must still say, the quick report's elements first."""
    accident = await accidents.get(session, accident_id)
    POLICIES.require(by, Act.READ, on=accident, seen_by=Act.READ)
    said = queries.said(accident, await queries.reports(session, accident_id))
    chinese = wants_chinese(request.headers.get("accept-language"))
    owed = domain.owed(said, on=calendar.day_of(now))
    return Contents(
        accident_id=accident_id,
        still_owed=[OwedView.of(row, chinese=chinese) for row in owed],
    )
