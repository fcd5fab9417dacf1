"""Drafting and amending an order: who it is from and to, what it asks, and by when."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from kernel import calendar
from kernel.access import NotFound, NotYours, Principal
from kernel.db import refusing_taken
from kernel.ids import uuid7
from reference import supervisions as pack
from reference.national.rows_supervisions import SupervisionRule
from reference.terms import Level, UnitKind
from services.tasks.chains import queries as chains
from services.tasks.organisations import queries as organisations
from services.tasks.policies import POLICIES
from services.tasks.policies_supervisions import SupervisionAct
from services.tasks.successions import queries as successions
from services.tasks.supervisions import operations, operations_causes, queries, rules
from services.tasks.supervisions.domain import (
    BeyondReach,
    CauseFacts,
    DeadlinePast,
    Drafted,
    NotIssuedHere,
    Side,
    SupervisionAction,
    SupervisionStands,
    SupervisionStatus,
    SupervisionUnfit,
    place_of,
    serving,
)
from services.tasks.supervisions.tables import Supervision


async def draft(
    session: AsyncSession, *, wanted: Drafted, by: Principal, now: datetime
) -> Supervision:
    """Draft an order. Somebody signs it before it goes out."""
    rule = pack.rule(wanted.kind, on=calendar.day_of(now))
    issuer = await _issuer(session, wanted, rule, by=by, now=now)
    cause = await operations_causes.found(session, wanted, by=by, now=now)
    return await write(
        session, wanted=wanted, rule=rule, issuer=issuer, cause=cause, by=by, now=now
    )


async def write(
    session: AsyncSession,
    *,
    wanted: Drafted,
    rule: SupervisionRule,
    issuer: str,
    cause: CauseFacts,
    by: Principal,
    now: datetime,
) -> Supervision:
    """Put a draft down once its issuer and its cause are settled."""
    _refuse_unfit(wanted, rule, proposed=by.is_system, now=now)
    units = await borne(session, wanted.addressees or _named(cause, wanted), now=now)
    uscc = wanted.enterprise_uscc or (cause.enterprise_uscc if not units else None)
    row = _row(wanted, rule, issuer=issuer, cause=cause, now=now)
    row.drafted_by = by.subject
    await _address(session, row, units=units, uscc=uscc)
    if not by.is_system:
        _refuse_unfit_units(row)
    row.cc = list(await borne(session, wanted.cc, now=now))
    await _check_followed(session, row, rule, by=by)
    await _refuse_twin(session, row)
    session.add(row)
    with refusing_taken(SupervisionStands()):
        await session.flush()
    detail = {"cause": row.cause, "cause_id": row.cause_id}
    operations.keep(session, row, "draft", by=by, now=now, detail=detail)
    return row


def _named(cause: CauseFacts, wanted: Drafted) -> tuple[str, ...]:
    return (cause.unit,) if cause.unit and not wanted.enterprise_uscc else ()


async def _issuer(
    session: AsyncSession, wanted: Drafted, rule: SupervisionRule, *, by: Principal, now: datetime
) -> str:
    """The unit in whose name the actor drafts; refused where it issues no such orders."""
    issuer = wanted.issuer or by.unit
    if issuer is None:
        raise NotYours
    side = Side(region_code=place_of(issuer), units=serving(issuer))
    if not POLICIES.allows(by, SupervisionAct.DRAFT_SUPERVISION, side):
        raise NotYours
    unit = await organisations.unit(session, issuer, day=calendar.day_of(now))
    if not rules.may_issue(rule, kind=UnitKind(unit.kind), level=Level(unit.level)):
        raise NotIssuedHere(issuers=[str(kind) for kind in rule.issuers])
    return issuer


def _refuse_unfit(
    wanted: Drafted, rule: SupervisionRule, *, now: datetime, proposed: bool = False
) -> None:
    """Refuse what its kind does not take. What is only proposed leaves the meeting open."""
    if wanted.cause not in rule.causes:
        raise SupervisionUnfit(
            f"{rule.zh}不适用于此类事由", f"No {rule.en} is issued over that.", kind=rule.code
        )
    if bool(wanted.meeting) is not rule.meeting and not proposed:
        raise SupervisionUnfit(
            "约谈须写明时间、地点和被约谈岗位，其他文书不写",
            "An interview, and nothing else, names its time, place and who is heard.",
        )
    if wanted.due_on is not None and not rule.answer:
        raise SupervisionUnfit("此类文书不要求答复", "This kind asks for no answer.")
    if wanted.addressees and wanted.enterprise_uscc:
        raise SupervisionUnfit(
            "受文对象为单位或一家企业，不能并列", "It goes to units or to one enterprise, not both."
        )
    past_day = wanted.due_on is not None and wanted.due_on <= calendar.day_of(now)
    if past_day or (wanted.meeting is not None and wanted.meeting.at <= now):
        raise DeadlinePast


async def borne(session: AsyncSession, units: Sequence[str], *, now: datetime) -> tuple[str, ...]:
    """Those who bear today what is asked of some units: the heir of one that ended; each once."""
    day = calendar.day_of(now)
    heirs = await successions.bearing(session, units, on=day)
    borne = tuple(dict.fromkeys(heirs[unit] for unit in units))
    standing = await organisations.standing(session, borne, day=day)
    for unit in borne:
        if unit not in standing:
            raise NotFound(f"没有单位 {unit}。", f"There is no unit {unit}.")
    return borne


async def _address(
    session: AsyncSession, row: Supervision, *, units: Sequence[str], uscc: str | None
) -> None:
    if uscc is not None:
        row.addressee = (await chains.enterprise(session, uscc)).uscc
        row.addressees = []
        return
    if not units:
        raise SupervisionUnfit("须指明受文单位或企业", "Name the units or the enterprise.")
    row.addressee, row.addressees = units[0], list(units)


def _refuse_unfit_units(row: Supervision) -> None:
    """Refuse to address the issuer itself, or units that it does not supervise.

    What the platform proposes goes to whoever owes the answer, though a reorganisation may have
    moved that since: a person signs it or drops it.
    """
    if row.issuer in row.addressees:
        raise SupervisionUnfit("不能向本单位下达", "No unit issues an order to itself.")
    beyond = [unit for unit in row.addressees if not rules.reaches(row.issuer, unit)]
    if beyond:
        raise BeyondReach(units=beyond)


def _row(
    wanted: Drafted, rule: SupervisionRule, *, issuer: str, cause: CauseFacts, now: datetime
) -> Supervision:
    title = wanted.title or (f"{cause.title}的{rule.zh}" if cause.title else None)
    matters = wanted.matters or ((cause.matter,) if cause.matter else ())
    if title is None or not matters:
        raise SupervisionUnfit("须写明标题和要求事项", "State a title and what is required.")
    meeting = wanted.meeting
    return Supervision(
        id=uuid7(),
        region_code=place_of(issuer),
        kind=wanted.kind,
        status=SupervisionStatus.DRAFTED,
        issuer=issuer,
        keeper=issuer,
        units=list(serving(issuer)),
        title=title,
        matters=list(matters),
        basis=wanted.basis,
        cause=cause.kind,
        cause_id=cause.id,
        cause_reason=cause.reason,
        follows=wanted.follows,
        automatic=False,
        five=rules.asks_for_five(rule, cause=cause.kind, rectifies=cause.rectifies),
        drafted_at=now,
        due_on=wanted.due_on,
        round=1,
        extended=0,
        rung=0,
        meeting_at=meeting.at if meeting else None,
        meeting_place=meeting.place if meeting else None,
        interviewees=list(meeting.interviewees) if meeting else None,
    )


async def _check_followed(
    session: AsyncSession, row: Supervision, rule: SupervisionRule, *, by: Principal
) -> None:
    if row.follows is None:
        return
    before = await queries.seen(session, row.follows, by=by)
    if before.of_kind not in rule.follows or before.number is None:
        raise SupervisionUnfit(f"{rule.zh}不能接续该文书", f"No {rule.en} follows from that order.")


async def _refuse_twin(session: AsyncSession, row: Supervision) -> None:
    first = await queries.standing(
        session,
        cause=row.about,
        cause_id=row.cause_id,
        kind=row.of_kind,
        addressee=row.addressee,
    )
    if first is not None and first.id != row.id:
        raise SupervisionStands(first=str(first.id), number=first.number_text)


async def amend(
    session: AsyncSession, *, supervision_id: UUID, wanted: Drafted, by: Principal, now: datetime
) -> Supervision:
    """Change what a draft says; its kind, its cause and what is not stated anew stay."""
    row = await queries.on_side(
        session, supervision_id, SupervisionAct.DRAFT_SUPERVISION, by=by, issuer=True
    )
    operations.step_on(session, row, SupervisionAction.AMEND, by=by, now=now)
    rule = operations.rule_of(row)
    _refuse_unfit(wanted, rule, proposed=rule.meeting, now=now)
    row.cc = list(await borne(session, wanted.cc, now=now)) or row.cc
    if wanted.addressees or wanted.enterprise_uscc:
        await _address_anew(session, row, wanted, now=now)
    row.title = wanted.title or row.title
    row.matters = list(wanted.matters) or row.matters
    row.basis, row.due_on = wanted.basis or row.basis, wanted.due_on or row.due_on
    if wanted.meeting is not None:
        row.meeting_at, row.meeting_place = wanted.meeting.at, wanted.meeting.place
        row.interviewees = list(wanted.meeting.interviewees)
    return row


async def _address_anew(
    session: AsyncSession, row: Supervision, wanted: Drafted, *, now: datetime
) -> None:
    units = await borne(session, wanted.addressees, now=now)
    with session.no_autoflush:  # the one that it would be the twin of is looked for and named
        await _address(session, row, units=units, uscc=wanted.enterprise_uscc)
        _refuse_unfit_units(row)
        await _refuse_twin(session, row)
