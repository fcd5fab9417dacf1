"""The life of a notice: owed, then told."""

from collections.abc import Mapping
from enum import StrEnum

from kernel.problems import Problem


class NoticeStatus(StrEnum):
    """Where a notice stands."""

    OWED = "owed"  # 待通知
    TOLD = "told"  # 已通知


class NoticeAction(StrEnum):
    """What a desk does with a notice."""

    TELL = "tell"  # 通知


TRANSITIONS: Mapping[tuple[NoticeStatus, NoticeAction], NoticeStatus] = {
    (NoticeStatus.OWED, NoticeAction.TELL): NoticeStatus.TOLD,
}


class AlreadyTold(Problem):
    """The body was told before; the first receipt stands."""

    status = 409
    title_zh = "该单位已通知过，以首次回执为准"
    title_en = "The body was told before; the first receipt stands"


def after(status: NoticeStatus, action: NoticeAction) -> NoticeStatus:
    """The status of a notice once the action is done, or a refusal."""
    if (status, action) not in TRANSITIONS:
        raise AlreadyTold
    return TRANSITIONS[status, action]
