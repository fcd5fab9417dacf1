"""Notes what came too late, once; then tells the line above, and drafts what follows."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.tasks_supervisions import SupervisionClimbed, SupervisionWarned
from kernel import calendar, timers
from kernel.access import SYSTEM
from kernel.outbox import publish
from reference import holidays
from reference import supervisions as pack
from reference.national.rows_supervisions import SupervisionClimb, SupervisionRule
from reference.terms import Level, SupervisionStep, UnitKind
from services.tasks.chains import queries as chains
from services.tasks.lines import domain as lines
from services.tasks.lines import queries as reporting
from services.tasks.organisations import queries as organisations
from services.tasks.supervisionclimbs import queries, rules
from services.tasks.supervisions import operations as steps
from services.tasks.supervisions import operations_drafting as drafting
from services.tasks.supervisions import operations_issuing as issuing
from services.tasks.supervisions import queries as orders
from services.tasks.supervisions import rules as limits
from services.tasks.supervisions.domain import (
    LIVE,
    OWED,
    CauseFacts,
    Drafted,
    SupervisionStatus,
    place_of,
)
from services.tasks.supervisions.tables import Supervision


async def note_unreceived(session: AsyncSession, *, receipt_id: UUID, now: datetime) -> None:
    """An addressee has not signed for it in time: said once."""
    receipt = await orders.receipt(session, receipt_id)
    row = await orders.get(session, receipt.supervision_id, lock=True)
    receipt = await orders.receipt(session, receipt_id)
    if row.stands not in LIVE or receipt.received_at or receipt.overdue_at:
        return
    receipt.overdue_at = now
    unit = receipt.addressee if row.addressees else None
    steps.tell_overdue(
        session, row, SupervisionStep.RECEIPT, due_at=receipt.due_at, now=now, unit=unit
    )


async def warn(session: AsyncSession, *, supervision_id: UUID, now: datetime) -> None:
    """The time ends soon, and nobody has answered."""
    row = await orders.get(session, supervision_id, lock=True)
    if row.stands in OWED and row.due_at is not None and now < row.due_at:
        publish(session, SupervisionWarned(**steps.facts(row), occurred_at=now, due_at=row.due_at))


async def note_unjudged(session: AsyncSession, *, supervision_id: UUID, now: datetime) -> None:
    """The issuer has not examined the answer in time: said once, and it is the issuer's delay."""
    row = await orders.get(session, supervision_id, lock=True)
    due_at = row.acceptance_due_at
    waits = row.stands is SupervisionStatus.ANSWERED and row.acceptance_overdue_at is None
    if not waits or due_at is None or now < due_at:
        return
    row.acceptance_overdue_at = now
    steps.tell_overdue(
        session, row, SupervisionStep.ACCEPTANCE, due_at=due_at, now=now, unit=row.keeper
    )


async def note_unanswered(session: AsyncSession, *, supervision_id: UUID, now: datetime) -> None:
    """The answer did not come in time: said once, and the climb begins."""
    row = await orders.get(session, supervision_id, lock=True)
    due_at = row.due_at
    if row.stands not in OWED or row.overdue_at or due_at is None or now < due_at:
        return
    row.overdue_at = now
    steps.tell_overdue(session, row, SupervisionStep.ANSWER, due_at=due_at, now=now)
    await _arm_next(session, row)


async def _arm_next(session: AsyncSession, row: Supervision) -> None:
    rung = _rung(row)
    if rung is None or row.due_at is None:
        return
    at = rules.reached_at(rung, due_at=row.due_at, days_off=holidays.calendar())
    await timers.arm(
        session,
        kind=steps.CLIMB_DUE,
        entity_id=str(row.id),
        due_at=at,
        rule=rung.rule,
        reason=f"round {row.round}, step {row.rung + 1}",
    )


def _rung(row: Supervision) -> SupervisionClimb | None:
    """The next step of an overdue order, by the table in force when it was issued."""
    assert row.issued_at is not None
    table = pack.climbs(row.of_kind, on=calendar.day_of(row.issued_at))
    return table[row.rung] if row.rung < len(table) else None


