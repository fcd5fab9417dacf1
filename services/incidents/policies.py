"""Who may do what in the incidents service. What is not in the table is refused."""

from enum import StrEnum

from contracts.gateway import Role
from kernel.access import ANYWHERE, IN_UNIT, OWN, WITHIN, Policies


class Act(StrEnum):
    """What can be done here."""

    REPORT = "report"  # 报告事故
    GRADE = "grade"  # 试算等级
    READ = "read"  # 查看事故
    RELAY = "relay"  # 签收、上报
    FIND = "find"  # 认定迟报漏报谎报瞒报
    READ_FINDINGS = "read_findings"  # 查看认定
    PUBLISH = "publish"  # 公布调查报告
    PULL = "pull"  # 对外交换
    ENTER = "enter"  # 统计录入
    READ_STATISTICS = "read_statistics"  # 查看统计
    STATE_FIGURES = "state_figures"  # 填报外部统计数、冻结基数
    COUNT_ANEW = "count_anew"  # 重新汇总
    ISSUE = "issue"  # 印发通报


_OFFICES = (
    Role.DUTY_DESK,
    Role.COMMITTEE_OFFICE,
    Role.LEADER,
    Role.INVESTIGATOR,
    Role.INSPECTOR,
    Role.LAW_REVIEWER,
)

POLICIES = Policies(
    {
        Act.REPORT: {Role.ENTERPRISE: OWN, Role.DUTY_DESK: WITHIN},
        Act.GRADE: dict.fromkeys(Role, ANYWHERE),
        Act.READ: {Role.ENTERPRISE: OWN, **dict.fromkeys(_OFFICES, WITHIN)},
        Act.RELAY: {Role.DUTY_DESK: IN_UNIT},
        Act.FIND: dict.fromkeys((Role.INVESTIGATOR, Role.COMMITTEE_OFFICE, Role.DUTY_DESK), WITHIN),
        # A finding against an enterprise is not shown to it while it is looked into.
        Act.READ_FINDINGS: dict.fromkeys(_OFFICES, WITHIN),
        Act.PUBLISH: {Role.INVESTIGATOR: WITHIN},
        Act.PULL: {Role.EXCHANGE_CLIENT: WITHIN},
        Act.ENTER: dict.fromkeys((Role.DUTY_DESK, Role.COMMITTEE_OFFICE), WITHIN),
        # Sums tell nothing of one enterprise that it may not know, but they are not for it.
        Act.READ_STATISTICS: dict.fromkeys(_OFFICES, WITHIN),
        Act.STATE_FIGURES: {Role.COMMITTEE_OFFICE: WITHIN},
        Act.COUNT_ANEW: {Role.COMMITTEE_OFFICE: WITHIN},
        Act.ISSUE: {Role.COMMITTEE_OFFICE: WITHIN},
    }
)
