"""The life of an obligation, and what it takes to open one."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from contracts.tasks import ObligationKind
from kernel.problems import Problem


class Status(StrEnum):
    """Where an obligation stands."""

    OPEN = "open"  # 待办
    SUBMITTED = "submitted"  # 待审核
    RETURNED = "returned"  # 已退回
    ACCEPTED = "accepted"  # 已认可
    FULFILLED = "fulfilled"  # 已由事实完成
    SUPERSEDED = "superseded"  # 已被取代
    EXCUSED = "excused"  # 申诉成立，已免除
    RELEASED = "released"  # 起因不再成立，已终止


class Action(StrEnum):
    """What can be done to an obligation."""

    SUBMIT = "submit"  # 提交佐证
    ACCEPT = "accept"  # 认可
    RETURN = "return"  # 退回
    FULFIL = "fulfil"  # 事实完成
    SUPERSEDE = "supersede"  # 取代
    GATHER = "gather"  # 已交部分，尚不足数
    AWAIT = "await"  # 如获认可即足数
    REOPEN = "reopen"  # 撤销认可
    EXCUSE = "excuse"  # 免除
    RELEASE = "release"  # 终止
    RESUME = "resume"  # 恢复


TRANSITIONS: Mapping[tuple[Status, Action], Status] = {
    (Status.OPEN, Action.SUBMIT): Status.SUBMITTED,
    (Status.RETURNED, Action.SUBMIT): Status.SUBMITTED,
    (Status.SUBMITTED, Action.ACCEPT): Status.ACCEPTED,
    (Status.SUBMITTED, Action.RETURN): Status.RETURNED,
    (Status.OPEN, Action.FULFIL): Status.FULFILLED,
    (Status.SUBMITTED, Action.FULFIL): Status.FULFILLED,
    (Status.RETURNED, Action.FULFIL): Status.FULFILLED,
    (Status.OPEN, Action.SUPERSEDE): Status.SUPERSEDED,
    (Status.SUBMITTED, Action.SUPERSEDE): Status.SUPERSEDED,
    (Status.RETURNED, Action.SUPERSEDE): Status.SUPERSEDED,
    # Of what is owed several times, some can be there while others are missing.
    (Status.OPEN, Action.GATHER): Status.OPEN,
    (Status.SUBMITTED, Action.GATHER): Status.OPEN,
    (Status.RETURNED, Action.GATHER): Status.OPEN,
    (Status.OPEN, Action.AWAIT): Status.SUBMITTED,
    (Status.SUBMITTED, Action.AWAIT): Status.SUBMITTED,
    (Status.RETURNED, Action.AWAIT): Status.SUBMITTED,
    (Status.OPEN, Action.RETURN): Status.RETURNED,
    # What was proved had waited for the others who share it.
    (Status.OPEN, Action.ACCEPT): Status.ACCEPTED,
    # Until a deadline that was moved more counts than until the old one.
    (Status.RETURNED, Action.ACCEPT): Status.ACCEPTED,
    (Status.ACCEPTED, Action.REOPEN): Status.OPEN,
    (Status.OPEN, Action.EXCUSE): Status.EXCUSED,
    (Status.SUBMITTED, Action.EXCUSE): Status.EXCUSED,
    (Status.RETURNED, Action.EXCUSE): Status.EXCUSED,
    (Status.OPEN, Action.RELEASE): Status.RELEASED,
    (Status.SUBMITTED, Action.RELEASE): Status.RELEASED,
    (Status.RETURNED, Action.RELEASE): Status.RELEASED,
    # What had been handed in by then waits for its reviewer again, by a further step.
    (Status.RELEASED, Action.RESUME): Status.OPEN,
    # It was done all the same, and a fact says so.
    (Status.RELEASED, Action.FULFIL): Status.FULFILLED,
}

LIVE = frozenset(status for status, action in TRANSITIONS if action is Action.SUPERSEDE)
"""Something is still to be done or to be reviewed; an acceptance ends it unless it was false."""

OWED = frozenset({Status.OPEN, Status.RETURNED})
"""The subject has to act: what is handed in waits for the reviewer, which is nobody's delay."""

