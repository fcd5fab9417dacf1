"""The HTTP face of what the public reports: a form for anybody, a queue for desks."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Request

from kernel import clock, exports, idempotency
from kernel.access import SYSTEM
from kernel.addresses import network
from kernel.db import unit_of_work
from kernel.gcra import Limiter
from kernel.listing import Asked
from kernel.paging import Page
from kernel.rendering import wants_chinese
from kernel.transactions import (
    ANYBODY,
    Actor,
    Now,
    Runtime,
    Session,
    act,
    public,
    untransacted,
)
from kernel.web import rooms
from services.incidents.bystanders import operations, queries, rules
from services.incidents.bystanders.domain import TelephoneInstead
from services.incidents.bystanders.schemas import (
    Dismissal,
    FollowCode,
    Joining,
    NewPublicReport,
    Opening,
    PublicReceipt,
    PublicReportLine,
    PublicReportView,
    PublicStatus,
    Reporter,
)
from services.incidents.bystanders.tables import PublicReport
from services.incidents.policies import POLICIES, Act
from services.incidents.receipts.schemas import Receipt

router = rooms("/incidents/public-reports", "public reports")

_ROUTE = "POST /api/v1/incidents/public-reports"
_SECOND = 1_000_000_000


class Allowances:
    """How much each address may report, in this process."""

    def __init__(self) -> None:
        self._free, self._ceiling = Limiter(rules.FREE), Limiter(rules.CEILING)

    def take(self, address: str, *, now: int) -> bool:
        """Whether a report is within the free allowance; beyond the ceiling it is refused."""
        wait = self._ceiling.take(address, now=now)
        if wait:
            raise telephone_instead(seconds=-(-wait // _SECOND))
        return self._free.take(address, now=now) == 0


def telephone_instead(*, seconds: int) -> TelephoneInstead:
    """The refusal beyond the ceiling: it says whom to telephone instead."""
    numbers = operations.telephones()
    refusal = TelephoneInstead(
        f"请直接拨打 {'、'.join(numbers)}，或在 {seconds} 秒后再提交",
        f"Telephone {', '.join(numbers)}, or send it again in {seconds} s.",
        telephone=numbers,
        retry_after=seconds,
    )
    refusal.headers["Retry-After"] = str(seconds)
    return refusal


async def _sender(request: Request) -> tuple[Allowances, str]:
    """Where a request came from, as the gateway says; without its statement nothing is taken."""
    runtime: Runtime = request.app.state.runtime
    await runtime.identify(request)
    state = request.app.state
    if not hasattr(state, "allowances"):
        state.allowances = Allowances()
    stated = request.headers.get("x-forwarded-for", "").partition(",")[0].strip()
    return state.allowances, network(stated or "unknown")


@router.post("", status_code=201)
@public  # anybody at the scene may report, without an account
@untransacted
async def report(body: NewPublicReport, request: Request, now: Now) -> PublicReceipt:
    """Report an accident without an account; it waits for a desk, which looks into it.

    Sent again with the same id it has one effect and the same answer.
    """
    allowances, address = await _sender(request)
    free = allowances.take(address, now=int(clock.ticks() * _SECOND))
    runtime: Runtime = request.app.state.runtime
    async with unit_of_work(runtime.database, SYSTEM) as session:
        known = await idempotency.claim(
            session,
            client=ANYBODY.subject,
            route=_ROUTE,
            key=str(body.public_report_id),
            request_hash=idempotency.digest(await request.json()),
        )
        if known is not None:
            kept = await queries.get(session, body.public_report_id)
        else:
            kept = await operations.take(
                session, report=body, within_allowance=free, by=ANYBODY, now=now
            )
        return _receipt(kept)


def _receipt(kept: PublicReport) -> PublicReceipt:
    return PublicReceipt(
        public_report_id=kept.id,
        follow_code=operations.follow_code(kept.id),
        status=kept.stands,
        received_at=kept.received_at,
        due_at=kept.due_at,
        telephone=operations.telephones(),
    )


@router.post("/status")
@public  # the code of the receipt is the proof
@untransacted
async def status(body: FollowCode, request: Request) -> PublicStatus:
    """What became of a report, for whoever has the code of its receipt."""
    allowances, address = await _sender(request)
    allowances.take(address, now=int(clock.ticks() * _SECOND))
    runtime: Runtime = request.app.state.runtime
    chinese = wants_chinese(request.headers.get("accept-language"))
    async with unit_of_work(runtime.database, SYSTEM) as session:
        found = await operations.find(session, code=body.follow_code)
        return PublicStatus.of(found, chinese=chinese)


@router.get("", response_model=Page[PublicReportLine], responses=exports.RESPONSES)
@act(Act.CHECK_PUBLIC)
async def list_reports(
    request: Request,
    session: Session,
    by: Actor,
    asked: Annotated[Asked, Depends(queries.PUBLIC_REPORTS.asked)],
) -> Any:
    """What the public reported in the desk's area, newest first."""
    return await exports.answer(
        request, session, queries.reached_by(by), asked, view=PublicReportLine
    )


@router.get("/{report_id}")
@act(Act.CHECK_PUBLIC)
async def read(report_id: UUID, session: Session, by: Actor) -> PublicReportView:
    """One report of the public, its people masked."""
    found = await queries.get(session, report_id)
    POLICIES.require(by, Act.CHECK_PUBLIC, on=found, seen_by=Act.CHECK_PUBLIC)
    return PublicReportView.of(found)


@router.get("/{report_id}/reporter")
@act(Act.SEE_CALLER)
async def reporter(report_id: UUID, session: Session, by: Actor) -> Reporter:
    """Who reported, in full; asking leaves a record."""
    found = await operations.open_reporter(session, report_id=report_id, by=by)
    return Reporter(name=found.name, phone=found.phone)


@router.post("/{report_id}/open", status_code=201)
@act(Act.CHECK_PUBLIC)
async def open_accident(
    report_id: UUID, body: Opening, request: Request, session: Session, by: Actor, now: Now
) -> Receipt:
    """Confirm a report as a new accident; its clocks run from when the public reported it."""
    return await operations.open_accident(
        session,
        report_id=report_id,
        report=body.report,
        by=by,
        now=now,
        chinese=wants_chinese(request.headers.get("accept-language")),
    )


@router.post("/{report_id}/join")
@act(Act.CHECK_PUBLIC)
async def join(
    report_id: UUID, body: Joining, session: Session, by: Actor, now: Now
) -> PublicReportView:
    """Confirm a report as telling of an accident that is known already."""
    found = await operations.join(
        session, report_id=report_id, accident_id=body.accident_id, by=by, now=now
    )
    return PublicReportView.of(found)


@router.post("/{report_id}/dismiss")
@act(Act.CHECK_PUBLIC)
async def dismiss(
    report_id: UUID, body: Dismissal, session: Session, by: Actor, now: Now
) -> PublicReportView:
    """Say that a report is no accident, and why."""
    found = await operations.dismiss(
        session, report_id=report_id, reason=body.reason, by=by, now=now
    )
    return PublicReportView.of(found)
