"""The life of a look-back, and what it may show."""

from collections.abc import Mapping
from enum import StrEnum

from kernel.problems import FieldFault, InvalidPayload, Problem


class LookbackStatus(StrEnum):
    """Where a look-back stands."""

    PLANNED = "planned"  # 待开展
    DONE = "done"  # 已开展
    SUPERSEDED = "superseded"  # 由重新调查后的回头看取代


class LookbackAction(StrEnum):
    """What happens to a look-back."""

    MAKE = "make"  # 开展
    SUPERSEDE = "supersede"  # 取代


class LookbackResult(StrEnum):
    """What a look-back showed."""

    LASTING = "lasting"  # 未反弹
    RELAPSED = "relapsed"  # 反弹


TRANSITIONS: Mapping[tuple[LookbackStatus, LookbackAction], LookbackStatus] = {
    (LookbackStatus.PLANNED, LookbackAction.MAKE): LookbackStatus.DONE,
    (LookbackStatus.PLANNED, LookbackAction.SUPERSEDE): LookbackStatus.SUPERSEDED,
}


class LookbackActionRefused(Problem):
    """The look-back was made before, or another took its place."""

    status = 409
    title_zh = "该次回头看已开展或者已被取代"
    title_en = "The look-back has been made, or another took its place"


class RelapseUnclear(InvalidPayload):
    """A relapse names the recommendations that did not last; a lasting result names none."""

    title_zh = "反弹须指明未巩固的建议，未反弹不得指明"
    title_en = "A relapse names the recommendations that did not last; else none is named"


def relapse_unclear(result: LookbackResult) -> RelapseUnclear:
    """The refusal of a relapse that names nothing, or of something named where all lasted."""
    if result is LookbackResult.RELAPSED:
        zh, en, code = "须指明未巩固的建议", "expected those that did not last", "missing"
    else:
        zh, en, code = "未反弹不得指明建议", "expected none: all of it lasted", "not_empty"
    return RelapseUnclear(FieldFault(pointer="/relapsed", code=code, zh=zh, en=en))


def after(status: LookbackStatus, action: LookbackAction) -> LookbackStatus:
    """The status of a look-back once the action is done, or a refusal."""
    try:
        return TRANSITIONS[status, action]
    except KeyError:
        raise LookbackActionRefused from None
