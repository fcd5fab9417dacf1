"""What people do about a card: notice, reply, decision, review, lifting. Each step is kept."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.tasks_scoring import (
    CardDecisionDue,
    CardEnded,
    CardIssued,
    CardNoticed,
    CardProposed,
    CardReviewNeeded,
)
from kernel import audit, calendar, timers
from kernel.access import SYSTEM, NotYours, Principal
from kernel.ids import uuid7
from kernel.outbox import publish
from reference import holidays, scoring
from reference.scorerows import StatedGround, Threshold
from reference.terms import Card
from services.tasks.cards import domain, operations_listing, queries, rules
from services.tasks.cards.domain import (
    CardAction,
    CardStatus,
    DecidedByNotifier,
    ReplyStillDue,
    ReplyTooLate,
    ThresholdToBeConfirmed,
)
from services.tasks.cards.domain_subjects import Carded
from services.tasks.cards.tables import CardEntry, CardRow
from services.tasks.obligations import rules as reviewing
from services.tasks.orders import operations as orders
from services.tasks.organisations import queries as organisations
from services.tasks.policies import POLICIES
from services.tasks.policies_scoring import ScoreAct

ENTITY = "card"
EFFECT_OVER = "card_effect_over"
REPLY_OVER = "card_reply_over"


def facts(row: CardRow) -> dict[str, Any]:
    """What every fact about a card says."""
    return {
        "card_id": row.id,
        "unit": row.unit,
        "region_code": row.region_code,
        "kind": Card(row.kind),
        "year": row.year,
        "rule": row.rule,
    }


def keep(
    session: AsyncSession,
    row: CardRow,
    action: str,
    *,
    by: Principal,
    now: datetime,
    note: str | None = None,
    detail: Mapping[str, Any] | None = None,
) -> None:
    """Keep a step that was taken."""
    session.add(
        CardEntry(
            id=uuid7(),
            card_id=row.id,
            region_code=row.region_code,
            at=now,
            action=action,
            status=row.status,
            made_by=by.subject,
            note=note,
            detail=dict(detail or {}),
        )
    )
    audit.note(session, by=by, act=f"card.{action}", entity=ENTITY, entity_id=row.id)


def proposed(
    unit: Carded,
    ground: Threshold | StatedGround,
    *,
    accidents: list[str],
    kind: Card,
    year: int,
    now: datetime,
) -> CardRow:
    """A card as it is proposed, by the accidents that crossed a threshold or by none."""
    return CardRow(
        id=uuid7(),
        region_code=unit.region_code,
        unit=unit.unit,
        group_code=unit.group,
        kind=str(kind),
        year=year,
        status=str(CardStatus.PROPOSED),
        threshold=ground.code,
        rule=ground.rule,
        confirmed=ground.confirmed,
        cause_zh=ground.zh,
        cause_en=ground.en,
        accidents=accidents,
        proposed_at=now,
    )


async def propose(session: AsyncSession, row: CardRow, *, by: Principal, now: datetime) -> None:
    """Keep a proposal, and tell the office."""
    session.add(row)
    await session.flush()
    keep(session, row, "propose", by=by, now=now, detail={"accidents": row.accidents})
    publish(
        session,
        CardProposed(
            occurred_at=now,
            **facts(row),
            office=domain.office(),
            threshold=row.threshold,
            confirmed=row.confirmed,
        ),
    )


def flag(
    session: AsyncSession,
    row: CardRow,
    *,
    now: datetime,
    detail: Mapping[str, Any] | None = None,
) -> None:
    """What a card in effect was decided on is no longer so: a person looks at it again."""
    row.review_since = now
    keep(session, row, queries.FLAGGED, by=SYSTEM, now=now, detail=detail)
    publish(session, CardReviewNeeded(occurred_at=now, **facts(row), office=domain.office()))


def end(
    session: AsyncSession,
    row: CardRow,
    action: CardAction,
    *,
    by: Principal,
    now: datetime,
    note: str | None,
) -> None:
    """End a card, whichever way, and tell it."""
    row.status = str(domain.after(row.stands, action))
    row.ended_at = now
    keep(session, row, str(action), by=by, now=now, note=note)
    noticed = row.noticed_at is not None
    publish(session, CardEnded(occurred_at=now, **facts(row), how=str(action), noticed=noticed))


async def notify(
    session: AsyncSession,
    *,
    card_id: UUID,
    note: str,
    threshold_confirmed: bool,
    by: Principal,
    now: datetime,
) -> CardRow:
    """Give the unit notice of what is intended; it has some working days to reply."""
    row = await _to_decide(session, card_id, ScoreAct.NOTIFY_CARD, by=by, now=now)
    status = domain.after(row.stands, CardAction.NOTIFY)
    if not row.confirmed and not threshold_confirmed:
        raise ThresholdToBeConfirmed(threshold=row.threshold, rule=row.rule)
    today = calendar.day_of(now)
    days = scoring.effect(Card(row.kind), on=today).reply_working_days
    with orders.known_days():
        last = calendar.add_working_days(today, days, calendar=holidays.calendar())
    row.status, row.noticed_at, row.noticed_by = str(status), now, by.subject
    row.reply_due_at = calendar.closes_at(last)
    over = timers.new(
        kind=REPLY_OVER, entity_id=str(row.id), due_at=row.reply_due_at, rule=row.rule
    )
    timers.begin(session, over)
    detail = {"threshold_confirmed": threshold_confirmed, "due": row.reply_due_at.isoformat()}
    keep(session, row, str(CardAction.NOTIFY), by=by, now=now, note=note, detail=detail)
    publish(session, CardNoticed(occurred_at=now, **facts(row)))
    return row


async def reply(
    session: AsyncSession, *, card_id: UUID, text: str, by: Principal, now: datetime
) -> CardRow:
    """The unit says what it thinks of it, once, in time."""
    row = await queries.get(session, card_id, lock=True)
    POLICIES.require(by, ScoreAct.REPLY_TO_CARD, on=row, seen_by=ScoreAct.READ_CARDS)
    status = domain.after(row.stands, CardAction.REPLY)
    if row.reply_due_at is None or now >= row.reply_due_at:
        raise ReplyTooLate
    row.status, row.reply = str(status), text
    row.replied_at, row.replied_by = now, by.subject
    keep(session, row, str(CardAction.REPLY), by=by, now=now, note=text)
    _owe_decision(session, row, since=now, now=now)
    return row


def _owe_decision(session: AsyncSession, row: CardRow, *, since: datetime, now: datetime) -> None:
    row.decider = domain.office()
    row.decision_due_at = rules.decision_due(
        since=since,
        working_days=scoring.card_decision_days(on=calendar.day_of(since)),
        days_off=holidays.calendar(),
    )
    replied = row.replied_at is not None
    said = CardDecisionDue(occurred_at=now, **facts(row), office=row.decider, replied=replied)
    publish(session, said)


async def note_silence(session: AsyncSession, *, card_id: UUID, now: datetime) -> None:
    """The time to reply is over: where nobody did, the card waits for whoever decides."""
    row = await queries.get(session, card_id, lock=True)
    if row.stands is CardStatus.NOTICED and row.reply_due_at is not None:
        _owe_decision(session, row, since=row.reply_due_at, now=now)


async def impose(
    session: AsyncSession, *, card_id: UUID, grounds: str, by: Principal, now: datetime
) -> CardRow:
    """Decide that the unit has the card: by somebody else than who gave notice, after the reply."""
    row = await _to_decide(session, card_id, ScoreAct.DECIDE_CARD, by=by, now=now)
    status = domain.after(row.stands, CardAction.IMPOSE)
    if by.subject == row.noticed_by:
        raise DecidedByNotifier
    if row.stands is CardStatus.NOTICED and row.reply_due_at and now < row.reply_due_at:
        raise ReplyStillDue(reply_due_at=row.reply_due_at.isoformat())
    today = calendar.day_of(now)
    effect = scoring.effect(Card(row.kind), on=today)
    first, last = rules.in_effect(today, effect)
    row.status, row.grounds = str(status), grounds
    row.decided_at, row.decided_by = now, by.subject
    row.effect_from, row.effect_to = first, last
    row.bars_zh, row.bars_en = effect.zh, effect.en
    timers.begin(session, _over(row, last))
    keep(session, row, str(CardAction.IMPOSE), by=by, now=now, note=grounds)
    publish(session, CardIssued(occurred_at=now, **facts(row), effect_from=first, effect_to=last))
    await operations_listing.list_or_wait(session, row, now=now)
    return row


def _over(row: CardRow, last: date) -> timers.Timer:
    ends = calendar.closes_at(last)
    return timers.new(kind=EFFECT_OVER, entity_id=str(row.id), due_at=ends, rule=row.rule)


async def decline(
    session: AsyncSession, *, card_id: UUID, grounds: str, by: Principal, now: datetime
) -> CardRow:
    """Decide that the unit has no card."""
    row = await _to_decide(session, card_id, ScoreAct.DECIDE_CARD, by=by, now=now)
    domain.after(row.stands, CardAction.DECLINE)
    if by.subject == row.noticed_by:
        raise DecidedByNotifier
    row.grounds, row.decided_at, row.decided_by = grounds, now, by.subject
    end(session, row, CardAction.DECLINE, by=by, now=now, note=grounds)
    return row


async def confirm(
    session: AsyncSession, *, card_id: UUID, grounds: str, by: Principal, now: datetime
) -> CardRow:
    """A card whose facts have changed was looked at again, and stays."""
    row = await _to_decide(session, card_id, ScoreAct.DECIDE_CARD, by=by, now=now)
    row.status = str(domain.after(row.stands, CardAction.CONFIRM))
    row.review_since = None
    keep(session, row, str(CardAction.CONFIRM), by=by, now=now, note=grounds)
    return row


async def lift(
    session: AsyncSession, *, card_id: UUID, grounds: str, by: Principal, now: datetime
) -> CardRow:
    """Lift a card before its time is over; the unit is not listed any more either."""
    row = await _to_decide(session, card_id, ScoreAct.DECIDE_CARD, by=by, now=now)
    end(session, row, CardAction.LIFT, by=by, now=now, note=grounds)
    row.review_since = None
    await timers.cancel(session, kind=EFFECT_OVER, entity_id=str(row.id), now=now)
    await operations_listing.close(session, row, now=now)
    return row


async def let_run_out(session: AsyncSession, *, card_id: UUID, now: datetime) -> None:
    """The time of a card is over."""
    row = await queries.get(session, card_id, lock=True)
    if row.stands is CardStatus.IN_EFFECT:
        end(session, row, CardAction.EXPIRE, by=SYSTEM, now=now, note=None)


async def _to_decide(
    session: AsyncSession, card_id: UUID, act: ScoreAct, *, by: Principal, now: datetime
) -> CardRow:
    """A card on which the actor may act: a government's is decided on from above it."""
    row = await queries.get(session, card_id, lock=True)
    POLICIES.require(by, act, on=row, seen_by=ScoreAct.READ_CARDS)
    kind = await organisations.kind(session, row.unit, day=calendar.day_of(now))
    above = reviewing.may_review(
        reviewer_region=by.region or "", region_code=row.region_code, unit_kind=kind
    )
    if not above:
        raise NotYours
    return row
