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
    LEAD = "lead"  # 提交线索
    FOLLOW_LEAD = "follow_lead"  # 查询线索进展
    READ_LEADS = "read_leads"  # 查看线索
    CHECK_LEAD = "check_lead"  # 核查线索
    SEE_INFORMANT = "see_informant"  # 查看举报人
    REVEAL_INFORMANT = "reveal_informant"  # 批准查看举报人
    QUALIFY = "qualify"  # 认定或申请核销
    STRIKE_OFF = "strike_off"  # 核销审核


_OFFICES = (
    Role.DUTY_DESK,
    Role.COMMITTEE_OFFICE,
    Role.LEADER,
    Role.INVESTIGATOR,
    Role.INSPECTOR,
    Role.LAW_REVIEWER,
)
_SOURCES = (
    Role.DUTY_DESK,
    Role.COMMITTEE_OFFICE,
    Role.HOTLINE_OPERATOR,
    Role.HOTLINE_CLIENT,
    Role.EXCHANGE_CLIENT,
)
_CHECKERS = (Role.DUTY_DESK, Role.COMMITTEE_OFFICE, Role.INVESTIGATOR)

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
        Act.LEAD: dict.fromkeys(_SOURCES, WITHIN),
        Act.FOLLOW_LEAD: dict.fromkeys(_SOURCES, WITHIN),
        # Nobody outside the offices sees that a sign was given, least of all the enterprise.
        Act.READ_LEADS: dict.fromkeys(_OFFICES, WITHIN),
        Act.CHECK_LEAD: dict.fromkeys(_CHECKERS, WITHIN),
        # Those who go to the site never see who sent them there.
        Act.SEE_INFORMANT: dict.fromkeys((Role.DUTY_DESK, Role.COMMITTEE_OFFICE), WITHIN),
        Act.REVEAL_INFORMANT: dict.fromkeys((Role.LEADER, Role.COMMITTEE_OFFICE), WITHIN),
        Act.QUALIFY: dict.fromkeys(_CHECKERS, WITHIN),
        Act.STRIKE_OFF: {Role.COMMITTEE_OFFICE: WITHIN},
    }
)
