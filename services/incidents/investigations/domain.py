"""The life of an investigation, why a level holds it, and what an act of the wrong one meets."""

from collections.abc import Mapping
from enum import StrEnum

from kernel.access import Principal
from kernel.problems import Problem
from reference import city, regions
from reference.terms import Level

INVESTIGATION_DUE = "investigation_due"
"""The timer of the limit that runs; its thing is `case_of` an investigation."""
INVESTIGATION_WARNING = "investigation_warning"
"""The timer of the next warning before it."""


class AssignmentReason(StrEnum):
    """What gave an investigation to a level."""

    GRADED = "graded"  # 按事故等级
    REGRADED = "regraded"  # 事故等级变化
    ESCALATED = "escalated"  # 提级调查


class InvestigationStatus(StrEnum):
    """Where an investigation stands."""

    OPEN = "open"  # 待启动
    INVESTIGATING = "investigating"  # 调查中
    SUBMITTED = "submitted"  # 已提交调查报告
    RETURNED = "returned"  # 已退回
    APPROVED = "approved"  # 已批复
    PUBLISHED = "published"  # 已公布
    CLOSED = "closed"  # 已结案


class InvestigationAction(StrEnum):
    """What is done to an investigation."""

    BEGIN = "begin"  # 成立调查组，启动调查
    MOVE = "move"  # 调查主体变更
    DELEGATE = "delegate"  # 委托调查
    APPRAISE = "appraise"  # 技术鉴定
    EXTEND = "extend"  # 延长期限
    WRITE = "write"  # 撰写调查报告
    SIGN = "sign"  # 调查组成员签名
    SUBMIT = "submit"  # 提交调查报告
    RETURN = "return"  # 退回
    APPROVE = "approve"  # 批复
    PUBLISH = "publish"  # 公布
    CHECK = "check"  # 四不放过核查
    CLOSE = "close"  # 结案
    REOPEN = "reopen"  # 重新启动调查
    LIST = "list"  # 挂牌督办


_S, _A = InvestigationStatus, InvestigationAction

TRANSITIONS: Mapping[tuple[InvestigationStatus, InvestigationAction], InvestigationStatus] = {
    (_S.OPEN, _A.BEGIN): _S.INVESTIGATING,
    (_S.OPEN, _A.MOVE): _S.OPEN,
    (_S.OPEN, _A.DELEGATE): _S.OPEN,
    (_S.OPEN, _A.EXTEND): _S.OPEN,
    (_S.OPEN, _A.LIST): _S.OPEN,
    # A report of a government that does not keep its cases here is recorded when it is out.
    (_S.OPEN, _A.PUBLISH): _S.PUBLISHED,
    (_S.INVESTIGATING, _A.MOVE): _S.INVESTIGATING,
    (_S.INVESTIGATING, _A.DELEGATE): _S.INVESTIGATING,
    (_S.INVESTIGATING, _A.APPRAISE): _S.INVESTIGATING,
    (_S.INVESTIGATING, _A.EXTEND): _S.INVESTIGATING,
    (_S.INVESTIGATING, _A.WRITE): _S.INVESTIGATING,
    (_S.INVESTIGATING, _A.SIGN): _S.INVESTIGATING,
    (_S.INVESTIGATING, _A.CHECK): _S.INVESTIGATING,
    (_S.INVESTIGATING, _A.LIST): _S.INVESTIGATING,
    (_S.INVESTIGATING, _A.SUBMIT): _S.SUBMITTED,
    # Whoever takes the case does not decide on the report of those who had it before.
    (_S.SUBMITTED, _A.MOVE): _S.INVESTIGATING,
    (_S.SUBMITTED, _A.EXTEND): _S.SUBMITTED,
    (_S.SUBMITTED, _A.CHECK): _S.SUBMITTED,
    (_S.SUBMITTED, _A.LIST): _S.SUBMITTED,
    (_S.SUBMITTED, _A.RETURN): _S.RETURNED,
    (_S.SUBMITTED, _A.APPROVE): _S.APPROVED,
    (_S.RETURNED, _A.MOVE): _S.INVESTIGATING,
    (_S.RETURNED, _A.APPRAISE): _S.RETURNED,
    (_S.RETURNED, _A.EXTEND): _S.RETURNED,
    (_S.RETURNED, _A.WRITE): _S.RETURNED,
    (_S.RETURNED, _A.SIGN): _S.RETURNED,
    (_S.RETURNED, _A.CHECK): _S.RETURNED,
    (_S.RETURNED, _A.LIST): _S.RETURNED,
    (_S.RETURNED, _A.SUBMIT): _S.SUBMITTED,
    (_S.APPROVED, _A.CHECK): _S.APPROVED,
    (_S.APPROVED, _A.PUBLISH): _S.PUBLISHED,
    (_S.PUBLISHED, _A.CHECK): _S.PUBLISHED,
    (_S.PUBLISHED, _A.CLOSE): _S.CLOSED,
    # Nothing is done to a closed one: reopening makes the next generation beside it.
}

