"""The life of an appeal, and why none is taken."""

from collections.abc import Mapping
from enum import StrEnum

from kernel.problems import Problem
from reference.terms import Term


class Ground(Term):
    """Why a subject objects. Their order says nothing."""

    NOT_OURS = "not_ours", "不属于本责任主体的职责", "it is not ours"
    IMPOSSIBLE = "impossible", "客观上无法完成", "it cannot be done"
    WRONG_DEADLINE = "wrong_deadline", "期限有误", "the deadline is wrong"
    DELIVERED = "delivered", "已按要求完成", "it was done as asked"


class AppealStatus(StrEnum):
    """Where an appeal stands."""

    MADE = "made"  # 待裁定
    EXCUSED = "excused"  # 成立，免除
    MOVED = "moved"  # 成立，调整期限
    REFUSED = "refused"  # 不成立


class AppealAction(StrEnum):
    """What a reviewer decides."""

    EXCUSE = "excuse"  # 免除
    MOVE = "move"  # 调整期限
    REFUSE = "refuse"  # 驳回


_S, _A = AppealStatus, AppealAction

TRANSITIONS: Mapping[tuple[AppealStatus, AppealAction], AppealStatus] = {
    (_S.MADE, _A.EXCUSE): _S.EXCUSED,
    (_S.MADE, _A.MOVE): _S.MOVED,
    (_S.MADE, _A.REFUSE): _S.REFUSED,
}


class AppealDecided(Problem):
    """The appeal was decided on before."""

    status = 409
    title_zh = "该申诉已作裁定"
    title_en = "The appeal was decided on before"


class AppealTooLate(Problem):
    """An appeal is made before the deadline."""

    status = 409
    title_zh = "期限已届满，不能再申诉"
    title_en = "The deadline has passed: no appeal can be made any more"


class AppealNotNow(Problem):
    """An appeal is about something that is still owed, and about which none was made."""

    status = 409
    title_zh = "该任务已提交、已办结或已申诉过"
    title_en = "It is handed in or ended, or an appeal about it was made before"


class DeadlineNotLater(Problem):
    """A deadline is moved to a later one that is still to come."""

    status = 409
    title_zh = "新的期限须晚于原期限且尚未届满"
    title_en = "A new deadline is later than the old one, and still to come"


def after(status: AppealStatus, action: AppealAction) -> AppealStatus:
    """What becomes of an appeal, or a refusal."""
    try:
        return TRANSITIONS[status, action]
    except KeyError:
        raise AppealDecided(appeal_status=str(status)) from None
