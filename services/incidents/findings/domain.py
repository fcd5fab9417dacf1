"""The life of a finding: suspected, preliminarily confirmed, then confirmed or dismissed."""

from collections.abc import Collection, Mapping
from enum import StrEnum

from kernel.access import NotYours
from kernel.problems import FieldFault, InvalidPayload, Problem
from reference.terms import FindingStatus


class FindingAction(StrEnum):
    """What a person does with a finding."""

    UPHOLD = "uphold"  # 初步认定
    CONFIRM = "confirm"  # 查实
    DISMISS = "dismiss"  # 认定不成立


TRANSITIONS: Mapping[tuple[FindingStatus, FindingAction], FindingStatus] = {
    (FindingStatus.SUSPECTED, FindingAction.UPHOLD): FindingStatus.PRELIMINARY,
    (FindingStatus.SUSPECTED, FindingAction.DISMISS): FindingStatus.DISMISSED,
    (FindingStatus.PRELIMINARY, FindingAction.CONFIRM): FindingStatus.CONFIRMED,
    (FindingStatus.PRELIMINARY, FindingAction.DISMISS): FindingStatus.DISMISSED,
}

TOLD = frozenset({FindingStatus.PRELIMINARY, FindingStatus.CONFIRMED})
"""What is found, and no longer only suspected: others hear of it and things follow."""

_BOTH_EYES = 2


class FindingActionRefused(Problem):
    """The finding is past this action."""

    status = 409
    title_zh = "该认定当前状态不能执行此操作"
    title_en = "The finding does not take this action now"


class SecondPersonNeeded(NotYours):
    """One person alone would raise and end a finding."""

    title_zh = "查实或撤销须由提出人以外的人员参与"
    title_en = "A finding is ended by somebody else than who raised it"


def after(status: FindingStatus, action: FindingAction) -> FindingStatus:
    """The status of a finding once the action is done, or a refusal."""
    try:
        return TRANSITIONS[status, action]
    except KeyError:
        raise FindingActionRefused(
            f"状态为 {status} 时不能 {action}",
            f"Cannot {action} a finding that is {status}.",
            finding_status=str(status),
        ) from None


def refuse_alone(
    status: FindingStatus, action: FindingAction, *, by: str, before: Collection[str]
) -> None:
    """What is found ends by two people at least; a mere suspicion may be dropped by one."""
    ends = action is FindingAction.CONFIRM or (
        action is FindingAction.DISMISS and status is not FindingStatus.SUSPECTED
    )
    if ends and len({by, *before}) < _BOTH_EYES:
        raise SecondPersonNeeded


def refuse_dismissed(status: FindingStatus) -> None:
    """A finding is not raised as one that does not hold."""
    if status is FindingStatus.DISMISSED:
        zh, en = "不得直接提出不成立的认定", "expected suspected, preliminary or confirmed"
        raise InvalidPayload(FieldFault(pointer="/status", code="not_raised", zh=zh, en=en))
