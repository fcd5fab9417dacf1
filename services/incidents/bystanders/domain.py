"""The life of a report of the public: it waits for a desk, which confirms or dismisses it."""

from collections.abc import Mapping
from enum import StrEnum

from kernel.problems import Problem


class Status(StrEnum):
    """Where a report of the public stands."""

    AWAITING = "awaiting"  # 待核实
    TO_CHECK = "to_check"  # 待甄别
    CONFIRMED = "confirmed"  # 已核实
    DISMISSED = "dismissed"  # 已排除


class Action(StrEnum):
    """What a desk makes of it."""

    OPEN = "open"  # 核实并立为事故
    JOIN = "join"  # 核实并入已有事故
    DISMISS = "dismiss"  # 排除


TRANSITIONS: Mapping[tuple[Status, Action], Status] = {
    (Status.AWAITING, Action.OPEN): Status.CONFIRMED,
    (Status.AWAITING, Action.JOIN): Status.CONFIRMED,
    (Status.AWAITING, Action.DISMISS): Status.DISMISSED,
    (Status.TO_CHECK, Action.OPEN): Status.CONFIRMED,
    (Status.TO_CHECK, Action.JOIN): Status.CONFIRMED,
    (Status.TO_CHECK, Action.DISMISS): Status.DISMISSED,
}

WAITING = frozenset({Status.AWAITING, Status.TO_CHECK})


class PublicReportDecided(Problem):
    """A desk has decided on this report already."""

    status = 409
    title_zh = "该公众报告已处理"
    title_en = "The public report has been decided on"


class TelephoneInstead(Problem):
    """So many reports come from one address that people are asked to telephone."""

    status = 429
    title_zh = "报告过于频繁，请直接拨打电话"
    title_en = "Too many reports from here; please telephone"


def after(status: Status, action: Action) -> Status:
    """The status once a desk has acted, or a refusal."""
    try:
        return TRANSITIONS[status, action]
    except KeyError:
        raise PublicReportDecided(
            f"状态为 {status} 时不能 {action}",
            f"Cannot {action} a public report that is {status}.",
            public_report_status=str(status),
        ) from None
