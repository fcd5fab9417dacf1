"""The states of an accident's entry in the national statistics."""

from collections.abc import Mapping
from enum import StrEnum

from kernel.problems import Problem


class EntryStatus(StrEnum):
    """How far the entry is."""

    OPEN = "open"  # 待录入
    ENTERED = "entered"  # 已录入
    COMPLETED = "completed"  # 已补充完善
    LEFT_OUT = "left_out"  # 暂不纳入统计，无需录入


class EntryAction(StrEnum):
    """What an office states about the entry, or what new figures make of it."""

    ENTER = "enter"  # 确认录入
    COMPLETE = "complete"  # 确认补充完善
    LEAVE_OUT = "leave_out"  # 降至统计标准以下
    ASK = "ask"  # 达到统计标准，要求录入
    RESUME = "resume"  # 再次达到统计标准，已录入的要求补充完善


class EntryStage(StrEnum):
    """Which of its two deadlines an entry missed."""

    ENTERED = "entered"  # 24小时内录入
    COMPLETED = "completed"  # 7日内补充完善


TRANSITIONS: Mapping[tuple[EntryStatus, EntryAction], EntryStatus] = {
    (EntryStatus.OPEN, EntryAction.ENTER): EntryStatus.ENTERED,
    (EntryStatus.ENTERED, EntryAction.COMPLETE): EntryStatus.COMPLETED,
    # What the statistics leave out for now is asked for by nobody; what is complete stays so.
    (EntryStatus.OPEN, EntryAction.LEAVE_OUT): EntryStatus.LEFT_OUT,
    (EntryStatus.ENTERED, EntryAction.LEAVE_OUT): EntryStatus.LEFT_OUT,
    (EntryStatus.LEFT_OUT, EntryAction.ASK): EntryStatus.OPEN,
    (EntryStatus.LEFT_OUT, EntryAction.RESUME): EntryStatus.ENTERED,
}

ASKED_FOR = frozenset({EntryStatus.OPEN, EntryStatus.ENTERED})
"""Something of these is still to be done."""


class EntryActionRefused(Problem):
    """The entry is not where that action starts."""

    status = 409
    title_zh = "当前录入状态不能进行此操作"
    title_en = "The entry cannot do this now"


def after(status: EntryStatus, action: EntryAction) -> EntryStatus:
    """The state that an action leads to; what the table does not name is refused."""
    try:
        return TRANSITIONS[status, action]
    except KeyError:
        raise EntryActionRefused(
            f"状态为 {status} 时不能 {action}",
            f"Cannot {action} an entry that is {status}.",
            entry_status=str(status),
        ) from None
