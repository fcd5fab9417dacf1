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
    TELL_DIRECTLY = "tell_directly"  # 登记单位直报
    READ_NOTICES = "read_notices"  # 查看通知回执
    END_RESCUE = "end_rescue"  # 宣布救援结束、恢复救援
    FIND = "find"  # 认定迟报漏报谎报瞒报
    JUDGE_FINDING = "judge_finding"  # 初步认定、查实、撤销认定
    READ_FINDINGS = "read_findings"  # 查看认定
    PUBLISH = "publish"  # 公布调查报告
    PULL = "pull"  # 对外交换
    READ_READERS = "read_readers"  # 查看谁看过事故
    LIST_CASUALTIES = "list_casualties"  # 登记伤亡人员
    DISCLOSE_CASUALTIES = "disclose_casualties"  # 查看伤亡人员身份（须说明理由）
    NAME_TEAM = "name_team"  # 组成调查组
    READ_TEAM = "read_team"  # 查看调查组和调查任务
    RECUSE = "recuse"  # 申报、申请回避
    DECIDE_RECUSAL = "decide_recusal"  # 决定回避
    WORK_ON_TEAM = "work_on_team"  # 参加调查
    READ_EVIDENCE = "read_evidence"  # 查看证据
    READ_RECOMMENDATIONS = "read_recommendations"  # 查看整改、处理建议
    PROVE = "prove"  # 提交整改佐证
    REVIEW_PROOF = "review_proof"  # 审核整改佐证
    READ_TRANSFERS = "read_transfers"  # 查看移送
    DECIDE_TRANSFER = "decide_transfer"  # 审批移送
    EVALUATE = "evaluate"  # 整改评估、回头看
    INVESTIGATE = "investigate"  # 组织事故调查
    READ_CASE = "read_case"  # 查看调查案卷
    DECIDE = "decide"  # 批复、延期、委托、结案、重新启动
    CHECK = "check"  # 四不放过核查
    RAISE = "raise"  # 提级调查
    SUPERVISE = "supervise"  # 挂牌督办
    PLACE = "place"  # 确认属地
    TAKE_CALL = "take_call"  # 登记电话报告
    SEE_CALLER = "see_caller"  # 查看来电人、报告人
    CHECK_PUBLIC = "check_public"  # 核实公众报告
    DRAFT = "draft"  # 起草报告
    CORRECT = "correct"  # 更正报告
    IDENTIFY = "identify"  # 补登事故单位
    MATCH = "match"  # 合并或分立疑似重复
    LEAD = "lead"  # 提交线索
    FOLLOW_LEAD = "follow_lead"  # 查询线索进展
    READ_LEADS = "read_leads"  # 查看线索
    CHECK_LEAD = "check_lead"  # 核查线索
    SEE_INFORMANT = "see_informant"  # 查看举报人
    REVEAL_INFORMANT = "reveal_informant"  # 批准查看举报人
    QUALIFY = "qualify"  # 认定或申请核销
    STRIKE_OFF = "strike_off"  # 核销审核
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

