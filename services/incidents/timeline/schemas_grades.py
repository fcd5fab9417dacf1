"""How it reads what an accident counts as: its grades, its qualification, its statistics."""

from collections.abc import Iterable, Iterator, Sequence

from reference import citations
from reference.terms import Grade
from services.incidents.accidents.tables import GradeVersion
from services.incidents.entries.tables import Entry as StatisticsEntry
from services.incidents.qualifications.domain import Cause, QualificationStatus
from services.incidents.qualifications.tables import QualificationVersion
from services.incidents.timeline.schemas import Entry, EntryKind, Words, late_by, somebody


def graded(versions: Sequence[GradeVersion]) -> Iterator[Entry]:
    """Each grade it had."""
    before: Grade | None = None
    for version in versions:
        grade = Grade(version.grade)
        if grade is not before:
            zh, en = _grade(before, grade)
            article = citations.cite_rule(version.rule)
            yield Entry(
                at=version.decided_at,
                kind=EntryKind.GRADED if before is None else EntryKind.REGRADED,
                version=version.version,
                grade=grade,
                zh=f"{zh}（{article[0]}）",
                en=f"{en} ({article[1]})",
            )
        before = grade


def _grade(before: Grade | None, grade: Grade) -> Words:
    if before is None:
        return f"初定为{grade.zh}事故", f"graded {grade.en}"
    return (
        f"等级由{before.zh}事故变为{grade.zh}事故",
        f"the grade moved from {before.en} to {grade.en}",
    )


_CAUSES = {
    Cause.NATURAL_DISASTER: ("自然灾害", "a natural disaster"),
    Cause.CRIME: ("刑事案件", "a crime"),
    Cause.SUDDEN_ILLNESS: ("突发疾病", "a sudden illness"),
    Cause.OTHER: ("其他情形", "something else"),
}


def qualified(versions: Sequence[QualificationVersion]) -> Iterator[Entry]:
    """Each decision on whether it is a production-safety accident, with its opinion."""
    for version in versions:
        status = QualificationStatus(version.status)
        unit = version.deciding_unit or version.unit
        desk = somebody(unit, zh="有关单位")
        zh, en = _qualification(status, version.cause)
        yield Entry(
            at=version.decided_at,
            kind=EntryKind.QUALIFICATION,
            unit=unit,
            version=version.version,
            zh=f"{desk[0]}{zh}：{version.opinion}",
            en=f"{desk[1]} {en}: {version.opinion}",
        )


def _qualification(status: QualificationStatus, cause: str | None) -> Words:
    """What a decision made of it; one that leads back to the beginning refused a request."""
    zh, en = _CAUSES[Cause(cause)] if cause else ("", "")
    if status is QualificationStatus.QUALIFIED:
        return "认定为生产安全事故", "found it to be a production-safety accident"
    if status is QualificationStatus.STRIKE_OFF_ASKED:
        return f"以{zh}为由申请核销", f"asked to strike it off as {en}"
    if status is QualificationStatus.STRUCK_OFF:
        return f"同意核销（{zh}）", f"struck it off as {en}"
    return "不同意核销，恢复为待认定", "refused to strike it off; it is to be qualified"


def entered(entries: Iterable[StatisticsEntry]) -> Iterator[Entry]:
    """That it must stand in the national statistics, that it does, and what was late."""
    for one in entries:
        stages = (
            (one.enter_by, one.entered_at, one.entered_late, "录入", "entered"),
            (one.complete_by, one.completed_at, one.completed_late, "补充完善", "completed"),
        )
        for due_at, at, late, zh, en in stages:
            if late:
                yield Entry(
                    at=due_at,
                    kind=EntryKind.STATISTICS_ENTRY,
                    due_at=due_at,
                    zh=f"统计系统逾期未{zh}",
                    en=f"not {en} in the national statistics in time",
                )
            if at is not None:
                yield Entry(
                    at=at,
                    kind=EntryKind.STATISTICS_ENTRY,
                    due_at=due_at,
                    late_by_seconds=late_by(at, due_at),
                    zh=f"已在统计系统{zh}",
                    en=f"{en} in the national statistics",
                )
