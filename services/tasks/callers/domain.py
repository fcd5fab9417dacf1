"""How a sealed caller is opened: one asks with a reason, another agrees, the first may look."""

from collections.abc import Mapping
from enum import StrEnum

from kernel.problems import Problem


class CallerRevealStatus(StrEnum):
    """Where a request stands."""

    ASKED = "asked"  # 待批准
    APPROVED = "approved"  # 已批准
    REFUSED = "refused"  # 不同意


class CallerRevealAction(StrEnum):
    """What is done with a request."""

    APPROVE = "approve"  # 批准
    REFUSE = "refuse"  # 拒绝
    LOOK = "look"  # 查看


_S, _A = CallerRevealStatus, CallerRevealAction

TRANSITIONS: Mapping[tuple[CallerRevealStatus, CallerRevealAction], CallerRevealStatus] = {
    (_S.ASKED, _A.APPROVE): _S.APPROVED,
    (_S.ASKED, _A.REFUSE): _S.REFUSED,
    (_S.APPROVED, _A.LOOK): _S.APPROVED,
}


class CallerRevealRefused(Problem):
    """The request does not take this action now."""

    status = 409
    title_zh = "该查看申请当前不能执行此操作"
    title_en = "The request to see the caller does not take this action now"


class OwnCallerRequest(Problem):
    """Who asks to see a caller does not decide on it, and nobody else looks."""

    status = 403
    title_zh = "不能批准本人的查看申请，也不能使用他人的查看申请"
    title_en = "Nobody decides on their own request or uses another's"


def after(status: CallerRevealStatus, action: CallerRevealAction) -> CallerRevealStatus:
    """The status of a request once the action is done, or a refusal."""
    try:
        return TRANSITIONS[status, action]
    except KeyError:
        raise CallerRevealRefused(
            f"状态为 {status} 时不能 {action}",
            f"Cannot {action} a request that is {status}.",
            reveal_status=str(status),
        ) from None
