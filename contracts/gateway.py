"""Who can act: the roles that the gateway states to the services."""

from reference.terms import Term


class Role(Term):
    """Roles of accounts and of API clients. Their order says nothing."""

    ADMINISTRATOR = "administrator", "系统管理员", "system administrator"
    SECURITY_ADMINISTRATOR = "security_administrator", "安全管理员", "security administrator"
    AUDITOR = "auditor", "审计管理员", "audit administrator"
    COMMITTEE_OFFICE = "committee_office", "安委办", "committee office"
    DUTY_DESK = "duty_desk", "值班室", "duty desk"
    LEADER = "leader", "领导", "leader"
    INVESTIGATOR = "investigator", "事故调查人员", "accident investigator"
    INSPECTOR = "inspector", "执法人员", "inspector"
    LAW_REVIEWER = "law_reviewer", "法制审核人员", "law reviewer"
    ENTERPRISE = "enterprise", "企业", "enterprise officer"
    HOTLINE_OPERATOR = "hotline_operator", "热线坐席", "hotline operator"
    EXCHANGE_CLIENT = "exchange_client", "省级交换系统", "exchange system of the province"
    HOTLINE_CLIENT = "hotline_client", "热线系统", "hotline system"
