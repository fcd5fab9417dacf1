"""How an investigation reads in words: who holds it, its limits, its report, its end."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta

from contracts.incidents_cases import InvestigationOverdue
from kernel import calendar
from reference import citations
from reference.terms import Level
from services.incidents.clocks.rules import Stage
from services.incidents.clocks.tables import Appraisal, Extension
from services.incidents.investigations.domain import AssignmentReason
from services.incidents.investigations.tables import (
    Assignment,
    Investigation,
    Publication,
    Submission,
)
from services.incidents.timeline.queries_case import Course, Limit
from services.incidents.timeline.schemas import Entry, EntryKind, late_by, names, stamped

_REASONS = {
    AssignmentReason.GRADED: ("按等级由{unit}组织调查", "{unit} investigates, by the grade"),
    AssignmentReason.REGRADED: (
        "等级变化，改由{unit}组织调查",
        "{unit} investigates, the grade having moved",
    ),
    AssignmentReason.ESCALATED: ("提级由{unit}组织调查", "{unit} takes the investigation"),
}


def investigated(assignments: Iterable[Assignment]) -> Iterator[Entry]:
    """Each holder of the investigation."""
    for held in assignments:
        zh, en = _REASONS[AssignmentReason(held.reason)]
        name, article = names(held.unit), citations.cite_rule(held.rule)
        yield Entry(
            at=held.assigned_at,
            kind=EntryKind.INVESTIGATION,
            unit=held.unit,
            level=Level(held.level),
            zh=f"{zh.format(unit=name[0])}（{article[0]}）",
            en=f"{en.format(unit=name[1])} ({article[1]})",
        )


def run(course: Course) -> Iterator[Entry]:
    """What everybody who reads the accident may know of its investigation."""
    for case in course.generations:
        yield from _generation(case)
    for extension in course.extensions:
        yield _extended(extension)
    for appraisal in course.appraisals:
        yield from _appraised(appraisal)
    for publication in course.publications:
        yield _published(publication)


def _generation(case: Investigation) -> Iterator[Entry]:
    if case.generation == 1:
        stamp = (
            case.opened_at,
            f"建立调查案卷，调查期限自{case.starts_on}的次日起算",
            f"the case was opened; its limit runs from the day after {case.starts_on}",
        )
        yield from stamped(EntryKind.CASE_OPENED, (stamp,))
    else:
        stamp = (
            case.opened_at,
            f"第{case.generation}次启动调查（{case.document}）：{case.reason}",
            f"reopened as investigation {case.generation} ({case.document}): {case.reason}",
        )
        yield from stamped(EntryKind.CASE_REOPENED, (stamp,))
    yield from stamped(
        EntryKind.CASE_BEGUN, ((case.began_at, "启动调查", "the investigation began"),)
    )
    closed = (case.closed_at, "“四不放过”均已落实，调查结案", "all is settled; the case was closed")
    yield from stamped(EntryKind.CASE_CLOSED, (closed,))


_LIMITS = {
    Stage.INVESTIGATION: ("调查期限", "the limit to investigate"),
    Stage.APPROVAL: ("批复期限", "the limit to approve"),
}


def _extended(one: Extension) -> Entry:
    zh, en = _LIMITS[Stage(one.stage)]
    return Entry(
        at=one.granted_at,
        kind=EntryKind.EXTENDED,
        unit=one.unit,
        zh=f"{zh}延长{one.days}日（{one.document}）：{one.reason}",
        en=f"{en} was extended by {one.days} days ({one.document}): {one.reason}",
    )


def _appraised(one: Appraisal) -> Iterator[Entry]:
    """The pause of the clock: the days after the first are not counted, up to the last."""
    zh, en = f"{one.institution}：{one.subject}", f"{one.subject}, by {one.institution}"
    began = (
        one.opened_at,
        f"技术鉴定{one.began_on}开始（{zh}），鉴定期间不计入调查期限",
        f"a technical appraisal began on {one.began_on} ({en}); until it ends no day is counted",
    )
    yield from stamped(EntryKind.APPRAISAL_BEGUN, (began,))
    ended = (
        one.closed_at,
        f"技术鉴定{one.ended_on}结束（{zh}）",
        f"the technical appraisal ended on {one.ended_on} ({en})",
    )
    yield from stamped(EntryKind.APPRAISAL_ENDED, (ended,))


def _published(publication: Publication) -> Entry:
    day, source = publication.published_on, publication.source
    zh, en = (f"（据{source}）", f" (known from {source})") if source else ("", "")
    return Entry(
        at=publication.recorded_at,
        kind=EntryKind.PUBLISHED,
        unit=publication.unit,
        zh=f"{day}公布调查报告：{publication.title}{zh}",
        en=f"the investigation report was published on {day}: {publication.title}{en}",
    )


_DECISIONS = {
    "approved": (EntryKind.APPROVED, "批复同意调查报告", "approved the report"),
    "returned": (EntryKind.RETURNED, "退回调查报告，要求补充调查", "returned the report"),
}


def submitted(submissions: Iterable[Submission]) -> Iterator[Entry]:
    """Each time that the report was handed in, and what the government decided."""
    for one in submissions:
        unit = names(one.to_unit)
        again = one.number > 1
        handed_in = (
            one.submitted_at,
            f"{'再次' if again else ''}向{unit[0]}提交调查报告",
            f"the report was handed in to {unit[1]}{' again' if again else ''}",
        )
        yield from stamped(EntryKind.SUBMITTED, (handed_in,), unit=one.to_unit)
        if one.decision in _DECISIONS:
            kind, zh, en = _DECISIONS[one.decision]
            decided = (
                one.decided_at,
                f"{unit[0]}{zh}（{one.document}）：{one.reason}",
                f"{unit[1]} {en} ({one.document}): {one.reason}",
            )
            yield from stamped(kind, (decided,), unit=one.to_unit)
        else:
            moved = (
                one.decided_at,
                f"调查主体变更，{unit[0]}不再批复已提交的报告",
                f"the case moved on before {unit[1]} had decided on the report",
            )
            yield from stamped(EntryKind.SUPERSEDED, (moved,), unit=one.to_unit)


def limited(limits: Iterable[Limit]) -> Iterator[Entry]:
    """Each warning before a limit of the case, and each that ran out."""
    for one in limits:
        if one.stage not in set(Stage):
            continue  # what a list asks for stands with the list
        zh, en = _LIMITS[Stage(one.stage)]
        day, unit = _last_day(one.due_at), names(one.unit)
        overdue = isinstance(one, InvestigationOverdue)
        yield Entry(
            at=one.occurred_at,
            kind=EntryKind.CASE_OVERDUE if overdue else EntryKind.CASE_WARNED,
            due_at=one.due_at,
            late_by_seconds=late_by(one.occurred_at, one.due_at) if overdue else 0,
            unit=one.unit,
            level=one.level,
            zh=f"{zh}{day}届满，{unit[0]}尚未办结"
            if overdue
            else f"{zh}将于{day}届满，预警{unit[0]}",
            en=f"{en} ran out on {day}; {unit[1]} was not done"
            if overdue
            else f"{en} runs out on {day}; {unit[1]} was warned",
        )


def _last_day(due_at: datetime) -> date:
    """The day at whose 24:00 something is due."""
    return calendar.day_of(due_at - timedelta(microseconds=1))
