"""The life of a hotline order: received, dispatched, signed for, handled, answered, closed."""

from collections.abc import Mapping
from enum import StrEnum

from kernel.problems import Problem


class OrderStatus(StrEnum):
    """Where an order stands."""

    RECEIVED = "received"  # 已受理
    DISPATCHED = "dispatched"  # 已派单
    SIGNED = "signed"  # 已签收
    HANDLING = "handling"  # 办理中
    RETURNED = "returned"  # 退单待审
    DISPUTED = "disputed"  # 派单异议待裁定
    ANSWERED = "answered"  # 已回复
    VISITED = "visited"  # 已回访
    MERGED = "merged"  # 已并单
    CLOSED = "closed"  # 已办结


class OrderAction(StrEnum):
    """What is done with an order."""

    DISPATCH = "dispatch"  # 派单、改派
    ANSWER_DIRECTLY = "answer_directly"  # 直接答复
    SIGN = "sign"  # 签收
    HANDLE = "handle"  # 开始办理
    ANSWER = "answer"  # 回复
    RETURN = "return"  # 退单
    REFUSE_RETURN = "refuse_return"  # 退单不予通过
    OBJECT = "object"  # 提出派单异议
    ARBITRATE = "arbitrate"  # 裁定
    URGE = "urge"  # 催办
    EXTEND = "extend"  # 延期
    MERGE = "merge"  # 并单
    VISIT = "visit"  # 回访
    REDO = "redo"  # 发回重办
    REOPEN = "reopen"  # 重新受理
    CLOSE = "close"  # 办结归档


_S, _A = OrderStatus, OrderAction

TRANSITIONS: Mapping[tuple[OrderStatus, OrderAction], OrderStatus] = {
    (_S.RECEIVED, _A.DISPATCH): _S.DISPATCHED,
    (_S.RECEIVED, _A.ANSWER_DIRECTLY): _S.ANSWERED,
    (_S.RECEIVED, _A.MERGE): _S.MERGED,
    (_S.DISPATCHED, _A.SIGN): _S.SIGNED,
    (_S.DISPATCHED, _A.RETURN): _S.RETURNED,
    (_S.DISPATCHED, _A.OBJECT): _S.DISPUTED,
    (_S.DISPATCHED, _A.URGE): _S.DISPATCHED,
    (_S.DISPATCHED, _A.EXTEND): _S.DISPATCHED,
    (_S.DISPATCHED, _A.MERGE): _S.MERGED,
    (_S.SIGNED, _A.HANDLE): _S.HANDLING,
    (_S.SIGNED, _A.RETURN): _S.RETURNED,
    (_S.SIGNED, _A.OBJECT): _S.DISPUTED,
    (_S.SIGNED, _A.URGE): _S.SIGNED,
    (_S.SIGNED, _A.EXTEND): _S.SIGNED,
    (_S.SIGNED, _A.MERGE): _S.MERGED,
    (_S.HANDLING, _A.ANSWER): _S.ANSWERED,
    (_S.HANDLING, _A.URGE): _S.HANDLING,
    (_S.HANDLING, _A.EXTEND): _S.HANDLING,
    (_S.HANDLING, _A.MERGE): _S.MERGED,
    # What came back is sent elsewhere, or stays with the unit that sent it back.
    (_S.RETURNED, _A.DISPATCH): _S.DISPATCHED,
    (_S.RETURNED, _A.REFUSE_RETURN): _S.DISPATCHED,
    (_S.DISPUTED, _A.ARBITRATE): _S.DISPATCHED,
    # It is answered when the order it was merged into is.
    (_S.MERGED, _A.ANSWER): _S.ANSWERED,
    (_S.ANSWERED, _A.VISIT): _S.VISITED,
    (_S.ANSWERED, _A.REDO): _S.HANDLING,
    # Nobody of its own holds it (answered directly, or with another order): it begins anew.
    (_S.ANSWERED, _A.REOPEN): _S.RECEIVED,
    (_S.VISITED, _A.CLOSE): _S.CLOSED,
}

OPEN = frozenset({_S.RECEIVED, _S.DISPATCHED, _S.SIGNED, _S.HANDLING, _S.RETURNED, _S.DISPUTED})
"""An answer is still owed, and the order holds one of its own."""


class OrderActionRefused(Problem):
    """The order does not take this action now."""

    status = 409
    title_zh = "该工单当前不能执行此操作"
    title_en = "The order does not take this action now"


class OrderIdTaken(Problem):
    """Another order has this id, or the hotline's number stands for another order."""

    status = 409
    title_zh = "工单编号已被使用"
    title_en = "The id or the number of the order is taken"


class CalendarNotLoaded(Problem):
    """The limit would end in a year whose holidays are not known yet; it is not guessed."""

    status = 409
    title_zh = "期限跨入尚未公布节假日安排的年份，请先导入该年日历"
    title_en = "The limit ends in a year whose holidays are not loaded: load its calendar first"


def after(status: OrderStatus, action: OrderAction) -> OrderStatus:
    """The status of an order once the action is done, or a refusal."""
    try:
        return TRANSITIONS[status, action]
    except KeyError:
        raise OrderActionRefused(
            f"状态为 {status} 的工单不能 {action}",
            f"Cannot {action} an order that is {status}.",
            order_status=str(status),
        ) from None
