"""Who may do what with figures, feeds and parts; that part of the policy table."""

from collections.abc import Mapping
from enum import StrEnum

from contracts.gateway import Role
from kernel.access import IN_UNIT, OWN, WITHIN, Relation


class FigureAct(StrEnum):
    """What can be done with figures and what is measured by them."""

    READ_FIGURES = "read_figures"  # 查看指标数据
    REPORT_FIGURE = "report_figure"  # 填报指标数据
    REVIEW_FIGURE = "review_figure"  # 审核指标数据
    FREEZE_BASE = "freeze_base"  # 冻结考核基数


class FeedAct(StrEnum):
    """What can be done with calendar feeds."""

    KEEP_FEEDS = "keep_feeds"  # 管理本单位日历订阅


class PartAct(StrEnum):
    """What can be done with the parts of shared obligations."""

    READ_PARTS = "read_parts"  # 查看任务分工
    WORK_PART = "work_part"  # 办理、提交分工事项
    JUDGE_PART = "judge_part"  # 审核分工事项
    EXCUSE_PART = "excuse_part"  # 免除分工事项


_STAFF = (
    Role.COMMITTEE_OFFICE,
    Role.LEADER,
    Role.DUTY_DESK,
    Role.INSPECTOR,
    Role.INVESTIGATOR,
    Role.LAW_REVIEWER,
)
_SUBTREE = frozenset({Relation.SUBTREE})

GRANTS: dict[str, Mapping[str, frozenset[Relation]]] = {
    FigureAct.READ_FIGURES: {
        **dict.fromkeys((*_STAFF, Role.AUDITOR), WITHIN),
        Role.ENTERPRISE: OWN,
    },
    FigureAct.REPORT_FIGURE: {**dict.fromkeys(_STAFF, IN_UNIT), Role.ENTERPRISE: OWN},
    # Never one's own unit, and as high as for evidence: see obligations.rules.may_review.
    FigureAct.REVIEW_FIGURE: {Role.COMMITTEE_OFFICE: _SUBTREE},
    FigureAct.FREEZE_BASE: {Role.COMMITTEE_OFFICE: WITHIN},
    PartAct.READ_PARTS: dict.fromkeys((*_STAFF, Role.AUDITOR), WITHIN),
    PartAct.WORK_PART: dict.fromkeys(_STAFF, IN_UNIT),
    # The lead judges what supports it; what leads hand in, an office that has no part in it.
    PartAct.JUDGE_PART: {
        **dict.fromkeys(_STAFF, IN_UNIT),
        Role.COMMITTEE_OFFICE: IN_UNIT | _SUBTREE,
    },
    PartAct.EXCUSE_PART: {Role.COMMITTEE_OFFICE: _SUBTREE},
    FeedAct.KEEP_FEEDS: {**dict.fromkeys(_STAFF, IN_UNIT), Role.ENTERPRISE: OWN},
}
