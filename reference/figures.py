"""Where the figures of a plan come from; what no row names is reported, with evidence."""

from datetime import date

from reference import national
from reference.national.rows_figures import FigureRule
from reference.terms import DutyKind

MEASURED = frozenset(
    {
        DutyKind.RATE_TARGET,
        DutyKind.COUNT_TARGET,
        DutyKind.REDUCTION_TARGET,
        DutyKind.PROHIBITION,
    }
)
"""Duties that a figure is held against a target of."""

_REPORTED = FigureRule.model_validate(
    {
        "code": "",
        "zh": "",
        "en": "",
        "told_by": "reported",
        "source": "platform whole",
        "effective_from": date(2000, 1, 1),
    }
)


def rule(metric: str, *, on: date) -> FigureRule:
    """How a metric is made on a day."""
    return national.FIGURES.get(metric, on=on) or _REPORTED.model_copy(update={"code": metric})


def counted(*, on: date) -> tuple[FigureRule, ...]:
    """The metrics that accidents make on a day."""
    return tuple(row for row in national.FIGURES.at(on) if row.told_by == "accidents")


def is_rate(kind: DutyKind) -> bool:
    """Whether a kind of duty is measured by a numerator over a denominator."""
    return kind is DutyKind.RATE_TARGET


def adds_up(row: FigureRule, kind: DutyKind) -> bool:
    """Whether what is reported of several days is added up; else the newest holds."""
    if row.adds is None:
        return not is_rate(kind)
    return row.adds == "sum"
