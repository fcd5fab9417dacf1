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
    INVESTIGATE = "investigate"  # 组织事故调查
    READ_CASE = "read_case"  # 查看调查案卷
    DECIDE = "decide"  # 批复、延期、委托、结案、重新启动
    CHECK = "check"  # 四不放过核查
    RAISE = "raise"  # 提级调查
    SUPERVISE = "supervise"  # 挂牌督办


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
        # An enterprise only what its government has entrusted to it; the operations see to that.
        Act.INVESTIGATE: {Role.INVESTIGATOR: WITHIN, Role.ENTERPRISE: OWN},
        Act.READ_CASE: dict.fromkeys(_OFFICES, WITHIN),
        # A leader of which government decides is the case's own question.
        Act.DECIDE: {Role.LEADER: WITHIN},
        Act.CHECK: dict.fromkeys((Role.INVESTIGATOR, Role.COMMITTEE_OFFICE), WITHIN),
        Act.RAISE: dict.fromkeys((Role.LEADER, Role.COMMITTEE_OFFICE), WITHIN),
        Act.SUPERVISE: dict.fromkeys((Role.LEADER, Role.COMMITTEE_OFFICE), WITHIN),
    }
)
