"""The HTTP face of the map."""

from typing import Annotated

from fastapi import Query, Response
from pydantic import AwareDatetime

from kernel.transactions import Actor, Session, act
from kernel.web import rooms
from reference.terms import Grade
from services.incidents.maps import domain, queries
from services.incidents.maps.queries import Asked
from services.incidents.maps.schemas import MapView
from services.incidents.policies import Act

GEOJSON = "application/geo+json"

router = rooms("/incidents/map", "map")


@router.get("", response_model=MapView, responses={200: {"content": {GEOJSON: {}}}})
@act(Act.READ)
async def show(
    session: Session,
    by: Actor,
    bbox: Annotated[str, Query(max_length=200, description="west,south,east,north in degrees")],
    since: AwareDatetime | None = None,
    before: AwareDatetime | None = None,
    grade: Annotated[list[Grade] | None, Query(max_length=10)] = None,
    merged: Annotated[bool, Query(description="those merged into another instead")] = False,
) -> Response:
    """The accidents of an extent, one by one or in cells; those without coordinates as a count."""
    asked = Asked(
        extent=domain.extent(bbox),
        since=since,
        before=before,
        grades=tuple(grade or ()),
        merged=merged,
    )
    shown = MapView.of(await queries.shown(session, by=by, asked=asked))
    return Response(shown.model_dump_json(), media_type=GEOJSON)
