"""Who may do what with supervisory orders; the part of the policy table that is about them."""

from collections.abc import Mapping
from enum import StrEnum

from contracts.gateway import Role
from kernel.access import IN_UNIT, OWN, WITHIN, Relation


class SupervisionAct(StrEnum):
    """What can be done with supervisory orders."""

    READ_SUPERVISIONS = "read_supervisions"  # 查看监督文书
    DRAFT_SUPERVISION = "draft_supervision"  # 拟稿、修改
    SIGN_SUPERVISION = "sign_supervision"  # 签发
    WORK_SUPERVISION = "work_supervision"  # 签收、答复、申请延期
    HAND_IN_FILES = "hand_in_files"  # 上传附件
    JUDGE_ANSWER = "judge_answer"  # 验收、退回、审批延期、办结、撤回
    LIFT_LISTING = "lift_listing"  # 摘牌


_OFFICE = (Role.COMMITTEE_OFFICE, Role.LEADER)
_STAFF = (*_OFFICE, Role.DUTY_DESK, Role.INSPECTOR)

# What is done on a side of an order is asked of that side: see `supervisions.queries.require`.
GRANTS: dict[str, Mapping[str, frozenset[Relation]]] = {
    SupervisionAct.READ_SUPERVISIONS: {
        **dict.fromkeys((*_OFFICE, Role.AUDITOR), WITHIN),
        **dict.fromkeys((Role.DUTY_DESK, Role.INSPECTOR), IN_UNIT),
        Role.ENTERPRISE: OWN,
    },
    SupervisionAct.DRAFT_SUPERVISION: dict.fromkeys((*_OFFICE, Role.INSPECTOR), IN_UNIT),
    SupervisionAct.SIGN_SUPERVISION: dict.fromkeys(_OFFICE, WITHIN),
    SupervisionAct.WORK_SUPERVISION: {**dict.fromkeys(_STAFF, IN_UNIT), Role.ENTERPRISE: OWN},
    SupervisionAct.HAND_IN_FILES: {**dict.fromkeys(_STAFF, IN_UNIT), Role.ENTERPRISE: OWN},
    SupervisionAct.JUDGE_ANSWER: {**dict.fromkeys(_OFFICE, IN_UNIT), Role.INSPECTOR: IN_UNIT},
    SupervisionAct.LIFT_LISTING: {**dict.fromkeys(_OFFICE, IN_UNIT), Role.INSPECTOR: IN_UNIT},
}
