"""Signing the report of an investigation: by its members, or recorded by the lead of the team."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from kernel import calendar
from kernel.access import Principal
from reference import national
from services.incidents.accidents.tables import Accident
from services.incidents.dossiers import domain, queries, rules
from services.incidents.dossiers.domain import (
    NotASigner,
    OwnRefusal,
    ReportChanged,
    SignatureAction,
    SignaturesMissing,
    SignatureStatus,
    SignsThemselves,
)
from services.incidents.dossiers.schemas_signing import (
    NewRefusal,
    NewSheet,
    NewSignature,
    SignatureLine,
    SignatureSheet,
    SignatureView,
)
from services.incidents.dossiers.tables import Signature
from services.incidents.investigations import domain as life
from services.incidents.investigations import operations_cases as investigations
from services.incidents.investigations.domain import InvestigationAction
from services.incidents.investigations.tables import Investigation
from services.incidents.policies import Act
from services.incidents.teams import operations as teams
from services.incidents.teams import queries as members
from services.incidents.teams.domain import MemberStatus
from services.incidents.teams.tables import Member


@dataclass(frozen=True, kw_only=True)
class Given:
    """What is given for a member: an action, on which content, in which words."""

    action: SignatureAction
    content_sha256: str
    said: str | None
    sheet: str | None = None


async def sign(
    session: AsyncSession, *, accident_id: UUID, new: NewSignature, by: Principal, now: datetime
) -> Signature:
    """A member signs the report as it reads, with an opinion of their own or without."""
    accident, case = await _held(session, accident_id, by=by, now=now)
    member = await teams.acting(session, accident=accident, by=by)
    return await _give(session, accident, case, member, given=_agreed(new), by=by, now=now)


async def record_sheet(
    session: AsyncSession,
    *,
    accident_id: UUID,
    member_id: UUID,
    new: NewSheet,
    by: Principal,
    now: datetime,
) -> Signature:
    """The lead records the signed sheet of a member who has no account here."""
    accident, case = await _held(session, accident_id, by=by, now=now)
    await teams.leading(session, accident=accident, by=by)
    member = await _sitting(session, accident, member_id)
    if member.account is not None:
        raise SignsThemselves
    given = _agreed(new, sheet=new.sheet)
    return await _give(session, accident, case, member, given=given, by=by, now=now)


async def record_refusal(
    session: AsyncSession,
    *,
    accident_id: UUID,
    member_id: UUID,
    new: NewRefusal,
    by: Principal,
    now: datetime,
) -> Signature:
    """The lead records that a member refuses to sign, so that the report can go on without."""
    accident, case = await _held(session, accident_id, by=by, now=now)
    lead = await teams.leading(session, accident=accident, by=by)
    member = await _sitting(session, accident, member_id)
    if member.id == lead.id:
        raise OwnRefusal
    given = Given(action=SignatureAction.REFUSE, content_sha256=new.content_sha256, said=new.reason)
    return await _give(session, accident, case, member, given=given, by=by, now=now)


def _agreed(new: NewSignature, *, sheet: str | None = None) -> Given:
    action = SignatureAction.SIGN if new.opinion is None else SignatureAction.DISSENT
    return Given(action=action, content_sha256=new.content_sha256, said=new.opinion, sheet=sheet)


async def _held(
    session: AsyncSession, accident_id: UUID, *, by: Principal, now: datetime
) -> tuple[Accident, Investigation]:
    """The case under its accident's lock, where nobody writes or stands aside meanwhile."""
    return await investigations.hold(
        session, accident_id=accident_id, act=Act.WORK_ON_TEAM, by=by, now=now
    )


async def _sitting(session: AsyncSession, accident: Accident, member_id: UUID) -> Member:
    member = await members.get(session, member_id)
    if member.accident_id != accident.id or member.stands is not MemberStatus.ACTIVE:
        raise NotASigner
    return member


