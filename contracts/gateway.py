"""Who can act: the roles that the gateway states to the services."""

from enum import StrEnum


class Role(StrEnum):
    """Roles of accounts and of API clients."""

    ADMINISTRATOR = "administrator"  # 系统管理员
    SECURITY_ADMINISTRATOR = "security_administrator"  # 安全管理员
    AUDITOR = "auditor"  # 审计管理员
    COMMITTEE_OFFICE = "committee_office"  # 安委办
    DUTY_DESK = "duty_desk"  # 值班室
    LEADER = "leader"  # 领导
    INVESTIGATOR = "investigator"  # 事故调查人员
    INSPECTOR = "inspector"  # 执法人员
    LAW_REVIEWER = "law_reviewer"  # 法制审核人员
    ENTERPRISE = "enterprise"  # 企业
    HOTLINE_OPERATOR = "hotline_operator"  # 热线坐席
    EXCHANGE_CLIENT = "exchange_client"  # 省级交换系统
    HOTLINE_CLIENT = "hotline_client"  # 热线系统
