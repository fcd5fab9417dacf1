"""The HTTP face of post-holders. Translates; decides nothing."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Query, Request

from kernel import calendar, exports
from kernel.access import NotFound
from kernel.listing import Asked
from kernel.paging import Page
from kernel.transactions import Actor, AsAt, Now, Session, act
from kernel.web import rooms
from services.tasks.holders import domain, operations, queries
from services.tasks.holders.schemas import (
    Appointment,
    HolderView,
    PostTerms,
    Relief,
    VacancyView,
)
from services.tasks.organisations import queries as organisations
from services.tasks.organisations.domain_periods import Period
from services.tasks.policies import Act

router = rooms("/tasks/organisations", "holders")


@router.post("/posts/{post}/holders", status_code=201)
@act(Act.APPOINT)
async def appoint(
    post: str, body: Appointment, session: Session, by: Actor, now: Now
) -> HolderView:
    """Have somebody hold a post from a day on; refused while another one holds it."""
    held = await operations.appoint(session, post_code=post, stated=body, by=by, now=now)
    return HolderView.of(held)


@router.get("/posts/{post}/holders")
@act(Act.READ_UNITS)
async def read_terms(
    post: str,
    session: Session,
    now: Now,
    since: Annotated[date | None, Query(description="Where gaps are looked for from")] = None,
    until: Annotated[date | None, Query(description="… and to; today when left out")] = None,
) -> PostTerms:
    """Everybody who held a post, oldest first, and the days on which nobody did."""
    history = await organisations.post_history(session, post)
    if not history:
        raise NotFound
    terms = await queries.terms(session, post)
    within = Period(first=since or history[0].effective_from, last=until or calendar.day_of(now))
    gaps = domain.vacancies(
        post=[row.period for row in history], held=[row.period for row in terms], within=within
    )
    return PostTerms.of(post, terms, gaps)


@router.post("/holders/{holding_id}/relief")
@act(Act.APPOINT)
async def relieve(
    holding_id: UUID, body: Relief, session: Session, by: Actor, now: Now
) -> HolderView:
    """End somebody's term in a post."""
    held = await operations.relieve(
        session,
        holding_id=holding_id,
        last_day=body.last_day,
        document=body.document,
        by=by,
        now=now,
    )
    return HolderView.of(held)


@router.get("/holders", response_model=Page[HolderView], responses=exports.RESPONSES)
@act(Act.READ_UNITS)
async def list_holders(
    request: Request,
    session: Session,
    asked: Annotated[Asked, Depends(queries.HOLDERS.asked)],
    on: AsAt,
) -> Any:
    """Who holds which post on a day; as CSV or XLSX by `Accept`."""
    found = queries.holders_at(on)
    return await exports.answer(
        request, session, found, asked, view=HolderView, shown=HolderView.of
    )


@router.get("/vacancies", response_model=Page[VacancyView], responses=exports.RESPONSES)
@act(Act.READ_UNITS)
async def list_vacancies(
    request: Request,
    session: Session,
    asked: Annotated[Asked, Depends(queries.VACANCIES.asked)],
    on: AsAt,
) -> Any:
    """Posts that nobody holds on a day; as CSV or XLSX by `Accept`."""
    found = queries.vacant_at(on)
    return await exports.answer(request, session, found, asked, view=VacancyView)