UNOWED = frozenset({Status.SUPERSEDED, Status.EXCUSED})
"""Nobody owes it, and no figure counts it: another stands for it, or it was never to be done."""


class Cause(StrEnum):
    """Which fact about an event asks for an obligation."""

    REPORT = "report"  # 接报
    GRADE = "grade"  # 定级
    INVESTIGATION = "investigation"  # 调查权限
    FINDING = "finding"  # 迟漏谎瞒报认定
    PUBLICATION = "publication"  # 调查报告公布
    RECOMMENDATION = "recommendation"  # 事故调查提出的建议
    PERIOD = "period"  # 工作要点的一个周期
    TOLD = "told"  # 工作人员报告的触发情形
    OVERDUE = "overdue"  # 任务逾期
    CARD = "card"  # 拟予黄牌警告或一票否决
    LISTING = "listing"  # 上年黄牌单位挂牌


class Release(StrEnum):
    """Why an obligation is not owed any more, though nobody did it."""

    STRUCK_OFF = "accident_struck_off"  # 起因事故已核销
    CARD_ENDED = "card_ended"  # 黄牌或否决已撤回、不予处理或解除


class ActionRefused(Problem):
    """The obligation is not in a state that allows this."""

    status = 409
    title_zh = "当前状态不允许此操作"
    title_en = "The obligation does not allow this now"


def after(status: Status, action: Action) -> Status:
    """The status once the action is done, or a refusal."""
    try:
        return TRANSITIONS[status, action]
    except KeyError:
        raise ActionRefused(
            f"状态为 {status} 的任务不能 {action}。", f"Cannot {action} what is {status}."
        ) from None


def reviewed(
    *, least: int, credited: int, waiting: int, returned: bool, shared: bool = False
) -> Action:
    """What a review did to an obligation, by what counts now and what waits.

    `returned`: the review sent a piece back. `shared`: others have not done their part of it
    yet, so that it cannot end.
    """
    if credited >= least:
        return Action.GATHER if shared else Action.ACCEPT
    if credited + waiting >= least:
        return Action.AWAIT
    return Action.RETURN if returned and not waiting else Action.GATHER


def handed_in(*, least: int | None, credited: int, waiting: int) -> Action:
    """What a further piece did to an obligation; it waits already. None is owed as a whole."""
    if least is None:
        return Action.SUBMIT
    return Action.AWAIT if credited + waiting >= least else Action.GATHER


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """An obligation that ought to stand for one subject."""

    kind: ObligationKind
    cause: Cause
    duty: str
    rule: str
    due_at: datetime
    region_code: str
    unit: str | None = None
    enterprise_uscc: str | None = None
    clocked: bool = True
    """Whether a deadline runs. What is due at once, without a number of hours, has none."""
    stands: bool = False
    """Whether its clock stands still for now."""

    @property
    def subject(self) -> str:
        """Who has to act."""
        return self.unit or self.enterprise_uscc or ""

    @property
    def key(self) -> tuple[str, str]:
        """What tells it apart among the obligations of one event."""
        return self.duty, self.subject

    def borne_by(self, unit: str) -> "Wanted":
        """The same of the unit that bears it: itself, or where it stands the heir of one ended."""
        if unit == self.unit:
            return self
        return replace(self, unit=unit, region_code=place_of(unit))


def place_of(unit: str) -> str:
    """The division a unit belongs to: the first half of its code."""
    return unit.partition(".")[0]


def of_plan(duty: str) -> bool:
    """Whether a duty is one of a plan: those are named by its year, `2023/1.3`."""
    year, slash, _ = duty.partition("/")
    return bool(slash) and year.isdigit()


def kind_of(metric: str) -> ObligationKind:
    """What sort of obligation a duty of a plan makes, by the figure it is counted with."""
    if metric.endswith("_meeting"):
        return ObligationKind.SPECIAL_MEETING
    if metric.endswith("accountability"):
        return ObligationKind.ACCOUNTABILITY
    return ObligationKind.PLAN