_TEAM = (Role.INVESTIGATOR, Role.INSPECTOR, Role.LAW_REVIEWER, Role.LEADER)
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
        Act.READ_READERS: dict.fromkeys((Role.AUDITOR, Role.COMMITTEE_OFFICE), WITHIN),
        Act.LIST_CASUALTIES: {Role.ENTERPRISE: OWN, Role.DUTY_DESK: WITHIN},
        Act.DISCLOSE_CASUALTIES: dict.fromkeys(
            (Role.DUTY_DESK, Role.INVESTIGATOR, Role.COMMITTEE_OFFICE), WITHIN
        ),
        Act.NAME_TEAM: dict.fromkeys((Role.COMMITTEE_OFFICE, Role.LEADER), WITHIN),
        Act.READ_TEAM: dict.fromkeys(_OFFICES, WITHIN),
        Act.RECUSE: dict.fromkeys(_OFFICES, WITHIN),
        Act.DECIDE_RECUSAL: {Role.LEADER: WITHIN},
        # What a member does: evidence, steps, recommendations, transfers. Beyond this, one must
        # sit on the team: see teams.operations.acting.
        Act.WORK_ON_TEAM: dict.fromkeys(_TEAM, WITHIN),
        Act.READ_EVIDENCE: dict.fromkeys(_TEAM, WITHIN),
        Act.READ_RECOMMENDATIONS: {Role.ENTERPRISE: OWN, **dict.fromkeys(_OFFICES, WITHIN)},
        Act.PROVE: {Role.ENTERPRISE: OWN, **dict.fromkeys(_OFFICES, IN_UNIT)},
        # Never one's own unit: see recommendations.operations.
        Act.REVIEW_PROOF: dict.fromkeys((Role.COMMITTEE_OFFICE, Role.INVESTIGATOR), WITHIN),
        # Nobody under suspicion reads of it here.
        Act.READ_TRANSFERS: dict.fromkeys(_OFFICES, WITHIN),
        Act.DECIDE_TRANSFER: {Role.LEADER: WITHIN},
        Act.EVALUATE: dict.fromkeys((Role.COMMITTEE_OFFICE, Role.INVESTIGATOR), WITHIN),
        # Conducting the case: setting it going, appraising, writing and handing in the report. At
        # the holder's level, or by whom it entrusted; an enterprise only what was entrusted to it.
        Act.INVESTIGATE: {Role.INVESTIGATOR: WITHIN, Role.ENTERPRISE: OWN},
        Act.READ_CASE: dict.fromkeys(_OFFICES, WITHIN),
        # A leader of which government decides is the case's own question.
        Act.DECIDE: {Role.LEADER: WITHIN},
        Act.CHECK: dict.fromkeys((Role.INVESTIGATOR, Role.COMMITTEE_OFFICE), WITHIN),
        Act.RAISE: dict.fromkeys((Role.LEADER, Role.COMMITTEE_OFFICE), WITHIN),
        Act.SUPERVISE: dict.fromkeys((Role.LEADER, Role.COMMITTEE_OFFICE), WITHIN),
        Act.NOTIFY: {Role.DUTY_DESK: IN_UNIT},
        Act.READ_NOTICES: dict.fromkeys(_OFFICES, WITHIN),
        # A unit without an account tells its desk; the desk that was told knows it too.
        Act.TELL_DIRECTLY: {Role.ENTERPRISE: OWN, Role.DUTY_DESK: WITHIN},
        Act.END_RESCUE: dict.fromkeys((Role.DUTY_DESK, Role.LEADER), WITHIN),
        Act.JUDGE_FINDING: dict.fromkeys((Role.INVESTIGATOR, Role.COMMITTEE_OFFICE), WITHIN),
        Act.PLACE: {Role.DUTY_DESK: WITHIN},
        Act.TAKE_CALL: {Role.DUTY_DESK: WITHIN},
        # Whoever called is sealed: the desk of the place may ask for it, and leaves a record.
        Act.SEE_CALLER: {Role.DUTY_DESK: WITHIN},
        Act.CHECK_PUBLIC: {Role.DUTY_DESK: WITHIN},
        Act.DRAFT: {Role.ENTERPRISE: OWN, Role.DUTY_DESK: IN_UNIT},
        Act.CORRECT: {Role.ENTERPRISE: OWN, Role.DUTY_DESK: WITHIN},
        # Whose an accident is, is found out by the desk that handles it, not said by others.
        Act.IDENTIFY: {Role.DUTY_DESK: WITHIN},
        Act.MATCH: {Role.DUTY_DESK: WITHIN},
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
        Act.ENTER: dict.fromkeys((Role.DUTY_DESK, Role.COMMITTEE_OFFICE), WITHIN),
        # Sums tell nothing of one enterprise that it may not know, but they are not for it.
        Act.READ_STATISTICS: dict.fromkeys(_OFFICES, WITHIN),
        Act.STATE_FIGURES: {Role.COMMITTEE_OFFICE: WITHIN},
        Act.COUNT_ANEW: {Role.COMMITTEE_OFFICE: WITHIN},
        Act.ISSUE: {Role.COMMITTEE_OFFICE: WITHIN},
    }
)
