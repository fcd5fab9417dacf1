"""The templates of supervisory orders: which order, whose, by when; its text stays with it."""

from collections.abc import Mapping

from contracts import tasks_supervisions as supervisions
from services.notifications.wording.domain_template import Template

_ZH = """
文号：{number}
种类：{kind}
下达单位：{issuer}
主办：{unit}
文书编号：{supervision}
"""
_EN = """
Number: {number}
Kind: {kind}
Issued by: {issuer}
Owed by: {unit}
Order: {supervision}
"""
_ZH_DUE = _ZH + "期限：{due}\n"
_EN_DUE = _EN + "Due: {due}\n"

TEMPLATES: Mapping[str, Template] = {
    supervisions.SupervisionIssued.subject: Template(
        subject_zh="【{kind}】{number}：{issuer}{automatic}",
        subject_en="[{kind}] {number} of {issuer}{automatic}",
        body_zh=_ZH_DUE + "请及时签收并查看文书。",
        body_en=_EN_DUE + "Sign for it in time and read it.",
    ),
    supervisions.SupervisionAnswered.subject: Template(
        subject_zh="【已答复】{number}：{unit}",
        subject_en="[Answered] {number}: {unit}",
        body_zh=_ZH + "请按期验收。",
        body_en=_EN + "Examine the answer in time.",
    ),
    supervisions.SupervisionReturned.subject: Template(
        subject_zh="【答复退回】{number}：{unit}",
        subject_en="[Answer returned] {number}: {unit}",
        body_zh=_ZH_DUE + "请按退回意见补正后再次答复。",
        body_en=_EN_DUE + "Put right what is missing and answer anew.",
    ),
    supervisions.SupervisionAccepted.subject: Template(
        subject_zh="【验收通过】{number}：{unit}",
        subject_en="[Accepted] {number}: {unit}",
        body_zh=_ZH,
        body_en=_EN,
    ),
    supervisions.SupervisionExtended.subject: Template(
        subject_zh="【同意延期】{number}：{unit}",
        subject_en="[More time] {number}: {unit}",
        body_zh=_ZH_DUE,
        body_en=_EN_DUE,
    ),
    supervisions.SupervisionWithdrawn.subject: Template(
        subject_zh="【文书撤回】{number}：{issuer}",
        subject_en="[Withdrawn] {number} of {issuer}",
        body_zh=_ZH,
        body_en=_EN,
    ),
    supervisions.SupervisionWarned.subject: Template(
        subject_zh="【{kind}临期】{number}：{unit}",
        subject_en="[{kind} due soon] {number}: {unit}",
        body_zh=_ZH_DUE,
        body_en=_EN_DUE,
    ),
    supervisions.SupervisionOverdue.subject: Template(
        subject_zh="【{kind}逾期】{number}：{late}（{step}）",
        subject_en="[{kind} overdue] {number}: {late} ({step})",
        body_zh=_ZH_DUE + "环节：{step}（已过期限）\n责任单位：{late}",
        body_en=_EN_DUE + "Step: {step} (its time has passed)\nWhose: {late}",
    ),
    supervisions.SupervisionClimbed.subject: Template(
        subject_zh="【逾期升级】{number}：{unit}，{follows}{how}",
        subject_en="[Climbed] {number}: {unit}; {follows} {how}",
        body_zh=_ZH_DUE + "后续措施：{follows}（{how}）\n告知上级单位：{superior}",
        body_en=_EN_DUE + "What follows: {follows} ({how})\nTold above: {superior}",
    ),
}
