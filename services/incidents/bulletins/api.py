"""The HTTP face of bulletins."""

from typing import Annotated

from fastapi import Query, Request
from starlette.responses import Response

from kernel import calendar
from kernel.access import Place
from kernel.documents import answers
from kernel.documents.answers import FileKind
from kernel.rendering import wants_chinese
from kernel.transactions import Actor, Now, Session, act
from kernel.web import rooms
from reference import city
from services.incidents.bulletins import operations, queries
from services.incidents.bulletins.schemas import BulletinView, NewBulletin
from services.incidents.policies import POLICIES, Act
from services.incidents.statistics.api import refuse_future
from services.incidents.statistics.schemas import Month, PlaceCode
from services.incidents.statistics.tables import Bulletin

router = rooms("/incidents/statistics", "statistics")


@router.get("/bulletin", response_class=Response, responses=answers.responses(*FileKind))
@act(Act.READ_STATISTICS)
async def read(
    request: Request,
    session: Session,
    by: Actor,
    now: Now,
    month: Annotated[Month, Query()],
    region: Annotated[PlaceCode | None, Query()] = None,
    format: Annotated[FileKind | None, Query(description="格式 / pdf, docx or xlsx")] = None,
) -> Response:
    """The bulletin of a month as a file: as it was issued, else a draft of how things stand.

    The format is that of `format`, else of `Accept`; the language that of `Accept-Language`.
    """
    place = region or city.current().code
    POLICIES.require(by, Act.READ_STATISTICS, on=Place(place), seen_by=Act.READ_STATISTICS)
    refuse_future(month, today=calendar.day_of(now))
    chinese = wants_chinese(request.headers.get("accept-language"))
    document, at = await queries.document(
        session, region=place, month=month, chinese=chinese, now=now
    )
    kind = format or answers.wanted(request, tuple(FileKind))
    name = f"bulletin-{place}-{month:%Y-%m}"
    return await answers.answer(
        request, lambda: answers.render(document, kind, at=at), kind=kind, name=name
    )


@router.post("/bulletins", status_code=201, response_model=BulletinView)
@act(Act.ISSUE)
async def issue(body: NewBulletin, session: Session, by: Actor, now: Now) -> Bulletin:
    """Issue a month's bulletin with the next number; what it said is kept for good."""
    return await operations.issue(
        session, region=body.region_code, month=body.month, by=by, now=now
    )
