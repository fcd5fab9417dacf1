"""How it reads who was entrusted with a case, why it climbed, its list, what is settled."""

from collections.abc import Iterator, Mapping
from datetime import date

from kernel import calendar
from reference import escalations
from reference.terms import Level
from services.incidents.climbs.tables import Climb, Delegation, Listing
from services.incidents.closings.domain import Question
from services.incidents.closings.tables import ClosingCheck
from services.incidents.dossiers.domain import SignatureStatus
from services.incidents.dossiers.tables import Signature
from services.incidents.timeline.queries_case import Inside
from services.incidents.timeline.schemas import (
    Entry,
    EntryKind,
    Words,
    names,
    somebody,
    stamped,
)
from services.incidents.timeline.schemas_aftermath import ORGANS
from services.incidents.timeline.schemas_case import limited, submitted


def inside(case: Inside) -> Iterator[Entry]:
    """What only those may know who read the case itself."""
    for signature in case.signatures:
        yield _signed(signature)
    yield from submitted(case.submissions)
    yield from limited(case.limits)
    for delegation in case.delegations:
        yield _delegated(delegation)
    for climb in case.climbs:
        yield _climbed(climb)
    for listing in case.listings:
        yield from _listed(listing)
    for check in case.checks:
        yield _checked(check)


_SIGNED: Mapping[SignatureStatus, Words] = {
    SignatureStatus.SIGNED: ("在调查报告上签名", "signed the report"),
    SignatureStatus.DISSENTING: ("附不同意见在调查报告上签名", "signed the report and dissented"),
    SignatureStatus.REFUSED: ("拒绝在调查报告上签名", "refused to sign the report"),
}


def _signed(one: Signature) -> Entry:
    """For which organ somebody signed; what they said stands on the sheet."""
    organ, did = ORGANS[one.organ], _SIGNED[one.stands]
    return Entry(
        at=one.signed_at,
        kind=EntryKind.SIGNATURE,
        unit=one.unit,
        zh=f"{organ[0]}成员{did[0]}",
        en=f"the member from {organ[1]} {did[1]}",
    )


def _delegated(one: Delegation) -> Entry:
    by = names(one.by_unit)
    to = names(one.to)
    if one.to == one.enterprise_uscc:
        to = ("事故发生单位", "the enterprise")
    return Entry(
        at=one.decided_at,
        kind=EntryKind.DELEGATED,
        unit=one.by_unit,
        zh=f"{by[0]}委托{to[0]}组织调查（{one.document}）：{one.reason}",
        en=f"{by[1]} entrusted {to[1]} with the investigation ({one.document}): {one.reason}",
    )


def _climbed(one: Climb) -> Entry:
    """Taken up or left where it is, with the ground; the new holder has an entry of its own."""
    unit, ground = somebody(one.unit), _ground(one.ground, on=calendar.day_of(one.decided_at))
    zh, en = ("提级", "took the case up") if one.taken else ("不提级", "did not take the case up")
    return Entry(
        at=one.decided_at,
        kind=EntryKind.CLIMB,
        unit=one.unit,
        level=Level(one.to_level),
        zh=f"{unit[0]}就“{ground[0]}”情形决定{zh}调查：{one.reason}",
        en=f"{unit[1]} {en} on the ground that {ground[1]}: {one.reason}",
    )


def _ground(code: str, *, on: date) -> Words:
    known = {row.code: (row.zh, row.en) for row in escalations.rows(on=on)}
    return known.get(code, (code, code))


def _listed(one: Listing) -> Iterator[Entry]:
    zh, en = names(one.unit)
    yield from stamped(
        EntryKind.SUPERVISION,
        (
            (
                one.listed_at,
                f"{zh}挂牌督办（{one.notice}）：{one.matters}",
                f"{en} put the case on its list ({one.notice}): {one.matters}",
            ),
            (
                one.consented_at,
                f"{zh}审核同意调查报告：{one.opinion}",
                f"{en} agreed to the draft report: {one.opinion}",
            ),
            (one.overdue_at, "挂牌督办逾期未办结", "what the list asks for was not done in time"),
            (one.lifted_at, f"{zh}解除挂牌督办", f"{en} took the case off its list"),
        ),
        unit=one.unit,
        due_at=one.due_at,
    )


_QUESTIONS: Mapping[Question, Words] = {
    Question.CAUSE: ("事故原因未查清不放过", "that the cause is known"),
    Question.LIABLE: ("责任人员未处理不放过", "that those liable were dealt with"),
    Question.MEASURES: ("整改措施未落实不放过", "that the measures were carried out"),
    Question.EDUCATION: ("有关人员未受到教育不放过", "that people were taught"),
}


def _checked(one: ClosingCheck) -> Entry:
    zh, en = _QUESTIONS[Question(one.question)]
    unit = somebody(one.unit)
    return Entry(
        at=one.checked_at,
        kind=EntryKind.QUESTION,
        unit=one.unit,
        version=one.version,
        zh=f"{unit[0]}核查“{zh}”：{'已落实' if one.met else '未落实'}（{one.evidence}）",
        en=f"{unit[1]} found {en}: {'yes' if one.met else 'no'} ({one.evidence})",
    )
