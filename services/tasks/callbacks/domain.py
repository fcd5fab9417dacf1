"""What a return visit finds."""

from enum import StrEnum

from kernel.problems import Problem


class CallbackResult(StrEnum):
    """What the caller said."""

    SATISFIED = "satisfied"  # 满意
    UNSATISFIED = "unsatisfied"  # 不满意
    UNREACHABLE = "unreachable"  # 无法联系


class AlreadyVisited(Problem):
    """The order does not wait for a return visit."""

    status = 409
    title_zh = "该工单当前不待回访"
    title_en = "The order does not wait for a return visit"
