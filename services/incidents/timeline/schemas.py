"""One entry of a timeline, and how each kind of event reads in words."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from enum import StrEnum
from math import ceil

from pydantic import BaseModel, Field

from reference import terms, units
from reference.terms import Grade, Level
from services.incidents.accidents.schemas import ShanghaiTime
from services.incidents.accidents.tables import Accident, GradeVersion
from services.incidents.findings.tables import Finding, FindingStep
from services.incidents.investigations.domain import AssignmentReason
from services.incidents.investigations.tables import Assignment, Publication
from services.incidents.relays.tables import Relay
from services.incidents.reports.domain import ReportKind
from services.incidents.reports.tables import Report


class EntryKind(StrEnum):
    """What an entry tells."""

    OCCURRED = "occurred"  # 事故发生
    REPORTED = "reported"  # 收到报告
    FOLLOWED_UP = "followed_up"  # 收到续报
    GRADED = "graded"  # 等级认定
    REGRADED = "regraded"  # 等级变化
    RELAY_PLANNED = "relay_planned"  # 待逐级上报
    RELAY_ACKNOWLEDGED = "relay_acknowledged"  # 已签收
    RELAY_OVERDUE = "relay_overdue"  # 超时未报
    RELAY_FORWARDED = "relay_forwarded"  # 已上报
    CALL_OWED = "call_owed"  # 待电话快报
    CALL_OVERDUE = "call_overdue"  # 超时未电话快报
    CALL_MADE = "call_made"  # 已电话快报
    NOTICE_OWED = "notice_owed"  # 待通知有关单位
    NOTICE_OVERDUE = "notice_overdue"  # 超时未通知有关单位
    NOTICE_TOLD = "notice_told"  # 已通知有关单位
    READ = "read"  # 已阅知
    FOLLOW_UP_MISSED = "follow_up_missed"  # 未按期续报
    RESCUE_ENDED = "rescue_ended"  # 救援结束
    RESCUE_RESUMED = "rescue_resumed"  # 恢复救援
    TOLL_CORRECTED = "toll_corrected"  # 伤亡人数更正
    TOLL_LATE = "toll_late"  # 伤亡变化未当日续报
    FINDING = "finding"  # 迟漏谎瞒认定
    INVESTIGATION = "investigation"  # 调查主体
    PUBLISHED = "published"  # 调查报告公布
    TEAM = "team"  # 调查组变动
    RECUSAL = "recusal"  # 回避
    STEP = "step"  # 调查任务
    EVIDENCE = "evidence"  # 证据
    RECOMMENDATION = "recommendation"  # 整改、处理建议
    TRANSFER = "transfer"  # 案件移送
    EVALUATION = "evaluation"  # 整改评估
    LOOKBACK = "lookback"  # 回头看


class Entry(BaseModel):
    """Something that happened, or is due."""

    at: ShanghaiTime
    kind: EntryKind
    due_at: ShanghaiTime | None = None
    late_by_seconds: int = Field(0, description="0 when in time.")
    unit: str | None = Field(None, description="Who acted, or must.")
    version: int | None = None
    grade: Grade | None = None
    level: Level | None = None
    zh: str
    en: str


def occurred(accident: Accident) -> Iterator[Entry]:
    """The accident itself."""
    yield Entry(
        at=accident.occurred_at,
        kind=EntryKind.OCCURRED,
        zh=f"{accident.place}发生事故",
        en=f"an accident happened at {accident.place}",
    )


def reported(reports: Iterable[Report]) -> Iterator[Entry]:
    """Each report with the toll it stated."""
    for report in reports:
        first = report.version == 1
        late = report.late_by_seconds
        zh = "收到事故报告" if first else "收到续报"
        en = "the accident was reported" if first else "a follow-up was reported"
        if report.kind == ReportKind.WRITTEN:
            zh, en = zh + "（书面）", en + " in writing"
        if not report.counted:
            zh, en = zh + "（已过变化期限，不计入）", en + " (after the window: not counted)"
        yield Entry(
            at=report.received_at,
            kind=EntryKind.REPORTED if first else EntryKind.FOLLOWED_UP,
            late_by_seconds=late,
            unit=report.reporting_unit,
            version=report.version,
            zh=f"{zh}：{_toll(report)[0]}" + (f"，迟报{late}秒" if late else ""),
            en=f"{en}: {_toll(report)[1]}" + (f", {late} s late" if late else ""),
        )


def _toll(report: Report) -> tuple[str, str]:
    """The counts of a report, in both languages."""
    gone = report.missing and report.missing_presumed_dead
    return (
        f"死亡{report.deaths}人，失联{report.missing}人{'（认定遇难）' if gone else ''}，"
        f"重伤{report.serious_injuries}人",
        f"{report.deaths} dead, {report.missing} missing{' (presumed dead)' if gone else ''},"
        f" {report.serious_injuries} seriously injured",
    )


def graded(versions: Sequence[GradeVersion]) -> Iterator[Entry]:
    """Each grade it had."""
    before: Grade | None = None
    for version in versions:
        grade = Grade(version.grade)
        moved = before is not None and before is not grade
        if before is None or moved:
            zh = f"等级由{before.zh}变为{grade.zh}" if moved and before else f"初定为{grade.zh}事故"
            en = (
                f"the grade moved from {before.en} to {grade.en}"
                if moved and before
                else f"graded {grade.en}"
            )
            yield Entry(
                at=version.decided_at,
                kind=EntryKind.REGRADED if moved else EntryKind.GRADED,
                version=version.version,
                grade=grade,
                zh=f"{zh}（{version.rule}）",
                en=f"{en} ({version.rule})",
            )
        before = grade


def relayed(relays: Iterable[Relay]) -> Iterator[Entry]:
    """Each hop with its stamps."""
    for relay in relays:
        level = relay.reaches
        sender, receiver = names(relay.from_unit), names(relay.to_unit)
        yield Entry(
            at=relay.planned_at,
            kind=EntryKind.RELAY_PLANNED,
            due_at=relay.due_at,
            unit=relay.from_unit,
            level=level,
            zh=f"{sender[0]}须上报{receiver[0]}",
            en=f"{sender[1]} must report to {receiver[1]}",
        )
        yield from _stamps(relay, sender, receiver)


def _stamps(relay: Relay, sender: tuple[str, str], receiver: tuple[str, str]) -> Iterator[Entry]:
    stamps = (
        (
            relay.acknowledged_at,
            EntryKind.RELAY_ACKNOWLEDGED,
            "签收报告",
            "acknowledged the report",
        ),
        (
            relay.overdue_at,
            EntryKind.RELAY_OVERDUE,
            f"超时未上报{receiver[0]}",
            f"was overdue in reporting to {receiver[1]}",
        ),
        (
            relay.forwarded_at,
            EntryKind.RELAY_FORWARDED,
            f"上报{receiver[0]}",
            f"reported to {receiver[1]}",
        ),
    )
    for at, kind, zh, en in stamps:
        if at is not None:
            late = 0
            if kind is not EntryKind.RELAY_ACKNOWLEDGED:
                late = max(ceil((at - relay.due_at).total_seconds()), 0)
            yield Entry(
                at=at,
                kind=kind,
                due_at=relay.due_at,
                late_by_seconds=late,
                unit=relay.from_unit,
                level=relay.reaches,
                zh=sender[0] + zh,
                en=f"{sender[1]} {en}",
            )


def found(steps: Iterable[tuple[Finding, FindingStep]]) -> Iterator[Entry]:
    """Each step of each finding about the reporting."""
    for finding, step in steps:
        kind, status = terms.Finding(finding.kind), terms.FindingStatus(step.status)
        yield Entry(
            at=step.at,
            kind=EntryKind.FINDING,
            unit=step.unit,
            zh=f"{status.zh}{kind.zh}",
            en=f"{kind.en}, {status.en}",
        )


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
        name = names(held.unit)
        yield Entry(
            at=held.assigned_at,
            kind=EntryKind.INVESTIGATION,
            unit=held.unit,
            level=Level(held.level),
            zh=f"{zh.format(unit=name[0])}（{held.rule}）",
            en=f"{en.format(unit=name[1])} ({held.rule})",
        )


def published(publication: Publication | None) -> Iterator[Entry]:
    """The published report."""
    if publication is not None:
        day = publication.published_on
        yield Entry(
            at=publication.recorded_at,
            kind=EntryKind.PUBLISHED,
            unit=publication.unit,
            zh=f"{day}公布调查报告：{publication.title}",
            en=f"the investigation report was published on {day}: {publication.title}",
        )


def names(unit: str) -> tuple[str, str]:
    """A unit in both languages, by its newest name."""
    try:
        known = units.unit(unit, on=date.max)
    except units.UnknownUnit:
        return unit, unit
    return known.zh, known.en