async def climb(session: AsyncSession, *, supervision_id: UUID, now: datetime) -> None:
    """Take the next step: the line above is told, and what follows is issued or proposed.

    Not once an answer is there, nor once something that follows was issued: that has its own
    clock.
    """
    row = await orders.get(session, supervision_id, lock=True)
    if row.stands not in OWED or row.overdue_at is None or row.due_at is None:
        return
    rung = _rung(row)
    if rung is None or await queries.is_followed(session, row.id):
        return
    if now < rules.reached_at(rung, due_at=row.due_at, days_off=holidays.calendar()):
        await _arm_next(session, row)
        return
    superior = rules.superior(
        await _line(session, row, now=now), rung=row.rung, otherwise=row.keeper
    )
    following = await _following(session, row, rung, now=now)
    row.rung += 1
    row.units = list(dict.fromkeys((*row.units, superior)))
    said = {"step": row.rung, "superior": superior, "follows": str(rung.follows)}
    steps.keep(session, row, "climb", by=SYSTEM, now=now, detail=said)
    publish(
        session,
        SupervisionClimbed(
            **steps.facts(row),
            occurred_at=now,
            rung=row.rung,
            superior=superior,
            follows=rung.follows,
            automatic=rung.automatic,
            proposed_to=following.keeper,
            following_id=following.id,
            due_at=row.due_at,
        ),
    )
    await _arm_next(session, row)


async def _line(session: AsyncSession, row: Supervision, *, now: datetime) -> Sequence[str]:
    """Who stands above whoever owes the answer, nearest first; of an enterprise its regulator."""
    day = calendar.day_of(now)
    above = await reporting.above(session, on=day)
    if row.addressees:
        return lines.climb(row.addressee, above=above)[1:]
    enterprise = await chains.known(session, row.addressee)
    if enterprise is None:
        return ()
    region, industry = enterprise.region_code, enterprise.industry
    decided = await chains.decided(session, industry, region=region, on=day)
    answering = await chains.resolve(
        session, industry=industry, region=region, decided=decided, on=day
    )
    if not answering.links:
        return ()
    return lines.climb(answering.links[0].unit, above=above)


async def _following(
    session: AsyncSession, row: Supervision, rung: SupervisionClimb, *, now: datetime
) -> Supervision:
    """What follows: one that stands already, else a new one, issued only where it is automatic."""
    standing = await queries.standing_after(session, row, rung.follows)
    if standing is not None:
        return standing
    rule = pack.rule(rung.follows, on=calendar.day_of(now))
    made = await drafting.write(
        session,
        wanted=_wanted(row, rule),
        rule=rule,
        issuer=await _issuer(session, row, rule, now=now),
        cause=_cause(row),
        by=SYSTEM,
        now=now,
    )
    made.automatic = True
    if rung.automatic:
        made.status = str(SupervisionStatus.ISSUED)
        made.signed_by = SYSTEM.subject
        steps.keep(session, made, "issue", by=SYSTEM, now=now)
        await issuing.send(session, made, rule, now=now)
    return made


async def _issuer(
    session: AsyncSession, row: Supervision, rule: SupervisionRule, *, now: datetime
) -> str:
    """The order's own issuer; where it issues no such orders, the office of its place."""
    found = (await organisations.standing(session, [row.keeper], day=calendar.day_of(now))).get(
        row.keeper
    )
    fits = found and limits.may_issue(rule, kind=UnitKind(found.kind), level=Level(found.level))
    return row.keeper if fits else f"{place_of(row.keeper)}.committee_office"


def _cause(row: Supervision) -> CauseFacts:
    return CauseFacts(kind=row.about, id=row.cause_id, reason=row.cause_reason, rectifies=row.five)


def _wanted(row: Supervision, rule: SupervisionRule) -> Drafted:
    assert row.due_at is not None
    assert row.number_text is not None
    day = calendar.day_of(row.due_at - timedelta(seconds=1))
    late = (
        f"{row.number_text}（{row.title}）应于{day.year}年{day.month}月{day.day}日前答复，"
        "至今未答复，请立即办理并答复。"
    )
    matters = (late, *(row.matters if rule.answer else ()))
    return Drafted(
        kind=rule.code,
        cause=row.about,
        cause_id=row.cause_id,
        cause_reason=row.cause_reason,
        addressees=tuple(row.addressees),
        enterprise_uscc=None if row.addressees else row.addressee,
        title=f"关于{row.number_text}逾期未答复的{rule.zh}",
        matters=matters,
        basis=row.basis,
        follows=row.id,
    )
