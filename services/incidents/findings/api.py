"""The HTTP face of findings."""

from collections.abc import Sequence
from typing import Annotated
from urllib.parse import quote
from uuid import UUID

from fastapi import Query, Request
from fastapi.responses import StreamingResponse
from sqlalchemy.ext.asyncio import AsyncSession

from kernel.db import unit_of_work
from kernel.files import Objects, StoreUnavailable
from kernel.transactions import Actor, Now, Runtime, Session, act, untransacted
from kernel.web import rooms
from reference.terms import FindingStatus
from services.incidents.findings import operations, queries
from services.incidents.findings.domain import FindingAction
from services.incidents.findings.schemas import (
    FileView,
    FindingStory,
    FindingView,
    Judgement,
    NewFinding,
    StepView,
)
from services.incidents.findings.tables import Finding, FindingFile
from services.incidents.policies import POLICIES, Act

router = rooms("/incidents/findings", "findings")

MOST = 200


@router.post("", status_code=201, response_model=FindingView)
@act(Act.FIND)
async def make_finding(body: NewFinding, session: Session, by: Actor, now: Now) -> Finding:
    """State that a report was late, incomplete, false or concealed: suspected, unless said.

    Only those who judge findings state more. A status of `confirmed` confirms what somebody
    else has found before.
    """
    return await operations.make_finding(
        session,
        accident_id=body.accident_id,
        kind=body.kind,
        status=body.status,
        evidence=body.evidence,
        by=by,
        now=now,
    )


@router.get("", response_model=list[FindingView])
@act(Act.READ_FINDINGS)
async def list_findings(
    session: Session,
    by: Actor,
    accident_id: Annotated[UUID | None, Query(description="Of this accident only.")] = None,
    status: Annotated[FindingStatus | None, Query(description="In this state only.")] = None,
) -> Sequence[Finding]:
    """Findings, newest first."""
    found = await queries.listed(session, accident_id=accident_id, status=status, limit=MOST)
    return [finding for finding in found if POLICIES.allows(by, Act.READ_FINDINGS, finding)]


@router.get("/{finding_id}")
@act(Act.READ_FINDINGS)
async def read(finding_id: UUID, session: Session, by: Actor) -> FindingStory:
    """A finding with each step: who, when and why."""
    finding = await queries.get(session, finding_id)
    POLICIES.require(by, Act.READ_FINDINGS, on=finding, seen_by=Act.READ_FINDINGS)
    return await _story(session, finding)


async def _story(session: AsyncSession, finding: Finding) -> FindingStory:
    steps = await queries.steps(session, finding.id)
    files = await queries.files(session, finding.id)
    return FindingStory(
        **FindingView.model_validate(finding).model_dump(),
        steps=[StepView.model_validate(step) for step in steps],
        files=[FileView.model_validate(file) for file in files],
    )


@router.post("/{finding_id}/{action}")
@act(Act.JUDGE_FINDING)
async def judge(
    finding_id: UUID,
    action: FindingAction,
    body: Judgement,
    session: Session,
    by: Actor,
    now: Now,
) -> FindingStory:
    """Uphold, confirm or dismiss a finding; who raised it does not end it alone."""
    finding = await operations.judge(
        session, finding_id=finding_id, action=action, reason=body.reason, by=by, now=now
    )
    await session.flush()
    return await _story(session, finding)


@router.put("/{finding_id}/files", response_model=FileView)
@act(Act.FIND)
@untransacted
async def add_file(
    finding_id: UUID,
    request: Request,
    by: Actor,
    now: Now,
    name: Annotated[str, Query(min_length=1, max_length=200, description="As people call it.")],
) -> FindingFile:
    """Hand in a file as evidence: the body is its content, kept under the hash of it."""
    runtime: Runtime = request.app.state.runtime
    async with unit_of_work(runtime.database, by) as session:
        await operations.require_finder(session, finding_id=finding_id, by=by)
    declared = request.headers.get("content-type")
    kept = await _objects(request).put(request.stream(), declared=declared)
    async with unit_of_work(runtime.database, by) as session:
        return await operations.add_file(
            session, finding_id=finding_id, kept=kept, name=name, by=by, now=now
        )


@router.get("/{finding_id}/files/{sha256}", response_class=StreamingResponse)
@act(Act.READ_FINDINGS)
async def fetch_file(
    finding_id: UUID, sha256: str, request: Request, session: Session, by: Actor
) -> StreamingResponse:
    """The content of a file that proves a finding."""
    finding = await queries.get(session, finding_id)
    POLICIES.require(by, Act.READ_FINDINGS, on=finding, seen_by=Act.READ_FINDINGS)
    file = await queries.file(session, finding_id, sha256)
    disposition = f"attachment; filename*=UTF-8''{quote(file.name)}"
    return StreamingResponse(
        _objects(request).read(sha256),
        media_type=file.media_type,
        headers={"content-disposition": disposition},
    )


def _objects(request: Request) -> Objects:
    store: Objects | None = getattr(request.app.state, "objects", None)
    if store is None:
        raise StoreUnavailable
    return store
