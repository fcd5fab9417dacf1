"""How what the unit of an accident tells itself reads in words; the unit reads it too."""

from collections.abc import Iterable, Iterator

from reference.terms import Level
from services.incidents.directreports.tables import DirectReport
from services.incidents.timeline.schemas import Entry, EntryKind, Words, late_by, names


def told_directly(reports: Iterable[DirectReport]) -> Iterator[Entry]:
    """Each level that the unit owes its own word: to be told, overdue and told."""
    for report in reports:
        hearer = names(report.to_unit)
        said = _said(report)
        stamps = (
            (
                report.opened_at,
                EntryKind.DIRECT_OWED,
                f"事故单位须同时直接报告{hearer[0]}",
                f"the unit itself must tell {hearer[1]} too",
            ),
            (
                report.overdue_at,
                EntryKind.DIRECT_OVERDUE,
                f"事故单位超时未直接报告{hearer[0]}",
                f"the unit was overdue in telling {hearer[1]} itself",
            ),
            (
                report.told_at,
                EntryKind.DIRECT_TOLD,
                f"事故单位直接报告{hearer[0]}{said[0]}",
                f"the unit itself told {hearer[1]}{said[1]}",
            ),
        )
        for at, kind, zh, en in stamps:
            if at is not None:
                owed = kind is EntryKind.DIRECT_OWED
                yield Entry(
                    at=at,
                    kind=kind,
                    due_at=report.due_at,
                    late_by_seconds=0 if owed else late_by(at, report.due_at),
                    unit=report.told_by_unit if kind is EntryKind.DIRECT_TOLD else None,
                    level=Level(report.level),
                    zh=zh,
                    en=en,
                )


def _said(report: DirectReport) -> Words:
    """Whose word it is, where it is not the unit's own."""
    if report.told_by_unit is None:
        return "", ""
    desk = names(report.told_by_unit)
    return f"（{desk[0]}登记）", f", {desk[1]} says"
