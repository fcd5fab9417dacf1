"""The life of a visit."""

from collections.abc import Mapping
from enum import StrEnum

from kernel.problems import Problem


class VisitKind(StrEnum):
    """Why a visit is made."""

    SPECIAL = "special"  # 专项检查
    CLUE = "clue"  # 线索核查


class VisitSource(StrEnum):
    """Where what a visit looks into was heard of."""

    ACCIDENT = "accident"  # 事故
    HOTLINE = "hotline"  # 热线工单


ANNOUNCED = frozenset({VisitKind.SPECIAL})
"""Visits that the enterprise reads of. What somebody reported of it is looked into unannounced:
whoever reads that there was a report may guess from whom (举报奖励办法第10条, 保密)."""


class Status(StrEnum):
    """Where a visit stands."""

    OPEN = "open"  # 待检查
    DONE = "done"  # 已检查
    CANCELLED = "cancelled"  # 已取消


class Action(StrEnum):
    """What can be done to a visit."""

    COMPLETE = "complete"  # 完成检查
    CANCEL = "cancel"  # 取消


TRANSITIONS: Mapping[tuple[Status, Action], Status] = {
    (Status.OPEN, Action.COMPLETE): Status.DONE,
    (Status.OPEN, Action.CANCEL): Status.CANCELLED,
}


class ActionRefused(Problem):
    """The visit is not in a state that allows this."""

    status = 409
    title_zh = "当前状态不允许此操作"
    title_en = "The visit does not allow this now"


def after(status: Status, action: Action) -> Status:
    """The status once the action is done, or a refusal."""
    try:
        return TRANSITIONS[status, action]
    except KeyError:
        raise ActionRefused(
            f"状态为 {status} 的检查不能 {action}。", f"Cannot {action} a visit that is {status}."
        ) from None
