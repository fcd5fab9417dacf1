"""The life of a recommendation: open, proved, accepted, closed - and open again."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum

from kernel.problems import FieldFault, InvalidPayload, Problem


class RecommendationStatus(StrEnum):
    """Where a recommendation stands."""

    OPEN = "open"  # 待落实
    HANDED_IN = "handed_in"  # 待审核
    RETURNED = "returned"  # 已退回
    ACCEPTED = "accepted"  # 已认可
    CLOSED = "closed"  # 已销号


class RecommendationAction(StrEnum):
    """What is done with a recommendation."""

    HAND_IN = "hand_in"  # 提交佐证
    ACCEPT = "accept"  # 认可
    RETURN = "return"  # 退回
    CLOSE = "close"  # 销号
    REOPEN = "reopen"  # 反弹重开


_Status, _Action = RecommendationStatus, RecommendationAction

TRANSITIONS: Mapping[tuple[RecommendationStatus, RecommendationAction], RecommendationStatus] = {
    (_Status.OPEN, _Action.HAND_IN): _Status.HANDED_IN,
    (_Status.RETURNED, _Action.HAND_IN): _Status.HANDED_IN,
    (_Status.HANDED_IN, _Action.ACCEPT): _Status.ACCEPTED,
    (_Status.HANDED_IN, _Action.RETURN): _Status.RETURNED,
    (_Status.ACCEPTED, _Action.CLOSE): _Status.CLOSED,
    (_Status.ACCEPTED, _Action.REOPEN): _Status.OPEN,
    (_Status.CLOSED, _Action.REOPEN): _Status.OPEN,
}

OWED = frozenset({RecommendationStatus.OPEN, RecommendationStatus.RETURNED})
"""The addressee has to act; what is handed in waits for the reviewer, which is nobody's delay."""


class RecommendationActionRefused(Problem):
    """The recommendation is not in a state that allows this."""

    status = 409
    title_zh = "该建议当前不能执行此操作"
    title_en = "The recommendation does not take this action now"


class OwnProof(Problem):
    """Nobody reviews what they, or their own unit, handed in."""

    status = 403
    title_zh = "不得审核本人或本单位提交的佐证"
    title_en = "You may not review what you or your own unit handed in"


class AddresseeUnclear(InvalidPayload):
    """A recommendation goes to one known unit or to one enterprise, never both or none."""

    title_zh = "建议应当且只能发给一个已知单位或一家企业"
    title_en = "A recommendation goes to exactly one known unit or one enterprise"


class DayGoneBy(InvalidPayload):
    """What is asked of somebody is due on a day that has not passed."""

    title_zh = "完成期限不得早于今天"
    title_en = "The day by which it is due has gone by"


def addressee_unclear(*, unit: str | None, enterprise_uscc: str | None) -> AddresseeUnclear:
    """The refusal of both addressees, of none, or of a unit that nobody knows."""
    if unit is not None and enterprise_uscc is not None:
        zh, en = "不得与 unit 同时填写", "expected nothing beside a unit"
        pointer, code = "/enterprise_uscc", "second_addressee"
    elif unit is not None:
        zh, en = f"没有单位 {unit}", f"there is no unit {unit}"
        pointer, code = "/unit", "unit_unknown"
    else:
        zh, en = "与 enterprise_uscc 须填其一", "expected a unit, or else an enterprise_uscc"
        pointer, code = "/unit", "missing"
    return AddresseeUnclear(FieldFault(pointer=pointer, code=code, zh=zh, en=en))


def day_gone_by(field: str, *, today: date) -> DayGoneBy:
    """The refusal of a day that has passed, or of none where one is needed."""
    zh, en = f"应为 {today} 及以后", f"expected {today} or later"
    return DayGoneBy(FieldFault(pointer=f"/{field}", code="gone_by", zh=zh, en=en))


def after(status: RecommendationStatus, action: RecommendationAction) -> RecommendationStatus:
    """The status of a recommendation once the action is done, or a refusal."""
    try:
        return TRANSITIONS[status, action]
    except KeyError:
        raise RecommendationActionRefused(
            f"状态为 {status} 时不能 {action}",
            f"Cannot {action} a recommendation that is {status}.",
        ) from None
