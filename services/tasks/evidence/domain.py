"""The life of a piece of evidence, and why one is refused."""

from collections.abc import Mapping
from enum import StrEnum

from kernel.access import NotYours
from kernel.problems import Problem


class EvidenceState(StrEnum):
    """Where a piece of evidence stands."""

    WAITING = "waiting"  # 待审核
    ASKED = "asked"  # 待说明
    ACCEPTED = "accepted"  # 已认可
    RETURNED = "returned"  # 已退回
    WITHDRAWN = "withdrawn"  # 认可已撤销


class EvidenceAction(StrEnum):
    """What can be done to a piece of evidence."""

    ACCEPT = "accept"  # 认可
    RETURN = "return"  # 退回
    ASK = "ask"  # 询问
    ANSWER = "answer"  # 说明
    WITHDRAW = "withdraw"  # 撤销认可


_S, _A = EvidenceState, EvidenceAction

TRANSITIONS: Mapping[tuple[EvidenceState, EvidenceAction], EvidenceState] = {
    (_S.WAITING, _A.ACCEPT): _S.ACCEPTED,
    (_S.WAITING, _A.RETURN): _S.RETURNED,
    (_S.WAITING, _A.ASK): _S.ASKED,
    (_S.ASKED, _A.ANSWER): _S.WAITING,
    (_S.ASKED, _A.ACCEPT): _S.ACCEPTED,
    (_S.ASKED, _A.RETURN): _S.RETURNED,
    (_S.ACCEPTED, _A.WITHDRAW): _S.WITHDRAWN,
}

HELD = frozenset({EvidenceState.WAITING, EvidenceState.ASKED})
"""The reviewer has it, also while a question is open: nobody is late meanwhile."""


class PieceRefused(Problem):
    """The piece of evidence is not in a state that allows this."""

    status = 409
    title_zh = "该份佐证的当前状态不允许此操作"
    title_en = "The piece of evidence does not allow this now"


class PeriodClosed(Problem):
    """Evidence for a period is taken until some days after it, and no longer."""

    status = 409
    title_zh = "该周期已关闭，不再接收佐证"
    title_en = "The period is closed: evidence for it is not taken any more"


class FlaggedWithoutReason(Problem):
    """Whoever accepts what looks wrong says why."""

    status = 409
    title_zh = "该份佐证有疑点，认可时须说明理由"
    title_en = "Something looks wrong with it: say why it is accepted"


class WithdrawalNotYours(NotYours):
    """An acceptance is withdrawn from above whoever gave it, or by an auditor."""

    title_zh = "须由认可人的上级或审计人员撤销认可"
    title_en = "An acceptance is withdrawn from a higher level, or by an auditor"


def after(state: EvidenceState, action: EvidenceAction) -> EvidenceState:
    """What becomes of a piece, or a refusal."""
    try:
        return TRANSITIONS[state, action]
    except KeyError:
        raise PieceRefused(state_of_piece=str(state)) from None
