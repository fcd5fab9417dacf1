"""Why an investigation stands with the level that holds it, and what happens to it once."""

from enum import StrEnum

from kernel.problems import Problem


class AssignmentReason(StrEnum):
    """What gave an investigation to a level."""

    GRADED = "graded"  # 按事故等级
    REGRADED = "regraded"  # 事故等级变化
    ESCALATED = "escalated"  # 提级调查


class AlreadyPublished(Problem):
    """The report of this investigation has been published before."""

    status = 409
    title_zh = "该事故调查报告已公布"
    title_en = "The report of this investigation has been published"
