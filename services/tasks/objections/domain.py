"""The life of an objection: made, perhaps replied to by the unit it names, settled."""

from collections.abc import Mapping
from enum import StrEnum

from kernel.problems import Problem


class ObjectionStatus(StrEnum):
    """Where an objection stands."""

    MADE = "made"  # 已提出
    REPLIED = "replied"  # 相关单位已说明
    UPHELD = "upheld"  # 裁定由其他单位办理
    DISMISSED = "dismissed"  # 裁定由原单位办理


class ObjectionAction(StrEnum):
    """What is done about an objection."""

    REPLY = "reply"  # 说明意见
    UPHOLD = "uphold"  # 异议成立
    DISMISS = "dismiss"  # 异议不成立


_S, _A = ObjectionStatus, ObjectionAction

TRANSITIONS: Mapping[tuple[ObjectionStatus, ObjectionAction], ObjectionStatus] = {
    (_S.MADE, _A.REPLY): _S.REPLIED,
    (_S.MADE, _A.UPHOLD): _S.UPHELD,
    (_S.MADE, _A.DISMISS): _S.DISMISSED,
    (_S.REPLIED, _A.UPHOLD): _S.UPHELD,
    (_S.REPLIED, _A.DISMISS): _S.DISMISSED,
}

WAITING = frozenset(status for status, _ in TRANSITIONS)
"""It is still to be settled."""


class ObjectionSettled(Problem):
    """It was replied to or settled before."""

    status = 409
    title_zh = "该异议已作处理"
    title_en = "The objection was replied to or settled before"


class ObjectionTooLate(Problem):
    """The limit within which a unit may object has passed."""

    status = 409
    title_zh = "已超过提出派单异议的期限"
    title_en = "The limit for objecting has passed"


class NothingToObjectTo(Problem):
    """A unit first returns what is not its own; what was arbitrated is settled."""

    status = 409
    title_zh = "应先退单；已裁定的派单不得再提异议"
    title_en = "Return it first; what was arbitrated is settled"


class ObjectionNamesNobodyElse(Problem):
    """An objection names another unit that exists."""

    status = 422
    title_zh = "异议应当指明存在的其他单位"
    title_en = "An objection names another unit that exists"


class ArbiterInvolved(Problem):
    """Nobody arbitrates what their own unit holds, or is said to have to hold."""

    status = 403
    title_zh = "裁定人所在单位是争议一方"
    title_en = "Your unit is a party to it"


def after(status: ObjectionStatus, action: ObjectionAction) -> ObjectionStatus:
    """What becomes of an objection, or a refusal."""
    try:
        return TRANSITIONS[status, action]
    except KeyError:
        raise ObjectionSettled(objection_status=str(status)) from None
