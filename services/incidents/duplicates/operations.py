"""Doing what a person decides of two accidents that look alike."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.incidents import AccidentMerged
from kernel import audit
from kernel.access import Principal
from kernel.ids import uuid7
from kernel.outbox import publish
from kernel.problems import FieldFault, InvalidPayload
from services.incidents.accidents import operations as accidents
from services.incidents.accidents import queries as accident_queries
from services.incidents.accidents import rules as grading
from services.incidents.accidents.rules import Figures
from services.incidents.accidents.tables import Accident
from services.incidents.directreports import operations as direct_reports
from services.incidents.duplicates import domain, operations_matching, queries, rules
from services.incidents.duplicates.domain import Action, AlreadyMerged, Status, WindowClosed
from services.incidents.duplicates.tables import Likeness
from services.incidents.followups import operations as followups
from services.incidents.followups import operations_facts as facts
from services.incidents.identifications import operations as identifications
from services.incidents.investigations import operations as investigations
from services.incidents.notices import operations as notices
from services.incidents.policies import POLICIES, Act
from services.incidents.relays import operations as relays
from services.incidents.reports.domain import ReportKind
from services.incidents.reports.schemas import Casualties, NewReport, RiskGround

ENTITY = "likeness"


async def keep_apart(
    session: AsyncSession, *, likeness_id: UUID, why: str, by: Principal, now: datetime
) -> Likeness:
    """A person says that the two are two accidents; the pair is not offered again."""
    return await _decide(session, likeness_id, Action.KEEP_APART, why=why, by=by, now=now)


async def merge(
    session: AsyncSession,
    *,
    likeness_id: UUID,
    why: str,
    into_id: UUID | None,
    by: Principal,
    now: datetime,
) -> Likeness:
    """A person says that the two are one: it goes on as one of them, with the graver figures.

    Both keep their reports, grades and stamps. What the other still had to do is closed.
    """
    pair = await _decide(session, likeness_id, Action.MERGE, why=why, by=by, now=now)
    if into_id not in (None, pair.accident_id, pair.other_id):
        raise _not_of_the_pair()
    later, earlier = await queries.both(session, pair.accident_id, pair.other_id)
    if later.merged_into or earlier.merged_into:
        raise AlreadyMerged
    kept, gone = (later, earlier) if into_id == later.id else (earlier, later)
    joined = rules.joined(kept.figures, gone.figures)
    _refuse_too_late(kept, gone, joined, now=now)
    pair.kept_id = kept.id
    gone.merged_into, gone.merged_at = kept.id, now
    await relays.close(session, accident_id=gone.id, now=now)
    await notices.close(session, accident_id=gone.id, now=now)
    await direct_reports.close(session, accident_id=gone.id, now=now)
    accidents.record_change(session, accident=gone, now=now)
    trade_learnt = facts.inherit(kept, gone)
    if joined != kept.figures or set(gone.risk_grounds) - set(kept.risk_grounds):
        await _restate(session, kept, gone, joined, why=why, by=by, now=now)
    if trade_learnt:
        facts.settle(session, kept, now=now)
        facts.tell(session, kept, report_id=gone.id, now=now, industry=True)
        accidents.record_change(session, accident=kept, now=now)
    await identifications.inherit(session, kept=kept, gone=gone, why=why, by=by, now=now)
    await investigations.carry_over(session, kept=kept, gone=gone, now=now)
    publish(
        session,
        AccidentMerged(
            occurred_at=now,
            accident_id=gone.id,
            region_code=gone.region_code,
            enterprise_uscc=gone.enterprise_uscc,
            into_id=kept.id,
            grade=kept.current_grade,
        ),
    )
    await _settle_others(session, pair, kept=kept, gone=gone, by=by, now=now)
    return pair


def _not_of_the_pair() -> InvalidPayload:
    zh, en = "应为这两起事故之一", "expected one of the two accidents"
    return InvalidPayload(FieldFault(pointer="/into_id", code="not_of_the_pair", zh=zh, en=en))


async def _decide(
    session: AsyncSession,
    likeness_id: UUID,
    action: Action,
    *,
    why: str,
    by: Principal,
    now: datetime,
) -> Likeness:
    pair = await queries.get(session, likeness_id, lock=True)
    POLICIES.require(by, Act.MATCH, on=pair, seen_by=Act.MATCH)
    pair.status = str(domain.after(pair.stands, action))
    pair.decided_at, pair.decided_by, pair.unit, pair.why = now, by.subject, by.unit, why
    audit.note(session, by=by, act=f"likeness.{action}", entity=ENTITY, entity_id=pair.id)
    return pair


def _refuse_too_late(kept: Accident, gone: Accident, joined: Figures, *, now: datetime) -> None:
    """Figures that came in time must not fall out of the count by the choice of what goes on.

    Where neither accident holds all of them there is no such choice, and they count.
    """
    if grading.counts(at=now, closes_at=kept.window_closes_at):
        return
    counted = rules.counted(joined)
    if counted != rules.counted(kept.figures) and counted == rules.counted(gone.figures):
        raise WindowClosed


async def _restate(
    session: AsyncSession,
    kept: Accident,
    gone: Accident,
    joined: Figures,
    *,
    why: str,
    by: Principal,
    now: datetime,
) -> None:
    """Put the joined figures on record as a report of the one who merged, and grade by them.

    They were stated in time of either, whenever somebody finds that the two are one.
    """
    judged = sorted(set(gone.risk_grounds) & set(RiskGround))
    report = NewReport(
        report_id=uuid7(),
        kind=ReportKind.FOLLOWUP,
        accident_id=kept.id,
        casualties=Casualties(
            deaths=joined.deaths,
            missing=joined.missing,
            serious_injuries=joined.serious_injuries,
            minor_injuries=joined.minor_injuries,
            trapped=joined.trapped,
            evacuated=joined.evacuated,
        ),
        missing_presumed_dead=joined.missing_presumed_dead,
        direct_loss_wan=joined.direct_loss_wan,
        burnt_area_ha=joined.burnt_area_ha,
        risk_grounds=tuple(RiskGround(code) for code in judged),
        summary=f"{gone.id}: {why}",
    )
    await followups.add_report(
        session, report=report, by=by, received_at=now, now=now, in_time=True
    )


async def _settle_others(
    session: AsyncSession,
    pair: Likeness,
    *,
    kept: Accident,
    gone: Accident,
    by: Principal,
    now: datetime,
) -> None:
    """Whatever else looked like the merged accident looks like the one that goes on."""
    for other in await queries.of_accident(session, gone.id, lock=True):
        if other.id == pair.id or other.stands is not Status.OFFERED:
            continue
        other.status = str(domain.after(other.stands, Action.SETTLE))
        other.decided_at, other.decided_by, other.why = now, by.subject, pair.why
        third_id = other.other_id if other.accident_id == gone.id else other.accident_id
        third = await accident_queries.get(session, third_id)
        if third.id != kept.id and third.merged_into is None:
            await operations_matching.offer(
                session,
                kept,
                third,
                score=other.score,
                reasons=tuple(other.reasons),
                now=now,
            )
