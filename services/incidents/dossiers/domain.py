"""The six parts of an investigation report, who has signed it, and what one without meets."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from enum import StrEnum

from kernel.problems import Problem


class Part(StrEnum):
    """What the report must hold (Decree 493, article 30)."""

    ENTERPRISE = "enterprise"  # 事故发生单位概况
    COURSE = "course"  # 事故发生经过和事故救援情况
    TOLL = "toll"  # 人员伤亡和直接经济损失
    CAUSE = "cause"  # 事故发生的原因和事故性质
    LIABILITY = "liability"  # 责任认定以及对责任者的处理建议
    PREVENTION = "prevention"  # 防范和整改措施


class Decision(StrEnum):
    """What the government decides on a report."""

    APPROVED = "approved"  # 批复同意
    RETURNED = "returned"  # 退回补充调查


class SignatureStatus(StrEnum):
    """How a member of the team stands to one content of the report."""

    OUTSTANDING = "outstanding"  # 待签名
    SIGNED = "signed"  # 已签名
    DISSENTING = "dissenting"  # 签名并附不同意见
    REFUSED = "refused"  # 拒绝签名


class SignatureAction(StrEnum):
    """What a member does about the report, or the lead records of one."""

    SIGN = "sign"  # 签名
    DISSENT = "dissent"  # 附不同意见签名
    REFUSE = "refuse"  # 登记拒签


_S, _A = SignatureStatus, SignatureAction

SIGNATURE_TRANSITIONS: Mapping[tuple[SignatureStatus, SignatureAction], SignatureStatus] = {
    (_S.OUTSTANDING, _A.SIGN): _S.SIGNED,
    (_S.OUTSTANDING, _A.DISSENT): _S.DISSENTING,
    (_S.OUTSTANDING, _A.REFUSE): _S.REFUSED,
    (_S.SIGNED, _A.DISSENT): _S.DISSENTING,
    (_S.DISSENTING, _A.SIGN): _S.SIGNED,
    (_S.DISSENTING, _A.DISSENT): _S.DISSENTING,
    (_S.REFUSED, _A.SIGN): _S.SIGNED,
    (_S.REFUSED, _A.DISSENT): _S.DISSENTING,
    # Nobody's signature is turned into a refusal by another.
}


class PartsMissing(Problem):
    """The report lacks some of its six parts."""

    status = 409
    title_zh = "调查报告内容不全"
    title_en = "The report lacks some of its parts"


class ConsentMissing(Problem):
    """The list that supervises the case has not agreed to the draft report."""

    status = 409
    title_zh = "挂牌督办单位尚未审核同意调查报告"
    title_en = "The list that supervises the case has not agreed to the report"


class SignaturesMissing(Problem):
    """A report is handed in once each member of the team has signed it, or refused to."""

    status = 409
    title_zh = "调查组成员尚未全部签名，不能提交调查报告"
    title_en = "Not every member of the team has signed the report"


class ReportChanged(Problem):
    """Who signs, signs what they have read: the report reads otherwise by now."""

    status = 409
    title_zh = "调查报告内容已变更，请重新阅读后签名"
    title_en = "The report was changed since; read it again before signing"


class SignatureActionRefused(Problem):
    """The signature of this member does not take that now."""

    status = 409
    title_zh = "该成员的签名当前不能执行此操作"
    title_en = "The member's signature does not take this action now"


class NotASigner(Problem):
    """Who does not sit on this team, or no longer, neither signs its report nor refuses to."""

    status = 409
    title_zh = "该人员不是在组的调查组成员"
    title_en = "This person does not sit on the team now"


class SignsThemselves(Problem):
    """Whoever has an account signs with it; only for others is a signed sheet recorded."""

    status = 409
    title_zh = "该成员有账号，应由本人签名"
    title_en = "This member has an account and signs with it"


class OwnRefusal(Problem):
    """The lead signs, with an opinion or without; nobody records a refusal of their own."""

    status = 403
    title_zh = "组长不得为本人登记拒签"
    title_en = "The lead does not record a refusal of their own"


def missing(present: Iterable[str]) -> list[str]:
    """The parts that are not there, in the order of the law."""
    there = set(present)
    return [str(part) for part in Part if part not in there]


def content_sha256(case: str, texts: Mapping[str, str]) -> str:
    """What a signature is bound to, or a refusal while parts are missing.

    SHA-256 of a JSON array in UTF-8 without blanks: the case, as `accident:generation`, then
    a pair of part and text for each part in the order of the law. Who holds the report can
    compute it alone.
    """
    lacking = missing(texts)
    if lacking:
        raise PartsMissing(missing=lacking)
    read = [case, *([str(part), texts[part]] for part in Part)]
    written = json.dumps(read, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()


def signed(status: SignatureStatus, action: SignatureAction) -> SignatureStatus:
    """The status of a signature once the action is done, or a refusal."""
    try:
        return SIGNATURE_TRANSITIONS[status, action]
    except KeyError:
        raise SignatureActionRefused(
            f"状态为 {status} 时不能 {action}", f"Cannot {action} a signature that is {status}."
        ) from None
