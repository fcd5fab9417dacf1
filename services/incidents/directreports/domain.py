"""The life of a direct report: owed, then told. Being overdue is a mark, not a state."""

from collections.abc import Mapping
from enum import StrEnum
from uuid import UUID

from kernel.problems import Problem
from reference.terms import Level
from services.incidents.relays.domain import derived


class DirectReportStatus(StrEnum):
    """Where a direct report stands."""

    OWED = "owed"  # 待单位直报
    TOLD = "told"  # 单位已直报
    CLOSED = "closed"  # 随事故合并终止


class DirectReportAction(StrEnum):
    """What becomes of a direct report."""

    TELL = "tell"  # 直报
    CLOSE = "close"  # 终止


TRANSITIONS: Mapping[tuple[DirectReportStatus, DirectReportAction], DirectReportStatus] = {
    (DirectReportStatus.OWED, DirectReportAction.TELL): DirectReportStatus.TOLD,
    # The accident goes on as another one, of which the unit tells the same level.
    (DirectReportStatus.OWED, DirectReportAction.CLOSE): DirectReportStatus.CLOSED,
}


class DirectReportRefused(Problem):
    """The direct report is past this action."""

    status = 409
    title_zh = "该单位直报当前不能执行此操作"
    title_en = "The direct report does not take this action now"


class LevelAlreadyTold(DirectReportRefused):
    """It was said before that the unit told this level; the first statement stands."""

    status = 409
    title_zh = "该单位直报已登记，以首次登记为准"
    title_en = "It was said before that the unit told this level; the first statement stands"


def after(status: DirectReportStatus, action: DirectReportAction) -> DirectReportStatus:
    """The status of a direct report once the action is done, or a refusal."""
    try:
        return TRANSITIONS[status, action]
    except KeyError:
        if (status, action) == (DirectReportStatus.TOLD, DirectReportAction.TELL):
            raise LevelAlreadyTold from None
        raise DirectReportRefused(
            f"状态为 {status} 时不能 {action}",
            f"Cannot {action} a direct report that is {status}.",
            direct_report_status=str(status),
        ) from None


def direct_report_id(accident_id: UUID, level: Level) -> UUID:
    """The id of what an accident's unit tells a level itself.

    It follows from the two, so that the receipt of a report that waits in the spool names it,
    and an accident can never owe a level two.
    """
    return derived(accident_id, f"unit {level}")
