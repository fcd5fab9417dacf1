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
    PLACE = "place"  # 确认属地
    TAKE_CALL = "take_call"  # 登记电话报告
    SEE_CALLER = "see_caller"  # 查看来电人、报告人
    CHECK_PUBLIC = "check_public"  # 核实公众报告
    DRAFT = "draft"  # 起草报告
    CORRECT = "correct"  # 更正报告
    MATCH = "match"  # 合并或分立疑似重复


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
        Act.PLACE: {Role.DUTY_DESK: WITHIN},
        Act.TAKE_CALL: {Role.DUTY_DESK: WITHIN},
        # Whoever called is sealed: the desk of the place may ask for it, and leaves a record.
        Act.SEE_CALLER: {Role.DUTY_DESK: WITHIN},
        Act.CHECK_PUBLIC: {Role.DUTY_DESK: WITHIN},
        Act.DRAFT: {Role.ENTERPRISE: OWN, Role.DUTY_DESK: IN_UNIT},
        Act.CORRECT: {Role.ENTERPRISE: OWN, Role.DUTY_DESK: WITHIN},
        Act.MATCH: {Role.DUTY_DESK: WITHIN},
    }
)
