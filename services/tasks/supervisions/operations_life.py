"""What happens to an order between its issue and its end, apart from its answers."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.tasks_supervisions import (
    SupervisionClosed,
    SupervisionLifted,
    SupervisionReceived,
)
from kernel import calendar, timers
from kernel.access import NotFound, NotYours, Principal
from kernel.outbox import publish
from services.tasks.policies_supervisions import SupervisionAct
from services.tasks.supervisions import operations, operations_files, queries, rules
from services.tasks.supervisions.domain import (
    SupervisionAction,
    SupervisionActionRefused,
    SupervisionStatus,
    SupervisionUnfit,
)
from services.tasks.supervisions.tables import Supervision, SupervisionReceipt


class ReceivedBefore(SupervisionActionRefused):
    """Nobody signs for an order twice."""

    title_zh = "已签收"
    title_en = "It was signed for before"


class LeadAnswers(NotYours):
    """The unit that is addressed first answers for all."""

    title_zh = "由主办单位（首位受文单位）答复"
    title_en = "The unit that is addressed first answers for all"


class ListerLifts(NotYours):
    """Whoever listed a matter does not take it off the list."""

    title_zh = "挂牌的拟稿人、签发人不得摘牌"
    title_en = "Whoever drafted or signed the listing does not lift it"


async def receive(
    session: AsyncSession, *, supervision_id: UUID, by: Principal, now: datetime
) -> Supervision:
    """Sign for an order. The first addressee's signature moves it on.

    What asks for no answer ends once all have signed.
    """
    row = await queries.on_side(
        session, supervision_id, SupervisionAct.WORK_SUPERVISION, by=by, issuer=False
    )
    rows = await queries.receipts(session, row.id)
    own = [each for each in rows if each.addressee == (by.uscc or by.unit)]
    if not own:
        raise NotFound
    unsigned = [each for each in own if each.received_at is None]
    if not unsigned:
        raise ReceivedBefore(supervision_status=row.status)
    if row.stands is SupervisionStatus.WITHDRAWN:
        raise SupervisionActionRefused(supervision_status=row.status)
    for receipt in unsigned:
        await _sign(session, receipt, by=by, now=now)
    _moved(session, row, own[0], by=by, now=now)
    if not operations.rule_of(row).answer and all(each.received_at for each in rows):
        await file_away(session, row, by=by, now=now)
    return row


async def _sign(
    session: AsyncSession, receipt: SupervisionReceipt, *, by: Principal, now: datetime
) -> None:
    receipt.received_at, receipt.received_by = now, by.subject
    await timers.cancel(session, kind=operations.RECEIPT_DUE, entity_id=str(receipt.id), now=now)


def _moved(
    session: AsyncSession,
    row: Supervision,
    receipt: SupervisionReceipt,
    *,
    by: Principal,
    now: datetime,
) -> None:
    # One that answers for several since they became one signs for each, and moves it once.
    if receipt.addressee == row.addressee and row.received_at is None:
        operations.step_on(session, row, SupervisionAction.RECEIVE, by=by, now=now)
        row.received_at = now
    else:
        operations.keep(session, row, "receive", by=by, now=now)
    late = rules.is_late(done_at=now, due_at=receipt.due_at)
    publish(
        session,
        SupervisionReceived(
            **operations.facts(row), occurred_at=now, received_by=receipt.addressee, late=late
        ),
    )


async def close(
    session: AsyncSession, *, supervision_id: UUID, by: Principal, now: datetime
) -> Supervision:
    """File an order away whose answer was accepted."""
    row = await queries.on_side(
        session, supervision_id, SupervisionAct.JUDGE_ANSWER, by=by, issuer=True
    )
    await file_away(session, row, by=by, now=now)
    return row


async def file_away(
    session: AsyncSession, row: Supervision, *, by: Principal, now: datetime
) -> None:
    """End an order that has served its end."""
    operations.step_on(session, row, SupervisionAction.CLOSE, by=by, now=now)
    await operations.end(session, row, now=now)
    publish(session, SupervisionClosed(**operations.facts(row), occurred_at=now))


async def lift(
    session: AsyncSession,
    *,
    supervision_id: UUID,
    checked_on: date,
    note: str,
    record: str,
    by: Principal,
    now: datetime,
) -> Supervision:
    """Take a matter off the list after a check on site, by another person than listed it.

    `record` is the file of the check, by its SHA-256: nothing comes off without one.
    """
    row = await queries.on_side(
        session, supervision_id, SupervisionAct.LIFT_LISTING, by=by, issuer=True
    )
    accepted_on = calendar.day_of(row.accepted_at) if row.accepted_at else None
    detail = {"checked_on": checked_on.isoformat(), "record": record}
    operations.step_on(
        session, row, SupervisionAction.LIFT, by=by, now=now, note=note, detail=detail
    )
    if by.subject in {row.signed_by, *await queries.drafters(session, row.id)}:
        raise ListerLifts
    if checked_on > calendar.day_of(now) or (accepted_on and checked_on < accepted_on):
        raise SupervisionUnfit(
            "现场核查须在验收之后、今日之前",
            "The check on site comes after the acceptance and not after today.",
        )
    await operations_files.refuse_unknown(session, row, [record])
    await operations.end(session, row, now=now)
    publish(session, SupervisionLifted(**operations.facts(row), occurred_at=now))
    return row
