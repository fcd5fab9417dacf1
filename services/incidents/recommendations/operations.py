"""Making recommendations, taking and reviewing proof, and opening again what did not last."""

from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.incidents_cases import DeadlineKind, RecommendationClosed, RecommendationMade
from kernel import audit, calendar, timers
from kernel.access import NotYours, Principal
from kernel.files import KeptFile
from kernel.ids import uuid7
from kernel.outbox import publish
from reference import units
from services.incidents.accidents import queries as accidents
from services.incidents.accidents.tables import Accident
from services.incidents.periods.operations import tell_missed, touched
from services.incidents.policies import POLICIES, Act
from services.incidents.reach import refuse_below
from services.incidents.recommendations import domain, queries
from services.incidents.recommendations.domain import (
    OWED,
    OwnProof,
    RecommendationAction,
    RecommendationActionRefused,
    RecommendationStatus,
)
from services.incidents.recommendations.schemas import NewRecommendation
from services.incidents.recommendations.tables import Proof, ProofFile, Recommendation
from services.incidents.teams import operations as teams

RECOMMENDATION_DUE = "recommendation_due"
_RULE = "decree-493 25@2007-06-01"


async def make(
    session: AsyncSession, *, new: NewRecommendation, by: Principal, now: datetime
) -> Recommendation:
    """A member of the team asks one unit or enterprise for something, by a day."""
    accident = await accidents.get(session, new.accident_id, lock=True)
    await teams.acting(session, accident=accident, by=by)
    _refuse_unclear(new, on=calendar.day_of(now))
    recommendation = _made(accident, new, by, now)
    session.add(recommendation)
    await _open(session, recommendation, accident, reason=None, now=now)
    _touched(session, accident, recommendation, Act.WORK_ON_TEAM, by, now)
    return recommendation


def _refuse_unclear(new: NewRecommendation, *, on: date) -> None:
    one = (new.unit is None) is not (new.enterprise_uscc is None)
    if not one or (new.unit is not None and not units.exists(new.unit, on=on)):
        raise domain.addressee_unclear(unit=new.unit, enterprise_uscc=new.enterprise_uscc)
    if new.due_on < on:
        raise domain.day_gone_by("due_on", today=on)


def _made(
    accident: Accident, new: NewRecommendation, by: Principal, now: datetime
) -> Recommendation:
    owner = by.unit or accident.investigating_unit
    return Recommendation(
        region_code=accident.region_code,
        enterprise_uscc=new.enterprise_uscc,
        id=uuid7(),
        accident_id=accident.id,
        kind=str(new.kind),
        unit=new.unit,
        owner=owner,
        units=list(dict.fromkeys(filter(None, (new.unit, owner)))),
        text=new.text,
        status=str(RecommendationStatus.OPEN),
        round=1,
        made_at=now,
        made_by=by.subject,
        due_at=calendar.closes_at(new.due_on),
    )


async def _open(
    session: AsyncSession,
    recommendation: Recommendation,
    accident: Accident,
    *,
    reason: str | None,
    now: datetime,
) -> None:
    """Start the clock of a round, and tell the addressee's helpers."""
    await timers.arm(
        session,
        kind=RECOMMENDATION_DUE,
        entity_id=str(recommendation.id),
        due_at=recommendation.due_at,
        rule=_RULE,
        reason=reason,
    )
    publish(
        session,
        RecommendationMade(
            occurred_at=now,
            accident_id=accident.id,
            region_code=accident.region_code,
            enterprise_uscc=accident.enterprise_uscc,
            recommendation_id=recommendation.id,
            round=recommendation.round,
            kind=recommendation.kind,
            unit=recommendation.unit,
            addressee_uscc=recommendation.enterprise_uscc,
            rule=_RULE,
            due_at=recommendation.due_at,
        ),
    )


