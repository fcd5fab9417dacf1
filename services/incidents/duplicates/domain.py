"""The life of a likeness: offered, then merged or kept apart by a person."""

from collections.abc import Mapping
from enum import StrEnum

from kernel.problems import Problem


class Status(StrEnum):
    """Where a likeness stands."""

    OFFERED = "offered"  # 疑似重复，待判定
    MERGED = "merged"  # 已合并
    KEPT_APART = "kept_apart"  # 判定为不同事故
    SETTLED = "settled"  # 随另一合并了结


class Action(StrEnum):
    """What is made of a likeness."""

    MERGE = "merge"  # 合并
    KEEP_APART = "keep_apart"  # 分立
    SETTLE = "settle"  # 了结


TRANSITIONS: Mapping[tuple[Status, Action], Status] = {
    (Status.OFFERED, Action.MERGE): Status.MERGED,
    (Status.OFFERED, Action.KEEP_APART): Status.KEPT_APART,
    # One of the two went on as a third accident, which has a likeness of its own.
    (Status.OFFERED, Action.SETTLE): Status.SETTLED,
    # Who kept them apart may learn better.
    (Status.KEPT_APART, Action.MERGE): Status.MERGED,
}


class LikenessDecided(Problem):
    """Somebody has decided on this likeness already."""

    status = 409
    title_zh = "该疑似重复已有结论"
    title_en = "The likeness has been decided on"


class AlreadyMerged(Problem):
    """One of the two has gone on as another accident."""

    status = 409
    title_zh = "其中一起事故已并入其他事故"
    title_en = "One of the accidents has been merged already"


class WindowClosed(Problem):
    """The graver figures came in time, but the accident that would go on no longer takes them."""

    status = 409
    title_zh = "保留的事故已过伤亡变化期限，请并入伤亡更重的一起"
    title_en = "The window of the accident that goes on has closed; merge into the graver one"


def after(status: Status, action: Action) -> Status:
    """The status once somebody has decided, or a refusal."""
    try:
        return TRANSITIONS[status, action]
    except KeyError:
        raise LikenessDecided(
            f"状态为 {status} 时不能 {action}",
            f"Cannot {action} a likeness that is {status}.",
            likeness_status=str(status),
        ) from None
