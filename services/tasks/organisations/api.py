"""The HTTP face of units and posts. Translates; decides nothing."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated, Any

from fastapi import Depends, Query, Request

from contracts.identifiers import RegionCode
from kernel import exports
from kernel.listing import Asked
from kernel.paging import Page
from kernel.transactions import Actor, AsAt, Now, Session, act
from kernel.web import rooms
from reference import regions
from services.tasks.organisations import operations_changes as changes
from services.tasks.organisations import queries
from services.tasks.organisations.domain_trees import totals
from services.tasks.organisations.schemas import (
    Contact,
    PlaceView,
    PostView,
    TotalsView,
    UnitDetail,
    UnitView,
)
from services.tasks.organisations.tables import Unit
from services.tasks.policies import Act

router = rooms("/tasks/organisations", "organisations")


@router.get("/units", response_model=Page[UnitView], responses=exports.RESPONSES)
@act(Act.READ_UNITS)
async def list_units(
    request: Request,
    session: Session,
    asked: Annotated[Asked, Depends(queries.UNITS.asked)],
    on: AsAt,
) -> Any:
    """Units as at a day, by code."""
    found = queries.units_at(on)
    return await exports.answer(request, session, found, asked, view=UnitView)


@router.get("/units/{code}")
@act(Act.READ_UNITS)
async def read_unit(code: str, session: Session, on: AsAt) -> UnitDetail:
    """One unit as at a day, with its posts and everything it has been."""
    return await _detail(session, code, day=on)


async def _detail(session: Session, code: str, *, day: date) -> UnitDetail:
    unit = await queries.unit(session, code, day=day)
    posts = await queries.posts(session, [code], day=day)
    history = await queries.history(session, code)
    return UnitDetail(
        **UnitView.model_validate(unit).model_dump(),
        posts=[PostView.model_validate(post) for post in posts],
        history=[UnitView.model_validate(row) for row in history],
    )


@router.get("/posts", response_model=Page[PostView], responses=exports.RESPONSES)
@act(Act.READ_UNITS)
async def list_posts(
    request: Request,
    session: Session,
    asked: Annotated[Asked, Depends(queries.POSTS.asked)],
    on: AsAt,
) -> Any:
    """Posts as at a day, by code; as CSV or XLSX by `Accept`."""
    found = queries.posts_at(on)
    return await exports.answer(request, session, found, asked, view=PostView)


@router.put("/posts/{post}/contact")
@act(Act.CHANGE_ORGANISATION)
async def change_contact(
    post: str, body: Contact, session: Session, by: Actor, now: Now
) -> PostView:
    """Reach a post by another address or telephone from a day on."""
    await changes.change_contact(session, post_code=post, stated=body, by=by, now=now)
    await session.flush()
    return PostView.model_validate(await queries.post(session, post, day=body.effective_from))


@router.get("/totals")
@act(Act.READ_UNITS)
async def read_totals(session: Session, on: AsAt) -> TotalsView:
    """How many units there were on a day: by place for ranking, by territory, and in all.

    A park stands beside the counties for ranking, in its county for territory, once in all.
    """
    found = totals(await queries.counts(session, day=on))
    return TotalsView(on=on, **{name: getattr(found, name) for name in found.__slots__})


@router.get("/tree")
@act(Act.READ_UNITS)
async def read_tree(
    session: Session,
    region: Annotated[RegionCode, Query(description="The place at the top")],
    on: AsAt,
) -> PlaceView:
    """A place with its units and all places below it; a park hangs below its county."""
    found = queries.units_at(on).order_by(Unit.code)
    units: dict[str, list[UnitView]] = defaultdict(list)
    for row in await session.scalars(found):
        units[row.region_code].append(UnitView.model_validate(row))
    return _place(region, units)


def _place(code: str, units: Mapping[str, Sequence[UnitView]]) -> PlaceView:
    place = regions.region(code)
    return PlaceView(
        region_code=code,
        name_zh=place.zh,
        name_en=place.en,
        park=place.park,
        units=list(units.get(code, ())),
        below=[_place(lower, units) for lower in _below(code) if _peopled(lower, units)],
    )


def _peopled(code: str, units: Mapping[str, Sequence[UnitView]]) -> bool:
    """Whether any unit stands in a place or below it: the rest of the nation is left out."""
    if code in units:
        return True
    return any(_peopled(below, units) for below in _below(code))


def _below(code: str) -> list[str]:
    """The places directly below, parks included."""
    return sorted(place.code for place in regions.known().values() if place.parent == code)
