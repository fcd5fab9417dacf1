"""What is said of evidence that was sent back, and of appeals made and decided. Pure."""

from collections.abc import Callable, Mapping

from contracts.tasks_evidence import (
    AppealDecided,
    AppealFact,
    AppealMade,
    AppealUndecided,
    CreditWithdrawn,
    EvidenceFact,
    EvidenceQuestioned,
    EvidenceReturned,
)
from contracts.tasks_parts import PartAppealDecided, PartAppealed, PartAppealFact
from kernel.calendar import day_of
from kernel.events import Event
from services.notifications.wording import domain_duties
from services.notifications.wording import domain_labels as labels
from services.notifications.wording.domain_labels import Said
from services.notifications.wording.domain_template import Template

Facts = dict[str, Said]


def piece(event: EvidenceFact) -> Facts:
    """Which obligation it was handed in for, and by when that is due."""
    what = labels.DUTIES[event.kind]
    return _obligation(event) | {
        "duty": domain_duties.numbered(event.duty, what) if event.duty else what,
        "due": _moment(event),
    }


def withdrawn(event: CreditWithdrawn) -> Facts:
    """Whether what was met with it is owed again."""
    return _obligation(event) | {
        "owed": Said("该任务须重新完成", "the duty has to be done again")
        if event.owed_again
        else Said("该任务状态不变", "the duty stands as it stood")
    }


def appeal(event: AppealDecided) -> Facts:
    """How it was decided, and by when it is due now."""
    return _obligation(event) | {"outcome": _OUTCOMES[event.status], "due": _moment(event)}


def made(event: AppealMade) -> Facts:
    """Who objects to which duty, and why in a word."""
    return _objection(event) | {"ground": _GROUNDS[event.ground]}


def undecided(event: AppealUndecided) -> Facts:
    """The same, and who has to decide, by when it had to be."""
    due = labels.moment(event.decision_due_at)
    return _objection(event) | {
        "office": labels.unit(event.unit, on=day_of(event.occurred_at)),
        "due": Said(due, due),
    }


def _objection(event: AppealFact) -> Facts:
    what, on = labels.DUTIES[event.kind], day_of(event.occurred_at)
    code = event.subject_code
    return _obligation(event) | {
        "duty": domain_duties.numbered(event.duty, what) if event.duty else what,
        "subject": labels.unit(code, on=on) if "." in code else Said(code, code),
    }


def part_appealed(event: PartAppealed) -> Facts:
    """Who objects to which part, and why in a word."""
    return _part(event) | {"ground": _GROUNDS[event.ground]}


def part_decided(event: PartAppealDecided) -> Facts:
    """How it was decided, and by when the part is due now."""
    return _part(event) | {"outcome": _OUTCOMES[event.status]}


def _part(event: PartAppealFact) -> Facts:
    what, on = labels.DUTIES[event.kind], day_of(event.occurred_at)
    return _obligation(event) | {
        "duty": domain_duties.numbered(event.duty, what) if event.duty else what,
        "unit": labels.unit(event.unit, on=on),
        "lead": labels.unit(event.lead, on=on),
        "role": labels.ROLES[event.role],
        "due": _moment(event),
    }


def _obligation(
    event: EvidenceFact | CreditWithdrawn | AppealFact | AppealDecided | PartAppealFact,
) -> Facts:
    number = str(event.obligation_id)
    return {
        "near": labels.near(event.region_code),
        "place": labels.place(event.region_code),
        "obligation": Said(number, number),
    }


def _moment(event: EvidenceFact | AppealDecided | PartAppealFact) -> Said:
    due = labels.moment(event.due_at)
    return Said(due, due)


_OUTCOMES = {
    "excused": Said("同意免除", "excused"),
    "moved": Said("同意延期", "given more time"),
    "refused": Said("不予支持", "refused"),
}

_GROUNDS = {
    "not_ours": Said("不属于本单位职责", "it is not theirs"),
    "impossible": Said("客观上无法完成", "it cannot be done"),
    "wrong_deadline": Said("期限有误", "the deadline is wrong"),
    "delivered": Said("已按要求完成", "it was done as asked"),
}

FACTS: Mapping[type[Event], Callable[..., Facts]] = {
    EvidenceReturned: piece,
    EvidenceQuestioned: piece,
    CreditWithdrawn: withdrawn,
    AppealMade: made,
    AppealUndecided: undecided,
    AppealDecided: appeal,
    PartAppealed: part_appealed,
    PartAppealDecided: part_decided,
}
"""By what each fact is put into words."""

