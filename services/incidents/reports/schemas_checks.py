"""What no single field of a report can show: the future, a wrong order, a missing companion."""

from collections.abc import Collection, Mapping
from datetime import date, datetime

from kernel import calendar
from kernel.problems import FieldFault, InvalidPayload
from services.incidents.reports import rules
from services.incidents.reports.domain import ReportKind
from services.incidents.reports.schemas import NewReport

_SKEW_S = 300
"""How far a reporter's clock may run ahead."""

_FOR_OPENING = ("occurred_at", "known_at", "accident_type")
_OR_LOCATION = ("region_code", "place")


def refuse_implausible(report: NewReport, *, now: datetime) -> None:
    """Refuse what no single field can show: the future, a wrong order, a missing companion."""
    faults = [*_missing(report), *_out_of_time(report, now), *_unwritten(report, now)]
    if faults:
        raise InvalidPayload(*faults)


def _unwritten(report: NewReport, now: datetime) -> list[FieldFault]:
    """What a written first report must say; a later one may lean on those before it."""
    if report.kind is not ReportKind.WRITTEN or not report.opens:
        return []
    return unsaid(report.stated, kind=ReportKind.WRITTEN, on=calendar.day_of(now))


def unsaid(stated: Collection[str], *, kind: str, on: date) -> list[FieldFault]:
    """What a report of a kind must hold and does not, as faults of its fields."""
    return [
        _fault(
            row.any_of[0],
            "content_missing",
            zh=f"书面报告须写明{row.zh}",
            en=f"a written report must state {row.en}",
        )
        for row in rules.unstated(stated, kind=kind, on=on)
    ]


def _missing(report: NewReport) -> list[FieldFault]:
    if report.kind is ReportKind.FOLLOWUP and report.accident_id is None:
        return [
            _fault("accident_id", "missing", zh="续报须写明事故编号", en="required of a follow-up")
        ]
    if report.kind is ReportKind.QUICK and report.accident_id is not None:
        zh, en = (
            "快报不写事故编号；补充已报事故请用 followup",
            "only a follow-up or a written report names one",
        )
        return [_fault("accident_id", "extra_forbidden", zh=zh, en=en)]
    if not report.opens:
        return []
    if report.final:
        zh, en = "首次报告不能是终报", "a first report is not the last one"
        return [_fault("final", "first_is_not_last", zh=zh, en=en)]
    wanted = _FOR_OPENING if report.location else _FOR_OPENING + _OR_LOCATION
    absent = (name for name in wanted if getattr(report, name) is None)
    return [
        *(_fault(name, "missing", zh="必填", en="required") for name in absent),
        *_named_twice(report),
    ]


def _named_twice(report: NewReport) -> list[FieldFault]:
    named = (report.region_code, *report.also_in)
    if len(set(named)) == len(named):
        return []
    zh, en = "不得与牵头地重复，也不得重复列出", "expected places that are named once"
    return [_fault("also_in", "named_twice", zh=zh, en=en)]


def _out_of_time(report: NewReport, now: datetime) -> list[FieldFault]:
    faults = _in_the_future({"occurred_at": report.occurred_at, "known_at": report.known_at}, now)
    if report.occurred_at and report.known_at and report.known_at < report.occurred_at:
        zh, en = "不得早于事故发生时间 occurred_at", "expected a time not before occurred_at"
        faults.append(_fault("known_at", "before_occurrence", zh=zh, en=en))
    return faults


def refuse_future(stated: Mapping[str, datetime | None], *, now: datetime) -> None:
    """Refuse times that have not come yet, but for a reporter's clock that runs ahead."""
    faults = _in_the_future(stated, now)
    if faults:
        raise InvalidPayload(*faults)


def _in_the_future(stated: Mapping[str, datetime | None], now: datetime) -> list[FieldFault]:
    zh, en = "不得晚于当前时间", "expected a time that is not in the future"
    return [
        _fault(name, "in_the_future", zh=zh, en=en)
        for name, at in stated.items()
        if at is not None and (at - now).total_seconds() > _SKEW_S
    ]


def _fault(field: str, code: str, *, zh: str, en: str) -> FieldFault:
    return FieldFault(pointer=f"/{field}", code=code, zh=zh, en=en)
