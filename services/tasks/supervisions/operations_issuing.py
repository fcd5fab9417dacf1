"""Signing an order: its number, its receipts, its clocks; and what ends it early."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from contracts.tasks_supervisions import SupervisionIssued, SupervisionWithdrawn
from kernel import calendar, timers
from kernel.access import Principal
from kernel.ids import uuid7
from kernel.outbox import publish
from reference import holidays
from reference.national.rows_supervisions import SupervisionRule
from reference.terms import SupervisionKind, SupervisionStep
from services.tasks.lines import queries as lines
from services.tasks.lines.domain import climb
from services.tasks.orders.rules import Due
from services.tasks.policies_supervisions import SupervisionAct
from services.tasks.supervisions import domain, operations, operations_drafting, queries, rules
from services.tasks.supervisions.domain import (
    OWED,
    AnotherSigns,
    DeadlinePast,
    SupervisionAction,
    SupervisionStatus,
    SupervisionUnfit,
    serving,
)
from services.tasks.supervisions.tables import (
    Supervision,
    SupervisionCounter,
    SupervisionReceipt,
)


async def issue(
    session: AsyncSession, *, supervision_id: UUID, by: Principal, now: datetime
) -> Supervision:
    """Sign a draft: it gets its number and goes out. Those addressed see it from now on."""
    await queries.lock_followed(session, supervision_id)
    row = await queries.on_side(
        session, supervision_id, SupervisionAct.SIGN_SUPERVISION, by=by, issuer=True
    )
    rule = operations.rule_of(row)
    await _refuse_other_signers(session, row, rule, by=by, now=now)
    operations.step_on(session, row, SupervisionAction.ISSUE, by=by, now=now)
    if rule.two_people and by.subject in await queries.drafters(session, row.id):
        raise AnotherSigns
    row.signed_by = by.subject
    await send(session, row, rule, now=now)
    return row


async def _refuse_other_signers(
    session: AsyncSession, row: Supervision, rule: SupervisionRule, *, by: Principal, now: datetime
) -> None:
    above = await lines.above(session, on=calendar.day_of(now))
    line = {*serving(row.keeper), *climb(row.keeper, above=above)}
    signs = rules.signs(
        rule, roles=by.roles, unit=by.unit, region=by.region, issuer=row.keeper, line=line
    )
    if not signs:
        raise AnotherSigns(signers=list(rule.signers))


async def send(
    session: AsyncSession, row: Supervision, rule: SupervisionRule, *, now: datetime
) -> None:
    """Number what was signed, start its clocks, and tell everybody."""
    await _readdress(session, row, now=now)
    row.issued_at = now
    row.year = calendar.day_of(now).year
    if rule.answer:
        await operations.owe_answer(session, row, _answer_due(row, now=now), reason="issued")
    _refuse_no_meeting(row, rule, now=now)
    await _ask_for_receipts(session, row, now=now)
    await _stop_climb_of_followed(session, row, now=now)
    # Last: whoever numbers waits for the others of the unit until their transactions end.
    row.number = await _next_number(session, row)
    row.number_text = domain.number_text(rule.mark, year=row.year, number=row.number)
    publish(
        session,
        SupervisionIssued(
            **operations.facts(row),
            occurred_at=now,
            units=tuple(row.addressees),
            cc=tuple(row.cc),
            due_at=row.due_at,
            automatic=row.automatic,
        ),
    )


def _refuse_no_meeting(row: Supervision, rule: SupervisionRule, *, now: datetime) -> None:
    if rule.meeting and row.meeting_at is None:
        raise SupervisionUnfit(
            "约谈须先写明时间、地点和被约谈岗位",
            "State first when and where the interview is, and who is heard.",
        )
    if row.meeting_at is not None and row.meeting_at <= now:
        raise DeadlinePast


async def _readdress(session: AsyncSession, row: Supervision, *, now: datetime) -> None:
    """A unit may have ended since it was drafted: its heir gets it."""
    if row.addressees:
        row.addressees = list(await operations_drafting.borne(session, row.addressees, now=now))
        row.addressee = row.addressees[0]
    else:
        row.enterprise_uscc = row.addressee
    row.units = list(dict.fromkeys((*serving(row.keeper), *row.addressees, *row.cc)))


def _answer_due(row: Supervision, *, now: datetime) -> Due:
    days_off = holidays.calendar()
    if row.due_on is None:
        return rules.due(SupervisionStep.ANSWER, row.of_kind, since=now, days_off=days_off)
    stated = rules.stated_due(row.due_on, row.of_kind, since=now, days_off=days_off)
    if stated.at <= now:
        raise DeadlinePast
    return stated


async def _ask_for_receipts(session: AsyncSession, row: Supervision, *, now: datetime) -> None:
    due = rules.due(SupervisionStep.RECEIPT, row.of_kind, since=now, days_off=holidays.calendar())
    for addressee in row.addressees or [row.addressee]:
        receipt = SupervisionReceipt(
            id=uuid7(), supervision_id=row.id, addressee=addressee, due_at=due.at
        )
        session.add(receipt)
        clock = timers.new(
            kind=operations.RECEIPT_DUE, entity_id=str(receipt.id), due_at=due.at, rule=due.rule
        )
        timers.begin(session, clock)


async def _stop_climb_of_followed(
    session: AsyncSession, row: Supervision, *, now: datetime
) -> None:
    """What follows is out, and climbs by its own clock: the earlier order climbs no further."""
    if row.follows is not None and row.of_kind is not SupervisionKind.URGING:
        await queries.get(session, row.follows, lock=True)
        kind, entity = operations.CLIMB_DUE, str(row.follows)
        await timers.cancel(session, kind=kind, entity_id=entity, now=now)


async def _next_number(session: AsyncSession, row: Supervision) -> int:
    """The next number of the unit, kind and year; without a gap and never given twice.

    The counter's row stays locked until the transaction ends, and an order that is not issued
    after all takes its number back with it.
    """
    counter = insert(SupervisionCounter).values(
        issuer=row.issuer, kind=row.kind, year=row.year, region_code=row.region_code, last=1
    )
    taken = counter.on_conflict_do_update(
        index_elements=["issuer", "kind", "year"],
        set_={"last": SupervisionCounter.last + 1},
    ).returning(SupervisionCounter.last)
    number = await session.scalar(taken)
    assert number is not None
    return number


async def withdraw(
    session: AsyncSession, *, supervision_id: UUID, reason: str, by: Principal, now: datetime
) -> Supervision:
    """Take an order back while it is open; its number stays its own."""
    await queries.lock_followed(session, supervision_id)
    row = await queries.on_side(
        session, supervision_id, SupervisionAct.JUDGE_ANSWER, by=by, issuer=True
    )
    was_out = row.stands is not SupervisionStatus.DRAFTED
    operations.step_on(session, row, SupervisionAction.WITHDRAW, by=by, now=now, note=reason)
    await operations.end(session, row, now=now)
    if was_out:
        await _let_followed_climb(session, row, now=now)
        publish(
            session,
            SupervisionWithdrawn(
                **operations.facts(row), occurred_at=now, units=tuple(row.addressees)
            ),
        )
    return row


async def _let_followed_climb(session: AsyncSession, row: Supervision, *, now: datetime) -> None:
    """Nothing follows any more from an earlier order that is still unanswered: it climbs on."""
    if row.follows is None or row.of_kind is SupervisionKind.URGING:
        return
    before = await queries.get(session, row.follows, lock=True)
    if before.stands in OWED and before.overdue_at is not None and before.rule is not None:
        await timers.arm(
            session,
            kind=operations.CLIMB_DUE,
            entity_id=str(before.id),
            due_at=now,
            rule=before.rule,
            reason=f"{row.id} was withdrawn",
        )
