"""The life of a draft: it is edited until it is handed in or given up."""

from collections.abc import Mapping
from enum import StrEnum

from kernel.problems import Problem


class Status(StrEnum):
    """Where a draft stands."""

    OPEN = "open"  # 草稿
    SUBMITTED = "submitted"  # 已提交
    DISCARDED = "discarded"  # 已废弃


class Action(StrEnum):
    """What its author does with it."""

    EDIT = "edit"  # 修改
    SUBMIT = "submit"  # 提交
    DISCARD = "discard"  # 废弃


TRANSITIONS: Mapping[tuple[Status, Action], Status] = {
    (Status.OPEN, Action.EDIT): Status.OPEN,
    (Status.OPEN, Action.SUBMIT): Status.SUBMITTED,
    (Status.OPEN, Action.DISCARD): Status.DISCARDED,
}


class DraftActionRefused(Problem):
    """The draft has been handed in or given up."""

    status = 409
    title_zh = "草稿已提交或已废弃，不能再操作"
    title_en = "The draft has been handed in or given up"


class DraftMoved(Problem):
    """Somebody else has edited the draft since it was read."""

    status = 412
    title_zh = "草稿已被他人修改，请刷新后再改"
    title_en = "The draft has been edited since it was read"


def after(status: Status, action: Action) -> Status:
    """The status of a draft once the action is done, or a refusal."""
    try:
        return TRANSITIONS[status, action]
    except KeyError:
        raise DraftActionRefused(
            f"状态为 {status} 时不能 {action}",
            f"Cannot {action} a draft that is {status}.",
            draft_status=str(status),
        ) from None