async def hand_in(
    session: AsyncSession, *, recommendation_id: UUID, note: str, by: Principal, now: datetime
) -> Proof:
    """The addressee, and nobody for it, says what was done."""
    recommendation = await queries.locked(session, recommendation_id)
    POLICIES.require(by, Act.PROVE, on=recommendation, seen_by=Act.READ_RECOMMENDATIONS)
    if not _addressed(recommendation, by):
        raise NotYours
    recommendation.status = str(domain.after(recommendation.stands, RecommendationAction.HAND_IN))
    proof = Proof(
        region_code=recommendation.region_code,
        enterprise_uscc=recommendation.enterprise_uscc,
        id=uuid7(),
        recommendation_id=recommendation.id,
        n=len(await queries.proofs(session, recommendation.id)) + 1,
        units=recommendation.units,
        note=note,
        handed_in_at=now,
        handed_in_by=by.subject,
        from_unit=by.unit,
    )
    session.add(proof)
    # No change of the accident is recorded: the addressee need not be allowed to see it.
    audit.note(session, by=by, act=Act.PROVE, entity="recommendation", entity_id=recommendation.id)
    return proof


async def may_attach(
    session: AsyncSession, *, recommendation_id: UUID, by: Principal
) -> Recommendation:
    """The addressee adds files while its proof waits for review; anything else is refused."""
    recommendation = await queries.locked(session, recommendation_id)
    POLICIES.require(by, Act.PROVE, on=recommendation, seen_by=Act.READ_RECOMMENDATIONS)
    if not _addressed(recommendation, by):
        raise NotYours
    if recommendation.stands is not RecommendationStatus.HANDED_IN:
        raise RecommendationActionRefused
    return recommendation


async def attach(
    session: AsyncSession, *, recommendation_id: UUID, file: KeptFile, by: Principal, now: datetime
) -> ProofFile:
    """Add a stored file to the proof that waits; the same file again is the one it has."""
    recommendation = await may_attach(session, recommendation_id=recommendation_id, by=by)
    proof = (await queries.proofs(session, recommendation.id))[-1]
    for known in await queries.files(session, proof.id):
        if known.sha256 == file.sha256:
            return known
    row = ProofFile(
        region_code=recommendation.region_code,
        enterprise_uscc=recommendation.enterprise_uscc,
        proof_id=proof.id,
        sha256=file.sha256,
        units=recommendation.units,
        size=file.size,
        media_type=file.media_type,
        handed_in_at=now,
        handed_in_by=by.subject,
    )
    session.add(row)
    audit.note(session, by=by, act=Act.PROVE, entity="recommendation", entity_id=recommendation.id)
    return row


def _addressed(recommendation: Recommendation, by: Principal) -> bool:
    if recommendation.unit is not None:
        return by.uscc is None and by.unit == recommendation.unit
    return by.uscc == recommendation.enterprise_uscc


async def review(
    session: AsyncSession,
    *,
    recommendation_id: UUID,
    action: RecommendationAction,
    remark: str,
    by: Principal,
    now: datetime,
) -> Recommendation:
    """Accept what was handed in, or return it; a return after the deadline is overdue at once."""
    recommendation, accident = await _held(session, recommendation_id)
    POLICIES.require(by, Act.REVIEW_PROOF, on=recommendation, seen_by=Act.READ_RECOMMENDATIONS)
    refuse_below(by, Act.REVIEW_PROOF, unit=recommendation.owner)
    status = domain.after(recommendation.stands, action)
    proof = (await queries.proofs(session, recommendation.id))[-1]
    _refuse_own(recommendation, proof, by)
    recommendation.status = str(status)
    proof.verdict, proof.remark = str(status), remark
    proof.reviewed_at, proof.reviewed_by = now, by.subject
    _note_overdue(session, recommendation, accident, now=now)
    _touched(session, accident, recommendation, Act.REVIEW_PROOF, by, now)
    return recommendation


