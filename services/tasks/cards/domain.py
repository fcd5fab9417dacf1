"""The life of a card: proposed by facts, noticed, replied to, decided, in effect, over."""

from collections.abc import Mapping
from enum import StrEnum

from kernel.problems import Problem
from reference import city


class CardStatus(StrEnum):
    """Where a card stands."""

    PROPOSED = "proposed"  # 拟处理
    NOTICED = "noticed"  # 已告知
    REPLIED = "replied"  # 已陈述申辩
    IN_EFFECT = "in_effect"  # 已生效
    DECLINED = "declined"  # 不予处理
    WITHDRAWN = "withdrawn"  # 已撤回
    LIFTED = "lifted"  # 已解除
    OVER = "over"  # 期满


class CardAction(StrEnum):
    """What is done about a card."""

    NOTIFY = "notify"  # 告知
    REPLY = "reply"  # 陈述申辩
    IMPOSE = "impose"  # 决定处理
    DECLINE = "decline"  # 决定不予处理
    WITHDRAW = "withdraw"  # 撤回
    CONFIRM = "confirm"  # 复核维持
    LIFT = "lift"  # 解除
    EXPIRE = "expire"  # 期满


_S, _A = CardStatus, CardAction

TRANSITIONS: Mapping[tuple[CardStatus, CardAction], CardStatus] = {
    (_S.PROPOSED, _A.NOTIFY): _S.NOTICED,
    (_S.PROPOSED, _A.DECLINE): _S.DECLINED,
    (_S.NOTICED, _A.REPLY): _S.REPLIED,
    (_S.NOTICED, _A.IMPOSE): _S.IN_EFFECT,
    (_S.NOTICED, _A.DECLINE): _S.DECLINED,
    (_S.REPLIED, _A.IMPOSE): _S.IN_EFFECT,
    (_S.REPLIED, _A.DECLINE): _S.DECLINED,
    (_S.PROPOSED, _A.WITHDRAW): _S.WITHDRAWN,
    (_S.NOTICED, _A.WITHDRAW): _S.WITHDRAWN,
    (_S.REPLIED, _A.WITHDRAW): _S.WITHDRAWN,
    (_S.IN_EFFECT, _A.CONFIRM): _S.IN_EFFECT,
    (_S.IN_EFFECT, _A.LIFT): _S.LIFTED,
    (_S.IN_EFFECT, _A.EXPIRE): _S.OVER,
}

OPEN = frozenset({_S.PROPOSED, _S.NOTICED, _S.REPLIED})
"""Not decided yet: what the facts no longer carry is withdrawn."""


REFUTED = frozenset({_S.DECLINED, _S.LIFTED})
"""A person decided that these facts carry no card, or none any longer; further ones may."""
GONE = frozenset({_S.WITHDRAWN, *REFUTED})


def office() -> str:
    """The unit of the city's committee office, which looks at cards and objections."""
    return f"{city.current().code}.committee_office"


class CardActionRefused(Problem):
    """The card is not in a state that allows this."""

    status = 409
    title_zh = "当前状态不允许此操作"
    title_en = "The card does not allow this now"


class CardStands(Problem):
    """The unit has a card of this sort for the year, or one is under way."""

    status = 409
    title_zh = "该单位本考核年度已有同类处理"
    title_en = "The unit has a card of this sort for the year"


class ReplyStillDue(Problem):
    """Nothing is decided before the unit replied or its time to reply is up."""

    status = 409
    title_zh = "陈述申辩期限未满"
    title_en = "The unit may still reply"


class ReplyTooLate(Problem):
    """The time to reply is up."""

    status = 409
    title_zh = "陈述申辩期限已过"
    title_en = "The time to reply is up"


class ThresholdToBeConfirmed(Problem):
    """The threshold is not from an instrument that could be read: a person confirms it first."""

    status = 409
    title_zh = "该条标准待核实，须先确认"
    title_en = "The threshold has to be confirmed first"


class DecidedByNotifier(Problem):
    """Whoever gave the notice does not decide."""

    status = 403
    title_zh = "发出告知的人不得作出决定"
    title_en = "Whoever gave the notice does not decide"


def after(status: CardStatus, action: CardAction) -> CardStatus:
    """What becomes of a card, or a refusal."""
    try:
        return TRANSITIONS[status, action]
    except KeyError:
        raise CardActionRefused(card_status=str(status), action=str(action)) from None
