"""The life of an evaluation: waiting, open, concluded, published. Overdue is a mark.

One that is not published ends when its case was reopened and the next report is out.
"""

from collections.abc import Mapping
from enum import StrEnum

from contracts.incidents_cases import EvaluationResult
from kernel.problems import Problem


class EvaluationStatus(StrEnum):
    """Where an evaluation stands."""

    WAITING = "waiting"  # 未到期
    OPEN = "open"  # 评估中
    CONCLUDED = "concluded"  # 已形成结论
    PUBLISHED = "published"  # 已公开
    SUPERSEDED = "superseded"  # 由重新调查后的评估取代


class EvaluationAction(StrEnum):
    """What happens to an evaluation."""

    OPEN = "open"  # 启动
    CONCLUDE = "conclude"  # 形成结论
    PUBLISH = "publish"  # 公开
    SUPERSEDE = "supersede"  # 取代


TRANSITIONS: Mapping[tuple[EvaluationStatus, EvaluationAction], EvaluationStatus] = {
    (EvaluationStatus.WAITING, EvaluationAction.OPEN): EvaluationStatus.OPEN,
    (EvaluationStatus.OPEN, EvaluationAction.CONCLUDE): EvaluationStatus.CONCLUDED,
    (EvaluationStatus.CONCLUDED, EvaluationAction.PUBLISH): EvaluationStatus.PUBLISHED,
    (EvaluationStatus.WAITING, EvaluationAction.SUPERSEDE): EvaluationStatus.SUPERSEDED,
    (EvaluationStatus.OPEN, EvaluationAction.SUPERSEDE): EvaluationStatus.SUPERSEDED,
    (EvaluationStatus.CONCLUDED, EvaluationAction.SUPERSEDE): EvaluationStatus.SUPERSEDED,
}

ENDED = frozenset({EvaluationStatus.PUBLISHED, EvaluationStatus.SUPERSEDED})
"""Nothing is asked of these any more."""


class EvaluationActionRefused(Problem):
    """The evaluation is past this action, or not open yet."""

    status = 409
    title_zh = "该评估当前不能执行此操作"
    title_en = "The evaluation does not take this action now"


class ResultContradicted(Problem):
    """All is carried out just when no recommendation is unmet, and every one is closed."""

    status = 409
    title_zh = "评估结论与整改建议的落实情况不符"
    title_en = "The result contradicts what became of the recommendations"


def after(status: EvaluationStatus, action: EvaluationAction) -> EvaluationStatus:
    """The status of an evaluation once the action is done, or a refusal."""
    try:
        return TRANSITIONS[status, action]
    except KeyError:
        raise EvaluationActionRefused(
            f"状态为 {status} 时不能 {action}",
            f"Cannot {action} an evaluation that is {status}.",
        ) from None


def agrees(result: EvaluationResult, *, unmet: int, unfinished: int) -> bool:
    """Whether a result fits: "implemented" means that nothing is unmet and nothing unfinished."""
    return (result is EvaluationResult.IMPLEMENTED) is (unmet == 0 and unfinished == 0)
