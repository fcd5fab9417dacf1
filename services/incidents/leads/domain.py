"""The life of a lead: received, then matched with a report, or checked until it is settled."""

from collections.abc import Mapping
from enum import StrEnum

from kernel.problems import FieldFault, InvalidPayload, Problem
from reference.terms import FindingStatus
from services.incidents.findings.domain import TOLD


class LeadStatus(StrEnum):
    """Where a lead stands."""

    RECEIVED = "received"  # 已接收
    MATCHED = "matched"  # 已与报告匹配
    CHECKING = "checking"  # 核查中
    CONFIRMED = "confirmed"  # 查实
    DISMISSED = "dismissed"  # 不属实


class LeadAction(StrEnum):
    """What is done with a lead."""

    MATCH = "match"  # 匹配
    CHECK = "check"  # 转核查
    FIRST_CHECK = "first_check"  # 初步查证
    CONFIRM = "confirm"  # 查实
    DISMISS = "dismiss"  # 排除


TRANSITIONS: Mapping[tuple[LeadStatus, LeadAction], LeadStatus] = {
    (LeadStatus.RECEIVED, LeadAction.MATCH): LeadStatus.MATCHED,
    (LeadStatus.RECEIVED, LeadAction.CHECK): LeadStatus.CHECKING,
    # A match is an opinion of the platform; a person may doubt it.
    (LeadStatus.MATCHED, LeadAction.CHECK): LeadStatus.CHECKING,
    # The report may have been there all along, or have come since.
    (LeadStatus.CHECKING, LeadAction.MATCH): LeadStatus.MATCHED,
    (LeadStatus.CHECKING, LeadAction.FIRST_CHECK): LeadStatus.CHECKING,
    (LeadStatus.CHECKING, LeadAction.CONFIRM): LeadStatus.CONFIRMED,
    (LeadStatus.CHECKING, LeadAction.DISMISS): LeadStatus.DISMISSED,
}


class LeadActionRefused(Problem):
    """The lead does not take this action now."""

    status = 409
    title_zh = "该线索当前不能执行此操作"
    title_en = "The lead does not take this action now"


def after(status: LeadStatus, action: LeadAction) -> LeadStatus:
    """The status of a lead once the action is done, or a refusal."""
    try:
        return TRANSITIONS[status, action]
    except KeyError:
        raise LeadActionRefused(
            f"状态为 {status} 时不能 {action}",
            f"Cannot {action} a lead that is {status}.",
            lead_status=str(status),
        ) from None


class FirstCheckDone(LeadActionRefused):
    """The first check of the lead is on record already."""

    title_zh = "初步查证情况已上报"
    title_en = "The first check is on record already"


class LeadIdTaken(Problem):
    """Somebody else's lead has this id."""

    status = 409
    title_zh = "线索编号已被使用，请换一个新的编号"
    title_en = "The lead id is taken; make a new one"


class StillUnreported(Problem):
    """The accident was reported with fewer dead than are alleged: it is checked, not matched."""

    status = 409
    title_zh = "举报的死亡人数多于该事故已报告的人数，须核查"
    title_en = "More deaths are alleged than were reported: check the lead"


def refuse_suspicion(status: FindingStatus) -> None:
    """A lead is confirmed by what was found, not by what is suspected."""
    if status not in TOLD:
        zh, en = "线索查实须为初步认定或查实", "expected preliminary or confirmed"
        raise InvalidPayload(FieldFault(pointer="/finding_status", code="not_found", zh=zh, en=en))
