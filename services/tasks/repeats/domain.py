"""The life of a likeness of two orders."""

from collections.abc import Mapping
from enum import StrEnum

from kernel.problems import Problem


class RepeatStatus(StrEnum):
    """Where a likeness stands."""

    OFFERED = "offered"  # 待确认
    MERGED = "merged"  # 已并单
    APART = "apart"  # 非同一事项


class RepeatAction(StrEnum):
    """What a person decides."""

    MERGE = "merge"  # 并单
    KEEP_APART = "keep_apart"  # 分别办理


_S, _A = RepeatStatus, RepeatAction

TRANSITIONS: Mapping[tuple[RepeatStatus, RepeatAction], RepeatStatus] = {
    (_S.OFFERED, _A.MERGE): _S.MERGED,
    (_S.OFFERED, _A.KEEP_APART): _S.APART,
    # Somebody may see later that it was one matter after all.
    (_S.APART, _A.MERGE): _S.MERGED,
}


class RepeatRefused(Problem):
    """What looked like a repeat was decided on before."""

    status = 409
    title_zh = "该疑似重复工单已作处理"
    title_en = "The likeness was decided on before"


class CannotGoOn(Problem):
    """An order that is closed, or part of another, cannot take a further one in."""

    status = 409
    title_zh = "并入的工单已办结或已并入其他工单"
    title_en = "The order to go on as is closed or part of another"


def after(status: RepeatStatus, action: RepeatAction) -> RepeatStatus:
    """What becomes of a likeness, or a refusal."""
    try:
        return TRANSITIONS[status, action]
    except KeyError:
        raise RepeatRefused(repeat_status=str(status)) from None
