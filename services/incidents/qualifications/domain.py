"""What an accident counts as: to be qualified, a production-safety accident, or struck off."""

from collections.abc import Mapping
from enum import StrEnum

from kernel.problems import Problem


class QualificationStatus(StrEnum):
    """What an accident counts as."""

    PENDING = "pending"  # 待认定
    QUALIFIED = "qualified"  # 生产安全事故
    STRIKE_OFF_ASKED = "strike_off_asked"  # 申请核销
    STRUCK_OFF = "struck_off"  # 核销


class QualificationAction(StrEnum):
    """What is decided."""

    QUALIFY = "qualify"  # 认定为生产安全事故
    ASK_STRIKE_OFF = "ask_strike_off"  # 申请核销
    STRIKE_OFF = "strike_off"  # 同意核销
    REFUSE_STRIKE_OFF = "refuse_strike_off"  # 不同意核销


class Cause(StrEnum):
    """Why something is no production-safety accident."""

    NATURAL_DISASTER = "natural_disaster"  # 自然灾害
    CRIME = "crime"  # 刑事案件
    SUDDEN_ILLNESS = "sudden_illness"  # 突发疾病
    OTHER = "other"  # 其他


TRANSITIONS: Mapping[tuple[QualificationStatus, QualificationAction], QualificationStatus] = {
    (QualificationStatus.PENDING, QualificationAction.QUALIFY): QualificationStatus.QUALIFIED,
    (
        QualificationStatus.PENDING,
        QualificationAction.ASK_STRIKE_OFF,
    ): QualificationStatus.STRIKE_OFF_ASKED,
    # An investigation may find out later that it was none.
    (
        QualificationStatus.QUALIFIED,
        QualificationAction.ASK_STRIKE_OFF,
    ): QualificationStatus.STRIKE_OFF_ASKED,
    (
        QualificationStatus.STRIKE_OFF_ASKED,
        QualificationAction.STRIKE_OFF,
    ): QualificationStatus.STRUCK_OFF,
    # Until it is qualified anew it counts, as every accident does that was entered.
    (
        QualificationStatus.STRIKE_OFF_ASKED,
        QualificationAction.REFUSE_STRIKE_OFF,
    ): QualificationStatus.PENDING,
}


class QualificationRefused(Problem):
    """The accident's qualification does not take this action now."""

    status = 409
    title_zh = "该事故的性质认定当前不能执行此操作"
    title_en = "The accident's qualification does not take this action now"


class LevelTooLow(Problem):
    """The deciding unit stands below the level that may strike off accidents of this grade."""

    status = 409
    title_zh = "核销须由规定层级的安委会办公室审核"
    title_en = "A higher committee office must decide on striking this accident off"


def after(status: QualificationStatus, action: QualificationAction) -> QualificationStatus:
    """What an accident counts as once the action is done, or a refusal."""
    try:
        return TRANSITIONS[status, action]
    except KeyError:
        raise QualificationRefused(
            f"状态为 {status} 时不能 {action}",
            f"Cannot {action} an accident that is {status}.",
            qualification_status=str(status),
        ) from None