UNDECIDED = frozenset({_S.OPEN, _S.INVESTIGATING, _S.SUBMITTED, _S.RETURNED})
"""States in which the case can still move to another level."""


class InvestigationActionRefused(Problem):
    """The investigation does not stand where this can be done."""

    status = 409
    title_zh = "事故调查当前不能执行此操作"
    title_en = "The investigation does not take this action now"


class AlreadyPublished(Problem):
    """The report of this investigation has been published before."""

    status = 409
    title_zh = "该事故调查报告已公布"
    title_en = "The report of this investigation has been published"


class NotTheHolder(Problem):
    """Only the government of the level that holds the investigation decides on it."""

    status = 403
    title_zh = "只能由负责该事故调查的人民政府决定"
    title_en = "Only the government that holds the investigation decides this"


class NotThePublisher(Problem):
    """A level below the holder does not end its case: it may only pass on what a government
    that keeps no cases here has told, and says where it has it from.
    """

    status = 403
    title_zh = "调查报告由负责该事故调查的一级或其上级公布；上级不在本平台办理的，须注明信息来源"
    title_en = (
        "The level that holds the investigation, or one above, publishes its report; of a"
        " government that keeps no cases here, state the source"
    )


class NotTheTeam(Problem):
    """The level below the holder, or another unit, does not conduct the investigation."""

    status = 403
    title_zh = "本单位不负责该事故的调查"
    title_en = "Your unit does not conduct this investigation"


def after(status: InvestigationStatus, action: InvestigationAction) -> InvestigationStatus:
    """The status of an investigation once the action is done, or a refusal."""
    try:
        return TRANSITIONS[status, action]
    except KeyError:
        raise InvestigationActionRefused(
            f"状态为 {status} 时不能 {action}",
            f"Cannot {action} an investigation that is {status}.",
            investigation_status=str(status),
        ) from None


def case_of(accident_id: object, generation: int) -> str:
    """How timers and the audit trail name one generation of an investigation."""
    return f"{accident_id}:{generation}"


def refuse_others(by: Principal, *, holder: str, level: Level) -> None:
    """Refuse whoever is not of the government that holds the investigation."""
    if not by.is_system and by.unit != holder:
        raise NotTheHolder(holder=holder, level=str(level))


def refuse_lower(by: Principal, *, holder: str, level: Level, informed: bool) -> None:
    """Refuse whoever publishes from below the holder (Decree 493, 34).

    One who is `informed` passes on what a government told that keeps no cases here.
    """
    as_high = by.is_system or is_as_high(by, level)
    if not as_high and (not informed or keeps_cases_here(holder)):
        raise NotThePublisher(holder=holder, level=str(level))


def keeps_cases_here(holder: str) -> bool:
    """The city's own governments conduct their cases here; those above it need not."""
    return holder.startswith(regions.prefix(city.current().code))


def is_as_high(by: Principal, level: Level) -> bool:
    """Whether an actor's unit stands at that level or above it."""
    if by.unit is None:
        return False
    place = by.unit.partition(".")[0]
    return regions.region(place).level.at_least(level)