async def _give(
    session: AsyncSession,
    accident: Accident,
    case: Investigation,
    member: Member,
    *,
    given: Given,
    by: Principal,
    now: datetime,
) -> Signature:
    """Keep what is given, once; what is said again in the same words is what it was."""
    case.status = str(life.after(case.stands, InvestigationAction.SIGN))
    content = await content_sha256(session, case)
    if given.content_sha256 != content:
        raise ReportChanged(content_sha256=content)
    kept = await queries.signatures(session, case)
    before = _newest(kept, member, content)
    outcome = domain.signed(SignatureStatus.OUTSTANDING, given.action)
    if before is not None and (before.stands, before.said) == (outcome, given.said):
        return before
    row = _signature(case, member, given, number=len(kept) + 1, by=by, now=now)
    stood = before.stands if before else SignatureStatus.OUTSTANDING
    row.status = str(domain.signed(stood, given.action))
    session.add(row)
    investigations.changed(
        session,
        accident=accident,
        investigation=case,
        action=InvestigationAction.SIGN,
        by=by,
        now=now,
        member_id=str(member.id),
        status=row.status,
    )
    return row


def _signature(
    case: Investigation, member: Member, given: Given, *, number: int, by: Principal, now: datetime
) -> Signature:
    return Signature(
        region_code=case.region_code,
        enterprise_uscc=case.enterprise_uscc,
        accident_id=case.accident_id,
        generation=case.generation,
        number=number,
        member_id=member.id,
        content_sha256=given.content_sha256,
        organ=member.organ,
        part=member.part,
        unit=member.unit,
        said=given.said,
        sheet=given.sheet,
        signed_at=now,
        signed_by=by.subject,
    )


def _newest(kept: Sequence[Signature], member: Member, content: str | None) -> Signature | None:
    """How a member stands to one content; what was said of another does not count."""
    own = [one for one in kept if one.member_id == member.id and one.content_sha256 == content]
    return own[-1] if own else None


async def content_sha256(session: AsyncSession, case: Investigation) -> str:
    """What is signed: all six parts as they read, or a refusal while some are missing."""
    texts = {part: row.text for part, row in (await queries.parts(session, case)).items()}
    return domain.content_sha256(life.case_of(case.accident_id, case.generation), texts)


async def lines(
    session: AsyncSession, case: Investigation, *, content: str | None, now: datetime
) -> Sequence[SignatureLine]:
    """How everybody who sits on the team stands to one content of the report."""
    kept = await queries.signatures(session, case)
    return [
        _line(member, _newest(kept, member, content), now=now)
        for member in await members.of_accident(session, case.accident_id)
        if member.stands is MemberStatus.ACTIVE
    ]


def _line(member: Member, signature: Signature | None, *, now: datetime) -> SignatureLine:
    waits = rules.waited_for(member.part, on=calendar.day_of(now))
    return SignatureLine.model_validate(
        {
            "member_id": member.id,
            "name": member.name,
            "organ": member.organ,
            "unit": member.unit,
            "part": member.part,
            "rule": waits.rule if waits else None,
            "status": signature.status if signature else SignatureStatus.OUTSTANDING,
            "said": signature.said if signature else None,
            "signed_at": signature.signed_at if signature else None,
        }
    )


def _waited_for(line: SignatureLine) -> bool:
    return line.rule is not None and line.status is SignatureStatus.OUTSTANDING


async def refuse_unsigned(
    session: AsyncSession, case: Investigation, *, content: str, now: datetime
) -> None:
    """Refuse a report that somebody on the team has neither signed nor refused to sign."""
    lacking = [
        one for one in await lines(session, case, content=content, now=now) if _waited_for(one)
    ]
    if not lacking:
        return
    named = {row.code: row for row in national.TEAM_ORGANS.at(calendar.day_of(now))}
    zh = "、".join(named[one.organ].zh if one.organ in named else one.organ for one in lacking)
    en = ", ".join(named[one.organ].en if one.organ in named else one.organ for one in lacking)
    raise SignaturesMissing(
        f"尚未签名：{zh}",
        f"Not signed by: {en}.",
        missing=[str(one.member_id) for one in lacking],
        rule=lacking[0].rule,
    )


async def sheet(session: AsyncSession, case: Investigation, *, now: datetime) -> SignatureSheet:
    """The signatures of a report; while parts are missing there is nothing to sign."""
    written = await queries.parts(session, case)
    content = None if domain.missing(written) else await content_sha256(session, case)
    standing = await lines(session, case, content=content, now=now)
    return SignatureSheet(
        accident_id=case.accident_id,
        generation=case.generation,
        content_sha256=content,
        complete=content is not None and not any(_waited_for(one) for one in standing),
        lines=standing,
        given=[
            SignatureView.model_validate(one) for one in await queries.signatures(session, case)
        ],
    )
