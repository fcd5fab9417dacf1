"""The HTTP face of the registry. Translates; decides nothing."""

from collections import defaultdict
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Path, Request
from sqlalchemy.ext.asyncio import AsyncSession

from contracts.identifiers import Uscc
from kernel import exports
from kernel.listing import Asked
from kernel.paging import Page
from kernel.transactions import Actor, Now, Session, act
from kernel.web import rooms
from services.inspections.policies import POLICIES, Act
from services.inspections.registry import operations, queries
from services.inspections.registry.domain import NewEnterprise
from services.inspections.registry.schemas import (
    EnterpriseBody,
    EnterpriseDetail,
    EnterpriseView,
    FlagView,
    GradeView,
)
from services.inspections.registry.tables import Enterprise

router = rooms("/inspections/registry", "registry")


@router.post("/enterprises", status_code=201)
@act(Act.REGISTER)
async def register(
    body: EnterpriseBody, session: Session, actor: Actor, now: Now
) -> EnterpriseDetail:
    """Register an enterprise, or bring its entry up to date."""
    enterprise = NewEnterprise(
        uscc=body.uscc,
        name=body.name,
        region=body.region_code,
        industry=body.industry,
        risk=body.risk,
        supervision=body.supervision,
        lon=body.location.lon if body.location else None,
        lat=body.location.lat if body.location else None,
    )
    row = await operations.register_by(session, enterprise=enterprise, by=actor, now=now)
    return await _detail(session, row)


@router.get("/enterprises", response_model=Page[EnterpriseView], responses=exports.RESPONSES)
@act(Act.READ_ENTERPRISES)
async def list_enterprises(
    request: Request,
    session: Session,
    actor: Actor,
    asked: Annotated[Asked, Depends(queries.ENTERPRISES.asked)],
) -> Any:
    """The enterprises of the actor's subtree; an enterprise sees itself."""
    return await exports.answer(
        request, session, queries.reached_by(actor), asked, view=EnterpriseView
    )


@router.get("/enterprises/{uscc}")
@act(Act.READ_ENTERPRISES)
async def read_enterprise(
    uscc: Annotated[Uscc, Path()], session: Session, actor: Actor
) -> EnterpriseDetail:
    """One enterprise with its flags; an enterprise sees itself."""
    row = await queries.get(session, uscc)
    POLICIES.require(actor, Act.READ_ENTERPRISES, on=row, seen_by=Act.READ_ENTERPRISES)
    return await _detail(session, row)


async def _detail(session: AsyncSession, row: Enterprise) -> EnterpriseDetail:
    flags = await queries.flags(session, [row.uscc])
    grades: dict[UUID, list[GradeView]] = defaultdict(list)
    for graded in await queries.grades(session, [flag.id for flag in flags]):
        grades[graded.flag_id].append(GradeView.model_validate(graded))
    return EnterpriseDetail(
        **EnterpriseView.model_validate(row).model_dump(),
        flags=[
            FlagView(
                accident_id=flag.accident_id,
                reason=flag.reason,
                grade=flag.grade,
                flagged_at=flag.flagged_at,
                history=grades[flag.id],
            )
            for flag in flags
        ],
    )
