"""The life of a notice: owed, then told. Being overdue is a mark, not a state."""

from collections.abc import Mapping
from enum import StrEnum

from kernel.problems import Problem


class NoticeStatus(StrEnum):
    """Where a notice stands."""

    OWED = "owed"  # 待通知
    TOLD = "told"  # 已通知
    CLOSED = "closed"  # 随事故合并终止


class NoticeAction(StrEnum):
    """What becomes of a notice."""

    TELL = "tell"  # 通知
    CLOSE = "close"  # 终止


TRANSITIONS: Mapping[tuple[NoticeStatus, NoticeAction], NoticeStatus] = {
    (NoticeStatus.OWED, NoticeAction.TELL): NoticeStatus.TOLD,
    # The accident goes on as another one, of which the desk tells the same bodies.
    (NoticeStatus.OWED, NoticeAction.CLOSE): NoticeStatus.CLOSED,
}


class NoticeActionRefused(Problem):
    """The notice is past this action."""

    status = 409
    title_zh = "该通知当前不能执行此操作"
    title_en = "The notice does not take this action now"


class AlreadyTold(NoticeActionRefused):
    """The body was told before; the first receipt stands."""

    status = 409
    title_zh = "该单位已通知过，以首次回执为准"
    title_en = "The body was told before; the first receipt stands"


def after(status: NoticeStatus, action: NoticeAction) -> NoticeStatus:
    """The status of a notice once the action is done, or a refusal."""
    try:
        return TRANSITIONS[status, action]
    except KeyError:
        if (status, action) == (NoticeStatus.TOLD, NoticeAction.TELL):
            raise AlreadyTold from None
        raise NoticeActionRefused(
            f"状态为 {status} 时不能 {action}",
            f"Cannot {action} a notice that is {status}.",
            notice_status=str(status),
        ) from None
