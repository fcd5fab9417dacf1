"""The HTTP face of bulletins."""

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any

from fastapi import Query, Request
from starlette.responses import Response

from kernel import calendar, mediatypes
from kernel.access import Place
from kernel.rendering import wants_chinese
from kernel.transactions import Actor, Now, Session, act
from kernel.web import rooms
from reference import city
from services.incidents.bulletins import docx, operations, pdf, queries, xlsx
from services.incidents.bulletins.domain import Document
from services.incidents.bulletins.schemas import BulletinView, NewBulletin
from services.incidents.policies import POLICIES, Act
from services.incidents.statistics.api import refuse_future
from services.incidents.statistics.schemas import Month, PlaceCode
from services.incidents.statistics.tables import Bulletin

router = rooms("/incidents/statistics", "statistics")


class FileKind(StrEnum):
    """What a bulletin can be had as."""

    PDF = "pdf"
    DOCX = "docx"
    XLSX = "xlsx"


_MEDIA: Mapping[FileKind, str] = {
    FileKind.PDF: mediatypes.PDF,
    FileKind.DOCX: mediatypes.DOCX,
    FileKind.XLSX: mediatypes.XLSX,
}
_RENDER: Mapping[FileKind, Callable[[Document, datetime], bytes]] = {
    FileKind.PDF: lambda document, at: pdf.render(document, at=at),
    FileKind.DOCX: lambda document, at: docx.render(document, at=at),
    FileKind.XLSX: lambda document, at: xlsx.render(document, at=at),
}
RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {"content": {media: {} for media in _MEDIA.values()}}
}


def _wanted(accept: str) -> FileKind:
    """The first file that a client names; PDF where it names none."""
    for part in accept.split(","):
        for kind, media in _MEDIA.items():
            if part.partition(";")[0].strip() == media:
                return kind
    return FileKind.PDF


@router.get("/bulletin", response_class=Response, responses=RESPONSES)
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
    kind = format or _wanted(request.headers.get("accept", ""))
    made = await asyncio.to_thread(_RENDER[kind], document, at)
    name = f"bulletin-{place}-{month:%Y-%m}.{kind}"
    return Response(
        made,
        media_type=_MEDIA[kind],
        headers={
            "content-disposition": f'attachment; filename="{name}"',
            "content-language": "zh-CN" if chinese else "en",
            "cache-control": "no-store",
            "vary": "accept, accept-language",
        },
    )


@router.post("/bulletins", status_code=201, response_model=BulletinView)
@act(Act.ISSUE)
async def issue(body: NewBulletin, session: Session, by: Actor, now: Now) -> Bulletin:
    """Issue a month's bulletin with the next number; what it said is kept for good."""
    return await operations.issue(
        session, region=body.region_code, month=body.month, by=by, now=now
    )
