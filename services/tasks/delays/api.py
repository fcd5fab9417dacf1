"""The HTTP face of delays. Translates; decides nothing."""

from datetime import datetime
from uuid import UUID

from kernel import calendar
from kernel.access import NotFound
from kernel.db import everywhere
from kernel.transactions import Actor, AsAt, Now, Session, act
from kernel.web import rooms
from reference import holidays
from services.tasks.delays import queries
from services.tasks.delays.schemas import DelayView, SharedView
from services.tasks.evidence import queries as evidence
from services.tasks.evidence.api import shown
from services.tasks.obligations.tables import Obligation
from services.tasks.parts import domain, domain_delays
from services.tasks.parts import queries as shared
from services.tasks.parts.schemas import HoldView, PartEntryView, PartView
from services.tasks.policies import POLICIES
from services.tasks.policies_figures import PartAct

router = rooms("/tasks/parts", "parts")


@router.get("/of/{obligation_id}")
@act(PartAct.READ_PARTS)
async def read_shared(
    obligation_id: UUID, session: Session, by: Actor, on: AsAt, now: Now
) -> SharedView:
    """Who shares an obligation, who holds it, and whose delay there is as at a day."""
    parts = await shared.of(session, obligation_id)
    if not parts:
        raise NotFound
    POLICIES.require(by, PartAct.READ_PARTS, on=parts[0], seen_by=PartAct.READ_PARTS)
    async with everywhere(session):
        row = await session.get_one(Obligation, obligation_id)
        stood = await queries.stood(session, row)
        proofs = await evidence.of_parts(session, [part.id for part in parts])
        proved = await shown(session, proofs)
    holds = await shared.holds(session, obligation_id)
    as_at = min(now, calendar.closes_at(on))
    return SharedView(
        obligation_id=obligation_id,
        due_at=row.due_at,
        done=domain.is_done([part.share for part in parts]),
        holders=sorted(
            hold.holder
            for hold in holds
            if hold.since <= as_at and (hold.until is None or hold.until > as_at)
        ),
        parts=[PartView.model_validate(part) for part in parts],
        holds=[HoldView.model_validate(hold) for hold in holds],
        delays=_delays(row, [hold.held for hold in holds], stood, as_at=as_at),
        entries=[
            PartEntryView.model_validate(entry)
            for entry in await shared.entries(session, [part.id for part in parts])
        ],
        evidence=proved,
    )


def _delays(
    row: Obligation,
    holds: list[domain_delays.Hold],
    stood: list[domain_delays.Stood],
    *,
    as_at: datetime,
) -> list[DelayView]:
    found = domain_delays.attributed(
        holds,
        due_at=row.due_at,
        as_at=min(as_at, row.closed_at or as_at),
        days_off=holidays.calendar(),
        stood=stood,
    )
    return [
        DelayView(
            holder=holder,
            seconds=int(delay.time.total_seconds()),
            days=delay.days,
            working_days=delay.working_days,
        )
        for holder, delay in sorted(found.items())
    ]