TEMPLATES: Mapping[str, Template] = {
    EvidenceReturned.subject: Template(
        subject_zh="【佐证退回】{near}：{duty}，请补正后重新提交",
        subject_en="[Evidence returned] {near}: {duty} - hand it in anew",
        body_zh="""
任务：{duty}
时限：{due}
所交佐证未获认可，不计入完成情况。请登录平台查看退回理由，在时限前重新提交；逾期未交将计为逾期。
任务编号：{obligation}
""",
        body_en="""
Duty: {duty}
Due: {due}
The evidence was not accepted and does not count. Sign in to read why and hand it in anew in
time; after that the duty is overdue.
Obligation: {obligation}
""",
    ),
    EvidenceQuestioned.subject: Template(
        subject_zh="【佐证询问】{near}：{duty}，审核人有疑问待答复",
        subject_en="[Evidence questioned] {near}: {duty} - the reviewer waits for an answer",
        body_zh="""
任务：{duty}
时限：{due}
审核人对所交佐证提出询问，答复前暂不审核。请登录平台查看并答复。
任务编号：{obligation}
""",
        body_en="""
Duty: {duty}
Due: {due}
The reviewer has asked about the evidence and decides after the answer. Sign in to read the
question and answer it.
Obligation: {obligation}
""",
    ),
    CreditWithdrawn.subject: Template(
        subject_zh="【佐证撤销认可】{near}：{owed}",
        subject_en="[Acceptance taken back] {near}: {owed}",
        body_zh="""
已认可的一份佐证经核查不实，认可已撤销：{owed}。
请登录平台查看撤销理由。
任务编号：{obligation}
""",
        body_en="""
Evidence that had been accepted proved false, and the acceptance was taken back: {owed}.
Sign in to read why.
Obligation: {obligation}
""",
    ),
    AppealMade.subject: Template(
        subject_zh="【异议待裁定】{near}：{duty}",
        subject_en="[Objection to be decided] {near}: {duty}",
        body_zh="""
任务：{duty}　地区：{place}
提出异议：{subject}
理由类别：{ground}
裁定前不计逾期。请登录平台查看理由并裁定。
任务编号：{obligation}
""",
        body_en="""
Duty: {duty}; place: {place}
Objected by: {subject}
Ground: {ground}
Until it is decided nobody is late with it. Sign in to read why and to decide.
Obligation: {obligation}
""",
    ),
    AppealUndecided.subject: Template(
        subject_zh="【异议逾期未裁定】{near}：{duty}",
        subject_en="[Decision on an objection overdue] {near}: {duty}",
        body_zh="""
任务：{duty}　地区：{place}
提出异议：{subject}
裁定单位：{office}
裁定期限：{due}（已过）
请尽快裁定：裁定前该任务不计逾期。
任务编号：{obligation}
""",
        body_en="""
Duty: {duty}; place: {place}
Objected by: {subject}
Decides: {office}
Due: {due} (passed)
Decide now: until then nobody is late with the duty.
Obligation: {obligation}
""",
    ),
    AppealDecided.subject: Template(
        subject_zh="【异议决定】{near}：{outcome}",
        subject_en="[Objection decided] {near}: {outcome}",
        body_zh="""
对任务提出的异议已有决定：{outcome}
现时限：{due}
请登录平台查看理由。
任务编号：{obligation}
""",
        body_en="""
Your objection to the duty was decided: {outcome}
Due now: {due}
Sign in to read why.
Obligation: {obligation}
""",
    ),
    PartAppealed.subject: Template(
        subject_zh="【分工异议】{unit}：{duty}，待裁定",
        subject_en="[Objection to a part] {unit}: {duty} - to be decided",
        body_zh="""
任务：{duty}
提出单位：{unit}（{role}）　牵头单位：{lead}
理由类别：{ground}
时限：{due}
裁定前，该分工事项不计该单位逾期，任务整体期限不变。请安委办登录平台查看理由并裁定。
任务编号：{obligation}
""",
        body_en="""
Duty: {duty}
Objected by: {unit} ({role}); lead: {lead}
Ground: {ground}
Due: {due}
Until it is decided the part is not counted as that unit's delay; the whole is due as before.
The committee office signs in to read why and to decide.
Obligation: {obligation}
""",
    ),
    PartAppealDecided.subject: Template(
        subject_zh="【分工异议决定】{unit}：{duty}，{outcome}",
        subject_en="[Objection to a part decided] {unit}: {duty} - {outcome}",
        body_zh="""
任务：{duty}
提出单位：{unit}（{role}）　牵头单位：{lead}
对分工事项提出的异议已有决定：{outcome}
该分工事项现时限：{due}
请登录平台查看理由。
任务编号：{obligation}
""",
        body_en="""
Duty: {duty}
Objected by: {unit} ({role}); lead: {lead}
The objection to the part was decided: {outcome}
The part is due now: {due}
Sign in to read why.
Obligation: {obligation}
""",
    ),
}
