"""The life of a step: open, done or dropped."""

from collections.abc import Mapping
from enum import StrEnum

from kernel.problems import FieldFault, InvalidPayload, Problem


class StepStatus(StrEnum):
    """Where a step stands."""

    OPEN = "open"  # 进行中
    DONE = "done"  # 已完成
    DROPPED = "dropped"  # 已撤销


class StepAction(StrEnum):
    """What is done with a step."""

    REASSIGN = "reassign"  # 改派
    FINISH = "finish"  # 完成
    DROP = "drop"  # 撤销


TRANSITIONS: Mapping[tuple[StepStatus, StepAction], StepStatus] = {
    (StepStatus.OPEN, StepAction.REASSIGN): StepStatus.OPEN,
    (StepStatus.OPEN, StepAction.FINISH): StepStatus.DONE,
    (StepStatus.OPEN, StepAction.DROP): StepStatus.DROPPED,
}


class StepActionRefused(Problem):
    """The step is past this action."""

    status = 409
    title_zh = "该调查任务当前不能执行此操作"
    title_en = "The step does not take this action now"


class NotYourStep(Problem):
    """A step is finished by whom it was given to."""

    status = 403
    title_zh = "该调查任务未分配给您"
    title_en = "The step was given to somebody else"


class NotAssignable(Problem):
    """Steps are given to active members of the same team."""

    status = 409
    title_zh = "只能分配给本次调查组的在组成员"
    title_en = "Steps are given to active members of this team only"


class DueInThePast(InvalidPayload):
    """What is asked of somebody is due later than now."""

    title_zh = "时限不得早于现在"
    title_en = "The deadline has gone by"


def due_in_the_past() -> DueInThePast:
    """The refusal of a deadline that has gone by."""
    zh, en = "应晚于现在", "expected a time that is yet to come"
    return DueInThePast(FieldFault(pointer="/due_at", code="gone_by", zh=zh, en=en))


def after(status: StepStatus, action: StepAction) -> StepStatus:
    """The status of a step once the action is done, or a refusal."""
    try:
        return TRANSITIONS[status, action]
    except KeyError:
        raise StepActionRefused(
            f"状态为 {status} 时不能 {action}", f"Cannot {action} a step that is {status}."
        ) from None