def _refuse_own(recommendation: Recommendation, proof: Proof, by: Principal) -> None:
    of_addressee = recommendation.unit is not None and by.unit == recommendation.unit
    if of_addressee or proof.handed_in_by == by.subject:
        raise OwnProof


async def close(
    session: AsyncSession, *, recommendation_id: UUID, by: Principal, now: datetime
) -> Recommendation:
    """Strike an accepted recommendation off the list."""
    recommendation, accident = await _held(session, recommendation_id)
    POLICIES.require(by, Act.REVIEW_PROOF, on=recommendation, seen_by=Act.READ_RECOMMENDATIONS)
    refuse_below(by, Act.REVIEW_PROOF, unit=recommendation.owner)
    recommendation.status = str(domain.after(recommendation.stands, RecommendationAction.CLOSE))
    _refuse_own(recommendation, (await queries.proofs(session, recommendation.id))[-1], by)
    recommendation.closed_at = now
    await timers.cancel(session, kind=RECOMMENDATION_DUE, entity_id=str(recommendation.id), now=now)
    publish(
        session,
        RecommendationClosed(
            occurred_at=now,
            accident_id=accident.id,
            region_code=accident.region_code,
            enterprise_uscc=accident.enterprise_uscc,
            recommendation_id=recommendation.id,
            round=recommendation.round,
            unit=recommendation.unit,
            addressee_uscc=recommendation.enterprise_uscc,
        ),
    )
    _touched(session, accident, recommendation, Act.REVIEW_PROOF, by, now)
    return recommendation


async def reopen(
    session: AsyncSession,
    *,
    accident: Accident,
    ids: Collection[UUID],
    due_on: date,
    reason: str,
    now: datetime,
) -> None:
    """Open again what turned out not to last; the caller holds the accident's lock.

    One that is still owed keeps its deadline. Ids of other accidents are refused as unknown.
    """
    known = {one.id for one in await queries.of_accident(session, accident.id, ids=ids)}
    for recommendation_id in sorted(ids):
        recommendation = await queries.locked(session, recommendation_id)
        if recommendation.id not in known:
            raise queries.unknown(recommendation_id)
        if recommendation.stands in OWED:
            continue
        recommendation.status = str(
            domain.after(recommendation.stands, RecommendationAction.REOPEN)
        )
        recommendation.round += 1
        recommendation.due_at = calendar.closes_at(due_on)
        recommendation.overdue_at = recommendation.closed_at = None
        await _open(session, recommendation, accident, reason=reason, now=now)


async def _held(session: AsyncSession, recommendation_id: UUID) -> tuple[Recommendation, Accident]:
    """The accident's lock first, always: what reopens several holds it as well."""
    seen = await queries.get(session, recommendation_id)
    accident = await accidents.get(session, seen.accident_id, lock=True)
    return await queries.locked(session, recommendation_id), accident


async def mark_overdue(session: AsyncSession, *, recommendation_id: UUID, now: datetime) -> None:
    """The day is over and the addressee has not handed in anything that holds."""
    recommendation, accident = await _held(session, recommendation_id)
    _note_overdue(session, recommendation, accident, now=now)


def _note_overdue(
    session: AsyncSession, recommendation: Recommendation, accident: Accident, *, now: datetime
) -> None:
    owed = recommendation.stands in OWED and recommendation.overdue_at is None
    if not owed or now < recommendation.due_at:
        return
    recommendation.overdue_at = now
    tell_missed(
        session,
        accident=accident,
        kind=DeadlineKind.RECOMMENDATION,
        entity_id=recommendation.id,
        unit=recommendation.answerable,
        due_at=recommendation.due_at,
        now=now,
    )


def _touched(
    session: AsyncSession,
    accident: Accident,
    recommendation: Recommendation,
    act: Act,
    by: Principal,
    now: datetime,
) -> None:
    touched(
        session,
        accident=accident,
        act=act,
        entity="recommendation",
        entity_id=recommendation.id,
        by=by,
        now=now,
    )
