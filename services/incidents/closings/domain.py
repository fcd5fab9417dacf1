"""The four questions before a case closes, and what a case that is not ready meets."""

from collections.abc import Mapping
from enum import StrEnum

from kernel.problems import Problem


class Question(StrEnum):
    """What is never let go (四不放过)."""

    CAUSE = "cause"  # 事故原因未查清不放过
    LIABLE = "liable"  # 责任人员未处理不放过
    MEASURES = "measures"  # 整改措施未落实不放过
    EDUCATION = "education"  # 有关人员未受到教育不放过


class QuestionsOpen(Problem):
    """Not all four questions are answered with yes, each with its evidence."""

    status = 409
    title_zh = "“四不放过”要求尚未全部落实"
    title_en = "Not all four things that are never let go have been settled"


class NotClosed(Problem):
    """Only a closed investigation is reopened."""

    status = 409
    title_zh = "只有已结案的事故调查可以重新启动"
    title_en = "Only a closed investigation can be reopened"


def unsettled(answers: Mapping[str, bool]) -> list[str]:
    """The questions whose newest answer is missing or no."""
    return [str(question) for question in Question if not answers.get(question, False)]
