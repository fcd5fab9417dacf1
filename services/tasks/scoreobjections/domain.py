"""The life of an objection to a score: made, then upheld or dismissed by somebody else."""

from collections.abc import Mapping
from enum import StrEnum

from kernel.problems import Problem


class ScoreObjectionStatus(StrEnum):
    """Where an objection stands."""

    MADE = "made"  # 已提出
    UPHELD = "upheld"  # 成立
    DISMISSED = "dismissed"  # 不成立


class ScoreObjectionAction(StrEnum):
    """What is ruled."""

    UPHOLD = "uphold"  # 异议成立
    DISMISS = "dismiss"  # 异议不成立


_S, _A = ScoreObjectionStatus, ScoreObjectionAction

TRANSITIONS: Mapping[tuple[ScoreObjectionStatus, ScoreObjectionAction], ScoreObjectionStatus] = {
    (_S.MADE, _A.UPHOLD): _S.UPHELD,
    (_S.MADE, _A.DISMISS): _S.DISMISSED,
}


class ScoreObjectionSettled(Problem):
    """It was ruled on before."""

    status = 409
    title_zh = "该异议已作裁定"
    title_en = "The objection was ruled on before"


class ObjectedTooLate(Problem):
    """The working days within which a unit objects are over."""

    status = 409
    title_zh = "已超过对得分提出异议的期限"
    title_en = "The limit for objecting to a score has passed"


class NotInRanking(Problem):
    """A unit objects to its own place in what is published, or to a line that made it."""

    status = 409
    title_zh = "只能对本单位在已公布排名中的名次或得分提出异议"
    title_en = "A unit objects to its own place in what is published, or a line that made it"


class ObjectedBefore(Problem):
    """An objection to the same waits for its ruling."""

    status = 409
    title_zh = "对同一事项的异议正在处理"
    title_en = "An objection to the same waits for its ruling"


class RulerInvolved(Problem):
    """Nobody rules on their own objection, nor on their own unit's score."""

    status = 403
    title_zh = "裁定人不得是异议提出人或同单位人员"
    title_en = "Nobody rules on their own objection, nor on their own unit's score"


class FiguresMissing(Problem):
    """Where a line is wrong, the ruling says what the figure is."""

    status = 422
    title_zh = "异议成立时须写明更正后的分子和分母"
    title_en = "The ruling says what the numerator and the denominator are"


class MoreThanAll(Problem):
    """The numerator of a rate is a part of its denominator."""

    status = 422
    title_zh = "比率指标的分子不得大于分母"
    title_en = "Of a rate, the numerator is at most the denominator"


def after(status: ScoreObjectionStatus, action: ScoreObjectionAction) -> ScoreObjectionStatus:
    """What becomes of an objection, or a refusal."""
    try:
        return TRANSITIONS[status, action]
    except KeyError:
        raise ScoreObjectionSettled(objection_status=str(status)) from None
