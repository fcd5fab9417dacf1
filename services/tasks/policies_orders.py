"""Who may do what with hotline orders; the part of the policy table that is about them."""

from collections.abc import Mapping
from enum import StrEnum

from contracts.gateway import Role
from kernel.access import ANYWHERE, IN_UNIT, WITHIN, Relation


class OrderAct(StrEnum):
    """What can be done with hotline orders."""

    TAKE_ORDER = "take_order"  # 受理工单
    FOLLOW_ORDER = "follow_order"  # 查询工单进展
    READ_ORDERS = "read_orders"  # 查看工单
    DISPATCH_ORDER = "dispatch_order"  # 派单、改派、直接答复、审核退单
    WORK_ORDER = "work_order"  # 签收、办理、回复、退单、提出异议、申请延期
    TELL_SAFETY = "tell_safety"  # 转安全线索
    ARBITRATE_ORDER = "arbitrate_order"  # 裁定派单异议
    DECIDE_EXTENSION = "decide_extension"  # 审批延期
    URGE_ORDER = "urge_order"  # 催办
    MERGE_ORDERS = "merge_orders"  # 并单
    VISIT_CALLER = "visit_caller"  # 回访、办结
    READ_CATALOGUE = "read_catalogue"  # 查看派单目录
    WRITE_CATALOGUE = "write_catalogue"  # 修订派单目录
    SEE_CALLER = "see_caller"  # 查看来电人（脱敏），申请查看
    REVEAL_CALLER = "reveal_caller"  # 批准查看来电人
    READ_CALLER_LOOKS = "read_caller_looks"  # 查看来电人查阅记录


_DESK = (Role.HOTLINE_OPERATOR, Role.COMMITTEE_OFFICE)
_HANDLERS = (Role.COMMITTEE_OFFICE, Role.LEADER, Role.DUTY_DESK, Role.INSPECTOR)
_SUBTREE = frozenset({Relation.SUBTREE})

# Enterprises have no part in any of it: what is told of one never reaches it by this way.
GRANTS: dict[str, Mapping[str, frozenset[Relation]]] = {
    OrderAct.TAKE_ORDER: dict.fromkeys((Role.HOTLINE_CLIENT, Role.HOTLINE_OPERATOR), WITHIN),
    OrderAct.FOLLOW_ORDER: dict.fromkeys((Role.HOTLINE_CLIENT, Role.HOTLINE_OPERATOR), WITHIN),
    OrderAct.READ_ORDERS: {
        **dict.fromkeys((*_DESK, Role.LEADER, Role.AUDITOR), WITHIN),
        **dict.fromkeys((Role.DUTY_DESK, Role.INSPECTOR), IN_UNIT),
    },
    OrderAct.DISPATCH_ORDER: dict.fromkeys(_DESK, WITHIN),
    OrderAct.WORK_ORDER: dict.fromkeys(_HANDLERS, IN_UNIT),
    OrderAct.TELL_SAFETY: {
        Role.HOTLINE_OPERATOR: WITHIN,
        **dict.fromkeys(_HANDLERS, IN_UNIT),
        Role.COMMITTEE_OFFICE: WITHIN,
    },
    OrderAct.ARBITRATE_ORDER: {Role.COMMITTEE_OFFICE: _SUBTREE},
    OrderAct.DECIDE_EXTENSION: dict.fromkeys(_DESK, _SUBTREE),
    OrderAct.URGE_ORDER: dict.fromkeys((*_DESK, Role.LEADER), WITHIN),
    OrderAct.MERGE_ORDERS: dict.fromkeys(_DESK, WITHIN),
    OrderAct.VISIT_CALLER: dict.fromkeys((Role.HOTLINE_CLIENT, Role.HOTLINE_OPERATOR), WITHIN),
    OrderAct.READ_CATALOGUE: dict.fromkeys((*_DESK, *_HANDLERS, Role.AUDITOR), ANYWHERE),
    OrderAct.WRITE_CATALOGUE: {Role.COMMITTEE_OFFICE: WITHIN},
    OrderAct.SEE_CALLER: dict.fromkeys(_DESK, WITHIN),
    OrderAct.REVEAL_CALLER: dict.fromkeys((Role.LEADER, Role.COMMITTEE_OFFICE), WITHIN),
    OrderAct.READ_CALLER_LOOKS: dict.fromkeys((Role.COMMITTEE_OFFICE, Role.AUDITOR), WITHIN),
}
