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
    NOTIFY = "notify"  # 通知有关单位
    READ_NOTICES = "read_notices"  # 查看通知回执
    END_RESCUE = "end_rescue"  # 宣布救援结束、恢复救援
    FIND = "find"  # 认定迟报漏报谎报瞒报
    JUDGE_FINDING = "judge_finding"  # 初步认定、查实、撤销认定
    READ_FINDINGS = "read_findings"  # 查看认定
    PUBLISH = "publish"  # 公布调查报告
    PULL = "pull"  # 对外交换


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
        Act.NOTIFY: {Role.DUTY_DESK: IN_UNIT},
        Act.READ_NOTICES: dict.fromkeys(_OFFICES, WITHIN),
        Act.END_RESCUE: dict.fromkeys((Role.DUTY_DESK, Role.LEADER), WITHIN),
        Act.FIND: dict.fromkeys((Role.INVESTIGATOR, Role.COMMITTEE_OFFICE, Role.DUTY_DESK), WITHIN),
        Act.JUDGE_FINDING: dict.fromkeys((Role.INVESTIGATOR, Role.COMMITTEE_OFFICE), WITHIN),
        # A finding against an enterprise is not shown to it while it is looked into.
        Act.READ_FINDINGS: dict.fromkeys(_OFFICES, WITHIN),
        Act.PUBLISH: {Role.INVESTIGATOR: WITHIN},
        Act.PULL: {Role.EXCHANGE_CLIENT: WITHIN},
    }
)
