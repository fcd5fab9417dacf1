"""The six parts of an investigation report, and what a report without one meets."""

from collections.abc import Iterable
from enum import StrEnum

from kernel.problems import Problem


class Part(StrEnum):
    """What the report must hold (Decree 493, article 30)."""

    ENTERPRISE = "enterprise"  # 事故发生单位概况
    COURSE = "course"  # 事故发生经过和事故救援情况
    TOLL = "toll"  # 人员伤亡和直接经济损失
    CAUSE = "cause"  # 事故发生的原因和事故性质
    LIABILITY = "liability"  # 责任认定以及对责任者的处理建议
    PREVENTION = "prevention"  # 防范和整改措施


class Decision(StrEnum):
    """What the government decides on a report."""

    APPROVED = "approved"  # 批复同意
    RETURNED = "returned"  # 退回补充调查


class PartsMissing(Problem):
    """The report lacks some of its six parts."""

    status = 409
    title_zh = "调查报告内容不全"
    title_en = "The report lacks some of its parts"


class ConsentMissing(Problem):
    """The list that supervises the case has not agreed to the draft report."""

    status = 409
    title_zh = "挂牌督办单位尚未审核同意调查报告"
    title_en = "The list that supervises the case has not agreed to the report"


def missing(present: Iterable[str]) -> list[str]:
    """The parts that are not there, in the order of the law."""
    there = set(present)
    return [str(part) for part in Part if part not in there]
