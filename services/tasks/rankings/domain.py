"""The life of a ranking: drafted, published once, superseded by a correction or discarded."""

from collections.abc import Mapping
from enum import StrEnum

from kernel.problems import Problem


class RankingStatus(StrEnum):
    """Where a ranking stands."""

    DRAFT = "draft"  # 草稿
    PUBLISHED = "published"  # 已公布
    SUPERSEDED = "superseded"  # 已被更正
    DISCARDED = "discarded"  # 已弃用


class RankingAction(StrEnum):
    """What is done with a ranking."""

    PUBLISH = "publish"  # 公布
    DISCARD = "discard"  # 弃用
    SUPERSEDE = "supersede"  # 更正


_S, _A = RankingStatus, RankingAction

TRANSITIONS: Mapping[tuple[RankingStatus, RankingAction], RankingStatus] = {
    (_S.DRAFT, _A.PUBLISH): _S.PUBLISHED,
    (_S.DRAFT, _A.DISCARD): _S.DISCARDED,
    (_S.PUBLISHED, _A.SUPERSEDE): _S.SUPERSEDED,
}


class RankingActionRefused(Problem):
    """The ranking is not in a state that allows this."""

    status = 409
    title_zh = "当前状态不允许此操作"
    title_en = "The ranking does not allow this now"


class PeriodNotOver(Problem):
    """A period that is not over is not published."""

    status = 409
    title_zh = "统计周期尚未结束，不能公布"
    title_en = "The period is not over: it cannot be published"


class DraftedTooEarly(Problem):
    """A draft of figures from before the end of its period is not the period's ranking."""

    status = 409
    title_zh = "草稿所据得分早于周期结束，须计算后重新起草"
    title_en = "The draft is of figures from before the period's end: compute and draft it anew"


class NothingComputed(Problem):
    """Nobody of the group has lines in that period."""

    status = 409
    title_zh = "该周期尚未计算得分"
    title_en = "No scores have been computed for that period"


class NothingPublished(Problem):
    """No ranking of that period is published."""

    status = 404
    title_zh = "该周期尚无已公布的排名"
    title_en = "No ranking of that period is published"


class CorrectionWithoutReason(Problem):
    """A further version of what was published says why."""

    status = 422
    title_zh = "更正已公布的排名须说明理由"
    title_en = "A correction of a published ranking says why"


def after(status: RankingStatus, action: RankingAction) -> RankingStatus:
    """What becomes of a ranking, or a refusal."""
    try:
        return TRANSITIONS[status, action]
    except KeyError:
        raise RankingActionRefused(ranking_status=str(status), action=str(action)) from None
