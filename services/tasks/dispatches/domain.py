"""The life of a unit's part of an order, and why one is sent back."""

from collections.abc import Mapping
from enum import StrEnum

from kernel.access import NotYours
from kernel.problems import Problem


class Part(StrEnum):
    """Which part a unit has."""

    LEAD = "lead"  # 主办
    SUPPORTING = "supporting"  # 协办


class DispatchStatus(StrEnum):
    """Where a unit's part stands."""

    SENT = "sent"  # 待签收
    SIGNED = "signed"  # 已签收
    HANDLING = "handling"  # 办理中
    ANSWERED = "answered"  # 已回复
    RETURNING = "returning"  # 退单待审
    RETURNED = "returned"  # 已退单
    DISPUTED = "disputed"  # 异议待裁定
    RELEASED = "released"  # 裁定改派
    WITHDRAWN = "withdrawn"  # 已撤回


class DispatchAction(StrEnum):
    """What is done with a unit's part."""

    SIGN = "sign"  # 签收
    HANDLE = "handle"  # 开始办理
    ANSWER = "answer"  # 回复
    RETURN = "return"  # 退单
    ACCEPT_RETURN = "accept_return"  # 退单通过
    REFUSE_RETURN = "refuse_return"  # 退单不予通过
    OBJECT = "object"  # 提出异议
    UPHOLD = "uphold"  # 裁定由其办理
    RELEASE = "release"  # 裁定由他人办理
    WITHDRAW = "withdraw"  # 撤回


_S, _A = DispatchStatus, DispatchAction

TRANSITIONS: Mapping[tuple[DispatchStatus, DispatchAction], DispatchStatus] = {
    (_S.SENT, _A.SIGN): _S.SIGNED,
    (_S.SENT, _A.RETURN): _S.RETURNING,
    (_S.SENT, _A.OBJECT): _S.DISPUTED,
    (_S.SENT, _A.WITHDRAW): _S.WITHDRAWN,
    (_S.SIGNED, _A.HANDLE): _S.HANDLING,
    (_S.SIGNED, _A.RETURN): _S.RETURNING,
    (_S.SIGNED, _A.OBJECT): _S.DISPUTED,
    (_S.SIGNED, _A.WITHDRAW): _S.WITHDRAWN,
    (_S.HANDLING, _A.ANSWER): _S.ANSWERED,
    (_S.HANDLING, _A.WITHDRAW): _S.WITHDRAWN,
    (_S.RETURNING, _A.ACCEPT_RETURN): _S.RETURNED,
    (_S.RETURNING, _A.REFUSE_RETURN): _S.SENT,
    (_S.RETURNING, _A.WITHDRAW): _S.WITHDRAWN,
    (_S.DISPUTED, _A.UPHOLD): _S.SENT,
    (_S.DISPUTED, _A.RELEASE): _S.RELEASED,
    (_S.DISPUTED, _A.WITHDRAW): _S.WITHDRAWN,
}

LIVE = frozenset(status for status, _ in TRANSITIONS)
"""The unit holds its part, or it is being decided whether it does."""

OWED = frozenset({_S.SENT, _S.SIGNED, _S.HANDLING})
"""The unit has to act: while a return or an objection is decided the delay is not its own."""


class ReturnReason(StrEnum):
    """Why a unit sends its part back."""

    NOT_OUR_DUTY = "not_our_duty"  # 非本单位职责
    WRONG_PLACE = "wrong_place"  # 不属本辖区
    UNCLEAR = "unclear"  # 诉求不清，无法办理
    DUPLICATE = "duplicate"  # 重复派单


MISDISPATCHED = frozenset({ReturnReason.NOT_OUR_DUTY, ReturnReason.WRONG_PLACE})
"""Reasons from which the catalogue learns; the others say nothing about who should handle it."""


class DispatchActionRefused(Problem):
    """The unit's part does not take this action now."""

    status = 409
    title_zh = "该派单当前不能执行此操作"
    title_en = "The dispatch does not take this action now"


class ReturnTooLate(Problem):
    """The limit within which a unit may send an order back has passed."""

    status = 409
    title_zh = "已超过退单期限"
    title_en = "The limit for sending the order back has passed"


class ReturnsUsedUp(Problem):
    """It was returned as often as it may be, or stays by decision: only an objection is left."""

    status = 409
    title_zh = "不得再次退单，可提出派单异议"
    title_en = "It may not be returned again; an objection is left"


class LeaderSigns(NotYours):
    """A further return is signed by a leader of the unit."""

    title_zh = "再次退单须由单位分管领导签批"
    title_en = "A further return is signed by a leader of the unit"


class AddresseesUnclear(Problem):
    """An order goes to one known unit that leads, and to known others, each once."""

    status = 422
    title_zh = "派单单位不明：主办单位一个，协办单位不重复，且均应存在"
    title_en = "Name one unit that leads and others that exist, each once"


class BackToReturner(Problem):
    """What a unit's return was accepted for does not go back to it; refuse the return instead."""

    status = 409
    title_zh = "不能改派给已退单的单位，如不同意退单请予驳回"
    title_en = "It does not go back to the unit that returned it: refuse the return instead"


class ArbitrationNeeded(Problem):
    """It was returned as often as it may be: who handles it is decided by arbitration."""

    status = 409
    title_zh = "退单次数已达上限，须由安委办裁定指派"
    title_en = "Returned as often as it may be: the committee office decides who handles it"


class PartsUnanswered(Problem):
    """The lead answers when every supporting unit has."""

    status = 409
    title_zh = "尚有协办单位未回复"
    title_en = "Some supporting units have not answered"


def after(status: DispatchStatus, action: DispatchAction) -> DispatchStatus:
    """The status of a unit's part once the action is done, or a refusal."""
    try:
        return TRANSITIONS[status, action]
    except KeyError:
        raise DispatchActionRefused(
            f"状态为 {status} 的派单不能 {action}",
            f"Cannot {action} a dispatch that is {status}.",
            dispatch_status=str(status),
        ) from None
