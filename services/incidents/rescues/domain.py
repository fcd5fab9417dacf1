"""The life of a rescue, and of each of its days."""

from collections.abc import Mapping
from enum import StrEnum

from kernel.problems import FieldFault, InvalidPayload, Problem

MERGED = "merged"
"""Why the follow-ups of an accident ended that goes on as another."""


class RescueStatus(StrEnum):
    """Whether people are still being rescued."""

    ONGOING = "ongoing"  # 救援中
    ENDED = "ended"  # 救援结束


class RescueAction(StrEnum):
    """What a desk says of a rescue."""

    END = "end"  # 宣布救援结束
    RESUME = "resume"  # 恢复救援


TRANSITIONS: Mapping[tuple[RescueStatus, RescueAction], RescueStatus] = {
    (RescueStatus.ONGOING, RescueAction.END): RescueStatus.ENDED,
    (RescueStatus.ENDED, RescueAction.RESUME): RescueStatus.ONGOING,
}


class DayStatus(StrEnum):
    """Whether a day had the follow-ups it needs."""

    OPEN = "open"  # 待续报
    MET = "met"  # 已续报
    MISSED = "missed"  # 未按期续报
    LIFTED = "lifted"  # 救援结束，免除


class DayAction(StrEnum):
    """What becomes of a day."""

    MEET = "meet"  # 续报足数
    MISS = "miss"  # 届满未足
    LIFT = "lift"  # 救援结束
    REOPEN = "reopen"  # 恢复救援


DAY_TRANSITIONS: Mapping[tuple[DayStatus, DayAction], DayStatus] = {
    (DayStatus.OPEN, DayAction.MEET): DayStatus.MET,
    (DayStatus.OPEN, DayAction.MISS): DayStatus.MISSED,
    (DayStatus.OPEN, DayAction.LIFT): DayStatus.LIFTED,
    # A report that came in time and waited in a spool is stored after the day has ended.
    (DayStatus.MISSED, DayAction.MEET): DayStatus.MET,
    (DayStatus.LIFTED, DayAction.REOPEN): DayStatus.OPEN,
}


class RescueActionRefused(Problem):
    """The rescue is past this action."""

    status = 409
    title_zh = "救援当前状态不能执行此操作"
    title_en = "The rescue does not take this action now"


def still_missing(missing: int) -> InvalidPayload:
    """The refusal of a last follow-up while so many are missing."""
    zh = f"仍有{missing}人失联且未推定死亡，不能作为终报"
    en = f"{missing} are missing and not presumed dead: the rescue goes on"
    return InvalidPayload(FieldFault(pointer="/final", code="still_missing", zh=zh, en=en))


def after(status: RescueStatus, action: RescueAction) -> RescueStatus:
    """The status of a rescue once the action is done, or a refusal."""
    try:
        return TRANSITIONS[status, action]
    except KeyError:
        raise RescueActionRefused(
            f"状态为 {status} 时不能 {action}",
            f"Cannot {action} a rescue that is {status}.",
            rescue_status=str(status),
        ) from None


def judged(status: DayStatus, *, received: int, needed: int, over: bool) -> DayStatus:
    """Where a day stands with so many reports, when it is over or not yet."""
    action = DayAction.MEET if received >= needed else DayAction.MISS
    if action is DayAction.MISS and not over:
        return status
    return DAY_TRANSITIONS.get((status, action), status)
