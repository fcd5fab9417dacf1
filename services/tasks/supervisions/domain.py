"""The life of a supervisory order, who stands on which side of it, and its refusals."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from kernel.access import NotYours
from kernel.problems import Problem
from reference.national.rows_supervisions import SupervisionRule
from reference.terms import SupervisionCause, SupervisionKind


class SupervisionStatus(StrEnum):
    """Where an order stands."""

    DRAFTED = "drafted"  # 拟稿
    ISSUED = "issued"  # 已下达
    RECEIVED = "received"  # 已签收
    ANSWERED = "answered"  # 已答复
    RETURNED = "returned"  # 已退回
    ACCEPTED = "accepted"  # 已验收
    CLOSED = "closed"  # 已办结
    LIFTED = "lifted"  # 已摘牌
    WITHDRAWN = "withdrawn"  # 已撤回


class SupervisionAction(StrEnum):
    """What is done with an order."""

    AMEND = "amend"  # 修改
    ISSUE = "issue"  # 签发
    RECEIVE = "receive"  # 签收
    MEET = "meet"  # 记录约谈
    ANSWER = "answer"  # 答复
    EXTEND = "extend"  # 延期
    ACCEPT = "accept"  # 验收
    RETURN = "return"  # 退回
    LIFT = "lift"  # 摘牌
    CLOSE = "close"  # 办结
    WITHDRAW = "withdraw"  # 撤回


_S, _A = SupervisionStatus, SupervisionAction

TRANSITIONS: Mapping[tuple[SupervisionStatus, SupervisionAction], SupervisionStatus] = {
    (_S.DRAFTED, _A.AMEND): _S.DRAFTED,
    (_S.DRAFTED, _A.ISSUE): _S.ISSUED,
    (_S.DRAFTED, _A.WITHDRAW): _S.WITHDRAWN,
    (_S.ISSUED, _A.RECEIVE): _S.RECEIVED,
    (_S.ISSUED, _A.MEET): _S.ISSUED,
    (_S.ISSUED, _A.EXTEND): _S.ISSUED,
    (_S.ISSUED, _A.WITHDRAW): _S.WITHDRAWN,
    (_S.RECEIVED, _A.MEET): _S.RECEIVED,
    (_S.RECEIVED, _A.ANSWER): _S.ANSWERED,
    (_S.RECEIVED, _A.EXTEND): _S.RECEIVED,
    (_S.RECEIVED, _A.WITHDRAW): _S.WITHDRAWN,
    # What asks for no answer has served its end once it was received.
    (_S.RECEIVED, _A.CLOSE): _S.CLOSED,
    (_S.ANSWERED, _A.ACCEPT): _S.ACCEPTED,
    (_S.ANSWERED, _A.RETURN): _S.RETURNED,
    (_S.ANSWERED, _A.CLOSE): _S.CLOSED,
    (_S.ANSWERED, _A.WITHDRAW): _S.WITHDRAWN,
    (_S.RETURNED, _A.ANSWER): _S.ANSWERED,
    (_S.RETURNED, _A.EXTEND): _S.RETURNED,
    (_S.RETURNED, _A.WITHDRAW): _S.WITHDRAWN,
    # The check on site may show that it is not done after all.
    (_S.ACCEPTED, _A.RETURN): _S.RETURNED,
    (_S.ACCEPTED, _A.CLOSE): _S.CLOSED,
    (_S.ACCEPTED, _A.LIFT): _S.LIFTED,
}

LIVE = frozenset(status for status, _ in TRANSITIONS)

OWED = frozenset({_S.ISSUED, _S.RECEIVED, _S.RETURNED})
"""Whoever is addressed has to act."""


class SupervisionActionRefused(Problem):
    """The order does not take this action now, or never does."""

    status = 409
    title_zh = "该监督事项当前不能执行此操作"
    title_en = "The supervisory order does not take this action now"


class SupervisionStands(Problem):
    """The same cause has an order of that kind already."""

    status = 409
    title_zh = "该事项已有同类监督文书在办"
    title_en = "The cause has an open order of that kind already"


class CauseNotOverdue(Problem):
    """What is not late is not supervised as late."""

    status = 409
    title_zh = "该事项尚未逾期"
    title_en = "The cause is not overdue"


class DeadlinePast(Problem):
    """A deadline, or a meeting, lies in the future."""

    status = 422
    title_zh = "期限或时间须晚于当前"
    title_en = "The deadline or time lies in the past"


class SupervisionUnfit(Problem):
    """The order does not say what its kind takes, or says what its kind does not take."""

    status = 422
    title_zh = "内容与文书种类不符"
    title_en = "The order does not fit its kind"


class FileNotHandedIn(Problem):
    """What is said of an order refers to files that were handed in about it."""

    status = 422
    title_zh = "附件未上传到该文书"
    title_en = "That file was not handed in about this order"


class NotIssuedHere(NotYours):
    """That kind is issued by other units."""

    title_zh = "该单位不能签发此类文书"
    title_en = "That unit does not issue orders of this kind"


class BeyondReach(NotYours):
    """A unit supervises those of its own place and of the places below."""

    title_zh = "只能向本地区及以下地区的单位下达"
    title_en = "Orders go to units of the issuer's place and of the places below it"


class AnotherSigns(NotYours):
    """Whoever drafts it does not sign it, or the role does not sign it."""

    title_zh = "此类文书须由其他有权人员签发"
    title_en = "Somebody else signs orders of this kind"


def after(status: SupervisionStatus, action: SupervisionAction) -> SupervisionStatus:
    """The status once the action is done, or a refusal that tells where it stands."""
    try:
        return TRANSITIONS[status, action]
    except KeyError:
        raise refused(status, action) from None


def refused(status: SupervisionStatus, action: SupervisionAction) -> SupervisionActionRefused:
    """That an order does not take an action."""
    return SupervisionActionRefused(
        f"状态为 {status} 的监督事项不能 {action}",
        f"Cannot {action} what is {status}.",
        supervision_status=str(status),
    )


def fits(rule: SupervisionRule, action: SupervisionAction, status: SupervisionStatus) -> bool:
    """Whether an action is one of the kind's at all, from where the order stands."""
    if action is _A.CLOSE:
        ends = _S.RECEIVED
        if rule.answer:
            ends = _S.ACCEPTED if rule.acceptance else _S.ANSWERED
        return status is ends and not rule.lifting
    if action is _A.RETURN:
        return rule.acceptance and (rule.lifting or status is not _S.ACCEPTED)
    wanted = {
        _A.ANSWER: rule.answer,
        _A.EXTEND: rule.answer,
        _A.ACCEPT: rule.acceptance,
        _A.LIFT: rule.lifting,
        _A.MEET: rule.meeting,
    }
    return wanted.get(action, True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """Those who issue an order, or those whom it is addressed to, as the policy table sees them."""

    region_code: str
    units: tuple[str, ...]
    enterprise_uscc: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """When and where somebody is heard, and the posts that come."""

    at: datetime
    place: str
    interviewees: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CauseFacts:
    """What is known of what an order is about."""

    kind: SupervisionCause
    id: str | None
    reason: str | None
    unit: str | None = None
    """Who answers for it, if it is known."""
    enterprise_uscc: str | None = None
    rectifies: bool = False
    """Whether a hazard, or what an investigation found, is put right."""
    title: str = ""
    matter: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drafted:
    """What somebody wants an order to say."""

    kind: SupervisionKind
    cause: SupervisionCause
    cause_id: str | None = None
    cause_reason: str | None = None
    issuer: str | None = None
    addressees: tuple[str, ...] = ()
    enterprise_uscc: str | None = None
    cc: tuple[str, ...] = ()
    title: str | None = None
    matters: tuple[str, ...] = ()
    basis: str | None = None
    due_on: date | None = None
    follows: UUID | None = None
    meeting: Meeting | None = None


def number_text(mark: str, *, year: int, number: int) -> str:
    """The number as it stands on the letter: 督办〔2023〕1号."""
    return f"{mark}〔{year}〕{number}号"


def place_of(unit: str) -> str:
    """The division a unit belongs to: the first half of its code."""
    return unit.partition(".")[0]


def serving(issuer: str) -> tuple[str, ...]:
    """The units whose people act for a unit: itself, and for a committee its office."""
    place, _, slug = issuer.partition(".")
    return (issuer, f"{place}.committee_office") if slug == "safety_committee" else (issuer,)
