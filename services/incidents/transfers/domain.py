"""The life of a transfer: proposed, decided, delivered, and what the receiving organ did."""

from collections.abc import Mapping
from enum import StrEnum

from kernel.problems import FieldFault, InvalidPayload, Problem


class Addressee(StrEnum):
    """Which organ a matter is transferred to."""

    POLICE = "police"  # 公安机关（行刑衔接）
    DISCIPLINE = "discipline"  # 纪检监察机关


class TransferStatus(StrEnum):
    """Where a transfer stands."""

    PROPOSED = "proposed"  # 待正职负责人审批
    APPROVED = "approved"  # 已批准，待移送
    REFUSED = "refused"  # 不批准移送
    DELIVERED = "delivered"  # 已移送，待审查
    FILED = "filed"  # 已立案，待移交材料
    DECLINED = "declined"  # 不予立案
    CONTESTED = "contested"  # 已提请复议
    HANDED_OVER = "handed_over"  # 已移交物品和材料
    SETTLED = "settled"  # 不立案，已了结


class TransferAction(StrEnum):
    """What happens to a transfer."""

    APPROVE = "approve"  # 批准移送
    REFUSE = "refuse"  # 不批准
    DELIVER = "deliver"  # 移送并取得回执
    FILE = "file"  # 立案
    DECLINE = "decline"  # 不予立案
    CONTEST = "contest"  # 提请复议
    SETTLE = "settle"  # 了结
    HAND_OVER = "hand_over"  # 移交物品和材料


_Status, _Action = TransferStatus, TransferAction

TRANSITIONS: Mapping[tuple[TransferStatus, TransferAction], TransferStatus] = {
    (_Status.PROPOSED, _Action.APPROVE): _Status.APPROVED,
    (_Status.PROPOSED, _Action.REFUSE): _Status.REFUSED,
    (_Status.APPROVED, _Action.DELIVER): _Status.DELIVERED,
    (_Status.DELIVERED, _Action.FILE): _Status.FILED,
    (_Status.DELIVERED, _Action.DECLINE): _Status.DECLINED,
    (_Status.DECLINED, _Action.CONTEST): _Status.CONTESTED,
    (_Status.DECLINED, _Action.SETTLE): _Status.SETTLED,
    (_Status.CONTESTED, _Action.FILE): _Status.FILED,
    (_Status.CONTESTED, _Action.SETTLE): _Status.SETTLED,
    (_Status.FILED, _Action.HAND_OVER): _Status.HANDED_OVER,
}

CLOCKS: Mapping[TransferStatus, str] = {
    TransferStatus.PROPOSED: "transfer_decision",
    TransferStatus.APPROVED: "transfer_delivery",
    TransferStatus.DELIVERED: "transfer_review",
    TransferStatus.DECLINED: "transfer_contest",
    TransferStatus.CONTESTED: "transfer_reconsideration",
    TransferStatus.FILED: "transfer_materials",
}
"""Which clock runs in a state. In the others nobody has to act."""

MAY_LAPSE = frozenset({TransferStatus.DECLINED})
"""States whose clock is a right, not a duty: when it runs out, nobody is late."""

DECIDED_BY_HEAD = frozenset({TransferAction.APPROVE, TransferAction.REFUSE})


class TransferActionRefused(Problem):
    """The transfer is past this action, or not there yet."""

    status = 409
    title_zh = "该移送事项当前不能执行此操作"
    title_en = "The transfer does not take this action now"


class TooFewOfficers(InvalidPayload):
    """A suspected crime is looked into by two officers of the team at least."""

    title_zh = "涉嫌犯罪的移送须指定至少两名在组调查人员"
    title_en = "A suspected crime takes two active members of the team at least"


class OwnProposal(Problem):
    """Who proposed a transfer does not decide on it."""

    status = 403
    title_zh = "不得审批本人提出的移送"
    title_en = "You may not decide on a transfer you proposed"


class ContestLapsed(Problem):
    """Reconsideration is asked for within its three days or not at all."""

    status = 409
    title_zh = "提请复议的期限已过"
    title_en = "The time to ask for reconsideration has gone by"


def too_few_officers(least: int) -> TooFewOfficers:
    """The refusal of fewer active members of the team than the law asks for, or of others."""
    zh, en = f"应为至少{least}名在组成员", f"expected active members of the team, {least} at least"
    return TooFewOfficers(FieldFault(pointer="/officers", code="too_few", zh=zh, en=en))


def after(status: TransferStatus, action: TransferAction) -> TransferStatus:
    """The status of a transfer once the action is done, or a refusal."""
    try:
        return TRANSITIONS[status, action]
    except KeyError:
        raise TransferActionRefused(
            f"状态为 {status} 时不能 {action}", f"Cannot {action} a transfer that is {status}."
        ) from None
