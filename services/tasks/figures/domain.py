"""What an accident adds to which figures, and the life of a reported figure. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from kernel.problems import Problem
from reference.national.rows_figures import FigureRule
from reference.terms import Grade


class ReportStatus(StrEnum):
    """Where a reported figure stands."""

    SUBMITTED = "submitted"  # 待审核
    ACCEPTED = "accepted"  # 已认可
    RETURNED = "returned"  # 已退回


class ReportAction(StrEnum):
    """What a reviewer decides."""

    ACCEPT = "accept"  # 认可
    RETURN = "return"  # 退回


REPORT_TRANSITIONS: Mapping[tuple[ReportStatus, ReportAction], ReportStatus] = {
    (ReportStatus.SUBMITTED, ReportAction.ACCEPT): ReportStatus.ACCEPTED,
    (ReportStatus.SUBMITTED, ReportAction.RETURN): ReportStatus.RETURNED,
}


class FigureDecided(Problem):
    """The reported figure was decided on before."""

    status = 409
    title_zh = "该填报数据已审核"
    title_en = "The reported figure was decided on before"


class FigureTold(Problem):
    """The metric is counted from facts that services tell: nobody types it in."""

    status = 409
    title_zh = "该指标由系统根据事实自动统计，不得填报"
    title_en = "This metric is counted from facts and is not typed in"


class FigureWaits(Problem):
    """A report of the same metric and day waits for its reviewer."""

    status = 409
    title_zh = "同一指标同一日的填报数据尚待审核"
    title_en = "A report of the same metric and day waits for review"


class BaseStands(Problem):
    """The base of that year is frozen and never changes."""

    status = 409
    title_zh = "该年度考核基数已冻结，不再变更"
    title_en = "The base of that year is frozen and never changes"


class NotMeasured(Problem):
    """The obligation is not one that a figure is held against a target of."""

    status = 409
    title_zh = "该任务不是以指标考核的任务"
    title_en = "The obligation is not measured by a figure"


def after(status: ReportStatus, action: ReportAction) -> ReportStatus:
    """What becomes of a reported figure, or a refusal."""
    try:
        return REPORT_TRANSITIONS[status, action]
    except KeyError:
        raise FigureDecided(report_status=str(status)) from None


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """An accident as the figures see it."""

    sector: str
    accident_type: str
    grade: Grade
    deaths: int
    counts: bool


def amounts(accident: Counted, rules: Iterable[FigureRule]) -> dict[str, int]:
    """What an accident adds to each metric: nothing to those that it does not fall under."""
    return {row.code: _amount(accident, row) for row in rules}


def _amount(accident: Counted, row: FigureRule) -> int:
    if not accident.counts or not _falls_under(accident, row):
        return 0
    return accident.deaths if row.counts == "deaths" else 1


def _falls_under(accident: Counted, row: FigureRule) -> bool:
    return (
        (not row.grades or accident.grade in row.grades)
        and (not row.sectors or accident.sector in row.sectors)
        and (not row.types or accident.accident_type in row.types)
    )
